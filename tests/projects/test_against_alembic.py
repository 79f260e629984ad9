"""Real projects' revisions: every statement is Alembic's, or the difference is an intended one."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.projects.test_scripts_apply import ENVIRONMENT, ROOT

COMPARED = {"argilla-server": 90, "meltano": 85, "optuna": 25, "zuul": 75}
"""How many revisions Alembic renders offline at the least, all dialects and both directions together."""


@pytest.mark.parametrize("name", COMPARED)
def test_the_project_differs_only_as_intended(name: str) -> None:
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        missing = f"{ENVIRONMENT.name}: run 'make projects' first"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(f"NOT TESTED: {missing}")
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
