"""Rows are followed when somebody asks for them, as they were when the revision wrote them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.twin.database import Database


def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which each statement of the twin's database is added."""
    statements: list[str] = []
    run = Database.run

    def watched(self: Database, sql: str, values: object = ()) -> list[tuple[object, ...]]:
        statements.append(sql)
        return run(self, sql, values)

    monkeypatch.setattr(Database, "run", watched)
    return statements


def test_nothing_runs_until_somebody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    statements = ran(monkeypatch)
    with sqlgen.capture("postgresql") as captured:
        op = captured.op
        table = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))
        op.bulk_insert(table, [{"id": 1, "name": "a"}])
        op.execute("UPDATE t SET name = 'b' WHERE id = 1")
        op.execute(table.insert().values(id=2, name="c"))
        op.add_column("t", sa.Column("more", sa.Integer))
        assert statements == []
        found = op.get_bind().execute(sa.text("SELECT id, name, more FROM t ORDER BY id")).fetchall()
        assert [tuple(row) for row in found] == [(1, "b", None), (2, "c", None)]
        assert statements


def test_rows_are_those_of_the_moment_they_were_written() -> None:
    with sqlgen.capture("postgresql") as captured:
        op = captured.op
        table = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("facts", sa.JSON))
        rows = [{"id": 1, "facts": {"a": 1}}]
        op.bulk_insert(table, rows)
        rows[0]["facts"] = {"a": 2}
        facts = {"b": 1}
        op.execute(table.insert().values(id=2, facts=facts))
        facts["b"] = 2
        found = op.get_bind().execute(sa.select(table.c.facts).order_by(table.c.id)).scalars().all()
        assert found == [{"a": 1}, {"b": 1}]


def test_a_savepoint_takes_back_what_waits() -> None:
    with sqlgen.capture("postgresql") as captured:
        op = captured.op
        table = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
        op.bulk_insert(table, [{"id": 1}])
        bind = op.get_bind()
        savepoint = bind.begin_nested()
        op.bulk_insert(table, [{"id": 2}])
        savepoint.rollback()
        assert bind.execute(sa.select(table.c.id)).scalars().all() == [1]


def test_a_table_is_what_it_was_when_it_was_made() -> None:
    with sqlgen.capture("postgresql") as captured:
        op = captured.op
        table = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
        table.append_column(sa.Column("later", sa.Integer))
        op.bulk_insert(sa.table("t", sa.column("id")), [{"id": 1}])
        assert [tuple(row) for row in op.get_bind().execute(sa.text("SELECT * FROM t"))] == [(1,)]


def test_text_that_waits_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    statements = ran(monkeypatch)
    with sqlgen.capture("postgresql") as captured:
        op = captured.op
        op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
        for number in range(5):
            op.execute(f"INSERT INTO t (id, name) VALUES ({number}, '{'x' * 1024 * 1024}')")
        assert statements
        assert op.get_bind().execute(sa.text("SELECT count(*) FROM t")).scalar() == 5
