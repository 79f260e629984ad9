"""Revisions of real projects that ask what stands take the way that a server would have made them take."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.projects.environment import ROOT, program
from tests.projects.forks import FORKS, Fork

Seen = dict[str, Any]


@pytest.fixture(scope="module")
def taken() -> dict[str, Seen]:
    """Both sides of each way, gone once in the environment with the projects."""
    python = program("python")
    done = subprocess.run(
        [str(python), "-W", "ignore", "-m", "tests.projects.forks", *sorted({fork.way.project for fork in FORKS})],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = map(json.loads, done.stdout.splitlines())
    return {seen["way"]: seen for seen in found}


def lines(seen: Seen, side: str, fork: Fork) -> list[str]:
    """Return the lines of the revision that ran, as they stand in its file."""
    (path,) = (path for path in Path(seen["folder"]).rglob("*.py") if f"{fork.revision}" in path.stem)
    source = path.read_text(encoding="utf-8").splitlines()
    return [source[number - 1].strip() for number in seen[side]["ran"][path.name]]


@pytest.mark.xdist_group("projects")
@pytest.mark.parametrize("fork", FORKS, ids=str)
def test_the_way_is_the_servers(fork: Fork, taken: dict[str, Seen]) -> None:
    seen = taken[str(fork.way)]
    assert seen["shadow"] == seen["server"]
    answers = [
        asked["answer"]
        for asked in seen["shadow"]["asked"]
        if asked["question"] == fork.question and fork.revision in asked["file"]
    ]
    assert answers
    assert (f'"{fork.about}"' in json.dumps(answers)) is fork.there
    ran = lines(seen, "shadow", fork)
    assert not fork.taken or any(fork.taken in line for line in ran)
    assert not fork.left or not any(fork.left in line for line in ran)
