"""What the options about form and client do on the real servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sqlgen import Project
from tests.databases import nights
from tests.databases.clients import Client, Database
from tests.databases.conftest import DATABASES
from tests.recording.projects import make_project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return nights.project(tmp_path_factory.mktemp("chain"))


def text(project: Project, dialect: str, range_text: str = "base:r03", **options: Any) -> str:
    return str(project.script(range_text, dialect=dialect, **options))


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize(("last", "versions"), [("COMMIT", ["r03"]), ("ROLLBACK", [])])
def test_a_commit_that_is_left_to_the_dba(postgresql: Client, project: Project, last: str, versions: list[str]) -> None:
    database = postgresql.fresh_database()
    script = text(project, "postgresql", commit="manual")
    assert "\nCOMMIT;" not in script
    done = database.run_script(f"{script}\n{last};\n").check()
    assert "sqlgen: now at r03, once you say COMMIT; (or ROLLBACK;)" in done.stdout
    assert database.versions() == versions


@pytest.mark.xdist_group("sqlite")
@pytest.mark.parametrize(("last", "versions"), [("COMMIT", ["r03"]), ("ROLLBACK", [])])
def test_the_same_in_the_shell(sqlite: Client, project: Project, last: str, versions: list[str]) -> None:
    database = sqlite.fresh_database()
    done = database.run_script(f"{text(project, 'sqlite', commit='manual')}\n{last};\n").check()
    assert "once you say COMMIT;" in done.stdout
    assert database.versions() == versions


@pytest.mark.xdist_group("postgresql")
def test_a_transaction_of_the_one_who_runs_it(postgresql: Client, project: Project) -> None:
    """Without one LOCK TABLE is refused, and nothing is changed; with ``psql -1`` all is in."""
    made = postgresql.fresh_database()
    made.run_script(text(project, "postgresql", "base:r01")).check()
    script = text(project, "postgresql", "r01:r03", commit="none")
    assert "\nBEGIN;" not in script
    assert made.run_script(script).returncode != 0
    assert made.versions() == ["r01"]
    made.goes_on(script, "-1", "-v", "ON_ERROR_STOP=1").check()
    assert made.versions() == ["r03"]


@pytest.mark.parametrize("dialect", DATABASES)
def test_no_transactions_at_all(dialect: str, project: Project, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(dialect)
    database = client.fresh_database()
    script = text(project, dialect, transaction="none")
    assert "\nBEGIN;" not in script
    database.run_script(script).check()
    assert not nights.wrong_end(database, whole=True)
    assert database.versions() == ["r03"]


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("form", ["plain", "block"])
def test_a_schema_of_postgresql(postgresql: Client, project: Project, form: str) -> None:
    database = postgresql.fresh_database()
    database.run_script('CREATE SCHEMA "Sales 1";').check()
    database.run_script(text(project, "postgresql", schema="Sales 1", form=form)).check()
    rows = database.query("SELECT DISTINCT schemaname FROM pg_tables WHERE tablename IN ('log', 'alembic_version')")
    assert rows == [("Sales 1",)]
    wrong = database.run_script(text(project, "postgresql", "r02:r04", schema="Sales 1", form=form))
    assert "The database is at r03." in wrong.stderr


@pytest.mark.xdist_group("mariadb")
def test_a_schema_of_mariadb(mariadb: Client, project: Project) -> None:
    database, other = mariadb.fresh_database(), mariadb.fresh_database()
    name = getattr(other, "name")  # noqa: B009 - every server's database has one, but the shell's
    database.run_script(text(project, "mariadb", schema=name)).check()
    assert (database.tables(), other.versions()) == ([], ["r03"])


@pytest.mark.xdist_group("postgresql")
def test_a_statement_that_takes_too_long(postgresql: Client, tmp_path: Path) -> None:
    chain = Project.open(make_project(tmp_path, 'op.execute("SELECT pg_sleep(30)")'))
    database = postgresql.fresh_database()
    done = database.run_script(str(chain.script("heads", dialect="postgresql", statement_timeout=0.5)))
    assert "statement timeout" in done.stderr
    assert database.versions() == []


@pytest.mark.parametrize("dialect", DATABASES)
def test_progress_and_timing(dialect: str, project: Project, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(dialect)
    told = client.fresh_database().run_script(text(project, dialect, progress="statement", timing=True)).check()
    assert [line.strip() for line in told.stdout.splitlines() if " [" in line and "sqlgen: " in line] == [
        f"sqlgen: {id} [{number}]" for id in nights.IDS[:3] for number in range(1, 5 if id == "r01" else 4)
    ]
    silent = client.fresh_database().run_script(text(project, dialect, progress="none")).check()
    assert " [" not in silent.stdout


@pytest.mark.xdist_group("postgresql")
def test_the_refusal_in_the_readme(postgresql: Client) -> None:
    """The README shows what psql says when a script is applied twice."""
    example = Project.open(ROOT / "examples" / "library")
    database: Database = postgresql.fresh_database()
    database.run_script(str(example.script("base:5c2e9d81a4f7", dialect="postgresql"))).check()
    script = str(example.script("5c2e9d81a4f7:a91b7740c6e3", dialect="postgresql"))
    database.run_script(script).check()
    refusal = database.run_script(script)
    assert refusal.returncode == 3
    said = refusal.stderr.split("script.sql:", 1)[1].split("CONTEXT:")[0].strip()
    assert f"psql:upgrade.sql:{said}" in (ROOT / "README.md").read_text(encoding="utf-8")
