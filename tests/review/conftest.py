from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sqlgen.cli import main

PYPROJECT = """
[tool.sqlgen]
script_location = "migrations"
dialects = { postgresql = "15", sqlite = "3.40" }
"""

REVISION = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {down!r}
{more}

def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
'''

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer(), primary_key=True))'
DROP = 'op.drop_table("{0}")'

AUTHOR = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass
class Work:
    """A project in a folder of its own, and what is done with it."""

    root: Path

    def revision(
        self, id: str, down: str | tuple[str, ...] | None, upgrade: str = "", downgrade: str = "", more: str = ""
    ) -> Path:
        """Write a revision that makes the table ``t_<id>``, unless it is told to do something else."""
        path = self.root / f"migrations/versions/{id}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            REVISION.format(
                id=id,
                down=down,
                message=f"make {id}",
                upgrade=upgrade or CREATE.format(f"t_{id}"),
                downgrade=downgrade or DROP.format(f"t_{id}"),
                more=more,
            ),
            encoding="utf-8",
        )
        return path

    def sqlgen(self, *words: str, code: int = 0) -> Result:
        """Run the command line in the project, and expect an exit code."""
        done = CliRunner().invoke(main, list(words))
        assert done.exit_code == code, f"{words}: {done.exit_code}\n{done.output}"
        return done

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.sqlgen(*words, "--json", code=code).stdout)

    def kinds(self) -> list[tuple[str, str]]:
        """Return the findings of a check as kind and path."""
        done = CliRunner().invoke(main, ["check", "--json"])
        return [(one["kind"], one["path"]) for one in json.loads(done.stdout)["findings"]]

    def git(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *words], cwd=self.root, env={**os.environ, **AUTHOR}, capture_output=True, text=True
        )
        assert not check or done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
        return done

    def commit(self, message: str = "x") -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def path(self, name: str) -> Path:
        return self.root / "out" / name

    def tree(self) -> dict[str, bytes]:
        """Return every file in the folder of scripts, hidden ones too."""
        return files_in(self.root / "out")


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """A project with two revisions, a1 and a2, in the current directory; nothing is generated yet."""
    for name in ("CI", "GITHUB_ACTIONS", "GITHUB_WORKSPACE", "ALEMBIC_CONFIG", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    made = Work(root)
    made.revision("a1", None)
    made.revision("a2", "a1")
    return made


@pytest.fixture
def generated(work: Work) -> Work:
    """The same project with its scripts."""
    work.sqlgen("generate")
    return work


@pytest.fixture
def repository(work: Work) -> Work:
    """The same project with its scripts, committed to a repository of its own, on the branch ``main``."""
    work.git("init", "-q", "-b", "main")
    work.sqlgen("generate")
    work.commit("first")
    return work
