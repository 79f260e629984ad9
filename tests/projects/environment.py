"""The environment of the real projects, which ``make projects`` builds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / "build" / "projects"


def program(name: str) -> Path:
    """Return a program of the environment; without it the test is skipped, and fails in CI."""
    found = ENVIRONMENT / "bin" / name
    if not found.exists():
        missing = f"{ENVIRONMENT.name}: run 'make projects' first"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(f"NOT TESTED: {missing}")
    return found
