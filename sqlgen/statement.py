"""One statement of a script, and what is known about it."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.sql.elements import ClauseElement

from .errors import Source
from .records import dataclass

VERSION_ROW = "version row"
"""The ``operation`` of a statement that writes a row of the version table; that of the table itself is another."""

Call = tuple[str, Source | None]
"""What a revision called, in short, and where."""

Kind = Literal["ddl", "dml", "guard", "version", "raw"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as the server should receive it, without a terminator.

    ``kind`` is what it does; ``raw`` is text of the author's that nobody looked into. ``operation`` is the call
    that made it, in short (``op.create_table("invoice")``); ``source`` is where in the revision file that call
    stands. ``transactional`` is False for what a server refuses inside a transaction or where the author asked
    for autocommit; ``anew`` is True for the first statement after a COMMIT of the author's. ``alone`` says that it must
    have a batch of its own. ``verbatim`` text is printed exactly as it is, with no terminator. ``element`` is the
    SQLAlchemy construct that it was compiled from, if any. ``also`` are further calls whose work it does.
    """

    sql: str
    kind: Kind = "raw"
    operation: str = ""
    revision: str = ""
    source: Source | None = None
    transactional: bool = True
    anew: bool = False
    alone: bool = False
    verbatim: bool = False
    element: ClauseElement | None = None
    also: tuple[Call, ...] = ()

    def __str__(self) -> str:
        return self.sql
