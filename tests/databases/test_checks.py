"""Scripts of checks on real servers, by the plain clients.

After the real script each line says PASS or SKIP, and before it none says FAIL; and every kind of check fails on a
database that was spoiled for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen import Project
from sqlgen.checks import CheckScript, Verdict, read_results
from tests.checks.watched import Body, text_of, watched
from tests.databases.clients import Client, Database
from tests.databases.mariadb import MariaDBClient
from tests.schema.answers import changed, made
from tests.schema.answers.revision import REVISIONS, Revision

__all__ = ["changed", "made"]

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"


def asked(database: Database, script: CheckScript) -> Verdict:
    """Run a script of checks; every check has a line, in order, and nothing stands on stderr."""
    done = database.run_script(str(script))
    verdict = read_results(done.stdout)
    assert done.stderr == ""
    assert done.returncode == 0
    assert [one.check for one in verdict.results] == [one.fields[0] for one in script.checks]
    assert verdict.silent == 0
    return verdict


def told(verdict: Verdict) -> str:
    """Return the lines that are no PASS."""
    return "\n".join(str(one) for one in verdict.results if one.status != "PASS")


def unharmed(database: Database, script: CheckScript) -> None:
    """Run a script of checks that must have nothing to say against a database."""
    verdict = asked(database, script)
    assert verdict.passed, told(verdict)


# The example project.


@pytest.fixture(scope="module")
def project() -> Project:
    return Project.open(EXAMPLE)


def applied(project: Project, database: Database, dialect: str, way: str, direction: str = "upgrade") -> None:
    """Run the checks before a script, the script, and the checks after it."""
    precheck, verify = project.checks(way, dialect=dialect, direction=direction)
    unharmed(database, precheck)
    before = database.run_script(str(verify))
    assert not read_results(before.stdout).passed or not project.plan(way, direction).steps
    script = project.script(way, dialect=dialect, direction=direction)
    # What guards MySQL's scripts is not MariaDB's.
    text = text_of(script.dialect, script.statements) if dialect == "mysql" else str(script)
    database.run_script(text).check()
    unharmed(database, verify)


def test_the_whole_range_up_and_down(project: Project, client: Client, database: Database) -> None:
    applied(project, database, client.dialect, "base:heads")
    unharmed(database, project.postchecks("heads:heads", dialect=client.dialect, whole=True))
    applied(project, database, client.dialect, "heads:base", "downgrade")


def test_each_revision_up_and_down(project: Project, client: Client, database: Database) -> None:
    for step in project.plan("base:heads").steps:
        applied(project, database, client.dialect, f"{','.join(step.before) or 'base'}:{step.revision.id}")
    for step in project.plan("heads:base", "downgrade").steps:
        if len(step.after) > 1:
            way = f"{','.join(step.before)}:base"
            applied(project, database, client.dialect, way, "downgrade")
            break
        applied(project, database, client.dialect, f"{step.before[0]}:{','.join(step.after) or 'base'}", "downgrade")


def test_the_text_for_mysql_on_mariadb(project: Project, mariadb: MariaDBClient) -> None:
    database = mariadb.fresh_database()
    applied(project, database, "mysql", "base:heads")
    applied(project, database, "mysql", "heads:base", "downgrade")


def test_a_precheck_leaves_the_database_as_it_was(project: Project, client: Client, database: Database) -> None:
    applied(project, database, client.dialect, "base:93ce5f60b8d1")
    before = {name: database.query(f"SELECT COUNT(*) FROM {name}") for name in database.tables()}
    asked(database, project.prechecks("93ce5f60b8d1:heads", dialect=client.dialect))
    assert {name: database.query(f"SELECT COUNT(*) FROM {name}") for name in database.tables()} == before


# Small revisions with every kind of object.

CASES = [
    pytest.param(dialect, revision, id=f"{dialect}-{revision.name}", marks=pytest.mark.xdist_group(dialect))
    for revision in REVISIONS.values()
    for dialect in revision.dialects
]


@pytest.mark.parametrize(("dialect", "revision"), CASES)
def test_no_false_alarm(dialect: str, revision: Revision, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(dialect)
    database = client.fresh_database()
    found = watched(dialect, revision.body)
    unharmed(database, found.precheck)
    database.run_script(found.script).check()
    unharmed(database, found.verify)


# Databases that are spoiled.


def start(op: Any) -> None:
    """Make the tables that are changed."""
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(20)),
        sa.Column("amount", sa.BigInteger),
        sa.Column("price", sa.Numeric(10, 4)),
        sa.Column("parent_id", sa.Integer),
        sa.Column("word", sa.String(9)),
    )
    op.create_table("loose", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.Integer))
    op.execute("INSERT INTO parent (id) VALUES (1)")
    op.execute("INSERT INTO thing (id, name, amount, price, parent_id, word) VALUES (1, 'a', 5, 1.5, 1, '7')")


def batched(table: str, change: Callable[[Any], None]) -> Body:
    """Return a change of a table that copies it where that is needed."""

    def body(op: Any) -> None:
        with op.batch_alter_table(table) as batch:
            change(batch)

    return body


ALL, SERVERS = ("postgresql", "mariadb", "sqlite"), ("postgresql", "mariadb")
TWO = "INSERT INTO thing (id, name, amount, price, parent_id, word) VALUES "


@dataclass(frozen=True)
class Spoiled:
    """A change, the statement that spoils it, and the line that must tell so: check and status."""

    body: Body
    spoil: str
    check: str
    status: str | Mapping[str, str] = "FAIL"
    dialects: tuple[str, ...] = ALL

    def expected(self, dialect: str) -> str:
        return self.status if isinstance(self.status, str) else self.status[dialect]


def using(column: str) -> dict[str, str]:
    return {"postgresql_using": f"{column}::integer"}


BEFORE: dict[str, Spoiled] = {
    "unique": Spoiled(
        batched("thing", lambda b: b.create_unique_constraint("uq", ["name"])),
        f"{TWO}(2, 'a', 5, 1.5, 1, '7');",
        "no duplicates",
    ),
    "unique over two": Spoiled(
        batched("thing", lambda b: b.create_unique_constraint("uq", ["name", "amount"])),
        f"{TWO}(2, 'a', 5, 1.5, 1, '7');",
        "no duplicates",
    ),
    "unique index": Spoiled(
        lambda op: op.create_index("ix", "thing", ["name"], unique=True),
        f"{TWO}(2, 'a', 5, 1.5, 1, '7');",
        "no duplicates",
    ),
    "unique index over an expression": Spoiled(
        lambda op: op.create_index("ix", "thing", [sa.text("lower(name)")], unique=True),
        f"{TWO}(2, 'A', 5, 1.5, 1, '7');",
        "no duplicates",
        dialects=("postgresql", "sqlite"),
    ),
    "primary key": Spoiled(
        batched("loose", lambda b: b.create_primary_key("pk", ["a"])),
        "INSERT INTO loose (a) VALUES (1), (1);",
        "no duplicates",
    ),
    "primary key over NULL": Spoiled(
        batched("loose", lambda b: b.create_primary_key("pk", ["b"])),
        "INSERT INTO loose (a) VALUES (1);",
        "no NULL",
        dialects=SERVERS,
    ),
    "not null": Spoiled(
        batched("thing", lambda b: b.alter_column("name", existing_type=sa.String(20), nullable=False)),
        f"{TWO}(2, NULL, 5, 1.5, 1, '7');",
        "no NULL",
    ),
    "new column not null": Spoiled(
        batched("loose", lambda b: b.add_column(sa.Column("c", sa.Integer, nullable=False))),
        "INSERT INTO loose (a) VALUES (1);",
        "no rows before NOT NULL",
        {"postgresql": "FAIL", "mariadb": "WARN", "sqlite": "FAIL"},
        SERVERS,
    ),
    "foreign key": Spoiled(
        batched("thing", lambda b: b.create_foreign_key("fk", "parent", ["parent_id"], ["id"])),
        f"{TWO}(2, 'b', 5, 1.5, 99, '7');",
        "no orphans",
    ),
    "check": Spoiled(
        batched("thing", lambda b: b.create_check_constraint("ck", sa.text("amount > 0"))),
        f"{TWO}(2, 'b', -5, 1.5, 1, '7');",
        "CHECK holds",
    ),
    "shorter text": Spoiled(
        lambda op: op.alter_column("thing", "name", existing_type=sa.String(20), type_=sa.String(3)),
        f"{TWO}(2, 'long one', 5, 1.5, 1, '7');",
        "at most 3 characters",
        dialects=SERVERS,
    ),
    "smaller integer": Spoiled(
        lambda op: op.alter_column("thing", "amount", existing_type=sa.BigInteger(), type_=sa.SmallInteger()),
        f"{TWO}(2, 'b', 70000, 1.5, 1, '7');",
        "from -32768 to 32767",
        dialects=SERVERS,
    ),
    "fewer digits": Spoiled(
        lambda op: op.alter_column("thing", "price", existing_type=sa.Numeric(10, 4), type_=sa.Numeric(5, 4)),
        f"{TWO}(2, 'b', 5, 99.5, 1, '7');",
        "at most 1 digits",
        dialects=SERVERS,
    ),
    "fewer decimals": Spoiled(
        lambda op: op.alter_column("thing", "price", existing_type=sa.Numeric(10, 4), type_=sa.Numeric(8, 2)),
        f"{TWO}(2, 'b', 5, 9.1234, 1, '7');",
        "2 decimals",
        "WARN",
        SERVERS,
    ),
    "text to integer": Spoiled(
        lambda op: op.alter_column("thing", "word", existing_type=sa.String(9), type_=sa.Integer(), **using("word")),
        f"{TWO}(2, 'b', 5, 1.5, 1, 'x');",
        "text is a number",
        {"postgresql": "WARN", "mariadb": "FAIL"},
        SERVERS,
    ),
    "text to enum": Spoiled(
        lambda op: op.alter_column("thing", "word", existing_type=sa.String(9), type_=sa.Enum("7", "8", name="digit")),
        f"{TWO}(2, 'b', 5, 1.5, 1, 'x');",
        "values of the enum",
        dialects=("mariadb",),
    ),
    "table dropped": Spoiled(
        lambda op: op.drop_table("loose"), "INSERT INTO loose (a) VALUES (1);", "rows are kept", "WARN"
    ),
    "column dropped": Spoiled(
        batched("loose", lambda b: b.drop_column("b")),
        "INSERT INTO loose (a, b) VALUES (1, 2);",
        "values are kept",
        "WARN",
    ),
    "table there": Spoiled(
        lambda op: op.create_table("other", sa.Column("id", sa.Integer)), "CREATE TABLE other (x int);", "name is free"
    ),
    "view of the name there": Spoiled(
        lambda op: op.create_table("other", sa.Column("id", sa.Integer)),
        "CREATE VIEW other AS SELECT 1 AS x;",
        "name is free",
    ),
    "column there": Spoiled(
        lambda op: op.add_column("loose", sa.Column("c", sa.Integer)),
        "ALTER TABLE loose ADD COLUMN c int;",
        "name is free",
    ),
    "index there": Spoiled(
        lambda op: op.create_index("ix", "loose", ["a"]), "CREATE INDEX ix ON loose (b);", "name is free"
    ),
    "constraint there": Spoiled(
        lambda op: op.create_check_constraint("ck", "loose", sa.text("a > 0")),
        "ALTER TABLE loose ADD CONSTRAINT ck CHECK (b > 0);",
        "name is free",
        dialects=SERVERS,
    ),
    "table missing": Spoiled(batched("loose", lambda b: b.drop_column("b")), "DROP TABLE loose;", "table exists"),
    "dropped index missing": Spoiled(
        lambda op: op.drop_index("by_amount", table_name="thing"), "DROP INDEX {by_amount};", "index exists"
    ),
}


def spoiled_cases(table: Mapping[str, Any]) -> list[object]:
    return [
        pytest.param(dialect, case, id=f"{dialect}-{name}", marks=pytest.mark.xdist_group(dialect))
        for name, case in table.items()
        for dialect in case.dialects
    ]


def started(op: Any) -> None:
    start(op)
    op.create_index("by_amount", "thing", ["amount"])


def spoil(database: Database, dialect: str, sql: str) -> None:
    """Run what spoils a database; an index belongs to its table on MariaDB."""
    name = "by_amount ON thing" if dialect == "mariadb" else "by_amount"
    database.run_script(sql.replace("{by_amount}", name)).check()


@pytest.mark.parametrize(("dialect", "case"), spoiled_cases(BEFORE))
def test_a_precheck_finds_it(dialect: str, case: Spoiled, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(dialect)
    database = client.fresh_database()
    found = watched(dialect, case.body, started)
    database.run_script(found.start).check()
    clean = asked(database, found.precheck)
    assert clean.passed, told(clean)
    assert case.check in [one.check for one in clean.results if one.status in ("PASS", "WARN")]
    spoil(database, dialect, case.spoil)
    verdict = asked(database, found.precheck)
    bad = {(one.check, one.status) for one in verdict.results if one.status not in ("PASS", "SKIP")}
    assert (case.check, case.expected(dialect)) in bad, told(verdict)
    assert verdict.passed == (case.expected(dialect) == "WARN")


@pytest.mark.parametrize("name", ["unique", "not null", "foreign key", "check"])
def test_it_is_true_that_the_script_fails(name: str, client: Client, database: Database) -> None:
    case = BEFORE[name]
    found = watched(client.dialect, case.body, started)
    database.run_script(found.start).check()
    spoil(database, client.dialect, case.spoil)
    assert database.run_script(found.script).returncode != 0
