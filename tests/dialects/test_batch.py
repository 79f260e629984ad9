"""Batches: in order everywhere, by a copy of the table on SQLite where that is the only way."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import RenderError, Unsupported

from .rendering import rendered

Column = sa.Column


def table() -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        Column("id", sa.Integer, primary_key=True),
        Column("a", sa.String(5), index=True),
        Column("o", sa.Integer, sa.ForeignKey("o.id", name="fk")),
        Column("z", sa.Integer),
        sa.UniqueConstraint("a", name="uq"),
        sa.CheckConstraint("z > 0", name="ck"),
    )


def change(op: Any) -> None:
    with op.batch_alter_table("t", copy_from=table()) as batch:
        batch.alter_column("a", new_column_name="aa", type_=sa.Integer(), nullable=False, server_default="1")
        batch.add_column(Column("n", sa.Integer), insert_after="id")
        batch.drop_column("o")
        batch.drop_constraint("uq", type_="unique")
        batch.create_unique_constraint("uq2", ["n"])
        batch.create_index("ix_n", ["n"])


def test_a_table_is_copied() -> None:
    assert rendered("sqlite", change) == [
        "CREATE TABLE _alembic_tmp_t ( id INTEGER NOT NULL, n INTEGER, a INTEGER DEFAULT '1' NOT NULL, z INTEGER, "
        "PRIMARY KEY (id), CONSTRAINT ck CHECK (z > 0), CONSTRAINT uq2 UNIQUE (n) )",
        "INSERT INTO _alembic_tmp_t (id, a, z) SELECT t.id, CAST(t.a AS INTEGER) AS a, t.z FROM t",
        "DROP TABLE t",
        "PRAGMA legacy_alter_table = ON",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "PRAGMA legacy_alter_table = OFF",
        "CREATE INDEX ix_t_a ON t (a)",
        "CREATE INDEX ix_n ON t (n)",
        "ALTER TABLE t RENAME COLUMN a TO aa",
    ]


def test_the_copy_runs_and_keeps_the_rows() -> None:
    with sqlgen.capture("sqlite") as captured:
        change(captured.op)
    database = sqlite3.connect(":memory:")
    database.executescript(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(5), o INTEGER, z INTEGER);"
        "CREATE INDEX ix_t_a ON t (a); INSERT INTO t VALUES (1, '7', 2, 3);"
    )
    database.executescript(";".join(map(str, captured.statements)))
    assert database.execute("SELECT id, n, aa, z FROM t").fetchall() == [(1, None, 7, 3)]
    database.close()


def test_the_copy_is_no_table_that_a_revision_finds() -> None:
    with sqlgen.capture("sqlite") as captured:
        captured.op.create_table("t", *(column._copy() for column in table().columns))
        change(captured.op)
        assert sa.inspect(captured.op.get_bind()).get_table_names() == ["t"]


MADE = 'CREATE TRIGGER IF NOT EXISTS "Watch" AFTER UPDATE OF a ON t BEGIN UPDATE t SET z = 1; END'


@pytest.mark.parametrize(
    ("before", "refused"),
    [
        ((MADE,), True),
        ((MADE.replace(" t ", " other "),), False),
        ((MADE, "DROP TRIGGER watch"), False),
        ((MADE, "DROP TABLE t"), False),
    ],
)
def test_a_trigger_is_not_lost(before: tuple[str, ...], refused: bool) -> None:
    def call(op: Any) -> None:
        for text in before:
            op.execute(text)
        change(op)

    if refused:
        with pytest.raises(Unsupported, match="would drop the triggers of t"):
            rendered("sqlite", call)
    else:
        assert "DROP TABLE t" in rendered("sqlite", call)


def in_place(op: Any) -> None:
    with op.batch_alter_table("t", copy_from=table(), recreate="always") as batch:
        batch.alter_column("a", new_column_name="aa", type_=sa.Integer(), nullable=False, insert_after="z")
        batch.add_column(Column("n", sa.Integer))
        batch.drop_column("o")


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (
            "postgresql",
            [
                "ALTER TABLE t ALTER COLUMN a TYPE INTEGER",
                "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
                "ALTER TABLE t RENAME a TO aa",
                "ALTER TABLE t ADD COLUMN n INTEGER",
                "ALTER TABLE t DROP COLUMN o",
            ],
        ),
        (
            "mariadb",
            [
                "ALTER TABLE t CHANGE a aa INTEGER NOT NULL",
                "ALTER TABLE t ADD COLUMN n INTEGER",
                "ALTER TABLE t DROP COLUMN o",
            ],
        ),
    ],
)
def test_in_order_elsewhere(dialect: str, expected: list[str]) -> None:
    assert rendered(dialect, in_place) == expected


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "mssql", "oracle"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"partial_reordering": [("z", "a")]}, "changes tables in place"),
        ({"table_args": (sa.CheckConstraint("z > 1"),)}, "changes tables in place"),
        ({"table_kwargs": {"comment": "x"}}, "changes tables in place"),
        ({}, "adds columns at the end"),
    ],
)
def test_what_only_a_copy_gives(dialect: str, arguments: dict[str, Any], message: str) -> None:
    def call(op: Any) -> None:
        with op.batch_alter_table("t", recreate="always", **arguments) as batch:
            batch.add_column(Column("n", sa.Integer), **({} if arguments else {"insert_after": "a"}))

    with pytest.raises(Unsupported, match=message):
        rendered(dialect, call)


def test_plain_statements_where_they_do() -> None:
    def call(op: Any) -> None:
        with op.batch_alter_table("t") as batch:
            batch.add_column(Column("n", sa.Integer, sa.ForeignKey("o.id", name="fk")))
            batch.drop_column("a")
            batch.create_index("ix", ["n"])

    assert rendered("sqlite", call) == [
        "ALTER TABLE t ADD COLUMN n INTEGER CONSTRAINT fk REFERENCES o (id)",
        "ALTER TABLE t DROP COLUMN a",
        "CREATE INDEX ix ON t (n)",
    ]


def test_a_table_that_nobody_described() -> None:
    def call(op: Any) -> None:
        with op.batch_alter_table("t") as batch:
            batch.alter_column("a", nullable=False)

    with pytest.raises(RenderError):
        rendered("sqlite", call)


@pytest.mark.parametrize(
    "step",
    [
        lambda batch: batch.drop_column("nope"),
        lambda batch: batch.drop_constraint("nope", type_="unique"),
        lambda batch: batch.drop_column("z"),
    ],
)
def test_what_a_copy_would_lose(step: Any) -> None:
    def call(op: Any) -> None:
        with op.batch_alter_table("t", copy_from=table(), recreate="always") as batch:
            step(batch)

    with pytest.raises(RenderError):
        rendered("sqlite", call)


def copy_of(*parts: Any) -> sa.Table:
    return sa.Table("t", sa.MetaData(), Column("id", sa.Integer, primary_key=True), Column("a", sa.String(5)), *parts)


NAMING_A: dict[str, Callable[[], Any]] = {
    "index over text": lambda: sa.Index("ix", sa.text("lower(a)")),
    "index over an expression": lambda: sa.Index("ix", sa.func.lower(sa.column("a"))),
    "index in descending order": lambda: sa.Index("ix", sa.column("a").desc()),
    "index of some rows": lambda: sa.Index("ix", "id", sqlite_where=sa.text("a IS NOT NULL")),
    "computed column": lambda: Column("c", sa.String(5), sa.Computed("upper(a)")),
    "CHECK": lambda: sa.CheckConstraint("a > 'b'"),
}


@pytest.mark.parametrize("what", NAMING_A)
@pytest.mark.parametrize("way", ["rename", "drop", "another of that name"])
def test_what_names_a_column_follows_it_or_is_refused(what: str, way: str) -> None:
    def lose_a(op: Any) -> None:
        op.create_table("t", Column("id", sa.Integer, primary_key=True), Column("a", sa.String(5)), NAMING_A[what]())
        with op.batch_alter_table("t", copy_from=copy_of(NAMING_A[what]()), recreate="always") as batch:
            if way == "rename":
                batch.alter_column("a", new_column_name="b")
            else:
                batch.drop_column("a")
            if way == "another of that name":
                batch.add_column(Column("a", sa.Integer))

    if way != "rename" and what not in ("index in descending order", "index over an expression"):
        with pytest.raises(RenderError, match=r"t\.a"):
            rendered("sqlite", lose_a)
        return
    database = sqlite3.connect(":memory:")
    database.executescript(";".join(rendered("sqlite", lose_a)))
    kept = " ".join(sql for (sql,) in database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    database.close()
    assert (re.search(r"\ba\b", kept) is None) is (way != "another of that name")


def test_a_key_into_the_table_itself_follows_the_new_name() -> None:
    def rename(op: Any) -> None:
        op.create_table(
            "t", Column("id", sa.Integer, primary_key=True), Column("up", sa.Integer, sa.ForeignKey("t.id"))
        )
        with op.batch_alter_table(
            "t", copy_from=copy_of(Column("up", sa.Integer, sa.ForeignKey("t.id"))), recreate="always"
        ) as batch:
            batch.drop_column("a")
            batch.alter_column("id", new_column_name="key")

    database = sqlite3.connect(":memory:")
    database.executescript(";".join(rendered("sqlite", rename)).replace(", a,", ",").replace("t.a, ", ""))
    ((target,),) = database.execute("SELECT \"to\" FROM pragma_foreign_key_list('t')").fetchall()
    database.close()
    assert target == "key"
