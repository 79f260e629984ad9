"""Values as literals of SQL Server."""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mssql
from sqlalchemy.types import TypeEngine

from ..literals import MOST_PARTS, SPECIAL, Literals, concatenated

# sqlcmd expands $(name) even inside a string.
VARIABLE = re.compile(r"(?<=\$)(?=\()")

MOST_DIGITS = 38


class SQLServerLiterals(Literals):
    """Literals for sqlcmd, which expands ``$(x)`` and takes a line GO for its own even inside a string.

    Sources: Microsoft Learn, "Constants (Transact-SQL)", "+ (String Concatenation)", "sqlcmd utility".
    """

    title = "SQL Server"
    words = ("1", "0")
    special = re.compile(rf"{SPECIAL.pattern}|\$\(")
    refused = (dt.timedelta,)

    @staticmethod
    def is_wide(value: str, type_: TypeEngine[Any]) -> bool:
        """Tell whether text needs an N: for Unicode types, and for all that is not ASCII."""
        return isinstance(type_, (sa.Unicode, sa.UnicodeText, mssql.NTEXT)) or not value.isascii()

    def plain(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a string without anything that sqlcmd or the server reads in a way of its own."""
        return "N" * self.is_wide(value, type_) + self.quote(value)

    def text(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a sum of strings, or hexadecimal digits in UTF-16 where it would be a long one."""
        wide = self.is_wide(value, type_)
        prefix, char = ("N", "NCHAR") if wide else ("", "CHAR")
        joint = f" + {prefix}"
        text = concatenated(
            value,
            quote=lambda run: prefix + joint.join(map(self.quote, VARIABLE.split(run))),
            char=lambda run: " + ".join(f"{char}({ord(one)})" for one in run),
            joint=" + ",
        )
        if text is None or text.count(" + ") > MOST_PARTS:
            digits = value.encode("utf-16-le" if wide else "ascii").hex()
            return f"CAST(0x{digits} AS {'n' * wide}varchar(max))"
        inner = text[1:-1] if text.startswith("(") else text
        # A sum of short strings is cut at 8000 bytes, unless its first part is a long one.
        long = f"CAST({prefix}'' AS {'n' * wide}varchar(max)) + " if len(value) * (1 + wide) > 8000 else ""
        return f"({long}{inner})"

    def check_digits(self, text: str, value: Any, type_: TypeEngine[Any]) -> None:
        """Refuse a number that no constant of the server can hold."""
        if len(text) > MOST_DIGITS and len(text.strip("-").replace(".", "").lstrip("0")) > MOST_DIGITS:
            raise self.refusal(value, type_, f"SQL Server has no number of more than {MOST_DIGITS} digits")

    def write_float(self, value: float, type_: TypeEngine[Any]) -> str:
        """Return a number with an exponent: without one it would be a decimal.

        Raises LiteralError for a number nearer to 0 than FLOAT can hold.
        """
        if 0 < abs(value) < sys.float_info.min:
            raise self.refusal(value, type_, f"SQL Server has no FLOAT {value}: it ends at {sys.float_info.min}")
        text = super().write_float(value, type_)
        return text if "e" in text else f"{text}e0"

    def binary(self, value: bytes | bytearray | memoryview, _type: TypeEngine[Any]) -> str:
        """Return hexadecimal digits behind 0x."""
        return f"0x{value.hex()}"

    def date(self, value: dt.date, type_: TypeEngine[Any]) -> str:
        """Return a day; for other columns in a form that DATEFORMAT cannot turn round."""
        if isinstance(type_, sa.DateTime):
            return f"'{value.isoformat()}T00:00:00'"
        return f"'{value.isoformat()}'" if isinstance(type_, sa.Date) else f"CAST('{value.isoformat()}' AS date)"

    def time(self, value: dt.time, type_: TypeEngine[Any]) -> str:
        """Return a time of day without an offset, as drivers leave it out."""
        return super().time(value.replace(tzinfo=None), type_)

    def write_datetime(self, value: dt.datetime, type_: TypeEngine[Any]) -> str:
        """Return date and time with a T, which DATEFORMAT cannot turn round.

        DATETIME takes three decimals at most: a finer value is cast, so that the server rounds it.
        """
        if isinstance(type_, sa.Date):
            return self.date(value.date(), type_)
        if isinstance(type_, mssql.DATETIMEOFFSET) or getattr(type_, "timezone", False):
            self.check_offset(value, type_)
            return self.quote(value.isoformat())
        plain = value.replace(tzinfo=None)
        if isinstance(type_, mssql.DATETIME2):
            return self.quote(plain.isoformat())
        if plain.microsecond % 1000:
            return f"CAST({self.quote(plain.isoformat())} AS datetime2)"
        return self.quote(plain.isoformat(timespec="milliseconds" if plain.microsecond else "seconds"))
