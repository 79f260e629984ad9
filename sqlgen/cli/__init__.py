"""The command line: ``sqlgen``."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import click

from sqlgen.cli.checks import postcheck, precheck
from sqlgen.cli.compare import diff
from sqlgen.cli.completion import completion
from sqlgen.cli.frame import Group, Settings, examples
from sqlgen.cli.graph import branches, heads, history, show
from sqlgen.cli.make import init, merge, revision
from sqlgen.cli.release import release, status
from sqlgen.cli.resume import resume
from sqlgen.cli.review import check, generate, sum_
from sqlgen.cli.schema import schema, snapshot
from sqlgen.cli.scripts import downgrade, stamp, upgrade
from sqlgen.cli.verify import verify

__all__ = ["main"]


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        try:
            number = version("sqlgen-migrations")
        except PackageNotFoundError:
            number = "(not installed)"
        click.echo(f"sqlgen {number}")
        ctx.exit()


@click.group(
    "sqlgen",
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=examples(
        "sqlgen upgrade -d postgresql > upgrade.sql    all revisions, as one script",
        "sqlgen upgrade 1a2b:head -d all -o out/       from revision 1a2b on, for every database",
        "sqlgen -c db/alembic.ini history              with the configuration in db/",
    ),
)
@click.option(
    "-c", "--config", "files", multiple=True, metavar="FILE", help="Configuration: an ini file, a toml file, or both."
)
@click.option("-n", "--name", "section", default="alembic", show_default=True, help="Section of the ini file.")
@click.option("-x", "x_arguments", multiple=True, metavar="KEY=VALUE", help="An argument for env.py (repeatable).")
@click.option("-q", "--quiet", is_flag=True, help="Tell errors and warnings only.")
@click.option("-v", "--verbose", is_flag=True, help="Tell more.")
@click.option("--traceback", is_flag=True, help="Show where in the program an error was raised.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour; auto obeys NO_COLOR, FORCE_COLOR and the terminal.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
@click.pass_context
def main(
    ctx: click.Context,
    files: tuple[str, ...],
    section: str,
    x_arguments: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    traceback: bool,
    color: str,
) -> None:
    """Turn Alembic revisions into SQL scripts, for six databases, without a database."""
    ctx.obj = Settings(files, section, x_arguments, quiet, verbose, color)


for _command in (
    init,
    revision,
    merge,
    heads,
    branches,
    history,
    show,
    generate,
    check,
    diff,
    sum_,
    release,
    status,
    upgrade,
    downgrade,
    stamp,
    precheck,
    postcheck,
    resume,
    schema,
    snapshot,
    verify,
    completion,
):
    main.add_command(_command)
