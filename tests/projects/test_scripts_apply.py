"""Real projects' scripts, applied with the plain clients to empty databases: the version table ends at the heads.

The projects, and what their revisions import, are in an environment of their own (``make projects``), because they pin
other versions than our tests. Their files are used as they are.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases.clients import Client
from tests.databases.conftest import mariadb, postgresql, sqlite
from tests.projects.environment import ENVIRONMENT, program

__all__ = ["mariadb", "postgresql", "sqlite"]


@dataclass(frozen=True)
class Case:
    """A project's folder of scripts below site-packages, a dialect, the fixture to apply to, and what must come out."""

    folder: str
    dialect: str
    fixture: str
    heads: tuple[str, ...]
    tables: int

    def __str__(self) -> str:
        return f"{self.folder.partition('/')[0]}-{self.dialect}"


CASES = [
    Case("argilla_server/alembic", "postgresql", "postgresql", ("580a6553186f",), 15),
    Case("zuul/driver/sql/alembic", "mariadb", "mariadb", ("1385a2593eb2",), 10),
    Case("zuul/driver/sql/alembic", "mysql", "mariadb", ("1385a2593eb2",), 10),
    Case("optuna/storages/_rdb/alembic", "postgresql", "postgresql", ("v3.2.0.a",), 12),
    Case("meltano/migrations", "sqlite", "sqlite", ("c0efb3c314eb",), 4),
    Case("meltano/migrations", "postgresql", "postgresql", ("c0efb3c314eb",), 4),
]


def render(case: Case, folder: Path) -> Path:
    """Return the script from base to heads, rendered by the command."""
    sqlgen = program("sqlgen")
    (site,) = (ENVIRONMENT / "lib").glob("python3*/site-packages")
    (folder / "scripts").mkdir()
    (folder / "scripts" / "env.py").write_text(
        "from alembic import context\ncontext.configure()\ncontext.run_migrations()\n"
    )
    (folder / "alembic.ini").write_text(
        f"[alembic]\nscript_location = scripts\nrecursive_version_locations = true\n"
        f"path_separator = newline\nversion_locations = {site / case.folder / 'versions'}\n"
    )
    command = [str(sqlgen), "-q", "upgrade", "base:heads", "-d", case.dialect, "-o", "up.sql"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "up.sql"


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=str(case), marks=pytest.mark.xdist_group(case.fixture)) for case in CASES]
)
def test_a_real_project_applies(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(case.fixture)
    database = client.fresh_database()
    database.run_script(render(case, tmp_path)).check()
    assert tuple(database.versions()) == case.heads
    assert len(database.tables()) == case.tables
