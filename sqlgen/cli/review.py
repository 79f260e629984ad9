"""``generate``, ``check``, ``diff``, ``sum``: the tree of scripts that is kept in version control and reviewed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sqlgen.cli.frame import Command, Settings, common_options, emit, emit_json, examples, paint
from sqlgen.cli.scripts import STDOUT, counted, dialect_names, opened
from sqlgen.cli.watched import Run
from sqlgen.config import Config
from sqlgen.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from sqlgen.project import Project
    from sqlgen.review.findings import Finding
    from sqlgen.review.record import Record
    from sqlgen.review.results import Counts, Outcome, Result
    from sqlgen.review.sums import Sums
    from sqlgen.review.tree import Tree

_F = TypeVar("_F", bound=Callable[..., Any])

DIFFERS = 1

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_no_cache = click.option("--no-cache", is_flag=True, help="Render, also where nothing has changed since the last run.")


def rendering_options(command: _F) -> _F:
    """Give a command what may be said about rendering; all else is configuration, so that every run agrees."""
    return common_options(click.option("--no-env", is_flag=True, help="Do not run env.py.")(command))


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen generate                      the whole tree, as [tool.sqlgen] says",
        "sqlgen generate -o build/sql         the same into another folder",
        "sqlgen generate -d postgresql -o -   one upgrade script on stdout",
    ),
)
@click.option("--force", is_flag=True, help="Write over files that were edited by hand, too.")
@click.option("-o", "--output", metavar="FOLDER", help="Another folder than the configured one; - for stdout.")
@click.option("-d", "--dialect", "dialects", multiple=True, metavar="NAME", help="Only this database; needs -o.")
@_json
@_no_cache
@rendering_options
@click.pass_obj
def generate(
    settings: Settings,
    force: bool,
    output: str | None,
    dialects: tuple[str, ...],
    as_json: bool,
    no_env: bool,
    no_cache: bool,
) -> None:
    """Write the project's tree of scripts: all databases, both directions, each revision, the schema.

    Databases, folder and form are configuration ([tool.sqlgen]: dialects, out, layout). Files that do not belong any
    more are removed, if sqlgen wrote them. Where CI=true, the configured folder is checked and nothing is written.
    """
    from sqlgen.review.disk import out_folder

    config = settings.config()
    own = out_folder(config)
    folder = Path(output) if output not in (None, STDOUT) else own
    is_copy = os.path.realpath(folder) != os.path.realpath(own)
    if dialects and output != STDOUT and not is_copy:
        raise UsageError("-d would leave the other databases' scripts out", hint="Name another place: -o build/sql")
    if output == STDOUT:
        _print_script(settings, config, dialect_names(settings, config, dialects), no_env, as_json)
        return
    run = Run(settings, config, not no_env, dialects, cached=not (no_cache or is_copy))
    if is_ci() and not is_copy:
        result = _compared(run)
        settings.tell("CI=true: the scripts are checked, and nothing is written")
        _tell_result(settings, result, as_json, False, own)
        return
    from sqlgen.review.results import Outcome

    known = run.known()
    if known is not None:
        _summarize(settings, folder, list(known.files), known.counts, Outcome(unchanged=len(known.files)), as_json)
        return
    from sqlgen.review.generate import generate as write

    with run.opened() as (project, progress, names):
        tree = run.rendered(project, names)
        progress.at("writing")
        outcome = write(tree, folder, force=force, history=_history(settings, own) if is_copy else None)
    run.keep()
    _summarize(settings, folder, list(tree.files), tree.counts, outcome, as_json)


def _history(settings: Settings, own: Path) -> Sums:
    """Return the sums of the project's own folder, for a copy of it; none where they are damaged."""
    from sqlgen.review.record import Record
    from sqlgen.review.sums import Sums

    try:
        return Record.read(own).sums
    except ConfigError as error:
        settings.warn(f"{error}; the copy knows no releases")
        return Sums()


def is_ci() -> bool:
    """Return whether this runs in continuous integration, where nothing that is reviewed may be written."""
    return os.environ.get("CI", "").lower() in ("true", "1")


def _print_script(settings: Settings, config: Config, names: Sequence[str], no_env: bool, as_json: bool) -> None:
    """Write the one upgrade script to stdout."""
    if len(names) > 1 or as_json:
        what = "--json and the script" if as_json else f"{len(names)} scripts ({', '.join(names)})"
        raise UsageError(f"{what} cannot all go to stdout", hint="Name a folder (-o build/sql), or one database (-d).")
    with opened(settings, config, use_env=not no_env) as (project, _):
        script = project.script(project.whole_range(dialect=names[0]), dialect=names[0])
    emit(script.pieces(), exact=True)


def _summarize(
    settings: Settings,
    folder: Path,
    files: Sequence[str],
    counts: Mapping[str, Counts],
    outcome: Outcome,
    as_json: bool,
) -> None:
    """Tell on stderr, one line for each dialect, what is in the tree and what was written."""
    from sqlgen.review.disk import located

    for name in outcome.foreign:
        settings.warn(f"{located(folder / name)} was not written by sqlgen, and is left alone")
    all_facts = {name: _facts(name, folder, files, counts[name], outcome) for name in counts}
    if as_json:
        emit_json([*all_facts.values()])
    width = max(map(len, counts)) + 1
    for name, facts in all_facts.items():
        done = [f"{len(facts[key])} {key}" for key in ("written", "removed") if facts[key]]
        many = f"{counted(facts['statements'], 'statement')}, {counted(facts['revisions'], 'revision')}"
        settings.tell(
            f"{name + ':':<{width}} {many} -> {located(folder / name)} ({', '.join(done) or 'nothing changed'})"
        )
    gone = {name.partition("/")[0] for name in outcome.removed} - set(counts)
    for name in sorted(gone):
        settings.tell(f"{name}: removed, it is not configured any more")


def _facts(name: str, folder: Path, files: Sequence[str], counts: Counts, outcome: Outcome) -> dict[str, Any]:
    """Return what became of one dialect's files, as JSON shows it."""
    from sqlgen.review.disk import located

    def own(names: Sequence[str]) -> list[str]:
        return [located(folder / one) for one in sorted(names) if one.startswith(f"{name}/")]

    return {
        "dialect": name,
        "statements": counts.statements,
        "revisions": counts.revisions,
        "files": own(files),
        "written": own(outcome.written),
        "removed": own(outcome.removed),
    }


@click.command(
    "check",
    cls=Command,
    epilog=examples(
        "sqlgen check                         exit code 1 when out/ is not what the revisions give",
        "sqlgen check --diff                  and show the difference",
        "sqlgen check --junit build/sql.xml   and write a report for the CI",
    ),
)
@click.option("--diff", "with_diff", is_flag=True, help="Show what differs, as a diff.")
@click.option("--junit", metavar="FILE", type=click.Path(), help="Write a JUnit report.")
@_json
@_no_cache
@rendering_options
@click.pass_obj
def check(settings: Settings, with_diff: bool, junit: str | None, as_json: bool, no_env: bool, no_cache: bool) -> None:
    """Compare the checked-in scripts with what the revisions give today; write nothing.

    Lists files that are stale, missing, unexpected or edited by hand, several heads, and changes of released revisions.
    Exit code 1 when there are any. On GitHub the findings are annotations too.
    """
    from sqlgen.review.disk import out_folder

    config = settings.config()
    result = _compared(Run(settings, config, not no_env, cached=not no_cache))
    if junit is not None:
        _write_junit(junit, result, out_folder(config))
    _tell_result(settings, result, as_json, with_diff, out_folder(config))


def _compared(run: Run) -> Result:
    """Return what a check finds."""
    from sqlgen.review.disk import out_folder
    from sqlgen.review.results import Result

    known = run.known()
    if known is not None:
        return Result((), files=tuple(known.files))
    from sqlgen.review.check import check as compare

    with run.opened() as (project, _, names):
        result = compare(project, names, out_folder(run.config), run.rendered)
    if not result.findings:
        run.keep()
    return result


def _tell_result(settings: Settings, result: Result, as_json: bool, with_diff: bool, folder: Path) -> None:
    """Print findings and what mends them; end with exit code 1 when there are any."""
    from sqlgen.review.findings import as_json as json_of
    from sqlgen.review.findings import workflow_commands

    if as_json:
        emit_json(json_of(result.findings, result.total, result.command))
    else:
        for one in result.findings:
            emit(_described(settings, one))
    if with_diff and not as_json:
        from sqlgen.review.diff import Options, painted, prefixed

        changes = prefixed(result.changes, folder)
        emit(painted(changes, Options(), lambda text, color: paint(text, color, settings.color, sys.stdout)))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in workflow_commands(result.findings, os.environ.get("GITHUB_WORKSPACE") or os.getcwd()):
            click.echo(line, err=True)
    if not result.findings:
        settings.tell(f"{counted(result.total, 'file')}: all as the revisions give them")
        return
    for line in result.totals():
        settings.tell(line)
    if result.command:
        settings.tell(f"To mend: {result.command}")
    raise click.exceptions.Exit(DIFFERS)


def _described(settings: Settings, one: Finding) -> str:
    """Return a finding for a reader: one line, and below it the difference and the hint if there are any."""
    head = str(one).replace(f" {one.kind}: ", f" {paint(one.kind, 'red', settings.color, sys.stdout)}: ", 1)
    hints = [f"  hint: {line}" for line in one.hint.splitlines()]
    return "\n".join([head, *one.patch.splitlines(), *hints]) + "\n"


def _write_junit(path: str, result: Result, folder: Path) -> None:
    from sqlgen.review.disk import located
    from sqlgen.review.findings import junit
    from sqlgen.scripts.files import write_file

    names = [located(folder / name) for name in result.files]
    write_file(Path(path), junit(result.findings, names, "sqlgen check"))


@click.command(
    "sum",
    cls=Command,
    epilog=examples(
        "sqlgen sum                                        how each revision stands to what was reviewed and released",
        'sqlgen sum --accept 1a2b --reason "never applied" let a released revision have other statements',
    ),
)
@click.option("--accept", metavar="REV", help="A released revision whose new statements are right.")
@click.option("--reason", metavar="TEXT", help="Why; it stands in sqlgen.sum for good.")
@_json
@rendering_options
@click.pass_obj
def sum_(settings: Settings, accept: str | None, reason: str | None, as_json: bool, no_env: bool) -> None:
    """Tell how each revision stands to sqlgen.sum, or accept a change of a released one.

    Exit code 1 when a released revision is not what it was.
    """
    from sqlgen.review.disk import out_folder
    from sqlgen.review.record import Record
    from sqlgen.review.tree import rendered

    if (accept is None) != (reason is None):
        raise UsageError("--accept and --reason go together", hint='Say --accept REV --reason "why".')
    config = settings.config()
    folder = out_folder(config)
    record = Record.read(folder)
    names = dialect_names(settings, config, ())
    with opened(settings, config, use_env=not no_env) as (project, _):
        tree = rendered(project, names)
        id = _one_revision(project, accept) if accept is not None else ""
    if accept is not None:
        _accept(settings, record, tree, id, reason or "")
        return
    _tell_standing(record, tree, as_json)


def _one_revision(project: Project, symbol: str) -> str:
    """Return the id of the one revision that a symbol names. Raises UsageError and RevisionError."""
    revision = project.revisions.get(symbol)
    if revision is None:
        raise UsageError(f"{symbol!r} names no revision", hint="'sqlgen history' lists them.")
    return revision.id


def _accept(settings: Settings, record: Record, tree: Tree, id: str, reason: str) -> None:
    """Write a sum file that has the new statements of a released revision, and the reason."""
    from sqlgen.review.disk import NAME, located
    from sqlgen.review.history import accepted
    from sqlgen.scripts.files import write_file

    sums = accepted(record.sums, tree, id, reason)
    if is_ci():
        raise UsageError("CI=true: nothing is written there", hint="Accept it where you work, and commit the sum file.")
    path = record.folder / NAME
    write_file(path, sums.text())
    settings.tell(f"{located(path)}: the statements of {id} are accepted as they are now. Next: sqlgen generate")


def _tell_standing(record: Record, tree: Tree, as_json: bool) -> None:
    """Print each revision with its release and what changed about it."""
    from sqlgen.review.history import stood

    rows = list(stood(record.sums, tree))
    if as_json:
        facts = [{"revision": one.id, "release": one.tag or None, "state": one.state} for one in rows]
        emit_json({"schema": 1, "tool": "sqlgen", "revisions": facts})
    else:
        wide, tags = max((len(one.id) for one in rows), default=0), max((len(one.tag) for one in rows), default=0)
        emit("".join(f"{one.id:<{wide}}  {one.tag or '-':<{max(tags, 1)}}  {one.state}\n" for one in rows))
    if any(one.is_broken for one in rows):
        raise click.exceptions.Exit(DIFFERS)
