"""The harness itself: a test that applies a script is worth as much as the harness' word that it failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases.clients import Client, Completed, Database, ServerMissingError
from tests.databases.conftest import DATABASES, running

SERVERS = [database for database in DATABASES if database.values != ("sqlite",)]
"""The two whose clients stop at the first error without being told so by the script."""

GOOD = """\
CREATE TABLE shelf (id INTEGER PRIMARY KEY, name VARCHAR(40));
INSERT INTO shelf VALUES (1, 'Bandes dessinées'), (2, NULL), (3, '');
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
INSERT INTO alembic_version VALUES ('b2'), ('a1');
"""


def test_rows_come_back_as_written(database: Database) -> None:
    database.run_script(GOOD).check()
    assert database.query("SELECT id, name FROM shelf ORDER BY id") == [
        ("1", "Bandes dessinées"),
        ("2", None),
        ("3", ""),
    ]


def test_tables_and_versions(database: Database) -> None:
    database.run_script(GOOD).check()
    assert database.tables() == ["alembic_version", "shelf"]
    assert database.versions() == ["a1", "b2"]


def test_empty_database_has_no_versions(database: Database) -> None:
    assert database.tables() == []
    assert database.versions() == []


def test_each_database_is_its_own(client: Client) -> None:
    client.fresh_database().run_script(GOOD).check()
    assert client.fresh_database().tables() == []


def test_script_from_a_file(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a script.sql"
    path.write_text(GOOD, encoding="utf-8")
    database.run_script(path).check()
    assert database.versions() == ["a1", "b2"]


def test_failing_script_is_told(database: Database) -> None:
    done = database.run_script("INSERT INTO nowhere VALUES (1);\n")
    assert done.returncode != 0
    assert "nowhere" in done.stdout + done.stderr
    with pytest.raises(AssertionError, match="nowhere"):
        done.check()


def test_failing_query_is_told(database: Database) -> None:
    with pytest.raises(AssertionError, match="nowhere"):
        database.query("SELECT * FROM nowhere")


@pytest.mark.parametrize("name", SERVERS)
def test_scripts_stop_at_the_first_error(request: pytest.FixtureRequest, name: str) -> None:
    database = request.getfixturevalue(name).fresh_database()
    assert database.run_script("SELECT * FROM nowhere;\nCREATE TABLE later (id INTEGER);\n").returncode != 0
    assert database.tables() == []


def missing() -> Iterator[Client]:
    def start() -> Client:
        raise ServerMissingError("no such server")

    return running(start)


def test_missing_server_is_skipped_on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NOT TESTED: no such server"):
        next(missing())


def test_missing_server_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no such server"):
        next(missing())


def test_check_returns_what_went_well() -> None:
    done = Completed(0, "", "")
    assert done.check() is done
