"""PostgreSQL: versions 10 and later, scripts for psql."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..conditions import Piece
from ..literals import CONTROL, Literals
from ..operations.model import AlterColumn
from ..rendering import given
from .postgresql_text import PostgreSQLText

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


class PostgreSQL(PostgreSQLText):
    """PostgreSQL and psql."""

    name = "postgresql"
    aliases = ("postgres", "pg", "pgsql", "psql")
    title = "PostgreSQL"
    default_version = "15"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = PGDialect
    literals_class = PostgreSQLLiterals
    default_schema = "public"
    driver = "psycopg2"
    takes_along = True  # https://www.postgresql.org/docs/15/sql-altertable.html, DROP COLUMN
    transactional_ddl = True
    begin = "BEGIN;"
    commit = "COMMIT;"
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "deferrable_checks": None,
        "match_partial": None,
        "nulls_not_distinct": (15,),
        "included_columns": (11,),
        "identity": (10,),
        "identity_alter": (10,),
        "drop_expression": (13,),
        "set_expression": (17,),
    }
    hints: ClassVar[Mapping[str, str]] = {
        "deferrable_checks": "Leave deferrable and initially out; a CHECK is always checked at once.",
        "set_expression": "Drop the column and add it again.",
        "drop_expression": "Drop the column and add it again.",
    }
    aspects = ("drop_default", "type", "nullable", "default", "generated", "comment", "rename")
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

    def create_types(self, type_: TypeEngine[Any], bind: sa.Connection) -> None:
        """Create the enum type or domain that a column needs, unless the schema has it already."""
        known = self.sa.schema_source is not None
        kind: Any = type_.dialect_impl(self.sa)
        while isinstance(kind, (sa.ARRAY, sa.types.TypeDecorator)):
            kind = (kind.item_type if isinstance(kind, sa.ARRAY) else kind.impl_instance).dialect_impl(self.sa)
        native = (isinstance(kind, sa.Enum) and kind.native_enum) or type(kind).__name__ == "DOMAIN"
        if known and native and getattr(kind, "create_type", True):
            kind.create(bind, checkfirst=True)

    def check_constraint(self, constraint: sa.Constraint) -> None:
        """Raise Unsupported for what this version lacks."""
        super().check_constraint(constraint)
        unique = isinstance(constraint, sa.UniqueConstraint)
        if unique and constraint.dialect_options["postgresql"]["nulls_not_distinct"]:
            self.need("nulls_not_distinct")

    def check_index(self, index: sa.Index) -> None:
        """Raise Unsupported for what this version lacks."""
        super().check_index(index)
        options = index.dialect_options["postgresql"]
        if options["nulls_not_distinct"]:
            self.need("nulls_not_distinct")
        if options["include"]:
            self.need("included_columns")

    def alter_drop_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the drop of a default that would have to be converted, although another one is about to come.

        ALTER … TYPE converts the default too, and fails where that has no cast of its own
        (https://www.postgresql.org/docs/15/sql-altertable.html, Notes).
        """
        plain = given(operation.server_default) and not self.generated_change(operation)
        if operation.type_ is not None and plain and self.existing_default(operation) is not None:
            yield self.drop_default_sql.format(**self.place(operation))

    def alter_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of the default; before a change of type the old one went already."""
        if operation.type_ is None or operation.server_default is not None:
            yield from super().alter_default(operation)

    def alter_type(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of type, with the USING that the revision gave."""
        if operation.type_ is None:
            return
        using = operation.options.get("postgresql_using")
        sql = self.type_change_sql.format(**self.place(operation), type=self.type_sql(operation.type_))
        yield f"{sql} USING {using}" if using else sql

    def alter_identity(self, operation: AlterColumn, new: Any, old: Any) -> Iterator[Piece]:
        """Yield the statement that adds, changes or drops IDENTITY; a column with a default can have none."""
        if not isinstance(new, sa.Identity):
            change = "DROP IDENTITY"
        elif isinstance(old, sa.Identity):
            change = self.identity_change(new, old)
        else:
            change = "ADD " + self.identity_sql_of(new)
            if old is not None:
                yield self.drop_default_sql.format(**self.place(operation))
        if change:
            yield self.identity_sql.format(**self.place(operation), change=change)

    def alter_computed(self, operation: AlterColumn, new: Any, old: Any) -> Iterator[Piece]:
        """Yield DROP EXPRESSION, or SET EXPRESSION; the column keeps its values, or gets new ones.

        Raises Unsupported for a plain column that is to be computed: the server has no form of it.
        """
        if not isinstance(old, sa.Computed):
            yield from super().alter_computed(operation, new, old)
        elif isinstance(new, sa.Computed):
            self.need("set_expression")
            compiler: Any = self.ddl()
            sql = compiler.visit_computed_column(new)
            expression = sql[sql.index("AS (") : sql.rindex(")") + 1]
            yield self.identity_sql.format(**self.place(operation), change=f"SET EXPRESSION {expression}")
        else:
            self.need("drop_expression")
            yield self.identity_sql.format(**self.place(operation), change="DROP EXPRESSION")

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
