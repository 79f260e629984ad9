"""The floors do the work that they tell of, and each stage more than the one before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.floors import STAGES, Operations, perform, stage_command
from bench.histories import History, write_tables

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("floors") / "p"
    History(40).write(folder)
    return folder


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_ends_well(history: Path, stage: str) -> None:
    done = subprocess.run(stage_command(stage, history), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_last_stage_compiles_every_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tables(tmp_path / "p", 10)
    made: list[Operations] = []
    start = Operations.__init__

    def kept(self: Operations, stage: str) -> None:
        start(self, stage)
        made.append(self)

    monkeypatch.setattr(Operations, "__init__", kept)
    monkeypatch.setitem(sys.modules, "alembic", sys.modules["bench"])  # put back when the test is over
    perform("text", tmp_path / "p")
    texts = [text.split()[:2] for text in made[0].texts]
    assert texts.count(["CREATE", "TABLE"]) == 10
