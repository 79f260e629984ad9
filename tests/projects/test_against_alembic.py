"""Real projects' revisions: every statement is Alembic's, or the difference is an intended one."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.projects.environment import ROOT, program

COMPARED = {"argilla-server": 90, "meltano": 85, "optuna": 25, "zuul": 75}
"""How many revisions Alembic renders offline at the least, all dialects and both directions together."""


@pytest.mark.parametrize("name", COMPARED)
def test_the_project_differs_only_as_intended(name: str) -> None:
    python = program("python")
    done = subprocess.run(
        [str(python), "-W", "ignore", "-m", "tests.projects.against_alembic", name],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert sum(map(int, re.findall(r"(\d+) compared", done.stdout))) >= COMPARED[name]
