"""``upgrade --no-downgrade``: a folder without the way back, and what an earlier run left in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sqlgen.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"
Run = Callable[..., Result]
RANGE = "93ce5f60b8d1:head"
LEFT = "sqlgen: warning: {}: an earlier run left its way back, which may not fit this upgrade: "


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(EXAMPLE)
    return lambda *words: CliRunner().invoke(main, ["upgrade", *words])


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("more", ["", "--checks", "--no-per-revision", "--idempotent --client psql --schema s"])
def test_the_upgrades_are_the_same_and_nothing_else_is_written(run: Run, tmp_path: Path, more: str) -> None:
    words = [RANGE, "-d", "pg", "-d", "mssql", *more.split(), "-o"]
    both, one = (run(*words, str(tmp_path / name), *option) for name, option in (("a", ()), ("b", ("--no-downgrade",))))
    assert (both.exit_code, one.exit_code) == (0, 0)
    assert one.stderr == both.stderr.replace(f"{tmp_path}/a", f"{tmp_path}/b")
    whole, found = tree(tmp_path / "a"), tree(tmp_path / "b")
    assert found == {name: text for name, text in whole.items() if "downgrade." not in name}
    assert "postgresql/downgrade.sql" in whole
    assert ("postgresql/verify.sql" in found) is ("--checks" in more)


def test_the_summary_names_what_was_written(run: Run, tmp_path: Path) -> None:
    done = run(RANGE, "-d", "pg", "--no-per-revision", "--no-downgrade", "-o", str(tmp_path), "--json")
    assert json.loads(done.stdout)[0]["files"] == [(tmp_path / "postgresql/upgrade.sql").as_posix()]


@pytest.mark.parametrize("place", [[], ["-o", "-"], ["-o", "{}/up.sql"]])
def test_without_a_folder_it_says_what_is_so_anyway(run: Run, tmp_path: Path, place: list[str]) -> None:
    words = [RANGE, "-d", "sqlite", *(word.format(tmp_path) for word in place)]
    found = []
    for option in ([], ["--no-downgrade"]):
        done = run(*words, *option)
        found.append((done.exit_code, done.stdout, done.stderr, tree(tmp_path)))
    assert found[0] == found[1]
    assert found[0][0] == 0


def test_checks_need_a_folder_all_the_same(run: Run) -> None:
    done = run(RANGE, "-d", "pg", "--checks", "--no-downgrade")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "hint: Name a folder: -o out/" in done.stderr


def test_what_an_earlier_run_left_is_named_and_kept(run: Run, tmp_path: Path) -> None:
    run(RANGE, "-d", "pg", "-d", "mysql", "--no-per-revision", "-o", str(tmp_path))
    (tmp_path / "mysql/downgrade.sql").unlink()
    before = tree(tmp_path)
    done = run("base:head", "-q", "-d", "pg", "-d", "mysql", "--no-per-revision", "--no-downgrade", "-o", str(tmp_path))
    assert done.stderr == f"{LEFT.format('postgresql')}{tmp_path.as_posix()}/postgresql/downgrade.sql\n"
    after = tree(tmp_path)
    assert after.keys() == before.keys()
    assert after["postgresql/downgrade.sql"] == before["postgresql/downgrade.sql"]
    assert after["postgresql/upgrade.sql"] != before["postgresql/upgrade.sql"]


def test_of_many_files_some_are_named(run: Run, tmp_path: Path) -> None:
    run("base:+3", "-d", "pg", "-o", str(tmp_path), "--checks")
    home = tmp_path / "postgresql"
    for name in ("downgrade.1.sql", "downgrade.RUNSHEET.md", "downgrade.notes.sql"):  # the last one is the user's own
        (home / name).touch()
    # Revisions whose upgrade is not written now are an older pair, and not told of.
    done = run("base:+2", "-q", "-d", "pg", "--no-downgrade", "-o", str(tmp_path))
    names = [f"{home.as_posix()}/downgrade{end}" for end in (".1.sql", ".RUNSHEET.md", ".precheck.sql")]
    assert done.stderr == f"{LEFT.format('postgresql')}{', '.join(names)} and 4 more\n"


def test_an_upgrade_that_cannot_be_taken_back_tells_of_them_too(run: Run, tmp_path: Path) -> None:
    run(RANGE, "-d", "pg", "--no-per-revision", "-o", str(tmp_path))
    heads = "7e60c4a8f1b5,c8247fd0b93e:head"
    done = run(heads, "-q", "-d", "pg", "--no-per-revision", "-o", str(tmp_path))
    no_way, left = done.stderr.splitlines()
    assert "postgresql: no downgrade.sql" in no_way
    assert left == f"{LEFT.format('postgresql')}{tmp_path.as_posix()}/postgresql/downgrade.sql"


@pytest.mark.parametrize("command", ["downgrade", "stamp", "schema"])
def test_other_commands_have_no_such_option(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(EXAMPLE)
    done = CliRunner().invoke(main, [command, "head", "-d", "pg", "--no-downgrade"])
    assert done.exit_code == 2
    assert "--no-downgrade" in done.stderr


def test_a_shell_completes_it() -> None:
    words = {"_SQLGEN_COMPLETE": "bash_complete", "COMP_WORDS": "sqlgen upgrade --no-d", "COMP_CWORD": "2"}
    done = CliRunner().invoke(main, [], prog_name="sqlgen", env=words)
    assert done.stdout.split() == ["plain,--no-downgrade"]
