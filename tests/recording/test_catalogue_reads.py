"""Revisions that ask the database's own catalogue what stands, in text."""

from __future__ import annotations

from pathlib import Path

import pytest

from sqlgen.errors import NeedsDatabase
from tests.recording.projects import rendered

POSTGRESQL = """\
bind = op.get_bind()
if not bind.execute(sa.text("SELECT 1 FROM pg_type WHERE typname = 'k'")).scalar():
    op.execute("CREATE TYPE k AS ENUM ('a')")
if not bind.execute(sa.text("SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = :name)"), {"name": "k"}).scalar():
    op.execute("CREATE TYPE k AS ENUM ('again')")
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
found = bind.execute(sa.text("SELECT column_name FROM information_schema.columns WHERE table_name = 't'")).fetchall()
if "a" not in [row[0] for row in found]:
    op.add_column("t", sa.Column("a", sa.Integer))
if bind.execute(sa.text("SELECT to_regclass('nope')")).scalar() is None:
    op.execute("CREATE TABLE nope (x int)")
if bind.execute(sa.text("SELECT to_regclass('nope')")).scalar() is not None:
    op.execute("CREATE INDEX ix ON nope (x)")
for row in bind.execute(sa.text("SELECT indexname FROM pg_indexes WHERE tablename = 'nope' AND indexname = 'ix'")):
    op.execute(f"DROP INDEX {row.indexname}")
"""

MARIADB = """\
bind = op.get_bind()
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))
count = "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' AND "
if bind.execute(sa.text(count + "column_name = 'a'")).scalar():
    op.drop_column("t", "a")
if not bind.execute(sa.text(count + "column_name = 'a'")).scalar():
    op.add_column("t", sa.Column("b", sa.Integer))
"""

SHOWN = """\
bind = op.get_bind()
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))
if not bind.execute(sa.text("SHOW INDEX FROM t WHERE Key_name = 'ix'")).fetchone():
    op.create_index("ix", "t", ["a"])
if bind.execute(sa.text("SHOW TABLES LIKE 't'")).fetchone() is None:
    op.execute("-- none")
if "b" not in [row.Field for row in bind.execute(sa.text("SHOW COLUMNS FROM t"))]:
    op.add_column("t", sa.Column("b", sa.Integer))
op.execute("-- " + ", ".join(row.Column_name for row in bind.exec_driver_sql("SHOW INDEX FROM t")))
"""


def changing(script: list[str]) -> list[str]:
    """Return the statements of a script that are no queries."""
    return [sql for sql in script if not sql.startswith(("SELECT", "SHOW"))]


def test_types_columns_and_indexes(tmp_path: Path) -> None:
    assert changing(rendered(tmp_path, POSTGRESQL)) == [
        "CREATE TYPE k AS ENUM ('a')",
        "CREATE TABLE t ( id SERIAL NOT NULL, PRIMARY KEY (id) )",
        "ALTER TABLE t ADD COLUMN a INTEGER",
        "CREATE TABLE nope (x int)",
        "CREATE INDEX ix ON nope (x)",
        "DROP INDEX ix",
    ]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_columns_of_the_database_at_hand(tmp_path: Path, dialect: str) -> None:
    assert changing(rendered(tmp_path, MARIADB, dialect=dialect))[1:] == [
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t ADD COLUMN b INTEGER",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT extname FROM pg_extension",
        "SELECT count(*) FROM information_schema.tables",
        "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'x'",
    ],
)
def test_what_only_the_server_knows_is_refused(tmp_path: Path, query: str) -> None:
    with pytest.raises(NeedsDatabase, match="reads rows"):
        rendered(tmp_path, f'op.get_bind().execute(sa.text("{query}")).fetchall()')


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_what_is_shown(tmp_path: Path, dialect: str) -> None:
    assert changing(rendered(tmp_path, SHOWN, dialect=dialect))[1:] == [
        "CREATE INDEX ix ON t (a)",
        "ALTER TABLE t ADD COLUMN b INTEGER",
        "-- id, a",
    ]


@pytest.mark.parametrize("query", ["SHOW CREATE TABLE t", "SHOW TABLE STATUS", "SHOW COLUMNS FROM nope"])
def test_what_is_shown_and_not_known(tmp_path: Path, query: str) -> None:
    body = f'op.create_table("t", sa.Column("id", sa.Integer))\nop.get_bind().execute(sa.text("{query}")).fetchall()'
    with pytest.raises(NeedsDatabase, match="reads rows: SHOW"):
        rendered(tmp_path, body, dialect="mariadb")


SQL_SERVER = """\
bind = op.get_bind()
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))
if bind.execute(sa.text("SELECT COL_LENGTH('t', 'a')")).scalar() is not None:
    op.drop_column("t", "a")
found = "SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID('t') AND name = :name"
if not bind.execute(sa.text(found), {"name": "b"}).first():
    op.add_column("t", sa.Column("b", sa.Integer))
if bind.execute(sa.text("SELECT 1 FROM sys.tables WHERE name = 'alembic_version'")).scalar():
    op.create_index("ix", "t", ["b"])
"""

ORACLE = """\
bind = op.get_bind()
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))
found = "SELECT COUNT(*) FROM user_tab_columns WHERE table_name = 'T' AND column_name = :name"
if bind.execute(sa.text(found), {"name": "A"}).scalar():
    op.drop_column("t", "a")
if not bind.execute(sa.text(found), {"name": "A"}).scalar():
    op.add_column("t", sa.Column("b", sa.Integer))
"""


def test_columns_of_sql_server(tmp_path: Path) -> None:
    found = [
        sql for sql in changing(rendered(tmp_path, SQL_SERVER, dialect="mssql")) if "COLUMN" in sql or "ADD" in sql
    ]
    assert found[-2:] == ["ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ADD b INTEGER NULL"]


def test_columns_of_oracle(tmp_path: Path) -> None:
    assert changing(rendered(tmp_path, ORACLE, dialect="oracle"))[1:] == [
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t ADD b INTEGER",
    ]


def test_user_views_are_not_those_of_another_schema(tmp_path: Path) -> None:
    body = """\
op.execute("ALTER SESSION SET CURRENT_SCHEMA = app")
op.get_bind().execute(sa.text("SELECT COUNT(*) FROM user_tables WHERE table_name = 'T'")).scalar()
"""
    with pytest.raises(NeedsDatabase, match="reads rows: SELECT"):
        rendered(tmp_path, body, dialect="oracle")
