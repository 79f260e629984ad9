"""Rows of eight mixed columns, as a table of orders has them; a project of its own imports this file too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any


def make_rows(count: int) -> Iterator[dict[str, Any]]:
    """Yield rows of eight columns: what a table of orders has."""
    for number in range(count):
        yield {
            "id": number + 1,
            "code": f"A-{number:06d}",
            "title": f"It's order n° {number}, for the {number % 97}th customer",
            "price": Decimal(number * 7 % 100_000) / 100,
            "weight": number / 7,
            "placed": dt.date(2000, 1, 1) + dt.timedelta(days=number % 9000),
            "changed": dt.datetime(2020, 1, 1) + dt.timedelta(minutes=number),
            "paid": None if number % 10 == 0 else number % 3 == 0,
        }


def make_table() -> Any:
    """Return the table as a revision would describe it."""
    import sqlalchemy as sa

    return sa.table(
        "orders",
        sa.column("id", sa.Integer),
        sa.column("code", sa.String(20)),
        sa.column("title", sa.String(200)),
        sa.column("price", sa.Numeric(10, 2)),
        sa.column("weight", sa.Float),
        sa.column("placed", sa.Date),
        sa.column("changed", sa.DateTime),
        sa.column("paid", sa.Boolean),
    )
