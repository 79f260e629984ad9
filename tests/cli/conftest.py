from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sqlgen.cli import main
from tests.cli.projects import make_project

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project in the current directory."""
    for name in ("NO_COLOR", "FORCE_COLOR", "ALEMBIC_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


@pytest.fixture
def run(folder: Path) -> Run:
    """Return a function that runs the command line in this process, inside the project."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return run
