"""A failure at every statement of a script of ten revisions: what the version table says afterwards is true.

In both forms, in the client as it should be run, and in one that goes on after errors.
"""

from __future__ import annotations

import pytest

from sqlgen import Project
from sqlgen.scripts import Script
from tests.databases import nights
from tests.databases.clients import Client, Completed, Database

RUNS = [
    pytest.param(dialect, shape, on, marks=pytest.mark.xdist_group(group), id=f"{dialect}-{name}{'-goes on' * on}")
    for dialect, group, name, shape, on in [
        ("postgresql", "postgresql", "all", {}, False),
        ("postgresql", "postgresql", "per revision", {"client": "plain", "transaction": "per-revision"}, True),
        ("postgresql", "postgresql", "block", {"form": "block", "client": "plain"}, True),
        ("mariadb", "mariadb", "plain", {}, False),
        ("mariadb", "mariadb", "plain", {}, True),
        ("mariadb", "mariadb", "block", {"form": "block"}, True),
        ("mysql", "mariadb", "plain", {}, True),
        ("mysql", "mariadb", "block", {"form": "block"}, True),
        ("sqlite", "sqlite", "all", {}, False),
        ("sqlite", "sqlite", "per revision", {"transaction": "per-revision"}, True),
    ]
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return nights.project(tmp_path_factory.mktemp("chain"))


def apply(database: Database, dialect: str, text: str, on: bool) -> Completed:
    """Run a script; MySQL's runs on MariaDB, which has another name for one variable."""
    spoken = text.replace("transaction_read_only", "tx_read_only") if dialect == "mysql" else text
    return database.goes_on(spoken) if on else database.run_script(spoken)


def script(project: Project, dialect: str, shape: dict[str, str], range_text: str = "heads") -> Script:
    return project.script(range_text, dialect=dialect, **shape)


@pytest.mark.parametrize(("dialect", "shape", "on"), RUNS)
def test_a_failure_at_every_statement(
    project: Project, dialect: str, shape: dict[str, str], on: bool, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue("mariadb" if dialect == "mysql" else dialect)
    whole = script(project, dialect, shape)
    database = client.fresh_database()
    apply(database, dialect, str(whole), on).check()
    assert database.versions() == [nights.IDS[-1]]
    assert not nights.wrong_end(database, whole=True)
    transactional = dialect in ("postgresql", "sqlite")
    places, wrong = list(nights.statements(whole)), []
    for at in places:
        database = client.fresh_database()
        done = apply(database, dialect, str(nights.broken(whole, at)), on)
        statement = whole.sections[at[0]].statements[at[1]]
        cut = statement.revision == nights.CONCURRENT or not transactional
        if problem := nights.wrong_end(database, whole=not cut, moved=statement.kind != "version"):
            wrong.append(f"statement {at}: {problem}")
        if database.versions() == [nights.IDS[-1]] or (done.returncode == 0 and not on):
            wrong.append(f"statement {at}: no failure")
    assert len(places) > 40
    assert not wrong


@pytest.mark.parametrize(
    "dialect", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("postgresql", "mariadb")]
)
def test_an_idempotent_script_ends_what_broke(project: Project, dialect: str, request: pytest.FixtureRequest) -> None:
    """Once what was wrong is mended, the script can be run again, and again."""
    client: Client = request.getfixturevalue(dialect)
    whole = project.script("base:r04", dialect=dialect, idempotent=True)
    for at in [(1, 1), (2, 2), (3, 0)]:
        database = client.fresh_database()
        database.goes_on(str(nights.broken(whole, at)))
        before = database.versions()
        assert before == [nights.IDS[at[0] - 1]]
        for id in nights.IDS[at[0] :]:
            for name in nights.traces(database)[id] & {f"{id}_a", f"{id}_b"}:
                database.run_script(f"DROP TABLE {name};").check()
        database.run_script(f"DELETE FROM log WHERE what > '{before[0]}';").check()
        for _ in range(2):
            database.run_script(str(whole)).check()
            assert database.versions() == ["r04"]
            assert not nights.wrong_end(database, whole=True)
