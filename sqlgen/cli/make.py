"""``init``, ``revision``, ``merge``: new projects and new revision files. No SQLAlchemy is imported."""

from __future__ import annotations

import click

from sqlgen.cli.frame import Command, Settings, common_options, emit, emit_json, examples, here
from sqlgen.cli.graph import open_graph
from sqlgen.config import Config
from sqlgen.revisions.scaffold import NewFile, init_project, merge_revisions, new_revision

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_message = click.option("-m", "--message", default="", help="What the revision does, in a few words.")
_rev_id = click.option("--rev-id", help="Its id; without it, twelve random hexadecimal digits.")
_label = click.option("--branch-label", multiple=True, metavar="LABEL", help="A name for its branch (repeatable).")


@click.command(cls=Command, epilog=examples("sqlgen init", "sqlgen init db/migrations"))
@click.argument("folder", default="migrations", required=False)
@_json
@common_options
@click.pass_obj
def init(settings: Settings, folder: str, as_json: bool) -> None:
    """Make a new project: alembic.ini here, env.py and versions/ in FOLDER (migrations).

    Alembic can run its revisions too. Nothing is overwritten.
    """
    written = [here(path) for path in init_project(folder)]
    if as_json:
        emit_json({"files": written})
    else:
        emit("".join(f"{path}\n" for path in written))
    settings.tell('Next: sqlgen revision -m "create the first table"')


@click.command(
    cls=Command,
    epilog=examples(
        'sqlgen revision -m "add customers"',
        'sqlgen revision -m "billing tables" --head base --branch-label billing',
        'sqlgen revision -m "add invoices" --head billing@head --depends-on 1a2b',
    ),
)
@_message
@_rev_id
@click.option("--head", default="head", show_default=True, help="What it follows: an id, label@head, or base.")
@click.option("--splice", is_flag=True, help="Follow a revision that is not a head.")
@_label
@click.option("--depends-on", multiple=True, metavar="REV", help="What must be applied before it (repeatable).")
@click.option("--version-path", metavar="FOLDER", help="Which of the version_locations to write to.")
@_json
@common_options
@click.pass_obj
def revision(
    settings: Settings,
    message: str,
    rev_id: str | None,
    head: str,
    splice: bool,
    branch_label: tuple[str, ...],
    depends_on: tuple[str, ...],
    version_path: str | None,
    as_json: bool,
) -> None:
    """Write a new revision file, and print its path."""
    config = settings.config()
    new = new_revision(
        config,
        open_graph(config),
        message,
        rev_id=rev_id,
        head=head,
        splice=splice,
        branch_label=branch_label,
        depends_on=depends_on,
        version_path=version_path,
    )
    _report(settings, config, new, as_json)


@click.command(
    cls=Command,
    epilog=examples("sqlgen merge heads", 'sqlgen merge 1a2b 3c4d -m "join billing and main"'),
)
@click.argument("revisions", nargs=-1, metavar="[REV...]")
@_message
@_rev_id
@click.option("--splice", is_flag=True, help="Merge revisions that are not heads.")
@_label
@_json
@common_options
@click.pass_obj
def merge(
    settings: Settings,
    revisions: tuple[str, ...],
    message: str,
    rev_id: str | None,
    splice: bool,
    branch_label: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write a revision file that joins branches (all heads, unless REV says otherwise), and print its path."""
    config = settings.config()
    new = merge_revisions(
        config,
        open_graph(config),
        revisions or ("heads",),
        message,
        rev_id=rev_id,
        splice=splice,
        branch_label=branch_label,
    )
    _report(settings, config, new, as_json)


def _report(settings: Settings, config: Config, new: NewFile, as_json: bool) -> None:
    """Print where the new file is; tell what its author should know."""
    for note in new.notes:
        settings.warn(note)
    if config.hooks:
        names = ", ".join(hook.name for hook in config.hooks)
        settings.warn(f"post_write_hooks are not run: {names}")
    if as_json:
        emit_json({"revision": new.revision.id, "down_revision": list(new.revision.down), "path": here(new.path)})
    else:
        emit(f"{here(new.path)}\n")
