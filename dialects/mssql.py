"""Microsoft SQL Server: versions 2016 and later, scripts for sqlcmd."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema
from sqlalchemy.dialects import mssql
from sqlalchemy.dialects.mssql.base import MSDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..dialect import Dialect, Piece
from ..inserts import Row
from ..literals import CONTROL, Literals, concatenated
from ..operations.model import AlterColumn, BulkInsert, DropColumn, DropIndex, RenameTable, SetTableComment
from ..rendering import given
from ..statement import Statement

# sqlcmd expands $(name) even inside a string.
VARIABLE = "$("
LAST_GO = re.compile(r"(?:^|\n)[ \t]*GO[ \t]*;?\s*\Z", re.I)

# Types that a column with IDENTITY cannot have.
NO_IDENTITY = (sa.String, sa.Date, sa.DateTime, sa.Time, sa.Boolean, sa.LargeBinary, sa.JSON, sa.Uuid, sa.Float)

# What a string may begin with, besides a quote.
STRING_WORDS = ("N", "CHAR", "NCHAR")

DROP_FOUND_SQL = """DECLARE @sqlgen_sql nvarchar(max) = N'';
SELECT @sqlgen_sql = @sqlgen_sql + {alter} + QUOTENAME(c.name) + N'; '
FROM {source}
WHERE {alias}.parent_object_id = OBJECT_ID({table})
AND COL_NAME({alias}.parent_object_id, {alias}.parent_column_id) = {column};
EXEC (@sqlgen_sql)"""

FOUND_IN: Mapping[str, tuple[str, str]] = {
    "mssql_drop_check": ("sys.check_constraints c", "c"),
    "mssql_drop_default": ("sys.default_constraints c", "c"),
    "mssql_drop_foreign_key": (
        "sys.foreign_keys c JOIN sys.foreign_key_columns k ON k.constraint_object_id = c.object_id",
        "k",
    ),
}


class SQLServerLiterals(Literals):
    """Literals for sqlcmd, which expands ``$(x)`` and takes a line GO for its own even inside a string."""

    title = "SQL Server"
    words = ("1", "0")

    def text(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a string; with N for Unicode types and for all that is not ASCII."""
        wide = isinstance(type_, (sa.Unicode, sa.UnicodeText, mssql.NTEXT)) or not value.isascii()
        prefix, char = ("N", "NCHAR") if wide else ("", "CHAR")

        def quote(text: str) -> str:
            return f" + {prefix}".join(map(self.quote, re.split(r"(?<=\$)(?=\()", text)))

        if not CONTROL.search(value) and VARIABLE not in value:
            return prefix + self.quote(value)
        text = concatenated(
            value,
            quote=lambda run: prefix + quote(run),
            char=lambda run: " + ".join(f"{char}({ord(one)})" for one in run),
            joint=" + ",
        )
        inner = text[1:-1] if text.startswith("(") else text
        # A sum of short strings is cut at 8000 bytes, unless its first part is a long one.
        long = f"CAST({prefix}'' AS {'n' * wide}varchar(max)) + " if len(value) * (1 + wide) > 8000 else ""
        return f"({long}{inner})"

    def binary(self, value: bytes, _type: TypeEngine[Any]) -> str:
        """Return hexadecimal digits behind 0x."""
        return f"0x{value.hex()}"

    def write_datetime(self, value: dt.datetime, type_: TypeEngine[Any]) -> str:
        """Return date and time with a T, which DATEFORMAT cannot turn round.

        DATETIME takes three decimals at most: a finer value is cast, so that the server rounds it.
        """
        if isinstance(type_, sa.Date):
            return self.date(value.date(), type_)
        if isinstance(type_, mssql.DATETIMEOFFSET) or getattr(type_, "timezone", False):
            return self.quote(value.isoformat())
        plain = value.replace(tzinfo=None)
        if isinstance(type_, mssql.DATETIME2):
            return self.quote(plain.isoformat())
        if plain.microsecond % 1000:
            return f"CAST({self.quote(plain.isoformat())} AS datetime2)"
        return self.quote(plain.isoformat(timespec="milliseconds" if plain.microsecond else "seconds"))


def may_be_identity(type_: TypeEngine[Any]) -> bool:
    """Tell whether a column of a type can have IDENTITY: an integer, a decimal of scale 0, or what nobody knows."""
    return not isinstance(type_, NO_IDENTITY) and not getattr(type_, "scale", None)


def is_identity(column: sa.Column[Any]) -> bool:
    """Tell whether SQLAlchemy makes a column with IDENTITY; at most one of a table is."""
    if column.identity is not None:
        return True
    numbered = column is column.table._autoincrement_column or column.autoincrement is True
    return numbered and (not isinstance(column.default, sa.Sequence) or column.default.optional)


class SQLServer(Dialect):
    """SQL Server and sqlcmd.

    An INSERT takes 1,000 rows (error 10738), and its literals are converted as those of UNION ALL: a 5 among them makes
    integers of '007' too (Microsoft Learn, "Table Value Constructor (Transact-SQL)"). A batch has 65,536 times the size
    of a network packet, 4 KB unless configured ("Maximum capacity specifications"), and is sent in UTF-16, which takes
    up to twice the bytes of UTF-8.
    """

    name = "mssql"
    aliases = ("sqlserver", "tsql")
    title = "SQL Server"
    default_version = "16"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = MSDialect
    literals_class = SQLServerLiterals
    default_schema = "dbo"
    driver = "pyodbc"
    transactional_ddl = True
    begin = "BEGIN TRANSACTION;"
    commit = "COMMIT TRANSACTION;"
    batch_separator = "GO"
    rows_per_insert = 1000
    largest_statement = 65_536 * 4_096 // 2
    one_type_per_column = True
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "create_table_if_not_exists": None,
        "drop_table_if_exists": (13,),
        "add_column_if_not_exists": None,
        "drop_column_if_exists": (13,),
        "create_index_if_not_exists": None,
        "drop_index_if_exists": (13,),
        "drop_constraint_if_exists": (13,),
        "deferrable": None,
        "match": None,
        "identity_alter": None,
    }
    hints: ClassVar[Mapping[str, str]] = {
        "deferrable": "Leave deferrable and initially out; all constraints are checked at once.",
        "match": "Leave match out.",
        "identity_alter": "Add a column with IDENTITY, copy what is needed, and drop the old one.",
    }
    aspects = ("drop_default", "type", "comment", "default", "rename")
    add_column_sql = "ALTER TABLE {table} ADD {guard}{spec}"
    type_change_sql = "ALTER TABLE {table} ALTER COLUMN {column} {type}"
    set_default_sql = "ALTER TABLE {table} ADD DEFAULT {default} FOR {column}"
    rename_sql: ClassVar[str] = "EXEC sp_rename {old}, {new}"
    identity_insert_sql: ClassVar[str] = "SET IDENTITY_INSERT {table} {state}"
    identity_guard_sql: ClassVar[str] = (
        "IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID({table}) AND name IN ({names}))\n"
        "    "
    )

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        dialect._setup_version_attributes()
        dialect._supports_nvarchar_max = True
        dialect.supports_comments = True

    def national(self, text: str) -> str:
        """Return text as a literal with N."""
        return self.sa.literals.render(text, sa.Unicode())

    def object_name(self, name: str, schema: str | None) -> str:
        """Return the literal by which OBJECT_ID finds a table."""
        return self.national(self.qualify(name, schema))

    def rename_table(self, operation: RenameTable, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield a call of sp_rename."""
        yield self.rename_sql.format(
            old=self.sa.literals.quote(self.qualify(operation.table_name, operation.schema)),
            new=self.new_name(operation.new_table_name),
        )

    def alter_rename(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield a call of sp_rename."""
        if operation.new_column_name is not None:
            table = self.qualify(operation.table_name, operation.schema)
            old = self.sa.literals.quote(f"{table}.{self.name_of(operation.column_name)}")
            yield self.rename_sql.format(old=old, new=self.new_name(operation.new_column_name)) + ", 'COLUMN'"

    def new_name(self, name: str) -> str:
        """Return the new name for sp_rename, which takes it as it is: brackets would become a part of it."""
        quoted = self.name_of(name)
        return quoted if quoted == name else self.national(str(name))

    def drop_index(self, operation: DropIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP INDEX … ON its table; raises Unsupported when the revision does not name the table."""
        if not operation.table_name:
            raise self.unsupported(
                f"must know the table of index {operation.index.name} to drop it", "Say table_name in op.drop_index."
            )
        yield from super().drop_index(operation, bind)

    def drop_column(self, operation: DropColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield the drops of the column's constraints that the revision asks for, then DROP COLUMN."""
        for option in ("mssql_drop_default", "mssql_drop_check", "mssql_drop_foreign_key"):
            if operation.options.get(option):
                yield self.drop_found(option, operation.table_name, operation.schema, operation.column_name)
        yield from super().drop_column(operation, bind)

    def drop_found(self, option: str, table: str, schema: str | None, column: str) -> Statement:
        """Return the batch that drops all constraints of one kind on a column, whatever the server called them."""
        source, alias = FOUND_IN[option]
        sql = DROP_FOUND_SQL.format(
            alter=self.national(f"ALTER TABLE {self.qualify(table, schema)} DROP CONSTRAINT "),
            table=self.object_name(table, schema),
            source=source,
            alias=alias,
            column=self.national(str(column)),
        )
        return Statement(sql, kind="ddl", alone=True)

    def alter_drop_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the drop of the default that stands, unless the revision says that there is none."""
        if given(operation.server_default) and operation.existing_server_default is not None:
            yield self.drop_found("mssql_drop_default", operation.table_name, operation.schema, operation.column_name)

    def alter_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield ADD DEFAULT; dropping is another aspect, and comes first."""
        if operation.server_default is not None:
            yield from super().alter_default(operation)

    def alter_type(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of type and nullability, which is one statement here.

        Raises Unsupported when the revision changes nullability alone and does not tell the type.
        """
        if operation.type_ is None and operation.nullable is None:
            return
        type_ = operation.type_ or operation.existing_type
        if type_ is None:
            raise self.unsupported(
                f"must repeat the type of {operation.subject} to change it", "Say existing_type in op.alter_column."
            )
        nullable = operation.existing_nullable if operation.nullable is None else operation.nullable
        words = "" if nullable is None else " NULL" if nullable else " NOT NULL"
        yield self.type_change_sql.format(**self.place(operation), type=self.type_sql(type_) + words)

    def alter_comment(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of the comment: adding one where one stands is an error of the server."""
        if not given(operation.comment):
            return
        if operation.existing_comment and operation.comment is not None:
            column = f", 'column', {self.name_of(operation.column_name)}"
            yield self.update_comment(str(operation.comment), operation.table_name, operation.schema) + column
            return
        target: sa.Column[Any] = sa.Column(
            operation.column_name,
            sa.types.NULLTYPE,
            comment=None if operation.comment is None else str(operation.comment),
        )
        sa.Table(operation.table_name, sa.MetaData(), target, schema=operation.schema)
        yield (sa_schema.DropColumnComment if operation.comment is None else sa_schema.SetColumnComment)(target)

    def set_table_comment(self, operation: SetTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield the statement that sets a table's comment."""
        if operation.existing_comment and operation.comment is not None:
            yield self.update_comment(operation.comment, operation.table_name, operation.schema)
        else:
            yield from super().set_table_comment(operation, bind)

    def update_comment(self, comment: str, table: str, schema: str | None) -> str:
        """Return the call that changes a comment of a table that has one."""
        place = f"'schema', {self.name_of(schema or self.schema or 'dbo')}, 'table', {self.name_of(table)}"
        return f"execute sp_updateextendedproperty 'MS_Description', {self.national(comment)}, {place}"

    def bulk_insert(self, operation: BulkInsert, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield INSERT statements; between SET IDENTITY_INSERT where rows give a value for an identity column.

        The setting stays until it is taken back, also beyond GO, and one table of a session can have it at a time
        (Microsoft Learn, "SET IDENTITY_INSERT").
        """
        table = self.sa.identifier_preparer.format_table(operation.table)
        guards: dict[tuple[str, ...], str | None] = {}

        def guard_of(numbered: tuple[int, Row]) -> str | None:
            keys = tuple(numbered[1])
            if keys not in guards:
                guards[keys] = self.identity_guard(operation.table, numbered[1])
            return guards[keys]

        for guard, rows in groupby(enumerate(operation.rows), key=guard_of):
            if guard is not None:
                yield Statement(guard + self.identity_insert_sql.format(table=table, state="ON"), kind="dml")
            yield from self.inserts(operation, rows)
            if guard is not None:
                yield Statement(guard + self.identity_insert_sql.format(table=table, state="OFF"), kind="dml")

    def identity_guard(self, table: Any, row: Row) -> str | None:
        """Return what to write before SET IDENTITY_INSERT, or None where that is not needed.

        Where the revision does not tell which column is the identity, the script asks the server.
        """
        columns = [column for key, column in table.c.items() if key in row]
        if isinstance(table, sa.Table):
            return "" if any(map(is_identity, columns)) else None
        possible = [str(column.name) for column in columns if may_be_identity(column.type)]
        if not possible:
            return None
        names = ", ".join(map(self.national, possible))
        return self.identity_guard_sql.format(table=self.object_name(table.name, table.schema), names=names)

    def literal_kind(self, literal: str) -> str:
        """Return a literal's kind; of strings there is one, because NVARCHAR holds all of them."""
        kind = super().literal_kind(literal)
        return "text" if kind.lstrip("(") in STRING_WORDS else kind

    def terminate(self, sql: str) -> str:
        """Return a statement with ``;`` and GO; a GO at the end of the author's own is not doubled."""
        return super().terminate(LAST_GO.sub("", sql))

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of the session: those that sqlcmd has wrong, and a stop at errors."""
        return (
            "SET NOCOUNT ON;",
            "SET XACT_ABORT ON;",
            "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;",
            "SET NUMERIC_ROUNDABORT OFF;",
            "SET LOCK_TIMEOUT 5000;",
            "GO",
        )

    def apply_command(self, file: str) -> str:
        """Return the call of sqlcmd: stop at errors, quoted identifiers, no variables, UTF-8."""
        return f"sqlcmd -b -I -x -f 65001 -S SERVER -d DATABASE -i {file}"

    def verdict(self, text: str) -> tuple[str, ...]:
        """Return PRINT with the text."""
        return (f"PRINT {self.national(text)};", "GO")
