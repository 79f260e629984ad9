"""The twin, run only when a revision asks for rows: until then what it has to follow waits.

Most revisions never read. What an operation does waits here in a few words; what comes over the connection of its own
may be asked for its row count at once, so it makes the twin run everything up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..compiler import OfflineDialect
from ..operations.model import BulkInsert, Operation
from .facts import RowFacts
from .kept import Kept
from .received import Received

if TYPE_CHECKING:
    from .twin import Twin

MOST_TEXT = 4 * 1024 * 1024
"""Characters of text SQL that may wait in memory."""
CHANGEABLE = (list, dict, set, bytearray)


class LateTwin:
    """Keeps the steps of a twin, in their order, until :meth:`now` is called. It takes what the twin takes."""

    def __init__(self, dialect: OfflineDialect, facts: RowFacts, missing: Callable[[str], Any]) -> None:
        self._made: Twin | None = None
        self._kept = Kept()
        self._make = dialect, facts, missing
        self._waiting: list[Callable[[Twin], object]] = []
        self._text = 0

    def now(self) -> Twin:
        """Return the twin as it is at this moment of the run."""
        if self._made is None:
            from .twin import Twin

            self._made = Twin(*self._make, self._kept)
        waiting, self._waiting, self._text = self._waiting, [], 0
        for step in waiting:
            step(self._made)
        return self._made

    def lose_all(self, why: str) -> None:
        """Note that nothing is known of any rows from here on."""
        self._waiting.append(lambda twin: twin.lose_all(why))

    def create(self, table: sa.Table, *, if_missing: bool, from_base: bool) -> None:
        """Follow a table that an operation creates. One that its author changes afterwards is not known."""
        columns = [*map(id, table.columns)]

        def create(twin: Twin) -> None:
            twin.create(table, if_missing=if_missing, from_base=from_base)
            if [*map(id, table.columns)] != columns:
                twin.lose(twin.key(str(table.name), table.schema), "the revision has changed the object that made it")

        self._waiting.append(create)

    def drop(self, name: str, schema: str | None) -> None:
        """Follow a table that an operation drops."""
        self._waiting.append(lambda twin: twin.drop(name, schema))

    def applied(self, operation: Operation) -> None:
        """Follow an operation that has been rendered; rows, which may be many, wait in a spool."""
        if isinstance(operation, BulkInsert):
            table, kept = operation.table, self._kept.keep(operation.rows)
            if kept is None:
                self.now().bulk(table, operation.rows)
            elif kept:
                self._waiting.append(lambda twin: twin.pend(table, kept))
            return
        self._waiting.append(lambda twin: twin.applied(operation))

    def text(self, sql: str, changes: tuple[Operation, ...] | None) -> None:
        """Follow a statement of text in an operation; ``changes`` are what it does to the schema."""
        self._waiting.append(lambda twin: twin.text(sql, changes))
        self._text += len(sql)
        if self._text > MOST_TEXT:
            self.now()

    def write(self, sets: Sequence[Received]) -> None:
        """Follow an INSERT, UPDATE or DELETE in an operation; values that may change while they wait do not wait."""
        if len(sets) == 1 and not any(isinstance(value, CHANGEABLE) for value in sets[0].values.values()):
            self._waiting.append(lambda twin: twin.write(sets))
        else:
            self.now().write(sets)
