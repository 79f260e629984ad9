"""What the recorder answers about rows: from the twin, from the catalogue, or as the user says of unknown ones."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import sqlalchemy as sa

from ..dialect import UNTOLD_DATABASE, Dialect
from ..errors import NeedsDatabase, RenderError, Source
from ..scripts.section import AssumedRead
from ..statement import Statement
from ..statements import Statements
from ..twin.late import LateTwin
from ..twin.received import Received
from ..twin.values import NotKnown
from .answering import Answering
from .reads import READS_HINT, as_if_empty, needs_rows
from .unknowns import Query, Rows

if TYPE_CHECKING:
    from ..twin.twin import Twin


class RowAnswers(Answering):
    """Answers questions of revisions about rows."""

    dialect: Dialect
    engine: sa.Engine
    twin: LateTwin | None
    on_read: str
    assumed: list[AssumedRead]
    statements: list[Statement] | Statements
    revision: str

    @abstractmethod
    def locate(self) -> Source | None:
        """Return the line of the revision file that is being run."""

    def forget_rows(self, why: str) -> None:
        """Know nothing of any rows from here on."""
        self.shadow.empty.clear()
        if self.twin is not None:
            self.twin.lose_all(why)

    def wrote(self, sets: Sequence[Received]) -> int | None:
        """Let the twin follow a statement that writes rows; return how many it hits, if that is known."""
        if self.twin is not None and self._operation:
            self.twin.write(sets)
            return None
        if self.twin is not None:
            return self.twin.now().write(sets)
        hits_nothing = self.shadow.hits_nothing("", sets[0].statement)
        return 0 if hits_nothing else None

    def returned(self, received: Received) -> tuple[int | None, Rows | None]:
        """Let the twin follow a statement with RETURNING; return how many rows it hits, and these, as far as known."""
        return (None, None) if self.twin is None else self.twin.now().write_returning(received)

    def rows(self, query: Query) -> Rows | None:
        """Return the rows of a query of the revision's, None when nobody knows or nobody will look."""
        if self._operation:
            return None
        if self.engine.url.database == UNTOLD_DATABASE and UNTOLD_DATABASE in literally(query):
            told = self._in_this_database(query.literal())
            query.sql, query.received, query.literal = told, None, lambda: told
        received = query.received
        found = self.shadow.rows(query.sql, received.statement if received is not None else None)
        if found is None and received is None:
            found = self._catalogue_rows(query)
        if found is None and self.twin is not None:
            try:
                found = self._twin_rows(self.twin.now(), query)
            except NotKnown as error:
                query.why = str(error)
        query.kept = len(self.statements) + 1
        return found

    def _catalogue_rows(self, query: Query) -> Rows | None:
        """Return the rows of a query against the database's own catalogue; None when it is none, or nobody knows."""
        kind = self.dialect.catalogue
        if kind is None or not kind.is_asked(query.sql):
            return None
        from ..schema.catalogue_queries import answer

        catalogue = kind(self.shadow.answer)
        found = answer(query.literal(), {}, catalogue, self.shadow.answers.current_schema or self.dialect.schema)
        if found is None:
            return None
        query.description = [(name, None, None, None, None, None, None) for name in found[1]]
        return found[0]

    @staticmethod
    def _twin_rows(twin: Twin, query: Query) -> Rows:
        if query.received is not None:
            return twin.select(query.received)
        found, names = twin.text_rows(query.literal())
        query.description = [(name, None, None, None, None, None, None) for name in names]
        return found

    def unread(self, query: Query) -> Rows:
        """Return what a query of unknown rows is taken for, and say so in the script. Raises NeedsDatabase."""
        if self.on_read == "error":
            raise self.failed(needs_rows(query, self.shadow.from_base))
        if query.kept == len(self.statements):
            del self.statements[query.kept - 1 :]
        self._assume(query.shown)
        return as_if_empty(query)

    def uncounted(self) -> int:
        """Return what an unknown row count is taken for. Raises NeedsDatabase."""
        if self.on_read == "error":
            self.undecided("rowcount")
        self._assume("the row count of the statement above")
        return 0

    def undecided(self, what: str) -> NoReturn:
        """Raise NeedsDatabase for a decision by what only the server knows."""
        raise self.failed(
            NeedsDatabase(f"the revision decides by {what}, which only a live database knows", hint=READS_HINT)
        )

    def _assume(self, what: str) -> None:
        """Note a read that is taken for empty, in the script too."""
        place = self.locate()
        read = AssumedRead(what, place, self.revision)
        self.assumed.append(read)
        self.statements.append(
            Statement(read.comment, kind="raw", operation="a read", revision=self.revision, source=place, verbatim=True)
        )

    def last_key(self, table: Any) -> int | None:
        """Return the key that the last row of a table got, None when only the server knows it."""
        return self.twin.now().last_key(table) if self.twin is not None else None

    def _in_this_database(self, sql: str) -> str:
        """Return text with what stands for the name of the database. Raises Unsupported, with its place."""
        try:
            return self.dialect.in_this_database(sql)
        except RenderError as error:
            raise self.failed(error) from None


def literally(query: Query) -> str:
    """Return a query with its values; as it is where a value has no literal."""
    try:
        return query.literal()
    except RenderError:
        return query.sql
