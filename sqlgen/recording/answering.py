"""What the recorder answers to questions: from the replica where the dialect has one, else from the shadow schema."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NoReturn

from ..errors import CommandError, NeedsDatabase, RenderError
from ..literals import ServerValue
from ..schema.replica import Outcome, Replica
from ..schema.shadow import Shadow
from ..schema.state import Column, Table
from .unknowns import UnknownCell

#: Questions of reflection that are about all objects, whatever their arguments.
WHOLE = frozenset(
    {
        "get_schema_names",
        "get_sequence_names",
        "get_table_names",
        "get_temp_table_names",
        "get_temp_view_names",
        "get_view_names",
    }
)


class Answering(ABC):
    """Answers questions of revisions, of SQLAlchemy's reflection and of the dialect that renders."""

    shadow: Shadow
    replica: Replica | None
    error: CommandError | None
    _operation: str
    _reflecting: int

    @abstractmethod
    def failed(self, error: RenderError) -> RenderError:
        """Fill in where an error arose, and remember it."""

    @abstractmethod
    def uncounted(self) -> int:
        """Return what an unknown row count is taken for. Raises NeedsDatabase."""

    @abstractmethod
    def undecided(self, what: str) -> NoReturn:
        """Raise NeedsDatabase for a decision by what only the server knows."""

    def read(self, sql: Callable[[], str]) -> Outcome | None:
        """Return what a query of the revision's, or of SQLAlchemy's reflection, gives. None when nobody knows."""
        if self.replica is None or (self._operation and not self._reflecting):
            return None
        try:
            return self.replica.read(sql(), lambda what: UnknownCell(what, self))
        except CommandError as error:
            if error is self.replica.broken:
                self.error = self.error or error
                raise
            if error is not self.replica.failure:
                raise
            return None

    @property
    def failure(self) -> CommandError | None:
        """Why nobody knows the schema at the start of the script; None where the replica may know it."""
        return self.replica.failure if self.replica is not None else None

    def query(self, sql: str, about: Sequence[str]) -> list[tuple[Any, ...]] | None:
        """Return the rows of a query of the dialect's own, about some objects. None when nobody knows."""
        if self.replica is None:
            return None
        try:
            outcome = self.replica.read(sql, ServerValue, about)
        except CommandError as error:
            if error is not self.replica.failure or error is self.replica.broken:
                raise
            return None
        return None if outcome is None else outcome.rows

    def trial(self, sql: str) -> str:
        """Return what the server would say against a statement; empty for nothing, or when nobody knows."""
        if self.replica is None:
            return ""
        try:
            self.replica.remember()
        except CommandError as error:
            if error is self.replica.broken:
                raise
        return self.replica.trial(sql)

    @contextmanager
    def _reflection(self) -> Iterator[None]:
        """Let the replica answer queries, also while an operation is rendered."""
        self._reflecting += 1
        try:
            yield
        finally:
            self._reflecting -= 1

    def reflecting(
        self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]
    ) -> AbstractContextManager[None] | None:
        """Return the block in which the replica answers a question of SQLAlchemy's reflection; None for none."""
        if self.replica is None:
            return None
        try:
            self.replica.remember()
        except CommandError as error:
            if self.shadow.assume is not None and error is not self.replica.broken:
                return None
            self.error = self.error or error
            raise
        names = [one for one in arguments if isinstance(one, str)]
        asked = None if question in WHOLE or not names else names
        return self._reflection() if self.replica.vouches_for(asked) else None

    def answer(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Answer a question of SQLAlchemy's reflection from the shadow schema. Raises NeedsDatabase.

        A dialect that asks while it renders an operation may have another way; a revision that asks has none. A table
        is not copied from what is known here: that needs every trigger, expression and collation of it.
        """
        try:
            if self._operation and not question.startswith("has_"):
                raise NeedsDatabase(f"{question}() asks for the schema of a live database")
            if self.replica is not None and not question.startswith("has_"):
                raise NeedsDatabase(
                    f"the revision inspects the schema: {question}() would tell of objects that are not known: "
                    + ", ".join(sorted(self.replica.opaque))
                )
            answer = self.shadow.answer(question, arguments, options)
        except NeedsDatabase as error:
            raise error if self._operation else self.failed(error) from None
        except CommandError as error:
            # An older revision failed while the history was replayed; a revision that swallows this must not hide it.
            self.error = self.error or error
            raise
        return answer

    def table(self, name: str, schema: str | None) -> Table | None:
        """Return what the shadow schema knows of a table at this moment; None when it does not describe it."""
        return self.shadow.table(name, schema)

    def column(self, table: str, name: str, schema: str | None) -> Column | None:
        """Return what the shadow schema knows of a column at this moment; None when it knows nothing."""
        return self.shadow.column(table, name, schema)

    def comment(self, table: str, schema: str | None) -> Any:
        """Return the comment that a table has by the shadow schema; UNSET when it does not know."""
        return self.shadow.comment(table, schema)

    def table_of_index(self, name: str, schema: str | None) -> str | None:
        """Return the only table that the shadow schema knows to have an index of this name, or None."""
        return self.shadow.table_of_index(name, schema)

    @contextmanager
    def assuming(self, *, present: bool) -> Iterator[None]:
        """While the block runs, the unknown counts as present or absent; an outer block decides."""
        outer = self.shadow.assume
        self.shadow.assume = present if outer is None else outer
        try:
            yield
        finally:
            self.shadow.assume = outer


def unheard(_told: Any) -> None:
    """Take what nobody listens to."""
