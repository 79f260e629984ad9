"""``release`` and ``status``: what is handed over, and what a database still needs."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sqlgen.cli.frame import Command, Settings, common_options, emit, emit_json, examples
from sqlgen.cli.graph import open_graph
from sqlgen.cli.review import is_ci, rendering_options
from sqlgen.cli.scripts import STDOUT, counted, dialect_names, opened
from sqlgen.errors import UsageError
from sqlgen.records import replace

if TYPE_CHECKING:
    from sqlgen.project import Project
    from sqlgen.review.record import Record
    from sqlgen.review.release import Bundle
    from sqlgen.review.status import Status
    from sqlgen.spool import Kept

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen release 1.1.0                    from where the last release ended to the heads",
        "sqlgen release 1.0.0 1a2b               up to 1a2b",
        "sqlgen release 1.1.0 1a2b:head -o dist  the files only, into dist/1.1.0; nothing is recorded",
    ),
)
@click.argument("tag")
@click.argument("range_text", metavar="[[START:]TARGET]", required=False)
@click.option("-o", "--output", metavar="FOLDER", help="Write the files there, and do not record the release.")
@click.option("--zip/--no-zip", "zipped", default=True, help="Also one archive of all files (the default).")
@_json
@rendering_options
@click.pass_obj
def release(
    settings: Settings,
    tag: str,
    range_text: str | None,
    output: str | None,
    zipped: bool,
    as_json: bool,
    no_env: bool,
) -> None:
    """Freeze the scripts that lead from the last release to this one.

    Writes out/releases/TAG: scripts for each database, a run sheet, a manifest with checksums, and an archive. The
    release is recorded in out/sqlgen.sum: the next one starts where it ends, and its revisions keep their statements.
    The scripts in out/ must be what the revisions give, because those were reviewed.
    """
    from sqlgen.review.disk import out_folder
    from sqlgen.review.record import Record
    from sqlgen.review.release import checked_tag, refuse_recorded

    if output == STDOUT:
        raise UsageError("a release is many files, and not for stdout", hint="Name a folder: -o dist")
    config = settings.config()
    record = Record.read(out_folder(config))
    refuse_recorded(record.sums, checked_tag(tag))
    if output is None and is_ci():
        raise UsageError("CI=true: no release is recorded there", hint="Name a folder for the files: -o dist")
    names = dialect_names(settings, config, ())
    with opened(settings, config, use_env=not no_env) as (project, _):
        bundle = _bundle(settings, project, record, names, (tag, range_text), is_recorded=output is None)
        folder = record.folder if output is None else Path(output)
        files = _write(bundle, record, folder, is_recorded=output is None, zipped=zipped)
    _summarize(settings, bundle, files, as_json)


def _bundle(
    settings: Settings,
    project: Project,
    record: Record,
    names: list[str],
    asked: tuple[str, str | None],
    *,
    is_recorded: bool,
) -> Bundle:
    """Render the release, once the scripts that were reviewed are those of today."""
    from sqlgen.review.check import check
    from sqlgen.review.release import bundled, completed, refuse_findings, release_range
    from sqlgen.review.runsheet import text_of

    tag, range_text = asked
    if is_recorded:
        refuse_findings(check(project, names, record.folder).findings)
    bundle = bundled(project, tag, release_range(project, record.sums, range_text, names), names)
    last = record.sums.releases[-1:]
    if last and set(last[0].end) != set(bundle.plan.start):
        settings.warn(
            f"release {last[0].tag} ended at {', '.join(last[0].end)}, "
            f"and this one starts at {', '.join(bundle.plan.start) or 'base'}"
        )
    return completed(bundle, text_of(bundle))


def _write(bundle: Bundle, record: Record, folder: Path, *, is_recorded: bool, zipped: bool) -> list[Path]:
    """Write all files of a release, and the sum file that knows it; return the paths, the folder's first."""
    from sqlgen.review.disk import NAME
    from sqlgen.review.history import RELEASES
    from sqlgen.review.release import archive, refuse_taken
    from sqlgen.scripts.files import write_files

    home = folder / RELEASES if is_recorded else folder
    refuse_taken(home, bundle)
    texts: dict[Path, str | Iterable[str] | Kept] = {
        home / bundle.tag / name: text for name, text in bundle.files.items()
    }
    if zipped:
        texts[home / f"{bundle.tag}.zip"] = archive(bundle)
    if is_recorded:
        texts[folder / NAME] = replace(record.sums, releases=(*record.sums.releases, bundle.release)).text()
    write_files(texts)
    return list(texts)


def _summarize(settings: Settings, bundle: Bundle, files: list[Path], as_json: bool) -> None:
    from sqlgen.review.disk import located
    from sqlgen.review.release import manifest

    if as_json:
        emit_json({**manifest(bundle), "written": [located(path) for path in files]})
    way = f"{', '.join(bundle.plan.start) or 'base'} -> {', '.join(bundle.plan.end)}"
    home = next(path.parent for path in files if path.name == "manifest.json")
    many = f"{counted(len(bundle.plan.steps), 'revision')}, {counted(len(bundle.files), 'file')}"
    settings.tell(f"release {bundle.tag}: {way}, {many} -> {located(home)}")


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen status --at 1a2b3c             what a database at 1a2b3c still needs",
        "sqlgen status --at base               an empty one",
        "psql -c 'SELECT version_num FROM alembic_version' | sqlgen status --at -",
    ),
)
@click.option("--at", "at", required=True, metavar="VERSION[,VERSION]", help="The version rows; - to paste them.")
@_json
@common_options
@click.pass_obj
def status(settings: Settings, at: str, as_json: bool) -> None:
    """Tell what a database still needs, from the rows of its version table.

    Lists the pending revisions, and the scripts of releases that lead on from exactly there. What a client printed can
    be pasted as it is: headings, rules and counts of rows are left out. No revision is run for it.
    """
    from sqlgen.review.disk import out_folder
    from sqlgen.review.record import Record
    from sqlgen.review.status import pasted, version_rows
    from sqlgen.review.status import status as status_of

    config = settings.config()
    record = Record.read(out_folder(config))
    graph = open_graph(config)
    rows = version_rows(graph, pasted(sys.stdin.read() if at == STDOUT else at), record)
    found = status_of(graph, rows, record, dialect_names(settings, config, ()))
    if as_json:
        emit_json(found.facts())
    else:
        emit("".join(f"{line}\n" for line in _lines(found)))


def _lines(found: Status) -> Iterable[str]:
    """Yield a status for a reader."""
    place = ", ".join(found.rows) or "base"
    yield f"at {place}" + (f" (release {found.release})" if found.release else "")
    if not found.pending:
        yield "nothing is pending"
        return
    yield f"{counted(len(found.pending), 'revision')} pending:"
    yield from (f"  {one.id}  {one.message}".rstrip() for one in found.pending)
    for name, scripts in found.scripts.items():
        yield f"{name}:"
        for script in scripts:
            yield f"  {script.path}  -> {', '.join(script.end)} (release {script.release})"
        if not scripts:
            yield "  no release starts exactly there"
    if found.command:
        yield f"For what no release has: {found.command}"
