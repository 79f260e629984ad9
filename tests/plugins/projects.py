"""The projects of this folder: rendered by sqlgen, and by Alembic in processes of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlgen.project import Project
from tests.differential.outcome import Key, Outcome
from tests.differential.sides import by_alembic, chain

HERE = Path(__file__).parent
NAMES = ("entities", "enums")


def by_sqlgen(name: str, direction: str) -> dict[str, Outcome]:
    """Return what sqlgen makes of each revision of a project for PostgreSQL, by the stem of its file."""
    return dict(chain(Project.open(HERE / name), "postgresql", direction).outcomes())


def by_alembic_alone(name: str) -> dict[Key, Outcome]:
    """Return what Alembic makes of each revision of a project for PostgreSQL."""
    return by_alembic(sorted((HERE / name / "migrations" / "versions").glob("*.py")), ["postgresql"])


def script(name: str, direction: str = "upgrade") -> str:
    """Return sqlgen's whole script."""
    symbols = "base:heads" if direction == "upgrade" else "heads:base"
    return str(Project.open(HERE / name).script(symbols, dialect="postgresql", direction=direction))


def alembic_script(name: str) -> str:
    """Return the whole script that ``alembic upgrade --sql`` prints, env.py and all."""
    command = [sys.executable, "-B", "-m", "alembic", "upgrade", "head", "--sql"]
    return subprocess.run(command, cwd=HERE / name, check=True, capture_output=True, text=True).stdout
