"""One step of a plan, and what it does to the rows of the version table.

The version table holds the revisions that are applied and that no other applied revision stands on or
depends on. So a step's statements follow from the graph alone:

==================================  ==================================================================
a revision is applied               the rows that it stands on give way to its own
  no such row                       INSERT it
  one                               UPDATE that row
  several (a merge)                 DELETE all but the last in the file's order, UPDATE the last
a revision is taken back            what it stood on, and nothing else still implies, comes back
  nothing                           DELETE its row
  one                               UPDATE its row
  several                           INSERT all but the last in the file's order, UPDATE its row to the last
==================================  ==================================================================

The file's order is that of ``down_revision``, then ``depends_on``. Alembic takes the same rows and the same
order where it does not go through a Python set; where it does, its choice changes with the hash seed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from sqlgen.records import dataclass, field
from sqlgen.revisions.lineage import Lineage
from sqlgen.revisions.revision import Revision

Direction: TypeAlias = Literal["upgrade", "downgrade", "stamp", "schema"]
VersionOp: TypeAlias = (
    tuple[Literal["insert"], str] | tuple[Literal["delete"], str] | tuple[Literal["update"], str, str]
)
"""``("insert", id)``, ``("delete", id)`` or ``("update", old, new)``."""


@dataclass(frozen=True, slots=True)
class Step:
    """One revision applied, taken back, or stamped.

    ``before`` and ``after`` are the sorted rows of the version table around the step, ``version_ops`` the
    statements between them, in order. For a stamp, ``revision`` is the one that is written, or the one whose
    row is deleted; ``is_upgrade`` is then whether the stamp leads upwards or to a branch not there before.
    """

    revision: Revision
    direction: Direction
    before: tuple[str, ...]
    after: tuple[str, ...]
    version_ops: list[VersionOp] = field(hash=False)
    is_upgrade: bool


class Rows:
    """The version table while a plan goes on, and the steps so far."""

    def __init__(self, lineage: Lineage, current: Iterable[str]) -> None:
        self.lineage = lineage
        self.rows = list(current)
        self.applied = lineage.ancestors(self.rows)
        self.steps: list[Step] = []

    def upgrade(self, id: str) -> None:
        """Add the step that applies a revision; what it stands on must be applied."""
        lost = [parent for parent in self.lineage.all_parents[id] if parent in self.rows]
        self.applied.add(id)
        self._step(id, "upgrade", replaced(lost, id), is_upgrade=True)

    def downgrade(self, id: str) -> None:
        """Add the step that takes a revision back; nothing applied may stand on it."""
        self.applied.discard(id)
        back = [parent for parent in self.lineage.all_parents[id] if not self._is_implied(parent)]
        self._step(id, "downgrade", restored(id, back), is_upgrade=False)

    def stamp(self, id: str) -> None:
        """Add the step that writes a revision in place of all rows on its line, unless it is a row."""
        if id in self.rows:
            return
        above = self.lineage.descendants([id])
        line = above | self.lineage.ancestors([id])
        lost = [row for row in self.rows if row in line]
        self._step(id, "stamp", replaced(lost, id), is_upgrade=not above.intersection(lost))

    def erase(self, id: str) -> None:
        """Add the step of a stamp that deletes a row."""
        self._step(id, "stamp", restored(id, []), is_upgrade=False)

    def _is_implied(self, id: str) -> bool:
        return any(child in self.applied for child in self.lineage.all_children[id])

    def _step(self, id: str, direction: Direction, ops: list[VersionOp], *, is_upgrade: bool) -> None:
        before = tuple(sorted(self.rows))
        for op in ops:
            _apply(op, self.rows)
        after = tuple(sorted(self.rows))
        self.steps.append(Step(self.lineage.revisions[id], direction, before, after, ops, is_upgrade))


def replaced(lost: list[str], id: str) -> list[VersionOp]:
    """Return the statements that put a row in the place of others."""
    if not lost:
        return [("insert", id)]
    return [*(("delete", row) for row in lost[:-1]), ("update", lost[-1], id)]


def restored(id: str, back: list[str]) -> list[VersionOp]:
    """Return the statements that put other rows, or none, in the place of one."""
    if not back:
        return [("delete", id)]
    return [*(("insert", row) for row in back[:-1]), ("update", id, back[-1])]


def _apply(op: VersionOp, rows: list[str]) -> None:
    """Change the rows as the statement does."""
    if op[0] != "insert":
        rows.remove(op[1])
    if op[0] != "delete":
        rows.append(op[-1])
