"""Comparing the tree on the disk with what the revisions give today. Nothing is ever written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ..errors import ConfigError
from ..project import Project
from ..revisions import Revision
from .disk import NAME, PENDING, located
from .findings import Finding
from .generate import is_merged, sums_of
from .history import rewrites, way_out
from .patches import Change
from .record import Record, Standing, standings
from .release import release_findings
from .results import LAYOUT_ONLY, Result
from .sums import RevisionSum, Sums
from .tree import DIRECTIONS, File, Tree, loose_heads, rendered, shown_heads

GENERATE = "sqlgen generate"
LISTED_AT_MOST = 5


def check(
    project: Project,
    dialects: Sequence[str],
    folder: Path,
    render: Callable[[Project, Sequence[str]], Tree] = rendered,
) -> Result:
    """Render everything in memory and compare it with a folder, byte for byte; ``render`` is what renders it.

    Raises CommandError for what cannot be rendered; a damaged sum file and loose heads are findings.
    """
    graph = project.revisions
    if heads := [_heads_finding(project, group) for group in loose_heads(graph)]:
        return Result(tuple(heads))
    tree = render(project, dialects)
    try:
        record = Record.read(folder)
    except ConfigError as error:
        return Result((_damaged(error),), files=tuple(tree.files))
    found = standings(tree, record)
    findings = [
        *_rewritten(project, tree, record),
        *release_findings(record),
        *(_file_finding(one, tree, record, project) for one in found if one.state != "same"),
        *_sum_findings(tree, record),
    ]
    ordered = sorted(findings, key=lambda one: one.severity)
    return Result(tuple(ordered), tuple(changes(found, tree, folder)), tuple(tree.files))


def changes(found: Iterable[Standing], tree: Tree, folder: Path) -> Iterator[Change]:
    """Yield the files that writing the tree would change."""
    for one in found:
        if one.state not in ("same", "foreign"):
            yield change_of(one, tree, folder)


def change_of(one: Standing, tree: Tree, folder: Path) -> Change:
    """Return a file as it is on the disk, and as it is rendered."""
    path = folder / one.name
    after = b"".join(tree.files[one.name].text.blocks()) if one.rendered else None
    return Change(one.name, path.read_bytes() if path.is_file() else None, after)


def _damaged(error: ConfigError) -> Finding:
    place = error.place
    return Finding("sum", error.message, place.path if place else "", place.line if place else 0, hint=error.hint)


def _heads_finding(project: Project, heads: Sequence[str]) -> Finding:
    graph = project.revisions
    last = graph[heads[-1]]
    return Finding(
        "heads",
        f"{len(heads)} heads follow the same revisions: {shown_heads(graph, heads)}",
        _revision_path(last),
        last.line,
        revision=last.id,
        command=f"sqlgen merge {' '.join(heads)}",
    )


def _revision_path(revision: Revision) -> str:
    return located(revision.path) if revision.path else revision.shown_path


def _rewritten(project: Project, tree: Tree, record: Record) -> Iterator[Finding]:
    for one in rewrites(record.sums, tree, record.folder):
        graph = project.revisions
        revision = graph[one.revision] if one.revision in tree.revisions else None
        yield Finding(
            "released",
            one.message,
            _revision_path(revision) if revision else located(record.folder / NAME),
            revision.line if revision else 0,
            revision=one.revision,
            dialect=one.dialect,
            hint=way_out(one),
            patch=one.patch,
        )


def _file_finding(one: Standing, tree: Tree, record: Record, project: Project) -> Finding:
    """Return the finding about one file that is not as rendered."""
    path = located(record.folder / one.name)
    file = tree.files.get(one.name)
    dialect = file.dialect if file else one.name.partition("/")[0]
    revision = file.revisions[0] if file and len(file.revisions) == 1 else ""
    if one.state == "missing":
        return Finding("missing", "the revisions give this file", path, 0, revision, dialect, GENERATE)
    if one.state == "foreign":
        hint = "Move it out of the folder of scripts: somebody could take it for one of them."
        return Finding("unexpected", "sqlgen did not write this file", path, 0, revision, dialect, hint=hint)
    if one.state == "left over":
        return Finding(
            "unexpected", "the revisions do not give this file any more", path, 0, revision, dialect, GENERATE
        )
    if one.state == "edited" and not is_merged(record, one.name):
        known = record.name_is_ours(one.name)
        message = "it was edited by hand" if known else "sqlgen did not write what it holds"
        hint = "Move the change into a revision. --force writes over it."
        return Finding(
            "edited", message, path, _first_line(one, tree, record), revision, dialect, f"{GENERATE} --force", hint
        )
    return Finding("stale", _why_stale(file, tree, record.sums), path, 0, revision, dialect, GENERATE)


def _first_line(one: Standing, tree: Tree, record: Record) -> int:
    """Return the first line that differs."""
    change = change_of(one, tree, record.folder)
    old, new = (change.before or b"").split(b"\n"), (change.after or b"").split(b"\n")
    return next((number for number, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b), 1)


def _why_stale(file: File | None, tree: Tree, sums: Sums) -> str:
    """Say whether the statements in a file are others now, and whose, or only their layout."""
    if file is None or not sums.revisions:
        return "it is not what the revisions give today"
    if file.direction == "schema":
        before, now = sums.dialects.get(file.dialect), tree.dialects[file.dialect]
        same = before is not None and before.schema == now.schema
        return LAYOUT_ONLY if same else "the schema is another now"
    changed = [id for id in file.revisions if is_changed(id, file, tree, sums)]
    gone = [id for id in sums.revisions if id not in tree.revisions] if len(file.revisions) > 1 else []
    if not changed and not gone:
        return LAYOUT_ONLY
    parts = [f"the statements of {listed(changed)} are others now"] if changed else []
    parts += [f"{listed(gone)} is gone"] if gone else []
    untouched = [id for id in changed if _is_same_source(id, tree, sums)]
    if untouched:
        parts.append(f"the file of {listed(untouched)} did not change")
    return "; ".join(parts)


def listed(ids: Sequence[str]) -> str:
    """Return some ids for a reader, who is spared a long list."""
    more = f" and {len(ids) - LISTED_AT_MOST} more" if len(ids) > LISTED_AT_MOST else ""
    return ", ".join(ids[:LISTED_AT_MOST]) + more


def is_changed(id: str, file: File, tree: Tree, sums: Sums) -> bool:
    """Tell whether a revision's statements in a file are others than the sum file has them."""
    before, now = sums.revisions.get(id), tree.revisions[id]
    return before is None or _print(before, file) != _print(now, file)


def _print(one: RevisionSum, file: File) -> str:
    pair = one.prints.get(file.dialect)
    return pair[DIRECTIONS.index(file.direction)] if pair and file.direction in DIRECTIONS else ""


def _is_same_source(id: str, tree: Tree, sums: Sums) -> bool:
    return id in sums.revisions and sums.revisions[id].source == tree.revisions[id].source


def _sum_findings(tree: Tree, record: Record) -> Iterable[Finding]:
    """Yield what is wrong with the sum file itself."""
    path = located(record.folder / NAME)
    if not record.exists:
        yield Finding("missing", "there is no sum file", path, command=GENERATE)
    elif record.merging:
        yield Finding("sum", "git left the marks of a conflict in it", path, command=GENERATE)
    elif record.text != sums_of(tree, record.sums).text():
        yield Finding("stale", "it is not the sum of what the revisions give today", path, command=GENERATE)
    if record.interrupted:
        place = located(record.folder / PENDING)
        yield Finding("sum", "a run of 'sqlgen generate' was interrupted", place, command=GENERATE)
