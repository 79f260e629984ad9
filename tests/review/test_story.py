"""The README's story, from a changed revision to a database, runs as it is written."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.review.conftest import AUTHOR

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    """Return the commands of the story."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## A change, from revision to database")[2].partition("\n## ")[0]
    return re.findall(r"^\$ (.*)$", section, re.M)


@pytest.mark.skipif(sys.platform == "win32", reason="the story is told in a shell of Unix")
def test_the_story_runs_as_written(tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("there is no sqlite3 shell here")
    for name in ("examples", "out"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.db"))
    environ = {name: value for name, value in os.environ.items() if name not in ("CI", "GITHUB_ACTIONS")}
    environ |= {**AUTHOR, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=tmp_path, env=environ, check=True)
    script = "set -e\n" + "\n".join(commands())
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "oracle/upgrade.sql" in done.stdout
    assert done.stdout.endswith("at b2a80e4c97f5 (release 1.1.0)\nnothing is pending\n")
    with closing(sqlite3.connect(tmp_path / "examples/library/library.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("b2a80e4c97f5",)]
    diff = subprocess.run(["git", "diff"], cwd=tmp_path, env=environ, capture_output=True, text=True).stdout
    assert "+ALTER TABLE patron ALTER COLUMN email TYPE VARCHAR(320)" in diff
