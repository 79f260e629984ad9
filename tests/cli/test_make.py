from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.projects import make_project


def test_from_init_to_heads(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    result = run("init", "db")
    assert result.stdout.splitlines()[0] == "alembic.ini"
    assert "Next: sqlgen revision" in result.stderr
    path = run("revision", "-m", "first", "--rev-id", "a1").stdout
    assert path == "db/versions/a1_first.py\n"
    new = json.loads(run("revision", "-m", "second", "--json").stdout)
    assert new["down_revision"] == ["a1"]
    assert Path(new["path"]).is_file()
    assert run("heads").stdout == f"{new['revision']} (head)\n"


def test_init_twice(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    assert json.loads(run("-q", "init", "--json").stdout)["files"][1] == "migrations/env.py"
    result = run("init")
    assert result.exit_code == 2
    assert result.stderr == "sqlgen: error: alembic.ini: the file exists, and is not overwritten\n"


@pytest.mark.parametrize(
    ("words", "down"),
    [
        ("revision -m x --rev-id new --head m1", ["m1"]),
        ("revision -m x --rev-id new --head base --branch-label l", []),
        ("revision -m x --rev-id new --head a1 --splice --depends-on b1", ["a1"]),
        ("revision -m x --rev-id new --head m1 --version-path mig/versions", ["m1"]),
        ("revision -m -1 --rev-id new", ["m1"]),
    ],
)
def test_revision(run: Run, words: str, down: list[str]) -> None:
    result = run(*words.split(), "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["down_revision"] == down
    assert run("show", "new").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code", "message", "hint"),
    [
        ("revision --head a1", 2, "a1 is not a head", "--splice"),
        ("revision --rev-id a1", 3, "mig/versions/a1.py:4: there is a revision a1 already", "--rev-id"),
        ("revision --version-path elsewhere", 2, "elsewhere is none of the version_locations", "mig/versions"),
        ("merge", 2, "a merge joins several revisions, and heads is m1", "sqlgen heads"),
    ],
)
def test_what_cannot_be_made(run: Run, words: str, code: int, message: str, hint: str) -> None:
    result = run(*words.split())
    assert result.exit_code == code
    assert message in result.stderr
    assert hint in result.stderr


def test_merge(run: Run, folder: Path) -> None:
    (folder / "mig/versions/m1.py").unlink()
    result = run("revision", "-m", "x")
    assert "there are 2 heads, a2, b1" in result.stderr
    assert "--head LABEL@head" in result.stderr
    merged = run("merge", "a2", "b1", "-m", "both", "--rev-id", "m2", "--branch-label", "joined")
    assert merged.stdout == "mig/versions/m2_both.py\n"
    assert run("heads").stdout == "m2 (joined, side) (head) (mergepoint)\n"


def test_hooks_are_told(run: Run, folder: Path) -> None:
    with (folder / "alembic.ini").open("a") as file:
        file.write("[post_write_hooks]\nhooks = black\n")
    assert "sqlgen: warning: post_write_hooks are not run: black" in run("revision").stderr


def test_alembic_runs_what_sqlgen_made(tmp_path: Path) -> None:
    for words in (
        ["-m", "sqlgen", "init"],
        ["-m", "sqlgen", "revision", "-m", 'say """hello"""\nand \\more', "--rev-id", "a1"],
        ["-m", "alembic", "revision", "-m", "by the other one", "--rev-id", "a2"],
        ["-m", "alembic", "upgrade", "head"],
    ):
        subprocess.run([sys.executable, *words], cwd=tmp_path, check=True, capture_output=True)
    words = [sys.executable, "-m", "alembic", "upgrade", "head", "--sql"]
    offline = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    current = [sys.executable, "-m", "alembic", "current"]
    assert "-- Running upgrade a1 -> a2" in offline
    assert subprocess.run(current, cwd=tmp_path, capture_output=True, text=True).stdout == "a2 (head)\n"
    assert subprocess.run([sys.executable, "-m", "sqlgen", "heads"], cwd=tmp_path, capture_output=True).stdout == (
        b"a2 (head)\n"
    )


def test_a_project_one_folder_down(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path / "outer/inner")
    monkeypatch.chdir(tmp_path / "outer")
    assert run("heads").stdout.startswith("m1")
