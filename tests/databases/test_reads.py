"""What revisions read: the script leaves the same rows in an empty database as the same revisions, run by Alembic."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases.clients import Client, Database
from tests.databases.reads_cases import CASES, NUMBERED, POSTGRESQL_RETURNING, RETURNING, SETUP, TABLES
from tests.recording.projects import make_project, render

ENV = """
import sqlalchemy as sa
from alembic import context
if not context.is_offline_mode():
    with sa.create_engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
else:
    context.configure()
    with context.begin_transaction():
        context.run_migrations()
"""
URLS = {
    "postgresql": "postgresql+psycopg2://postgres@/{name}?host={folder}",
    "mariadb": "mariadb+pymysql://root@localhost/{name}?unix_socket={folder}/socket",
}


def online(folder: Path, database: Database, dialect: str) -> None:
    url = URLS[dialect].format(name=database.name, folder=database.folder)  # type: ignore[attr-defined]
    command = [sys.executable, "-m", "alembic", "-x", f"url={url}", "upgrade", "head"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def contents(database: Database) -> dict[str, list[tuple[str | None, ...]]]:
    """Return all rows of all tables."""
    return {table: sorted(database.query(f"SELECT * FROM {table}"), key=str) for table in database.tables()}


def same(folder: Path, client: Client) -> None:
    script = render(folder, client.dialect)
    mine, theirs = client.fresh_database(), client.fresh_database()
    mine.run_script(str(script)).check()
    online(folder, theirs, client.dialect)
    found = contents(mine)
    assert found == contents(theirs)
    assert "alembic_version" in found


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("case", CASES)
def test_postgresql(tmp_path: Path, postgresql: Client, case: str) -> None:
    same(make_project(tmp_path, {"a1": SETUP, "b2": CASES[case]}, env=ENV), postgresql)


@pytest.mark.xdist_group("mariadb")
@pytest.mark.parametrize("case", CASES)
def test_mariadb(tmp_path: Path, mariadb: Client, case: str) -> None:
    same(make_project(tmp_path, {"a1": SETUP, "b2": CASES[case]}, env=ENV), mariadb)


@pytest.mark.xdist_group("postgresql")
def test_keys_of_new_tables(tmp_path: Path, postgresql: Client) -> None:
    same(make_project(tmp_path, NUMBERED, env=ENV), postgresql)


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("case", [*RETURNING, *POSTGRESQL_RETURNING])
def test_what_postgresql_returns(tmp_path: Path, postgresql: Client, case: str) -> None:
    body = TABLES + (RETURNING | POSTGRESQL_RETURNING)[case]
    same(make_project(tmp_path, {"a1": SETUP, "b2": body}, env=ENV), postgresql)


@pytest.mark.xdist_group("mariadb")
@pytest.mark.parametrize("case", RETURNING)
def test_what_mariadb_returns(tmp_path: Path, mariadb: Client, case: str) -> None:
    same(make_project(tmp_path, {"a1": SETUP, "b2": TABLES + RETURNING[case]}, env=ENV), mariadb)
