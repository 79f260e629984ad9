"""SQLite: values of every type, stored by the shell and by the standard library's driver."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from tests.databases.round_trips import common, drawn
from tests.databases.round_trips.trips import Case, Trips

pytestmark = pytest.mark.xdist_group("sqlite")

UNTYPED = sa.types.NullType()
CASES = (
    *common.CASES,
    Case(sa.Text(), common.TEXTS, drawn.hostile()),
    Case(sa.BLOB(), common.TEXTS, drawn.hostile(), UNTYPED),
    Case(sa.Text(), common.VALUES, common.anything(), UNTYPED),
    Case(sa.Numeric(38, 10), common.VALUES, common.anything(), UNTYPED),
    Case(sa.Interval(), (dt.timedelta(days=-3), dt.timedelta.max, None), drawn.spans()),
    Case(sa.DateTime(timezone=True), drawn.MOMENTS, drawn.moments(drawn.OFFSETS)),
    Case(sa.Uuid(), ("no uuid", uuid.UUID(int=1)), st.uuids()),
    Case(sa.Float(), (decimal.Decimal("1.10"), 5, True, "7"), drawn.decimals()),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_stored_alike(sqlite_trips: Trips, case: Case, record_property: Any) -> None:
    common.stored_alike(sqlite_trips, case, record_property)


@pytest.mark.parametrize("case", [Case(sa.Text(), common.TEXTS, drawn.hostile())], ids=str)
def test_raw_newlines_are_stored_alike(sqlite: Any, case: Case, record_property: Any) -> None:
    trips = Trips(sqlite, {"raw_newlines": True})
    common.stored_alike(trips, case, record_property)
    trips.close()
