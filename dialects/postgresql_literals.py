"""Values as literals of PostgreSQL."""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.postgresql.ranges import AbstractMultiRange, AbstractRange
from sqlalchemy.types import NULLTYPE, NullType, TypeEngine

from ..literals import CONTROL, CONTROL_BUT_LF, SPECIAL, SURROGATE, Literals

ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\", "'": "''"}

ESCAPED = re.compile(rf"{CONTROL.pattern}|[\\']")

ESCAPED_BUT_LF = re.compile(rf"{CONTROL_BUT_LF.pattern}|[\\']")

# The kinds of values whose type psycopg2 names.
NAMED = (dt.date, dt.time, uuid.UUID)

# Names the types that arrays are cast to.
COMPILER = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call]


class PostgreSQLLiterals(Literals):
    """Literals that mean the same whatever ``standard_conforming_strings`` says.

    The server is told nothing about the type of a string literal and goes by the column. psycopg2 does the same for
    text, and names the type of dates, times and UUIDs; so do we, where the column is of another one.
    """

    title = "PostgreSQL"
    special = re.compile(rf"{SPECIAL.pattern}|\\")

    def __init__(self, *, raw_newlines: bool = False) -> None:
        super().__init__(raw_newlines=raw_newlines)
        self.escaped = ESCAPED
        if raw_newlines:
            self.special = re.compile(rf"{CONTROL_BUT_LF.pattern}|{SURROGATE.pattern}|\\")
            self.escaped = ESCAPED_BUT_LF

    def standalone(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return a literal that has its own type, where psycopg2 names it: ``:day - interval '1 day'`` needs it.

        SQLAlchemy names other types itself (``:j::JSONB``). A tuple is a list of values, for ``IN :ids``.
        """
        if isinstance(value, tuple) and value and isinstance(type_, NullType):
            return self.listed(value)
        return self.render(value, NULLTYPE if isinstance(value, NAMED) else type_)

    def check_text(self, value: str, type_: TypeEngine[Any]) -> None:
        """Refuse U+0000, which no text of the server can hold."""
        super().check_text(value, type_)
        if "\x00" in value:
            raise self.refusal(value, type_, "PostgreSQL cannot store the character U+0000 in text")

    def text(self, value: str, _type: TypeEngine[Any]) -> str:
        """Return ``E'…'``, with control characters and backslashes escaped (manual, 4.1.2.2)."""
        return f"E'{self.escaped.sub(escape, value)}'"

    def binary(self, value: bytes | bytearray | memoryview, _type: TypeEngine[Any]) -> str:
        """Return bytea by way of hexadecimal digits, whatever ``bytea_output`` says."""
        return f"decode('{value.hex()}', 'hex')"

    def not_a_number(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return NaN or an infinity, cast so that it also works inside an expression."""
        word = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        exact = isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float)
        return f"'{word}'::{'numeric' if exact else 'float8'}"

    def write_datetime(self, value: dt.datetime, type_: TypeEngine[Any]) -> str:
        """Return a moment, with its type where the column has another.

        One with an offset for a column without becomes the local time of the session, as it does with psycopg2.
        """
        aware = value.tzinfo is not None
        fits = isinstance(type_, sa.DateTime) and (type_.timezone or not aware)
        text = f"'{value.isoformat(sep=' ')}'"
        return text if fits else f"{text}::timestamp{'tz' * aware}"

    def date(self, value: dt.date, type_: TypeEngine[Any]) -> str:
        """Return a date, with its type where the column has another."""
        text = f"'{value.isoformat()}'"
        return text if isinstance(type_, sa.Date) else f"{text}::date"

    def time(self, value: dt.time, type_: TypeEngine[Any]) -> str:
        """Return a time of day, with its type where the column has another."""
        aware = value.tzinfo is not None
        fits = isinstance(type_, sa.Time) and (type_.timezone or not aware)
        text = f"'{value.isoformat()}'"
        return text if fits else f"{text}::time{'tz' * aware}"

    def write_uuid(self, value: uuid.UUID, type_: TypeEngine[Any]) -> str:
        """Return a UUID, with its type where the column has another."""
        return f"'{value}'" if isinstance(type_, sa.Uuid) else f"'{value}'::uuid"

    def interval(self, value: dt.timedelta, _type: TypeEngine[Any]) -> str:
        """Return an interval in days and seconds, as drivers send it: a day is not 24 hours to this server."""
        sign = "-" if value.days < 0 and value.microseconds + value.seconds == 0 else ""
        seconds = f"{value.seconds}.{value.microseconds:06d}"
        days = -value.days if sign else value.days
        return f"'{sign}{days} days {seconds} seconds'::interval"

    def array(self, value: Sequence[Any], type_: TypeEngine[Any]) -> str:
        """Return ``ARRAY[…]`` with a cast, so that an empty one and one of NULLs have a type.

        A list of ranges is a multirange, for such a column. Where no type is known (``= ANY (:ids)``), the server finds
        one, as with psycopg2.
        """
        if isinstance(type_, AbstractMultiRange):
            return self.write_multirange(value, type_)
        if isinstance(type_, NullType):
            return f"ARRAY{self.elements(value, type_)}" if value else "'{}'"
        if not isinstance(type_, sa.ARRAY):
            raise self.refusal(value, type_)
        cast = type_.compile(dialect=COMPILER)
        if not value:
            return f"'{{}}'::{cast}"
        return f"ARRAY{self.elements(value, type_.item_type)}::{cast}"

    def elements(self, value: Sequence[Any], item: TypeEngine[Any]) -> str:
        """Return the bracketed elements of an array of any number of dimensions."""
        written = [
            self.elements(one, item) if isinstance(one, (list, tuple)) else self.render(one, item) for one in value
        ]
        return f"[{', '.join(written)}]"

    def mapping(self, value: Mapping[Any, Any], type_: TypeEngine[Any]) -> str:
        """Return hstore text, for that type only."""
        if type(type_).__name__ != "HSTORE":
            raise self.refusal(value, type_)
        pairs = (f"{quoted(key)}=>{'NULL' if one is None else quoted(one)}" for key, one in value.items())
        return self.string(", ".join(pairs), type_)

    def write_range(self, value: Range[Any], type_: TypeEngine[Any]) -> str:
        """Return a range, with the cast that its column's type tells. Raises LiteralError for other columns."""
        if not isinstance(type_, AbstractRange):
            raise self.refusal(value, type_)
        return f"{self.string(range_text(value), type_)}::{type_.compile(dialect=COMPILER).lower()}"

    def write_multirange(self, value: Sequence[Any], type_: TypeEngine[Any]) -> str:
        """Return a multirange, with its cast."""
        text = "{" + ",".join(map(range_text, value)) + "}"
        return f"{self.string(text, type_)}::{type_.compile(dialect=COMPILER).lower()}"

    WRITERS = ((Range, "write_range"), *Literals.WRITERS)


def escape(found: re.Match[str]) -> str:
    r"""Return one character as it stands inside ``E'…'``."""
    return ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}"


def quoted(text: Any) -> str:
    """Return a key or value of hstore, or a bound of a range, in double quotes."""
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def range_text(value: Range[Any]) -> str:
    """Return a range as the server reads it; a bound that is not there is an empty one (manual, 8.17.5)."""
    if value.empty:
        return "empty"
    lower, upper = ("" if bound is None else quoted(bound) for bound in (value.lower, value.upper))
    return f"{value.bounds[0]}{lower},{upper}{value.bounds[1]}"
