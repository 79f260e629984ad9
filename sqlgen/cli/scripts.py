"""``upgrade``, ``downgrade``, ``stamp``: the scripts. What renders them is imported when one of them runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from sqlgen.cli.frame import Command, Settings, common_options, emit, emit_json, examples, here
from sqlgen.cli.progress import Progress
from sqlgen.cli.shape import for_dialect, shape_options, taken
from sqlgen.config import ON_READ, Config
from sqlgen.errors import UnknownDialect, UsageError, closest
from sqlgen.records import dataclass, field, replace

if TYPE_CHECKING:
    from sqlgen.checks import CheckScript
    from sqlgen.project import Project
    from sqlgen.scripts.script import Script

Direction = Literal["upgrade", "downgrade", "stamp", "schema"]

_F = TypeVar("_F", bound=Callable[..., Any])

STDOUT = "-"
NAMED = 3
"""So many files are named in a warning; the others are counted."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one of the commands that write scripts was asked for."""

    direction: Direction
    range_text: str
    dialects: tuple[str, ...]
    output: str | None
    per_revision: bool | None
    use_env: bool
    tag: str | None
    as_json: bool
    raw_newlines: bool
    copy_tables: bool
    on_read: str | None = None
    baseline: str | None = None
    checks: bool = False
    no_downgrade: bool = False
    shape: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, direction: Direction, range_text: str, no_env: bool, options: dict[str, Any]) -> Request:
        """Return the request that click's options make."""
        shape = taken(options)
        return cls(direction, range_text, use_env=not no_env, shape=shape, **options)

    def options(self, dialect: str, among: Sequence[str]) -> dict[str, Any]:
        """Return what rendering is told besides range, dialect and direction. Raises UsageError for a wrong client."""
        baseline = {"baseline": self.baseline} if self.baseline else {}
        return {"tag": self.tag, **baseline, **for_dialect(self.shape, dialect, among)}


@dataclass(frozen=True, slots=True)
class Target:
    """Where scripts go: to stdout, into one file, or into a folder."""

    file: Path | None = None
    folder: Path | None = None
    per_revision: bool = False


def baseline_option(command: _F) -> _F:
    """Give a command the option that names a snapshot."""
    return click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(),
        help="A snapshot of the schema at the start, in place of the revisions before it.",
    )(command)


def writing_options(command: _F) -> _F:
    """Give a command the options that all commands share which write scripts."""
    options: tuple[Callable[[_F], _F], ...] = (
        click.option("--tag", metavar="TEXT", help="What env.py gets from context.get_tag_argument()."),
        click.option("--no-env", is_flag=True, help="Do not run env.py."),
        click.option(
            "--on-read",
            type=click.Choice(ON_READ),
            help="For a revision that reads unknown rows: stop, take them for none, or leave it to Alembic.",
        ),
        click.option("--raw-newlines", is_flag=True, help="Keep the line ends of texts, where the client takes them."),
        click.option(
            "--copy-tables", is_flag=True, help="Copy a table where the database cannot change it in place (SQLite)."
        ),
        click.option("-o", "--output", metavar="PATH", help="A folder, a file that ends with .sql, or - for stdout."),
        click.option(
            "-d", "--dialect", "dialects", multiple=True, metavar="NAME", help="Which database; all for every one."
        ),
    )
    command = shape_options(command)
    for option in options:
        command = option(command)
    return common_options(command)


def script_options(command: _F) -> _F:
    """Give a command the options of upgrade, downgrade and stamp."""
    options: tuple[Callable[[_F], _F], ...] = (
        click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON; needs -o."),
        click.option("--sql", is_flag=True, hidden=True, expose_value=False, help="Accepted: it is all there is."),
        click.option(
            "--per-revision/--no-per-revision",
            default=None,
            help="Also one file per revision; by default when -o is a folder.",
        ),
    )
    for option in options:
        command = option(command)
    return writing_options(command)


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen upgrade -d postgresql                     from nothing to the heads, on stdout",
        "sqlgen upgrade 1a2b:head -d oracle -o up.sql     from 1a2b on, into a file",
        "sqlgen upgrade 1a2b:+2 -d pg -d mysql -o out/    two revisions, for two databases",
        "sqlgen upgrade -d all -o out/ --no-env           for every database, without env.py",
    ),
)
@click.argument("range_text", metavar="[START:]TARGET", default="heads")
@click.option("--checks", is_flag=True, help="Also precheck.sql and verify.sql, and those of the way back; needs -o.")
@click.option("--no-downgrade", is_flag=True, help="No way back beside the upgrade, where -o is a folder.")
@baseline_option
@script_options
@click.pass_obj
def upgrade(settings: Settings, /, range_text: str, no_env: bool, **options: Any) -> None:
    """Write the script that upgrades a database.

    START is what the database is at: base (nothing) unless given. TARGET is an id, a label, head, heads or +N.
    """
    run(settings, Request.of("upgrade", range_text, no_env, options))


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen downgrade head:-1 -d postgresql           the newest revision, taken back",
        "sqlgen downgrade 3c4d:1a2b -d oracle -o out/     from 3c4d down to 1a2b",
        "sqlgen downgrade base -d sqlite                  everything",
    ),
)
@click.argument("range_text", metavar="[START:]TARGET")
@baseline_option
@script_options
@click.pass_obj
def downgrade(settings: Settings, /, range_text: str, no_env: bool, **options: Any) -> None:
    """Write the script that takes revisions back.

    START is what the database is at: heads unless given. TARGET is what stays: an id, base or -N.
    """
    run(settings, Request.of("downgrade", range_text, no_env, options))


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen stamp head -d postgresql                  as if all had been applied to an empty version table",
        "sqlgen stamp 1a2b:3c4d -d mysql -o stamp.sql     write 3c4d in place of 1a2b",
    ),
)
@click.argument("revisions", nargs=-1, metavar="[[START:]TARGET...]")
@click.option("--purge", is_flag=True, help="Refused: it needs to know what a database holds.")
@script_options
@click.pass_obj
def stamp(settings: Settings, /, revisions: tuple[str, ...], purge: bool, no_env: bool, **options: Any) -> None:
    """Write the script that changes the version table only."""
    if purge:
        raise UsageError(
            "--purge empties a version table whose rows are not known here",
            hint="Name the rows that it has: sqlgen stamp START:TARGET, several starts separated by commas.",
        )
    run(settings, Request.of("stamp", ",".join(revisions) or "heads", no_env, options))


def run(settings: Settings, request: Request) -> None:
    """Render all scripts, and only then write them; tell what was written.

    Raises UsageError for options that do not fit together, and what rendering and writing raise.
    """
    config = configured(settings, request)
    names = dialect_names(settings, config, request.dialects)
    target = target_of(config, request, names)
    if request.checks and target.folder is None:
        raise UsageError("--checks writes several files", hint="Name a folder: -o out/")
    both_ways = target.folder is not None and not request.no_downgrade
    scripts, ways_back, checks = render(settings, config, request, names, both_ways=both_ways)
    _warn_of_reads(settings, target, [*scripts, *ways_back])
    files = write(target, [*scripts, *ways_back], checks)
    if request.direction == "upgrade" and target.folder is not None:
        back = [script.dialect.name for script in ways_back]
        _warn_of_old_files(settings, [target.folder / name for name in names if name not in back], files)
    summarize(settings, request, target, scripts, files)


def configured(settings: Settings, request: Request) -> Config:
    """Return the configuration with what the command line says besides."""
    config = settings.config()
    return replace(
        config,
        raw_newlines=config.raw_newlines or request.raw_newlines,
        on_read=request.on_read or config.on_read,
        copy_tables=config.copy_tables or request.copy_tables,
    )


def dialect_names(settings: Settings, config: Config, asked: Sequence[str]) -> list[str]:
    """Return the dialects to write for: those asked for, else configured, else that of the URL in the ini file."""
    from sqlgen.dialects import get, names

    wanted = list(asked) or list(config.dialects)
    if not wanted:
        scheme = (config.get_main_option("sqlalchemy.url") or "").partition(":")[0].partition("+")[0]
        try:
            wanted = [get(scheme).name] if scheme else []
        except UnknownDialect:
            wanted = []
        if wanted:
            settings.warn(f"no dialect is given; {wanted[0]} is taken from sqlalchemy.url")
    if not wanted:
        raise UsageError(
            "no dialect is given",
            hint=f"Say '-d {names()[0]}' or '-d all', or list dialects in pyproject.toml, under [tool.sqlgen].",
        )
    found = [name for word in wanted for name in (names() if word == "all" else [_canonical(word)])]
    return list(dict.fromkeys(found))


def _canonical(word: str) -> str:
    """Return a dialect's own name for a name or alias; raise UnknownDialect with the nearest one."""
    from sqlgen.dialects import get, names

    try:
        return get(word).name
    except UnknownDialect as error:
        near = closest(word.lower(), [*names(), "postgres", "sqlserver"])
        error.hint = error.hint or (f"Did you mean '{near}'?" if near else f"There are {', '.join(names())}.")
        raise


def target_of(config: Config, request: Request, names: Sequence[str]) -> Target:
    """Decide where scripts go; raise UsageError when several would share one place.

    The configured folder is not meant where ``sqlgen generate`` keeps it: a script of another range is none of its own.
    """
    output = request.output
    if output is None and config.out is not None and not is_kept(config.out):
        return Target(folder=config.out, per_revision=request.per_revision is not False)
    if output is not None and output != STDOUT and not output.endswith(".sql"):
        return Target(folder=Path(output), per_revision=request.per_revision is not False)
    place = "stdout" if output in (None, STDOUT) else str(output)
    if len(names) > 1:
        raise UsageError(
            f"{len(names)} scripts ({', '.join(names)}) cannot all go to {place}", hint="Name a folder: -o out/"
        )
    if request.per_revision:
        raise UsageError(f"--per-revision writes several files, and not to {place}", hint="Name a folder: -o out/")
    if request.as_json and place == "stdout":
        raise UsageError("--json and the script cannot both go to stdout", hint="Name a file or folder: -o out/")
    return Target(file=None if place == "stdout" else Path(place))


def is_kept(folder: Path) -> bool:
    """Tell whether ``sqlgen generate`` keeps a folder."""
    from sqlgen.review.disk import NAME

    return (folder / NAME).exists()


def render(
    settings: Settings, config: Config, request: Request, names: Sequence[str], *, both_ways: bool
) -> tuple[list[Script], list[Script], list[CheckScript]]:
    """Return the script for each dialect, the downgrades back of an upgrade that goes ``both_ways``, and the checks."""
    from sqlgen.review.both_ways import way_back

    with opened(settings, config, request.tag, use_env=request.use_env) as (project, progress):
        scripts: list[Script] = []
        back: list[Script] = []
        # Each revision is executed once, for all databases and for its downgrade.
        project.modules.keep = both_ways or len(names) > 1 or request.direction == "downgrade"
        back_too = both_ways and request.direction == "upgrade"
        for number, name in enumerate(names, 1):
            progress.at(f"rendering {name} ({number} of {len(names)})")
            options = request.options(name, names)
            if request.direction == "schema":
                scripts.append(project.schema(request.range_text, dialect=name, **options))
                continue
            with project.ends.wanted() if back_too else nullcontext():
                script = project.script(request.range_text, dialect=name, direction=request.direction, **options)
                scripts.append(script)
                downgrade = way_back(project, script, **options) if back_too else None
            if downgrade is not None:
                back.append(downgrade)
        checked = [*scripts, *back] if request.checks else []
        return scripts, back, [one for script in checked for one in _checks(project, script, request, names)]


def _checks(
    project: Project, script: Script, request: Request, names: Sequence[str]
) -> tuple[CheckScript, CheckScript]:
    """Return what is asked before and after a script."""
    way, plan = script.direction, script.plan
    text = request.range_text if way == request.direction else f"{','.join(plan.start)}:{','.join(plan.end) or 'base'}"
    name = script.dialect.name
    return project.checks(text, dialect=name, direction=way, **request.options(name, names))


@contextmanager
def opened(
    settings: Settings, config: Config, tag: str | None = None, *, use_env: bool = True
) -> Iterator[tuple[Project, Progress]]:
    """Yield the project, and the line on stderr that tells where its rendering is, while the block runs."""
    from sqlgen.project import Project

    with Progress(sys.stderr, wanted=not settings.quiet) as progress:

        def warn(text: str) -> None:
            progress.clear()
            settings.warn(text)

        progress.at("reading revisions")
        project: Project = Project.open(
            config.root, config=config, x=config.x_arguments, tag=tag, use_env=use_env, warn=warn
        )
        project.keeps_elements = False
        project.progress = lambda name, step: progress.at(f"{name}: {step.direction} {step.revision.id}")
        yield project, progress


def _warn_of_reads(settings: Settings, target: Target, scripts: Sequence[Script]) -> None:
    """Tell of every read that was taken for empty, and of every revision that is left to Alembic.

    Raises UsageError when a script must be cut and has no folder for its parts.
    """
    from sqlgen.scripts.reads import told

    for script in scripts:
        for sentence in told(script):
            settings.warn(sentence)
        if script.manual and target.folder is None:
            raise UsageError("a script that is cut around revisions needs a folder", hint="Name one: -o out/")


def _warn_of_old_files(settings: Settings, homes: Sequence[Path], files: Sequence[Path]) -> None:
    """Tell of the downgrades of an earlier run that stand beside upgrades which were written without a way back."""
    from sqlgen.review.both_ways import left_over

    for home in homes:
        found = [here(path) for path in left_over(home, files)]
        if found:
            more = [f"{len(found) - NAMED} more"] if len(found) > NAMED else []
            shown = " and ".join([", ".join(found[:NAMED]), *more])
            settings.warn(f"{home.name}: an earlier run left its way back, which may not fit this upgrade: {shown}")


def write(target: Target, scripts: Sequence[Script], checks: Sequence[CheckScript] = ()) -> list[Path]:
    """Write the scripts, and return the files; none for stdout."""
    from sqlgen.scripts.files import write_file
    from sqlgen.scripts.texts import write_scripts

    if target.folder is not None:
        beside = {target.folder / one.dialect.name / one.file_name: one.pieces() for one in checks}
        more = {"beside": beside} if beside else {}
        return list(write_scripts(target.folder, scripts, per_revision=target.per_revision, **more))
    if target.file is None:
        emit(scripts[0].pieces(), exact=True)
        return []
    write_file(target.file, scripts[0].pieces())
    return [target.file]


def summarize(
    settings: Settings, request: Request, target: Target, scripts: Sequence[Script], files: Sequence[Path]
) -> None:
    """Tell on stderr, one line for each dialect, what was written; on stdout as JSON if wanted."""
    if request.as_json:
        emit_json([_facts(request, target, script, files) for script in scripts])
    width = max(len(script.dialect.name) for script in scripts) + 1
    for script in scripts:
        counts = f"{counted(script.statement_count, 'statement')}, {counted(script.revision_count, 'revision')}"
        settings.tell(f"{script.dialect.name + ':':<{width}} {counts} -> {_main_file(request, target, script)}")


def _facts(request: Request, target: Target, script: Script, files: Sequence[Path]) -> dict[str, Any]:
    """Return a script as the JSON summary shows it."""
    name = script.dialect.name
    own = [path for path in files if target.folder is None or (target.folder / name) in path.parents]
    return {
        "dialect": name,
        "direction": request.direction,
        "range": request.range_text,
        "statements": script.statement_count,
        "revisions": script.revision_count,
        "reads_taken_for_empty": [str(read) for read in script.assumed],
        "left_to_alembic": [step.revision.id for step in script.manual],
        "files": [here(path) for path in own],
    }


def _main_file(request: Request, target: Target, script: Script) -> str:
    """Return where the whole script is, as the summary says it."""
    from sqlgen.scripts.reads import run_sheet

    if target.folder is not None:
        name = run_sheet(script)[0] if script.manual else f"{request.direction}.sql"
        return here(target.folder / script.dialect.name / name)
    return here(target.file) if target.file is not None else "stdout"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
