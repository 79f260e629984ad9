"""The revision graph: what programs and commands ask about revisions.

Everything here is answered in an order that depends only on the files: newest first, depth first from the
heads, the first file's head first (see ``Lineage``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlgen.errors import RangeNotAncestorError, RevisionError
from sqlgen.revisions.lineage import Lineage
from sqlgen.revisions.revision import Names, Revision
from sqlgen.revisions.steps import Rows, Step
from sqlgen.revisions.symbols import Resolver


class RevisionGraph:
    """The revisions of a project, checked when it is made.

    Iterating gives them newest first. Raises DuplicateRevision, MissingParent, RevisionError (a branch label
    used twice), LoopDetected, DependencyLoopDetected, CycleDetected or DependencyCycleDetected.
    """

    def __init__(self, revisions: Iterable[Revision] = ()) -> None:
        self.lineage = Lineage(revisions)
        self.symbols = Resolver(self.lineage)

    def __iter__(self) -> Iterator[Revision]:
        return iter(self._revisions(self.lineage.order))

    def __len__(self) -> int:
        return len(self.lineage.order)

    def __contains__(self, id: object) -> bool:
        return id in self.lineage.revisions

    def __getitem__(self, id: str) -> Revision:
        """Return the revision with exactly this id; KeyError when there is none."""
        return self.lineage.revisions[id]

    @property
    def heads(self) -> tuple[str, ...]:
        """Ids that nothing follows by ``down_revision``, in file order."""
        return self.lineage.heads

    @property
    def real_heads(self) -> tuple[str, ...]:
        """Ids that nothing follows nor depends on: what the symbol ``heads`` means."""
        return self.lineage.real_heads

    @property
    def bases(self) -> tuple[str, ...]:
        """Ids with no ``down_revision``, in file order."""
        return self.lineage.bases

    @property
    def labels(self) -> dict[str, str]:
        """Which revision declares each branch label."""
        return dict(self.lineage.labels)

    @property
    def branch_points(self) -> tuple[str, ...]:
        """Ids that several revisions follow, newest first."""
        return tuple(id for id in self.lineage.order if len(self.lineage.children[id]) > 1)

    @property
    def merge_points(self) -> tuple[str, ...]:
        """Ids that follow several revisions, newest first."""
        return tuple(id for id in self.lineage.order if len(self.lineage.parents[id]) > 1)

    def children(self, id: str, *, dependencies: bool = False) -> tuple[str, ...]:
        """Return the ids that follow a revision, in file order; with dependencies, also what depends on it."""
        return (self.lineage.all_children if dependencies else self.lineage.children)[id]

    def parents(self, id: str, *, dependencies: bool = False) -> tuple[str, ...]:
        """Return the ids that a revision follows; with dependencies, also what it depends on, resolved."""
        return (self.lineage.all_parents if dependencies else self.lineage.parents)[id]

    def ancestors(self, id: str, *, dependencies: bool = True) -> tuple[str, ...]:
        """Return everything that must be applied before a revision, newest first."""
        return tuple(self.lineage.sorted(self.lineage.ancestors([id], dependencies=dependencies) - {id}))

    def descendants(self, id: str, *, dependencies: bool = True) -> tuple[str, ...]:
        """Return everything that stands on a revision, newest first."""
        return tuple(self.lineage.sorted(self.lineage.descendants([id], dependencies=dependencies) - {id}))

    def depth(self, id: str) -> int:
        """Return the longest way from the base in revisions: 1 for the first; dependencies count."""
        return self.lineage.depths[id]

    def branch_labels(self, id: str) -> tuple[str, ...]:
        """Return the sorted labels of the branches that a revision is on, its own and inherited ones."""
        return self.lineage.labels_of[id]

    def topological(self) -> tuple[Revision, ...]:
        """Return all revisions parents first: the order in which a script applies them."""
        return tuple(self._revisions(reversed(self.lineage.order)))

    def get(self, symbol: str | None) -> Revision | None:
        """Return the revision that a symbol means, None for the base.

        Raises ResolutionError for what is unknown or ambiguous, MultipleHeads, or RevisionError.
        """
        id = self.symbols.one(symbol)
        return None if id is None else self[id]

    def get_all(self, symbol: Names) -> tuple[Revision, ...]:
        """Return the revisions that a symbol, or several, mean; none for the base. Raises as ``get``."""
        return tuple(self._revisions(self.symbols.many(symbol)))

    def iterate(
        self,
        upper: Names,
        lower: Names,
        inclusive: bool = False,
        implicit_base: bool = False,
        select_for_downgrade: bool = False,
    ) -> Iterator[Revision]:
        """Return the revisions from ``upper`` down to ``lower``, newest first.

        ``inclusive`` counts ``lower`` in. ``implicit_base`` also takes what ``upper`` needs from other
        branches, and lets ``lower`` stand beside it. ``select_for_downgrade`` takes what must go when a
        database at ``upper`` returns to ``lower``. A ``lower`` of ``-3`` counts down from ``upper``, and ends
        at the base when there are fewer.

        Raises RangeNotAncestorError when ``lower`` is not under ``upper``, and as ``get``.
        """
        if select_for_downgrade:
            current = self.symbols.many(upper)
            chosen = self._to_drop(_only_one(lower), current, inclusive, implicit_base)
        else:
            chosen = self._to_apply(upper, lower, inclusive, implicit_base)
        return iter(self._revisions(self.lineage.sorted(chosen)))

    def upgrade(self, target: Names, current: Names) -> list[Step]:
        """Return the steps that take a database from its rows ``current`` up to the target.

        A target that is applied already needs no step. Where ``current`` is ``label@base``, a target of
        several heads means those of that branch. Raises as ``get``; RevisionError for rows of which one
        implies another.
        """
        chosen = self._to_apply(target, current, inclusive=False, implicit_base=True)
        rows = Rows(self.lineage, self.rows(current))
        for id in reversed(self.lineage.sorted(chosen)):
            rows.upgrade(id)
        return rows.steps

    def downgrade(self, target: str | None, current: Names) -> list[Step]:
        """Return the steps that take a database from its rows ``current`` down to the target.

        ``label@base`` and ``label@id`` leave other branches alone unless they depend on what goes.
        Raises RangeNotAncestorError when the target is not under ``current``, and as ``upgrade``.
        """
        start = self.rows(current)
        chosen = self._to_drop(target, start, inclusive=False, implicit_base=False)
        rows = Rows(self.lineage, start)
        for id in self.lineage.sorted(chosen):
            rows.downgrade(id)
        return rows.steps

    def stamp(self, target: Names, current: Names) -> list[Step]:
        """Return the steps that write the targets into the version table, as if they had been applied.

        A target takes the place of all rows on its line, above or below; other rows stay. ``base`` deletes
        all rows, ``label@base`` those of the branch; ``+1`` and ``-1`` count from ``current``.
        """
        rows = Rows(self.lineage, self.rows(current))
        for text in [target] if isinstance(target, str) or target is None else target:
            self._stamp_one(text, rows)
        return rows.steps

    def rows(self, current: Names) -> tuple[str, ...]:
        """Return the ids of version rows; raise RevisionError when one of them implies another."""
        ids = self.symbols.many(current)
        applied = self.lineage.ancestors(ids) if len(ids) > 1 else set(ids)
        for id in ids:
            if any(child in applied for child in self.lineage.all_children[id]):
                raise RevisionError(
                    f"the start {', '.join(ids)} names {id}, which another of them already implies",
                    hint="Name only the rows of the version table: the newest revision of each branch.",
                )
        return ids

    def _stamp_one(self, text: str | None, rows: Rows) -> None:
        """Add the steps of one target: each id that it means, or where it means the base, the lost rows."""
        branch, ids = self._stamp_target(text, tuple(rows.rows))
        for id in ids:
            rows.stamp(id)
        if not ids:
            lost = self.symbols.on_branch(rows.rows, branch, dependencies=True) if branch else tuple(rows.rows)
            for row in lost:
                rows.erase(row)

    def _stamp_target(self, text: str | None, current: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
        """Return the branch that the base is meant of (None: all), and the ids to write (none: the base)."""
        if text is None:
            return None, ()
        symbol = self.symbols.parse(text)
        if not symbol.is_relative:
            counted_from = symbol.name if symbol.steps and symbol.name in self.symbols.known else None
            return symbol.branch or counted_from, self.symbols.many(text)
        if (symbol.steps or 0) > 0:
            return symbol.branch, self.symbols.upgrade_targets(text, current)
        branch, target = self.symbols.downgrade_target(text, current)
        return branch, (target,) if target else ()

    def _to_apply(self, upper: Names, lower: Names, inclusive: bool, implicit_base: bool) -> set[str]:
        """Return the ids that stand between the lower and the upper end of an upgrade."""
        floor = self._floor(upper, lower)
        targets = self.symbols.upgrade_targets(upper, floor)
        branch = self._branch_of(lower)
        if branch:
            targets = self.symbols.on_branch(targets, branch)
        needed = self.lineage.ancestors(targets)
        if not implicit_base and not needed.issuperset(floor):
            raise RangeNotAncestorError(shown(lower), shown(upper))
        chosen = needed - self.lineage.ancestors(floor)
        if inclusive:
            chosen.update(floor)
        if floor and not implicit_base:
            chosen &= self.lineage.descendants(floor, dependencies=False)
        return chosen

    def _floor(self, upper: Names, lower: Names) -> tuple[str, ...]:
        """Return the lower ids; ``-3`` counts from the upper ones."""
        if isinstance(lower, str):
            symbol = self.symbols.parse(lower)
            if symbol.is_relative and (symbol.steps or 0) < 0:
                return self.symbols.clamped(lower, self.symbols.many(upper))
        return self.rows(lower)

    def _branch_of(self, lower: Names) -> str | None:
        return self.symbols.parse(lower).branch if isinstance(lower, str) else None

    def _to_drop(self, target: str | None, current: tuple[str, ...], inclusive: bool, implicit_base: bool) -> set[str]:
        """Return the applied ids that must go when a database goes down to the target."""
        branch, floor = self.symbols.downgrade_target(target, current)
        roots = self._roots(floor, inclusive)
        if branch and len(roots) > 1:
            roots = self._roots_on(branch, roots)
        active = self.lineage.ancestors(current)
        chosen = self.lineage.descendants(roots) & active
        if implicit_base:
            chosen |= active - self.lineage.ancestors(roots)
        if floor and not chosen and floor not in current:
            raise RangeNotAncestorError(floor, shown(current), hint=self._why_not_below(floor, active))
        return chosen

    def _roots(self, floor: str | None, inclusive: bool) -> tuple[str, ...]:
        """Return the lowest revisions that a downgrade removes."""
        if floor is None:
            return self.lineage.bases
        return (floor,) if inclusive else self.lineage.children[floor]

    def _roots_on(self, branch: str, roots: tuple[str, ...]) -> tuple[str, ...]:
        """Return the roots that lead to the branch's revision, else those that it leads to."""
        for line in (
            self.lineage.ancestors([branch], dependencies=False),
            self.lineage.descendants([branch], dependencies=False),
        ):
            found = tuple(root for root in roots if root in line)
            if found:
                return found
        raise RevisionError(
            f"the branch of {branch} has nothing above this target",
            hint="Name a branch that is above the target, or leave the branch out.",
        )

    def _why_not_below(self, floor: str, active: set[str]) -> str:
        if floor in active:
            return f"{floor} is applied because another branch depends on it: downgrade that branch first."
        return f"A downgrade goes to a revision that is applied, and {floor} is not."

    def _revisions(self, ids: Iterable[str]) -> list[Revision]:
        return [self.lineage.revisions[id] for id in ids]


def shown(names: Names) -> str:
    """Return symbols as messages show them; nothing is the base."""
    listed = [names] if isinstance(names, str) else list(names or ())
    return ", ".join(listed) or "base"


def _only_one(lower: Names) -> str | None:
    """Return the single lower end of a downgrade; raise RevisionError for several."""
    listed = [lower] if isinstance(lower, str) else list(lower or ())
    if len(listed) > 1:
        raise RevisionError(
            f"a downgrade goes to one revision, and {shown(listed)} are {len(listed)}",
            hint="Write one downgrade for each branch: label@id.",
        )
    return listed[0] if listed else None
