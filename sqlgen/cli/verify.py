"""``verify``: a rehearsal on a scratch database."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sqlgen.cli.frame import Command, Settings, emit_json, examples, here
from sqlgen.cli.scripts import Request, baseline_option, configured, opened, writing_options
from sqlgen.errors import UsageError

if TYPE_CHECKING:
    from sqlgen.rehearsal.rehearse import Rehearsal, Scene

DIFFERS = 1


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen verify                                     all revisions, on an SQLite file that is thrown away",
        "sqlgen verify 1a2b:head --url postgresql://me@localhost/scratch",
        "sqlgen verify head --url mariadb://root@localhost/scratch -o rehearsal.json",
    ),
)
@click.argument("range_text", metavar="[START:]TARGET", default="heads")
@click.option("--url", metavar="URL", help="A scratch database, as SQLAlchemy names it; an SQLite file unless given.")
@click.option("--force", is_flag=True, help="Also on a database that is not empty.")
@click.option("--driver", is_flag=True, help="Through the driver, even where the client is installed.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@baseline_option
@writing_options
@click.pass_obj
def verify(
    settings: Settings,
    /,
    range_text: str,
    url: str | None,
    force: bool,
    driver: bool,
    as_json: bool,
    no_env: bool,
    **options: Any,
) -> None:
    """Rehearse a range: run its scripts and their checks on a scratch database, and compare the schema after each.

    START is what the database is brought to first. Then come precheck, upgrade, verify; downgrade, verify; and the
    upgrade once more. This command connects and writes. The exit code is 1 when something failed.
    """
    from sqlgen.rehearsal.rehearse import rehearsal
    from sqlgen.scripts.files import write_file
    from sqlgen.snapshots import parsed

    if options["dialects"]:
        raise UsageError("the database of a rehearsal says which dialect it is", hint="Leave out -d.")
    output = options.pop("output")
    request = Request.of(
        "upgrade", range_text, no_env, {**options, "output": None, "per_revision": False, "as_json": False}
    )
    config = configured(settings, request)
    with (
        tempfile.TemporaryDirectory(prefix="sqlgen-") as folder,
        opened(settings, config, request.tag, use_env=request.use_env) as (project, line),
    ):
        address = parsed(url or f"sqlite:///{Path(folder) / 'scratch.db'}")
        if url is None:
            (Path(folder) / "scratch.db").touch()
        said = request.options("", ())
        said.pop("tag")
        play = rehearsal(project, range_text, address, force=force, driver=driver, **said)

        def heard(scene: Scene) -> None:
            line.clear()
            tell(settings, scene)

        passed = play.run(heard)
    finish(settings, play)
    if output is not None:
        write_file(Path(output), json.dumps(play.data(), indent=2, ensure_ascii=False) + "\n")
        settings.tell(f"result -> {here(Path(output))}")
    if as_json:
        emit_json(play.data())
    if not passed:
        raise click.exceptions.Exit(DIFFERS)


def tell(settings: Settings, scene: Scene) -> None:
    """Tell one scene, and why it failed."""
    settings.tell(f"{scene.outcome:<8} {scene.title}")
    for text in scene.lines:
        settings.tell(f"         {text}")


def finish(settings: Settings, play: Rehearsal) -> None:
    """Tell what came of it all."""
    word = "passed" if play.passed else "FAILED"
    settings.tell(f"rehearsal {word}: {play.dialect} {play.server}, by {play.runner.name}")
