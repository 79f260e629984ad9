"""What all databases are asked: the types that all of them have, and how a case is run."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import ROUND_TRIPS
from tests.databases.round_trips import drawn
from tests.databases.round_trips.trips import Case, Trips

EXAMPLES = 2
"""Lists of values per case; each makes scripts of its own."""


class Colour(enum.Enum):
    RED = "r"
    BLUE = "it's \\ blue"


class Shout(sa.types.TypeDecorator[str]):
    """Changes the value on its way to the driver."""

    impl = sa.String(200)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else f"{value}!'\\"


class Framed(sa.types.TypeDecorator[str]):
    """Changes the value on the server."""

    impl = sa.String(200)
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> Any:
        return sa.func.coalesce(sa.func.upper(bindparam), "it's none")


class Printed(sa.types.TypeDecorator[str]):
    """Has a literal of its own, which must not win over what the driver gets."""

    impl = sa.String(200)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return value

    def process_literal_param(self, value: Any, dialect: sa.Dialect) -> str:
        return "not this"


WITHOUT_NUL = drawn.hostile("\0")
TEXTS = (*drawn.HOSTILE, "".join(drawn.HOSTILE), "", None, *drawn.LONG, "\ud800", "a\nb")
BYTES = (b"", b"\0\xff'\\", bytes(range(256)), bytearray(b"ab"), b"x" * 1_000_000, None, "text")
VALUES = (
    None, True, False, *drawn.INTEGERS, *drawn.NUMBERS, *drawn.DECIMALS, *drawn.MOMENTS, dt.date(1, 1, 1),
    dt.date(2024, 2, 29),
    dt.time(1, 2, 3), dt.time(1, 2, 3, 400000), dt.datetime(2020, 1, 2, 3, tzinfo=drawn.OFFSETS[1]),
    dt.timedelta(days=-1, seconds=5), dt.timedelta(hours=30, microseconds=5), "it's \\", b"\0\xff", uuid.UUID(int=7),
    {"a": 1}, Colour.RED, object,
)  # fmt: skip

CASES = (
    Case(sa.String(200), ("a", "it's", "x" * 200, None), WITHOUT_NUL),
    Case(sa.Unicode(200), ("é", "漢字"), WITHOUT_NUL),
    Case(sa.Integer(), (*drawn.INTEGERS, True, None), st.integers(-(2**34), 2**34)),
    Case(sa.SmallInteger(), drawn.INTEGERS, st.integers(-(2**17), 2**17)),
    Case(sa.BigInteger(), drawn.INTEGERS, st.integers(-(2**66), 2**66)),
    Case(sa.Numeric(38, 10), (*drawn.DECIMALS, None, 5), drawn.decimals()),
    Case(sa.Numeric(12, 2), (*drawn.DECIMALS, *drawn.INTEGERS), drawn.decimals(3)),
    Case(sa.Boolean(), (True, False, None, 0, 1, 2, "x", 1.0), st.booleans()),
    Case(sa.Date(), (dt.date(1, 1, 1), dt.date.max, None, *drawn.MOMENTS), st.dates()),
    Case(sa.JSON(), ({"a": [1, None]}, None, [], "x", 1, True, {"é": "漢"}, sa.JSON.NULL), drawn.documents()),
    Case(sa.JSON(none_as_null=True), (None, {"a": None}), drawn.documents()),
    Case(sa.Uuid(), (uuid.UUID(int=5), None), st.uuids()),
    Case(sa.Uuid(native_uuid=False), (uuid.UUID(int=5), None), st.uuids()),
    Case(sa.Uuid(as_uuid=False), (None,), st.uuids().map(str)),
    Case(sa.Enum("a", "it's", "b\\", name="letters"), ("a", "it's", "b\\", "none of them", None)),
    Case(sa.Enum(Colour, name="colours"), (Colour.RED, "BLUE", "r", None), st.sampled_from(Colour)),
    Case(
        sa.Enum(Colour, name="by_value", values_callable=lambda cls: [one.value for one in cls]),
        (Colour.RED, "it's \\ blue", "BLUE"),
        st.sampled_from(Colour),
    ),
    Case(sa.Enum(Colour, name="checked", native_enum=False, create_constraint=True), (*Colour, None)),
    Case(sa.PickleType(), ({"a": [1, "é"]}, None), st.dictionaries(st.text(max_size=5), st.integers(), max_size=3)),
    Case(Shout(), ("a", None), WITHOUT_NUL),
    Case(Framed(), ("a", None), WITHOUT_NUL),
    Case(Printed(), ("a", None), WITHOUT_NUL),
)  # fmt: skip


def anything() -> st.SearchStrategy[Any]:
    """Return values of any kind that a driver may get for a column without a type."""
    return (
        st.integers(-(2**65), 2**65) | st.floats() | drawn.decimals() | drawn.moments() | st.dates()
        | st.times() | WITHOUT_NUL | st.binary(max_size=50) | st.booleans() | st.none()
    )  # fmt: skip


def stored_alike(trips: Trips, case: Case, record_property: Callable[[str, object], None]) -> None:
    """Run a case: what is known, then what is drawn. Raises AssertionError for the first value that differs."""
    before = trips.values
    if case.known:
        trips.go(case, case.known)
    if case.drawn is not None:
        lowest, most = case.lists

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(case.drawn, min_size=lowest, max_size=most))
        def go(values: list[Any]) -> None:
            trips.go(case, values)

        go()
    record_property(f"{ROUND_TRIPS}{trips.client.dialect}", trips.values - before)
