"""IF EXISTS and IF NOT EXISTS: the server's own clause where it has one, else a guard around the statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Literal

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema

from .compiler import tidy
from .copying import Copy
from .features import Features
from .records import dataclass
from .statement import Statement

#: A string is SQL without a terminator; an executable is compiled when the recorder runs it on the connection. A copy
#: of a table stands before its statements.
Piece = str | Statement | sa.Executable | Copy


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for a statement to run: an object exists, before it is dropped, or does not, before it is made.

    ``name`` is the object's own; ``table`` is the table that it belongs to, the same for a table itself.
    """

    kind: Literal["table", "column", "index", "constraint", "primary_key"]
    exists: bool
    name: str
    table: str
    schema: str | None = None

    @property
    def feature(self) -> str:
        """The name of the clause among the features of a server."""
        if self.exists:
            return f"drop_{self.kind}_if_exists"
        return f"{'add' if self.kind == 'column' else 'create'}_{self.kind}_if_not_exists"


class Conditional(Features):
    """Writes statements that run only if an object exists, or only if it does not.

    ``guards`` says that the database can be told so around a statement; :meth:`guarded` does it.
    """

    guards: ClassVar[bool] = False

    def provided(self, asked: object, condition: Condition, make: Callable[[bool], Iterable[Piece]]) -> Iterator[Piece]:
        """Yield the pieces of ``make``, which is told whether to write the clause.

        Where the clause is asked for and the server lacks it, each of them stands behind a guard.
        Raises Unsupported where there is neither.
        """
        if not asked or self.can(condition.feature):
            yield from make(bool(asked))
            return
        if not self.guards:
            self.need(condition.feature)
        for piece in make(False):
            statement = self.compiled(piece)
            if isinstance(statement.element, sa_schema.CreateTable):
                statement.element.if_not_exists = True  # for those who follow what the script does
            yield from self.guarded(condition, statement)

    def compiled(self, piece: Piece) -> Statement:
        """Return a piece as a statement."""
        if isinstance(piece, Statement):
            return piece
        if isinstance(piece, str):
            return Statement(piece, kind="ddl")
        sql = tidy(str(piece.compile(dialect=self.sa))).strip()  # type: ignore[union-attr]
        return Statement(sql, kind="ddl", element=piece)  # type: ignore[arg-type]

    def guarded(self, condition: Condition, statement: Statement) -> Iterator[Statement]:
        """Yield what runs a statement only under a condition."""
        raise NotImplementedError
