"""Rows of bulk_insert."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen.errors import LiteralError

from .rendering import NAMES, rendered

LIGHT = sa.table("t", sa.column("id", sa.Integer), sa.column("a", sa.String))
UNTYPED = sa.table("t", sa.column("d"))


def full() -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(5), default="zz"),
    )


def test_rows_stand_one_below_the_other() -> None:
    rows = [{"id": 1, "a": "x"}, {"id": 2, "a": None}]
    assert rendered("postgresql", lambda op: op.bulk_insert(LIGHT, rows)) == [
        "INSERT INTO t (id, a) VALUES (1, 'x'), (2, NULL)"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_rows_are_no_statement(name: str) -> None:
    assert rendered(name, lambda op: op.bulk_insert(full(), [])) == []


def test_one_statement_per_row_on_request_and_on_oracle() -> None:
    rows = [{"a": "x"}, {"a": "y"}]
    single = ["INSERT INTO t (a) VALUES ('x')", "INSERT INTO t (a) VALUES ('y')"]
    assert rendered("mysql", lambda op: op.bulk_insert(LIGHT, rows, multiinsert=False)) == single
    assert rendered("oracle", lambda op: op.bulk_insert(LIGHT, rows)) == single


def test_rows_of_other_keys_start_another_statement_in_order() -> None:
    rows = [{"id": 1}, {"a": "x"}, {"id": 2}]
    found = rendered("sqlite", lambda op: op.bulk_insert(LIGHT, rows))
    assert found == ["INSERT INTO t (id) VALUES (1)", "INSERT INTO t (a) VALUES ('x')", "INSERT INTO t (id) VALUES (2)"]


def test_python_defaults_and_expressions() -> None:
    rows: list[dict[str, Any]] = [{"id": 1}, {"id": 2, "a": sa.func.lower("X")}]
    assert rendered("postgresql", lambda op: op.bulk_insert(full(), rows)) == [
        "INSERT INTO t (id, a) VALUES (1, 'zz'), (2, lower('X'))"
    ]


def test_many_rows_are_cut_into_statements() -> None:
    found = rendered("postgresql", lambda op: op.bulk_insert(LIGHT, [{"id": one} for one in range(1001)]))
    assert [sql.count("(") - 1 for sql in found] == [500, 500, 1]


def test_a_column_without_type_takes_the_value_s() -> None:
    rows = [{"d": dt.date(2020, 1, 2)}, {"d": True}, {"d": "x"}]
    assert rendered("postgresql", lambda op: op.bulk_insert(UNTYPED, rows)) == [
        "INSERT INTO t (d) VALUES ('2020-01-02'::date), (true), ('x')"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_dictionary_needs_a_column_with_a_type(name: str) -> None:
    with pytest.raises(LiteralError, match=r"t\.d: .*dict"):
        rendered(name, lambda op: op.bulk_insert(UNTYPED, [{"d": {"a": 1}}]))


def test_the_column_of_a_bad_value_is_named() -> None:
    with pytest.raises(LiteralError, match=r"t\.a"):
        rendered("postgresql", lambda op: op.bulk_insert(LIGHT, [{"a": "\0"}]))


def test_identity_insert_only_around_given_values() -> None:
    rows = [{"id": 1}, {"id": 2, "a": "q"}, {"a": "r"}]
    assert rendered("mssql", lambda op: op.bulk_insert(full(), rows)) == [
        "SET IDENTITY_INSERT t ON",
        "INSERT INTO t (id, a) VALUES (1, 'zz'), (2, 'q')",
        "SET IDENTITY_INSERT t OFF",
        "INSERT INTO t (a) VALUES ('r')",
    ]


def test_identity_insert_asks_the_server_where_nobody_knows() -> None:
    first, _, last = rendered("mssql", lambda op: op.bulk_insert(LIGHT, [{"id": 1}]))
    assert "sys.identity_columns" in first
    assert "name IN (N'id')" in last
