"""Types of PostgreSQL: from what text says to what the catalogue's format_type() says, and to SQLAlchemy's types.

The names are those of the manual, chapter 8, table 8.1; what reflection makes of them is SQLAlchemy's doing.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BIT, INTERVAL, TIME, TIMESTAMP
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.types import TypeEngine

from ..schema.changes import NamedType
from ..schema.text import NotFollowed, TypeText

#: Other words for what format_type() says.
ALIASES = {
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "smallserial": "smallint",
    "serial": "integer",
    "bigserial": "bigint",
    "serial2": "smallint",
    "serial4": "integer",
    "serial8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "decimal": "numeric",
    "dec": "numeric",
    "bool": "boolean",
    "varchar": "character varying",
    "char varying": "character varying",
    "national character varying": "character varying",
    "national char varying": "character varying",
    "nchar varying": "character varying",
    "char": "character",
    "nchar": "character",
    "national character": "character",
    "national char": "character",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
    "timetz": "time with time zone",
    "varbit": "bit varying",
}
SERIALS = frozenset(word for word in ALIASES if "serial" in word)
ONE_LONG = ("character", "bit")
TIMES = {"timestamp": TIMESTAMP, "time": TIME}


def format_type(spelling: TypeText) -> str:
    """Return the name of a built-in type in the words of format_type(), without its arguments."""
    base = ALIASES.get(spelling.base, spelling.base)
    if base == "float":
        digits = spelling.numbers()
        return "real" if digits and digits[0] <= 24 else "double precision"
    return base


def reflected(spelling: TypeText) -> TypeEngine[Any]:
    """Return the type that reflection gives for a column of it."""
    item = _item(spelling)
    array: TypeEngine[Any] = ARRAY(item) if spelling.dimensions else item
    return array


def _item(spelling: TypeText) -> TypeEngine[Any]:
    """Return the type of one value."""
    if spelling.is_quoted and spelling.name != "char":
        return NamedType(spelling.name, spelling.schema)
    base = format_type(spelling)
    if spelling.schema not in (None, "pg_catalog"):
        return NamedType(spelling.name, spelling.schema)
    kind, _, zone = base.partition(" ")
    if kind in TIMES and zone in ("with time zone", "without time zone"):
        numbers = spelling.numbers()
        time: Any = TIMES[kind]
        return _made(time, timezone=zone == "with time zone", **({"precision": numbers[0]} if numbers else {}))
    if kind == "interval":
        return INTERVAL(fields=zone or None, precision=next(iter(spelling.numbers()), None))
    found = PGDialect.ischema_names.get('"char"' if spelling.is_quoted else base)
    if found is None:
        if " " in base:
            raise NotFollowed(f"the type {base} is not known")
        return NamedType(spelling.name, spelling.schema)
    return _with_arguments(base, found, spelling)


def _with_arguments(base: str, found: Any, spelling: TypeText) -> TypeEngine[Any]:
    """Return a type with the arguments that reflection gives it."""
    if base == "double precision":
        return sa.types.DOUBLE_PRECISION(53)
    if base == "real":
        return sa.types.REAL()
    if base in ("bit", "bit varying"):
        numbers = spelling.numbers() or ([1] if base == "bit" else [])
        return _made(BIT, *numbers, varying=base == "bit varying")
    if not spelling.arguments:
        return _made(found, *([1] if base in ONE_LONG else []))
    if base == "numeric":
        return _made(found, *[*spelling.numbers(), 0][:2])
    if base in ("character", "character varying"):
        return _made(found, *spelling.numbers())
    raise NotFollowed(f"the type {base} takes no arguments that are known")


def _made(cls: Any, *arguments: Any, **options: Any) -> TypeEngine[Any]:
    """Return a type of a class of SQLAlchemy's."""
    made: TypeEngine[Any] = cls(*arguments, **options)
    return made
