"""Which values of a column do not fit another type: conditions on the rows that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from sqlgen.questions import Questions, Status

#: Bits of the integers, by the words of their types.
BITS = {
    "tinyint": 8,
    "smallint": 16,
    "int2": 16,
    "smallserial": 16,
    "mediumint": 24,
    "int": 32,
    "integer": 32,
    "int4": 32,
    "serial": 32,
    "bigint": 64,
    "int8": 64,
    "bigserial": 64,
}
WORD = re.compile(r"\w+")


class Misfit(NamedTuple):
    """Values that a type does not take: a name, the condition that finds them, what to do, and how bad it is.

    Without a condition nothing can be asked, and ``remedy`` says why.
    """

    name: str
    condition: str | None
    remedy: str
    severity: Status = "FAIL"


def misfits(questions: Questions, column: str, old: TypeEngine[Any], new: TypeEngine[Any]) -> Iterator[Misfit]:
    """Yield what values of a column of an old type may not fit the new one."""
    before, after = questions.dialect.type_sql(old), questions.dialect.type_sql(new)
    if not questions.enforces_types or before == after:
        return
    one, other = plain(old), plain(new)
    if questions.empties and must_be_empty(one, other):
        yield Misfit("column is empty", f"{column} IS NOT NULL", "Move the values to another column first.")
        return
    if isinstance(other, sa.Enum) and other.enums:
        listed = ", ".join(map(questions.literal, other.enums))
        text = f"CAST({column} AS {'CHAR' if questions.fills_zeros else 'VARCHAR'}(255))"
        if not (isinstance(one, sa.Enum) and set(one.enums) <= set(other.enums)):
            yield Misfit("values of the enum", f"{text} NOT IN ({listed})", "Change the values to ones of the type.")
    elif isinstance(other, sa.String):
        yield from texts(questions, column, one, other)
    elif (limits := bounds(after)) is not None:
        yield from integers(questions, column, one, bounds(before), limits)
    elif isinstance(other, sa.Numeric) and not isinstance(other, sa.Float):
        yield from numbers(questions, column, one, other)
    elif one._type_affinity is not other._type_affinity:
        yield converted(questions, column, other)


def plain(type_: TypeEngine[Any]) -> Any:
    """Return a type without what decorates it."""
    while isinstance(type_, sa.types.TypeDecorator):
        type_ = type_.impl_instance
    return type_


def must_be_empty(old: Any, new: Any) -> bool:
    """Tell whether a column must be empty for another type: one of another family, or a number of fewer digits."""
    if isinstance(old, sa.String) and isinstance(new, sa.String):
        return (old.length is None) != (new.length is None)
    if isinstance(old, (sa.Numeric, sa.Integer)) and isinstance(new, (sa.Numeric, sa.Integer)):
        return digits(new) is not None and (digits(old) is None or digits(new) < digits(old))
    return old._type_affinity is not new._type_affinity


def digits(type_: Any) -> Any:
    """Return how many digits a number has before and behind the point, None where nothing limits them."""
    if isinstance(type_, sa.Integer) or getattr(type_, "precision", None) is None or isinstance(type_, sa.Float):
        return None
    return type_.precision - (type_.scale or 0), type_.scale or 0


def bounds(sql: str) -> tuple[int, int] | None:
    """Return the least and the greatest integer that a type holds, None for another type."""
    words = [word.lower() for word in WORD.findall(sql)]
    bits = BITS.get(words[0]) if words else None
    if bits is None:
        return None
    return (0, 2**bits - 1) if "unsigned" in words else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def texts(questions: Questions, column: str, old: Any, new: Any) -> Iterator[Misfit]:
    """Yield the texts that are too long."""
    known = max(map(len, old.enums)) if isinstance(old, sa.Enum) and old.enums else getattr(old, "length", None)
    if new.length is not None and (known is None or known > new.length):
        condition = questions.too_long(column, new.length, new)
        yield Misfit(f"at most {new.length} characters", condition, "Shorten the values.")


def integers(
    questions: Questions, column: str, old: Any, before: tuple[int, int] | None, limits: tuple[int, int]
) -> Iterator[Misfit]:
    """Yield the values that are no integers of a size."""
    least, greatest = limits
    if isinstance(old, sa.String):
        condition = f"{column} IS NOT NULL AND {questions.no_integer(column)}"
        yield Misfit("text is a number", condition, "Mend the values that are no integers.")
    elif isinstance(old, sa.Numeric) or (before is not None and (before[0] < least or before[1] > greatest)):
        condition = f"{column} NOT BETWEEN {least} AND {greatest}"
        yield Misfit(f"from {least} to {greatest}", condition, "Change the values that are out of range.")
    elif before is None and not isinstance(old, (sa.Integer, sa.Boolean)):
        yield converted(questions, column, sa.Integer())


def numbers(questions: Questions, column: str, old: Any, new: Any) -> Iterator[Misfit]:
    """Yield the numbers that have too many digits, and those that lose some."""
    size = digits(new)
    if size is None:
        return
    if not isinstance(old, (sa.Numeric, sa.Integer)):
        yield converted(questions, column, new)
        return
    had = digits(old)
    if had is None or had[0] > size[0]:
        condition = f"ABS(ROUND({column}, {size[1]})) >= {10 ** size[0]}"
        yield Misfit(f"at most {size[0]} digits", condition, "Change the values that are out of range.")
    if not isinstance(old, (sa.Integer, sa.Float)) and (had is None or had[1] > size[1]):
        condition = f"{column} <> ROUND({column}, {size[1]})"
        yield Misfit(f"{size[1]} decimals", condition, "These values are rounded.", "WARN")


def converted(questions: Questions, column: str, new: TypeEngine[Any]) -> Misfit:
    """Return the values that cannot be converted, where the database can tell."""
    asked = questions.not_converted(column, new)
    condition = None if asked is None else f"{column} IS NOT NULL AND {asked}"
    name = f"values fit {questions.dialect.type_sql(new).lower()}"
    remedy = "Mend the values that do not fit." if condition else "whether they fit is not asked: try it on a copy"
    return Misfit(name, condition, remedy)
