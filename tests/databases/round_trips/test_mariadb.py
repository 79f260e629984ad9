"""MariaDB: values of every type, stored by its client and by PyMySQL."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql
from sqlgen.dialects.mysql import MySQL

from tests.databases.clients import Client
from tests.databases.mariadb import MariaDBClient
from tests.databases.round_trips import common, drawn
from tests.databases.round_trips.trips import DOUBLES, Case, Trips
from tests.dialects.test_golden_literals import statements

pytestmark = pytest.mark.xdist_group("mariadb")

UNTYPED = sa.types.NullType()
AWARE = dt.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=drawn.OFFSETS[1])
SPANS = (
    dt.timedelta(hours=-30, microseconds=-5),
    dt.timedelta(hours=838, minutes=59, seconds=59),
    dt.timedelta(hours=900),
    None,
)


def is_span(value: Any) -> bool:
    """A length of time outside TIME: the server adds it to today."""
    return isinstance(value, dt.timedelta)


def is_member(value: Any) -> bool:
    """A member of an enum outside Enum: PyMySQL stores the words ``Colour.RED``."""
    return isinstance(value, (enum.Enum, list, type, dict))


TEXT_CASES = (
    Case(mysql.LONGTEXT(), common.TEXTS, drawn.hostile()),
    Case(mysql.LONGTEXT(), common.TEXTS, drawn.hostile(), UNTYPED),
    Case(sa.JSON(), ({"a": "'\\"}, None, "\\u0000"), drawn.documents()),
)
CASES = (
    *common.CASES,
    *TEXT_CASES,
    Case(mysql.LONGTEXT(), common.VALUES, common.anything(), UNTYPED, stricter=is_member),
    Case(mysql.LONGBLOB(), common.BYTES, st.binary(max_size=300)),
    Case(mysql.LONGBLOB(), common.BYTES, st.binary(max_size=300), UNTYPED),
    Case(mysql.VARBINARY(300), (b"a\0\xff", b"x" * 301), st.binary(max_size=300)),
    Case(mysql.BINARY(4), (b"ab", b"abcde")),
    Case(mysql.DOUBLE(asdecimal=False), drawn.NUMBERS, st.floats(), exact=DOUBLES),
    Case(mysql.DOUBLE(asdecimal=False), (*drawn.DECIMALS, 5, True), st.floats(), UNTYPED, exact=DOUBLES),
    Case(mysql.DOUBLE(unsigned=True), (1.5, -1.0), st.floats(0, 1e300), exact=DOUBLES),
    Case(sa.Double(), drawn.NUMBERS, st.floats(), exact=DOUBLES),
    Case(sa.Float(), drawn.NUMBERS, st.floats(width=32), exact=DOUBLES),
    Case(mysql.DECIMAL(65, 30), (decimal.Decimal("1E-30"), *drawn.NUMBERS, *drawn.DECIMALS), drawn.decimals(28)),
    Case(sa.DateTime(), (*drawn.MOMENTS, AWARE, dt.date.max), drawn.moments()),
    Case(mysql.DATETIME(fsp=6), (*drawn.MOMENTS, AWARE, None), drawn.moments((*drawn.OFFSETS, None))),
    Case(mysql.DATETIME(fsp=2), drawn.MOMENTS, drawn.moments(), UNTYPED),
    Case(mysql.TIMESTAMP(fsp=6), (AWARE, None), st.datetimes(dt.datetime(1970, 1, 3), dt.datetime(2037, 12, 30))),
    Case(mysql.TIME(fsp=6), (*SPANS, dt.time(1, 2, 3, 4), dt.time(1, tzinfo=drawn.OFFSETS[2])), drawn.spans()),
    Case(sa.Time(), SPANS, st.times()),
    Case(mysql.TIME(fsp=3), SPANS, drawn.spans(), UNTYPED),
    Case(sa.Interval(), (*SPANS, dt.timedelta.max, dt.timedelta(days=-40_000)), drawn.spans()),
    Case(sa.DateTime(), SPANS, typed=sa.DateTime(), stricter=is_span),
    Case(mysql.YEAR(), (2020, 1901, "2020", 0, 1800, True, None), st.integers(1850, 2200)),
    Case(mysql.SET("a", "b", "it's"), ({"a", "it's"}, {"it's", "b"}, "a,b", set(), None, ["a"], {"zz"})),
    Case(mysql.BIT(3), (5, b"\x05", "101", True, None, 0, 9)),
    Case(mysql.BIT(64), (2**64 - 1, b"\xff" * 8, 2**64), st.integers(0, 2**64 - 1)),
    Case(mysql.TINYINT(1), (True, False, 1, 127, 128, -128)),
    Case(mysql.TINYINT(unsigned=True), (255, 256, -1)),
    Case(mysql.MEDIUMINT(), (2**23 - 1, 2**23)),
    Case(mysql.BIGINT(unsigned=True), (2**64 - 1, 2**64, -1), st.integers(0, 2**64)),
    Case(mysql.ENUM("a", "é", "it's"), ("a", "é", "it's", "zz", "", None)),
    Case(mysql.CHAR(5), ("a", "b ", "123456")),
    Case(mysql.TINYTEXT(), ("é" * 127, "é" * 128)),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stored_alike(mariadb_trips: Trips, case: Case, record_property: Any) -> None:
    common.stored_alike(mariadb_trips, case, record_property)


def test_what_is_written_for_mysql_is_understood(mariadb: Client) -> None:
    database = mariadb.fresh_database()
    sent = statements("mysql")
    database.run_script("\n".join([*MySQL().form().preamble(), "CREATE TABLE t (v LONGBLOB);", *sent, ""])).check()
    assert database.query("SELECT count(*) FROM t") == [(str(len(sent)),)]


@pytest.fixture(scope="module")
def plain_backslashes(mariadb: Client) -> Iterator[Trips]:
    """The server with NO_BACKSLASH_ESCAPES and ANSI_QUOTES, which every session starts with."""
    assert isinstance(mariadb, MariaDBClient)
    system = mariadb.database("mysql")
    ((mode,),) = system.query("SELECT @@GLOBAL.sql_mode")
    system.query(f"SET GLOBAL sql_mode = '{mode},NO_BACKSLASH_ESCAPES,ANSI_QUOTES'")
    trips = Trips(mariadb)
    yield trips
    trips.close()
    system.query(f"SET GLOBAL sql_mode = '{mode}'")


@pytest.mark.parametrize("case", TEXT_CASES, ids=str)
def test_without_backslash_escapes(plain_backslashes: Trips, case: Case, record_property: Any) -> None:
    common.stored_alike(plain_backslashes, case, record_property)
