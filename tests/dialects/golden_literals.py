"""A line per value and type for databases that no server of the tests is of; ``tests/golden/literals/`` holds them.

They were reviewed against the vendors' manuals: Microsoft Learn, Transact-SQL reference ("Constants", "Data types",
"CAST and CONVERT", "+ (String Concatenation)"); Oracle Database SQL Language Reference 19c ("Literals", "Data Types",
"TO_DATE", "HEXTORAW", "NUMTODSINTERVAL", "UNISTR", "TO_CLOB"); MySQL 8.0 Reference Manual, 9.1 ("Literal Values").

``python -m tests.dialects.golden_literals`` writes the files again.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mssql as _mssql
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import oracle as _oracle

import sqlgen
from sqlgen.errors import LiteralError

# Constructors without type hints, which the type checker would refuse.
mssql: Any = _mssql
oracle: Any = _oracle

FOLDER = Path(__file__).parents[1] / "golden" / "literals"


class Colour(enum.Enum):
    RED = "r"
    BLUE = "it's"


MOMENT = dt.datetime(2024, 2, 29, 12, 30, 15, 678901)
ZONED = MOMENT.replace(tzinfo=dt.timezone(dt.timedelta(hours=-5, minutes=-30)))
ODD = MOMENT.replace(tzinfo=dt.timezone(dt.timedelta(seconds=3723)))
TEXTS = (
    "", "plain", "it's", "a\\b", "5% _ %s", "é", "漢😀", "a\tb", "a\r\nb", "\n", "a\0b", "\x1a\x7f", "a\x85\u2028b",
    "$(x)$(y) $ (",
    "&x :y ?", "\nGO\n", "\n/\n", "-\n-- x", "'; DROP TABLE t; --", "/* x */", '{"a": true}', "'\n'", None,
)  # fmt: skip
INTEGERS = (0, -1, 2**31 - 1, 2**63, 10**37, 10**39 + 1, True, None)
DIGITS = ("0", "-1.50", "1E+5", "1E-7", "12345678901234567890.123456789", "NaN", "1." + "1" * 40)
DECIMALS = tuple(map(decimal.Decimal, DIGITS))
FLOATS = (0.0, -0.0, 0.1, 0.1 + 0.2, 1.5e300, 5e-324, 100.0, float("nan"), float("inf"))
TIMES = (dt.time(1, 2, 3), dt.time(1, 2, 3, 400000), dt.time(1, tzinfo=dt.timezone.utc))
MOMENTS = (MOMENT, MOMENT.replace(microsecond=0), MOMENT.replace(microsecond=678000), ZONED, dt.datetime(1, 1, 1))
SPANS = (dt.timedelta(days=1, seconds=3, microseconds=5), dt.timedelta(hours=-30, microseconds=-1), dt.timedelta(0))
BYTES = (b"", b"\0\xff'", bytearray(b"ab"))
UNTYPED = (
    None, True, 5, 1.5, decimal.Decimal("1.5"), "x", b"\0", dt.date(2024, 2, 29), MOMENT, MOMENT.replace(microsecond=0),
    ZONED, dt.time(1, 2, 3), SPANS[0], uuid.UUID(int=7), [1, "a'"], (), {"a": 1}, Colour.RED, object,
)  # fmt: skip

COMMON: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (sa.String(50), TEXTS),
    (sa.Unicode(50), TEXTS),
    (sa.Integer(), INTEGERS),
    (sa.Boolean(), (True, False, 1, 2, None)),
    (sa.Numeric(38, 10), DECIMALS),
    (sa.Float(), FLOATS),
    (sa.Double(), FLOATS),
    (sa.Date(), (dt.date(2024, 2, 29), dt.date(1, 1, 1), MOMENT, None)),
    (sa.DateTime(), (*MOMENTS, dt.date(2024, 2, 29))),
    (sa.DateTime(timezone=True), (*MOMENTS, ODD)),
    (sa.Time(), TIMES),
    (sa.Interval(), SPANS),
    (sa.Uuid(), (uuid.UUID(int=7), None)),
    (sa.LargeBinary(), BYTES),
    (sa.JSON(), ({"a": [1, None, "é'"]}, None, sa.JSON.NULL, "x")),
    (sa.JSON(none_as_null=True), (None,)),
    (sa.Enum("a", "it's", name="letters"), ("a", "it's", "zz", None)),
    (sa.Enum(Colour, name="colours"), (Colour.RED, "BLUE", "r")),
    (sa.PickleType(pickler=None), (None,)),
    (sa.ARRAY(sa.Integer), ([1], None)),
    (sa.types.NullType(), UNTYPED),
)
OWN: dict[str, tuple[tuple[Any, tuple[Any, ...]], ...]] = {
    "mssql": (
        (mssql.NTEXT(), ("a", "é\n")),
        (mssql.BIT(), (True, 0)),
        (mssql.TINYINT(), (0, 255)),
        (mssql.MONEY(), (decimal.Decimal("12.34"), 5)),
        (mssql.DATETIME2(7), MOMENTS),
        (mssql.SMALLDATETIME(), MOMENTS[:3]),
        (mssql.DATETIMEOFFSET(), (MOMENT, ZONED, ODD)),
        (mssql.TIME(3), TIMES),
        (mssql.UNIQUEIDENTIFIER(), (uuid.UUID(int=7), str(uuid.UUID(int=8)))),
        (mssql.VARBINARY(10), BYTES),
        (mssql.XML(), ("<a>it's</a>",)),
        (mssql.REAL(), FLOATS[:4]),
    ),
    "oracle": (
        (oracle.VARCHAR2(50), ("a", "é'")),
        (oracle.NVARCHAR2(50), ("a", "é\n", "漢" * 400)),
        (oracle.CLOB(), ("it's\n" * 3,)),
        (oracle.NUMBER(38), (10**37, 5)),
        (oracle.BINARY_DOUBLE(), FLOATS),
        (oracle.BINARY_FLOAT(), FLOATS[:4]),
        (oracle.DATE(), (MOMENT, dt.date(2024, 2, 29))),
        (oracle.TIMESTAMP(), MOMENTS),
        (oracle.TIMESTAMP(timezone=True), (MOMENT, ZONED, ODD)),
        (oracle.TIMESTAMP(local_timezone=True), (MOMENT, ZONED)),
        (oracle.INTERVAL(day_precision=3), SPANS),
        (oracle.RAW(10), BYTES),
        (oracle.ROWID(), ("AAAACPAABAAAAXKAAA",)),
    ),
    "mysql": (
        (mysql.TINYINT(1), (True, 2)),
        (mysql.BIGINT(unsigned=True), (2**64 - 1,)),
        (mysql.DOUBLE(unsigned=True), FLOATS),
        (mysql.DECIMAL(65, 30), DECIMALS),
        (mysql.YEAR(), (2024, "2024", True)),
        (mysql.SET("a", "b", "it's"), ({"it's", "b"}, "a,b", set(), None)),
        (mysql.BIT(3), (5, b"\x05")),
        (mysql.ENUM("a", "é"), ("a", "é")),
        (mysql.TIME(fsp=6), (*TIMES, *SPANS)),
        (mysql.DATETIME(fsp=6), MOMENTS),
        (mysql.TIMESTAMP(fsp=3), MOMENTS[:4]),
        (mysql.LONGTEXT(), ("it's\\\n",)),
        (mysql.JSON(), ({"a": "'\\"}, None)),
        (mysql.VARBINARY(9), BYTES),
    ),
}


def lines(dialect: str) -> Iterator[str]:
    """Yield a statement, or why there is none, for each value and type; each behind a comment that names both."""
    for type_, values in (*COMMON, *OWN[dialect]):
        for value in values:
            shown = f"a set of {sorted(value)}" if isinstance(value, set) else repr(value)
            yield f"-- {type_!r}: {shown}"
            with sqlgen.capture(dialect) as captured:
                try:
                    captured.op.bulk_insert(sa.table("t", sa.column("v", type_)), [{"v": value}])
                except LiteralError as error:
                    captured.recorder.error = None
                    yield f"-- refused: {error.message.partition(' (column type')[0]}"
            yield from (f"{one.sql};" for one in captured.statements if one.sql.startswith("INSERT"))


def text_of(dialect: str) -> str:
    """Return the whole file."""
    return "\n".join(lines(dialect)) + "\n"


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for dialect in OWN:
        (FOLDER / f"{dialect}.sql").write_text(text_of(dialect), encoding="utf-8")


if __name__ == "__main__":
    main()
