"""SQLite: versions 3.35 and later, scripts for the sqlite3 shell."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..dialect import Dialect, Piece
from ..errors import NeedsDatabase
from ..literals import Literals, concatenated
from ..operations.model import (
    AddColumn,
    AlterColumn,
    BatchAlter,
    CreateIndex,
    DropColumn,
    DropIndex,
    DropTableComment,
    Execute,
    SetTableComment,
)
from ..rendering import given
from .sqlite_rebuild import Rebuild

BATCH = "Use op.batch_alter_table, which copies the table."
TRIGGER = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*CREATE\s+(?:TEMP\w*\s+)?TRIGGER\b", re.I | re.S)
# Operations of a batch that never need the table to be copied.
PLAIN = (AddColumn, CreateIndex, DropIndex, Execute, SetTableComment, DropTableComment)


class SQLiteLiterals(Literals):
    """Literals for the shell, which turns CR LF inside a literal into LF, and ends a statement at U+0000."""

    title = "SQLite"
    words = ("1", "0")

    def text(self, value: str, _type: TypeEngine[Any]) -> str:
        """Return a string; control characters by way of ``char()``."""
        if "\0" in value:
            return f"CAST(X'{value.encode().hex()}' AS TEXT)"
        if not value:
            return "''"
        return concatenated(
            value, quote=self.quote, char=lambda run: f"char({','.join(str(ord(one)) for one in run)})", joint=" || "
        )

    def not_a_number(self, value: Any, _type: TypeEngine[Any]) -> str:
        """Return what the driver stores: NULL for nan, and a number too large for an infinity."""
        return "NULL" if math.isnan(value) else "9e999" if value > 0 else "-9e999"


class SQLite(Dialect):
    """SQLite and its shell."""

    name = "sqlite"
    aliases = ("sqlite3",)
    title = "SQLite"
    default_version = "3.40"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = SQLiteDialect
    literals_class = SQLiteLiterals
    default_schema = "main"
    driver = "pysqlite"
    # Of the words of sqlite.org/lang_keywords.html, those that 3.40 takes for no table's name.
    reserved_words = frozenset({"nothing", "returning"})
    reflects_plainly = True
    native_decimal = False
    transactional_ddl = True
    begin = "BEGIN IMMEDIATE;"
    commit = "COMMIT;"
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "add_column_if_not_exists": None,
        "drop_column": (3, 35),
        "drop_column_if_exists": None,
        "rename_column": (3, 25),
        "drop_constraint_if_exists": None,
        "alter_constraints": None,
        "identity_alter": None,
    }
    hints: ClassVar[Mapping[str, str]] = {"alter_constraints": BATCH, "drop_column": BATCH, "rename_column": BATCH}

    def sa_version(self) -> tuple[int, ...]:
        """Return three numbers."""
        return (*self.version_info, 0, 0)[:3]

    def sa_options(self) -> dict[str, Any]:
        """Return a stand-in for the driver: SQLAlchemy asks it for the version of the library."""
        facts = SimpleNamespace(
            sqlite_version_info=self.sa_version(),
            paramstyle="named",
            Error=Exception,
            Binary=bytes,
            version_info=(2, 6, 0),
        )
        return {"dbapi": facts}

    def column_in_place(self, operation: AddColumn) -> None:
        """Raise Unsupported for a column that ADD COLUMN refuses (sqlite.org/lang_altertable.html)."""
        column = operation.column
        if operation.inline_primary_key and column.primary_key:
            raise self.unsupported("cannot add a PRIMARY KEY column", BATCH)
        if column.computed is not None and column.computed.persisted:
            raise self.unsupported("cannot add a STORED column", BATCH)

    def add_column(self, operation: AddColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ADD COLUMN with its foreign keys and CHECKs inside: there is no other place for them."""
        self.column_in_place(operation)
        yield from super().add_column(operation, bind)

    def inline_keys(self, operation: AddColumn) -> list[sa.Constraint]:
        """Return the foreign keys and CHECKs of the column."""
        kinds = (sa.ForeignKeyConstraint, sa.CheckConstraint)
        return [one for one in self.column_constraints(operation.column) if isinstance(one, kinds)]

    def alter_column(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield RENAME COLUMN; raises Unsupported for any other change."""
        asked = (operation.nullable, operation.type_)
        if any(value is not None for value in asked) or given(operation.server_default):
            raise self.unsupported(f"cannot change {operation.subject} in place", BATCH)
        yield from self.alter_rename(operation)

    def set_table_comment(self, operation: SetTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield nothing: there are no comments on tables, and CREATE TABLE leaves them out as well."""
        return iter(())

    def drop_table_comment(self, operation: DropTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield nothing: there are no comments on tables."""
        return iter(())

    def batch_alter(self, operation: BatchAlter, bind: sa.Connection) -> Iterator[Piece]:
        """Yield plain statements where they can do it, else the copy of the table into a new one.

        A dropped column alone is no reason to copy a table that nobody described.
        Raises Unsupported when a copy needs the columns of such a table.
        """
        fits = self.is_plain if operation.copy_from is not None else self.could_be_plain
        plain = operation.recreate == "never" or all(map(fits, operation.operations))
        if plain and operation.recreate != "always":
            yield from super().batch_alter(operation, bind)
        else:
            yield from Rebuild(self, self.described(operation, bind), operation).pieces()

    def described(self, operation: BatchAlter, bind: sa.Connection) -> sa.Table:
        """Return the table as ``copy_from`` or the schema so far has it; raises Unsupported where neither has it."""
        if operation.copy_from is not None:
            return operation.copy_from
        try:
            return sa.Table(
                operation.table_name,
                sa.MetaData(naming_convention=operation.naming_convention or None),
                *operation.reflect_args,
                schema=operation.schema,
                autoload_with=bind,
                resolve_fks=False,
                **operation.reflect_kwargs,
            )
        except (NeedsDatabase, sa.exc.NoSuchTableError) as error:
            raise self.unsupported(
                f"must copy {operation.subject} to change it, and its columns are not known",
                "Pass copy_from=<the table as it is now> to batch_alter_table.",
            ) from error

    def is_plain(self, operation: object) -> bool:
        """Tell whether an operation of a batch needs no copy of the table."""
        if isinstance(operation, AddColumn):
            column = operation.column
            stored = column.computed is not None and bool(column.computed.persisted)
            return not (stored or column.primary_key or column.unique)
        if isinstance(operation, AlterColumn):
            asked = (operation.nullable, operation.type_)
            return all(value is None for value in asked) and not given(operation.server_default)
        return isinstance(operation, PLAIN)

    def could_be_plain(self, operation: object) -> bool:
        """Tell whether an operation has a plain form that works on most tables."""
        return self.is_plain(operation) or isinstance(operation, DropColumn)

    def is_program(self, sql: str) -> bool:
        """Tell whether a statement defines a trigger."""
        return TRIGGER.match(sql) is not None

    def preamble(self) -> tuple[str, ...]:
        """Return the shell's settings; foreign keys are off, because copying a table drops the old one."""
        return (".bail on", ".timeout 5000", "PRAGMA foreign_keys = OFF;")

    def apply_command(self, file: str) -> str:
        """Return the call of the shell."""
        return f"sqlite3 -bail DATABASE < {file}"

    def verdict(self, text: str) -> tuple[str, ...]:
        """Return a SELECT of the text."""
        return (f"SELECT {self.text_literal(text)};",)
