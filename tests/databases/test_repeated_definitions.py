"""MODIFY and CHANGE write a column's definition anew: on a real MariaDB nothing is lost that the revision leaves out.

Each change is made twice: to a table that the script itself made, and to one that stood before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

import sqlgen
from tests.databases.clients import Client
from tests.databases.conftest import mariadb

__all__ = ["mariadb"]

pytestmark = pytest.mark.xdist_group("mariadb")

MOMENT = sa.text("CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3)")
COLUMNS: dict[str, tuple[sa.Column[Any], str]] = {
    "collation": (
        sa.Column("c", mysql.VARCHAR(20, collation="utf8mb4_bin"), server_default="x", comment="it's"),
        "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'x' COMMENT 'it''s'",
    ),
    "on update": (
        sa.Column("c", mysql.DATETIME(fsp=3), server_default=MOMENT),
        "datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3)",
    ),
    "check": (
        sa.Column("c", sa.Integer, sa.CheckConstraint("c > 1"), server_default="5"),
        "int(11) NOT NULL DEFAULT 5 CHECK (`c` > 1)",
    ),
    "json": (
        sa.Column("c", sa.JSON),
        "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`c`))",
    ),
    "enum": (sa.Column("c", sa.Enum("a", "b'"), server_default="a"), "enum('a','b''') NOT NULL DEFAULT 'a'"),
}


def made(op: Any, column: sa.Column[Any]) -> None:
    """Make the table."""
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), column)


def scripted(change: Callable[[Any], None]) -> str:
    """Return the statements of a change as a script."""
    with sqlgen.capture("mariadb") as captured:
        change(captured.op)
    return "".join(f"{statement};\n" for statement in captured.statements)


@pytest.mark.parametrize("known", [True, False], ids=["known", "looked up"])
@pytest.mark.parametrize("aspect", COLUMNS)
def test_not_null_leaves_the_rest(aspect: str, known: bool, mariadb: Client) -> None:
    column, expected = COLUMNS[aspect]
    database = mariadb.fresh_database()

    def make(op: Any) -> None:
        made(op, column._copy())

    def change(op: Any) -> None:
        op.alter_column("t", "c", nullable=False)

    def both(op: Any) -> None:
        make(op)
        change(op)

    database.run_script(scripted(both) if known else scripted(make) + scripted(change)).check()
    assert shown(database.query("SHOW CREATE TABLE t")[0][1], "c") == expected


def test_a_renamed_column_keeps_its_check(mariadb: Client) -> None:
    database = mariadb.fresh_database()

    def change(op: Any) -> None:
        made(op, sa.Column("c", sa.Integer, sa.CheckConstraint("c > 1 AND c <> 7")))
        op.alter_column("t", "c", new_column_name="d", nullable=False)

    database.run_script(scripted(change)).check()
    assert shown(database.query("SHOW CREATE TABLE t")[0][1], "d") == "int(11) NOT NULL CHECK (`d` > 1 and `d` <> 7)"


def test_a_column_that_was_json_may_hold_any_text(mariadb: Client) -> None:
    database = mariadb.fresh_database()

    def make(op: Any) -> None:
        made(op, sa.Column("c", sa.JSON))

    def change(op: Any) -> None:
        op.alter_column("t", "c", type_=mysql.LONGTEXT())

    database.run_script(scripted(make) + scripted(change)).check()
    assert shown(database.query("SHOW CREATE TABLE t")[0][1], "c") == "longtext DEFAULT NULL"


def test_a_told_type_keeps_the_collation(mariadb: Client) -> None:
    database = mariadb.fresh_database()

    def change(op: Any) -> None:
        made(op, COLUMNS["collation"][0]._copy())
        op.alter_column("t", "c", nullable=False, existing_type=sa.String(20))

    database.run_script(scripted(change)).check()
    assert shown(database.query("SHOW CREATE TABLE t")[0][1], "c") == COLUMNS["collation"][1]


def test_each_change_of_a_batch_sees_those_before_it(mariadb: Client) -> None:
    database = mariadb.fresh_database()

    def change(op: Any) -> None:
        made(op, sa.Column("c", sa.Integer))
        with op.batch_alter_table("t") as batch:
            batch.alter_column("c", comment="told", existing_type=sa.Integer, existing_nullable=True)
            batch.alter_column("c", type_=sa.BigInteger, nullable=False)

    database.run_script(scripted(change)).check()
    assert shown(database.query("SHOW CREATE TABLE t")[0][1], "c") == "bigint(20) NOT NULL COMMENT 'told'"


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("fk", "ALTER TABLE t DROP FOREIGN KEY fk"),
        ("uq", "ALTER TABLE t DROP INDEX uq"),
        ("ck", "ALTER TABLE t DROP CONSTRAINT ck"),
    ],
)
def test_a_drop_knows_the_kind(name: str, statement: str, mariadb: Client) -> None:
    database = mariadb.fresh_database()

    def change(op: Any) -> None:
        op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("p", sa.Integer, sa.ForeignKey("t.id", name="fk")),
            sa.UniqueConstraint("p", "id", name="uq"),
            sa.CheckConstraint("p > 1", name="ck"),
        )
        if name == "uq":
            op.create_index("ix", "t", ["p"])  # the foreign key needs one
        op.drop_constraint(name, "t")

    script = scripted(change)
    database.run_script(script).check()
    assert script.endswith(f"{statement};\n")


def shown(table: str | None, column: str) -> str:
    """Return a column's definition in what SHOW CREATE TABLE shows."""
    found = re.search(rf"^  `{column}` (.*?),?$", str(table), re.M)
    assert found is not None, table
    return found[1]
