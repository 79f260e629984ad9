"""Rows of bulk_insert."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlgen.dialects import get

import sqlgen
from sqlgen.errors import LiteralError
from sqlgen.inserts import AT_ONCE
from sqlgen.operations.model import BulkInsert

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


def inserts(name: str, rows: list[dict[str, Any]], table: Any = LIGHT) -> list[str]:
    """Return the INSERT statements of some rows."""
    found = rendered(name, lambda op: op.bulk_insert(table, rows))
    return [sql for sql in found if sql.startswith("INSERT")]


def on_sql_server(table: Any, *rows: dict[str, Any]) -> list[str]:
    """Return all statements of some rows."""
    return rendered("mssql", lambda op: op.bulk_insert(table, [*rows]))


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


@pytest.mark.parametrize(("name", "most"), [(one, 1000 if one == "mssql" else 500) for one in NAMES if one != "oracle"])
def test_statements_have_as_many_rows_as_the_server_takes(name: str, most: int) -> None:
    counts = [sql.count("(") - 1 for sql in inserts(name, [{"a": "x"} for _ in range(most + 1)])]
    assert counts == [most, 1]


@pytest.mark.parametrize("name", NAMES)
def test_statements_have_at_most_a_million_bytes(name: str) -> None:
    rows = [{"id": number, "a": "é" * 200_000} for number in range(7)]
    found = inserts(name, rows)
    assert len(found) == (7 if name == "oracle" else 4)
    assert max(len(sql.encode()) for sql in found) <= 1_000_000


@pytest.mark.parametrize("name", NAMES)
def test_a_row_that_is_larger_than_that_stands_alone(name: str) -> None:
    rows = [{"id": 1, "a": "x"}, {"id": 2, "a": "y" * 1_500_000}, {"id": 3, "a": "z"}]
    assert [sql.count("x") + sql.count("z") for sql in inserts(name, rows)] == [1, 0, 1]


def test_a_row_that_no_server_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get("mysql"), "largest_statement", 1000)
    with pytest.raises(LiteralError, match=r"row 2 \(rows\[1\]\) takes 1,028 bytes, and one statement at most 1,000"):
        inserts("mysql", [{"a": "x"}, {"a": "y" * 1000}])


def test_rows_stand_on_lines_of_their_own() -> None:
    with sqlgen.capture("mariadb") as captured:
        captured.op.bulk_insert(LIGHT, [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}])
    assert str(captured.statements[0]) == "INSERT INTO t (id, a) VALUES\n    (1, 'x'),\n    (2, 'y')"


def test_oracle_has_several_rows_from_version_23_on() -> None:
    def call(op: Any) -> None:
        op.bulk_insert(LIGHT, [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}])

    assert rendered("oracle", call, server_version="23") == ["INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'y')"]
    assert len(rendered("oracle", call, server_version="21")) == 2


def test_a_sequence_stands_alone_on_oracle() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, sa.Sequence("s")), sa.Column("a", sa.String))
    rows = [{"a": "x"}, {"a": "y"}]
    assert len(rendered("oracle", lambda op: op.bulk_insert(table, rows), server_version="23")) == 2
    assert len(inserts("postgresql", rows, table)) == 1


MIXED: list[dict[str, Any]] = [{"d": "007"}, {"d": None}, {"d": "8"}, {"d": 5}, {"d": 1e22}, {"d": None}, {"d": b"x"}]


def test_literals_of_other_types_start_another_statement_where_they_would_be_converted() -> None:
    found = [sql.partition("VALUES ")[2] for sql in inserts("mssql", MIXED, UNTYPED)]
    assert found == ["('007'), (NULL), ('8')", "(5)", "(1e+22), (NULL)", "(0x78)"]
    assert len(inserts("postgresql", MIXED, UNTYPED)) == 1


def test_strings_of_all_kinds_share_a_statement_on_sql_server() -> None:
    rows: list[dict[str, Any]] = [{"a": "x"}, {"a": "é"}, {"a": "x\ny"}, {"a": "\n"}, {"a": "$(x)"}, {"a": None}]
    assert len(inserts("mssql", rows)) == 1


def test_a_row_that_may_read_the_rows_before_it_has_a_statement_of_its_own() -> None:
    count = sa.select(sa.func.count()).select_from(LIGHT).scalar_subquery()
    rows: list[dict[str, Any]] = [
        *({"id": 1, "a": value} for value in ("x", sa.func.now(), sa.literal("y"), sa.text("CURRENT_USER"))),
        *(
            {"id": 2, "a": value}
            for value in (count.scalar_subquery(), sa.func.mine(), sa.text("f()"), sa.func.abs(count.scalar_subquery()))
        ),
        *({"id": 3, "a": value} for value in ("x", sa.Sequence("s").next_value())),
    ]
    assert [sql.count("(1, ") + sql.count("(3, ") for sql in inserts("postgresql", rows)] == [4, 0, 0, 0, 0, 2]


def test_a_default_that_may_read_rows_too() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("a", sa.String, default=sa.func.mine()))
    assert len(inserts("sqlite", [{"id": 1}, {"id": 2, "a": "x"}, {"id": 3, "a": "y"}, {"id": 4}], table)) == 3


def test_rows_are_rendered_as_they_are_taken() -> None:
    """Nothing looks far ahead of the statement that is being filled."""
    taken = []

    def rows() -> Iterator[tuple[int, dict[str, Any]]]:
        for number in range(10_000):
            taken.append(number)
            yield number, {"id": number}

    dialect = get("sqlite")()
    operation = BulkInsert(table=LIGHT, rows=[])
    next(dialect.inserts(operation, rows()))
    assert len(taken) == 500 + AT_ONCE


def test_a_column_without_type_takes_the_value_s() -> None:
    rows = [{"d": dt.date(2020, 1, 2)}, {"d": True}, {"d": "x"}]
    assert rendered("postgresql", lambda op: op.bulk_insert(UNTYPED, rows)) == [
        "INSERT INTO t (d) VALUES ('2020-01-02'::date), (true), ('x')"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_dictionary_needs_a_column_with_a_type(name: str) -> None:
    with pytest.raises(LiteralError, match=r"t\.d: .*dict"):
        rendered(name, lambda op: op.bulk_insert(UNTYPED, [{"d": {"a": 1}}]))


def test_row_and_column_of_a_bad_value_are_named() -> None:
    rows = [{"a": "x"}] * 600 + [{"a": "\0"}]
    with pytest.raises(LiteralError, match=r"row 601 \(rows\[600\]\): t\.a: "):
        inserts("postgresql", rows)


def test_places_of_rows_are_those_of_the_call_between_settings_too() -> None:
    rows: list[dict[str, Any]] = [{"id": 1}, {"a": "x"}, {"id": 2, "a": object()}]
    with pytest.raises(LiteralError, match=r"row 3 \(rows\[2\]\): t\.a: "):
        inserts("mssql", rows, full())


def test_identity_insert_only_around_given_values() -> None:
    rows = [{"id": 1}, {"id": 2, "a": "q"}, {"a": "r"}]
    assert rendered("mssql", lambda op: op.bulk_insert(full(), rows)) == [
        "SET IDENTITY_INSERT t ON",
        "INSERT INTO t (id, a) VALUES (1, 'zz'), (2, 'q')",
        "SET IDENTITY_INSERT t OFF",
        "INSERT INTO t (a) VALUES ('r')",
    ]


def test_identity_insert_stands_around_all_statements_of_the_rows() -> None:
    found = on_sql_server(full(), *({"id": number, "a": "x"} for number in range(2500)))
    assert [sql.split(" (")[0] for sql in found] == [
        "SET IDENTITY_INSERT t ON",
        *["INSERT INTO t"] * 3,
        "SET IDENTITY_INSERT t OFF",
    ]


IDENTITIES = (
    (sa.Column("id", sa.Integer, sa.Identity()), True),
    (sa.Column("id", sa.Integer, sa.Identity(), primary_key=True), True),
    (sa.Column("id", sa.Integer, primary_key=True), True),
    (sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), False),
    (sa.Column("id", sa.String(9), primary_key=True), False),
    (sa.Column("id", sa.Integer), False),
    (sa.Column("id", sa.Integer, sa.Sequence("s"), primary_key=True), False),
)


@pytest.mark.parametrize(("column", "is_identity"), IDENTITIES, ids=lambda one: str(one).replace(" ", ""))
def test_identity_is_what_create_table_makes_one(column: sa.Column[Any], is_identity: bool) -> None:
    table = sa.Table("t", sa.MetaData(), column._copy(), sa.Column("b", sa.Integer))
    created = str(sa.schema.CreateTable(table).compile(dialect=get("mssql")().sa))
    assert ("IDENTITY" in created) == is_identity
    assert len(on_sql_server(table, {"id": 1, "b": 2})) == (3 if is_identity else 1)
    assert len(on_sql_server(table, {"b": 2})) == 1


def test_identity_insert_names_are_quoted_and_qualified() -> None:
    table = sa.Table("my t", sa.MetaData(), sa.Column("my id", sa.Integer, sa.Identity()), schema="my s")
    first, _, last = on_sql_server(table, {"my id": 1})
    assert (first, last) == ("SET IDENTITY_INSERT [my s].[my t] ON", "SET IDENTITY_INSERT [my s].[my t] OFF")


def test_a_column_that_cannot_be_an_identity_is_not_asked_about() -> None:
    assert on_sql_server(LIGHT, {"a": "x"}) == ["INSERT INTO t (a) VALUES ('x')"]
    for type_, statements in ((sa.Numeric(6, 2), 1), (sa.Numeric(6, 0), 3), (sa.Numeric(), 3), (sa.BigInteger(), 3)):
        assert len(on_sql_server(sa.table("t", sa.column("n", type_)), {"n": 1})) == statements


def test_the_server_is_asked_by_quoted_names() -> None:
    columns: tuple[Any, ...] = sa.column("it's id", sa.Integer), sa.column("b"), sa.column("text", sa.String)
    first, _, last = on_sql_server(sa.table("my t", *columns, schema="my s"), {"it's id": 1, "b": 2, "text": "x"})
    condition = "object_id = OBJECT_ID(N'[my s].[my t]') AND name IN (N'it''s id', N'b')"
    guard = f"IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE {condition})"
    assert first == f"{guard} SET IDENTITY_INSERT [my s].[my t] ON"
    assert last == f"{guard} SET IDENTITY_INSERT [my s].[my t] OFF"


def test_identity_insert_asks_the_server_where_nobody_knows() -> None:
    first, _, last = rendered("mssql", lambda op: op.bulk_insert(LIGHT, [{"id": 1}]))
    assert "sys.identity_columns" in first
    assert "name IN (N'id')" in last
