"""The synthetic projects are the same each time, and both tools make scripts of them."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bench.histories import History, write_rows, write_tables

ROOT = Path(__file__).parents[2]
SIZE = 30
DATABASES = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")


def run(folder: Path, name: str, *words: str) -> str:
    """Run a console script of this environment in a folder and return what it printed."""
    tool = Path(sysconfig.get_path("scripts"), name)
    done = subprocess.run([tool, *words], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def contents(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_sqlite(script: str) -> list[str]:
    """Return what a database has after the script, as SQL; lines for the shell alone are left out."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(re.sub(r"^\.\w+.*$", "", script, flags=re.MULTILINE))
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
        return [
            str(row) for (name,) in names for row in (name, *connection.execute(f'SELECT * FROM "{name}" ORDER BY 1'))
        ]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    History(SIZE).write(folder)
    return folder


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    History(SIZE).write(tmp_path / "first")
    words = [sys.executable, "-m", "bench.histories", str(tmp_path / "again"), "--size", str(SIZE)]
    subprocess.run(words, cwd=ROOT, env={"PYTHONHASHSEED": "5"}, check=True)
    History(SIZE, seed=8).write(tmp_path / "other")
    assert contents(tmp_path / "again") == contents(tmp_path / "first")
    assert contents(tmp_path / "other").keys() != contents(tmp_path / "first").keys()


def test_a_history_has_all_that_makes_graphs_hard() -> None:
    text = "\n".join(History(400).files.values())
    looks = sum("dialect.name" in one for one in History(400).files.values())
    assert re.search(r'^down_revision = \("', text, re.MULTILINE)
    assert re.search(r'^branch_labels = "', text, re.MULTILINE)
    assert re.search(r'^depends_on = "', text, re.MULTILINE)
    for words in ("op.bulk_insert", "batch.alter_column", "sa.Enum(", "op.rename_table", "ADD VALUE", ".insert()"):
        assert words in text, words
    assert 0.15 < looks / 400 < 0.35


@pytest.fixture(scope="module")
def scripts(project: Path) -> Path:
    """Return a folder with sqlgen's scripts for all databases, both ways."""
    run(project, "sqlgen", "upgrade", "base:head", "-d", "all", "--no-per-revision", "-o", "scripts/")
    return project / "scripts"


@pytest.mark.parametrize("database", DATABASES)
def test_both_tools_render_it(project: Path, scripts: Path, database: str) -> None:
    ours = (scripts / database / "upgrade.sql").read_text(encoding="utf-8")
    theirs = run(project, "alembic", "-x", f"dialect={database}", "upgrade", "base:head", "--sql")
    tables = [set(re.findall(r"CREATE TABLE (\w+)", script)) - {"alembic_version"} for script in (ours, theirs)]
    assert tables[1] <= tables[0]
    assert len(tables[1]) > 5
    if database == "sqlite":
        assert in_sqlite(ours) == in_sqlite(theirs)


@pytest.mark.parametrize("database", DATABASES)
def test_there_is_a_way_back(project: Path, scripts: Path, database: str) -> None:
    ours = (scripts / database / "downgrade.sql").read_text(encoding="utf-8")
    theirs = run(project, "alembic", "-x", f"dialect={database}", "downgrade", "head:base", "--sql")
    dropped = [set(re.findall(r"DROP TABLE (\w+)", script)) - {"alembic_version"} for script in (ours, theirs)]
    assert dropped[1] <= dropped[0]


def test_one_revision_has_many_rows(tmp_path: Path) -> None:
    write_rows(tmp_path, 70)
    ours, theirs = both(tmp_path)
    assert in_sqlite(ours) == in_sqlite(theirs)
    assert len(in_sqlite(ours)) == 70 + len(["orders", "alembic_version", "its row"])


def test_one_revision_has_many_tables(tmp_path: Path) -> None:
    write_tables(tmp_path, 20)
    ours, theirs = both(tmp_path)
    assert in_sqlite(ours) == in_sqlite(theirs)
    assert len(in_sqlite(ours)) == 20 + len(["alembic_version", "its row"])


def both(folder: Path) -> tuple[str, str]:
    """Return the scripts of both tools for SQLite."""
    ours = run(folder, "sqlgen", "upgrade", "base:head", "-d", "sqlite", "-o", "-")
    return ours, run(folder, "alembic", "-x", "dialect=sqlite", "upgrade", "base:head", "--sql")
