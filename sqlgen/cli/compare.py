"""``diff``: two trees of scripts, or two schemas, beside each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sqlgen.cli.frame import Command, Settings, emit, emit_json, examples, paint
from sqlgen.cli.review import DIFFERS, rendering_options
from sqlgen.cli.scripts import dialect_names, opened
from sqlgen.errors import ResolutionError, UsageError
from sqlgen.records import dataclass

if TYPE_CHECKING:
    from sqlgen.project import Project
    from sqlgen.review.patches import Change
    from sqlgen.review.schema_diff import SchemaChange
    from sqlgen.review.sides import Elsewhere, Ends

HEAD = "HEAD"


@dataclass(frozen=True, slots=True)
class Form:
    """How a difference is printed."""

    context: int
    only_names: bool
    statistic: bool
    markdown: bool
    as_json: bool

    def __post_init__(self) -> None:
        if sum((self.only_names, self.statistic, self.markdown, self.as_json)) > 1:
            raise UsageError("--name-only, --stat, --format markdown and --json exclude each other")


@click.command(
    "diff",
    cls=Command,
    epilog=examples(
        "sqlgen diff                            what 'sqlgen generate' would change",
        "sqlgen diff main                       the scripts of main, and of the work tree",
        "sqlgen diff v1.0..main --stat          of two commits, as figures",
        "sqlgen diff old/ new/                  of two folders: projects, or trees of scripts",
        "sqlgen diff --schema 1a2b..head        the schema at two revisions, one line for each change",
        "sqlgen diff main --format markdown     for a comment on a pull request",
    ),
)
@click.argument("sides", nargs=-1, metavar="[A[..B] | FOLDER FOLDER]")
@click.option("--schema", "of_schema", is_flag=True, help="Compare the schemas: revisions, commits or folders.")
@click.option("-d", "--dialect", "dialects", multiple=True, metavar="NAME", help="Only this database (repeatable).")
@click.option("--stat", "statistic", is_flag=True, help="Print how many lines change in each file.")
@click.option("--name-only", "only_names", is_flag=True, help="Print the names of the files that change.")
@click.option("-U", "--unified", "context", type=click.IntRange(0), default=3, show_default=True, metavar="N")
@click.option("--exit-code/--no-exit-code", default=True, help="Exit code 1 when there is a difference (the default).")
@click.option("--format", "format_", type=click.Choice(["diff", "markdown"]), default="diff", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@rendering_options
@click.pass_obj
def diff(settings: Settings, /, sides: tuple[str, ...], of_schema: bool, no_env: bool, **options: Any) -> None:
    """Show how scripts differ: the work tree's from the checked-in ones, or those of two commits or folders.

    A and B are names of commits; without B it is the work tree. Commits are read, not checked out, and rendered by this
    version of sqlgen. The output is a diff that 'git apply' takes; its hunks name the revision.
    """
    from sqlgen.review.sides import Elsewhere, ends_of, resolved

    has_code, format_ = options.pop("exit_code"), options.pop("format_")
    form = Form(
        options["context"], options["only_names"], options["statistic"], format_ == "markdown", options["as_json"]
    )
    config = settings.config()
    names = tuple(dialect_names(settings, config, options["dialects"]))
    words = (*(("-n", settings.section) if settings.section != "alembic" else ()), *_x(settings))
    elsewhere = Elsewhere(config, names, words, use_env=not no_env)
    ends = ends_of(sides)
    if ends is not None and (not of_schema or ends.parted):
        ends = resolved(ends, config)
    if of_schema:
        differs = _schemas(settings, elsewhere, ends or _from_head(), form)
    else:
        differs = _scripts(settings, elsewhere, ends, form)
    if differs and has_code:
        raise click.exceptions.Exit(DIFFERS)


def _x(settings: Settings) -> tuple[str, ...]:
    return tuple(word for one in settings.x_arguments for word in ("-x", one))


def _from_head() -> Ends:
    from sqlgen.review.sides import Ends

    return Ends(HEAD)


def _scripts(settings: Settings, elsewhere: Elsewhere, ends: Ends | None, form: Form) -> bool:
    """Print how scripts differ; return whether they do."""
    from sqlgen.review.diff import prefixed
    from sqlgen.review.disk import out_folder

    changes = _of_work_tree(settings, elsewhere) if ends is None else _of_sides(settings, elsewhere, ends)
    changes = [one for one in changes if one.name.partition("/")[0] in elsewhere.dialects]
    changes = prefixed(changes, out_folder(elsewhere.config))
    _print_changes(settings, changes, elsewhere.dialects, form)
    return bool(changes)


def _of_work_tree(settings: Settings, elsewhere: Elsewhere) -> list[Change]:
    """Return what writing the tree would change."""
    from sqlgen.review.check import changes
    from sqlgen.review.disk import out_folder
    from sqlgen.review.record import Record, standings
    from sqlgen.review.tree import rendered

    folder = out_folder(elsewhere.config)
    record = Record.read(folder)
    with opened(settings, elsewhere.config, use_env=elsewhere.use_env) as (project, _):
        tree = rendered(project, elsewhere.dialects)
    return list(changes(standings(tree, record), tree, folder))


def _of_sides(settings: Settings, elsewhere: Elsewhere, ends: Ends) -> list[Change]:
    """Return how the scripts of two sides differ."""
    from sqlgen.review.sides import compared
    from sqlgen.review.tree import rendered

    old = elsewhere.scripts(ends.old)
    if ends.new:
        return compared(old, elsewhere.scripts(ends.new))
    with opened(settings, elsewhere.config, use_env=elsewhere.use_env) as (project, _):
        tree = rendered(project, elsewhere.dialects)
    return compared(old, {name: b"".join(file.text.blocks()) for name, file in tree.files.items()})


def _print_changes(settings: Settings, changes: Sequence[Change], dialects: Sequence[str], form: Form) -> None:
    """Write the differences of scripts to stdout."""
    from sqlgen.review import diff as forms

    options = forms.Options(form.context, tuple(dialects))
    if form.as_json:
        emit_json({"schema": 1, "tool": "sqlgen", "files": [_facts(one, form.context) for one in changes]})
    elif form.only_names:
        emit("".join(f"{one.name}\n" for one in changes))
    elif form.statistic:
        emit(forms.statistic(changes))
    elif form.markdown:
        emit(forms.markdown(changes, options))
    else:
        emit(forms.painted(changes, options, _painter(settings)))


def _facts(change: Change, context: int) -> dict[str, Any]:
    added, removed = change.counts()
    return {"path": change.name, "added": added, "removed": removed, "diff": change.patch(context)}


def _painter(settings: Settings) -> Callable[[str, str], str]:
    return lambda text, color: paint(text, color, settings.color, sys.stdout)


# Schemas


def _schemas(settings: Settings, elsewhere: Elsewhere, ends: Ends, form: Form) -> bool:
    """Print how schemas differ; return whether they do."""
    from sqlgen.review.schema_diff import schema_changes

    if form.statistic or form.only_names:
        raise UsageError("--schema prints one line for each change, and neither --stat nor --name-only goes with it")
    with opened(settings, elsewhere.config, use_env=elsewhere.use_env) as (project, _):
        old = _schema_of(project, elsewhere, ends.old)
        new = _schema_of(project, elsewhere, ends.new)
    found = {name: list(schema_changes(json.loads(old[name]), json.loads(new[name]))) for name in elsewhere.dialects}
    _print_schemas(settings, found, form)
    return any(found.values())


def _schema_of(project: Project, elsewhere: Elsewhere, name: str) -> Mapping[str, str]:
    """Return the schemas of a side by dialect: at a revision, if it names one, else of a commit or folder."""
    try:
        revision = "heads" if not name else ",".join(one.id for one in project.revisions.get_all(name)) or "base"
    except ResolutionError:
        return elsewhere.schemas(name)
    return {one: project.snapshot(revision, dialect=one) for one in elsewhere.dialects}


def _print_schemas(settings: Settings, found: Mapping[str, Sequence[SchemaChange]], form: Form) -> None:
    """Write the differences of schemas to stdout, under the names of the dialects where there are several."""
    if form.as_json:
        facts = {name: [one.facts() for one in changes] for name, changes in found.items()}
        emit_json({"schema": 1, "tool": "sqlgen", "dialects": facts})
        return
    colors = {"+": "green", "-": "red", "~": "yellow"}
    painter = _painter(settings)
    for name, changes in found.items():
        if form.markdown:
            lines = [f"- `{str(one).replace('`', chr(39))}`\n" for one in changes] or ["no change\n"]
            emit(f"**{name}**\n\n{''.join(lines)}\n")
            continue
        if len(found) > 1 and changes:
            emit(f"{name}:\n")
        emit("".join(f"{painter(str(one), colors[one.mark])}\n" for one in changes))
