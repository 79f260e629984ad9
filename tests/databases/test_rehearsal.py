"""Rehearsals on the three databases, through clients and drivers; what they find, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sqlgen.cli import main
from tests.databases.clients import Client, Database
from tests.databases.urls import url_of
from tests.recording.projects import make_project

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"
SHOP = """\
table = op.create_table("shop", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
op.bulk_insert(table, [{"id": 1, "name": "a"}])
"""
UNIQUE = 'op.execute("CREATE UNIQUE INDEX ix_shop_name ON shop (name)")\n'


def verify(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(folder / "alembic.ini"), "verify", *arguments])


@pytest.mark.parametrize("by", ["client", "driver"])
def test_the_example_passes(client: Client, database: Database, by: str) -> None:
    told = ["--driver"] if by == "driver" else []
    done = verify(EXAMPLE, "93ce5f60b8d1:head", "--url", url_of(database, client.dialect), "--json", *told)
    assert done.exit_code == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["passed"]
    titles = [scene["title"].split(" (")[0].split(":")[0] for scene in result["scenes"]]
    played = ["precheck", "upgrade", "verify", "the schema is as foretold"]
    back = ["precheck", "downgrade", "verify", "the schema is as foretold"]
    first = ["bring the database to 93ce5f60b8d1", "the schema is as foretold"]
    bare = [title.split(" (")[0].split(":")[0] for title in [*first, *played, *back, *played]]
    if by == "client":
        assert titles == bare
        assert all(scene["outcome"] == "passed" for scene in result["scenes"])
    else:
        assert "the driver" in result["client"]
    assert [len(scene["sha256"]) for scene in result["scenes"] if "grade" in scene["title"]] == [64] * 3
    assert database.versions() == ["b2a80e4c97f5"]


def test_a_database_that_is_not_empty_is_refused(client: Client, database: Database) -> None:
    database.run_script("CREATE TABLE theirs (id INT);").check()
    url = url_of(database, client.dialect)
    done = verify(EXAMPLE, "--url", url)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "it has theirs" in done.stderr
    assert database.tables() == ["theirs"]
    forced = verify(EXAMPLE, "--url", url, "--force")
    assert forced.exit_code == 1  # a table that the revisions do not know
    assert "theirs" in forced.stderr


def failing(folder: Path, second: str, down: str = "pass") -> Path:
    """Return a project whose second revision is wrong."""
    made = make_project(folder, {"a1": SHOP, "a2": second})
    first = (folder / "mig" / "versions" / "a1.py").read_text().replace("    pass", '    op.drop_table("shop")')
    (folder / "mig" / "versions" / "a1.py").write_text(first)
    text = (folder / "mig" / "versions" / "a2.py").read_text().replace("    pass", f"    {down}")
    (folder / "mig" / "versions" / "a2.py").write_text(text)
    return made


@pytest.mark.parametrize("by", ["client", "driver"])
def test_a_script_that_fails(client: Client, database: Database, tmp_path: Path, by: str) -> None:
    """The row is there twice, so that the index cannot be made."""
    twice = "op.execute(\"INSERT INTO shop VALUES (2, 'a')\")\n"
    folder = failing(tmp_path, twice + UNIQUE)
    told = ["--driver"] if by == "driver" else []
    done = verify(folder, "--url", url_of(database, client.dialect), *told)
    if client.dialect == "sqlite":
        assert done.exit_code == 3  # its shadow is SQLite itself, and refuses the index when the script is made
        return
    assert done.exit_code == 1
    assert "failed   upgrade" in done.stderr
    assert "rehearsal FAILED" in done.stderr
    assert database.versions() == ([] if client.dialect != "mariadb" else ["a1"])


def test_a_downgrade_that_leaves_something_behind(client: Client, database: Database, tmp_path: Path) -> None:
    """The shadow schema knows that the index stays: what fails is the second upgrade."""
    done = verify(failing(tmp_path, UNIQUE), "a1:head", "--url", url_of(database, client.dialect))
    assert done.exit_code == 1
    assert "rehearsal FAILED" in done.stderr
    assert done.stderr.count("passed   upgrade") == 1


def test_a_difference_from_the_shadow_is_found(client: Client, database: Database, tmp_path: Path) -> None:
    """A statement that only the server understands: a table made by a name that is put together there."""
    hidden = {
        "postgresql": "DO $$ BEGIN EXECUTE 'CREATE TABLE hid' || 'den (id INT)'; END $$",
        "mariadb": "EXECUTE IMMEDIATE CONCAT('CREATE TABLE hid', 'den (id INT)')",
        "sqlite": "",
    }[client.dialect]
    if not hidden:
        return  # SQLite's shadow is SQLite: it sees everything
    folder = failing(tmp_path, f"op.execute({hidden!r})\n")
    done = verify(folder, "--url", url_of(database, client.dialect))
    assert done.exit_code == 1
    assert "hidden" in done.stderr


def test_embedded(tmp_path: Path) -> None:
    """With no address at all an SQLite file is made, and thrown away."""
    result = tmp_path / "result.json"
    done = verify(EXAMPLE, "-o", str(result))
    assert (done.exit_code, done.stdout) == (0, "")
    facts: dict[str, Any] = json.loads(result.read_text())
    assert facts["dialect"] == "sqlite"
    assert facts["passed"]
    assert verify(EXAMPLE, "-o", str(result)).exit_code == 0
    assert json.loads(result.read_text()) == facts


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-d", "pg"], "Leave out -d"),
        (["--url", "oracle://x"], "does not know how to run oracle"),
        (["--url", "postgresql+psycopg2://nobody:secret@127.0.0.1:1/x"], "cannot be read"),
        (["--url", "what"], "the URL cannot be read"),
        (["nowhere"], "nowhere"),
    ],
)
def test_what_is_refused(arguments: list[str], message: str) -> None:
    done = verify(EXAMPLE, *arguments)
    assert done.exit_code == 2, done.stderr
    assert message in done.stderr
    assert "secret" not in done.stderr
