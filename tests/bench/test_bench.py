"""The benchmark runs and shows every row. Times are read by people, not by tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import Bench, Row, growth, line
from bench.measure import Failed, Figure, median, run, together
from bench.works import WORKS, Work, tree_works

ROOT = Path(__file__).parents[2]
WORK = Work("heads", 1000, "`heads`", "history-1000", (), (), bar=0.2, memory_bar=1.0)


def test_a_tiny_run_shows_every_row(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "bench", "--sizes", "10", "--rows", "50", "--tables", "5", "--runs", "0"]
    words += ["--json", str(tmp_path / "figures.json")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    found = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert {row["work"]["name"] for row in found["rows"]} == set(WORKS)
    assert all(row["ours"]["cpu"] > 0 and row["theirs"]["peak"] > 0 for row in found["rows"])
    table = [text for text in done.stdout.splitlines() if text.startswith("| ")][1:]
    assert len(table) == len(found["rows"])
    assert "failed" not in done.stdout


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="exits with 1: no such thing"):
        run([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path, {})


def test_a_failure_ends_the_row_and_not_the_bench(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    fine, broken = ((sys.executable, "-c", text) for text in ("pass", "raise SystemExit('broken')"))
    row = Bench(tmp_path, 1).row(Work("heads", 1, "a", "empty", (fine,), (fine, broken)))
    assert row.error.endswith("exits with 1: broken")
    assert row.ratios is None


def test_a_row_that_failed_is_in_the_table() -> None:
    assert line(Row(WORK, 1, error="sqlgen exits with 3: a|b")).startswith(
        "| `heads` | failed: sqlgen exits with 3: a/b |"
    )


@pytest.mark.parametrize(("cpu", "peak", "met"), [(0.2, 10, True), (0.3, 10, False), (0.1, 11, False)])
def test_a_row_is_met_by_both_ratios(cpu: float, peak: int, met: bool) -> None:
    assert Row.of(WORK, [(Figure(cpu, 1, peak), Figure(1, 1, 10))]).met() is met


def test_ratios_are_taken_within_each_pair() -> None:
    row = Row.of(WORK, [(Figure(ours, 1, 10), Figure(theirs, 1, 20)) for ours, theirs in ((1, 10), (4, 20), (9, 30))])
    assert row.ratios == (0.2, 0.5)
    assert row.ours == Figure(4, 1, 10)


def test_processes_in_turn_and_medians() -> None:
    figures = [Figure(1, 2, 30), Figure(2, 3, 10), Figure(9, 9, 20)]
    assert together(figures) == Figure(12, 14, 30)
    assert median(figures) == Figure(2, 3, 20)


def test_only_the_same_work_has_a_bar() -> None:
    five, back = tree_works(1000, {"five", "back"})
    assert (five.bar, back.bar, back.memory_bar) == (0.25, None, None)
    assert "--no-downgrade" in five.ours[0]
    assert "--no-downgrade" not in back.ours[0]
    assert five.theirs == back.theirs
    assert len(five.theirs) == five.ours[0].count("-d") == back.ours[0].count("-d") == 5


def test_growth_takes_the_start_off() -> None:
    rows = [
        Row(Work("base", size, "", "", (), ()), 1, Figure(ours, 0, 0), Figure(theirs, 0, 0))
        for size, ours, theirs in ((10, 3, 2), (100, 21, 16), (1, 1, 1))
    ]
    assert growth(rows, [10, 100]) == (10, 15)
    assert growth(rows[:2], [10, 100]) is None
