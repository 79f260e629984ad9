"""SQLAlchemy's own dialects, made to compile with no driver and no server.

:func:`offline` derives a class from a driver-less dialect class of SQLAlchemy. It compiles with named parameters (any
other style doubles ``%``), for a pinned server version and default schema, writes literals by our own renderer,
keeps every generated key out of the statement (no RETURNING, no sequence read beforehand), and answers reflection from
a source that the recorder supplies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from inspect import signature
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql import compiler as sa_compiler
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine

from .errors import CommandError, LiteralError, NeedsDatabase
from .literals import Literals, ServerValue, Verbatim
from .schema.state import Column, ServerName, Table

# Control characters cannot stand in a name, so a marker is never mistaken for text of the statement.
MARKER = "\x02%(name)s\x03"
MARKED = re.compile("\x02([^\x03]*)\x03")

# The action of a foreign key; some servers let it name columns: SET NULL (a, "B").
ACTION = re.compile(r'\w+(?:\s+\w+)*(?:\s*\(\s*(?:[\w$]+|"(?:[^"]|"")+")(?:\s*,\s*(?:[\w$]+|"(?:[^"]|"")+"))*\s*\))?')

# A quote may stand in a name.
QUOTED_NAME = re.compile(r'"[^"\n]*"|`[^`\n]*`|\[[^\]\n]*\]')

# For so many types what was worked out is kept, at most until the next operation.
MOST_TYPES = 30

# What no bind processor may touch.
PASS_THROUGH = (Verbatim, ServerValue)

REFLECTION = (
    "get_check_constraints",
    "get_columns",
    "get_domains",
    "get_enums",
    "get_foreign_keys",
    "get_foreign_table_names",
    "get_indexes",
    "get_materialized_view_names",
    "get_multi_check_constraints",
    "get_multi_columns",
    "get_multi_foreign_keys",
    "get_multi_indexes",
    "get_multi_pk_constraint",
    "get_multi_table_comment",
    "get_multi_table_options",
    "get_multi_unique_constraints",
    "get_pk_constraint",
    "get_schema_names",
    "get_sequence_names",
    "get_synonyms",
    "get_table_comment",
    "get_table_names",
    "get_table_oid",
    "get_table_options",
    "get_temp_table_names",
    "get_temp_view_names",
    "get_unique_constraints",
    "get_view_definition",
    "get_view_names",
    "has_index",
    "has_schema",
    "has_sequence",
    "has_table",
    "has_type",
)


class SchemaSource(Protocol):
    """Who answers questions about the schema: see :mod:`sqlgen.schema`."""

    def reflecting(
        self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]
    ) -> AbstractContextManager[None] | None:
        """Return the block in which the connection answers SQLAlchemy's own queries for a question; None for none."""

    def answer(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Return what SQLAlchemy's reflection method ``question`` returns on a real server, or raise NeedsDatabase."""

    def table(self, name: str, schema: str | None) -> Table | None:
        """Return a table as it is at this moment; None when nobody can describe it."""

    @property
    def failure(self) -> CommandError | None:
        """Why nobody knows the schema at the start of the script; None where somebody may."""

    def query(self, sql: str, about: Sequence[str]) -> list[tuple[Any, ...]] | None:
        """Return the rows of a query that a dialect itself asks, about some objects; None when nobody knows."""

    def trial(self, sql: str) -> str:
        """Return what the server would say against a statement at this moment; empty for nothing, or unknown."""

    def column(self, table: str, name: str, schema: str | None) -> Column | None:
        """Return a column as it is at this moment; None when nobody knows."""

    def comment(self, table: str, schema: str | None) -> Any:
        """Return the comment that a table has at this moment, None for none; UNSET when nobody knows."""

    def table_of_index(self, name: str, schema: str | None) -> str | None:
        """Return the only table known to have an index of this name; None when nobody knows one."""


class Rules(Protocol):
    """What a database makes of parts of DDL that SQLAlchemy prints as they come. All may raise Unsupported."""

    def check_constraint(self, constraint: sa.Constraint) -> None:
        """Look at a constraint before it is printed."""

    def check_name(self, name: str) -> None:
        """Look at a name before it is quoted."""

    def check_table(self, table: sa.Table) -> None:
        """Look at a table before it is printed."""

    def check_column(self, column: sa.Column[Any]) -> None:
        """Look at a column before its definition is printed."""

    def check_index(self, index: sa.Index) -> None:
        """Look at an index before it is printed."""

    def check_type(self, type_: TypeEngine[Any], sql: str) -> None:
        """Look at a type that was printed as ``sql``."""

    def column_default(self, column: sa.Column[Any], sql: str) -> str:
        """Return a server default as it stands behind DEFAULT."""

    def action(self, event: str, action: str) -> str:
        """Return the clause for what a foreign key does ON DELETE or ON UPDATE; empty for none."""


class OfflineCompiler(sa_compiler.SQLCompiler):
    """Marks the place of every bound value, and writes literals by our renderer."""

    bindtemplate = property(lambda _self: MARKER, lambda _self, _value: None)
    compilation_bindtemplate = property(lambda _self: MARKER, lambda _self, _value: None)

    def render_literal_value(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return a literal, of a value as the statement's author wrote it."""
        return literal(self.dialect, value, type_)

    def render_literal_bindparam(self, bindparam: Any, *arguments: Any, **kw: Any) -> str:
        """Return a literal; also for None, which some types store as something else than NULL.

        Raises CompileError for a parameter that nobody gives a value.
        """
        if bindparam.required and bindparam.callable is None and not arguments and "render_literal_value" not in kw:
            raise sa.exc.CompileError(f"a value is required for bind parameter {bindparam.key!r}")
        if bindparam.value is None and bindparam.callable is None and bindparam.type.should_evaluate_none:
            return self.render_literal_value(None, bindparam.type)
        text: str = super().render_literal_bindparam(bindparam, *arguments, **kw)  # type: ignore[no-untyped-call]
        return text


class OfflineDDLCompiler(sa_compiler.DDLCompiler):
    """Lets the rules of the database see what is printed, whoever asked for it."""

    def process(self, obj: Any, **kwargs: Any) -> str:
        """Return the SQL of a construct."""
        if isinstance(obj, sa.Constraint):
            self.rules.check_constraint(obj)
        return super().process(obj, **kwargs)

    @property
    def rules(self) -> Rules:
        """The rules of the database."""
        return self.dialect.rules  # type: ignore[attr-defined,no-any-return]

    def visit_create_table(self, create: Any, **kw: Any) -> str:
        """Return CREATE TABLE."""
        self.rules.check_table(create.element)
        return super().visit_create_table(create, **kw)  # type: ignore[no-untyped-call,no-any-return]

    def visit_create_index(self, create: Any, *arguments: Any, **kw: Any) -> str:
        """Return CREATE INDEX."""
        self.rules.check_index(create.element)
        return super().visit_create_index(create, *arguments, **kw)  # type: ignore[no-untyped-call,no-any-return]

    def get_column_specification(self, column: sa.Column[Any], **kwargs: Any) -> str:
        """Return a column's definition."""
        self.rules.check_column(column)
        return super().get_column_specification(column, **kwargs)

    def get_column_default_string(self, column: sa.Column[Any]) -> str | None:
        """Return a column's server default, or None."""
        sql = super().get_column_default_string(column)
        return None if sql is None else self.rules.column_default(column, sql)

    def define_constraint_cascades(self, constraint: sa.ForeignKeyConstraint) -> str:
        """Return what a foreign key does when the row it points to goes or changes."""
        asked = (("ON DELETE", constraint.ondelete), ("ON UPDATE", constraint.onupdate))
        clauses = [self.rules.action(event, self.phrase(action)) for event, action in asked if action is not None]
        return "".join(f" {clause}" for clause in clauses if clause)

    def phrase(self, action: str) -> str:
        """Return an action. Raises CompileError for text that is none: words, and columns in parentheses."""
        if not ACTION.fullmatch(action):
            raise sa.exc.CompileError(f"unexpected action of a foreign key: {action!r}")
        return action


class OfflinePreparer(sa_compiler.IdentifierPreparer):
    """Lets the rules of the database see each name, before SQLAlchemy keeps how it stands in SQL."""

    def quote(self, ident: str, *arguments: Any) -> str:
        """Return a name, quoted where it must be; SQLAlchemy 2.0 has an argument more, which is not used."""
        if ident not in self._strings or isinstance(ident, ServerName):
            self.dialect.rules.check_name(ident)  # type: ignore[attr-defined]
        return super().quote(ident, *arguments)


class OfflineTypeCompiler(sa_compiler.TypeCompiler):
    """Lets the rules of the database see each type."""

    def process(self, type_: TypeEngine[Any], **kw: Any) -> str:
        """Return the SQL of a type."""
        sql = super().process(type_, **kw)
        self.dialect.rules.check_type(type_, sql)  # type: ignore[attr-defined]
        return sql


class OfflineDialect(DefaultDialect):
    """What every offline dialect does in its own way; mixed in before the dialect class of SQLAlchemy."""

    literals: Literals
    rules: Rules
    schema_source: SchemaSource | None = None
    driver_doubles_percents: bool = False
    supports_statement_cache = True

    def initialize(self, connection: sa.Connection) -> None:
        """Ask the server nothing: its version is pinned."""

    def forget_types(self) -> None:
        """Forget what was worked out for types, once it is for many. To be called between statements only.

        SQLAlchemy keeps that for as long as a type lives. What it keeps for an Enum holds the Enum, and with it the
        table that it stands in: none of them would ever go.
        """
        if len(self._type_memos) > MOST_TYPES:
            self._type_memos.clear()

    def reflect(self, question: str, *arguments: Any, **options: Any) -> Any:
        """Answer a reflection method from the schema source."""
        if self.schema_source is None:
            raise NeedsDatabase(f"{question}() asks for the schema of a live database")
        return self.schema_source.answer(question, arguments, options)

    def has_multi_table(
        self, connection: sa.Connection, table_names: Sequence[str], schema: str | None = None, **kw: Any
    ) -> Iterable[tuple[tuple[str | None, str], bool]]:
        """Tell of each table whether it exists; ``create_all`` of SQLAlchemy 2.1 asks for all of them at once."""
        return [((schema, name), self.has_table(connection, name, schema=schema)) for name in table_names]


def reflection_method(question: str, own: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that answers one reflection question.

    It is SQLAlchemy's ``own`` where the connection has rows for it; else the question goes to the schema source.
    """

    def ask(self: OfflineDialect, connection: Any, *arguments: Any, **options: Any) -> Any:
        if question == "has_index" and "info_cache" in options:  # an Inspector looks among those that it remembers
            return own(self, connection, *arguments, **options)
        source = self.schema_source
        block = source.reflecting(question, arguments, options) if source is not None else None
        if block is None:
            return self.reflect(question, *arguments, **options)
        with block:
            return own(self, connection, *arguments, **options)

    ask.__name__ = question
    kept = hasattr(own, "__wrapped__") and not question.startswith("get_multi_")
    return remembering(question, own, ask) if kept else ask


def remembering(question: str, own: Callable[..., Any], ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return a reflection method that tells an Inspector again what it told it before, whatever has changed since.

    That is what ``reflection.cache`` does, the decorator by which SQLAlchemy's ``own`` has something wrapped.
    """
    shape = signature(own, follow_wrapped=False)

    def told(self: OfflineDialect, connection: Any, *arguments: Any, **options: Any) -> Any:
        kept = options.get("info_cache")
        if kept is None:
            return ask(self, connection, *arguments, **options)
        asked = shape.bind(self, connection, *arguments, **options)
        asked.apply_defaults()
        given = {**dict(list(asked.arguments.items())[2:]), **asked.kwargs}
        key = ("told", question, *((name, one) for name, one in given.items() if isinstance(one, (str, bool))))
        if key not in kept:
            kept[key] = ask(self, connection, *arguments, **options)
        return kept[key]

    told.__name__ = question
    return told


def offline(
    base: type[DefaultDialect],
    literals: Literals,
    *,
    rules: Rules,
    version: tuple[int, ...],
    default_schema: str | None,
    context: type | None = None,
    options: Mapping[str, Any] | None = None,
) -> OfflineDialect:
    """Return a dialect object that compiles for a server nobody talks to.

    ``base`` is the driver-less dialect class; ``rules`` are those of the database; ``version`` the server's version as
    numbers; ``context`` a mixin for its execution context; ``options`` go to the constructor (``paramstyle`` stays
    ``named`` whatever they say).
    """
    members: dict[str, Any] = {
        name: reflection_method(name, getattr(base, name)) for name in REFLECTION if hasattr(base, name)
    }
    mixins = {
        "statement_compiler": OfflineCompiler,
        "ddl_compiler": OfflineDDLCompiler,
        "type_compiler_cls": OfflineTypeCompiler,
        "preparer": OfflinePreparer,
    }
    for name, mixin in mixins.items():
        parent = getattr(base, name)
        members[name] = type("Offline" + parent.__name__, (mixin, parent), {})
    members |= {"literals": literals, "rules": rules, "supports_statement_cache": True}
    if context is not None:
        parent = base.execution_ctx_cls
        members["execution_ctx_cls"] = type("Recording" + parent.__name__, (context, parent), {})
    cls = type("Offline" + base.__name__, (OfflineDialect, base), members)
    dialect: OfflineDialect = cls(**{**(options or {}), "paramstyle": "named"})
    dialect.server_version_info = version
    dialect.default_schema_name = default_schema
    for fact in ("insert_returning", "update_returning", "delete_returning", "use_insertmanyvalues"):
        setattr(dialect, fact, False)
    for fact in ("insert_executemany_returning", "supports_sane_rowcount", "supports_sane_multi_rowcount"):
        setattr(dialect, fact, False)
    return dialect


def literal(dialect: sa.Dialect, value: Any, type_: TypeEngine[Any]) -> str:
    """Return the literal of a value that SQLAlchemy's bind processing has not seen yet."""
    return literal_writer(dialect, type_)(value)


def literal_writer(dialect: sa.Dialect, type_: TypeEngine[Any], *, standalone: bool = False) -> Callable[[Any], str]:
    """Return a function from values of one column to literals, made once for many rows.

    The value passes through the type's bind processor first, as it would on its way to a driver. What we have no
    literal for is written by the type itself, where its author gave it a way of its own to do so. With ``standalone``
    the literals are for a place that is no column's.

    The function raises LiteralError for a value that has no literal, or that the type does not take.
    """
    processor = type_.dialect_impl(dialect).bind_processor(dialect)
    stored = type_._unwrapped_dialect_impl(dialect)
    literals: Literals = dialect.literals  # type: ignore[attr-defined]
    render = literals.standalone if standalone else literals.render
    own = authors_processor(type_, dialect)

    def write(value: Any) -> str:
        processed = value
        if processor is not None and not isinstance(value, PASS_THROUGH):
            processed = bound(processor, value, type_)
        try:
            return render(processed, stored)
        except LiteralError:
            if own is None or isinstance(value, PASS_THROUGH):
                raise
            return own(value)

    return write


def direct_writers(dialect: sa.Dialect, type_: TypeEngine[Any]) -> Mapping[type, Callable[[Any, TypeEngine[Any]], str]]:
    """Return the literals' own methods for the classes of values seen so far; they take value and type.

    There are none for a column whose type stands between a value and its literal: see :func:`literal_writer`.
    """
    if type_.dialect_impl(dialect).bind_processor(dialect) or authors_processor(type_, dialect) is not None:
        return {}
    literals: Literals = dialect.literals  # type: ignore[attr-defined]
    return literals.writers


def bound(processor: Callable[[Any], Any], value: Any, type_: TypeEngine[Any]) -> Any:
    """Return a value as a driver would receive it. Raises LiteralError for one that the type does not take."""
    try:
        return processor(value)
    except CommandError:
        raise
    except Exception as error:
        raise LiteralError(
            f"{type(error).__name__}: {error} (column type {type_!r})", hint="Mend the value, or the column's type."
        ) from error


def authors_processor(type_: TypeEngine[Any], dialect: sa.Dialect) -> Callable[[Any], str] | None:
    """Return how a type of the author's own writes literals, None where it leaves that to SQLAlchemy."""
    for cls in type(type_).__mro__:
        if cls.__module__.startswith("sqlalchemy."):
            return None
        if "literal_processor" in vars(cls) or "process_literal_param" in vars(cls):
            found: Callable[[Any], str] | None = type_._cached_literal_processor(dialect)
            return found
    return None


def unbound_colons(element: Any, given: Container[str] = ()) -> Any:
    """Return a statement or expression in whose text the colons that nobody bound stay as they were written.

    ``given`` are the names that values come for. A parameter of text that its author described with a type is no such
    colon.
    """
    if not any(loose_names(part, given) for part in visitors.iterate(element)):
        return element

    def kept(part: Any, **_options: Any) -> Any | None:
        names = loose_names(part, given)
        return part.bindparams(**{name: Verbatim(f":{name}") for name in names}) if names else None

    traverse: Any = visitors.replacement_traverse
    return traverse(element, {}, kept)


def loose_names(part: Any, given: Container[str]) -> list[str]:
    """Return the names behind colons in text to which nobody gives a value."""
    if not isinstance(part, sa.TextClause):
        return []
    return [
        name
        for name, bind in part._bindparams.items()
        if bind.required and name not in given and bind.type._isnull and not bind.expanding
    ]


def tidy(sql: str) -> str:
    """Return DDL as SQLAlchemy lays it out, with blanks for tabs and none at the ends of lines.

    Options of a table are set off from its last parenthesis. Text with a string literal that runs over a line end is
    left alone.
    """
    if any(QUOTED_NAME.sub("", line).count("'") % 2 for line in sql.splitlines()):
        return sql
    lines = re.sub(r"[ \t]+$", "", re.sub(r"^\t", "    ", sql, flags=re.M), flags=re.M)
    return re.sub(r"^\)(?=\w)", ") ", lines, flags=re.M)
