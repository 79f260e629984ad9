"""SHOW COLUMNS and SHOW CREATE TABLE: what a revision is told, and what MariaDB shows after the same script."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import NeedsDatabase
from tests.databases.clients import Client
from tests.databases.round_trips.trips import engine_for

NAMED = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_unicode_ci", "mysql_engine": "InnoDB"}
NOW = sa.text("CURRENT_TIMESTAMP")
#: What is told of these in full, and what only in part: the collation, or the words of a default, are the server's.
WHOLE = ("o", "t", "k")
STATEMENTS = (
    "SHOW COLUMNS FROM {}",
    "SHOW FULL COLUMNS FROM {}",
    "DESCRIBE {}",
    "SHOW FIELDS IN `{}` LIKE 'id'",
    "SHOW CREATE TABLE {}",
    "SHOW INDEX FROM {}",
)


def made(op: Any) -> None:
    """Make the tables."""
    named = {key.replace("mysql_", "mariadb_"): value for key, value in NAMED.items()}
    op.create_table(
        "o",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(5), unique=True, nullable=False, server_default="it's"),
        sa.Column("n", sa.Numeric(5, 2), server_default="1.5", comment="a number"),
        **named,
    )
    op.create_table(
        "t",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("o_id", sa.Integer, sa.ForeignKey("o.id", name="fk_o", ondelete="CASCADE")),
        sa.Column("a", sa.String(9, collation="utf8mb4_bin"), server_default="x"),
        sa.Column("b", sa.Boolean, nullable=False, server_default=sa.text("0")),
        sa.Column("at", sa.DateTime, server_default=NOW),
        sa.Column("upd", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
        sa.Column("twice", sa.Integer, sa.Computed("o_id * 2", persisted=True)),
        sa.Column("body", sa.Text),
        sa.CheckConstraint("o_id > 0", name="ck_t"),
        sa.UniqueConstraint("a", "b", name="uq_t"),
        **named,
        mariadb_comment="what is kept",
    )
    op.create_index("ix_t", "t", ["at", "b"])
    op.create_table("k", sa.Column("x", sa.Integer), sa.Column("y", sa.Date, server_default="2020-01-02"), **named)
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))
    op.create_table("v", sa.Column("id", sa.String(36), server_default=sa.text("(uuid())")), **named)


def told(op: Any, sql: str) -> list[tuple[Any, ...]] | None:
    """Return what a revision is told, None when it is refused."""
    try:
        return [tuple(row) for row in op.get_bind().execute(sa.text(sql))]
    except NeedsDatabase:
        return None


@pytest.mark.xdist_group("mariadb")
def test_what_is_shown_is_what_mariadb_shows(mariadb: Client) -> None:
    queries = [sql.format(name) for name in (*WHOLE, "u", "v") for sql in STATEMENTS]
    with engine_for(mariadb.fresh_database()).connect() as connection:
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
        with sqlgen.capture("mariadb", server_version=version, from_base=True) as captured:
            made(captured.op)
            script = [str(statement) for statement in captured.statements]
            answers = {sql: told(captured.op, sql) for sql in queries}
            captured.recorder.error = None
        for sql in script:
            connection.exec_driver_sql(sql)
        for sql, answer in answers.items():
            shown = [tuple(row) for row in connection.execute(sa.text(sql))]
            if answer is not None:
                assert answer == [row[: len(one)] for row, one in zip(shown, answer, strict=True)], sql
    widths = {sql: len(answer[0]) for sql, answer in answers.items() if answer}
    for name in WHOLE:
        assert [widths[sql.format(name)] for sql in STATEMENTS[:3]] == [6, 7, 6]
        assert widths[f"SHOW CREATE TABLE {name}"] == 2
    assert [widths.get(sql.format("u")) for sql in STATEMENTS[:5]] == [6, 2, 6, 6, None]
    assert [widths.get(sql.format("v")) for sql in STATEMENTS[:5]] == [4, 5, 4, 4, 2]


def test_a_row_moves_the_number_that_is_shown() -> None:
    with sqlgen.capture("mariadb", from_base=True) as captured:
        table = captured.op.create_table("o", sa.Column("id", sa.Integer, primary_key=True), mariadb_charset="utf8mb4")
        assert told(captured.op, "SHOW CREATE TABLE o") is not None
        captured.op.bulk_insert(table, [{"id": 7}])
        assert told(captured.op, "SHOW CREATE TABLE o") is None
        captured.recorder.error = None


@pytest.mark.parametrize("sql", ["SHOW CREATE TABLE o", "SHOW CREATE TABLE nope", "SHOW FULL TABLES"])
def test_mysql_is_not_taken_for_mariadb(sql: str) -> None:
    with sqlgen.capture("mysql", from_base=True) as captured:
        captured.op.create_table("o", sa.Column("id", sa.Integer, primary_key=True), mysql_charset="utf8mb4")
        assert told(captured.op, "SHOW FULL COLUMNS FROM o") == [("id",)]
        assert told(captured.op, sql) is None
        captured.recorder.error = None
