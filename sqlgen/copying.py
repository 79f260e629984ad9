"""Copies of tables, for a database that cannot change these in place, and when two of them may become one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, runtime_checkable

import sqlalchemy as sa

from .operations.model import BatchAlter
from .records import dataclass
from .statement import Statement

#: A statement, as SQL or not compiled yet.
Rendered = str | Statement | sa.Executable
#: A value that is taken over as it is.
AS_IT_IS = "{}"


@dataclass(frozen=True, slots=True)
class Flow:
    """Where the values of a column come from when its table is copied.

    ``source`` is the column that they are taken from, None for values that are new; ``value`` is the SQL of them, with
    ``{}`` for those of the source. ``before`` and ``after`` tell how source and column keep a value: where these are
    the same, a value that is kept as it is stays the same. ``before`` is empty where nobody knows.
    """

    source: str | None
    value: str
    before: str
    after: str

    @property
    def changes_nothing(self) -> bool:
        """Whether every value arrives as it left."""
        return self.source is not None and self.value == AS_IT_IS and self.before == self.after

    def then(self, second: Flow) -> Flow | None:
        """Return where values come from when a second copy takes them from this column.

        None where both copies change them: one SQL expression need not give what two do, with a column between them
        that converts what it keeps.
        """
        if second.source is None:
            return second
        if second.value == AS_IT_IS and second.after == self.after:
            return self
        return Flow(self.source, second.value, self.before, second.after) if self.changes_nothing else None


Flows = Mapping[str, Flow]
"""Of each column of a copy, by the name that it has in the end, where its values come from."""


def composed(first: Flows, second: Flows) -> Flows | None:
    """Return where values come from after two copies, one of the other; None where that cannot be said."""
    found: dict[str, Flow] = {}
    for name, flow in second.items():
        before = first.get(flow.source) if flow.source is not None else None
        whole = flow if flow.source is None else before.then(flow) if before is not None else None
        if whole is None:
            return None
        found[name] = whole
    return found


@runtime_checkable
class Copy(Protocol):
    """A table that one or several blocks of changes copy, once. A dialect yields it before the statements of the copy.

    ``blocks`` are the changes, in order: what one block says counts for its own operations only.
    """

    blocks: tuple[BatchAlter, ...]

    @property
    def joins(self) -> bool:
        """Whether it may become one copy with another."""

    def gather(self) -> None:
        """Take all operations into account, once. Raises Unsupported for what a copy cannot do."""

    def flows(self) -> Flows:
        """Return where the values come from; after :meth:`gather`."""

    def is_as_strict(self) -> bool:
        """Tell whether it refuses every row that a copy per block would refuse; after :meth:`gather`."""

    def pieces(self) -> Iterator[Rendered]:
        """Yield its statements. Raises Unsupported for what a copy cannot do."""
