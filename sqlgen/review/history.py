"""What became of released revisions: their statements stay, whoever changes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ..errors import Differs, UsageError
from ..records import dataclass, replace
from .disk import digest_of
from .fingerprints import NOTHING, UNKNOWN
from .patches import unified
from .sums import Acceptance, RevisionSum, Sums, chained
from .tree import DIRECTIONS, Tree

RELEASES = "releases"
"""The folder of releases, in the folder of scripts."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One thing about a released revision that is not as it was released.

    ``message`` is a sentence; ``dialect`` and ``direction`` say whose statements changed (empty when the revision
    itself is gone or stands elsewhere), and ``patch`` shows the difference in SQL, as far as the old SQL is at hand.
    """

    revision: str
    tag: str
    message: str
    dialect: str = ""
    direction: str = ""
    patch: str = ""


def rewrites(sums: Sums, tree: Tree, folder: Path) -> Iterator[Rewrite]:
    """Yield what changed about the released revisions, in the order of the revisions."""
    released = sums.released()
    for id, old in sums.revisions.items():
        if id not in released:
            continue
        tag, new = released[id], tree.revisions.get(id)
        if new is None:
            yield Rewrite(id, tag, f"revision {id} was released with {tag}, and there is no such revision any more")
            continue
        if set(new.after) != set(old.after):
            was, now = ", ".join(old.after) or "base", ", ".join(new.after) or "base"
            yield Rewrite(id, tag, f"revision {id} was released with {tag} after {was}, and now follows {now}")
        yield from _statements(old, new, tag, tree, sums, folder)
    for tag, many in Counter(release.tag for release in sums.releases).items():
        if many > 1:
            end = next(release.end for release in sums.releases if release.tag == tag)
            yield Rewrite(end[0] if end else "", tag, f"two branches have a release {tag} each, and they differ")
    for id in released:
        if id not in sums.revisions:
            yield Rewrite(id, released[id], f"revision {id} of release {released[id]} is not in the sum file")


def _statements(
    old: RevisionSum, new: RevisionSum, tag: str, tree: Tree, sums: Sums, folder: Path
) -> Iterator[Rewrite]:
    """Yield the directions and dialects in which a released revision's statements are others."""
    for dialect in sorted(set(old.prints) & set(new.prints)):
        for direction, (before, now) in zip(DIRECTIONS, _pairs(old, new, dialect), strict=True):
            if not is_other(before, now):
                continue
            what = "there is no script for it any more" if now == NOTHING else "its statements are others now"
            same = " although its file is as it was" if old.source == new.source else ""
            text = f"the {direction} of revision {old.id} was released for {dialect} with {tag}, and {what}{same}"
            patch = _patch(old.id, dialect, direction, tree, sums, folder)
            yield Rewrite(old.id, tag, text, dialect, direction, patch)


def is_other(before: str, now: str) -> bool:
    """Tell whether statements changed; a downgrade that there was not before is no change."""
    return before != now and before not in (NOTHING, UNKNOWN) and now != UNKNOWN


def _patch(id: str, dialect: str, direction: str, tree: Tree, sums: Sums, folder: Path) -> str:
    """Return the difference between a revision's file as it was written and as it is now; empty without the former."""
    name, new = _file_of(id, dialect, direction, tree)
    if new is None:
        return ""
    places = [f"{RELEASES}/{release.tag}/{name}" for release in reversed(sums.releases)]
    if (name, digest_of(folder / name)) in sums.known:
        places.append(name)
    for place in places:
        path = folder / place
        if path.is_file():
            return unified(place, path.read_bytes(), name, new)
    return ""


def _file_of(id: str, dialect: str, direction: str, tree: Tree) -> tuple[str, bytes | None]:
    """Return the name and bytes of the file that holds one revision, in one direction, and nothing else."""
    for name, file in tree.singles.items():
        if (file.dialect, file.direction, file.revisions) == (dialect, direction, (id,)):
            return name, b"".join(file.text.blocks())
    return "", None


def refuse_rewritten(sums: Sums, tree: Tree, folder: Path) -> None:
    """Raise Differs where released revisions are not what they were."""
    found = list(rewrites(sums, tree, folder))
    if not found:
        return
    first = found[0]
    more = f"\n… and {len(found) - 1} more: 'sqlgen check' lists them" if len(found) > 1 else ""
    raise Differs(f"{first.message}\n{first.patch}{more}".rstrip(), hint=way_out(first))


def way_out(rewrite: Rewrite) -> str:
    """Return what a user can do about a rewrite."""
    if not rewrite.dialect:
        return "Bring it back as it was; what it did is changed by a new revision."
    return (
        "Undo the change, and write a new revision for it. If no database has the old statements, say so: "
        f"'sqlgen sum --accept {rewrite.revision} --reason \"…\"'."
    )


def accepted(sums: Sums, tree: Tree, id: str, reason: str) -> Sums:
    """Return the sums with the statements of a released revision as they are now, and the reason in them.

    Raises UsageError for a revision that was not released, is gone, or has not changed, and for an empty reason.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise UsageError("the reason is empty", hint='Say why the change is right: --reason "…".')
    old, new = sums.revisions.get(id), tree.revisions.get(id)
    if old is None or new is None or id not in sums.released():
        raise UsageError(
            f"revision {id} is in no release, so that its statements may change",
            hint="'sqlgen generate' writes them anew.",
        )
    changes = tuple(
        Acceptance(id, dialect, old.prints[dialect], new.prints[dialect], reason)
        for dialect in sorted(set(old.prints) & set(new.prints))
        if old.prints[dialect] != new.prints[dialect]
    )
    if not changes:
        raise UsageError(
            f"the statements of revision {id} are as they were released", hint="There is nothing to accept."
        )
    revised = {**sums.revisions, id: replace(old, source=new.source, prints={**old.prints, **new.prints})}
    ordered = chained(revised.values())
    return replace(sums, revisions={one.id: one for one in ordered}, accepted=(*sums.accepted, *changes))


@dataclass(frozen=True, slots=True)
class Standing:
    """How one revision stands to the sum file: its release if it is in one, and what changed about it."""

    id: str
    tag: str
    state: str

    @property
    def is_broken(self) -> bool:
        """Whether it was released, and is not what it was."""
        return bool(self.tag) and self.state not in (SAME, SOURCE_ONLY)


SAME, SOURCE_ONLY, STATEMENTS, MOVED, NEW, GONE = (
    "as it was",
    "its source changed, its statements did not",
    "its statements changed",
    "it follows other revisions",
    "new",
    "gone",
)


def stood(sums: Sums, tree: Tree) -> Iterator[Standing]:
    """Yield how each revision stands, in the order in which they are applied; those that are gone come last."""
    released = sums.released()
    for id, new in tree.revisions.items():
        yield Standing(id, released.get(id, ""), _state(sums.revisions.get(id), new))
    for id in sums.revisions:
        if id not in tree.revisions:
            yield Standing(id, released.get(id, ""), GONE)


def _state(old: RevisionSum | None, new: RevisionSum) -> str:
    if old is None:
        return NEW
    if set(old.after) != set(new.after):
        return MOVED
    both = set(old.prints) & set(new.prints)
    if any(is_other(before, now) for name in both for before, now in _pairs(old, new, name)):
        return STATEMENTS
    return SAME if old.source == new.source else SOURCE_ONLY


def _pairs(old: RevisionSum, new: RevisionSum, dialect: str) -> Iterator[tuple[str, str]]:
    yield from zip(old.prints[dialect], new.prints[dialect], strict=True)
