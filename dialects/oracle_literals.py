"""Values as literals of Oracle."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import oracle
from sqlalchemy.types import TypeEngine

from ..literals import CONTROL, Literals

# SQL*Plus skips an input line of more than 2499 bytes (SP2-0027), and a literal ends at 4000 (ORA-01704).
LINE_BYTES = 1000

LITERAL_BYTES = 4000

RAW_BYTES = 2000

MOST_DIGITS = 38

RUNS = re.compile(f"({CONTROL.pattern}+)")

DOUBLES = (oracle.BINARY_DOUBLE, oracle.BINARY_FLOAT)

NATIONAL = (oracle.NVARCHAR2, oracle.NCLOB)


def pieces(text: str, size: int = LINE_BYTES) -> Iterator[str]:
    """Yield text in parts of at most ``size`` bytes in UTF-8."""
    data = text.encode()
    start = 0
    while start < len(data):
        end = min(start + size, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        yield data[start:end].decode()
        start = end


class OracleLiterals(Literals):
    """Literals for SQL*Plus, which reads a hyphen at the end of a line, a blank line and ``/`` in its own way.

    Sources: SQL Language Reference 19c, "Literals", "Data Types"; SQL*Plus User's Guide, "SQL*Plus Limits".
    """

    title = "Oracle"
    words = ("1", "0")

    def plain(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a string; in pieces where it is long."""
        prefix = "N" * isinstance(type_, NATIONAL)
        return self.text(value, type_) if len(value) * 3 > LINE_BYTES else prefix + self.quote(value)

    def text(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a string in pieces, a line each where there are many; as a CLOB beyond 4000 bytes."""
        prefix = "N" * isinstance(type_, NATIONAL)
        size = len(value.encode("utf-16-le" if prefix else "utf-8"))
        parts = [part for run in RUNS.split(value) if run for part in self.parts(run, prefix)]
        if size > LITERAL_BYTES:
            lines = (" || ".join(group) for group in grouped(parts, LINE_BYTES))
            return "(" + " ||\n".join(f"TO_{prefix}CLOB({line})" for line in lines) + ")"
        if len(parts) == 1:
            return parts[0]
        return "(" + " ||\n".join(" || ".join(group) for group in grouped(parts, LINE_BYTES)) + ")"

    def parts(self, run: str, prefix: str) -> Iterator[str]:
        """Yield the expressions for a run of control characters, or of others; those outside ASCII as Unicode."""
        if not CONTROL.match(run):
            yield from (prefix + self.quote(piece) for piece in pieces(run))
            return
        for one in run:
            yield f"CHR({ord(one)})" if ord(one) < 128 else f"UNISTR('\\{ord(one):04X}')"

    def check_digits(self, text: str, value: Any, type_: TypeEngine[Any]) -> None:
        """Refuse a number that the server would round: NUMBER has 38 digits, zeros at its ends not counted."""
        if len(text) > MOST_DIGITS and len(text.strip("-").replace(".", "").strip("0")) > MOST_DIGITS:
            raise self.refusal(value, type_, f"Oracle rounds numbers of more than {MOST_DIGITS} digits")

    def write_float(self, value: float, type_: TypeEngine[Any]) -> str:
        """Return a number: as a double for such a column, because NUMBER ends at 126 digits."""
        text = super().write_float(value, type_)
        return f"{text}d" if isinstance(type_, DOUBLES) and math.isfinite(value) else text

    def binary(self, value: bytes | bytearray | memoryview, type_: TypeEngine[Any]) -> str:
        """Return RAW; raises LiteralError for more than 2000 bytes, which no literal can hold."""
        digits = value.hex()
        size = len(digits) // 2
        if size > RAW_BYTES:
            error = self.refusal(value, type_, f"Oracle has no literal for {size} bytes, only for {RAW_BYTES}")
            error.hint = (
                "Insert EMPTY_BLOB() and write the bytes with DBMS_LOB in a PL/SQL block, or load them otherwise."
            )
            raise error
        parts = [digits[start : start + LINE_BYTES] for start in range(0, len(digits), LINE_BYTES)]
        return f"HEXTORAW({f' ||{chr(10)}'.join(map(self.quote, parts)) or self.quote('')})"

    def write_datetime(self, value: dt.datetime, type_: TypeEngine[Any]) -> str:
        """Return a TIMESTAMP where the column keeps fractions or offsets, else a DATE, which has neither.

        The drivers send a DATE too, whatever the fraction (https://github.com/oracle/python-cx_Oracle/issues/161).
        """
        zoned = getattr(type_, "timezone", False) or getattr(type_, "local_timezone", False)
        if not zoned and not isinstance(type_, sa.TIMESTAMP):
            plain = value.replace(tzinfo=None, microsecond=0)
            return f"TO_DATE('{plain.isoformat(sep=' ')}', 'YYYY-MM-DD HH24:MI:SS')"
        self.check_offset(value, type_)
        zone = value.strftime("%z") if zoned else ""
        offset = f" {zone[:3]}:{zone[3:5]}" if zone else ""
        return f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(sep=' ')}{offset}'"

    def date(self, value: dt.date, _type: TypeEngine[Any]) -> str:
        """Return a DATE."""
        return f"DATE '{value.isoformat()}'"

    def interval(self, value: dt.timedelta, _type: TypeEngine[Any]) -> str:
        """Return an interval of seconds."""
        micros = value // dt.timedelta(microseconds=1)
        sign, micros = ("-", -micros) if micros < 0 else ("", micros)
        return f"NUMTODSINTERVAL({sign}{micros // 10**6}.{micros % 10**6:06d}, 'SECOND')"

    def not_a_number(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return the constants of BINARY_DOUBLE; NUMBER has none."""
        if not isinstance(type_, DOUBLES):
            raise self.refusal(value, type_, f"Oracle has no NUMBER {value}")
        word = "BINARY_DOUBLE_NAN" if math.isnan(value) else "BINARY_DOUBLE_INFINITY"
        return f"-{word}" if value < 0 else word


def grouped(parts: list[str], size: int) -> Iterator[list[str]]:
    """Yield expressions in groups that fit on a line of about ``size`` bytes."""
    group: list[str] = []
    used = 0
    for part in parts:
        width = len(part.encode()) + 4
        if group and used + width > size:
            yield group
            group, used = [], 0
        group.append(part)
        used += width
    yield group
