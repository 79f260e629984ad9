"""The twin, run only when a revision asks for rows: until then what it has to follow waits.

Most revisions never read. What an operation does waits here in a few words; what comes over the connection of its own
may be asked for its row count at once, so it makes the twin run everything up to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..compiler import OfflineDialect
from ..operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    BulkInsert,
    DropColumn,
    Operation,
    RenameTable,
)
from .facts import RowFacts
from .kept import Kept
from .received import Received

if TYPE_CHECKING:
    from .tables import Key
    from .twin import Twin

MOST_TEXT = 4 * 1024 * 1024
"""Characters of text SQL that may wait in memory."""
CHANGEABLE = (list, dict, set, bytearray)


class LateTwin:
    """Keeps the steps of a twin, in their order, until :meth:`now` is called. It takes what the twin takes."""

    def __init__(self, dialect: OfflineDialect, facts: RowFacts, missing: Callable[[str], Any]) -> None:
        self._made: Twin | None = None
        self._kept = Kept()
        self._dialect, self._facts, self._missing = dialect, facts, missing
        self._waiting: list[Callable[[Twin], object]] = []
        self._text = 0

    def now(self) -> Twin:
        """Return the twin as it is at this moment of the run."""
        if self._made is None:
            from .twin import Twin

            self._made = Twin(self._dialect, self._facts, self._missing, self._kept)
        waiting, self._waiting, self._text = self._waiting, [], 0
        for step in waiting:
            step(self._made)
        return self._made

    def lose_all(self, why: str) -> None:
        """Note that nothing is known of any rows from here on."""
        self._waiting.append(lambda twin: twin.lose_all(why))

    def create(self, table: sa.Table, *, if_missing: bool, from_base: bool) -> None:
        """Follow a table that an operation creates, as it is at this moment."""
        from .tables import TableDraft

        key, draft = self._key(str(table.name), table.schema), TableDraft.of(table, self._dialect)

        def step(made: Twin) -> None:
            made.put(key, draft.twin(self._dialect, self._facts), if_missing=if_missing, from_base=from_base)

        self._waiting.append(step)

    def _key(self, name: str, schema: str | None) -> Key:
        from .tables import key_of

        return key_of(name, schema, self._dialect)

    def drop(self, name: str, schema: str | None) -> None:
        """Follow a table that an operation drops."""
        self._waiting.append(lambda twin: twin.drop(name, schema))

    def applied(self, operation: Operation) -> None:
        """Follow an operation that has been rendered, as far as it matters to rows.

        What is made waits as it is at this moment, without the author's tables and columns, which take much memory and
        may change; rows, of which there may be many, wait in a spool.
        """
        from .tables import parent_of, planned_column

        match operation:
            case BatchAlter():
                for inner in operation.operations:
                    self.applied(inner)
            case BulkInsert():
                table, kept = operation.table, self._kept.keep(operation.rows)
                if kept is None:
                    self.now().bulk(table, operation.rows)
                elif kept:
                    self._waiting.append(lambda twin: twin.pend(table, kept))
            case AddColumn():
                key = self._key(operation.table_name, operation.schema)
                new = planned_column(operation.column, operation.if_not_exists, self._dialect, self._facts)
                self._waiting.append(lambda twin: twin.add(key, new))
            case AddConstraint(constraint=sa.ForeignKeyConstraint() as constraint):
                key, parent = self._key(operation.table_name, operation.schema), parent_of(constraint, self._dialect)
                if parent is not None:
                    self._waiting.append(lambda twin: twin.refer(key, parent))
            case RenameTable() | DropColumn() | AlterColumn():
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
