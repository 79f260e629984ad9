"""Values of a column as SQL: literals, expressions, and what SQLAlchemy fills in where a row has no value."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

from .compiler import MARKED, OfflineDialect, direct_writers, literal_writer, unbound_colons
from .errors import LiteralError

Row = Mapping[str, Any]

#: Classes of values that are certainly no SQL expressions.
PLAIN = frozenset(
    (type(None), bool, int, float, str, bytes, decimal.Decimal, dt.datetime, dt.date, dt.time, dict, list)
)


class RowContext:
    """What a default on the Python side gets to see when it asks for the row that it is a part of."""

    __slots__ = ("current_parameters",)

    def __init__(self, row: Row) -> None:
        self.current_parameters = dict(row)

    def get_current_parameters(self, isolate_multiinsert_groups: bool = True) -> dict[str, Any]:
        """Return the values of the row, as SQLAlchemy's context does."""
        return self.current_parameters


class ValueWriter:
    """Writes the values of one column as SQL.

    Raises LiteralError, with the column's name, for a value that cannot be written.
    """

    def __init__(self, dialect: OfflineDialect, column: Any) -> None:
        type_ = column.type
        self.dialect = dialect
        self.column = column
        self.write = typed_writer(dialect, type_)
        self.stored = type_._unwrapped_dialect_impl(dialect)
        self.direct = {} if type_.dialect_impl(dialect)._has_bind_expression else direct_writers(dialect, type_)

    def value(self, row: Row) -> str:
        """Return the SQL of the column's value in a row."""
        column = self.column
        try:
            given = row[column.key] if column.key in row else default_value(column, row)
            if type(given) not in PLAIN and is_expression(given):
                return expression(self.dialect, given, column.type)
            return self.write(given)
        except LiteralError as error:
            raise LiteralError(f"{column.table.name}.{column.name}: {error.message}", hint=error.hint) from error

    def values(self, rows: Sequence[Row]) -> list[str]:
        """Return the SQL of the column's values in rows that all have one: with less ado where they are plain."""
        key, direct, stored = self.column.key, self.direct, self.stored
        given = [row[key] for row in rows]
        kinds = set(map(type, given))
        if not kinds <= PLAIN or not kinds <= direct.keys():
            return [self.value(row) for row in rows]
        if len(kinds) == 1:
            write = direct[kinds.pop()]
            return [write(one, stored) for one in given]
        return [direct[type(one)](one, stored) for one in given]


def is_expression(value: Any) -> bool:
    """Tell whether a value is SQL: a construct of SQLAlchemy's, or an attribute of a mapped class."""
    return isinstance(value, ClauseElement) or hasattr(value, "__clause_element__")


def typed_writer(dialect: OfflineDialect, type_: TypeEngine[Any]) -> Callable[[Any], str]:
    """Return a function from values to SQL, for a column of a type.

    A type with a bind expression puts an expression around each value, as it does around a parameter. In a column
    without a type, a value is written as a driver would send it.
    """
    write = literal_writer(dialect, type_)
    if not type_.dialect_impl(dialect)._has_bind_expression:
        return write
    name = "value"
    compiled = sa.bindparam(name, type_=type_).compile(dialect=dialect)
    around = MARKED.split(str(compiled))
    fixed = {
        key: literal_writer(dialect, bind.type, standalone=True)(bind.effective_value)
        for key, bind in compiled.binds.items()
        if key != name
    }

    def wrapped(value: Any) -> str:
        text = write(value)
        return "".join([fixed.get(part, text) if number % 2 else part for number, part in enumerate(around)])

    return wrapped


def default_value(column: Any, row: Row) -> Any:
    """Return what SQLAlchemy would insert where a row has no value: a value or an SQL expression.

    Raises LiteralError for a default that wants to know more than the row.
    """
    default = column.default
    if isinstance(default, sa.Sequence):
        return default.next_value()
    if not default.is_callable:
        return default.arg
    try:
        return default.arg(RowContext(row))
    except (AttributeError, TypeError, LookupError) as error:
        raise LiteralError(
            f"its default cannot be worked out from the row alone ({type(error).__name__}: {error})",
            hint="Write the value into each row of bulk_insert.",
        ) from error


def expression(dialect: OfflineDialect, value: Any, type_: TypeEngine[Any]) -> str:
    """Return an SQL expression that stands in place of a value.

    Raises CompileError for what cannot be compiled, LiteralError for a value in it that has no literal.
    """
    clause = value.__clause_element__() if hasattr(value, "__clause_element__") else value
    if isinstance(clause, sa.sql.expression.SelectBase):
        clause = clause.scalar_subquery()
    if isinstance(clause, sa.BindParameter) and isinstance(clause.type, sa.types.NullType):
        clause = sa.literal(clause.value, type_)
    clause = unbound_colons(clause)
    if hasattr(clause, "self_group"):
        clause = clause.self_group(against=operators.comma_op)
    return str(clause.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
