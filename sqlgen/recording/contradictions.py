"""Where ``existing_…`` of ``alter_column`` says something else than the script itself has made of the column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..dialect import Dialect
from ..operations.model import AlterColumn
from ..rendering import given
from ..schema.state import Column

#: Kinds of types; a server may have the one where SQLAlchemy speaks of another of the same kind.
FAMILIES: tuple[tuple[type[Any], ...], ...] = (
    (sa.String, sa.Enum, sa.JSON, sa.Uuid),
    (sa.Integer, sa.Boolean),
    (sa.Numeric, sa.Float),
    (sa.LargeBinary,),
    (sa.DateTime, sa.Interval),
    (sa.Date,),
    (sa.Time,),
)
CAST = re.compile(r"::[\w .\[\]\"]+(?:\(\d+\))?")
NOW = re.compile(r"\b(?:current_timestamp|now|localtimestamp|getdate|sysdate)\b(?:\s*\(\s*\))?", re.I)


def contradictions(dialect: Dialect, operation: AlterColumn) -> Iterator[str]:
    """Yield a sentence for each ``existing_…`` that contradicts what is known of the column, with both values.

    Only what makes a difference counts: another kind or length of type, NULL or NOT NULL, another default or comment.
    """
    known = dialect.known_column(operation)
    if known is None:
        return
    found = [
        ("existing_type", *types(dialect, operation, known)),
        ("existing_nullable", *nullables(operation, known)),
        ("existing_server_default", *defaults(dialect, operation, known)),
        ("existing_comment", *comments(operation, known)),
    ]
    for argument, *values in found:
        if values:
            told, stands = values
            yield f"{operation.describe()}: {argument} says {told}, but by then the column has {stands}"


def nullables(operation: AlterColumn, known: Column) -> tuple[str, ...]:
    """Return what is told and what stands of NOT NULL; nothing where they agree."""
    told = operation.existing_nullable
    words = ("NOT NULL", "NULL")
    return () if told is None or bool(told) == known.nullable else (words[bool(told)], words[known.nullable])


def comments(operation: AlterColumn, known: Column) -> tuple[str, ...]:
    """Return the comment that is told and the one that stands; nothing where they agree, or none is told."""
    told = operation.existing_comment
    return () if not told or told == known.comment else (f"comment {told!r}", f"comment {known.comment!r}")


def types(dialect: Dialect, operation: AlterColumn, known: Column) -> tuple[str, ...]:
    """Return the type that is told and the one that stands; nothing where they may be the same."""
    told = operation.existing_type
    if told is None or not differ(dialect, told, known.type):
        return ()
    return dialect.type_sql(told), dialect.type_sql(known.type)


def differ(dialect: Dialect, one: TypeEngine[Any], other: TypeEngine[Any]) -> bool:
    """Tell whether two types are certainly not the same on a database."""
    try:
        if dialect.type_sql(one).lower() == dialect.type_sql(other).lower():
            return False
    except (sa.exc.CompileError, NotImplementedError):
        return False
    kinds = family(one), family(other)
    if None in kinds:
        return False
    sizes = size(one), size(other)
    return kinds[0] != kinds[1] or (None not in sizes and sizes[0] != sizes[1])


def family(type_: TypeEngine[Any]) -> int | None:
    """Return the number of a type's kind; None for a type of which nothing is said."""
    affinity = type_._type_affinity or sa.types.NullType
    return next((number for number, kinds in enumerate(FAMILIES) if issubclass(affinity, kinds)), None)


def size(type_: TypeEngine[Any]) -> Any:
    """Return the length of a plain string, with ``long`` for a text without one; None for what has none."""
    if isinstance(type_, sa.TypeDecorator):
        return size(type_.impl_instance)
    if isinstance(type_, sa.Enum) or not isinstance(type_, sa.String):
        return None
    return "long" if isinstance(type_, sa.Text) else type_.length


def defaults(dialect: Dialect, operation: AlterColumn, known: Column) -> tuple[str, ...]:
    """Return the default that is told and the one that stands; nothing where they may be the same."""
    told = operation.existing_server_default
    if not given(told) or (isinstance(told, (sa.Identity, sa.Computed, sa.FetchedValue)) and not hasattr(told, "arg")):
        return ()
    if isinstance(known.written, (sa.Identity, sa.Computed)) or known.autoincrement or known.identity is not None:
        return ()
    sql = None if told is None else dialect.default_sql(told, operation.existing_type or known.type)
    if plain(sql) == plain(known.default):
        return ()
    shown = (sql, known.default and CAST.sub("", known.default))
    return tuple("no default" if one is None else f"DEFAULT {one}" for one in shown)


def plain(sql: str | None) -> str:
    """Return a default without what servers add and take away: casts, parentheses, quotes, the case of letters."""
    if sql is None or sql.strip().lower() == "null":
        return ""
    bare = NOW.sub("now", CAST.sub("", sql))
    return {"true": "1", "false": "0"}.get(text := re.sub(r"[\s()'\"`]", "", bare).lower(), text)
