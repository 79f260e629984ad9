"""The command line: ``sqlgen``."""

from __future__ import annotations

import click

from sqlgen.cli.frame import Group, Settings, examples

__all__ = ["main"]


#: The commands in the order of the help, each with the module and the name that it has there, and its short help.
COMMANDS = {
    "init": ("make", "init", "Make a new project: alembic.ini here, env.py and versions/ in FOLDER (migrations)."),
    "revision": ("make", "revision", "Write a new revision file, and print its path."),
    "merge": (
        "make",
        "merge",
        "Write a revision file that joins branches (all heads, unless REV says otherwise), and print its path.",
    ),
    "heads": ("graph", "heads", "List the revisions that nothing follows."),
    "branches": ("graph", "branches", "List the revisions that several others follow, and what follows them."),
    "history": ("graph", "history", "List the revisions, newest first."),
    "show": ("graph", "show", "Show revisions: parents, file, message."),
    "generate": (
        "review",
        "generate",
        "Write the project's tree of scripts: all databases, both directions, each revision, the schema.",
    ),
    "check": ("review", "check", "Compare the checked-in scripts with what the revisions give today; write nothing."),
    "diff": (
        "compare",
        "diff",
        "Show how scripts differ: the work tree's from the checked-in ones, or those of two commits or folders.",
    ),
    "sum": ("review", "sum_", "Tell how each revision stands to sqlgen.sum, or accept a change of a released one."),
    "release": ("release", "release", "Freeze the scripts that lead from the last release to this one."),
    "status": ("release", "status", "Tell what a database still needs, from the rows of its version table."),
    "upgrade": ("scripts", "upgrade", "Write the script that upgrades a database."),
    "downgrade": ("scripts", "downgrade", "Write the script that takes revisions back."),
    "stamp": ("scripts", "stamp", "Write the script that changes the version table only."),
    "precheck": ("checks", "precheck", "Write the questions to run before a script."),
    "postcheck": ("checks", "postcheck", "Write the questions to run after a script."),
    "resume": ("resume", "resume", "Go on with a script that stopped half-way, or go back from there."),
    "schema": ("schema", "schema", "Write the script that makes the whole schema in an empty database."),
    "snapshot": ("schema", "snapshot", "Read the schema of a database as JSON."),
    "verify": (
        "verify",
        "verify",
        "Rehearse a range: run its scripts and their checks on a scratch database, and compare the schema after each.",
    ),
    "completion": (
        "completion",
        "completion",
        "Print the script that makes a shell complete sqlgen's commands and options.",
    ),
}


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("sqlgen-migrations")
        except PackageNotFoundError:
            number = "(not installed)"
        click.echo(f"sqlgen {number}")
        ctx.exit()


@click.group(
    "sqlgen",
    cls=Group,
    lazy=COMMANDS,
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
