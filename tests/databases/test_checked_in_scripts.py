"""``out/`` holds the example's scripts as sqlgen renders them today: a change of them shows in the same commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sqlgen.cli import main

ROOT = Path(__file__).parents[2]


def scripts(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by their relative names."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def test_checked_in_scripts_are_fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples" / "library")
    done = CliRunner().invoke(main, ["upgrade", "base:head", "-d", "all", "-o", str(tmp_path)])
    assert done.exit_code == 0, done.output
    rendered, checked_in = scripts(tmp_path), scripts(ROOT / "out")
    assert list(checked_in) == list(rendered), "run: make demo"
    assert [name for name in rendered if checked_in[name] != rendered[name]] == [], "run: make demo"
