"""The statements of a run, in order, however many rows they insert."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import overload

from .records import replace
from .spool import BLOCK, Spool
from .statement import Statement

FACTS = tuple(one.name for one in fields(Statement) if one.name != "sql")
facts_of = attrgetter(*FACTS)


class Run:
    """Consecutive statements that differ in their text only: what they share, and where in the spool each text ends."""

    __slots__ = ("_ends", "_facts", "_make", "_spool", "_start", "outline")

    def __init__(self, first: Statement, spool: Spool) -> None:
        self.outline = replace(first, sql="")
        self._facts = facts_of(first)
        self._make: Callable[[str], Statement] = partial(Statement, **dict(zip(FACTS, self._facts, strict=True)))
        self._spool = spool
        self._start = spool.size
        self._ends: array[int] = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> Statement:
        start = self._ends[index - 1] if index else self._start
        return self._statement(self._spool.read(start, self._ends[index]))

    def __iter__(self) -> Iterator[Statement]:
        start, index = self._start, 0
        while index < len(self._ends):
            after = max(bisect_right(self._ends, start + BLOCK), index + 1)
            block, first = self._spool.read(start, self._ends[after - 1]), start
            for end in self._ends[index:after]:
                yield self._statement(block[start - first : end - first])
                start = end
            index = after

    def _statement(self, text: bytes) -> Statement:
        return self._make(text.decode("utf-8", "surrogatepass"))

    def takes(self, statement: Statement) -> bool:
        """Tell whether a statement may follow: it differs in its text only, and the spool ends where the last does."""
        return facts_of(statement) == self._facts and self._spool.size == (
            self._ends[-1] if self._ends else self._start
        )

    def append(self, sql: str) -> None:
        """Put the text of one more statement into the spool. Raises OutputError."""
        self._spool.add(sql.encode("utf-8", "surrogatepass"))
        self._ends.append(self._spool.size)

    def cut(self, size: int) -> None:
        """Take back all but the first statements; their text stays in the spool."""
        del self._ends[size:]


class Statements(Sequence[Statement]):
    """A list of statements that keeps the text of those which insert rows in a spool.

    It takes the place of a list in the recorder: it grows at its end, and is cut there. A statement of rows is made
    anew from the spool each time that it is asked for; all others are kept as they are.
    """

    def __init__(self, spool: Spool | None = None) -> None:
        self._spool = spool
        self._parts: list[Statement | Run] = []
        self._starts: list[int] = []
        self._size = 0
        self._own: Run | None = None

    @classmethod
    def joined(cls, groups: Iterable[Iterable[Statement]]) -> Statements:
        """Return the statements of several groups as one; texts that are in a spool stay where they are."""
        whole = cls()
        for group in groups:
            for part in group._parts if isinstance(group, Statements) else group:
                whole._add(part)
        return whole

    def append(self, statement: Statement) -> None:
        """Put a statement at the end. Raises OutputError when there is no room for the text of rows."""
        if statement.kind != "dml" or statement.element is not None:
            self._add(statement)
            return
        if self._own is None or self._parts[-1] is not self._own or not self._own.takes(statement):
            self._spool = self._spool or Spool()
            self._own = Run(statement, self._spool)
            self._add(self._own)
        self._own.append(statement.sql)
        self._size += 1

    def _add(self, part: Statement | Run) -> None:
        self._starts.append(self._size)
        self._parts.append(part)
        self._size += len(part) if isinstance(part, Run) else 1

    def __delitem__(self, index: slice) -> None:
        """Take back the statements from a place on, as ``del statements[place:]``."""
        size = index.indices(self._size)[0]
        while self._parts and self._starts[-1] >= size:
            del self._parts[-1], self._starts[-1]
        if self._parts and isinstance(last := self._parts[-1], Run):
            last.cut(size - self._starts[-1])
        self._size = size
        self._own = None

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Statement]:
        for part in self._parts:
            if isinstance(part, Run):
                yield from part
            else:
                yield part

    def outlines(self) -> Iterator[Statement]:
        """Yield the statements as they are in memory: those of rows without their text."""
        for part in self._parts:
            if isinstance(part, Run):
                yield from repeat(part.outline, len(part))
            else:
                yield part

    @overload
    def __getitem__(self, index: int) -> Statement: ...
    @overload
    def __getitem__(self, index: slice) -> list[Statement]: ...
    def __getitem__(self, index: int | slice) -> Statement | list[Statement]:
        places = range(self._size)[index]
        if isinstance(places, range):
            return [self[place] for place in places]
        number = bisect_right(self._starts, places) - 1
        part = self._parts[number]
        return part[places - self._starts[number]] if isinstance(part, Run) else part


def outlines(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield statements for somebody who does not look at their text; what is in a spool stays there."""
    return statements.outlines() if isinstance(statements, Statements) else iter(statements)
