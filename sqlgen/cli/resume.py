"""``resume``: what is left of a script that stopped half-way, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sqlgen.cli.frame import Command, Settings, emit, examples, here
from sqlgen.cli.scripts import (
    STDOUT,
    Direction,
    Request,
    baseline_option,
    configured,
    dialect_names,
    opened,
    writing_options,
)
from sqlgen.errors import UsageError


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen resume 1a2b:head -d mariadb --log night.log -o out/     from the last line of progress in the log",
        "sqlgen resume 1a2b:head -d oracle --at '3c4d [2]' --back       only the way back, on stdout",
    ),
)
@click.argument("range_text", metavar="[START:]TARGET", default="heads")
@click.option("--at", "at", metavar="STEP", help="The statement that failed: 'REVISION [NUMBER]'.")
@click.option("--log", "log_file", metavar="FILE", help="What the client printed, with lines of progress.")
@click.option("--downgrade", "is_downgrade", is_flag=True, help="The script was a downgrade.")
@click.option("--back", is_flag=True, help="Print the way back instead of the rest.")
@baseline_option
@writing_options
@click.pass_obj
def resume(
    settings: Settings,
    /,
    range_text: str,
    at: str | None,
    log_file: str | None,
    is_downgrade: bool,
    back: bool,
    no_env: bool,
    **options: Any,
) -> None:
    """Go on with a script that stopped half-way, or go back from there.

    [START:]TARGET is what the script was made for. For MySQL, MariaDB and Oracle, which commit each statement that
    changes the schema: resume.sql holds the statements from STEP on, resume.back.sql takes back what the revision had
    done before STEP. Rows are not taken back; the script says which.
    """
    from sqlgen.scripts.files import write_files
    from sqlgen.scripts.resume import read_log, stop_named

    if (at is None) == (log_file is None):
        raise UsageError("say where the script stopped, in one way", hint="--log FILE, or --at 'REVISION [NUMBER]'.")
    stop = stop_named(at) if at is not None else read_log(Path(str(log_file)))
    direction: Direction = "downgrade" if is_downgrade else "upgrade"
    request = Request.of(direction, range_text, no_env, {"per_revision": False, "as_json": False, **options})
    config = configured(settings, request)
    names = dialect_names(settings, config, request.dialects)
    if len(names) > 1:
        raise UsageError("a script that stopped was one for one database", hint=f"Say -d {names[0]}.")
    with opened(settings, config, request.tag, use_env=request.use_env) as (project, _):
        left, way_back = project.resume(
            range_text, stop, dialect=names[0], direction=direction, **request.options(names[0], names)
        )
    if request.output in (None, STDOUT):
        emit((way_back if back else left).pieces(), exact=True)
        return
    folder = Path(str(request.output))
    if request.output is not None and request.output.endswith(".sql"):
        write_files({folder: (way_back if back else left).pieces()})
        settings.tell(f"{names[0]}: from {stop} on -> {here(folder)}")
        return
    files = {folder / names[0] / one.file_name: one.pieces() for one in (left, way_back)}
    write_files(files)
    settings.tell(f"{names[0]}: from {stop} on -> {', '.join(here(path) for path in files)}")
