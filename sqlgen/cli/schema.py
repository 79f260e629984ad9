"""``schema`` and ``snapshot``: the whole schema, as a script or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sqlgen.cli.frame import Command, Settings, common_options, emit, examples, here
from sqlgen.cli.scripts import STDOUT, Request, baseline_option, dialect_names, opened, run, writing_options
from sqlgen.errors import UsageError


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen schema -d postgresql                      the tables and all else at the heads, as one script",
        "sqlgen schema 1a2b -d all -o out/                at 1a2b, out/<database>/schema.sql for each",
        "sqlgen schema 1a2b -d mysql --json -o 1a2b.json  as JSON, to be a --baseline",
    ),
)
@click.argument("revision", metavar="[REVISION]", default="heads")
@click.option("--json", "as_json", is_flag=True, help="Print the schema as JSON (a snapshot), not as a script.")
@baseline_option
@writing_options
@click.pass_obj
def schema(settings: Settings, /, revision: str, no_env: bool, as_json: bool, **options: Any) -> None:
    """Write the script that makes the whole schema in an empty database.

    It holds what all revisions up to REVISION (heads unless given) lead to, and the version table with its rows: for
    new installations, and for putting old revisions together into one. Rows of other tables are not in it.
    """
    if ":" in revision:
        raise UsageError(
            f"{revision!r} is a range, and a schema is that at one revision",
            hint=f"Say 'sqlgen schema {revision.rpartition(':')[2] or 'heads'}'.",
        )
    request = Request.of("schema", revision, no_env, {"per_revision": False, "as_json": as_json, **options})
    if as_json:
        write_snapshots(settings, request)
    else:
        run(settings, request)


def write_snapshots(settings: Settings, request: Request) -> None:
    """Write the schema as JSON: to stdout, into a file, or one file for each dialect below a folder."""
    from sqlgen.scripts.files import write_files

    config = settings.config()
    names = dialect_names(settings, config, request.dialects)
    output = request.output
    folder = output is not None and output != STDOUT and not output.endswith(".json")
    if len(names) > 1 and not folder:
        raise UsageError(f"{len(names)} snapshots cannot all go to one place", hint="Name a folder: -o out/")
    with opened(settings, config, request.tag, use_env=request.use_env) as (project, _):
        texts = {
            name: project.snapshot(request.range_text, dialect=name, **request.options(name, names)) for name in names
        }
    if output in (None, STDOUT):
        emit(texts[names[0]], exact=True)
        return
    place = Path(str(output))
    files = {(place / name / "schema.json" if folder else place): text for name, text in texts.items()}
    write_files(files)
    for name, path in zip(texts, files, strict=True):
        settings.tell(f"{name}: {here(path)}")


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen snapshot --url postgresql://me@db/shop -o shop.json    read a database, to be a --baseline",
        "sqlgen snapshot --url sqlite:///shop.db                       on stdout",
    ),
)
@click.option("--url", required=True, metavar="URL", help="The database, as SQLAlchemy names it.")
@click.option("--schema", "schemas", multiple=True, metavar="NAME", help="One more schema (repeatable).")
@click.option("--version-table", default="alembic_version", show_default=True, metavar="NAME")
@click.option("-o", "--output", metavar="FILE", help="A file; stdout unless given.")
@common_options
@click.pass_obj
def snapshot(settings: Settings, /, url: str, schemas: tuple[str, ...], version_table: str, output: str | None) -> None:
    """Read the schema of a database as JSON.

    This command connects, reads the catalogue, and writes nothing. It needs the database's driver, for example
    pip install 'sqlgen-migrations[postgresql]'.
    """
    from sqlgen.scripts.files import write_file
    from sqlgen.snapshots import read_database

    text = read_database(url, schemas, version_table)
    if output in (None, STDOUT):
        emit(text, exact=True)
        return
    path = Path(str(output))
    write_file(path, text)
    settings.tell(f"snapshot -> {here(path)}")
