"""MySQL: versions 8 and later, scripts for the mysql client."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..alter import GENERATED
from ..dialect import Dialect, Piece
from ..literals import CONTROL, Literals
from ..operations.model import (
    AddColumn,
    AlterColumn,
    DropConstraint,
    DropIndex,
    DropTableComment,
    SetTableComment,
)
from ..rendering import given

ESCAPES = {"\0": "\\0", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x1a": "\\Z", "\\": "\\\\", "'": "''"}
DELIMITER = "//"
PROGRAM = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:AGGREGATE\s+)?"
    r"(?:TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE)\b|ALTER\s+(?:DEFINER\s*=\s*\S+\s+)?EVENT\b|BEGIN\s+NOT\s+ATOMIC\b)",
    re.I | re.S,
)
# What may stand in DEFAULT without parentheses: a literal, or the current time (MySQL manual, 11.6).
PLAIN_DEFAULT = re.compile(
    r"\s*(?:[-+]?[\d.]+(?:e[-+]?\d+)?|[bBxXnN]?'.*'|\(.*\)|NULL|TRUE|FALSE"
    r"|(?:NOW|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP)\s*(?:\(\s*\d*\s*\))?(?:\s+ON\s+UPDATE\s+.*)?)\s*",
    re.I | re.S,
)


class MySQLLiterals(Literals):
    """Literals for a session without NO_BACKSLASH_ESCAPES, which the preamble takes away."""

    title = "MySQL"

    def text(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a string with control characters and backslashes escaped."""
        if isinstance(type_, mysql.BIT):
            return f"b{self.quote(value)}"
        if "\\" not in value and not CONTROL.search(value):
            return self.quote(value)
        if any(CONTROL.match(one) and one not in ESCAPES for one in value):
            return f"_utf8mb4 X'{value.encode().hex()}'"
        return "'" + "".join(ESCAPES.get(one, one) for one in value) + "'"

    def integer(self, value: int, type_: TypeEngine[Any]) -> str:
        """Return digits."""
        return str(int(value)) if isinstance(type_, mysql.YEAR) else super().integer(value, type_)

    def write_datetime(self, value: dt.datetime, type_: TypeEngine[Any]) -> str:
        """Return date and time; an offset is left out, as drivers leave it out."""
        return super().write_datetime(value.replace(tzinfo=None), type_)

    def time(self, value: dt.time, type_: TypeEngine[Any]) -> str:
        """Return a time of day without an offset."""
        return super().time(value.replace(tzinfo=None), type_)

    def interval(self, value: dt.timedelta, type_: TypeEngine[Any]) -> str:
        """Return a TIME of any length, for that type only."""
        if not isinstance(type_, sa.Time):
            raise self.refusal(value, type_)
        total = abs(value)
        hours, rest = divmod(total.days * 86400 + total.seconds, 3600)
        micros = f".{total.microseconds:06d}" if total.microseconds else ""
        return f"'{'-' if value.days < 0 else ''}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}{micros}'"

    def render(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return a literal; a SET comes as a set of words, which gets the order of its type."""
        if isinstance(type_, mysql.SET) and isinstance(value, (set, frozenset)):
            return self.string(",".join(word for word in type_.values if word in value), type_)
        return super().render(value, type_)


class MySQL(Dialect):
    """MySQL and its client."""

    name = "mysql"
    title = "MySQL"
    default_version = "8.0.36"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = MySQLDialect
    literals_class: ClassVar[type[Literals]] = MySQLLiterals
    driver = "pymysql"
    client: ClassVar[str] = "mysql"
    empty_row = "() VALUES ()"
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "add_column_if_not_exists": None,
        "drop_column_if_exists": None,
        "create_index_if_not_exists": None,
        "drop_index_if_exists": None,
        "drop_constraint_if_exists": None,
        "deferrable": None,
        "match": None,
        "identity_alter": None,
    }
    hints: ClassVar[Mapping[str, str]] = {
        "identity_alter": "Use autoincrement=True with existing_type.",
        "match": "Leave match out.",
        "deferrable": "Leave deferrable and initially out; all constraints are checked at once.",
    }
    inline_references = False  # "parsed but ignored": MySQL manual, 15.1.20.5
    rename_table_sql = "ALTER TABLE {table} RENAME TO {qualified_new}"
    drop_constraint_sql: ClassVar[Mapping[str, str]] = {
        "foreignkey": "ALTER TABLE {table} DROP FOREIGN KEY {guard}{name}",
        "unique": "ALTER TABLE {table} DROP INDEX {guard}{name}",
        "primary": "ALTER TABLE {table} DROP PRIMARY KEY",
        "check": "ALTER TABLE {table} DROP CHECK {name}",
    }
    spec_sql: ClassVar[str] = "ALTER TABLE {table} {verb} {spec}"

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        dialect._connection_charset = "utf8mb4"
        dialect._sql_mode = ""
        dialect._backslash_escapes = True
        dialect._server_ansiquotes = False
        dialect._casing = 0
        dialect.supports_for_update_of = self.version_info >= (8,)
        dialect.use_mysql_for_share = self.version_info >= (8, 0, 1)
        dialect._needs_correct_for_88718_96365 = (8,) <= self.version_info < (8, 0, 14)
        dialect._requires_alias_for_on_duplicate_key = self.version_info >= (8, 0, 20)
        known(dialect, "_support_default_function", self.version_info >= (8, 0, 13))
        known(dialect, "_support_float_cast", self.version_info >= (8, 0, 17))

    def add_column(self, operation: AddColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ADD COLUMN; raises Unsupported for a column that counts up and is no key (error 1075)."""
        column = operation.column
        if column is column.table._autoincrement_column and not operation.inline_primary_key:
            raise self.unsupported(
                f"has no AUTO_INCREMENT column without a key, such as {operation.subject}",
                "Say inline_primary_key=True in op.add_column, or autoincrement=False in the column.",
            )
        yield from super().add_column(operation, bind)

    def drop_index(self, operation: DropIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP INDEX … ON its table; raises Unsupported when the revision does not name the table."""
        if not operation.table_name:
            raise self.unsupported(
                f"must know the table of index {operation.index.name} to drop it", "Say table_name in op.drop_index."
            )
        yield from super().drop_index(operation, bind)

    def drop_constraint(self, operation: DropConstraint, bind: sa.Connection) -> Iterator[Piece]:
        """Yield the DROP that this kind of constraint asks for; raises Unsupported when the kind was not told."""
        if operation.if_exists:
            self.need("drop_constraint_if_exists")
        template = self.drop_constraint_sql.get(operation.type_ or "")
        if template is None:
            raise self.unsupported(
                f"must know the kind of constraint {operation.constraint.name} to drop it",
                "Say type_ in op.drop_constraint: foreignkey, primary, unique or check.",
            )
        name = self.sa.identifier_preparer.format_constraint(operation.constraint) if operation.constraint.name else ""
        yield template.format(
            table=self.qualify(operation.table_name, operation.schema),
            name=name,
            guard="IF EXISTS " if operation.if_exists else "",
        )

    def set_table_comment(self, operation: SetTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … COMMENT."""
        table = self.qualify(operation.table_name, operation.schema)
        yield f"ALTER TABLE {table} COMMENT {self.text_literal(operation.comment or '')}"

    def drop_table_comment(self, operation: DropTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … COMMENT with an empty text, which is what no comment is here."""
        yield f"ALTER TABLE {self.qualify(operation.table_name, operation.schema)} COMMENT ''"

    def default_sql(self, default: Any, type_: TypeEngine[Any] | None = None) -> str:
        """Return a default; an expression gets parentheses where the server wants them."""
        sql = super().default_sql(default, type_)
        return sql if PLAIN_DEFAULT.fullmatch(sql) else f"({sql})"

    def alter_column(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield one CHANGE or MODIFY with the whole definition, or a change of the default alone."""
        if self.generated_change(operation):
            yield from self.alter_generated(operation)
        yield from self.drop_type_checks(operation, bind)
        if self.needs_definition(operation):
            yield self.whole_definition(operation)
        else:
            yield from self.alter_default(operation)
        yield from self.add_type_checks(operation)

    def needs_definition(self, operation: AlterColumn) -> bool:
        """Tell whether more than a default changes; the default of a time can hide ON UPDATE, so it counts as more."""
        others = (operation.new_column_name, operation.type_, operation.nullable, operation.autoincrement)
        if any(value is not None for value in others) or given(operation.comment):
            return True
        temporal = isinstance(operation.existing_type, (sa.DateTime, sa.Date, sa.Time))
        return given(operation.server_default) and operation.server_default is not None and temporal

    def whole_definition(self, operation: AlterColumn) -> str:
        """Return CHANGE or MODIFY. What the revision does not tell is what SQLAlchemy's defaults say.

        Raises Unsupported when it tells no type: the statement would have to make one up.
        """
        type_ = operation.type_ or operation.existing_type
        if type_ is None:
            raise self.unsupported(
                f"must repeat the type of {operation.subject} to change it", "Say existing_type in op.alter_column."
            )
        temporal_default = given(operation.server_default) and isinstance(operation.existing_type, sa.DateTime)
        rename = operation.new_column_name is not None
        change = rename or (temporal_default and operation.type_ is None and operation.nullable is None)
        new = operation.new_column_name or operation.column_name
        names = (
            [self.name_of(operation.column_name), self.name_of(new)]
            if change
            else [self.name_of(operation.column_name)]
        )
        return self.spec_sql.format(
            table=self.qualify(operation.table_name, operation.schema),
            verb="CHANGE" if change else "MODIFY",
            spec=" ".join([*names, *self.definition(operation, type_)]),
        )

    def definition(self, operation: AlterColumn, type_: TypeEngine[Any]) -> Iterator[str]:
        """Yield the parts of a column's definition as they stand after the change."""
        yield self.type_sql(type_)
        nullable = operation.existing_nullable if operation.nullable is None else operation.nullable
        default = operation.server_default if given(operation.server_default) else operation.existing_server_default
        if isinstance(default, sa.Computed):
            yield from self.computed_definition(default, nullable)
        else:
            yield "NOT NULL" if nullable is False else "NULL"
        auto = operation.existing_autoincrement if operation.autoincrement is None else operation.autoincrement
        if auto is True:
            yield "AUTO_INCREMENT"
        if given(default) and default is not None and default is not False and not isinstance(default, GENERATED):
            yield f"DEFAULT {self.default_sql(default, type_)}"
        comment = operation.comment if given(operation.comment) else operation.existing_comment
        if comment:
            yield f"COMMENT {self.text_literal(str(comment))}"

    def computed_definition(self, computed: sa.Computed, nullable: bool | None) -> Iterator[str]:
        """Yield the formula of a computed column; MariaDB takes no NULL after it (10.11, error 1064)."""
        yield self.ddl().process(computed)
        if nullable is False:
            yield "NOT NULL"

    def is_program(self, sql: str) -> bool:
        """Tell whether a statement defines a trigger, a routine or an event."""
        return PROGRAM.match(sql) is not None

    def terminate(self, sql: str) -> str:
        """Return a statement with ``;``; a body that holds semicolons is put between DELIMITER lines."""
        text = sql.strip().rstrip(";").rstrip() if self.is_program(sql) else sql
        if not self.is_program(sql) or ";" not in text:
            return super().terminate(text)
        delimiter = next(mark for mark in (DELIMITER, "$$", "///", "$$$$") if mark not in text)
        return f"DELIMITER {delimiter}\n{text}\n{delimiter}\nDELIMITER ;"

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of the session."""
        return (
            "SET NAMES utf8mb4;",
            "SET LOCAL sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '');",
            "SET LOCAL lock_wait_timeout = 5;",
        )

    def apply_command(self, file: str) -> str:
        """Return the call of the client; reading from a file it stops at the first error."""
        return f"{self.client} --default-character-set=utf8mb4 DATABASE < {file}"

    def verdict(self, text: str) -> tuple[str, ...]:
        """Return a SELECT of the text."""
        return (f"SELECT {self.text_literal(text)} AS sqlgen;",)


def borrowed_options(elements: Any, own: str, other: str) -> None:
    """Give tables and indexes the options of the other database's name, unless they have some of their own."""
    for element in elements:
        options = element.dialect_kwargs
        told = [*options]  # asking with `in` would also find the defaults
        for key in [key for key in told if key.startswith(f"{other}_")]:
            mine = own + key[len(other) :]
            if mine not in told:
                options[mine] = options[key]


def known(dialect: Any, fact: str, value: bool) -> None:
    """Set a fact of SQLAlchemy's dialect, unless that version of SQLAlchemy derives it from the server's version."""
    if not isinstance(getattr(type(dialect), fact, None), property):
        setattr(dialect, fact, value)
