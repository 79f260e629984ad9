"""What goes wrong at night, through the plain clients: a wrong version, two runs at once, cut lines, locks, encodings.

In every case the script refuses and has changed nothing, or what it has done is what the version table says.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from sqlgen import Project
from sqlgen.errors import CommandError
from tests.databases import nights
from tests.databases.clients import Client, Database
from tests.recording.projects import make_project

FORMS = [
    pytest.param(dialect, form, marks=pytest.mark.xdist_group(dialect), id=f"{dialect}-{form}")
    for dialect, forms in {
        "postgresql": ("plain", "block", "idempotent"),
        "mariadb": ("plain", "block", "idempotent"),
        "sqlite": ("plain",),
    }.items()
    for form in forms
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return nights.project(tmp_path_factory.mktemp("chain"))


def text(project: Project, dialect: str, range_text: str, form: str = "plain", **options: Any) -> str:
    """Return a script; the direction follows from the range."""
    return str(project.script(range_text, dialect=dialect, **shape_of(form), **options))


def shape_of(form: str) -> dict[str, Any]:
    return {"idempotent": True} if form == "idempotent" else {"form": form}


def at_r03(client: Client, project: Project) -> Database:
    database = client.fresh_database()
    database.run_script(text(project, client.dialect, "base:r03")).check()
    return database


def state(database: Database) -> object:
    """Return the version rows and all that the chain leaves behind."""
    return database.versions(), nights.traces(database), database.tables()


CASES = pytest.mark.parametrize(("dialect", "form"), FORMS)


@CASES
def test_a_wrong_start_changes_nothing(
    project: Project, dialect: str, form: str, request: pytest.FixtureRequest
) -> None:
    database = at_r03(request.getfixturevalue(dialect), project)
    before = state(database)
    ranges = ["r05:r08", "r06:r07"] if form == "idempotent" else ["r04:r08", "r02:r04", "r01:r02", "base:r02"]
    for range_text in ranges:
        script = text(project, dialect, range_text, form)
        done = database.run_script(script)
        assert done.returncode != 0, range_text
        said = done.stdout + done.stderr
        assert "r03" in said
        assert "sqlgen: " in said
        assert state(database) == before
        if dialect != "sqlite":
            database.goes_on(script)
            assert state(database) == before


def test_a_downgrade_and_a_stamp_are_guarded_too(project: Project, client: Client) -> None:
    database = at_r03(client, project)
    before = state(database)
    for range_text, direction in [("r04:r02", "downgrade"), ("r02:base", "downgrade"), ("r04:r08", "stamp")]:
        script = project.script(range_text, dialect=client.dialect, direction=direction)
        assert database.run_script(str(script)).returncode != 0
        assert state(database) == before
    for range_text, direction, rows in [("r03:r01", "downgrade", ["r01"]), ("r01:r09", "stamp", ["r09"])]:
        script = project.script(range_text, dialect=client.dialect, direction=direction)
        database.run_script(str(script)).check()
        assert database.versions() == rows


def test_down_to_base_and_up_again(project: Project, client: Client) -> None:
    """The version table stays, empty; a script from base takes that for base."""
    database = at_r03(client, project)
    for _ in range(2):
        down = project.script("r03:base", dialect=client.dialect, direction="downgrade")
        database.run_script(str(down)).check()
        assert database.versions() == []
        assert "alembic_version" in database.tables()
        database.run_script(text(project, client.dialect, "base:r03")).check()
        assert not nights.wrong_end(database, whole=True)


@CASES
def test_a_script_that_is_applied_twice(
    project: Project, dialect: str, form: str, request: pytest.FixtureRequest
) -> None:
    database = at_r03(request.getfixturevalue(dialect), project)
    script = text(project, dialect, "r03:r04", form)
    database.run_script(script).check()
    before = state(database)
    again = database.run_script(script)
    assert (again.returncode == 0) == (form == "idempotent")
    assert state(database) == before
    if form == "idempotent":
        assert "r04 is there already" in again.stdout + again.stderr


STATES = {
    "missing": ["DROP TABLE alembic_version"],
    "empty": ["DELETE FROM alembic_version"],
    "unknown": ["UPDATE alembic_version SET version_num = 'zzz'"],
    "two rows": ["INSERT INTO alembic_version VALUES ('r02')"],
    "capitals": ["UPDATE alembic_version SET version_num = 'R03'"],
}


@CASES
@pytest.mark.parametrize("statements", STATES.values(), ids=STATES.keys())
def test_a_version_table_that_is_not_as_it_should_be(
    project: Project, dialect: str, form: str, statements: list[str], request: pytest.FixtureRequest
) -> None:
    database = at_r03(request.getfixturevalue(dialect), project)
    database.run_script("".join(f"{one};\n" for one in statements)).check()
    before = state(database)
    script = text(project, dialect, "r03:r04", form)
    assert database.run_script(script).returncode != 0
    assert state(database) == before
    if dialect != "sqlite":
        database.goes_on(script)
        assert state(database) == before


SLEEP = {
    "postgresql": "SELECT pg_sleep({})",
    "mariadb": "DO SLEEP({})",
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT {}0000000) "
    "INSERT INTO log SELECT x FROM n WHERE x < 0",
}


def started(database: Database, script: str, name: str) -> subprocess.Popen[bytes]:
    """Start a script in the client, and return while it runs."""
    path = database.scratch() / f"{name}.sql"
    path.write_text(script)
    return database.start(path)


@CASES
def test_two_runs_at_once(project: Project, dialect: str, form: str, request: pytest.FixtureRequest) -> None:
    """The second waits for the first, and then refuses, or finds everything there."""
    database = at_r03(request.getfixturevalue(dialect), project)
    whole = project.script("r03:r04", dialect=dialect, lock_timeout=60, **shape_of(form))
    slow = str(nights.with_first(whole, SLEEP[dialect].format(2)))
    first = started(database, slow, "first")
    time.sleep(0.7)
    second = database.run_script(str(whole))
    out, err = first.communicate(timeout=60)
    assert first.returncode == 0, (out, err)
    assert (second.returncode == 0) == (form == "idempotent")
    said = second.stdout + second.stderr
    assert "exists" not in said  # it refuses by itself, and does not run into what the first has made
    assert ("is there already" if form == "idempotent" else "sqlgen: ") in said
    assert database.versions() == ["r04"]
    assert not nights.wrong_end(database, whole=True)


@CASES
def test_a_client_that_is_killed(project: Project, dialect: str, form: str, request: pytest.FixtureRequest) -> None:
    """The connection is cut in the middle of r05: what the version table says is true."""
    database = at_r03(request.getfixturevalue(dialect), project)
    script = project.script("r03:r04", dialect=dialect, **shape_of(form))
    place = len(script.sections[0].statements) - 2
    slow = nights.broken(script, (0, place), SLEEP[dialect].format(300 if dialect != "sqlite" else 50))
    running = started(database, str(slow), "cut")
    time.sleep(1.5)
    running.kill()
    running.communicate(timeout=30)
    database.end_sessions()
    assert database.versions() == ["r03"]
    assert not nights.wrong_end(database, whole=dialect != "mariadb")


LOCKS = {
    "postgresql": "BEGIN; LOCK TABLE alembic_version IN ACCESS SHARE MODE; {};",
    "mariadb": "START TRANSACTION; SELECT * FROM r03_a; {};",
    "sqlite": "BEGIN IMMEDIATE; {};",
}


@CASES
def test_a_lock_that_another_transaction_holds(
    project: Project, dialect: str, form: str, request: pytest.FixtureRequest
) -> None:
    """The script gives up when its time is over, and has changed nothing."""
    database = at_r03(request.getfixturevalue(dialect), project)
    before = state(database)
    holder = started(
        database, LOCKS[dialect].format(SLEEP[dialect].format(300 if dialect != "sqlite" else 50)), "holder"
    )
    time.sleep(1)
    script = project.script("r03:r04", dialect=dialect, lock_timeout=1, **shape_of(form))
    if dialect == "mariadb":
        script = nights.broken(script, (0, 0), "ALTER TABLE r03_a ADD n INT")
    done = database.run_script(str(script))
    holder.kill()
    holder.communicate(timeout=30)
    database.end_sessions()
    assert done.returncode != 0
    assert "lock" in (done.stdout + done.stderr).lower()
    assert state(database) == before


ENUM = """\
op.execute("CREATE TYPE mood AS ENUM ('sad')")
op.create_table("person", sa.Column("mood", postgresql.ENUM(name="mood", create_type=False)))
"""
ADDED = """\
op.execute("ALTER TYPE mood ADD VALUE 'it''s fine'")
op.execute("INSERT INTO person VALUES ('it''s fine')")
"""


@pytest.mark.xdist_group("postgresql")
def test_a_value_is_used_after_its_commit_only(postgresql: Client, tmp_path: Path) -> None:
    """PostgreSQL refuses a value of an enum in the transaction that adds it; a block of its own cannot hold both."""
    imports = "from sqlalchemy.dialects import postgresql\n"
    chain = Project.open(make_project(tmp_path, {"a1": imports + ENUM, "a2": ADDED}))
    database = postgresql.fresh_database()
    script = str(chain.script("heads", dialect="postgresql"))
    assert script.count("COMMIT;") == 2
    database.run_script(script).check()
    assert database.query("SELECT mood FROM person") == [("it's fine",)]
    with pytest.raises(CommandError, match=r"a2\.py:10: .*the same block adds"):
        str(chain.script("heads", dialect="postgresql", form="block"))


@pytest.mark.xdist_group("postgresql")
def test_an_index_made_concurrently_can_be_tried_again(postgresql: Client, tmp_path: Path) -> None:
    """Rows that are in the way leave an invalid index behind; the same script, run again, makes it anew."""
    made = 'op.create_table("t", sa.Column("a", sa.Integer))\nop.execute("INSERT INTO t VALUES (1), (1)")\n'
    index = 'with op.get_context().autocommit_block():\n    op.create_index("ix", "t", ["a"], unique=True, '
    bodies = {"a1": made, "a2": f"{index}postgresql_concurrently=True)\n", "a3": 'op.execute("SELECT 1")\n'}
    chain = Project.open(make_project(tmp_path, bodies))
    database = postgresql.fresh_database()
    for form, options in [("idempotent", {}), ("plain", {"client": "plain"}), ("block", {"client": "plain"})]:
        range_text = "heads" if form == "idempotent" else "a1:heads"
        script = str(chain.script(range_text, dialect="postgresql", **shape_of(form), **options))
        done = database.goes_on(script)
        assert database.versions() == ["a1"], done
        if form != "idempotent":
            database.run_script("DROP INDEX ix;").check()
    database.run_script("DELETE FROM t;").check()
    whole = str(chain.script("heads", dialect="postgresql", idempotent=True))
    for _ in range(2):
        database.run_script(whole).check()
        assert database.versions() == ["a3"]
    assert database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass") == [("t",)]
