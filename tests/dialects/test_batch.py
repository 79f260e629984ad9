"""Batches: in order everywhere, by a copy of the table on SQLite where that is the only way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import RenderError

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
        "CREATE TABLE _alembic_tmp_t ( id INTEGER NOT NULL, n INTEGER, aa INTEGER DEFAULT '1' NOT NULL, z INTEGER, "
        "PRIMARY KEY (id), CONSTRAINT ck CHECK (z > 0), CONSTRAINT uq2 UNIQUE (n) )",
        "INSERT INTO _alembic_tmp_t (id, aa, z) SELECT t.id, CAST(t.a AS INTEGER), t.z FROM t",
        "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "CREATE INDEX ix_t_a ON t (aa)",
        "CREATE INDEX ix_n ON t (n)",
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


def test_in_order_elsewhere() -> None:
    assert rendered("mariadb", change)[:3] == [
        "ALTER TABLE t CHANGE a aa INTEGER NOT NULL DEFAULT '1'",
        "ALTER TABLE t ADD COLUMN n INTEGER",
        "ALTER TABLE t DROP COLUMN o",
    ]


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
        lambda batch: batch.alter_column("z", new_column_name="y", type_=sa.String()),
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
def test_what_names_a_lost_column_is_no_part_of_a_copy(what: str, way: str) -> None:
    def lose_a(op: Any) -> None:
        with op.batch_alter_table("t", copy_from=copy_of(NAMING_A[what]()), recreate="always") as batch:
            if way == "rename":
                batch.alter_column("a", new_column_name="b")
            else:
                batch.drop_column("a")
            if way == "another of that name":
                batch.add_column(Column("a", sa.Integer))

    with pytest.raises(RenderError, match=r"cannot rename or drop t\.a, which .* names"):
        rendered("sqlite", lose_a)


def test_quoted_names_are_found_in_texts() -> None:
    def rename(op: Any) -> None:
        odd = sa.Table("t", sa.MetaData(), Column("50%", sa.Integer), sa.CheckConstraint('"50%" > 0'))
        with op.batch_alter_table("t", copy_from=odd, recreate="always") as batch:
            batch.alter_column("50%", new_column_name="half")

    with pytest.raises(RenderError, match="cannot rename or drop"):
        rendered("sqlite", rename)


def test_what_the_batch_adds_may_name_the_new_column() -> None:
    def swap(op: Any) -> None:
        with op.batch_alter_table("t", copy_from=copy_of(), recreate="always") as batch:
            batch.alter_column("a", new_column_name="b")
            batch.add_column(Column("a", sa.Integer))
            batch.create_check_constraint("ck", "a > 0")
            batch.create_index("ix", [sa.text("abs(a)")])

    create, *_, index = rendered("sqlite", swap)
    assert "CONSTRAINT ck CHECK (a > 0)" in create
    assert index == "CREATE INDEX ix ON t (abs(a))"


def test_a_key_into_the_table_itself_follows_the_new_name() -> None:
    def rename(op: Any) -> None:
        with op.batch_alter_table(
            "t", copy_from=copy_of(Column("up", sa.Integer, sa.ForeignKey("t.id"))), recreate="always"
        ) as batch:
            batch.alter_column("id", new_column_name="key")

    assert 'FOREIGN KEY(up) REFERENCES t ("key")' in rendered("sqlite", rename)[0]
