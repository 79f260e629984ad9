"""Who stands on whom: the checked, acyclic graph below everything that asks about revisions.

Works on ids only, follows edges in one pass each, and knows nothing of symbols or version rows. Two kinds
of edges: ``down_revision`` (the versioned ones), and those together with ``depends_on`` (all).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from sqlgen.errors import (
    CommandError,
    CycleDetected,
    DependencyCycleDetected,
    DependencyLoopDetected,
    DuplicateRevision,
    LoopDetected,
    MissingParent,
    RevisionError,
    closest,
)
from sqlgen.revisions.revision import Revision

Edges: TypeAlias = Mapping[str, tuple[str, ...]]

PREFIX_MINIMUM = 4
"""Only ids and labels of at least this length can be abbreviated, as in Alembic."""


class Lineage:
    """The graph of a project's revisions.

    ``revisions``      the revisions by id, in the order given (that of the files);
    ``labels``         which revision declares a branch label;
    ``parents``        ids under a revision by ``down_revision``; ``children`` the other way round;
    ``all_parents``    the same with ``depends_on`` resolved; ``all_children`` the other way round;
    ``order``          all ids, newest first.

    The order is depth first from the heads, the first file's head first and the first parent first; a
    revision comes when everything above it has come. It depends on the order of the files alone.

    Raises DuplicateRevision, MissingParent, RevisionError (a label used twice), LoopDetected,
    DependencyLoopDetected, CycleDetected, DependencyCycleDetected.
    """

    def __init__(self, revisions: Iterable[Revision]) -> None:
        self.revisions = _by_id(revisions)
        self.labels = _label_owners(self.revisions)
        self.parents: Edges = {id: _checked_parents(item, self.revisions) for id, item in self.revisions.items()}
        self.all_parents: Edges = {
            id: tuple(dict.fromkeys((*item.down, *self._dependencies(item)))) for id, item in self.revisions.items()
        }
        self._refuse_loops()
        self.children: Edges = _reverse(self.parents)
        self.all_children: Edges = _reverse(self.all_parents)
        _refuse_cycle(CycleDetected, self.revisions, self.parents, self.children)
        self.order = _refuse_cycle(DependencyCycleDetected, self.revisions, self.all_parents, self.all_children)

    def ancestors(self, ids: Iterable[str], *, dependencies: bool = True) -> set[str]:
        """Return the ids and everything under them."""
        return _reach(ids, self.all_parents if dependencies else self.parents)

    def descendants(self, ids: Iterable[str], *, dependencies: bool = True) -> set[str]:
        """Return the ids and everything above them."""
        return _reach(ids, self.all_children if dependencies else self.children)

    def related(self, id: str, *, dependencies: bool = False) -> set[str]:
        """Return the revision's line: itself, everything under it and everything above it."""
        below = self.ancestors([id], dependencies=dependencies)
        return below | self.descendants([id], dependencies=dependencies)

    def sorted(self, ids: Collection[str]) -> list[str]:
        """Return the given ids newest first."""
        if len(ids) < 2:
            return list(ids)
        return [id for id in self.order if id in ids]

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """Ids that no revision names in ``down_revision``, in file order."""
        return tuple(id for id in self.revisions if not self.children[id])

    @cached_property
    def real_heads(self) -> tuple[str, ...]:
        """Ids that nothing follows nor depends on: the version rows once everything is applied."""
        return tuple(id for id in self.revisions if not self.all_children[id])

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """Ids without a ``down_revision``, in file order."""
        return tuple(id for id in self.revisions if not self.parents[id])

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """The longest way from the base to each id, counted in revisions: 1 for one that needs nothing."""
        depths: dict[str, int] = {}
        for id in reversed(self.order):
            depths[id] = 1 + max((depths[parent] for parent in self.all_parents[id]), default=0)
        return depths

    @cached_property
    def labels_of(self) -> Mapping[str, tuple[str, ...]]:
        """The sorted labels of the branches that each id is on.

        A label covers its revision, what follows up to the heads, and what leads there from the last
        branch or merge point. Equal neighbours share one tuple, so a long line costs one pass.
        """
        found: dict[str, tuple[str, ...]] = {}
        for id in reversed(self.order):
            sources = [found[parent] for parent in self.parents[id]]
            sources.append(self.revisions[id].branch_labels)
            found[id] = _union(sources)
        tails: dict[str, tuple[str, ...]] = {}
        for id in self.order:
            below = tails.get(id, ()) + self.revisions[id].branch_labels
            stops = len(self.all_children[id]) > 1 or len(self.parents[id]) > 1
            if below and not stops:
                found[id] = _union([found[id], below])
                tails.update(dict.fromkeys(self.parents[id], below))
        return found

    def abbreviated(self, prefix: str) -> list[str]:
        """Return the ids that an abbreviation of an id or a label can mean, sorted by what it abbreviates."""
        names = self._long_names
        found: dict[str, None] = {}
        for name, id in islice(names, bisect_left(names, (prefix, "")), None):
            if not prefix or not name.startswith(prefix):
                break
            found[id] = None
        return list(found)

    @cached_property
    def _long_names(self) -> list[tuple[str, str]]:
        """Ids and labels that can be abbreviated, each with its revision, sorted."""
        known = [(id, id) for id in self.revisions]
        known += self.labels.items()
        return sorted(pair for pair in known if len(pair[0]) >= PREFIX_MINIMUM)

    def _dependencies(self, item: Revision) -> tuple[str, ...]:
        """Return the ids that ``depends_on`` means: ids, labels or abbreviated ids."""
        return tuple(self._dependency(name, item) for name in item.depends_on)

    def _dependency(self, name: str, item: Revision) -> str:
        if name in self.revisions:
            return name
        if name in self.labels:
            return self.labels[name]
        found = self.abbreviated(name)
        if len(found) > 1:
            raise RevisionError(
                f"depends_on {name!r} of revision {item.id!r} could be {', '.join(found)}",
                place=item.place,
                hint="Write the id in full.",
            )
        if not found:
            raise _missing("depends_on", name, item, [*self.revisions, *self.labels])
        return found[0]

    def _refuse_loops(self) -> None:
        for id, item in self.revisions.items():
            if id in self.parents[id]:
                raise _placed(LoopDetected(id), item)
            if id in self.all_parents[id]:
                raise _placed(DependencyLoopDetected(id), item)


def _by_id(revisions: Iterable[Revision]) -> dict[str, Revision]:
    """Return the revisions by id, in their order."""
    found: dict[str, Revision] = {}
    for item in revisions:
        other = found.setdefault(item.id, item)
        if other is not item:
            files = " and ".join(filter(None, [other.shown_path, item.shown_path]))
            raise DuplicateRevision(
                f"two revisions have the id {item.id!r}" + (f": {files}" if files else ""),
                place=item.place,
                hint="Give one of them another id, and mend what names it as down_revision or depends_on.",
            )
    return found


def _label_owners(revisions: Mapping[str, Revision]) -> dict[str, str]:
    """Return which revision declares each label; a label that is taken raises RevisionError."""
    owners: dict[str, str] = {}
    for id, item in revisions.items():
        for label in item.branch_labels:
            taken = label if label in revisions else owners.get(label)
            if taken is not None:
                what = "is the id of a revision" if label in revisions else f"belongs to revision {taken!r}"
                raise RevisionError(
                    f"branch label {label!r} of revision {id!r} already {what}",
                    place=item.place,
                    hint="Rename one of them: a symbol must mean one revision.",
                )
            owners[label] = id
    return owners


def _checked_parents(item: Revision, revisions: Mapping[str, Revision]) -> tuple[str, ...]:
    """Return the parents of a revision once all of them are known."""
    for name in item.down:
        if name not in revisions:
            raise _missing("down_revision", name, item, revisions)
    return item.down


def _missing(variable: str, name: str, item: Revision, known: Iterable[str]) -> MissingParent:
    near = closest(name, known)
    return MissingParent(
        f"{variable} {name!r} of revision {item.id!r} is in no file" + (f". Closest: {near!r}" if near else ""),
        place=item.place,
        hint=f"Add the missing file (a merge may have lost it, or a version location is missing), or mend {variable}.",
    )


def _placed(error: RevisionError, item: Revision) -> CommandError:
    """Return the error with the revision's file as its place, when it has one."""
    return error.at(item.shown_path, item.line) if item.shown_path else error


def _reverse(edges: Edges) -> Edges:
    """Turn parents into children, in file order."""
    turned: dict[str, list[str]] = {id: [] for id in edges}
    for id, targets in edges.items():
        for target in targets:
            turned[target].append(id)
    return {id: tuple(targets) for id, targets in turned.items()}


def _reach(ids: Iterable[str], edges: Edges) -> set[str]:
    """Return the ids and all that can be reached from them, each edge followed once."""
    found = set(ids)
    waiting = list(found)
    while waiting:
        fresh = [target for target in edges[waiting.pop()] if target not in found]
        found.update(fresh)
        waiting += fresh
    return found


def _newest_first(ids: Iterable[str], parents: Edges, children: Edges) -> list[str]:
    """Return the ids depth first from the heads, each after all its children; cycles stay out."""
    missing = {id: len(children[id]) for id in ids}
    ready = [id for id, count in missing.items() if not count]
    ready.reverse()
    order: list[str] = []
    while ready:
        id = ready.pop()
        order.append(id)
        for parent in reversed(parents[id]):
            missing[parent] -= 1
            if not missing[parent]:
                ready.append(parent)
    return order


def _refuse_cycle(
    error: type[CycleDetected], revisions: Mapping[str, Revision], parents: Edges, children: Edges
) -> tuple[str, ...]:
    """Return all ids newest first; raise the error with the members of a cycle if there is one."""
    order = _newest_first(revisions, parents, children)
    if len(order) == len(revisions):
        return tuple(order)
    done = {*order, *_newest_first(revisions, children, parents)}
    id = next(id for id in revisions if id not in done)
    trail: dict[str, int] = {}
    while id not in trail:
        trail[id] = len(trail)
        id = next(parent for parent in parents[id] if parent not in done)
    cycle = list(trail)[trail[id] :]
    first = next(id for id in revisions if id in cycle)
    turn = cycle.index(first)
    raise _placed(error(cycle[turn:] + cycle[:turn]), revisions[first])


def _union(sources: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the sorted union; when only one source says anything, that very tuple."""
    telling = [source for source in sources if source]
    if not telling:
        return ()
    if all(source is telling[0] for source in telling):
        return telling[0]
    return tuple(sorted({label for source in telling for label in source}))
