"""The benchmark runs, and compares what it says it compares. Times are read by people, not by tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.bulk_insert import make_project

PROGRAM = "bench.bulk_insert"


def test_a_small_run_ends_in_a_table() -> None:
    words = [sys.executable, "-m", PROGRAM, "--rows", "100", "--runs", "1", "postgresql", "oracle"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    title, _, _, _, *rows = done.stdout.splitlines()
    assert title.startswith("100 rows of 8 columns, medians of 1 on ")
    assert [row.split(" | ")[0] for row in rows] == ["| postgresql", "| oracle"]
    assert all(re.fullmatch(r"\| \w+ \| [\d.]+ s \| [\d.]+ s \| [\d.]+ \| \d+ MiB \| \d+ MiB \|", row) for row in rows)


@pytest.mark.parametrize("tool", ["sqlgen", "alembic"])
def test_both_insert_all_rows(tool: str, tmp_path: Path) -> None:
    make_project(tmp_path)
    words = [sys.executable, "-m", PROGRAM, "--one", tool, "postgresql", str(tmp_path), "--rows", "700"]
    subprocess.run(words, capture_output=True, text=True, check=True)
    script = (tmp_path / "script.sql").read_text(encoding="utf-8")
    assert len(set(re.findall(r"'A-\d{6}'", script))) == 700
