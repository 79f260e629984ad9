"""The statements of a run, in order, however many rows they insert."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from .spool import Spool
from .statement import Statement


@dataclass(slots=True)
class Run:
    """Consecutive statements that differ in their text only: one without text, and where in the spool each text ends."""

    template: Statement
    spool: Spool
    start: int
    ends: array[int] = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, index: int) -> Statement:
        start = self.ends[index - 1] if index else self.start
        text = self.spool.read(start, self.ends[index])
        return replace(self.template, sql=text.decode("utf-8", "surrogatepass"))

    def takes(self, template: Statement) -> bool:
        """Tell whether a statement may follow: it differs in nothing else, and so does its place in the spool."""
        return template == self.template and self.spool.size == (self.ends[-1] if self.ends else self.start)

    def append(self, sql: str) -> None:
        """Put the text of one more statement into the spool. Raises OutputError."""
        self.spool.add(sql.encode("utf-8", "surrogatepass"))
        self.ends.append(self.spool.size)


class Statements(Sequence[Statement]):
    """A list of statements that keeps the text of those which insert rows in a spool.

    It takes the place of a list in the recorder: it grows at its end, and is cut there. A statement of rows is made
    anew from the spool each time that it is asked for; all others are kept as they are.
    """

    def __init__(self, spool: Spool | None = None) -> None:
        self._spool = spool or Spool()
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
        template = replace(statement, sql="")
        if self._own is None or self._parts[-1] is not self._own or not self._own.takes(template):
            self._own = Run(template, self._spool, self._spool.size)
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
            del last.ends[size - self._starts[-1] :]
        self._size = size
        self._own = None

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Statement]:
        for part in self._parts:
            if isinstance(part, Run):
                yield from (part[index] for index in range(len(part)))
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
