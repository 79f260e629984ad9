"""``sqlgen release`` and ``sqlgen status``: what is handed over, frozen, and what a database still needs."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from sqlgen.cli import main
from sqlgen.review import runsheet
from sqlgen.review.status import pasted
from tests.review.conftest import CREATE, Work, files_in

ROOT = Path(__file__).parents[2]
SCRIPTS = {"downgrade.sql", "upgrade.sql"}


@pytest.fixture
def released(repository: Work) -> Work:
    """The project with a2 released as 1.0.0, and a3, a4 upon it."""
    repository.sqlgen("release", "1.0.0")
    repository.revision("a3", "a2")
    repository.revision("a4", "a3")
    repository.sqlgen("generate")
    return repository


def folder(work: Work, tag: str) -> Path:
    return work.path(f"releases/{tag}")


def test_a_release_has_all_that_is_handed_over(released: Work) -> None:
    done = released.sqlgen("release", "1.1.0")
    assert done.stderr.startswith("release 1.1.0: a2 -> a4, 2 revisions, 19 files -> out/releases/1.1.0")
    assert sorted(name for name in files_in(folder(released, "1.1.0")) if not name.startswith("sqlite")) == [
        "RUNSHEET.md",
        "SHA256SUMS",
        "manifest.json",
        "postgresql/downgrade.sql",
        "postgresql/precheck.sql",
        "postgresql/revisions/0003_a3_make_a3.downgrade.sql",
        "postgresql/revisions/0003_a3_make_a3.upgrade.sql",
        "postgresql/revisions/0004_a4_make_a4.downgrade.sql",
        "postgresql/revisions/0004_a4_make_a4.upgrade.sql",
        "postgresql/upgrade.sql",
        "postgresql/verify.sql",
    ]
    expected = released.sqlgen("upgrade", "a2:a4", "-d", "sqlite", "-o", "-").stdout_bytes
    assert (folder(released, "1.1.0") / "sqlite/upgrade.sql").read_bytes() == expected
    assert "\nrelease 1.1.0 a2..a4 " in released.path("sqlgen.sum").read_text()
    released.sqlgen("check")


def test_the_checksums_are_those_of_the_files(released: Work) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("there is no sha256sum here")
    place = folder(released, "1.0.0")
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=place).returncode == 0
    (place / "sqlite/upgrade.sql").write_text("-- other\n")
    assert subprocess.run(["sha256sum", "--status", "-c", "SHA256SUMS"], cwd=place).returncode == 1


def test_the_manifest_says_where_each_script_leads(released: Work) -> None:
    facts = json.loads((folder(released, "1.0.0") / "manifest.json").read_text())
    assert (facts["from"], facts["to"]) == ([], ["a2"])
    one = facts["files"]["sqlite/revisions/0002_a2_make_a2.upgrade.sql"]
    assert (one["direction"], one["from"], one["to"]) == ("upgrade", ["a1"], ["a2"])
    back = facts["files"]["sqlite/downgrade.sql"]
    assert (back["direction"], back["from"], back["to"]) == ("downgrade", ["a2"], [])
    assert facts["dialects"]["sqlite"]["tables"] == ["t_a1", "t_a2"]


def test_the_archive_has_the_same_bytes_wherever_it_is_made(released: Work) -> None:
    archive = released.path("releases/1.0.0.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        assert file.testzip() is None
        inside = {name.removeprefix("1.0.0/"): file.read(name) for name in file.namelist()}
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert inside == files_in(folder(released, "1.0.0"))
    words = [sys.executable, "-m", "sqlgen", "release", "1.0.0x", "base:a2", "-o", "dist"]
    subprocess.run(words, cwd=released.root, check=True, capture_output=True)
    shutil.copytree("dist/1.0.0x", "dist/again")
    subprocess.run(words, cwd=released.root, check=True, capture_output=True)
    assert files_in(Path("dist/again")) == files_in(Path("dist/1.0.0x"))


def test_the_run_sheet_tells_the_order_and_the_way_back(released: Work) -> None:
    released.sqlgen("release", "1.1.0")
    text = (folder(released, "1.1.0") / "RUNSHEET.md").read_text()
    assert text.startswith("# Release 1.1.0: `a2` → `a4`\n")
    order = [
        "| 1 | `a3` | make a3 | `migrations/versions/a3.py` |",
        "    sha256sum -c SHA256SUMS",
        "## PostgreSQL 15",
        "- statements: 2 (2 CREATE TABLE)",
        "- tables touched: `t_a3`, `t_a4`",
        "       SELECT version_num FROM alembic_version;",
        "   It must be at `a2` and nothing else.",
        "2. Ask whether the upgrade can go well; it reads only:",
        "precheck.sql",
        "       psql -X -v ON_ERROR_STOP=1 -d DATABASE -f upgrade.sql",
        "4. Ask again where it is. It must be at `a4` and nothing else.",
        "verify.sql",
        "       psql -X -v ON_ERROR_STOP=1 -d DATABASE -f downgrade.sql",
        "## SQLite 3.40",
    ]
    places = [text.index(line) for line in order]
    assert places == sorted(places)


def test_a_release_without_a_way_back_says_so(released: Work) -> None:
    released.revision("a4", "a3", downgrade="raise NotImplementedError('never')")
    released.sqlgen("generate")
    released.sqlgen("release", "1.1.0")
    text = (folder(released, "1.1.0") / "RUNSHEET.md").read_text()
    assert "6. There is no way back by a script: at least one of the revisions cannot be taken back." in text
    assert not (folder(released, "1.1.0") / "sqlite/downgrade.sql").exists()


def test_markdown_in_messages_is_text() -> None:
    assert runsheet.escaped("a|b *c* <d> `e`\nf") == "a\\|b \\*c\\* \\<d\\> \\`e\\` f"
    assert runsheet.code("a`b") == "``a`b``"
    assert runsheet.code("`a") == "`` `a ``"


def test_the_next_release_starts_where_the_last_one_ended(released: Work) -> None:
    released.sqlgen("release", "1.1.0", "a3")
    released.sqlgen("release", "1.2.0")
    lines = [line for line in released.path("sqlgen.sum").read_text().splitlines() if line.startswith("release ")]
    assert [line.split()[1:3] for line in lines] == [["1.0.0", "base..a2"], ["1.1.0", "a2..a3"], ["1.2.0", "a3..a4"]]


def test_the_first_release_starts_at_the_baseline(work: Work) -> None:
    for name in ("postgresql", "sqlite"):
        work.sqlgen("schema", "a1", "-d", name, "--json", "-o", f"{name}.json")
    config = work.root / "pyproject.toml"
    config.write_text(config.read_text() + 'baseline = { postgresql = "postgresql.json", sqlite = "sqlite.json" }\n')
    work.sqlgen("generate")
    assert "t_a1" not in work.path("sqlite/upgrade.sql").read_text()
    text = config.read_text()
    config.write_text(text.replace(', sqlite = "sqlite.json"', ""))
    assert "the baselines differ: a1:heads, base:heads" in work.sqlgen("release", "x", "-o", "dist", code=2).stderr
    config.write_text(text)
    assert work.sqlgen("release", "1.0").stderr.startswith("release 1.0: a1 -> a2, 1 revision,")


def test_a_release_that_leaves_a_gap_is_told(released: Work) -> None:
    done = released.sqlgen("release", "1.1.0", "a3:a4")
    assert "release 1.0.0 ended at a2, and this one starts at a3" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["1.0.0"], 2, "release 1.0.0 was made already (base → a2)"),
        (["1.1.0", "a2"], 2, "holds no revision, so there is nothing to release"),
        (["1.1.0", "zz"], 2, "zz"),
        (["../x"], 2, "cannot be the name of a release"),
        (["a b"], 2, "cannot be the name of a release"),
        (["..", "a4"], 2, "cannot be the name of a release"),
        (["1.1.0", "-o", "-"], 2, "not for stdout"),
    ],
)
def test_what_is_no_release_is_an_error(released: Work, words: list[str], code: int, message: str) -> None:
    before = released.tree()
    assert message in released.sqlgen("release", *words, code=code).stderr
    assert released.tree() == before


def test_scripts_that_nobody_reviewed_are_not_released(released: Work) -> None:
    released.revision("a4", "a3", upgrade=CREATE.format("other"))
    before = released.tree()
    done = released.sqlgen("release", "1.1.0", code=1)
    assert "nobody reviewed what would be released" in done.stderr
    assert "To mend: sqlgen generate" in done.stderr
    assert released.tree() == before


def test_a_folder_of_somebody_else_is_left_alone(released: Work) -> None:
    (folder(released, "1.1.0")).mkdir()
    (folder(released, "1.1.0") / "notes.txt").write_text("mine")
    before = released.tree()
    assert "out/releases/1.1.0/notes.txt is there already" in released.sqlgen("release", "1.1.0", code=1).stderr
    assert released.tree() == before


def test_nothing_is_recorded_in_ci(released: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    before = released.tree()
    assert "no release is recorded there" in released.sqlgen("release", "1.1.0", code=2).stderr
    released.sqlgen("release", "1.1.0", "-o", "dist", "--no-zip")
    assert released.tree() == before
    assert sorted(path.name for path in Path("dist").iterdir()) == ["1.1.0"]


@pytest.mark.parametrize("name", ["manifest.json", "sqlite/upgrade.sql", "SHA256SUMS"])
def test_a_release_that_was_edited_is_found(released: Work, name: str) -> None:
    (folder(released, "1.0.0") / name).write_text("{}\n")
    (found,) = released.json("check", code=1)["findings"]
    assert (found["kind"], found["path"]) == ("released", f"out/releases/1.0.0/{name}")


def test_a_file_of_a_release_that_is_gone_is_found(released: Work) -> None:
    (folder(released, "1.0.0") / "sqlite/upgrade.sql").unlink()
    assert released.kinds() == [("released", "out/releases/1.0.0/sqlite/upgrade.sql")]
    shutil.rmtree(folder(released, "1.0.0"))
    assert released.kinds() == []


def test_the_difference_from_what_was_released_is_shown(released: Work) -> None:
    released.revision("a2", "a1", upgrade=CREATE.format("other"))
    done = released.sqlgen("generate", code=1)
    assert "a/releases/1.0.0/postgresql/revisions/0002_a2_make_a2.upgrade.sql" in done.stderr
    assert "\n-CREATE TABLE t_a2 (\n" in done.stderr


def test_a_revision_that_is_gone_after_its_release_stops_the_next_one(released: Work) -> None:
    (released.root / "migrations/versions/a2.py").unlink()
    released.revision("a3", "a1")
    done = released.sqlgen("release", "1.1.0", "-o", "dist", code=2)
    assert "release 1.0.0 ended at a2, and there is no such revision any more" in done.stderr


def apply(script: Path, database: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "examples/apply_sqlite.py", script, database], check=True, capture_output=True
    )


def test_releases_apply_one_after_the_other_and_go_back(released: Work, tmp_path: Path) -> None:
    released.sqlgen("release", "1.1.0")
    database = tmp_path / "shop.db"
    at = []
    for name in ("1.0.0/sqlite/upgrade.sql", "1.1.0/sqlite/upgrade.sql", "1.1.0/sqlite/downgrade.sql"):
        apply(released.path(f"releases/{name}"), database)
        with closing(sqlite3.connect(database)) as connection:
            at += connection.execute("SELECT version_num FROM alembic_version").fetchall()
    assert at == [("a2",), ("a4",), ("a2",)]


# status


def lines(work: Work, at: str) -> list[str]:
    return work.sqlgen("status", "--at", at).stdout.splitlines()


def test_status_names_the_scripts_that_lead_on(released: Work) -> None:
    released.sqlgen("release", "1.1.0", "a4")
    released.revision("a5", "a4")
    assert lines(released, "a2") == [
        "at a2 (release 1.0.0)",
        "3 revisions pending:",
        "  a3  make a3",
        "  a4  make a4",
        "  a5  make a5",
        "postgresql:",
        "  out/releases/1.1.0/postgresql/upgrade.sql  -> a4 (release 1.1.0)",
        "sqlite:",
        "  out/releases/1.1.0/sqlite/upgrade.sql  -> a4 (release 1.1.0)",
        "For what no release has: sqlgen upgrade a4:heads",
    ]
    assert "  out/releases/1.0.0/sqlite/upgrade.sql  -> a2 (release 1.0.0)" in lines(released, "base")
    assert lines(released, "a5") == ["at a5", "nothing is pending"]


def test_status_in_the_middle_of_a_release_goes_on_with_single_revisions(released: Work) -> None:
    released.sqlgen("release", "1.1.0")
    found = lines(released, "a3")
    assert "  out/releases/1.1.0/sqlite/revisions/0004_a4_make_a4.upgrade.sql  -> a4 (release 1.1.0)" in found
    assert "For what no release has" not in "\n".join(found)


def test_status_with_several_heads(released: Work) -> None:
    released.revision("x1", None, more='branch_labels = ("x",)')
    found = released.json("status", "--at", "a2,x1")
    assert found["at"] == ["a2", "x1"]
    assert [one["revision"] for one in found["pending"]] == ["a3", "a4"]
    assert found["command"] == "sqlgen upgrade a2,x1:heads"


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("zz", "no revision has the version 'zz'"),
        ("a1,a2", "one version table never holds a1, a2 together"),
        ("a", "no revision has the version 'a'"),
    ],
)
def test_a_version_that_cannot_be_is_an_error(released: Work, at: str, message: str) -> None:
    assert message in released.sqlgen("status", "--at", at, code=2).stderr


def test_a_version_of_a_release_that_was_rewritten_is_told(released: Work) -> None:
    (released.root / "migrations/versions/a2.py").unlink()
    released.revision("a3", "a1")
    done = released.sqlgen("status", "--at", "a2", code=2)
    assert "version a2 was released with 1.0.0, and there is no such revision any more" in done.stderr


PASTES = {
    "psql": " version_num  \n--------------\n a1\n b2\n(2 rows)\n\n",
    "mysql": "+-------------+\n| version_num |\n+-------------+\n| a1          |\n| b2          |\n+-------------+\n"
    "2 rows in set (0.00 sec)\n",
    "sqlcmd": "version_num                     \n--------------------------------\na1  \nb2  \n\n(2 rows affected)\n",
    "sqlplus": "\nVERSION_NUM\n--------------------------------\na1\nb2\n\n2 rows selected.\n",
    "sqlite3": "a1\nb2\n",
    "csv": "version_num\r\na1\r\nb2\r\n",
    "list": "a1, b2",
}
EMPTY = [" version_num\n-------------\n(0 rows)\n", "no rows selected\n", "Empty set (0.00 sec)\n", "base", ""]


@pytest.mark.parametrize("text", PASTES.values(), ids=PASTES.keys())
def test_what_clients_print_can_be_pasted(text: str) -> None:
    assert pasted(text) == ("a1", "b2")


@pytest.mark.parametrize("text", EMPTY)
def test_an_empty_table_is_the_base(text: str) -> None:
    assert pasted(text) == ()


def test_a_paste_comes_on_stdin(released: Work) -> None:
    done = CliRunner().invoke(main, ["status", "--at", "-"], input=PASTES["psql"].replace("b2", "").replace("a1", "a4"))
    assert done.stdout.startswith("at a4\nnothing is pending")


def test_status_runs_no_revision(released: Work) -> None:
    released.revision("a5", "a4").write_text('revision = "a5"\ndown_revision = "a4"\nimport nosuch\n')
    assert "  a5" in lines(released, "a4")
