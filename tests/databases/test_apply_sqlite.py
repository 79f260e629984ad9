"""``examples/apply_sqlite.py``, the last step of ``make demo``: it must work with and without the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases.clients import Completed

PROGRAM = Path(__file__).parents[2] / "examples" / "apply_sqlite.py"
SCRIPT = """\
.bail on
-- A line that starts with a dot is text where a statement has begun.
BEGIN IMMEDIATE;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
CREATE TABLE note (line TEXT);
INSERT INTO note VALUES ('first;
.timeout is not a command here');
INSERT INTO alembic_version VALUES ('a1');
.timeout 5000
COMMIT;
"""
SHELL = pytest.param(
    os.environ.get("PATH", os.defpath),
    id="shell",
    marks=pytest.mark.skipif(not shutil.which("sqlite3"), reason="NOT TESTED: no sqlite3 shell"),
)


def apply(path: str, *arguments: Path) -> Completed:
    """Run the program with a PATH."""
    command: list[str | Path] = [sys.executable, PROGRAM, *arguments]
    surroundings = {**os.environ, "PATH": path}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    return Completed(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("path", [SHELL, pytest.param("", id="python")])
def test_tables_and_version_are_shown(tmp_path: Path, path: str) -> None:
    script = tmp_path / "upgrade.sql"
    script.write_text(SCRIPT, encoding="utf-8")
    lines = apply(path, script).check().stdout.splitlines()
    assert [line.split() for line in lines[1:-1]] == [["alembic_version", "1", "row"], ["note", "1", "row"]]
    assert lines[-1] == "the database is at a1"


@pytest.mark.parametrize("path", [SHELL, pytest.param("", id="python")])
def test_failure_is_told(tmp_path: Path, path: str) -> None:
    script = tmp_path / "upgrade.sql"
    script.write_text(".bail on\nINSERT INTO nowhere VALUES (1);\n", encoding="utf-8")
    done = apply(path, script, tmp_path / "new.db")
    assert done.returncode == 1
    assert "nowhere" in done.stderr


def test_wrong_use() -> None:
    assert apply("").returncode == 2
