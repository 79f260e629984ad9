"""Values as each database's driver would store them."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlgen.dialects import get

from sqlgen.compiler import literal
from sqlgen.errors import LiteralError

from .rendering import NAMES

MOMENT = dt.datetime(2020, 1, 2, 3, 4, 5, 678901)
ZONED = MOMENT.replace(tzinfo=dt.timezone(dt.timedelta(hours=2)))


class Colour(enum.Enum):
    RED = "red"


TABLE: dict[str, tuple[Any, Any, tuple[str | None, ...]]] = {
    "none": (None, sa.Integer(), ("NULL",) * 6),
    "true": (True, sa.Boolean(), ("true", "true", "true", "1", "1", "1")),
    "integer": (-7, sa.Integer(), ("-7",) * 6),
    "quote": ("it's", sa.String(), ("'it''s'",) * 6),
    "empty": ("", sa.String(), ("''",) * 6),
    "backslash": (r"a\b", sa.String(), (r"E'a\\b'", r"'a\\b'", r"'a\\b'", r"'a\b'", r"'a\b'", r"'a\b'")),
    "line end": (
        "a\r\nb",
        sa.String(),
        (
            r"E'a\r\nb'",
            r"'a\r\nb'",
            r"'a\r\nb'",
            "('a' || char(13,10) || 'b')",
            "('a' + CHAR(13) + CHAR(10) + 'b')",
            "('a' || CHR(13) || CHR(10) || 'b')",
        ),
    ),
    "nul": (
        "a\0b",
        sa.String(),
        (None, r"'a\0b'", r"'a\0b'", "CAST(X'610062' AS TEXT)", "('a' + CHAR(0) + 'b')", "('a' || CHR(0) || 'b')"),
    ),
    "not ascii": ("é", sa.String(), ("'é'", "'é'", "'é'", "'é'", "N'é'", "'é'")),
    "unicode type": ("e", sa.Unicode(), ("'e'", "'e'", "'e'", "'e'", "N'e'", "'e'")),
    "client's variable": ("$(x)", sa.String(), ("'$(x)'",) * 4 + ("('$' + '(x)')", "'$(x)'")),
    "percent": ("5%", sa.String(), ("'5%'",) * 6),
    "bytes": (
        b"\0\xff",
        sa.LargeBinary(),
        ("decode('00ff', 'hex')",) + ("X'00ff'",) * 3 + ("0x00ff", "HEXTORAW('00ff')"),
    ),
    "decimal": (
        decimal.Decimal("12345678901234567.89"),
        sa.Numeric(20, 2),
        ("12345678901234567.89",) * 3 + ("(CAST(12345678901234568 AS REAL))",) + ("12345678901234567.89",) * 2,
    ),
    "exponent": (decimal.Decimal("1E+5"), sa.Numeric(), ("100000",) * 3 + ("100000.0",) + ("100000",) * 2),
    "nan": (float("nan"), sa.Float(), ("'NaN'::float8", None, None, "NULL", None, None)),
    "infinity": (
        float("-inf"),
        sa.Float(),
        ("'-Infinity'::float8", None, None, "-9e999", None, None),
    ),
    "date": (dt.date(2020, 1, 2), sa.Date(), ("'2020-01-02'",) * 5 + ("DATE '2020-01-02'",)),
    "datetime": (
        MOMENT,
        sa.DateTime(),
        ("'2020-01-02 03:04:05.678901'",) * 4
        + (
            "CAST('2020-01-02T03:04:05.678901' AS datetime2)",
            "TO_DATE('2020-01-02 03:04:05', 'YYYY-MM-DD HH24:MI:SS')",
        ),
    ),
    "datetime with zone": (
        ZONED,
        sa.DateTime(timezone=True),
        ("'2020-01-02 03:04:05.678901+02:00'",)
        + ("'2020-01-02 03:04:05.678901'",) * 3
        + ("'2020-01-02T03:04:05.678901+02:00'", "TIMESTAMP '2020-01-02 03:04:05.678901 +02:00'"),
    ),
    "interval": (
        dt.timedelta(days=1, seconds=3, microseconds=5),
        sa.Interval(),
        ("'1 days 3.000005 seconds'::interval",)
        + ("'1970-01-02 00:00:03.000005'",) * 3
        + ("CAST('1970-01-02T00:00:03.000005' AS datetime2)", "NUMTODSINTERVAL(86403.000005, 'SECOND')"),
    ),
    "json": ({"a": [1, None]}, sa.JSON(), ("""'{"a": [1, null]}'""",) * 6),
    "json null": (None, sa.JSON(), ("'null'",) * 6),
    "enum": (Colour.RED, sa.Enum(Colour), ("'RED'",) * 6),
    "list outside an array": ([1], sa.Integer(), (None,) * 6),
}


@pytest.mark.parametrize("case", TABLE)
@pytest.mark.parametrize("name", NAMES)
def test_literal(name: str, case: str) -> None:
    value, type_, row = TABLE[case]
    expected = row[NAMES.index(name)]
    if expected is None:
        with pytest.raises(LiteralError):
            literal(get(name)().sa, value, type_)
    else:
        assert literal(get(name)().sa, value, type_) == expected


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        ([1, None], postgresql.ARRAY(sa.Integer), "ARRAY[1, NULL]::INTEGER[]"),
        ([], postgresql.ARRAY(sa.Text), "'{}'::TEXT[]"),
        ([["a"], ["b"]], sa.ARRAY(sa.Text, dimensions=2), "ARRAY[['a'], ['b']]::TEXT[][]"),
        ("101", postgresql.BIT(3), "'101'"),
        ("127.0.0.1", postgresql.INET(), "'127.0.0.1'"),
        (uuid.UUID(int=5), postgresql.UUID(), "'00000000-0000-0000-0000-000000000005'"),
        (dt.timedelta(days=-1), sa.Interval(), "'-1 days 0.000000 seconds'::interval"),
        ("\x85", sa.Text(), r"E'\u0085'"),
        (decimal.Decimal("NaN"), sa.Numeric(), "'NaN'::numeric"),
    ],
)
def test_types_of_postgresql(value: Any, type_: Any, expected: str) -> None:
    assert literal(get("postgresql")().sa, value, type_) == expected


def test_long_text_on_oracle_keeps_to_the_client_s_limits() -> None:
    sql = literal(get("oracle")().sa, "é" * 3000, sa.Text())
    lines = sql.splitlines()
    assert len(lines) == 6
    assert all(len(line.encode()) < 2499 and line.strip("(").startswith("TO_CLOB('") for line in lines)


def test_long_bytes_on_oracle_have_no_literal() -> None:
    assert literal(get("oracle")().sa, b"a" * 2000, sa.LargeBinary()).count("||") == 3
    with pytest.raises(LiteralError, match="2001 bytes"):
        literal(get("oracle")().sa, b"a" * 2001, sa.LargeBinary())


def test_long_sums_on_sql_server_are_not_cut() -> None:
    sql = literal(get("mssql")().sa, "a" * 9000 + "\n", sa.Text())
    assert sql.startswith("(CAST('' AS varchar(max)) + 'aaa")


@pytest.mark.parametrize("name", NAMES)
def test_half_a_character_is_refused(name: str) -> None:
    with pytest.raises(LiteralError, match="surrogate"):
        literal(get(name)().sa, "\ud800", sa.String())


LONG_LINES = "it's a line of text\n" * 5_000


@pytest.mark.parametrize("name", NAMES)
def test_a_long_text_of_many_lines_is_one_flat_expression(name: str) -> None:
    sql = literal(get(name)().sa, LONG_LINES, sa.Text())
    assert sql.count(" || ") + sql.count(" + ") < (101 if name != "oracle" else 10_001)
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", sql)
    assert all(len(line) < 2499 for line in sql.splitlines()) or name != "oracle"


def test_many_lines_on_sqlite_can_still_be_read() -> None:
    sql = literal(get("sqlite")().sa, LONG_LINES, sa.Text())
    assert sql.startswith(r"replace('it''s a line of text\nit''s")
    assert sql.endswith(r"', '\n', char(10))")


class Point(sa.types.UserDefinedType[Any]):
    """A type whose author wrote how its values are printed."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "POINT"

    def literal_processor(self, _dialect: sa.Dialect) -> Any:
        return lambda value: f"POINT({value.real}, {value.imag})"


@pytest.mark.parametrize("name", NAMES)
def test_a_type_may_write_what_we_cannot(name: str) -> None:
    assert literal(get(name)().sa, 1 + 2j, Point()) == "POINT(1.0, 2.0)"
    assert literal(get(name)().sa, None, Point()) == "NULL"


@pytest.mark.parametrize(
    ("name", "value", "type_", "match"),
    [
        ("sqlite", 2**63, sa.BigInteger(), "64"),
        ("sqlite", decimal.Decimal(1), sa.Integer(), "Decimal"),
        ("mssql", 10**38, sa.Numeric(), "38 digits"),
        ("mssql", 5e-324, sa.Float(), "FLOAT"),
        ("oracle", decimal.Decimal("1." + "1" * 40), sa.Numeric(), "38 digits"),
        ("oracle", float("nan"), sa.Float(), "NUMBER nan"),
        ("mysql", float("inf"), sa.Float(), "inf"),
        ("mysql", dt.timedelta(1), sa.DateTime(), "timedelta"),
        ("postgresql", Colour.RED, sa.String(), "Colour"),
    ],
)
def test_refused(name: str, value: Any, type_: Any, match: str) -> None:
    with pytest.raises(LiteralError, match=match) as caught:
        literal(get(name)().sa, value, type_)
    assert caught.value.hint
