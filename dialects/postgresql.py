"""PostgreSQL: versions 10 and later, scripts for psql."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..dialect import Dialect, Piece
from ..literals import CONTROL, Literals
from ..operations.model import AlterColumn, CreateIndex, DropIndex
from ..statement import Statement

ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\", "'": "''"}

# Names the types that arrays are cast to.
COMPILER = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]


class PostgreSQLLiterals(Literals):
    """Literals for ``standard_conforming_strings = on``, which the preamble sets."""

    title = "PostgreSQL"

    def check_text(self, value: str, type_: TypeEngine[Any]) -> None:
        """Refuse U+0000, which no text of the server can hold."""
        super().check_text(value, type_)
        if "\x00" in value:
            raise self.refusal(value, type_, "PostgreSQL cannot store the character U+0000 in text")

    def text(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return ``'…'``, or ``E'…'`` where a control character or a backslash is in the text."""
        if isinstance(type_, BIT):
            return f"B{self.quote(value)}"
        if "\\" not in value and not CONTROL.search(value):
            return self.quote(value)
        return "E'" + "".join(map(escaped, value)) + "'"

    def binary(self, value: bytes, _type: TypeEngine[Any]) -> str:
        """Return bytea by way of hexadecimal digits, whatever ``bytea_output`` says."""
        return f"decode('{value.hex()}', 'hex')"

    def not_a_number(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return NaN or an infinity, cast so that it also works inside an expression."""
        word = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        exact = isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float)
        return f"'{word}'::{'numeric' if exact else 'float8'}"

    def interval(self, value: dt.timedelta, _type: TypeEngine[Any]) -> str:
        """Return an interval in days and seconds, as drivers send it: a day is not 24 hours to this server."""
        sign = "-" if value.days < 0 and value.microseconds + value.seconds == 0 else ""
        seconds = f"{value.seconds}.{value.microseconds:06d}"
        days = -value.days if sign else value.days
        return f"'{sign}{days} days {seconds} seconds'::interval"

    def array(self, value: Sequence[Any], type_: TypeEngine[Any]) -> str:
        """Return ``ARRAY[…]`` with a cast, so that an empty one and one of NULLs have a type."""
        if not isinstance(type_, sa.ARRAY):
            raise self.refusal(value, type_)
        cast = type_.compile(dialect=COMPILER)
        if not value:
            return f"'{{}}'::{cast}"
        return f"ARRAY{self.elements(value, type_.item_type)}::{cast}"

    def elements(self, value: Sequence[Any], item: TypeEngine[Any]) -> str:
        """Return the bracketed elements of an array of any number of dimensions."""
        written = [
            self.elements(one, item) if isinstance(one, (list, tuple)) else self.render(one, item) for one in value
        ]
        return f"[{', '.join(written)}]"

    def mapping(self, value: Mapping[Any, Any], type_: TypeEngine[Any]) -> str:
        """Return hstore text, for that type only."""
        if type(type_).__name__ != "HSTORE":
            raise self.refusal(value, type_)
        pairs = (f"{quoted(key)}=>{'NULL' if one is None else quoted(one)}" for key, one in value.items())
        return self.string(", ".join(pairs), type_)


def escaped(character: str) -> str:
    r"""Return one character as it stands inside ``E'…'``."""
    if character in ESCAPES:
        return ESCAPES[character]
    return f"\\u{ord(character):04X}" if CONTROL.match(character) else character


def quoted(text: Any) -> str:
    """Return a key or value of hstore in double quotes."""
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


class PostgreSQL(Dialect):
    """PostgreSQL and psql."""

    name = "postgresql"
    aliases = ("postgres", "pg", "pgsql", "psql")
    title = "PostgreSQL"
    default_version = "15"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = PGDialect
    literals_class = PostgreSQLLiterals
    default_schema = "public"
    driver = "psycopg2"
    # pg_get_keywords() of 15, those that CREATE TABLE takes for no name; system_user is new in 16.
    reserved_words = frozenset({"collation", "concurrently", "lateral", "system_user", "tablesample"})
    takes_along = True  # https://www.postgresql.org/docs/15/sql-altertable.html, DROP COLUMN
    transactional_ddl = True
    begin = "BEGIN;"
    commit = "COMMIT;"
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "add_column_if_not_exists": (9, 6),
        "create_index_if_not_exists": (9, 5),
        "identity_alter": (10,),
    }
    aspects = ("type", "nullable", "default", "comment", "rename")
    rename_column_sql = "ALTER TABLE {table} RENAME {column} TO {new}"
    identity_sql = "ALTER TABLE {table} ALTER COLUMN {column} {change}"

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        dialect.supports_smallserial = True
        dialect._backslash_escapes = False
        dialect._supports_drop_index_concurrently = True
        dialect.supports_identity_columns = self.version_info >= (10,)
        dialect._supports_jsonb_subscripting = self.version_info >= (14,)
        dialect.supports_virtual_generated_columns = self.version_info >= (18,)

    def create_types(self, column: sa.Column[Any], bind: sa.Connection) -> None:
        """Create the enum type or domain that a column is to have, unless the schema has it already."""
        known = self.sa.schema_source is not None
        kind: Any = column.type.dialect_impl(self.sa)
        while isinstance(kind, (sa.ARRAY, sa.types.TypeDecorator)):
            kind = (kind.item_type if isinstance(kind, sa.ARRAY) else kind.impl_instance).dialect_impl(self.sa)
        native = (isinstance(kind, sa.Enum) and kind.native_enum) or type(kind).__name__ == "DOMAIN"
        if known and native and getattr(kind, "create_type", True):
            kind.create(bind, checkfirst=True)

    def create_index(self, operation: CreateIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield CREATE INDEX; CONCURRENTLY is refused by the server inside a transaction."""
        for piece in super().create_index(operation, bind):
            yield self.outside(piece, operation.index)

    def drop_index(self, operation: DropIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP INDEX; CONCURRENTLY is refused by the server inside a transaction."""
        for piece in super().drop_index(operation, bind):
            yield self.outside(piece, operation.index)

    def outside(self, piece: Piece, index: sa.Index) -> Piece:
        """Return a statement on an index, marked as one that must stand outside a transaction where it is."""
        if not index.dialect_options["postgresql"]["concurrently"] or not isinstance(piece, sa_schema.DDLElement):
            return piece
        return Statement(str(piece.compile(dialect=self.sa)).strip(), kind="ddl", transactional=False, element=piece)

    def alter_column(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield one statement per changed aspect; an enum type or domain is created before a column gets it."""
        if operation.type_ is not None:
            self.create_types(sa.Column(operation.column_name, operation.type_), bind)
        yield from super().alter_column(operation, bind)

    def alter_type(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of type, with the USING that the revision gave."""
        if operation.type_ is None:
            return
        using = operation.options.get("postgresql_using")
        sql = self.type_change_sql.format(**self.place(operation), type=self.type_sql(operation.type_))
        yield f"{sql} USING {using}" if using else sql

    def alter_generated(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the statement that adds, changes or drops IDENTITY."""
        self.need("identity_alter")
        new, old = operation.server_default, operation.existing_server_default
        if not isinstance(new, sa.Identity):
            change = "DROP IDENTITY"
        elif isinstance(old, sa.Identity):
            change = self.identity_change(new, old)
        else:
            change = "ADD " + self.identity_sql_of(new)
        if change:
            yield self.identity_sql.format(**self.place(operation), change=change)
        if new is not None and not isinstance(new, sa.Identity):
            default = self.default_sql(new, operation.type_ or operation.existing_type)
            yield self.set_default_sql.format(**self.place(operation), default=default)

    def identity_change(self, new: sa.Identity, old: sa.Identity) -> str:
        """Return the SET clauses for the options in which two identities differ; may be empty."""
        parts = []
        if bool(new.always) != bool(old.always):
            parts.append(f"SET GENERATED {'ALWAYS' if new.always else 'BY DEFAULT'}")
        for option in ("increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "start", "cache", "cycle"):
            if getattr(new, option) != getattr(old, option) and getattr(new, option) is not None:
                single = sa.Identity(**{option: getattr(new, option)})
                parts.append(f"SET {self.ddl().get_identity_options(single)}")
        return " ".join(parts)

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of psql and of the session."""
        return (
            r"\set ON_ERROR_STOP on",
            r"\encoding UTF8",
            "SET standard_conforming_strings = on;",
            "SET lock_timeout = '5s';",
        )

    def apply_command(self, file: str) -> str:
        """Return the call of psql: ``-X`` skips the user's own settings."""
        return f"psql -X -v ON_ERROR_STOP=1 -d DATABASE -f {file}"

    def verdict(self, text: str) -> tuple[str, ...]:
        r"""Return an ``\echo`` line."""
        return (rf"\echo {text}",)
