"""A real SQLAlchemy engine and connection over a driver that only remembers.

Revisions get a :class:`sqlalchemy.Connection`, so whatever they do to one works: statements of every kind, sessions,
``metadata.create_all``, events, savepoints. Rows are not to be had; asking for them raises NeedsDatabase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.engine.interfaces import CacheStats, ExecutionContext
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql.ddl import InvokeCreateDDLBase, SchemaGenerator
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import NULLTYPE
from sqlalchemy.util import OrderedSet

from ..compiler import MARKED, OfflineDialect, unbound_colons
from ..errors import CommandError, ConnectionRefused, LiteralError, RenderError
from ..literals import Literals, ServerValue
from ..records import replace
from ..schema.replica import Outcome, Refused
from ..statement import Kind
from ..twin.received import Received
from .driver import RecordingDriver, driver_error
from .unknowns import Decider, Query, Rows, UnknownCount

RETURNS_ROWS = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*|\(\s*)*(select|with|show|pragma|values|explain|desc|describe|table)\b",
    re.I | re.S,
)
PARAMETER_GROUP = re.compile(r", in parameter group (\d+)")
RETURNING = re.compile(r"\s*(?:insert|update|delete|merge|replace)\b.*\b(?:returning|output)\b", re.I | re.S)


class Listener(Decider, Protocol):
    """Who hears what the connection receives; the recorder."""

    def executed(self, sql: str, kind: Kind, element: Any) -> Outcome | None:
        """A statement arrived, complete with its values; return what it gives, None when nobody knows.

        Raises Refused for what the server would refuse.
        """

    def read(self, sql: Callable[[], str]) -> Outcome | None:
        """Return what a query gives, None when nobody knows, or when it is none. Raises Refused."""

    def wrote(self, sets: Sequence[Received]) -> int | None:
        """A statement of SQLAlchemy's writes rows; return how many it hits if that is known."""

    def returned(self, received: Received) -> tuple[int | None, Rows | None]:
        """A statement of SQLAlchemy's has RETURNING; return how many rows it hits, and these, as far as known."""

    def failed(self, error: RenderError) -> RenderError:
        """An error is about to be raised inside the revision; return it with its place filled in."""

    def savepoint(self, name: str) -> None:
        """A savepoint was set."""

    def released(self, name: str) -> None:
        """A savepoint was given up."""

    def rows(self, query: Query) -> Rows | None:
        """Return the rows that a query would give, None when nobody knows."""

    def unread(self, query: Query) -> Rows:
        """Return what a query of which nothing is known is taken for. Raises NeedsDatabase."""

    def last_key(self, table: Any) -> int | None:
        """Return the key that the last row of a table got, None when only the server knows it."""

    def assuming(self, *, present: bool) -> AbstractContextManager[None]:
        """While the block runs, objects of which nothing is known count as present or absent."""

    def rolled_back(self, name: str | None) -> None:
        """Everything since the savepoint, or since the transaction's start, was taken back."""


class RecordingCursor:
    """A DBAPI cursor that takes statements and has no rows."""

    arraysize = 1

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.description: list[tuple[Any, ...]] | None = None
        self.query = Query("")
        self.rows: Rows | None = None
        self._rowcount = -1
        self._lastrowid: int | None = None
        self._told: Callable[[], Outcome] | None = None
        self.refused: Exception | None = None

    def execute(self, statement: str, parameters: Any = ()) -> None:
        """Take one statement, which the recorder has seen already. Raises what a driver would raise for it."""
        if self.refused is not None:
            raise self.refused

    executemany = execute

    def take(self, outcome: Outcome | None, *, more: bool = False) -> None:
        """Take what a statement gave, with ``more`` beside what those before it gave."""
        if more:
            self._tell()
        if outcome is None:
            self._rowcount, self._lastrowid = (-1, None) if more else (self._rowcount, None)
            return
        if more and outcome.told is not None:
            outcome = outcome.told()
        known = not more or self._rowcount >= 0
        self._rowcount = outcome.rowcount + max(self._rowcount, 0) * more if known else -1
        self._lastrowid, self._told = outcome.lastrowid, outcome.told
        if outcome.columns is not None:
            self.description = [(name, None, None, None, None, None, None) for name in outcome.columns]
            self.rows = list(outcome.rows)

    @property
    def rowcount(self) -> int:
        """How many rows the statement hit, -1 where nobody knows."""
        self._tell()
        return self._rowcount

    @rowcount.setter
    def rowcount(self, count: int) -> None:
        self._rowcount = count

    @property
    def lastrowid(self) -> int | None:
        """The key that the last row got, None where nobody knows."""
        self._tell()
        return self._lastrowid

    @property
    def is_told_later(self) -> bool:
        """Whether the numbers are found when somebody asks."""
        return self._told is not None

    def _tell(self) -> None:
        """Find the numbers that were left for later."""
        if self._told is not None:
            outcome, self._told = self._told(), None
            self._rowcount, self._lastrowid = outcome.rowcount, outcome.lastrowid

    def close(self) -> None:
        """Nothing is open."""

    def setinputsizes(self, *_: Any) -> None:
        """Types matter to drivers only."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows that are known. Raises NeedsDatabase when nobody knows."""
        if self.rows is None:
            self.rows = self.listener.unread(self.query)
        rows, self.rows = self.rows, []
        return rows

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """Return some of the rows that are known."""
        rows = self.fetchall()
        count = len(rows) if size is None else size
        self.rows = rows[count:]
        return rows[:count]

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row that is known, None at the end."""
        return next(iter(self.fetchmany(1)), None)


class RecordingDriverConnection:
    """A DBAPI connection to nowhere."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener

    def cursor(self, *_: Any, **__: Any) -> RecordingCursor:
        """Return a new cursor."""
        return RecordingCursor(self.listener)

    def commit(self) -> None:
        """Nothing is pending."""

    def rollback(self) -> None:
        """Nothing is pending here; the engine's events tell the recorder."""

    def close(self) -> None:
        """Nothing is open."""


class RecordingContext:
    """Mixed into a dialect's execution context: what a server would have said after a statement."""

    root_connection: Any
    dialect: Any
    cursor: Any
    compiled: Any
    compiled_parameters: Any
    #: SQLAlchemy takes the cursor's number at once where this is None.
    _rowcount: Any = -1

    @property
    def rowcount(self) -> int:
        """How many rows the statement hit, as far as that is known."""
        known: int = self.cursor.rowcount
        return known if known >= 0 else UnknownCount(self.root_connection.engine.listener)

    def get_result_processor(self, type_: Any, colname: str, coltype: Any) -> Any:
        """Return what turns a driver's value into that of a type; it leaves an unknown one alone."""
        process: Any = super().get_result_processor(type_, colname, coltype)  # type: ignore[misc]
        return process and (lambda value: value if isinstance(value, ServerValue) else process(value))

    def fire_sequence(self, seq: Any, _type: Any) -> ServerValue:
        """Return the next value of a sequence: unknown."""
        return ServerValue(f"the next value of sequence {seq.name}")

    def get_lastrowid(self) -> ServerValue:
        """Return the key of the row just inserted, where it is known."""
        known = self.cursor.lastrowid
        return ServerValue("a generated key") if known is None else known

    def _setup_ins_pk_from_empty(self) -> list[Any]:
        getter = self.compiled._inserted_primary_key_from_lastrowid_getter
        table = self.compiled.statement.table
        known = self.root_connection.engine.listener.last_key(table)
        if known is None and len(self.compiled_parameters) == 1:
            known = self.cursor.lastrowid
        key = ServerValue(f"the generated key of a row of {table.name}") if known is None else known
        return [getter(key, parameters) for parameters in self.compiled_parameters]


class OrderedGenerator(SchemaGenerator):
    """Creates tables as SQLAlchemy does, their indexes in the order of their names.

    SQLAlchemy keeps a table's indexes in a set, whose order differs from run to run.
    """

    def visit_table(self, table: sa.Table, *arguments: Any, **options: Any) -> Any:
        """Create one table."""
        table.indexes = OrderedSet(sorted(table.indexes, key=lambda index: str(index.name)))
        return super().visit_table(table, *arguments, **options)  # type: ignore[no-untyped-call]


class RecordingConnection(sa.Connection):
    """The connection that revisions get."""

    def begin(self) -> Any:
        """Begin a transaction; inside one, a savepoint, so that a helper's ``with bind.begin():`` works."""
        return self.begin_nested() if self.in_transaction() else super().begin()

    def _run_ddl_visitor(self, visitorcallable: Any, element: Any, **options: Any) -> None:
        creates = issubclass(visitorcallable, InvokeCreateDDLBase)
        listener: Listener = self.engine.listener  # type: ignore[attr-defined]
        with listener.assuming(present=not creates):
            ordered = OrderedGenerator if visitorcallable is SchemaGenerator else visitorcallable
            super()._run_ddl_visitor(ordered, element, **options)


class RecordingEngine(Engine):
    """The engine behind ``op.get_bind().engine``."""

    _connection_cls = RecordingConnection
    listener: Listener


def recording_engine(dialect: OfflineDialect, listener: Listener, url: URL) -> RecordingEngine:
    """Return an engine whose statements go to ``listener``; ``url`` is what revisions see as its address."""
    dialect.dbapi = RecordingDriver  # type: ignore[assignment]
    pool = StaticPool(lambda: RecordingDriverConnection(listener))  # type: ignore[arg-type]
    # A statement out of a cache would hold the values of an older call.
    engine = RecordingEngine(pool, dialect, url, query_cache_size=0)
    engine.listener = listener
    event.listen(engine, "before_execute", before_execute, retval=True)
    event.listen(engine, "before_cursor_execute", before_cursor_execute)
    event.listen(engine, "handle_error", partial(refused_value, listener))
    event.listen(engine, "rollback", lambda _connection: listener.rolled_back(None))
    own: Any = dialect
    own.do_savepoint = lambda _connection, name: listener.savepoint(name)
    own.do_rollback_to_savepoint = lambda _connection, name: listener.rolled_back(name)
    own.do_release_savepoint = lambda _connection, name: listener.released(name)
    return engine


def before_execute(
    connection: Any, element: Any, multiparams: Any, params: Any, _options: Mapping[str, Any]
) -> tuple[Any, Any, Any]:
    """Keep unbound colons of text as they are, and keep generated keys out of INSERTs."""
    given = set(params or ()) | {key for one in multiparams or () for key in one}
    if isinstance(element, ClauseElement):
        element = unbound_colons(element, given)
    if isinstance(element, Insert) and not element._returning and not element._inline:
        element = element.inline()
    return element, multiparams, params


def before_cursor_execute(
    connection: Any,
    cursor: RecordingCursor,
    statement: str,
    parameters: Any,
    context: ExecutionContext,
    executemany: bool,
) -> None:
    """Write the values into the statement and hand it to the listener, once per set of values."""
    listener: Listener = connection.engine.listener
    own = getattr(context, "statement", statement) == statement
    compiled: Any = getattr(context, "compiled", None) if own else None
    cursor.description = described(statement, compiled)
    element = invoked(context, compiled)
    kind = kind_of(context, compiled)
    fill = filler(statement, context, connection.dialect)
    received = received_by(context, compiled)
    writes = kind == "dml" and compiled is not None and (compiled.isinsert or compiled.isupdate or compiled.isdelete)
    if cursor.description and not executemany and not writes:
        sql = MARKED.sub(r":\1", statement)
        cursor.query = Query(sql, received[0] if received else None, partial(fill, parameters))
        if answered(listener, cursor):
            return
    for number, values in enumerate(parameters if executemany else [parameters], 1):
        try:
            sql = fill(values)
        except RenderError as error:
            error.message = f"row {number}: {error.message}" if executemany else error.message
            raise listener.failed(error) from None
        try:
            cursor.take(listener.executed(sql, kind, element), more=number > 1)
        except Refused as refused:
            cursor.refused = driver_error(refused)
            return
    cursor.query = replace(cursor.query, sql=cursor.query.sql or MARKED.sub(r":\1", statement))
    if writes and not cursor.is_told_later and cursor.rowcount < 0:
        if cursor.description and not executemany:
            hit, cursor.rows = listener.returned(received[0])
        else:
            hit = listener.wrote(received)
        cursor.rowcount = -1 if hit is None else hit


def answered(listener: Listener, cursor: RecordingCursor) -> bool:
    """Let a cursor have the rows of its query, or what a driver would raise for it; tell whether anybody knows."""
    query = cursor.query
    try:
        answer = listener.read(query.literal)
    except Refused as refused:
        cursor.refused = driver_error(refused)
        return True
    if answer is not None:
        cursor.take(answer)
        return True
    cursor.rows = listener.rows(query)
    cursor.description = query.description or cursor.description
    return cursor.rows is not None


def received_by(context: Any, compiled: Any) -> list[Received]:
    """Return a statement of SQLAlchemy's with each set of values that it came with; none for text."""
    if compiled is None or not hasattr(compiled, "bind_names") or isinstance(compiled.statement, sa.TextClause):
        return []
    fresh = context.cache_hit is not CacheStats.CACHE_HIT
    expanded = context._expanded_parameters or {}
    return [Received(compiled, values, fresh, expanded) for values in context.compiled_parameters]


def refused_value(listener: Listener, context: Any) -> None:
    """Raise what SQLAlchemy says about a value on its way to the driver as an error of ours.

    It counts the sets of values from 0, and we from 1.
    """
    error = context.original_exception
    if isinstance(error, CommandError) or context.execution_context is not None:
        return
    text = str(error).partition("\n(Background")[0]
    text = text if isinstance(error, sa.exc.SQLAlchemyError) else f"{type(error).__name__}: {text}"
    if group := PARAMETER_GROUP.search(text):
        text = f"row {int(group[1]) + 1}: {text[: group.start()]}"
    refused = LiteralError(text, hint="Give every parameter a value of its type.")
    raise listener.failed(refused) from error


def invoked(context: Any, compiled: Any) -> Any:
    """Return the construct that a statement was compiled from, None for text below SQLAlchemy's level."""
    if compiled is None:
        return None
    return compiled.statement if context.invoked_statement is None else context.invoked_statement


def kind_of(context: Any, compiled: Any) -> Kind:
    """Return what kind of statement an execution context is about."""
    if compiled is None or context.is_text:
        return "raw"
    return "ddl" if context.isddl else "dml"


def described(statement: str, compiled: Any) -> list[tuple[Any, ...]] | None:
    """Return a cursor description when the statement would return rows, else None."""
    columns = getattr(compiled, "_result_columns", None)
    if columns:
        return [(column.keyname, None, None, None, None, None, None) for column in columns]
    if RETURNS_ROWS.match(statement) or RETURNING.match(statement):
        return [("?column?", None, None, None, None, None, None)]
    return None


def filler(statement: str, context: Any, dialect: sa.Dialect) -> Callable[[Any], str]:
    """Return a function from a set of values to the statement with a literal in each bound value's place."""
    literals = cast(OfflineDialect, dialect).literals
    if not MARKED.search(statement):
        if context.compiled is not None:
            return lambda _values: statement
        plain = single_percents(statement) if cast(OfflineDialect, dialect).driver_doubles_percents else statement
        return lambda values: driver_filled(statement, values, literals) if values else plain
    around = MARKED.split(statement)
    writers = place_writers(context, dialect)

    def fill(values: Any) -> str:
        parts = around.copy()
        for place in range(1, len(around), 2):
            name = around[place]
            try:
                text = writers[name](values[name])
            except LiteralError as error:
                raise LiteralError(f"{name}: {error.message}", hint=error.hint) from error
            parts[place] = apart(around[place - 1], text)
        return "".join(parts)

    return fill


def apart(before: str, literal: str) -> str:
    """Return a literal, with a blank before a minus that would make a comment with another one."""
    return f" {literal}" if literal.startswith("-") and before.endswith("-") else literal


def place_writers(context: Any, dialect: sa.Dialect) -> dict[str, Callable[[Any], str]]:
    """Return how the value of each placeholder is written, expanded ones of IN lists included."""
    literals = cast(OfflineDialect, dialect).literals
    compiled = context.compiled
    escaped = compiled.escaped_bind_names or {}
    types = {escaped.get(name, name): bind.type for name, bind in compiled.binds.items()}
    columns = {escaped.get(name, name) for name, bind in compiled.binds.items() if bind._is_crud}
    for name, names in (getattr(context, "_expanded_parameters", None) or {}).items():
        for number, expanded in enumerate(names):
            type_ = compiled.binds[name].type
            types[expanded] = type_.types[number % len(type_.types)] if type_._is_tuple_type else type_
    return {
        name: partial(
            literal_of,
            literals.render if name in columns else literals.standalone,
            type_._unwrapped_dialect_impl(dialect),
        )
        for name, type_ in types.items()
    }


def literal_of(render: Callable[[Any, Any], str], type_: Any, value: Any) -> str:
    """Return the literal of a value that SQLAlchemy has processed for a type."""
    return render(value, type_)


def driver_filled(statement: str, values: Any, literals: Literals) -> str:
    """Return a driver-level statement with literals for ``%s``, ``%(name)s``, ``?``, ``:name``, ``:1`` or ``$1``.

    Raises RenderError when placeholders and values do not match, as a driver would.
    """
    named = isinstance(values, Mapping)
    given: Mapping[str, Any] = values if named else {str(n): value for n, value in enumerate(values, 1)}
    pattern, percent = placeholders(statement, named)
    used: list[str] = []

    def fill(found: re.Match[str]) -> str:
        if not found[1]:
            return "%"
        key = found[1] if found[1].isalnum() or named else str(len(used) + 1)
        used.append(key)
        if key not in given:
            raise mismatch(f"has a placeholder ({found[0]}) that no value is given for")
        return apart(found.string[found.start() - 1 : found.start()], literals.standalone(given[key], NULLTYPE))

    sql = outside_quotes(statement, pattern, fill, quoted=percent)
    if not named and len(set(used)) < len(given):
        raise mismatch(f"has {len(set(used))} placeholders for {len(given)} values")
    return sql


def single_percents(statement: str) -> str:
    """Return a driver-level statement without values as a driver would send it that wants ``%%`` for ``%``.

    Such a driver refuses a statement with a single ``%``, which is left alone here.
    """
    return statement.replace("%%", "%") if "%" not in statement.replace("%%", "") else statement


def placeholders(statement: str, named: bool) -> tuple[str, bool]:
    """Return the pattern of a statement's placeholders, and whether they are of the ``%`` style."""
    if "%(" in statement if named else "%s" in statement:
        return (r"%%|%\((\w+)\)s" if named else r"%%|(%s)"), True
    if named:
        return r"(?<![:\w]):(\w+)", False
    return (r"(\?)" if "?" in statement else r"(?<![:\w])[:$](\d+)"), False


def mismatch(what: str) -> RenderError:
    """Return the error for placeholders and values that do not match."""
    return RenderError(f"the statement {what}", hint="Mend the call of exec_driver_sql.")


def outside_quotes(statement: str, pattern: str, replacement: Any, *, quoted: bool) -> str:
    """Replace a pattern outside string literals, or everywhere when ``quoted`` (as %-style drivers do)."""
    if quoted:
        return re.sub(pattern, replacement, statement)
    parts = re.split(r"('(?:[^']|'')*')", statement)
    return "".join(part if i % 2 else re.sub(pattern, replacement, part) for i, part in enumerate(parts))


@contextmanager
def no_connections(failed: Callable[[RenderError], RenderError] | None = None) -> Iterator[None]:
    """Refuse, while the block runs, every attempt of SQLAlchemy to connect, databases in memory excepted.

    ``failed`` hears of the error and returns it, with its place filled in.
    """

    def refuse(dialect: Any, _record: Any, arguments: Sequence[Any], parameters: Mapping[str, Any]) -> None:
        if arguments and arguments[0] == ":memory:":
            return
        error = ConnectionRefused(
            f"an engine of its own tried to connect ({dialect.name}); rendering never opens a database",
            hint="Use op.get_bind(), or guard the code with context.is_offline_mode().",
        )
        raise failed(error) if failed else error

    event.listen(Engine, "do_connect", refuse)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", refuse)
