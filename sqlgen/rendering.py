"""How tables, indexes, constraints and comments become SQL, where databases agree.

SQLAlchemy's DDL compiler prints all that it can print. What is ours is the order of the statements, the forms that
it lacks, and the refusal of what a server would reject or silently ignore.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import Connection, Constraint, Table
from sqlalchemy import schema as sa_schema
from sqlalchemy.sql import ddl as sa_ddl
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.types import TypeEngine

from .compiler import OfflineDialect
from .errors import Unsupported
from .operations.model import (
    UNSET,
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    RenameTable,
    SetTableComment,
)
from .statement import Statement

#: A string is SQL without a terminator; an executable is compiled when the recorder runs it on the connection.
Piece = str | Statement | sa.Executable
Version = tuple[int, ...]

#: What a feature of :attr:`Rendering.features` is called in an error.
FEATURES: Mapping[str, str] = {
    "create_table_if_not_exists": "CREATE TABLE IF NOT EXISTS",
    "drop_table_if_exists": "DROP TABLE IF EXISTS",
    "add_column_if_not_exists": "ADD COLUMN IF NOT EXISTS",
    "drop_column": "DROP COLUMN",
    "drop_column_if_exists": "DROP COLUMN IF EXISTS",
    "rename_column": "RENAME COLUMN",
    "create_index_if_not_exists": "CREATE INDEX IF NOT EXISTS",
    "drop_index_if_exists": "DROP INDEX IF EXISTS",
    "drop_constraint_if_exists": "DROP CONSTRAINT IF EXISTS",
    "alter_constraints": "ALTER TABLE … ADD or DROP CONSTRAINT",
    "deferrable": "DEFERRABLE constraints",
    "match": "MATCH on foreign keys",
    "identity_alter": "ALTER COLUMN for IDENTITY",
}


class Rendering:
    """Facts, SQL templates and the default rendering of operations on whole tables.

    ``features`` maps a feature's name to the first version of the server that has it, or to None where none has;
    a feature that is not in the map is there. ``sa`` is SQLAlchemy's dialect object of the run.
    """

    title: ClassVar[str] = ""
    features: ClassVar[Mapping[str, Version | None]] = {}
    hints: ClassVar[Mapping[str, str]] = {}
    rename_table_sql: ClassVar[str] = "ALTER TABLE {table} RENAME TO {new}"
    version_info: Version
    sa: OfflineDialect

    def can(self, feature: str) -> bool:
        """Tell whether the server of the pinned version has a feature."""
        first = self.features.get(feature, ())
        return first is not None and self.version_info >= first

    def need(self, feature: str) -> None:
        """Raise Unsupported unless the server has a feature."""
        if not self.can(feature):
            first = self.features[feature]
            since = f" before version {'.'.join(map(str, first))}" if first else ""
            raise self.unsupported(f"has no {FEATURES[feature]}{since}", self.hints.get(feature, ""))

    def unsupported(self, what: str, hint: str = "") -> Unsupported:
        """Return the error for what this database has no correct form of; ``what`` is a verb phrase."""
        return Unsupported(f"{self.title} {what}", hint=hint or "Write what is meant as SQL text with op.execute.")

    def name_of(self, name: str) -> str:
        """Return a name, quoted where it must be."""
        return self.sa.identifier_preparer.quote(name)

    def qualify(self, name: str, schema: str | None) -> str:
        """Return a name with its schema, both quoted where they must be."""
        return (
            f"{self.sa.identifier_preparer.quote_schema(schema)}.{self.name_of(name)}" if schema else self.name_of(name)
        )

    def ddl(self) -> DDLCompiler:
        """Return SQLAlchemy's DDL compiler."""
        compiler: DDLCompiler = self.sa.ddl_compiler(self.sa, None)  # type: ignore[arg-type]
        return compiler

    def type_sql(self, type_: TypeEngine[Any]) -> str:
        """Return a type as it stands in a column definition."""
        sql: str = type_.compile(dialect=self.sa)
        return sql

    def text_literal(self, value: str) -> str:
        """Return text as a literal, for comments."""
        return self.sa.literals.render(value, sa.String())

    def default_sql(self, default: Any, type_: TypeEngine[Any] | None = None) -> str:
        """Return a server default: a string becomes a literal, an expression is compiled."""
        column = sa.Column("x", type_ or sa.types.NULLTYPE, server_default=default)
        return self.ddl().get_column_default_string(column) or ""

    def check_constraint(self, constraint: Constraint) -> None:
        """Raise Unsupported for a constraint with properties that the server lacks or would ignore."""
        if constraint.deferrable or constraint.initially:
            self.need("deferrable")
        if isinstance(constraint, sa.ForeignKeyConstraint) and constraint.match:
            self.need("match")

    def wanted(self, constraint: Constraint) -> bool:
        """Tell whether a constraint that comes with a column's type (Boolean, Enum) exists on this database."""
        rule = getattr(constraint, "_create_rule", None)
        return rule is None or bool(rule(self.ddl()))

    def create_table(self, operation: CreateTable, bind: Connection) -> Iterator[Piece]:
        """Yield CREATE TABLE, then indexes by name, then comments; SQLAlchemy's events are fired around them.

        The events create enum types. Indexes are a set in SQLAlchemy, so only their names give an order.
        """
        table = operation.table
        if operation.if_not_exists:
            self.need("create_table_if_not_exists")
        for constraint in table._sorted_constraints:
            self.check_constraint(constraint)
        runner: Any = sa_ddl.SchemaGenerator(  # type: ignore[no-untyped-call]
            self.sa, bind, checkfirst=self.sa.schema_source is not None
        )
        facts = {"checkfirst": runner.checkfirst, "_ddl_runner": runner, "_is_metadata_operation": False}
        table.dispatch.before_create(table, bind, **facts)
        for column in table.columns:
            if column.default is not None:
                runner.traverse_single(column.default)
        yield from self.create_table_ddl(operation)
        yield from self.table_indexes(table, operation.if_not_exists)
        yield from self.table_comments(table)
        table.dispatch.after_create(table, bind, **facts)

    def create_table_ddl(self, operation: CreateTable) -> Iterator[Piece]:
        """Yield the CREATE TABLE itself."""
        creator = getattr(operation.table, "_creator_ddl", None)
        yield creator or sa_schema.CreateTable(operation.table, if_not_exists=operation.if_not_exists)

    def table_indexes(self, table: Table, if_not_exists: bool = False) -> Iterator[Piece]:
        """Yield the indexes that a table brings along, by name."""
        guarded = if_not_exists and self.can("create_index_if_not_exists")
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield sa_schema.CreateIndex(index, if_not_exists=guarded)

    def table_comments(self, table: Table) -> Iterator[Piece]:
        """Yield the comments of a table and its columns, where they do not stand inside CREATE TABLE."""
        if not self.sa.supports_comments or self.sa.inline_comments:
            return
        if table.comment is not None:
            yield sa_schema.SetTableComment(table)
        for column in table.columns:
            if column.comment is not None:
                yield sa_schema.SetColumnComment(column)

    def drop_table(self, operation: DropTable, bind: Connection) -> Iterator[Piece]:
        """Yield DROP TABLE, with SQLAlchemy's events around it."""
        table = operation.table
        if operation.if_exists:
            self.need("drop_table_if_exists")
        runner: Any = sa_ddl.SchemaDropper(  # type: ignore[no-untyped-call]
            self.sa, bind, checkfirst=self.sa.schema_source is not None
        )
        facts = {"checkfirst": runner.checkfirst, "_ddl_runner": runner, "_is_metadata_operation": False}
        table.dispatch.before_drop(table, bind, **facts)
        yield sa_schema.DropTable(table, if_exists=operation.if_exists)
        table.dispatch.after_drop(table, bind, **facts)

    def rename_table(self, operation: RenameTable, _bind: Connection) -> Iterator[Piece]:
        """Yield the statement that renames a table."""
        yield self.rename_table_sql.format(
            table=self.qualify(operation.table_name, operation.schema),
            new=self.name_of(operation.new_table_name),
            qualified_new=self.qualify(operation.new_table_name, operation.schema),
        )

    def create_index(self, operation: CreateIndex, _bind: Connection) -> Iterator[Piece]:
        """Yield CREATE INDEX."""
        if operation.if_not_exists:
            self.need("create_index_if_not_exists")
        yield sa_schema.CreateIndex(operation.index, if_not_exists=operation.if_not_exists)

    def drop_index(self, operation: DropIndex, _bind: Connection) -> Iterator[Piece]:
        """Yield DROP INDEX."""
        if operation.if_exists:
            self.need("drop_index_if_exists")
        yield sa_schema.DropIndex(operation.index, if_exists=operation.if_exists)

    def add_constraint(self, operation: AddConstraint, _bind: Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … ADD CONSTRAINT."""
        self.need("alter_constraints")
        self.check_constraint(operation.constraint)
        yield sa_schema.AddConstraint(operation.constraint)

    def drop_constraint(self, operation: DropConstraint, _bind: Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … DROP CONSTRAINT."""
        self.need("alter_constraints")
        if operation.if_exists:
            self.need("drop_constraint_if_exists")
        yield sa_schema.DropConstraint(operation.constraint, if_exists=operation.if_exists)

    def set_table_comment(self, operation: SetTableComment, _bind: Connection) -> Iterator[Piece]:
        """Yield the statement that sets a table's comment."""
        table = sa.Table(operation.table_name, sa.MetaData(), schema=operation.schema, comment=operation.comment)
        yield sa_schema.DropTableComment(table) if operation.comment is None else sa_schema.SetTableComment(table)

    def drop_table_comment(self, operation: DropTableComment, _bind: Connection) -> Iterator[Piece]:
        """Yield the statement that takes a table's comment away."""
        table = sa.Table(operation.table_name, sa.MetaData(), schema=operation.schema)
        yield sa_schema.DropTableComment(table)


def given(value: Any) -> bool:
    """Tell whether an argument that may be UNSET was given."""
    return value is not UNSET
