"""Whole chains of real projects: they render, apply, and leave behind what Alembic does and the shadow schema says.

The checks are made by :mod:`tests.projects.whole` in the environment with the projects (``make projects``), on servers
of its own; what is known to fail stands in :mod:`tests.projects.gaps`, which is strict both ways.
"""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.projects.environment import ROOT, program
from tests.projects.gaps import EXPECTED

CHAINS = {
    ("argilla-server", "postgresql"),
    ("argilla-server", "sqlite"),
    ("meltano", "mssql"),
    ("meltano", "postgresql"),
    ("meltano", "sqlite"),
    ("optuna", "mariadb"),
    ("optuna", "mysql"),
    ("optuna", "postgresql"),
    ("optuna", "sqlite"),
    ("zuul", "mariadb"),
    ("zuul", "mysql"),
    ("zuul", "postgresql"),
}
"""The chains that need no more than ``make projects`` installs."""

Outcome = dict[str, object]


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """Every check of every chain, made once."""
    python = program("python")
    names = sorted({name for name, _ in CHAINS})
    done = subprocess.run(
        [str(python), "-W", "ignore", "-m", "tests.projects.whole", "--json", *names],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.xdist_group("projects")
@pytest.mark.parametrize(("name", "dialect"), sorted(CHAINS))
def test_a_whole_chain(name: str, dialect: str, outcomes: list[Outcome]) -> None:
    found = [outcome for outcome in outcomes if (outcome["project"], outcome["dialect"]) == (name, dialect)]
    assert found
    failed = {str(outcome["check"]) for outcome in found if outcome["passed"] is False}
    gaps = {check for project, target, check in EXPECTED if (project, target) == (name, dialect)}
    assert failed == gaps, json.dumps(found, indent=1)
