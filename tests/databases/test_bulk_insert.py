"""Thousands of rows of mixed types, some of over a megabyte, through the plain clients: all arrive as they were.

Each value is asked for in a form that is the same on all three, text and bytes as hexadecimal digits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlgen.dialects import get

import sqlgen
from tests.databases.clients import Client, Database

COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("story", sa.Text().with_variant(mysql.LONGTEXT(), "mariadb")),
    sa.Column("price", sa.Numeric(12, 2)),
    sa.Column("ratio", sa.Double),
    sa.Column("day", sa.Date),
    sa.Column("moment", sa.DateTime),
    sa.Column("paid", sa.Boolean),
    sa.Column("data", sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mariadb")),
)
COUNT = 5000
HOSTILE = ("it's", 'say "x"', "back\\slash", "two\nlines\r\n", "tab\t; -- no /* */", "grüße 日本 🎈", "", "$1 :x %s %%")


def value(number: int) -> dict[str, Any]:
    """Return one row."""
    return {
        "id": number,
        "code": f"code {number}",
        "story": None if number % 11 == 0 else HOSTILE[number % len(HOSTILE)] * (number % 5),
        "price": Decimal(number * 37 % 100_000) / 100 - 300,
        "ratio": number / 8,
        "day": dt.date(1970, 1, 1) + dt.timedelta(days=number),
        "moment": dt.datetime(2000, 1, 1) + dt.timedelta(seconds=number * 7919),
        "paid": (None, True, False)[number % 3],
        "data": number.to_bytes(4, "big") * (number % 4),
    }


def rows() -> list[dict[str, Any]]:
    """Return the rows: many small ones, and among them two that are larger than a statement should be."""
    found = [value(number) for number in range(COUNT)]
    found[1234]["story"] = "long 'ß' \\ " * 110_000
    found[4321]["data"] = bytes(range(256)) * 4500
    return found


def script(client: Client, call: Callable[[Any], None]) -> str:
    """Return what a script has of some operations, the client's settings before them."""
    dialect = get(client.dialect)()
    with sqlgen.capture(client.dialect) as captured:
        call(captured.op)
    return "\n".join([*dialect.form().preamble(), *(dialect.terminate(str(one)) for one in captured.statements), ""])


def fill(op: Any) -> None:
    table = op.create_table("t", *(column._copy() for column in COLUMNS))
    op.bulk_insert(table, rows())


# How a column is asked for, so that all three answer alike.
TEXT = {
    "postgresql": "encode(convert_to({}, 'UTF8'), 'hex')",
    "mariadb": "lower(hex({}))",
    "sqlite": "CASE WHEN {0} IS NOT NULL THEN lower(hex({0})) END",
}
BINARY = {**TEXT, "postgresql": "encode({}, 'hex')"}
INTEGER = {
    "postgresql": "CAST({} AS bigint)",
    "mariadb": "CAST({} AS SIGNED)",
    "sqlite": "CAST(round({}) AS INTEGER)",
}
MOMENT = {
    "postgresql": "to_char({}, 'YYYY-MM-DD HH24:MI:SS')",
    "mariadb": "CAST({} AS CHAR)",
    "sqlite": "substr({}, 1, 19)",
}


def question(client: Client) -> str:
    """Return the SELECT of all rows."""
    asked = (
        ("id", dict.fromkeys(TEXT, "{}")),
        *((name, TEXT) for name in ("code", "story")),
        *((name, INTEGER) for name in ("price * 100", "ratio * 8")),
        ("day", dict.fromkeys(TEXT, "{}")),
        ("moment", MOMENT),
        ("CASE WHEN paid THEN 1 WHEN NOT paid THEN 0 END", dict.fromkeys(TEXT, "{}")),
        ("data", BINARY),
    )
    return f"SELECT {', '.join(form[client.dialect].format(name) for name, form in asked)} FROM t ORDER BY id"


def answer(row: dict[str, Any]) -> tuple[str | None, ...]:
    """Return what a database should say of a row."""
    return (
        str(row["id"]),
        row["code"].encode().hex(),
        None if row["story"] is None else row["story"].encode().hex(),
        str(int(row["price"] * 100)),
        str(int(row["ratio"] * 8)),
        str(row["day"]),
        str(row["moment"]),
        None if row["paid"] is None else str(int(row["paid"])),
        row["data"].hex(),
    )


def test_rows_arrive_as_they_were(client: Client, database: Database) -> None:
    database.run_script(script(client, fill)).check()
    found = database.query(question(client))
    assert len(found) == COUNT
    assert [got for got, row in zip(found, rows(), strict=True) if got != answer(row)] == []


def read_before(op: Any) -> None:
    table = op.create_table("n", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    newest = sa.select(sa.func.max(table.c.id) + 1).scalar_subquery()
    op.bulk_insert(table, [{"id": 1}, {"id": 2}])
    if op.get_bind().dialect.name != "mariadb":  # which reads no table that it inserts into by VALUES
        op.bulk_insert(table, [{"id": newest}, {"id": newest}, {"id": 10}, {"id": newest}])


def test_a_row_may_read_the_rows_before_it(client: Client, database: Database) -> None:
    database.run_script(script(client, read_before)).check()
    expected = ["1", "2"] if client.dialect == "mariadb" else ["1", "2", "3", "4", "10", "11"]
    assert [row[0] for row in database.query("SELECT id FROM n ORDER BY id")] == expected
