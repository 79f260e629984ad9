"""The one funnel: every operation and every statement on its way into a script passes here."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql.elements import ClauseElement

from ..compiler import tidy
from ..dialect import Dialect
from ..errors import CommandError, NeedsDatabase, RenderError, Source, Unsupported
from ..operations.model import AddColumn, AlterColumn, BulkInsert, Operation
from ..operations.model import DropTable as DropTableOperation
from ..schema.shadow import Shadow
from ..schema.state import Column, Table
from ..scripts.section import AssumedRead
from ..splitting import head
from ..spool import Spool
from ..statement import Kind, Statement
from ..statements import Statements
from ..twin.mirror import Savepoint
from ..twin.received import Received
from ..twin.twin import Twin
from ..twin.values import NotKnown
from .connection import RecordingContext, recording_engine
from .reads import READS_HINT, as_if_empty, needs_rows
from .unknowns import Query, Rows, UnknownCell

# SQLAlchemy's complaint about a construct names an object of ours, by its address.
UNPRINTABLE = re.compile(r"Compiler <.*?> can't render element of type (?:<class ')?([\w.]+)(?:'>)?")

PACKAGES = tuple(f"{Path(file).parent}/" for file in (__file__, sa.__file__))
OWN = f"{Path(__file__).parent.parent}/"


class Recorder:
    """Turns what a revision does into statements of one dialect, in order.

    ``dialect`` prints; ``options`` are those of ``context.configure()``; ``url`` is the address that revisions
    see. ``statements`` grows while a revision runs; :meth:`take` hands it over and starts anew. With a ``spool``, the
    text of rows is kept there; without one ``statements`` is a plain list. ``on_read`` says what becomes of a read of
    unknown rows: ``error``, or else it is taken for empty and noted in ``assumed``.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        options: Mapping[str, Any] | None = None,
        url: str = "",
        spool: Spool | None = None,
        on_read: str = "error",
    ) -> None:
        self.dialect = dialect
        self.options = dict(options or {})
        self.sa = dialect.sqlalchemy(RecordingContext, self.options.get("dialect_opts"))
        self.engine = recording_engine(self.sa, self, url or f"{self.sa.name}://")
        self.shadow = dialect.shadow()
        self.sa.schema_source = self
        facts = dialect.row_facts
        self.twin = Twin(self.sa, facts, lambda what: UnknownCell(what, self)) if facts is not None else None
        self.on_read = on_read
        self.assumed: list[AssumedRead] = []
        self.spool = spool
        self.statements = self._none_yet()
        self.context: Any = None
        self.file: Path | None = None
        self.shown_file = ""
        self.revision = ""
        self.autocommit = False
        self.error: CommandError | None = None
        self._operation = ""
        # After a COMMIT of the author's, until BEGIN or the end of the revision; until the next statement.
        self._committed = self._anew = False
        self._savepoints: dict[str, tuple[int, Shadow, Savepoint | None]] = {}
        self._hit: int | None = None
        self._connection: sa.Connection | None = None

    def forget_rows(self, why: str) -> None:
        """Know nothing of any rows from here on."""
        self.shadow.empty.clear()
        if self.twin is not None:
            self.twin.lose_all(why)

    def _none_yet(self) -> list[Statement] | Statements:
        return [] if self.spool is None else Statements(self.spool)

    @property
    def bind(self) -> sa.Connection:
        """The recording connection; a new one when a revision closed the last."""
        if self._connection is None or self._connection.closed:
            self._connection = self.engine.connect()
        if not self._connection.in_transaction():
            self._connection.begin()
        return self._connection

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        """The naming convention of env.py's ``target_metadata``, or None."""
        metadata = self.options.get("target_metadata")
        first = metadata[0] if isinstance(metadata, (list, tuple)) and metadata else metadata
        return getattr(first, "naming_convention", None)

    # What revisions do.

    def record(self, operation: Operation) -> None:
        """Render one operation, and keep its statements. Raises RenderError, with its place."""
        # A type that text may have made stands already: an author who adds a column under Alembic made it before.
        stands = isinstance(operation, (DropTableOperation, AddColumn, AlterColumn))
        place = self.locate()
        with self._during(operation.describe()), self.assuming(present=stands):
            inner = False
            for piece in self.dialect.compile(operation, self.bind):
                if isinstance(piece, Operation):  # the next one must see what it has changed
                    inner = True
                    self.record(piece)
                elif isinstance(piece, (str, Statement)):
                    statement = Statement(piece, kind="ddl") if isinstance(piece, str) else piece
                    self._keep(statement, place, follow=not isinstance(operation, BulkInsert))
                else:
                    self.bind.execute(piece)
            if not inner:
                self.shadow.applied(operation)
                if self.twin is not None:
                    self.twin.applied(operation)

    def executed(self, sql: str, kind: Kind, element: Any) -> int | None:
        """Keep a statement that came over the connection; return how many rows a text hits, if that is known."""
        found = element if isinstance(element, ClauseElement) else None
        if kind != "raw" and not isinstance(found, sa.DDL):
            inside = kind != "ddl" or not self.dialect.stands_outside(sql)
            self._keep(Statement(tidy(sql), kind=kind, element=found, transactional=inside))
            return None
        hits = []
        try:
            for statement in self.dialect.texts(sql):
                self._hit = 0 if self.shadow.hits_nothing(statement.sql, None) else None
                self._keep(replace(statement, kind=kind, element=found))
                hits.append(self._hit)
        except RenderError as error:
            raise self.failed(error) from None
        return hits[0] if len(hits) == 1 else None

    # Rows.

    def wrote(self, sets: Sequence[Received]) -> int | None:
        """Let the twin follow a statement that writes rows; return how many it hits, if that is known."""
        if self.twin is not None:
            return self.twin.write(sets)
        hits_nothing = self.shadow.hits_nothing("", sets[0].statement)
        return 0 if hits_nothing else None

    def rows(self, query: Query) -> Rows | None:
        """Return the rows of a query of the revision's, None when nobody knows or nobody will look."""
        if self._operation:
            return None
        received = query.received
        found = self.shadow.rows(query.sql, received.statement if received is not None else None)
        if found is None and self.twin is not None:
            try:
                found = self._twin_rows(self.twin, query)
            except NotKnown as error:
                query.why = str(error)
        query.kept = len(self.statements) + 1
        return found

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
        return self.twin.last_key(table) if self.twin is not None else None

    def verbatim(self, text: str) -> None:
        """Keep text that is printed exactly as it is."""
        self._keep(Statement(text, kind="raw", operation="static_output", verbatim=True))

    def _keep(self, statement: Statement, place: Source | None = None, *, follow: bool = True) -> None:
        sql = statement.sql if statement.verbatim else statement.sql.strip()
        if (not sql and not statement.verbatim) or self._turned(statement):
            return
        if follow:
            self._follow(statement)
        if statement.kind != "raw":
            sql = self.dialect.fitted(sql)
        self.statements.append(
            replace(
                statement,
                sql=sql,
                operation=statement.operation or self._operation or "bind.execute()",
                revision=self.revision,
                source=statement.source or place or self.locate(),
                transactional=statement.transactional and not self.autocommit and not self._committed,
                anew=self._anew,
            )
        )
        self._anew = False

    def _turned(self, statement: Statement) -> bool:
        """Take text that begins or commits a transaction: the script does it where the next statement needs it.

        Behind a COMMIT nothing is in a transaction until BEGIN, as with drivers. Raises Unsupported for a rollback.
        """
        pattern = self.dialect.turn
        if pattern is None or statement.kind != "raw" or statement.verbatim or not self._has_transactions:
            return False
        found = pattern.fullmatch(head(statement.sql, self.dialect.syntax))
        if found is None:
            return False
        if found.lastgroup not in ("begin", "commit"):
            raise self.failed(
                Unsupported(
                    f"{statement.sql} meddles with the transaction that the script runs in",
                    hint="Leave it out; what must stand outside a transaction goes into autocommit_block().",
                )
            )
        self._committed = found.lastgroup == "commit"
        self._anew = self._anew or self._committed
        return True

    @property
    def _has_transactions(self) -> bool:
        """Whether the script begins and commits transactions of its own."""
        asked = self.options.get("transactional_ddl")
        return bool(self.dialect.begin) and (self.dialect.transactional_ddl if asked is None else bool(asked))

    def _follow(self, statement: Statement) -> None:
        """Let the shadow schema follow a statement: DDL of SQLAlchemy's by its element, the rest by its text."""
        element = statement.element
        if self.twin is not None:
            self._mirror(self.twin, statement)
        if isinstance(element, sa.DDL):
            self.shadow.text(statement.sql)
        elif statement.kind == "ddl" and element is not None:
            self.shadow.element(element)
            if not self._operation:
                self.shadow.directly(element, statement.sql)
        elif statement.kind in ("raw", "dml") and (element is None or isinstance(element, (sa.Insert, sa.TextClause))):
            self.shadow.text(statement.sql)

    def _mirror(self, twin: Twin, statement: Statement) -> None:
        """Let the twin follow a statement that is no operation's: tables made and dropped, and text."""
        element = statement.element
        if isinstance(element, CreateTable):
            twin.create(element.element, if_missing=element.if_not_exists, from_base=self.shadow.from_base)
        elif isinstance(element, DropTable):
            twin.drop(str(element.element.name), element.element.schema)
        elif isinstance(element, sa.DDL) or (
            statement.kind in ("raw", "dml") and (element is None or isinstance(element, sa.TextClause))
        ):
            hit = twin.text(statement.sql, self.shadow.read(statement.sql, self.shadow))
            self._hit = self._hit if hit is None else hit

    def answer(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Answer a question of SQLAlchemy's reflection from the shadow schema. Raises NeedsDatabase.

        A dialect that asks while it renders an operation may have another way; a revision that asks has none. A table
        is not copied from what is known here: that needs every trigger, expression and collation of it.
        """
        try:
            if self._operation and not question.startswith("has_"):
                raise NeedsDatabase(f"{question}() asks for the schema of a live database")
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

    def take(self) -> Sequence[Statement]:
        """Return the statements kept so far, and start anew."""
        taken, self.statements = self.statements, self._none_yet()
        self._savepoints.clear()
        self._committed = self._anew = False
        return taken

    @contextmanager
    def _during(self, description: str) -> Iterator[None]:
        outer = self._operation
        self._operation = self._operation or description
        try:
            yield
        except CommandError as error:
            if isinstance(error, RenderError):
                self.failed(error)
            raise
        except (
            sa.exc.SQLAlchemyError,
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            NotImplementedError,
        ) as error:
            raise self.failed(refused(error, self.dialect.title)) from error
        finally:
            self._operation = outer

    # Transactions of the revision's own.

    def savepoint(self, name: str) -> None:
        """Remember the statements and the schema before a savepoint."""
        state = self.twin.savepoint(name) if self.twin is not None else None
        self._savepoints[name] = (len(self.statements), self.shadow.copy(), state)

    def released(self, name: str) -> None:
        """Forget a savepoint: what came after it stays."""
        if self.twin is not None and name in self._savepoints:
            self.twin.release(name)

    def rolled_back(self, name: str | None) -> None:
        """Take back what a savepoint takes back; a rollback of the whole transaction cannot be scripted."""
        if name is not None:
            if name not in self._savepoints:
                return
            count, self.shadow, state = self._savepoints[name]
            del self.statements[count:]
            if self.twin is not None and state is not None:
                self.twin.back_to(name, state)
        elif self.statements and self.error is None:
            error = self.failed(
                Unsupported(
                    "the revision rolls back the transaction that it runs in, after it has changed something",
                    hint="Use a savepoint (bind.begin_nested()) for what may be taken back.",
                )
            )
            # A rollback on the way out of an exception must not hide that exception.
            error.__cause__ = sys.exc_info()[1]
            if error.__cause__ is None:
                raise error

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        """Mark the statements of a block as standing outside any transaction."""
        outer, self.autocommit = self.autocommit, True
        try:
            yield
        finally:
            self.autocommit = outer

    # Where the revision is.

    def failed(self, error: RenderError) -> RenderError:
        """Fill in where an error arose, and remember the first: code that swallows it must not hide it."""
        place = self.locate()
        if place is not None:
            error.at(place.path, place.line)
        error.revision = error.revision or self.revision
        error.operation = error.operation or self._operation
        self.error = self.error or error
        return error

    def locate(self) -> Source | None:
        """Return the line of the revision file that is being run, or of the caller when there is no file."""
        frame: FrameType | None = sys._getframe(1)
        wanted = self._in_file if self.file else _outside
        while frame is not None and not wanted(frame):
            frame = frame.f_back
        if frame is None:
            return Source(self.shown_file) if self.shown_file else None
        path = self.shown_file if self.file else frame.f_code.co_filename
        return Source(path, frame.f_lineno)

    def _in_file(self, frame: FrameType) -> bool:
        return frame.f_code.co_filename == str(self.file)

    def close(self) -> None:
        """Give the engine back."""
        self.statements = self._none_yet()
        if self._connection is not None:
            self._connection.close()
        self.engine.dispose()


def _outside(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return not file.startswith((*PACKAGES, OWN)) and "contextlib" not in file and not file.startswith("<")


def refused(error: Exception, title: str) -> RenderError:
    """Return SQLAlchemy's or Python's complaint about an operation as an error of ours."""
    message = " ".join(str(error).split("(Background on this error")[0].split())
    message = UNPRINTABLE.sub(lambda found: f"there is no {found[1].rpartition('.')[2]} here", message)
    kind = type(error).__name__
    if isinstance(error, (sa.exc.CompileError, NotImplementedError)):
        return Unsupported(
            f"{title} cannot do this: {message or kind}", hint="Write what is meant as SQL text with op.execute."
        )
    return RenderError(f"{kind}: {message}")
