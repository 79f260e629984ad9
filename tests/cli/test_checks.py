"""``precheck``, ``postcheck`` and ``upgrade --checks`` over the example project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sqlgen.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(EXAMPLE)
    return lambda *words: CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(("command", "title"), [("precheck", "precheck"), ("postcheck", "verify")])
def test_on_stdout(run: Run, command: str, title: str) -> None:
    done = run(command, "93ce5f60b8d1:head", "-d", "pg")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"-- {title}.sql · PostgreSQL 15 · upgrade 93ce5f60b8d1 → b2a80e4c97f5\n")
    assert f"sqlgen: {title} " in done.stdout


def test_the_way_back(run: Run) -> None:
    done = run("postcheck", "93ce5f60b8d1:head", "-d", "sqlite", "--downgrade")
    assert done.stdout.startswith("-- downgrade.verify.sql · SQLite 3.40 · downgrade b2a80e4c97f5 → 93ce5f60b8d1\n")


def test_all_is_more(run: Run) -> None:
    some, every = (run("postcheck", "head:head", "-d", "oracle", *more).stdout for more in ((), ("--all",)))
    assert some.count("DBMS_OUTPUT") < 5
    assert every.count("DBMS_OUTPUT") > 90


def test_into_a_folder_with_a_summary(run: Run, tmp_path: Path) -> None:
    done = run("precheck", "head", "-d", "mysql", "-d", "mssql", "-o", str(tmp_path), "--json")
    told = json.loads(done.stdout)
    assert [Path(one["file"]).read_text(encoding="utf-8").startswith("-- precheck.sql") for one in told] == [True, True]
    assert [one["dialect"] for one in told] == ["mysql", "mssql"]
    assert told[0]["checks"][0] == {
        "check": "server version",
        "object": "server",
        "revision": "",
        "step": 0,
        "severity": "FAIL",
        "remedy": "Render the script for this version.",
    }


def test_into_a_file(run: Run, tmp_path: Path) -> None:
    assert run("postcheck", "head", "-d", "mariadb", "-o", str(tmp_path / "v.sql")).exit_code == 0
    assert (tmp_path / "v.sql").read_text(encoding="utf-8").startswith("-- verify.sql")


def test_beside_the_scripts(run: Run, tmp_path: Path) -> None:
    assert run("upgrade", "93ce5f60b8d1:head", "-d", "all", "--checks", "-o", str(tmp_path)).exit_code == 0
    for folder in tmp_path.iterdir():
        found = {path.name for path in folder.glob("*.sql")}
        assert found == {
            "upgrade.sql", "precheck.sql", "verify.sql",
            "downgrade.sql", "downgrade.precheck.sql", "downgrade.verify.sql",
        }  # fmt: skip
    assert len(list(tmp_path.iterdir())) == 6


def test_checks_need_a_folder(run: Run) -> None:
    done = run("upgrade", "head", "-d", "pg", "--checks")
    assert done.exit_code == 2
    assert "hint: Name a folder: -o out/" in done.stderr


def test_no_way_back_to_several_revisions(run: Run) -> None:
    done = run("precheck", "7e60c4a8f1b5,c8247fd0b93e:head", "-d", "pg", "--downgrade")
    assert done.exit_code == 2
    assert "no way back to several revisions" in done.stderr


def test_a_json_summary_needs_a_place_for_the_script(run: Run) -> None:
    assert run("precheck", "head", "-d", "pg", "--json").exit_code == 2
