"""The one funnel: every operation and every statement on its way into a script passes here."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql.elements import ClauseElement

from ..compiler import tidy
from ..dialect import UNTOLD_DATABASE, Dialect
from ..errors import CommandError, RenderError, Source, Unsupported
from ..operations.model import AddColumn, AddConstraint, AlterColumn, BatchAlter, BulkInsert, Execute, Operation
from ..operations.model import DropTable as DropTableOperation
from ..records import replace
from ..schema.missing import check
from ..schema.missing_objects import refuse
from ..schema.replica import Outcome, Refused, Replica
from ..schema.shadow import Shadow
from ..schema.state import SERVER_NAME, UNTOLD_USER, Catalog, unforetold, untold_user
from ..scripts.format import laid_out
from ..scripts.section import AssumedRead
from ..splitting import head
from ..spool import Spool
from ..statement import Kind, Statement
from ..statements import Statements
from ..twin.late import LateTwin
from .answering import unheard
from .connection import RecordingContext, recording_engine
from .contradictions import contradictions
from .driver import RecordingDriver, driver_error, refused
from .joining import FAILURES, Joining
from .lines import Lines
from .unknowns import UnknownCell

if TYPE_CHECKING:
    from ..twin.mirror import Savepoint
    from ..twin.twin import Twin

MAKES = re.compile(r"\s*create\b", re.I)

PACKAGES = tuple(f"{Path(file).parent}/" for file in (__file__, sa.__file__))
OWN = f"{Path(__file__).parent.parent}/"


class Recorder(Joining):
    """Turns what a revision does into statements of one dialect, in order.

    ``dialect`` prints; ``options`` are those of ``context.configure()``; ``url`` is the address that revisions
    see. ``statements`` grows while a revision runs; :meth:`take` hands it over and starts anew. With a ``spool``, the
    text of rows is kept there; without one ``statements`` is a plain list. ``on_read`` says what becomes of a read of
    unknown rows: ``error``, or else it is taken for empty and noted in ``assumed``. A ``replica`` runs every statement
    too, and knows what it gives. ``keeps_elements`` says that statements keep the constructs that they were compiled
    from, which in a long script are most of what is in memory. ``warn`` hears sentences for the user, ``watch`` of each
    operation when it is done, of None after any other statement.
    """

    keeps_elements = True

    def __init__(
        self,
        dialect: Dialect,
        *,
        options: Mapping[str, Any] | None = None,
        url: str = "",
        spool: Spool | None = None,
        on_read: str = "error",
        replica: Replica | None = None,
    ) -> None:
        self.dialect = dialect
        self.options = dict(options or {})
        dialect.copy_tables = dialect.copy_tables or bool(self.options.get("render_as_batch"))
        self.sa = dialect.sqlalchemy(RecordingContext, self.options.get("dialect_opts"))
        address = make_url(url or f"{self.sa.name}://")
        if not address.database and dialect.database_sql:
            address = address.set(database=UNTOLD_DATABASE)
        self.engine = recording_engine(self.sa, self, address)
        self.shadow = dialect.shadow()
        self.replica = replica
        self._reflecting = 0
        self.sa.schema_source = self
        facts = dialect.row_facts
        self.twin = LateTwin(self.sa, facts, lambda what: UnknownCell(what, self)) if facts is not None else None
        self.on_read = on_read
        self.assumed: list[AssumedRead] = []
        self.spool = spool
        self.warn: Callable[[str], None] = unheard
        self.watch: Callable[[Operation | None], None] = unheard
        self.statements = self._none_yet()
        self.context: Any = None
        self.file: Path | None = None
        self.shown_file = ""
        self.revision = ""
        self.autocommit = False
        # By its place, the schema before each statement of the revision that is watched.
        self.watched = ""
        self.states: dict[int, Catalog] = {}
        self.error: CommandError | None = None
        self._operation = ""
        self._place: Source | None = None
        self._lines = Lines()
        # After a COMMIT of the author's, until BEGIN or the end of the revision; until the next statement.
        self._committed = self._anew = False
        self._savepoints: dict[str, tuple[int, Shadow, Savepoint | None]] = {}
        self._hit: Outcome | None = None
        self._connection: sa.Connection | None = None

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
        place = self._place or self.locate()
        self.shadow.revision = self.revision
        with self._during(operation.describe(), place), self.assuming(present=stands), self._linking(operation):
            if self.replica is None or not isinstance(operation, (AddConstraint, BatchAlter)):
                check(self.shadow, operation)  # what copies a table on the replica is judged there
            if isinstance(operation, AlterColumn):
                self._contradicted(operation, place)
            inner = False
            for piece in self.dialect.compile(operation, self.bind):
                if isinstance(piece, Operation):  # the next one must see what it has changed
                    inner = True
                    self.record(piece)
                elif isinstance(piece, (str, Statement)):
                    statement = Statement(piece, kind="ddl") if isinstance(piece, str) else piece
                    if isinstance(operation, Execute):
                        self._refuse_text(statement.sql)
                    self._keep(statement, place, follow=not isinstance(operation, BulkInsert), asked=False)
                elif isinstance(piece, sa.Executable):
                    self.bind.execute(piece)
                else:
                    self._copies(piece)
            if not inner:
                self.shadow.applied(operation)
                if self.twin is not None:
                    self.twin.applied(operation)
        if not self._operation:
            self.sa.forget_types()
            rejoined, self._rejoined = self._rejoined, None
            self.watch(rejoined or operation)

    def _contradicted(self, operation: AlterColumn, place: Source | None) -> None:
        """Warn where a revision says of a column as it was what it is not."""
        for sentence in contradictions(self.dialect, operation):
            self.warn(f"{place}: {sentence}" if place else sentence)

    def executed(self, sql: str, kind: Kind, element: Any) -> Outcome | None:
        """Keep a statement that came over the connection, and return what it gives, None when nobody knows.

        Raises Refused for what the server would refuse: under a driver, a revision may catch that.
        """
        found = element if isinstance(element, ClauseElement) else None
        if kind != "raw" and not isinstance(found, sa.DDL):
            inside = kind != "ddl" or not self.dialect.stands_outside(sql)
            return self._keep(Statement(tidy(sql), kind=kind, element=found, transactional=inside))
        outcomes = []
        try:
            for statement in self.dialect.texts(sql):
                self._refuse(statement.sql)
                self._hit = Outcome(rowcount=0) if self.shadow.hits_nothing(statement.sql, None) else None
                outcome = self._keep(replace(statement, kind=kind, element=found))
                outcomes.append(outcome or self._hit)
        except RenderError as error:
            raise self.failed(error) from None
        return outcomes[-1] if len(outcomes) == 1 or (self.replica is not None and outcomes) else None

    def _refuse(self, sql: str) -> None:
        """Raise Refused for text that certainly fails on the server; a replica says so itself."""
        if self.replica is None:
            refuse(self.shadow, sql)

    def _refuse_text(self, sql: str) -> None:
        """Raise what a driver would for text of an operation's that certainly fails on the server."""
        try:
            self._refuse(sql)
        except Refused as refused:
            raise sa.exc.DBAPIError.instance(sql, {}, driver_error(refused), RecordingDriver.Error) from refused

    def versioned(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        """Yield statements about the version table as they are, and let the replica run them."""
        for statement in statements:
            self._replicate(statement)
            yield statement

    def verbatim(self, text: str) -> None:
        """Keep text that is printed exactly as it is."""
        self._keep(Statement(text, kind="raw", operation="static_output", verbatim=True))

    def _keep(
        self, statement: Statement, place: Source | None = None, *, follow: bool = True, asked: bool = True
    ) -> Outcome | None:
        """Keep a statement, and return what it gives where somebody asked for that, and it is known."""
        sql = statement.sql if statement.verbatim else statement.sql.strip()
        if (not sql and not statement.verbatim) or self._turned(statement):
            return None
        if UNTOLD_DATABASE in sql:
            sql = self._in_this_database(sql)
            statement = replace(statement, sql=sql)
        if " constraint of " in sql and (found := SERVER_NAME.search(sql)) is not None:
            raise self.failed(unforetold(found[0]))
        if UNTOLD_USER in sql:
            raise self.failed(untold_user())
        if statement.kind != "raw":
            sql = self.dialect.fitted(sql)
        kept = replace(
            statement,
            sql=sql,
            operation=statement.operation or self._operation or "bind.execute()",
            revision=self.revision,
            source=statement.source or place or self._place or self.locate(),
            transactional=statement.transactional and not self.autocommit and not self._committed,
            anew=self._anew,
            element=statement.element if self.keeps_elements else None,
            also=self._also or (),
        )
        if self._link is None:
            self._end_chain()
        if self.revision and self.revision == self.watched:
            self.states[len(self.statements)] = self.shadow.catalog
        outcome = self._replicate(kept, asked=asked)
        if follow and self._also is None:
            self._follow(statement)
        self.statements.append(kept)
        self._anew = False
        if not self._operation:
            self.watch(None)
        return outcome

    def _replicate(self, statement: Statement, *, asked: bool = False) -> Outcome | None:
        """Run a statement on the replica, if there is one. Raises what the server would refuse.

        A revision that runs it over the connection may catch that; of an operation it is an error at once.
        """
        if self.replica is None:
            return None
        try:
            if statement.kind == "raw" and not statement.verbatim and MAKES.match(statement.sql):
                # A database keeps the text of what is made: as it is laid out in the script.
                return self.replica.run(
                    replace(statement, sql=laid_out(statement.sql, self.dialect.syntax)), asked=asked
                )
            if not statement.verbatim:
                return self.replica.run(statement, asked=asked)
            for sql in self.dialect.text_pieces(statement.sql):
                self.replica.run(replace(statement, sql=sql), asked=False)
        except Refused as refused:
            if not self._operation and statement.kind != "version":
                raise
            raise self.failed(self.replica.refusal(statement, refused)) from refused
        return None

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
        self._end_chain()
        self._committed = found.lastgroup == "commit"
        if self._committed:
            self.shadow.transaction_ended()
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
            self._mirror(self.twin if self._operation else self.twin.now(), statement)
        if isinstance(element, sa.DDL):
            self.shadow.text(statement.sql)
        elif statement.kind == "ddl" and element is not None:
            self.shadow.element(element)
            if not self._operation:
                self.shadow.directly(element, statement.sql)
        elif statement.kind in ("raw", "dml") and (element is None or isinstance(element, (sa.Insert, sa.TextClause))):
            self.shadow.text(statement.sql)

    def _mirror(self, twin: LateTwin | Twin, statement: Statement) -> None:
        """Let the twin follow tables made and dropped, and text."""
        element = statement.element
        if isinstance(element, CreateTable):
            twin.create(element.element, if_missing=element.if_not_exists, from_base=self.shadow.from_base)
        elif isinstance(element, DropTable):
            twin.drop(str(element.element.name), element.element.schema)
        elif isinstance(element, sa.DDL) or (
            statement.kind in ("raw", "dml") and (element is None or isinstance(element, sa.TextClause))
        ):
            self._hit = twin.text(statement.sql, self.shadow.read(statement.sql, self.shadow)) or self._hit

    def take(self) -> Sequence[Statement]:
        """Return the statements kept so far, and start anew."""
        self._end_chain()
        taken, self.statements = self.statements, self._none_yet()
        self._savepoints.clear()
        if self.replica is not None:
            self.replica.settle()
        self._committed = self._anew = False
        if self.options.get("transaction_per_migration"):
            self.shadow.transaction_ended()
        return taken

    @contextmanager
    def _during(self, description: str, place: Source | None) -> Iterator[None]:
        outer = self._operation, self._place
        self._operation, self._place = self._operation or description, place
        try:
            yield
        except CommandError as error:
            if isinstance(error, RenderError):
                self.failed(error)
            raise
        except sa.exc.DBAPIError as error:
            if isinstance(getattr(error.orig, "__cause__", None), Refused) and self.replica is None:
                raise  # what the server refuses, a revision may catch
            raise self.failed(refused(error, self.dialect.title)) from error
        except FAILURES as error:
            raise self.failed(refused(error, self.dialect.title)) from error
        finally:
            self._operation, self._place = outer

    # Transactions of the revision's own.

    def savepoint(self, name: str) -> None:
        """Remember the statements and the schema before a savepoint."""
        self._end_chain()
        state = self.twin.now().savepoint(name) if self.twin is not None else None
        self._savepoints[name] = (len(self.statements), self.shadow.copy(), state)
        if self.replica is not None:
            self.replica.savepoint(name)

    def released(self, name: str) -> None:
        """Forget a savepoint: what came after it stays."""
        self._end_chain()
        if self.twin is not None and name in self._savepoints:
            self.twin.now().release(name)

    def rolled_back(self, name: str | None) -> None:
        """Take back what a savepoint takes back; a rollback of the whole transaction cannot be scripted."""
        self._end_chain()
        if name is not None:
            if name not in self._savepoints:
                return
            count, self.shadow, state = self._savepoints[name]
            del self.statements[count:]
            if self.twin is not None and state is not None:
                self.twin.now().back_to(name, state)
            if self.replica is not None:
                self.replica.roll_back(name)
            self.watch(None)
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
        self._end_chain()
        self.shadow.transaction_ended()
        outer, self.autocommit = self.autocommit, True
        try:
            yield
        finally:
            self._end_chain()
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
        return Source(path, self._lines.of(frame))

    def _in_file(self, frame: FrameType) -> bool:
        return frame.f_code.co_filename == str(self.file)

    def close(self) -> None:
        """Give the engine back."""
        self.statements = self._none_yet()
        if self._connection is not None:
            self._connection.close()
        self.engine.dispose()
        if self.replica is not None:
            self.replica.close()


def _outside(frame: FrameType) -> bool:
    file = frame.f_code.co_filename
    return not file.startswith((*PACKAGES, OWN)) and "contextlib" not in file and not file.startswith("<")
