"""SQLite: versions 3.35 and later, scripts for the sqlite3 shell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine.default import DefaultDialect

from ..alter import changes
from ..conditions import Piece
from ..errors import UsageError
from ..operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTableComment,
    Execute,
    Operation,
    SetTableComment,
    TableOperation,
)
from ..rendering import given
from ..schema.replica import LateWorld, Replica
from ..schema.state import Catalog
from .sqlite_before import Before
from .sqlite_changes import STEPS
from .sqlite_form import SQLiteForm
from .sqlite_grammar import SQLiteGrammar
from .sqlite_literals import SQLiteLiterals
from .sqlite_rebuild import Rebuild
from .sqlite_replica import SQLiteWorld
from .sqlite_text import CONSTANT, SQLiteText

if TYPE_CHECKING:
    from ..questions import Questions

STATEMENTS = sa.text(
    "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~' "
    "AND NOT (type = 'table' AND name = :version_table) "
    "ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid"
)
VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\b", re.I)
BATCH = "Use op.batch_alter_table, which copies the table; or say copy_tables = true in [tool.sqlgen] (--copy-tables)."
COMMENTS = (SetTableComment, DropTableComment)
# Operations of a batch that never need the table to be copied.
PLAIN = (AddColumn, CreateIndex, DropIndex, Execute, *COMMENTS)


class SQLite(SQLiteText):
    """SQLite and its shell.

    A statement has at most SQLITE_MAX_SQL_LENGTH bytes, 1,000,000,000 unless compiled otherwise ("Implementation Limits
    For SQLite", 3); the number of rows in VALUES has no limit of its own ("SELECT", "The VALUES clause").
    """

    name = "sqlite"
    aliases = ("sqlite3",)
    title = "SQLite"
    default_version = "3.40"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = SQLiteDialect
    form_class = SQLiteForm
    literals_class = SQLiteLiterals
    grammar = SQLiteGrammar
    default_schema = "main"
    driver = "pysqlite"
    # Of the words of sqlite.org/lang_keywords.html, those that 3.40 takes for no table's name.
    reserved_words = frozenset({"nothing", "returning"})
    native_decimal = False
    largest_statement = 10**9
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
        "exclude": None,
        "deferrable_keys": None,
        "match_full": None,
        "match_partial": None,
        "foreign_schema": None,
        "identity": None,
        "identity_alter": None,
    }
    hints: ClassVar[Mapping[str, str]] = {
        "alter_constraints": BATCH,
        "drop_column": BATCH,
        "rename_column": BATCH,
        "match_full": "Leave match out: it is read and not heeded (sqlite.org/foreignkeys.html, 6).",
        "match_partial": "Leave match out: it is read and not heeded (sqlite.org/foreignkeys.html, 6).",
        "foreign_schema": "A foreign key stays within one database file.",
        "identity": "Only an INTEGER PRIMARY KEY gets its values from the database.",
    }

    @property
    def questions_class(self) -> type[Questions]:
        """What asks the database by its plain client."""
        from .sqlite_checks import SQLiteQuestions

        return SQLiteQuestions

    def replica(self) -> Replica:
        """Return two private databases of the library that Python has."""
        version = self.version_info
        return Replica(SQLiteWorld(0, version), LateWorld(lambda: SQLiteWorld(1, version)), self.title)

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
        if self.copy_tables and not self.is_plain(operation):
            yield from self.copied(operation, bind)
            return
        self.column_in_place(operation)
        yield from super().add_column(operation, bind)

    def copied(self, operation: TableOperation, bind: sa.Connection) -> Iterator[Piece]:
        """Yield an operation that stands outside of a batch as a copy of its table."""
        batch = BatchAlter(
            table_name=operation.table_name, schema=operation.schema, operations=(operation,), recreate="always"
        )
        yield from self.copying(batch)

    def copying(self, batch: BatchAlter) -> Iterator[Piece]:
        """Yield the copy that a batch asks for, and its statements."""
        copy = Rebuild(self, self.before(batch), batch)
        yield copy
        yield from copy.pieces()

    def copy(self, blocks: Sequence[BatchAlter]) -> Rebuild | None:
        """Return the table, as it is at this moment, on its way through several batches."""
        if any(
            type(one) not in STEPS and not isinstance(one, COMMENTS) for block in blocks for one in block.operations
        ):
            return None
        return Rebuild(self, self.before(blocks[0]), *blocks)

    def drop_column(self, operation: DropColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP COLUMN, or a copy of the table where that would be refused and copies are asked for."""
        if self.copy_tables and not self.drops_in_place(operation):
            yield from self.copied(operation, bind)
        else:
            yield from super().drop_column(operation, bind)

    def drops_in_place(self, operation: DropColumn) -> bool:
        """Tell whether DROP COLUMN takes a column, as far as that is known."""
        source = self.sa.schema_source
        table = self.qualify(operation.table_name, operation.schema)
        return not (source and source.trial(f"ALTER TABLE {table} DROP COLUMN {self.name_of(operation.column_name)}"))

    def add_constraint(self, operation: AddConstraint, bind: sa.Connection) -> Iterator[Piece]:
        """Yield a copy of the table, where copies are asked for. Raises Unsupported elsewhere."""
        yield from (self.copied if self.copy_tables else super().add_constraint)(operation, bind)

    def drop_constraint(self, operation: DropConstraint, bind: sa.Connection) -> Iterator[Piece]:
        """Yield a copy of the table, where copies are asked for. Raises Unsupported elsewhere."""
        yield from (self.copied if self.copy_tables else super().drop_constraint)(operation, bind)

    def inline_constraints(self, operation: AddColumn) -> list[sa.Constraint]:
        """Return the foreign keys and CHECKs of the column."""
        kinds = (sa.ForeignKeyConstraint, sa.CheckConstraint)
        return [one for one in self.column_constraints(operation.column) if isinstance(one, kinds)]

    def alter_column(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield RENAME COLUMN, or a copy of the table where copies are asked for.

        Elsewhere raises Unsupported for any other change but that of a comment.
        """
        if self.needs_copy(operation) and self.copy_tables:
            yield from self.copied(operation, bind)
            return
        if self.needs_copy(operation):
            raise self.unsupported(f"cannot change {operation.subject} in place", BATCH)
        yield from self.alter_rename(operation)

    def needs_copy(self, operation: AlterColumn) -> bool:
        """Tell whether more than the name or the comment of a column is to change."""
        asked = operation.nullable is not None or operation.type_ is not None or given(operation.server_default)
        return asked or (operation.autoincrement is not None and not changes(operation))

    def set_table_comment(self, operation: SetTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield nothing: there are no comments on tables, and CREATE TABLE leaves them out as well."""
        return iter(())

    def drop_table_comment(self, operation: DropTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield nothing: there are no comments on tables."""
        return iter(())

    def batch_alter(self, operation: BatchAlter, bind: sa.Connection) -> Iterator[Piece | Operation]:
        """Yield plain statements where they can do it, else the copy of the table into a new one.

        A dropped column alone is no reason to copy a table that nobody described.
        Raises Unsupported when a copy needs the columns of such a table.
        """
        fits = self.is_plain if operation.copy_from is not None else self.could_be_plain
        plain = operation.recreate == "never" or all(map(fits, operation.operations))
        if plain and operation.recreate != "always":
            yield from super().batch_alter(operation, bind)
        else:
            yield from self.copying(operation)

    def before(self, operation: BatchAlter) -> Before:
        """Return the table as ``copy_from`` or the schema so far has it; raises Unsupported where neither has it."""
        if operation.copy_from is not None:
            return Before.described(self, operation.copy_from)
        known = Before.known(self, operation)
        if known is None:
            failure = self.sa.schema_source.failure if self.sa.schema_source is not None else None
            raise self.unsupported(
                f"must copy {operation.subject} to change it, and its columns are not known"
                + (f": {failure}" if failure is not None else ""),
                "Pass copy_from=<the table as it is now> to batch_alter_table.",
            )
        return known

    def is_plain(self, operation: object) -> bool:
        """Tell whether an operation of a batch needs no copy of the table."""
        if isinstance(operation, AddColumn):
            column = operation.column
            stored = column.computed is not None and bool(column.computed.persisted)
            return not (stored or column.primary_key or column.unique) and self.is_constant(column)
        if isinstance(operation, AlterColumn):
            return not self.needs_copy(operation)
        return isinstance(operation, PLAIN)

    def could_be_plain(self, operation: object) -> bool:
        """Tell whether an operation has a plain form that works on most tables."""
        if isinstance(operation, AddColumn) and not self.is_constant(operation.column):
            return True
        if isinstance(operation, DropColumn):
            return self.drops_in_place(operation)
        return self.is_plain(operation)

    def is_constant(self, column: sa.Column[Any]) -> bool:
        """Tell whether a column's default, if any, is one that ADD COLUMN takes for a table with rows."""
        default = column.server_default
        if not isinstance(default, sa.DefaultClause):
            return True
        return CONSTANT.fullmatch(self.default_sql(default.arg, column.type)) is not None

    @classmethod
    def reading(cls, url: sa.URL) -> sa.URL:
        """Return an address that is opened for reading only: sqlite.org/uri.html. Raises UsageError for no file."""
        if not url.database or not os.path.isfile(url.database):
            raise UsageError(f"there is no file {url.database or ''!r}", hint="Write sqlite:///path/of/the/file.db.")
        return url.set(database=f"file:{quote(url.database)}", query={**url.query, "mode": "ro", "uri": "true"})

    def schema_on_server(
        self, connection: sa.Connection, catalog: Catalog, version_table: str
    ) -> tuple[Catalog, tuple[str, ...], tuple[str, ...]]:
        """Return a schema, and the statements that the database keeps of it: sqlite.org/schematab.html."""
        kept = connection.execute(STATEMENTS, {"version_table": version_table}).all()
        shadows = tuple(f"{name}_" for name, sql in kept if VIRTUAL.match(sql))
        return catalog, (), tuple(sql for name, sql in kept if not name.startswith(shadows))
