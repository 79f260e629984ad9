"""Values written as SQL text: what all databases share. Each dialect overrides what is its own.

A value arrives here as the *driver* would receive it, that is after SQLAlchemy's bind processing: types with a
Python side of their own (JSON, Enum, TypeDecorator, Interval …) have become plain strings, numbers, bytes or dates
by then, so that the script stores what the application would have stored.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import types as sqltypes
from sqlalchemy.types import TypeEngine

from .errors import LiteralError

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
CONTROL_BUT_LF = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# What a literal of standard SQL cannot hold as it is.
SPECIAL = re.compile(f"{CONTROL.pattern}|{SURROGATE.pattern}")
# Beyond this many operands a sum of texts is near the limits of the servers (SQLite: 1,000, "Maximum Depth Of An
# Expression Tree").
MOST_PARTS = 100


class Verbatim:
    """Text that stands in a statement as it is: a placeholder of the author's that nobody bound a value to."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class ServerValue:
    """A value that only the server will know, such as the key of a row that the script inserts.

    It may be stored in attributes and compared by identity; writing it into a statement is an error.
    """

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"<{self.what}, known only to the server>"


class Literals:
    """Writes Python values as literals of one database.

    ``words`` are the literals of true and false. ``special`` finds what text cannot hold as it is. ``refused`` are the
    kinds of values that the database's drivers refuse, unless the column has a type that turns them into something
    else. With ``raw_newlines`` a line feed stands in a literal as it is, where the client leaves it alone.
    """

    words: ClassVar[tuple[str, str]] = ("true", "false")
    title: ClassVar[str] = "this database"
    special: re.Pattern[str] = SPECIAL
    refused: ClassVar[tuple[type, ...]] = ()

    def __init__(self, *, raw_newlines: bool = False) -> None:
        self.raw_newlines = raw_newlines
        self.writers: dict[type, Callable[[Any, TypeEngine[Any]], str]] = {type(None): self.null}

    def render(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return the literal of a value that SQLAlchemy's bind processing has already seen, for a column of a type.

        Raises :class:`LiteralError` when no literal stores exactly what a driver would store.
        """
        write = self.writers.get(type(value)) or self.writer_for(value, type_)
        return write(value, type_)

    def standalone(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return the literal for a place that is no column's: an operand, an argument of a function.

        There it must have the type that a driver gives to it, where that matters.
        """
        return self.render(value, type_)

    def writer_for(self, value: Any, type_: TypeEngine[Any]) -> Callable[[Any, TypeEngine[Any]], str]:
        """Return the method that writes values of this kind, and remember it for the class of the value."""
        for kind, name in self.WRITERS:
            if isinstance(value, kind) and not isinstance(value, self.refused):
                found: Callable[[Any, TypeEngine[Any]], str] = getattr(self, name)
                self.writers[type(value)] = found
                return found
        raise self.refusal(value, type_)

    def refusal(self, value: Any, type_: TypeEngine[Any], why: str = "") -> LiteralError:
        """Return the error for a value that cannot be written."""
        if isinstance(value, ServerValue):
            return LiteralError(
                f"{value.what} is needed in a later statement, but only the server will know it",
                hint="Write the second statement with a subselect that finds the row: INSERT … SELECT id FROM …",
            )
        reason = why or f"a Python {type(value).__name__} has no literal on {self.title}"
        return LiteralError(
            f"{reason} (column type {type_!r})",
            hint="Give the column a SQLAlchemy type, or write the value as SQL text with op.execute.",
        )

    def null(self, _value: None, _type: TypeEngine[Any]) -> str:
        """Return NULL."""
        return "NULL"

    def boolean(self, value: bool) -> str:
        """Return the word for true or false."""
        return self.words[0] if value else self.words[1]

    def integer(self, value: int, type_: TypeEngine[Any]) -> str:
        """Return the digits of an integer of any size; a word for what is true or false."""
        if isinstance(value, bool) or (value in (0, 1) and isinstance(type_, sqltypes.Boolean)):
            return self.boolean(bool(value))
        text = str(int(value))
        self.check_digits(text, value, type_)
        return text

    def write_decimal(self, value: decimal.Decimal, type_: TypeEngine[Any]) -> str:
        """Return plain digits: an exponent would make a floating-point number of it on some servers."""
        if not value.is_finite():
            return self.not_a_number(float(value), type_)
        text = format(value, "f")
        self.check_digits(text, value, type_)
        return text

    def check_digits(self, text: str, value: Any, type_: TypeEngine[Any]) -> None:
        """Raise LiteralError for a number with more digits than the server keeps; most keep those that a column has."""

    def write_float(self, value: float, type_: TypeEngine[Any]) -> str:
        """Return the shortest digits that read back as the same double."""
        return repr(float(value)) if math.isfinite(value) else self.not_a_number(value, type_)

    def not_a_number(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return the literal of nan or an infinity; most databases have none."""
        raise self.refusal(value, type_, f"{self.title} has no number {value}")

    def string(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a quoted string with no raw control character in it."""
        if self.special.search(value) is None:
            return self.plain(value, type_)
        self.check_text(value, type_)
        return self.text(value, type_)

    def check_text(self, value: str, type_: TypeEngine[Any]) -> None:
        """Refuse text that no file in UTF-8 can carry."""
        if found := SURROGATE.search(value):
            raise self.refusal(value, type_, f"the text holds a lone surrogate (U+{ord(found[0]):04X})")

    def plain(self, value: str, _type: TypeEngine[Any]) -> str:
        """Return the quoted form of text without anything special in it."""
        return self.quote(value)

    def text(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return the quoted form of text with something special in it."""
        raise self.refusal(value, type_, "the text holds a control character")

    @staticmethod
    def quote(value: str) -> str:
        """Return a standard SQL string: quotes doubled, nothing else touched."""
        return "'" + value.replace("'", "''") + "'"

    def binary(self, value: bytes | bytearray | memoryview, _type: TypeEngine[Any]) -> str:
        """Return a hexadecimal literal."""
        return f"X'{value.hex()}'"

    def write_datetime(self, value: dt.datetime, _type: TypeEngine[Any]) -> str:
        """Return date and time in ISO form with a blank between them."""
        return f"'{value.isoformat(sep=' ')}'"

    def check_offset(self, value: dt.datetime, type_: TypeEngine[Any]) -> None:
        """Refuse an offset with seconds, for servers whose offsets are of hours and minutes."""
        offset = value.utcoffset()
        if offset is not None and offset % dt.timedelta(minutes=1):
            raise self.refusal(value, type_, f"{self.title} has no offset of {offset}")

    def date(self, value: dt.date, _type: TypeEngine[Any]) -> str:
        """Return a date in ISO form."""
        return f"'{value.isoformat()}'"

    def time(self, value: dt.time, _type: TypeEngine[Any]) -> str:
        """Return a time of day in ISO form."""
        return f"'{value.isoformat()}'"

    def interval(self, value: dt.timedelta, type_: TypeEngine[Any]) -> str:
        """Return a length of time; most databases have no such type."""
        raise self.refusal(value, type_)

    def write_uuid(self, value: uuid.UUID, _type: TypeEngine[Any]) -> str:
        """Return a UUID with its dashes."""
        return self.quote(str(value))

    def enum(self, value: Enum, type_: TypeEngine[Any]) -> str:
        """Refuse a member of an enum: drivers refuse it too, or store the words ``Colour.RED``."""
        error = self.refusal(value, type_)
        error.hint = "Give the column the type sa.Enum, or pass the member's name or value."
        raise error

    def array(self, value: Sequence[Any], type_: TypeEngine[Any]) -> str:
        """Return an array; most databases have none."""
        raise self.refusal(value, type_)

    def listed(self, value: Sequence[Any]) -> str:
        """Return values in parentheses."""
        return f"({', '.join([self.standalone(one, sqltypes.NULLTYPE) for one in value])})"

    def mapping(self, value: Mapping[Any, Any], type_: TypeEngine[Any]) -> str:
        """Return a mapping; a column without a JSON type has no literal for it."""
        raise self.refusal(value, type_)

    def verbatim(self, value: Verbatim, _type: TypeEngine[Any]) -> str:
        """Return the author's own text."""
        return value.text

    #: Kinds of values and the methods that write them; the first that fits is taken.
    WRITERS: ClassVar[tuple[tuple[type | tuple[type, ...], str], ...]] = (
        (Verbatim, "verbatim"),
        (int, "integer"),
        (str, "string"),
        (decimal.Decimal, "write_decimal"),
        (float, "write_float"),
        (dt.datetime, "write_datetime"),
        (dt.date, "date"),
        (dt.time, "time"),
        (dt.timedelta, "interval"),
        ((bytes, bytearray, memoryview), "binary"),
        (uuid.UUID, "write_uuid"),
        (Enum, "enum"),
        ((list, tuple), "array"),
        (Mapping, "mapping"),
    )


def concatenated(
    value: str,
    *,
    quote: Callable[[str], str],
    char: Callable[[str], str],
    joint: str,
    control: re.Pattern[str] = CONTROL,
) -> str | None:
    """Return text as an expression that keeps control characters out of its literals; None for too many parts.

    ``quote`` writes a run of plain text, ``char`` a run of ``control`` characters, ``joint`` joins the parts. Several
    parts come in parentheses, so that the expression can stand wherever a literal can.
    """
    runs = [run for run in re.split(f"((?:{control.pattern})+)", value) if run]
    if len(runs) > MOST_PARTS:
        return None
    parts = [char(run) if control.match(run) else quote(run) for run in runs]
    return parts[0] if len(parts) == 1 else f"({joint.join(parts)})"
