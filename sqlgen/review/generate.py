"""Writing the tree of scripts: whole or not at all, and never over somebody's work.

Files are replaced one by one, each in one piece, after all of them are on the disk. While that lasts, the new sum file
stands beside the old one, so that a run which is killed in between leaves a tree whose files are all known: the next
run finishes it. The last step is to put the new sum file in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ..errors import Differs, OutputError
from ..records import replace
from ..scripts.files import sweep, write_file, write_files
from .disk import NAME, PENDING, located
from .fingerprints import UNKNOWN
from .git import Repository
from .history import refuse_rewritten
from .record import Record, Standing, standings
from .results import Outcome
from .sums import RevisionSum, Sums, chained, is_conflicted
from .tree import Tree

SHOWN_AT_MOST = 10
"""Names of files in one message."""


def sums_of(tree: Tree, old: Sums) -> Sums:
    """Return what the sum file of a tree must say; releases and accepted changes are taken over from the old one."""
    files = {name: file.sha256 for name, file in tree.files.items()}
    known = frozenset(files.items())
    revisions = {one.id: one for one in chained(_remembered(tree, old))}
    return Sums(tree.dialects, revisions, old.accepted, old.releases, files, known)


def _remembered(tree: Tree, old: Sums) -> Iterator[RevisionSum]:
    """Yield the revisions; a fingerprint that could not be had today is that of the old sum file."""
    for id, one in tree.revisions.items():
        before = old.revisions[id].prints if id in old.revisions else {}
        prints = {
            name: (up, before.get(name, (up, down))[1] if down == UNKNOWN else down)
            for name, (up, down) in one.prints.items()
        }
        yield replace(one, prints=prints)


def generate(tree: Tree, folder: Path, *, force: bool = False, history: Sums | None = None) -> Outcome:
    """Write a tree into a folder, and remove the files in it that we made and that do not belong any more.

    ``history`` are the sums that know the releases, for a folder that is a copy of the project's own. Raises Differs,
    before anything is written, for files that somebody edited (unless ``force``), and in the project's own folder for
    released revisions whose statements are others now; ConfigError for a damaged sum file, and OutputError.
    """
    record = Record.read(folder)
    if history is not None:
        record = replace(record, sums=replace(record.sums, accepted=history.accepted, releases=history.releases))
    else:
        refuse_rewritten(record.sums, tree, folder)
    found = standings(tree, record)
    if not force:
        refuse_edited(found, record)
    gone = [one.name for one in found if not one.rendered and one.state in ("left over", "edited")]
    written = _replace(tree, record, gone, sums_of(tree, record.sums).text())
    return Outcome(
        tuple(written),
        tuple(gone),
        sum(one.state == "same" for one in found),
        tuple(one.name for one in found if one.state == "foreign"),
    )


def _replace(tree: Tree, record: Record, gone: Sequence[str], text: str) -> list[str]:
    """Put all files in their places, then take away those that are gone, then put the sum file in its place."""
    folder = record.folder
    paths = {folder / name: name for name in tree.files}

    def ready(_changed: Sequence[Path]) -> None:
        write_file(folder / PENDING, text)

    changed = write_files({path: tree.files[name].text for path, name in paths.items()}, ready)
    for name in gone:
        _remove(folder, name)
    if not changed and not gone and record.text == text:
        _discard(folder / PENDING)
    else:
        _commit(folder, text)
    sweep(folder)
    return [paths[path] for path in changed]


def _commit(folder: Path, text: str) -> None:
    write_file(folder / NAME, text)
    _discard(folder / PENDING)


def _discard(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


def _remove(folder: Path, name: str) -> None:
    """Remove a file, and the folders that it leaves empty. Raises OutputError."""
    path = folder / name
    try:
        path.unlink()
        for parent in path.parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()
    except OSError as error:
        raise OutputError(f"cannot remove {path}: {(error.strerror or str(error)).lower()}") from error


def refuse_edited(found: Iterable[Standing], record: Record) -> None:
    """Raise Differs for files that hold what somebody else wrote, unless git made them while merging."""
    names = [one.name for one in found if one.state == "edited" and not is_merged(record, one.name)]
    if not names:
        return
    place = located(record.folder)
    listed = "".join(f"\n  {place}/{name}" for name in names[:SHOWN_AT_MOST])
    more = f"\n  and {len(names) - SHOWN_AT_MOST} more" if len(names) > SHOWN_AT_MOST else ""
    many = "these files were" if len(names) > 1 else "this file was"
    raise Differs(
        f"{many} not written by sqlgen, or edited since: {listed}{more}",
        hint="Move what is to stay into a revision (op.execute), then let --force write over the "
        f"{'files' if len(names) > 1 else 'file'}. 'sqlgen diff' shows what would be lost.",
    )


def is_merged(record: Record, name: str) -> bool:
    """Tell whether git wrote a file while merging branches, so that nothing is lost with it.

    Both sides are commits then: it has the marks of a conflict, or is what git's index has.
    """
    path = record.folder / name
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return False
    if is_conflicted(text):
        return True
    repository = Repository.around(record.folder)
    return repository is not None and repository.is_merging and repository.is_staged(path)
