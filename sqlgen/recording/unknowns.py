"""What a revision has in its hands for something that only the server will know."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn, Protocol, TypeAlias

from ..literals import ServerValue
from ..records import dataclass
from ..twin.received import Received

Rows: TypeAlias = list[tuple[Any, ...]]


@dataclass(slots=True)
class Query:
    """A query on its way to nobody.

    ``sql`` is its text with parameters; ``received`` what SQLAlchemy compiled, None for text; ``literal`` returns the
    text with its values. ``why`` tells why its rows are not known, ``kept`` how many statements the script had with it.
    ``description`` describes the columns of a text's rows, once these are known.
    """

    sql: str
    received: Received | None = None
    literal: Callable[[], str] = str
    why: str = ""
    kept: int = 0
    description: list[tuple[Any, ...]] | None = None

    @property
    def shown(self) -> str:
        """The query on one line, for a sentence."""
        return " ".join(self.sql.split())[:300]


class Decider(Protocol):
    """Who hears that a revision decides by something unknown; the recorder."""

    def uncounted(self) -> int:
        """Return what an unknown row count is taken for, or raise NeedsDatabase."""

    def undecided(self, what: str) -> NoReturn:
        """Raise NeedsDatabase for a decision by a value that only the server knows."""


class UnknownCount(int):
    """The row count of a statement that has not run: it can be added up, but nothing can be decided by it."""

    listener: Decider

    def __new__(cls, listener: Decider) -> UnknownCount:
        """Make a count that reports to a listener."""
        self = super().__new__(cls, -1)
        self.listener = listener
        return self

    def __bool__(self) -> bool:
        return bool(self.listener.uncounted())

    def __eq__(self, other: object) -> bool:
        return self.listener.uncounted() == other

    def __ne__(self, other: object) -> bool:
        return self.listener.uncounted() != other

    def __lt__(self, other: int) -> bool:
        return self.listener.uncounted() < other

    def __le__(self, other: int) -> bool:
        return self.listener.uncounted() <= other

    def __ge__(self, other: int) -> bool:
        return self.listener.uncounted() >= other

    def __gt__(self, other: int) -> bool:
        # The unit of work asks ``rowcount > -1`` of every statement: whether the driver knows the count at all.
        if sys._getframe(1).f_globals.get("__name__", "").startswith("sqlalchemy.orm."):
            return False
        return self.listener.uncounted() > other

    def _number(self) -> int:
        return self.listener.uncounted()

    __int__ = __index__ = __hash__ = _number

    def _refuse(self, *_: Any) -> NoReturn:
        self.listener.undecided("a row count")

    __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __abs__ = _refuse

    def __add__(self, _other: int) -> UnknownCount:
        return self

    __radd__ = __add__

    def __str__(self) -> str:
        return "<unknown row count>"

    __repr__ = __str__

    def __format__(self, _spec: str) -> str:
        return str(self)


class UnknownCell(ServerValue):
    """A value in a row that only the server knows: it can be kept, but nothing can be decided by it or made of it.

    SQLAlchemy compares such values by identity.
    """

    __slots__ = ("listener",)

    def __init__(self, what: str, listener: Decider) -> None:
        super().__init__(what)
        self.listener = listener

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if other is None or sys._getframe(1).f_globals.get("__name__", "").startswith("sqlalchemy."):
            return False
        return self._refuse()

    def __hash__(self) -> int:
        return id(self)

    def _refuse(self, *_: Any) -> NoReturn:
        self.listener.undecided(self.what)

    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = __str__ = __format__ = __int__ = __float__ = __index__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __mod__ = __iter__ = __len__ = _refuse
    __getitem__ = __contains__ = _refuse
