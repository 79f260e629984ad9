"""Operations as plain facts, so that what was asked for can be compared with what text says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from sqlgen.dialect import Dialect
from sqlgen.operations.exclude import ExcludeConstraint
from sqlgen.operations.model import (
    UNSET,
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    Operation,
    RenameTable,
    SetTableComment,
)
from sqlgen.schema.changes import CreateEnum, CreateSequence, NamedType
from sqlgen.schema.raw_sql import type_named
from tests.dialects.rendering import flat

Fact = tuple[Any, ...]


def facts(operations: Iterable[Operation], dialect: Dialect) -> set[Fact]:
    """Return what some operations do, one fact for each thing that could be otherwise."""
    return {fact for operation in operations for fact in _facts(operation, dialect)}


def _facts(operation: Operation, dialect: Dialect) -> Iterator[Fact]:
    match operation:
        case CreateTable():
            yield "create", *place(operation.table, dialect), operation.if_not_exists
            yield from table_facts(operation.table, operation.table.columns, dialect)
            if operation.table.comment and dialect.sa.supports_comments:
                yield "comment", *place(operation.table, dialect), None, operation.table.comment
        case AddColumn():
            yield "added", *place(operation.column.table, dialect), operation.column.name, operation.if_not_exists
            yield from table_facts(operation.column.table, [operation.column], dialect)
        case AlterColumn():
            yield from alterations(operation, dialect)
        case CreateIndex():
            yield index_fact(operation.index, dialect)
        case AddConstraint():
            yield constraint_fact(operation.constraint, dialect)
        case BatchAlter():
            for inner in operation.operations:
                yield from _facts(inner, dialect)
        case CreateEnum() | CreateSequence():
            pass  # they come along with a column
        case _:
            yield from removals(operation, dialect)


def removals(operation: Operation, dialect: Dialect) -> Iterator[Fact]:
    match operation:
        case DropTable():
            yield "dropped", *place(operation.table, dialect), operation.if_exists
        case DropColumn():
            yield "dropped", *named(operation, dialect), operation.column_name, operation.if_exists
        case DropIndex():
            yield "dropped index", str(operation.index.name), operation.if_exists
        case DropConstraint():
            name = None if keyless(dialect) and operation.type_ == "primary" else operation.constraint.name
            kind = "dropped index" if keyless(dialect) and operation.type_ == "unique" else "dropped constraint"
            yield kind, name, operation.if_exists
        case SetTableComment() | DropTableComment() if not dialect.sa.supports_comments:
            pass
        case SetTableComment():
            yield "comment", *named(operation, dialect), None, operation.comment
        case DropTableComment():
            yield "comment", *named(operation, dialect), None, None
        case RenameTable():
            yield "renamed", *named(operation, dialect), operation.new_table_name
        case _:
            yield type(operation).__name__, repr(operation)


def keyless(dialect: Dialect) -> bool:
    """Tell whether a primary key has no name, and a UNIQUE is dropped as an index."""
    return dialect.name in ("mysql", "mariadb")


def place(table: Any, dialect: Dialect) -> tuple[str, str | None]:
    schema = None if table.schema == dialect.default_schema else table.schema
    return str(table.name), schema


def named(operation: Any, dialect: Dialect) -> tuple[str, str | None]:
    schema = None if operation.schema == dialect.default_schema else operation.schema
    return operation.table_name, schema


def table_facts(table: sa.Table, columns: Iterable[sa.Column[Any]], dialect: Dialect) -> Iterator[Fact]:
    for column in columns:
        yield "column", *place(table, dialect), column.name, *column_facts(column, dialect)
        if column.comment and dialect.sa.supports_comments:
            yield "comment", *place(table, dialect), column.name, column.comment
    for constraint in table.constraints:
        if dialect.wanted(constraint) and (len(getattr(constraint, "columns", [1])) or constraint.name):
            yield constraint_fact(constraint, dialect)
    for index in table.indexes:
        yield index_fact(index, dialect)


def column_facts(column: sa.Column[Any], dialect: Dialect) -> Fact:
    computed = flat(str(column.computed.sqltext)) if column.computed is not None else None
    stored = bool(column.computed.persisted) if column.computed is not None else None
    return (
        type_text(column.type, dialect, computed),
        bool(column.nullable),
        default_of(column, dialect),
        computed,
        stored,
    )


def default_of(column: sa.Column[Any], dialect: Dialect) -> str | None:
    if column.computed is not None or column.info.get("serial"):
        return None
    return bare(dialect.ddl().get_column_default_string(column))


def bare(text: str | None) -> str | None:
    """Return a default without the parentheses that some servers want around an expression."""
    return text[1:-1] if text and text[0] == "(" and text[-1] == ")" else text


def written(default: Any, dialect: Dialect, type_: TypeEngine[Any] | None) -> str | None:
    """Return what the server fills in, as it is written."""
    if isinstance(default, sa.Identity | sa.Computed):
        return flat(dialect.ddl().process(default))
    return bare(dialect.default_sql(default, type_)) if default is not None else ""


def type_text(type_: TypeEngine[Any], dialect: Dialect, computed: str | None = None) -> str | None:
    """Return a type as the server shows it; of a computed column, SQL Server alone knows it."""
    if isinstance(type_, sa.types.NullType) or (computed is not None and dialect.name == "mssql"):
        return None
    written = dialect.type_sql(type_)
    return written if isinstance(type_, NamedType) else dialect.type_sql(type_named(written, dialect))


def constraint_fact(constraint: Any, dialect: Dialect) -> Fact:
    table = place(constraint.table, dialect)
    name = str(constraint.name) if isinstance(constraint.name, str) else None
    late = (bool(constraint.deferrable), constraint.initially)
    columns = tuple(column.name for column in getattr(constraint, "columns", ()))
    match constraint:
        case sa.PrimaryKeyConstraint():
            return "primary", *table, None if keyless(dialect) else name, columns, late
        case sa.UniqueConstraint():
            distinct = constraint.dialect_kwargs.get("postgresql_nulls_not_distinct") if is_own(dialect) else None
            return "unique", *table, name, columns, late, distinct
        case sa.ForeignKeyConstraint():
            return "foreign", *table, name, *reference(constraint, dialect), late, constraint.match
        case ExcludeConstraint():
            elements = tuple(
                (getattr(one, "name", str(one)), operator) for one, _, operator in constraint._render_exprs
            )
            return "exclude", *table, name, elements, flat(str(constraint.where)), late
        case _:
            return "check", *table, name, condition(constraint, dialect), late


def is_own(dialect: Dialect) -> bool:
    """Tell whether the database has what only PostgreSQL has."""
    return dialect.name == "postgresql"


def condition(constraint: Any, dialect: Dialect) -> str:
    compiler = dialect.sa.statement_compiler(dialect.sa, None)
    return flat(compiler.process(constraint.sqltext, literal_binds=True, include_table=False))


def reference(constraint: sa.ForeignKeyConstraint, dialect: Dialect) -> Fact:
    targets = tuple(key.target_fullname.removeprefix(f"{dialect.default_schema}.") for key in constraint.elements)
    if dialect.name == "sqlite":
        targets = tuple(".".join(target.split(".")[-2:]) for target in targets)
    told = (("ON DELETE", constraint.ondelete), ("ON UPDATE", constraint.onupdate))
    actions = [dialect.action(event, action) if action else "" for event, action in told]
    return tuple(constraint.column_keys), targets, *actions


def index_fact(index: sa.Index, dialect: Dialect) -> Fact:
    """Return an index as it is written; what comes before its table, and how it is built, left out."""
    name = index.name
    sql = dialect.ddl().process(sa.schema.CreateIndex(index))
    return "index", name, flat(sql.replace("CONCURRENTLY ", ""))


def alterations(operation: AlterColumn, dialect: Dialect) -> Iterator[Fact]:
    column = (*named(operation, dialect), operation.column_name)
    if operation.nullable is not None:
        yield "nullable", *column, operation.nullable
    if operation.type_ is not None:
        yield "type", *column, type_text(operation.type_, dialect)
    if operation.comment is not UNSET and dialect.sa.supports_comments:
        yield "comment", *column, operation.comment or None
    default = operation.server_default
    if default is not UNSET:
        yield "default", *column, written(default, dialect, operation.type_)
    if operation.new_column_name and operation.new_column_name != operation.column_name:
        yield "renamed", *column, operation.new_column_name
