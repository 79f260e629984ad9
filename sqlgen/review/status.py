"""Where a database stands, told from what its version table holds, and which script comes next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors import ResolutionError, RevisionError, UsageError
from ..records import dataclass
from ..revisions import Revision, RevisionGraph
from ..revisions.graph import shown
from .disk import digest_of, located
from .history import RELEASES
from .record import Record
from .release import MANIFEST
from .sums import Release

_NOISE = re.compile(
    r"\(?\d+ rows?(?: affected| selected| in set)?.*|[-+=|_ ]+|version_num|base|no rows selected\.?|empty set.*",
    re.I,
)
Facts = Mapping[str, Any]
_BORDER = re.compile(r"[|,;\s]+")


@dataclass(frozen=True, slots=True)
class NextScript:
    """A file to apply next, the release that it is of (empty when it is none), and where it leads."""

    path: str
    release: str
    end: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """The version rows of a database, what is pending, and per dialect what is applied next.

    ``scripts`` are the files of releases in their order; ``command`` writes a script for what no release has.
    """

    rows: tuple[str, ...]
    release: str
    pending: tuple[Revision, ...]
    scripts: dict[str, tuple[NextScript, ...]]
    command: str

    def facts(self) -> dict[str, Any]:
        """Return the status as JSON shows it."""
        return {
            "schema": 1,
            "tool": "sqlgen",
            "at": list(self.rows),
            "release": self.release or None,
            "pending": [{"revision": one.id, "message": one.message} for one in self.pending],
            "next": {
                name: [{"path": one.path, "release": one.release or None, "to": list(one.end)} for one in scripts]
                for name, scripts in self.scripts.items()
            },
            "command": self.command or None,
        }


def pasted(text: str) -> tuple[str, ...]:
    """Return the version rows in what a client printed, or in a list with commas; nothing for ``base``.

    Headings, rules and counts of rows are left out.
    """
    found: list[str] = []
    for line in text.splitlines():
        stripped = line.strip().strip("|").strip()
        if not stripped or _NOISE.fullmatch(stripped):
            continue
        found += [word for word in _BORDER.split(stripped) if word and not _NOISE.fullmatch(word)]
    return tuple(dict.fromkeys(found))


def version_rows(graph: RevisionGraph, ids: Sequence[str], record: Record) -> tuple[str, ...]:
    """Return the rows as ids of the graph, sorted.

    Raises UsageError for one that no revision has, and RevisionError for rows that one table never holds together.
    """
    for id in ids:
        if id not in graph:
            raise _unknown(graph, id, record)
    try:
        return tuple(sorted(graph.rows(list(ids)))) if ids else ()
    except RevisionError as error:
        raise RevisionError(
            f"one version table never holds {shown(tuple(ids))} together: one of them implies another",
            hint="Look at the table again; a row that was written by hand is the usual reason.",
        ) from error


def _unknown(graph: RevisionGraph, id: str, record: Record) -> UsageError:
    """Return the error for a version that no revision has."""
    released = record.sums.released()
    if id in released:
        return UsageError(
            f"version {id} was released with {released[id]}, and there is no such revision any more",
            hint="The history was rewritten after the release. Bring the revision back.",
        )
    try:
        near = graph.get(id)
    except ResolutionError as error:
        return UsageError(f"no revision has the version {id!r}", hint=error.hint or "'sqlgen history' lists them.")
    hint = f"Did you mean {near.id}? A version table holds whole ids." if near else "Say base for an empty table."
    return UsageError(f"no revision has the version {id!r}", hint=hint)


def status(graph: RevisionGraph, rows: tuple[str, ...], record: Record, dialects: Sequence[str]) -> Status:
    """Return where a database with these version rows stands."""
    steps = graph.upgrade("heads", list(rows) if rows else None)
    pending = tuple(step.revision for step in steps)
    release = next((one.tag for one in reversed(record.sums.releases) if set(one.end) == set(rows)), "")
    scripts = {name: tuple(_released(record, name, rows)) for name in dialects} if pending else {}
    ends = {found[-1].end if found else rows for found in scripts.values()}
    left = [end for end in sorted(ends) if graph.upgrade("heads", list(end) if end else None)]
    command = f"sqlgen upgrade {','.join(left[0]) or 'base'}:heads" if left else ""
    return Status(rows, release, pending, scripts, command)


def _released(record: Record, dialect: str, rows: tuple[str, ...]) -> Iterator[NextScript]:
    """Yield the scripts of releases that lead on from some rows, each from where the one before it ends.

    A script of a whole release is taken before one of a single revision.
    """
    here = set(rows)
    for release in record.sums.releases:
        found = True
        while found and here != set(release.end):
            found = False
            for name, facts in _scripts(record, release, dialect):
                if set(facts["from"]) == here:
                    path = record.folder / RELEASES / release.tag / name
                    yield NextScript(located(path), release.tag, tuple(facts["to"]))
                    here, found = set(facts["to"]), True
                    break


def _scripts(record: Record, release: Release, dialect: str) -> list[tuple[str, Facts]]:
    """Return the upgrades of a release for a dialect, as its manifest has them, the longest way first."""
    path = record.folder / RELEASES / release.tag / MANIFEST
    if digest_of(path) != release.manifest:
        return []
    files: Mapping[str, Facts] = json.loads(path.read_text(encoding="utf-8"))["files"]
    ours = [
        (name, facts)
        for name, facts in files.items()
        if name.startswith(f"{dialect}/") and facts.get("direction") == "upgrade"
    ]
    return sorted(ours, key=lambda one: (one[0].count("/"), one[0]))
