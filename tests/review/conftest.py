from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
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

SET_IN_CI = ("CI", "GITHUB_ACTIONS", "GITHUB_WORKSPACE")


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


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two revisions, a1 and a2, and its scripts, committed on the branch ``main``; to be copied."""
    root = tmp_path_factory.mktemp("template") / "shop"
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (root / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    made = Work(root)
    made.revision("a1", None)
    made.revision("a2", "a1")
    environ = {name: value for name, value in os.environ.items() if name not in SET_IN_CI}
    words = [sys.executable, "-m", "sqlgen", "generate"]
    subprocess.run(words, cwd=root, env=environ, check=True, capture_output=True)
    made.git("init", "-q", "-b", "main")
    made.commit("first")
    return root


@pytest.fixture
def repository(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    """A project with two revisions and its scripts, in a repository and in the current directory."""
    for name in (*SET_IN_CI, "ALEMBIC_CONFIG", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "shop"
    shutil.copytree(template, root)
    monkeypatch.chdir(root)
    copied = Work(root)
    copied.git("update-index", "-q", "--refresh")  # the index knows the files by their inodes, too
    return copied


@pytest.fixture
def generated(repository: Work) -> Work:
    """The same project, in no repository."""
    shutil.rmtree(repository.root / ".git")
    return repository


@pytest.fixture
def work(generated: Work) -> Work:
    """The same project, and nothing is generated yet."""
    shutil.rmtree(generated.root / "out")
    return generated
