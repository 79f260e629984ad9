"""PostgreSQL: values of every type, stored by psql and by psycopg2."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import Range

from tests.databases.clients import Client
from tests.databases.round_trips import common, drawn
from tests.databases.round_trips.conftest import set_for
from tests.databases.round_trips.trips import Case, Trips

pytestmark = pytest.mark.xdist_group("postgresql")

UNTYPED = sa.types.NullType()
NAIVE = dt.datetime(2020, 1, 2, 3, 4, 5, 6)
AWARE = NAIVE.replace(tzinfo=drawn.OFFSETS[1])
TIMES = (dt.time.min, dt.time.max, dt.time(1, 2, 3, 4, tzinfo=drawn.OFFSETS[2]), dt.time(1, 2, 3), None)
SPANS = (
    dt.timedelta(days=-1, seconds=5),
    dt.timedelta(microseconds=-1),
    dt.timedelta(0),
    dt.timedelta.max,
    dt.timedelta.min,
)
WITHOUT_NUL = drawn.hostile("\0")


def is_list(value: Any) -> bool:
    """A list outside an array: psycopg2 makes an array of it all the same."""
    return isinstance(value, (list, tuple))


TEXT_CASES = (
    Case(sa.Text(), common.TEXTS, WITHOUT_NUL),
    Case(sa.Text(), common.TEXTS, WITHOUT_NUL, UNTYPED),
    Case(pg.ARRAY(sa.Text), ([*drawn.HOSTILE[:20]], ["a\0"], [None, "NULL", "", '"', "{}"], []), st.lists(WITHOUT_NUL)),
    Case(pg.JSONB(), ({"a": "'\\"}, None, "\\u0000", float("nan")), drawn.documents()),
)
CASES = (
    *common.CASES,
    *TEXT_CASES,
    Case(sa.Text(), common.VALUES, common.anything(), UNTYPED),
    Case(sa.Text(), (*drawn.MOMENTS, AWARE, uuid.UUID(int=3), 5, ["a"]), common.anything(), stricter=is_list),
    Case(sa.LargeBinary(), common.BYTES, st.binary(max_size=300)),
    Case(pg.BYTEA(), common.BYTES, st.binary(max_size=300), UNTYPED),
    Case(sa.Double(), (*drawn.NUMBERS, *drawn.DECIMALS), st.floats()),
    Case(sa.Float(), drawn.NUMBERS, st.floats(width=32)),
    Case(pg.REAL(), drawn.NUMBERS, st.floats()),
    Case(sa.Numeric(), (*drawn.DECIMALS, *drawn.INTEGERS, 1.5), drawn.decimals(25)),
    Case(sa.DateTime(), (*drawn.MOMENTS, AWARE, dt.date(2020, 1, 2), "2020-01-02", None), drawn.moments()),
    Case(sa.DateTime(), (AWARE,), drawn.moments((*drawn.OFFSETS, None))),
    Case(sa.DateTime(timezone=True), (*drawn.MOMENTS, AWARE, dt.date.max), drawn.moments((*drawn.OFFSETS, None))),
    Case(pg.TIMESTAMP(precision=2), (NAIVE, AWARE), drawn.moments()),
    Case(sa.Date(), (AWARE,), drawn.moments(drawn.OFFSETS)),
    Case(sa.Time(), (*TIMES, AWARE), st.times()),
    Case(pg.TIME(timezone=True), TIMES, st.times(timezones=st.sampled_from(drawn.OFFSETS))),
    Case(sa.Interval(), SPANS, drawn.spans()),
    Case(pg.INTERVAL(precision=2), SPANS, drawn.spans()),
    Case(sa.DateTime(), (*drawn.MOMENTS, AWARE), drawn.moments((*drawn.OFFSETS, None)), UNTYPED),
    Case(sa.Interval(), SPANS, drawn.spans(), UNTYPED),
    Case(pg.UUID(), (uuid.UUID(int=1), "no uuid"), st.uuids(), UNTYPED),
    Case(pg.ARRAY(sa.Integer), ([1, None], [], [[1], [2]], [[]], None, (1, 2), {3}, "{1,2}", [2**40])),
    Case(pg.ARRAY(sa.Integer), (), st.lists(st.integers(-9, 9))),
    Case(pg.ARRAY(sa.Integer), ([1, 2], [], [[1, 2], [3, 4]]), st.lists(st.integers(-9, 9), min_size=1), UNTYPED),
    Case(pg.ARRAY(sa.Text), (["a'\\", "b"], []), st.lists(WITHOUT_NUL, min_size=1), UNTYPED),
    Case(pg.ARRAY(sa.DateTime), ([NAIVE, None], [AWARE], []), st.lists(drawn.moments())),
    Case(pg.ARRAY(sa.Numeric), ([*drawn.DECIMALS, None],), st.lists(drawn.decimals())),
    Case(pg.ARRAY(sa.Double), ([*drawn.NUMBERS, None],), st.lists(st.floats())),
    Case(pg.ARRAY(sa.LargeBinary), ([b"\0\\'", None],), st.lists(st.binary(max_size=20))),
    Case(pg.ARRAY(pg.UUID), ([uuid.UUID(int=3)],), st.lists(st.uuids())),
    Case(pg.ARRAY(pg.JSONB), ([{"a": 1}, None],), st.lists(drawn.documents(), max_size=3), lists=(2, 5)),
    Case(pg.ARRAY(sa.Interval), ([*SPANS[:2]],), st.lists(drawn.spans())),
    Case(sa.ARRAY(sa.Boolean), ([True, None],), st.lists(st.booleans())),
    Case(pg.ARRAY(sa.Enum("a", "b'", name="of_array")), (["a", None, "b'"], [], ["neither"])),
    Case(pg.ARRAY(pg.ENUM(common.Colour, name="of_members")), ([*common.Colour], [])),
    Case(pg.INET(), ("127.0.0.1", "::1/64", "no address", None), st.ip_addresses().map(str)),
    Case(pg.CIDR(), ("10.0.0.0/8", "10.0.0.1/8", None)),
    Case(pg.MACADDR(), ("08:00:2b:01:02:03", "x")),
    Case(pg.MACADDR8(), ("08:00:2b:01:02:03:04:05",)),
    Case(pg.BIT(3), ("101", None, "1x"), st.text("01", min_size=3, max_size=3)),
    Case(pg.BIT(varying=True), ("", "1" * 70), st.text("01", max_size=90)),
    Case(pg.TSVECTOR(), ("a fat cat's", "'x y':1A", "\\")),
    Case(pg.TSQUERY(), ("a & b", "'it''s'", "&")),
    Case(pg.MONEY(), ("12.34", decimal.Decimal("5.5"), 7, "-$1,234.5", "x"), st.decimals(-(10**9), 10**9, places=2)),
    Case(pg.OID(), (0, 2**32 - 1, 2**32, -1)),
    Case(pg.REGCLASS(), ("pg_class", "no_class")),
    Case(pg.CHAR(5), ("a", "b'", "123456", None)),
    Case(pg.INT4RANGE(), ("[1,5)", None, Range(5, 1), "x"), drawn.ranges(st.integers(-(2**31), 2**31))),
    Case(pg.INT8RANGE(), (Range(1, 1),), drawn.ranges(st.integers(-(2**63), 2**63))),
    Case(pg.NUMRANGE(), (), drawn.ranges(drawn.decimals())),
    Case(pg.DATERANGE(), (), drawn.ranges(st.dates())),
    Case(pg.TSRANGE(), (), drawn.ranges(drawn.moments())),
    Case(pg.TSTZRANGE(), (Range(AWARE, None),), drawn.ranges(drawn.moments(drawn.OFFSETS))),
    Case(pg.ARRAY(pg.INT4RANGE), ([Range(1, 2), None],), st.lists(drawn.ranges(st.integers(-9, 9)))),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stored_alike(postgresql_trips: Trips, case: Case, record_property: Any) -> None:
    common.stored_alike(postgresql_trips, case, record_property)


@pytest.fixture(scope="module")
def backslashes(postgresql: Client) -> Iterator[Trips]:
    """A database in which a backslash in ``'…'`` is an escape unless the script says otherwise."""
    trips = Trips(postgresql)
    set_for(trips, "standard_conforming_strings = off")
    set_for(trips, "escape_string_warning = off")
    yield trips
    trips.close()


@pytest.fixture(scope="module")
def backslashes_unset(postgresql: Client) -> Iterator[Trips]:
    """The same, for scripts whose preamble does not set it."""
    trips = Trips(postgresql, keep=lambda line: "standard_conforming_strings" not in line)
    set_for(trips, "standard_conforming_strings = off")
    set_for(trips, "escape_string_warning = off")
    yield trips
    trips.close()


@pytest.mark.parametrize("case", TEXT_CASES, ids=str)
def test_with_backslash_escapes(backslashes: Trips, case: Case, record_property: Any) -> None:
    common.stored_alike(backslashes, case, record_property)


@pytest.mark.parametrize("case", TEXT_CASES, ids=str)
def test_literals_do_not_depend_on_the_setting(backslashes_unset: Trips, case: Case, record_property: Any) -> None:
    common.stored_alike(backslashes_unset, case, record_property)


@pytest.mark.parametrize("case", TEXT_CASES, ids=str)
def test_raw_newlines_are_stored_alike(postgresql: Client, case: Case, record_property: Any) -> None:
    trips = Trips(postgresql, {"raw_newlines": True})
    common.stored_alike(trips, case, record_property)
    trips.close()
