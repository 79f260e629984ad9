"""Rows of ``op.bulk_insert`` as INSERT statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

from .compiler import OfflineDialect, literal_writer
from .errors import LiteralError

Row = Mapping[str, Any]

#: The type of a value in a column that has none.
INFERRED: tuple[tuple[type, TypeEngine[Any]], ...] = (
    (dt.datetime, sa.DateTime()),
    (dt.date, sa.Date()),
    (dt.time, sa.Time()),
    (dt.timedelta, sa.Interval()),
    (bool, sa.Boolean()),
    (dict, sa.JSON()),
)


def insert_statements(
    dialect: OfflineDialect, table: Any, rows: Sequence[Row], *, chunk: int, empty: str, terms: str = "VALUES"
) -> Iterator[str]:
    """Yield INSERT statements without terminator, with at most ``chunk`` rows each.

    Consecutive rows with the same keys share a statement, so the order of the rows stays. A row without any value
    becomes an ``empty`` insert of all defaults. Defaults on the Python side are applied to keys that a row lacks.
    """
    target = dialect.identifier_preparer.format_table(table)
    for keys, group in groupby(rows, key=lambda row: _keys(table, row)):
        columns = [table.c[key] for key in keys]
        if not columns:
            yield from (f"INSERT INTO {target} {empty}" for _ in group)
            continue
        names = ", ".join(dialect.identifier_preparer.quote(column.name) for column in columns)
        writers = [value_writer(dialect, column) for column in columns]
        yield from _chunks(f"INSERT INTO {target} ({names}) {terms}", [*group], keys, writers, chunk)


def _chunks(
    head: str, rows: Sequence[Row], keys: Sequence[str], writers: Sequence[Callable[[Row], str]], chunk: int
) -> Iterator[str]:
    """Yield the statements for rows of one shape: one row beside its VALUES, several one below the other."""
    written = ["(" + ", ".join([write(row) for write in writers]) + ")" for row in rows]
    for start in range(0, len(written), chunk):
        part = written[start : start + chunk]
        yield f"{head} {part[0]}" if len(part) == 1 else f"{head}\n    " + ",\n    ".join(part)


def _keys(table: Any, row: Row) -> tuple[str, ...]:
    """Return the keys of the columns that an insert of this row names, in the table's order."""
    return tuple(key for key, column in table.c.items() if key in row or _has_default(column))


def _has_default(column: Any) -> bool:
    """Tell whether SQLAlchemy would fill in the column."""
    return getattr(column, "default", None) is not None


def value_writer(dialect: OfflineDialect, column: Any) -> Callable[[Row], str]:
    """Return a function from a row to the SQL of its value in one column."""
    write = typed_writer(dialect, column.type)
    key = column.key

    def value(row: Row) -> str:
        given = row[key] if key in row else default_value(column)
        if isinstance(given, ClauseElement) or hasattr(given, "__clause_element__"):
            return expression(dialect, given, column.type)
        try:
            return write(given)
        except LiteralError as error:
            raise LiteralError(f"{column.table.name}.{column.name}: {error.message}", hint=error.hint) from error

    return value


def typed_writer(dialect: OfflineDialect, type_: TypeEngine[Any]) -> Callable[[Any], str]:
    """Return a function from values to SQL; a column without a type takes each value's own."""
    implementation = type_.dialect_impl(dialect)
    if implementation._has_bind_expression:
        return lambda value: expression(dialect, sa.literal(value, type_), type_)
    if not isinstance(type_, sa.types.NullType):
        return literal_writer(dialect, type_)
    untyped = literal_writer(dialect, type_)

    def write(value: Any) -> str:
        kind = next((kind for python, kind in INFERRED if isinstance(value, python)), None)
        return untyped(value) if kind is None else literal_writer(dialect, kind)(value)

    return write


def default_value(column: Any) -> Any:
    """Return what SQLAlchemy would insert where a row has no value: a value or an SQL expression.

    Raises LiteralError for a default that looks at the statement in execution, which there is none of.
    """
    default = column.default
    if isinstance(default, sa.Sequence):
        return default.next_value()
    if not default.is_callable:
        return default.arg
    try:
        return default.arg(None)
    except (AttributeError, TypeError) as error:
        raise LiteralError(
            f"the default of {column.table.name}.{column.name} asks for the statement in execution",
            hint="Write the value into each row of bulk_insert.",
        ) from error


def expression(dialect: OfflineDialect, value: Any, type_: TypeEngine[Any]) -> str:
    """Return an SQL expression that stands in place of a value."""
    clause = value.__clause_element__() if hasattr(value, "__clause_element__") else value
    if isinstance(clause, sa.sql.expression.SelectBase):
        clause = clause.scalar_subquery()
    if isinstance(clause, sa.BindParameter) and isinstance(clause.type, sa.types.NullType):
        clause = sa.literal(clause.value, type_)
    if hasattr(clause, "self_group"):
        clause = clause.self_group(against=operators.comma_op)
    return str(clause.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
