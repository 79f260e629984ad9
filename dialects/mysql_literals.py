"""Values as literals of MySQL."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import NullType, TypeEngine

from ..literals import SPECIAL, Literals

ESCAPES = {"\0": "\\0", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x1a": "\\Z", "\\": "\\\\", "'": "''"}

ESCAPED = re.compile("[\0\b\t\n\r\x1a\\\\']")

WITHOUT_ESCAPE = re.compile(r"[\x01-\x07\x0b\x0c\x0e-\x19\x1b-\x1f\x7f\x85\u2028\u2029]")

UNTOLD = re.compile(rf"\x00|{WITHOUT_ESCAPE.pattern}")
"""What no comment keeps."""


class MySQLLiterals(Literals):
    """Literals for a session without NO_BACKSLASH_ESCAPES, which the preamble takes away."""

    title = "MySQL"
    special = re.compile(rf"{SPECIAL.pattern}|\\")

    def text(self, value: str, _type: TypeEngine[Any]) -> str:
        """Return a string with control characters and backslashes escaped (MySQL manual, 9.1.1).

        A control character without an escape of its own, such as U+0085, makes hexadecimal digits of the whole.
        """
        if WITHOUT_ESCAPE.search(value):
            return f"_utf8mb4 X'{value.encode().hex()}'"
        return f"'{ESCAPED.sub(lambda found: ESCAPES[found[0]], value)}'"

    def write_float(self, value: float, type_: TypeEngine[Any]) -> str:
        """Return a number with an exponent: without one it would be a DECIMAL (MySQL manual, 9.1.2)."""
        text = super().write_float(value, type_)
        return text if "e" in text else f"{text}e0"

    def integer(self, value: int, type_: TypeEngine[Any]) -> str:
        """Return digits."""
        return str(int(value)) if isinstance(type_, mysql.YEAR) else super().integer(value, type_)

    def write_datetime(self, value: dt.datetime, type_: TypeEngine[Any]) -> str:
        """Return date and time; an offset is left out, as drivers leave it out."""
        return super().write_datetime(value.replace(tzinfo=None), type_)

    def time(self, value: dt.time, type_: TypeEngine[Any]) -> str:
        """Return a time of day without an offset."""
        return super().time(value.replace(tzinfo=None), type_)

    def interval(self, value: dt.timedelta, type_: TypeEngine[Any]) -> str:
        """Return a TIME of any length; other columns would make a moment of today of it."""
        if not isinstance(type_, (sa.Time, NullType)):
            raise self.refusal(value, type_)
        total = abs(value)
        hours, rest = divmod(total.days * 86400 + total.seconds, 3600)
        micros = f".{total.microseconds:06d}" if total.microseconds else ""
        return f"'{'-' if value.days < 0 else ''}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}{micros}'"

    def standalone(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return a literal for a place that is no column's; a list as drivers write it for ``IN :ids``."""
        if isinstance(value, (list, tuple)) and value and isinstance(type_, NullType):
            return self.listed(value)
        return self.render(value, type_)
