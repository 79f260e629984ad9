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
SURROGATE = re.compile(r"[\ud800-\udfff]")


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

    ``words`` are the literals of true and false.
    """

    words: ClassVar[tuple[str, str]] = ("true", "false")
    title: ClassVar[str] = "this database"

    def render(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return the literal of a value that SQLAlchemy's bind processing has already seen.

        Raises :class:`LiteralError` when no literal stores exactly what a driver would store.
        """
        if value is None:
            return "NULL"
        if isinstance(type_, sqltypes.Boolean) and type(value) is not str and value in (0, 1):
            return self.boolean(bool(value))
        for kind, method in self.WRITERS:
            if isinstance(value, kind):
                text: str = method(self, value, type_)
                return text
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

    def boolean(self, value: bool) -> str:
        """Return the word for true or false."""
        return self.words[0] if value else self.words[1]

    def integer(self, value: int, _type: TypeEngine[Any]) -> str:
        """Return the digits of an integer of any size."""
        return self.boolean(value) if isinstance(value, bool) else str(int(value))

    def write_decimal(self, value: decimal.Decimal, type_: TypeEngine[Any]) -> str:
        """Return plain digits: an exponent would make a floating-point number of it on some servers."""
        return format(value, "f") if value.is_finite() else self.not_a_number(float(value), type_)

    def write_float(self, value: float, type_: TypeEngine[Any]) -> str:
        """Return the shortest digits that read back as the same double."""
        return repr(float(value)) if math.isfinite(value) else self.not_a_number(value, type_)

    def not_a_number(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return the literal of nan or an infinity; most databases have none."""
        raise self.refusal(value, type_, f"{self.title} has no number {value}")

    def string(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a quoted string with no raw control character in it."""
        self.check_text(value, type_)
        return self.text(value, type_)

    def check_text(self, value: str, type_: TypeEngine[Any]) -> None:
        """Refuse text that no file in UTF-8 can carry."""
        if found := SURROGATE.search(value):
            raise self.refusal(value, type_, f"the text holds a lone surrogate (U+{ord(found[0]):04X})")

    def text(self, value: str, _type: TypeEngine[Any]) -> str:
        """Return the quoted form of text that has been checked."""
        return self.quote(value)

    @staticmethod
    def quote(value: str) -> str:
        """Return a standard SQL string: quotes doubled, nothing else touched."""
        return "'" + value.replace("'", "''") + "'"

    def binary(self, value: bytes, _type: TypeEngine[Any]) -> str:
        """Return a hexadecimal literal."""
        return f"X'{bytes(value).hex()}'"

    def write_datetime(self, value: dt.datetime, _type: TypeEngine[Any]) -> str:
        """Return date and time in ISO form with a blank between them."""
        return self.quote(value.isoformat(sep=" "))

    def date(self, value: dt.date, _type: TypeEngine[Any]) -> str:
        """Return a date in ISO form."""
        return self.quote(value.isoformat())

    def time(self, value: dt.time, _type: TypeEngine[Any]) -> str:
        """Return a time of day in ISO form."""
        return self.quote(value.isoformat())

    def interval(self, value: dt.timedelta, type_: TypeEngine[Any]) -> str:
        """Return a length of time; most databases have no such type."""
        raise self.refusal(value, type_)

    def write_uuid(self, value: uuid.UUID, _type: TypeEngine[Any]) -> str:
        """Return a UUID with its dashes."""
        return self.quote(str(value))

    def enum(self, value: Enum, type_: TypeEngine[Any]) -> str:
        """Return the name of a Python enum member, as SQLAlchemy's Enum stores it."""
        return self.string(value.name, type_)

    def array(self, value: Sequence[Any], type_: TypeEngine[Any]) -> str:
        """Return an array; most databases have none."""
        raise self.refusal(value, type_)

    def mapping(self, value: Mapping[Any, Any], type_: TypeEngine[Any]) -> str:
        """Return a mapping; a column without a JSON type has no literal for it."""
        raise self.refusal(value, type_)

    def verbatim(self, value: Verbatim, _type: TypeEngine[Any]) -> str:
        """Return the author's own text."""
        return value.text

    WRITERS: ClassVar[tuple[tuple[Any, Callable[..., str]], ...]] = (
        (Verbatim, lambda self, v, t: self.verbatim(v, t)),
        (int, lambda self, v, t: self.integer(v, t)),
        (str, lambda self, v, t: self.string(v, t)),
        (decimal.Decimal, lambda self, v, t: self.write_decimal(v, t)),
        (float, lambda self, v, t: self.write_float(v, t)),
        (dt.datetime, lambda self, v, t: self.write_datetime(v, t)),
        (dt.date, lambda self, v, t: self.date(v, t)),
        (dt.time, lambda self, v, t: self.time(v, t)),
        (dt.timedelta, lambda self, v, t: self.interval(v, t)),
        ((bytes, bytearray, memoryview), lambda self, v, t: self.binary(bytes(v), t)),
        (uuid.UUID, lambda self, v, t: self.write_uuid(v, t)),
        (Enum, lambda self, v, t: self.enum(v, t)),
        ((list, tuple), lambda self, v, t: self.array(v, t)),
        (Mapping, lambda self, v, t: self.mapping(v, t)),
    )


def concatenated(value: str, *, quote: Callable[[str], str], char: Callable[[str], str], joint: str) -> str:
    """Return text as an expression that keeps control characters out of its literals.

    ``quote`` writes a run of plain text, ``char`` a run of control characters, ``joint`` joins the parts. Several
    parts come in parentheses, so that the expression can stand wherever a literal can.
    """
    parts = [
        char(part) if CONTROL.match(part) else quote(part) for part in re.split(f"({CONTROL.pattern}+)", value) if part
    ]
    return parts[0] if len(parts) == 1 else f"({joint.join(parts)})"
