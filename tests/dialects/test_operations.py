"""What the operation tables (``tests/golden/operations``) do not show: flags of statements, versions, order."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import sqlgen
from sqlgen.errors import Unsupported

from .rendering import Call, rendered

Column = sa.Column


def create(op: Any) -> None:
    op.create_table(
        "t",
        Column("id", sa.Integer, primary_key=True),
        Column("k", sa.String(5), comment="it's"),
        sa.Index("z", "id"),
        sa.Index("a", "k", mysql_length={"k": 3}),
        comment="table",
        mysql_engine="InnoDB",
    )


def test_indexes_come_by_name_then_comments() -> None:
    assert rendered("postgresql", create)[1:] == [
        "CREATE INDEX a ON t (k)",
        "CREATE INDEX z ON t (id)",
        "COMMENT ON TABLE t IS 'table'",
        "COMMENT ON COLUMN t.k IS 'it''s'",
    ]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_options_for_mysql_count_on_both(dialect: str) -> None:
    table, first, _ = rendered(dialect, create)
    assert "ENGINE=InnoDB" in table
    assert first == "CREATE INDEX a ON t (k(3))"


def test_a_newer_server_can_do_more() -> None:
    call: Call = lambda op: op.drop_table("t", if_exists=True)  # noqa: E731
    assert rendered("oracle", call, server_version="23") == ["DROP TABLE IF EXISTS t"]
    (older,) = rendered("oracle", call)
    assert "EXECUTE IMMEDIATE q'[DROP TABLE t]'" in older


def test_an_older_server_can_do_less() -> None:
    call: Call = lambda op: op.create_check_constraint("ck", "t", "a > 0")  # noqa: E731
    with pytest.raises(Unsupported, match=r"before version 8\.0\.16"):
        rendered("mysql", call, server_version="8.0.15")
    rename: Call = lambda op: op.alter_column("t", "a", new_column_name="b", existing_type=sa.Integer(), nullable=True)  # noqa: E731
    assert rendered("mariadb", rename, server_version="10.4") == ["ALTER TABLE t CHANGE a b INTEGER NULL"]


def test_concurrent_indexes_stand_outside_transactions() -> None:
    with sqlgen.capture("postgresql") as captured:
        captured.op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
        captured.op.create_index("iy", "t", ["a"])
    assert [statement.transactional for statement in captured.statements] == [False, True]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_a_definition_repeats_the_formula(dialect: str) -> None:
    def change(op: Any) -> None:
        known: dict[str, Any] = {"existing_type": sa.Integer(), "existing_server_default": sa.Computed("a + 1", True)}
        op.alter_column("t", "c", comment="sum", **known)
        op.alter_column("t", "c", comment="sum", new_column_name="d", existing_nullable=False, **known)

    formula = "INTEGER GENERATED ALWAYS AS (a + 1) STORED"
    assert rendered(dialect, change) == [
        f"ALTER TABLE t MODIFY c {formula} COMMENT 'sum'",
        f"ALTER TABLE t CHANGE c d {formula} NOT NULL COMMENT 'sum'",
    ]


def test_a_column_gets_an_enum_type_that_stands() -> None:
    def change(op: Any) -> None:
        for column in ("c", "d"):
            op.alter_column("t", column, type_=sa.Enum("x", "y", name="mood"))
        op.alter_column("t", "e", type_=postgresql.ENUM("z", name="other", create_type=False))

    assert rendered("postgresql", change) == [
        "CREATE TYPE mood AS ENUM ('x', 'y')",
        "ALTER TABLE t ALTER COLUMN c TYPE mood",
        "ALTER TABLE t ALTER COLUMN d TYPE mood",
        "ALTER TABLE t ALTER COLUMN e TYPE other",
    ]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_a_column_that_counts_up_is_a_key(dialect: str) -> None:
    def add(op: Any, **options: Any) -> None:
        op.add_column("t", Column("id", sa.Integer, primary_key=True, **options))

    with pytest.raises(Unsupported, match="has no AUTO_INCREMENT column without a key"):
        rendered(dialect, add)
    assert rendered(dialect, lambda op: add(op, autoincrement=False)) == [
        "ALTER TABLE t ADD COLUMN id INTEGER NOT NULL"
    ]


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        ("postgresql", "é" * 32),
        ("mysql", "a" * 65),
        ("mariadb", "a" * 65),
        ("mssql", "a" * 129),
        ("oracle", "é" * 65),
        ("mariadb", "a\U0001f600"),
    ],
)
def test_names_that_a_server_refuses_or_cuts(dialect: str, name: str) -> None:
    for call in (
        lambda op: op.create_table(name, Column("a", sa.Integer)),
        lambda op: op.create_table("t", Column(name, sa.Integer)),
        lambda op: op.rename_table("t", name),
        lambda op: op.alter_column("t", "a", new_column_name=name),
    ):
        with pytest.raises(Unsupported):
            rendered(dialect, call)
    assert rendered("sqlite", lambda op: op.rename_table("t", name))


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_comments_that_would_become_question_marks(dialect: str) -> None:
    for call in (
        lambda op: op.create_table("t", Column("a", sa.Integer), comment="\U0001f600"),
        lambda op: op.add_column("t", Column("a", sa.Integer, comment="\U0001f600")),
        lambda op: op.create_table_comment("t", "\U0001f600"),
        lambda op: op.alter_column("t", "a", comment="\U0001f600", existing_type=sa.Integer(), existing_nullable=True),
    ):
        with pytest.raises(Unsupported):
            rendered(dialect, call)
