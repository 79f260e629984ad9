"""The example is an Alembic project like any other: Alembic itself renders it, and runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases.clients import Client, Database

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"
HEADS = ["b2a80e4c97f5"]
DIALECTS = ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"]


def alembic(url: str, *words: str) -> str:
    """Run Alembic in the example's folder and return what it printed."""
    command = [sys.executable, "-m", "alembic", "-x", f"url={url}", *words]
    surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=EXAMPLE, env=surroundings, stdout=subprocess.PIPE, encoding="utf-8", check=True
    ).stdout


@pytest.mark.parametrize("dialect", DIALECTS)
def test_alembic_renders_it(dialect: str) -> None:
    assert "VALUES ('1f0c3a7be2d4')" in alembic(f"{dialect}://", "upgrade", "head", "--sql")
    assert "DROP TABLE author" in alembic(f"{dialect}://", "downgrade", "head:base", "--sql")


def test_its_scripts_apply(client: Client, database: Database) -> None:
    database.run_script(alembic(f"{client.dialect}://", "upgrade", "head", "--sql")).check()
    assert database.versions() == HEADS
    database.run_script(alembic(f"{client.dialect}://", "downgrade", "head:base", "--sql")).check()
    assert database.versions() == []


def test_alembic_runs_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'library.db'}"
    alembic(url, "upgrade", "head")
    assert "b2a80e4c97f5 (head)" in alembic(url, "current")
    alembic(url, "downgrade", "base")
    assert alembic(url, "current").strip() == ""
