"""How tables, indexes, constraints and comments become SQL, where databases agree.

SQLAlchemy's DDL compiler prints all that it can print. What is ours is the order of the statements, the forms that
it lacks, and the refusal of what a server would reject or silently ignore.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import Connection, Constraint, Index, Table
from sqlalchemy import schema as sa_schema
from sqlalchemy.sql import ddl as sa_ddl
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.types import TypeEngine

from .conditions import Condition, Conditional, Piece
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
from .records import replace
from .schema import state
from .schema.state import ServerName, unforetold


class Rendering(Conditional):
    """SQL templates and the default rendering of operations on whole tables."""

    rename_table_sql: ClassVar[str] = "ALTER TABLE {table} RENAME TO {new}"

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

    def expression_sql(self, expression: Any) -> str:
        """Return an expression with its literals, columns without their table."""
        sql: str = self.ddl().sql_compiler.process(expression, include_table=False, literal_binds=True)
        return sql

    def wanted(self, constraint: Constraint) -> bool:
        """Tell whether a constraint that comes with a column's type (Boolean, Enum) exists on this database."""
        rule = getattr(constraint, "_create_rule", None)
        return rule is None or bool(rule(self.ddl()))

    # What a whole schema needs besides operations, see sqlgen.schema.rebuilt.

    def new_type(self, one: state.Enumeration | state.Domain) -> Any:
        """Return the statement that makes a type. Raises Unsupported where there are none."""
        raise self.unsupported(f"has no types of its users, such as {one.name}")

    def own_sequence(self, table: state.Table, column: state.Column) -> str | None:
        """Return the name of the sequence that a column makes of its own accord, None where none is made."""
        return None

    def renaming(self, sequence: state.Sequence, made: str) -> str:
        """Return the statement that gives a sequence its name, which a column has made under another one."""
        raise self.unsupported(f"has no sequences that columns make, such as {sequence.name}")

    def owning(self, sequence: state.Sequence, table: str, column: str) -> str:
        """Return the statement that gives a sequence its owner. Raises Unsupported where sequences have none."""
        raise self.unsupported(f"has no sequences that belong to a column, such as {sequence.name}")

    def column_options(self, column: state.Column) -> Mapping[str, Any]:
        """Return the options of a column that SQLAlchemy's takes."""
        return column.options

    def named_default(self, column: state.Column) -> str:
        """Return the name of a column's default where that is a constraint with a name of its own, else nothing."""
        return ""

    def with_named_default(self, table: str, column: state.Column) -> str:
        """Return the statement that gives a column its default, under its name. Raises Unsupported."""
        raise self.unsupported(f"has no names of defaults, such as that of {column.name}")

    def written_name(self, constraint: state.Constraint) -> str | None:
        """Return the name of a constraint as a new table is told it, None for none."""
        return constraint.name

    def create_table(self, operation: CreateTable, bind: Connection) -> Iterator[Piece]:
        """Yield CREATE TABLE, then indexes by name, then comments; SQLAlchemy's events are fired around them.

        The events create enum types. Indexes are a set in SQLAlchemy, so only their names give an order.
        """
        table = operation.table
        runner: Any = sa_ddl.SchemaGenerator(  # type: ignore[no-untyped-call]
            self.sa, bind, checkfirst=self.sa.schema_source is not None
        )
        facts = {"checkfirst": runner.checkfirst, "_ddl_runner": runner, "_is_metadata_operation": False}
        table.dispatch.before_create(table, bind, **facts)
        for column in table.columns:
            if column.default is not None:
                runner.traverse_single(column.default)
        absent = Condition("table", False, table.name, table.name, table.schema)
        yield from self.provided(operation.if_not_exists, absent, partial(self.create_table_ddl, operation))
        yield from self.table_indexes(table, operation.if_not_exists)
        yield from self.table_comments(table, operation.if_not_exists)
        table.dispatch.after_create(table, bind, **facts)

    def create_table_ddl(self, operation: CreateTable, if_not_exists: bool) -> Iterator[Piece]:
        """Yield the CREATE TABLE itself."""
        creator = getattr(operation.table, "_creator_ddl", None)
        yield creator or sa_schema.CreateTable(operation.table, if_not_exists=if_not_exists)

    def table_indexes(self, table: Table, if_not_exists: bool = False) -> Iterator[Piece]:
        """Yield the indexes that a table brings along, by name."""
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield from self.new_index(index, if_not_exists)

    def new_index(self, index: Index, if_not_exists: bool) -> Iterator[Piece]:
        """Yield CREATE INDEX."""
        table: Any = index.table
        absent = Condition("index", False, str(index.name), table.name, table.schema)
        yield from self.provided(if_not_exists, absent, partial(self.create_index_ddl, index))

    def create_index_ddl(self, index: Index, if_not_exists: bool) -> Iterator[Piece]:
        """Yield the CREATE INDEX itself."""
        yield sa_schema.CreateIndex(index, if_not_exists=if_not_exists)

    def table_comments(self, table: Table, repeatable: bool = False) -> Iterator[Piece]:
        """Yield the comments of a table and its columns, where they do not stand inside CREATE TABLE.

        ``repeatable`` says that they may be there already.
        """
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
        runner: Any = sa_ddl.SchemaDropper(  # type: ignore[no-untyped-call]
            self.sa, bind, checkfirst=self.sa.schema_source is not None
        )
        facts = {"checkfirst": runner.checkfirst, "_ddl_runner": runner, "_is_metadata_operation": False}
        table.dispatch.before_drop(table, bind, **facts)
        present = Condition("table", True, table.name, table.name, table.schema)
        yield from self.provided(operation.if_exists, present, partial(self.drop_table_ddl, table))
        table.dispatch.after_drop(table, bind, **facts)

    def drop_table_ddl(self, table: Table, if_exists: bool) -> Iterator[Piece]:
        """Yield the DROP TABLE itself."""
        yield sa_schema.DropTable(table, if_exists=if_exists)

    def rename_table(self, operation: RenameTable, _bind: Connection) -> Iterator[Piece]:
        """Yield the statement that renames a table."""
        yield self.rename_table_sql.format(
            table=self.qualify(operation.table_name, operation.schema),
            new=self.name_of(operation.new_table_name),
            qualified_new=self.qualify(operation.new_table_name, operation.schema),
        )

    def create_index(self, operation: CreateIndex, _bind: Connection) -> Iterator[Piece]:
        """Yield CREATE INDEX."""
        yield from self.new_index(operation.index, operation.if_not_exists)

    def drop_index(self, operation: DropIndex, _bind: Connection) -> Iterator[Piece]:
        """Yield DROP INDEX."""
        present = Condition("index", True, str(operation.index.name), operation.table_name or "", operation.schema)
        yield from self.provided(operation.if_exists, present, partial(self.drop_index_ddl, operation.index))

    def with_its_table(self, operation: DropIndex) -> DropIndex:
        """Return the drop of an index with its table, for databases where an index is the table's.

        Raises Unsupported when neither the revision nor the schema so far tells it.
        """
        if operation.table_name:
            return operation
        source, name = self.sa.schema_source, str(operation.index.name)
        table_name = source.table_of_index(name, operation.schema) if source else None
        if table_name is None:
            raise self.unsupported(
                f"must know the table of index {name} to drop it", "Say table_name in op.drop_index."
            )
        table = sa.Table(table_name, sa.MetaData(), sa.Column("x"), schema=operation.schema)
        index = sa.Index(operation.index.name, table.c.x, **operation.index.dialect_kwargs)
        return replace(operation, index=index, table_name=table_name)

    def drop_index_ddl(self, index: Index, if_exists: bool) -> Iterator[Piece]:
        """Yield the DROP INDEX itself."""
        yield sa_schema.DropIndex(index, if_exists=if_exists)

    def add_constraint(self, operation: AddConstraint, _bind: Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … ADD CONSTRAINT."""
        self.need("alter_constraints")
        yield sa_schema.AddConstraint(operation.constraint)

    def drop_constraint(self, operation: DropConstraint, _bind: Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … DROP CONSTRAINT. Raises Unsupported for a primary key whose name nobody tells."""
        self.need("alter_constraints")
        name = operation.constraint.name
        if not name:
            raise self.unsupported(
                f"must know the name of the primary key of {operation.subject} to drop it",
                "Name the constraint in op.drop_constraint.",
            )
        if isinstance(name, ServerName):
            yield from self.drop_unforetold(operation, name)
            return
        present = Condition("constraint", True, str(name), operation.table_name, operation.schema)
        yield from self.provided(operation.if_exists, present, partial(self.drop_constraint_ddl, operation))

    def drop_unforetold(self, operation: DropConstraint, name: ServerName) -> Iterator[Piece]:
        """Yield what finds a constraint that the server named, and drops it. Raises NeedsDatabase where nothing can."""
        raise unforetold(name)

    def drop_constraint_ddl(self, operation: DropConstraint, if_exists: bool) -> Iterator[Piece]:
        """Yield the DROP CONSTRAINT itself."""
        yield sa_schema.DropConstraint(operation.constraint, if_exists=if_exists)

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
