"""The profile of sqlgen's own run counts each part where it is called from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.histories import History
from bench.shares import HOME, PARTS, part_of, profiled

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("files", "part"),
    [
        (["a.py", "b.py"], "other"),
        (["sqlite3.py", f"{HOME}state.py", f"{HOME}shadow.py", "recorder.py"], "shadow"),
        (["sqlite_replica.py", f"{HOME}replica.py", "recorder.py"], "replica"),
        ([f"{HOME}shadow.py", "x.py", f"{HOME}missing.py", "recorder.py"], "checks"),
        ([f"{HOME}text{os.sep}tables.py", f"{HOME}missing_objects.py"], "checks"),
        ([f"{HOME}missing.py", f"{HOME}shadow.py"], "shadow"),
    ],
)
def test_the_call_from_outside_counts(files: list[str], part: str) -> None:
    assert part_of(iter(files)) == part
    assert (Path(HOME) / "shadow.py").is_file()


def test_a_run_is_seen_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    History(40).write(tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    found = profiled(["upgrade", "base:head", "-q", "-d", "sqlite", "-o", str(tmp_path / "out")])
    assert found["other"] > 0
    assert set(found) <= {"other", *PARTS}
    assert (tmp_path / "out/sqlite/upgrade.sql").is_file()


def test_every_part_is_printed(tmp_path: Path) -> None:
    History(10).write(tmp_path / "p")
    words = [sys.executable, "-m", "bench.shares", str(tmp_path / "p"), "--databases", "five", "--runs", "1"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(PARTS)
    assert all("of the run" in line for line in done.stdout.splitlines())
