"""The schema script makes in an empty database what the revisions make there; snapshots lead to the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from sqlgen import Project
from sqlgen.errors import CommandError
from sqlgen.rehearsal.inspected import Facts, described, differences
from sqlgen.snapshots import read_database
from tests.databases.clients import Client, Database
from tests.databases.urls import url_of
from tests.recording.projects import make_project

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"

MADE = """\
op.create_table("one", sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Integer),
    sa.Column("word", sa.String(20), server_default="it's: 100%", nullable=False),
    sa.Column("flag", sa.Boolean(create_constraint=True, name="is_flag")),
    sa.Column("twice", sa.Integer, sa.Computed("b * 2", persisted=True)),
    sa.UniqueConstraint("word"), sa.CheckConstraint("b > 0", name="ck_b"), comment="the first: \\\\: one")
op.create_table("two", sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("one_id", sa.Integer, sa.ForeignKey("one.id")),
    sa.Column("document", sa.JSON), sa.Column("weight", sa.Float(53)), sa.Column("whole", sa.BigInteger, index=True),
    sa.Column("at", sa.DateTime, server_default=sa.func.now()), sa.Column("kind", sa.Enum("a", "b:c", name="kind")))
op.create_index("ix_plain", "two", [sa.desc("at")])
op.create_table("three", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.Integer, nullable=False),
    sa.Column("two_id", sa.Integer, sa.ForeignKey("two.id", ondelete="CASCADE", name="fk_two")),
    sa.PrimaryKeyConstraint("a", "b"))
op.execute("CREATE VIEW seen AS SELECT id, word FROM one WHERE b > 0")
op.execute("CREATE VIEW again AS SELECT id FROM seen")
"""
CHANGED = """\
op.rename_table("two", "second")
op.add_column("second", sa.Column("more", sa.Numeric(8, 2), server_default="1.50"))
op.alter_column("second", "more", new_column_name="most")
op.drop_index("ix_plain", "second")
op.create_foreign_key("fk_ring", "one", "second", ["b"], ["id"])
op.create_foreign_key(None, "second", "second", ["one_id"], ["id"])
op.drop_constraint("ck_b", "one", type_="check")
"""
EXPRESSION = """\
op.create_index("ix_lower", "one", [sa.text("lower(word)"), "b"], unique=True)
"""
POSTGRESQL = """\
op.execute("CREATE EXTENSION IF NOT EXISTS plpgsql")
op.execute("CREATE DOMAIN short AS varchar(5) DEFAULT 'x' CONSTRAINT ok CHECK (length(VALUE) > 0)")
op.execute("CREATE SEQUENCE numbers START 5 INCREMENT 2")
op.execute("CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := 1; RETURN NEW; END $$")
op.execute("CREATE SCHEMA other")
op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("b", sa.Integer), schema="other")
op.execute("CREATE TRIGGER trg BEFORE INSERT ON other.t FOR EACH ROW EXECUTE FUNCTION stamp()")
op.execute("ALTER TABLE other.t ADD COLUMN s short, ADD COLUMN n bigint DEFAULT nextval('numbers')")
op.execute("CREATE MATERIALIZED VIEW total AS SELECT count(*) AS n FROM other.t")
op.create_index("ix_total", "total", ["n"], unique=True)
op.execute("ALTER TYPE kind ADD VALUE 'd' BEFORE 'b:c'")
op.execute("COMMENT ON COLUMN other.t.b IS 'it''s b'")
op.create_index("ix_part", "t", ["b"], schema="other", postgresql_where=sa.text("b > 1"), postgresql_include=["id"])
"""
BODIES = {
    "postgresql": [MADE, CHANGED, EXPRESSION + POSTGRESQL],
    "mariadb": [MADE, CHANGED],
    "sqlite": [MADE, EXPRESSION],
}


def reflected(database: Database, client: Client) -> Facts:
    schemas = ("other",) if client.dialect == "postgresql" else ()
    engine = sa.create_engine(url_of(database, client.dialect))
    try:
        with engine.connect() as connection:
            inspector = sa.inspect(connection)
            return described(inspector, [one for one in schemas if inspector.has_schema(one)])
    finally:
        engine.dispose()


@pytest.fixture(params=["example", "written by hand"])
def project(request: pytest.FixtureRequest, client: Client, tmp_path: Path) -> Project:
    if request.param == "example":
        return Project.open(EXAMPLE)
    bodies = {f"a{number}": body for number, body in enumerate(BODIES[client.dialect], 1)}
    return Project.open(make_project(tmp_path, bodies))


@pytest.fixture
def upgraded(project: Project, client: Client) -> Database:
    """Return a database to which all revisions were applied."""
    made = client.fresh_database()
    made.run_script(str(project.script("heads", dialect=client.dialect))).check()
    return made


def bare(text: str) -> str:
    """Return a CHECK without casts and parentheses: a server that reads its own words may put them otherwise."""
    return re.sub(r"::[a-z ]+(\[\])?|[()]", "", text)


def compared(upgraded: Database, script: str, client: Client) -> None:
    """Apply a schema script to an empty database, and compare what reflection tells of both."""
    made = client.fresh_database()
    made.run_script(script).check()
    found = differences(reflected(made, client), reflected(upgraded, client))
    assert [one for one in found if one.aspect != "checks" or bare(one.left) != bare(one.right)] == []
    assert made.versions() == upgraded.versions()


def test_the_script_makes_what_the_revisions_make(project: Project, client: Client, upgraded: Database) -> None:
    compared(upgraded, str(project.schema(dialect=client.dialect)), client)


def test_the_snapshot_of_the_revisions_leads_to_the_same(
    project: Project, client: Client, upgraded: Database, tmp_path: Path
) -> None:
    file = tmp_path / "heads.json"
    file.write_text(project.snapshot(dialect=client.dialect), encoding="utf-8")
    compared(upgraded, str(project.schema(dialect=client.dialect, baseline=file)), client)


def test_the_snapshot_of_the_database_leads_to_the_same(
    project: Project, client: Client, upgraded: Database, tmp_path: Path
) -> None:
    file = tmp_path / "server.json"
    schemas = ("other",) if client.dialect == "postgresql" and "other" in upgraded_schemas(upgraded, client) else ()
    file.write_text(read_database(url_of(upgraded, client.dialect), schemas), encoding="utf-8")
    assert json.loads(file.read_text())["revisions"] == upgraded.versions()
    compared(upgraded, str(project.schema(dialect=client.dialect, baseline=file)), client)


def upgraded_schemas(database: Database, client: Client) -> list[str]:
    engine = sa.create_engine(url_of(database, client.dialect))
    try:
        return sa.inspect(engine).get_schema_names()
    finally:
        engine.dispose()


OVERLOADED = """\
op.execute("CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 1'")
op.execute("CREATE FUNCTION twice(t text, n int DEFAULT 2) RETURNS text LANGUAGE sql AS 'SELECT t || t'")
op.execute("CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'")
"""
DEFINITIONS = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'twice' ORDER BY 1"


@pytest.mark.xdist_group("postgresql")
def test_functions_with_one_name(postgresql: Client, tmp_path: Path) -> None:
    project = Project.open(make_project(tmp_path, OVERLOADED))
    upgraded, made, again = (postgresql.fresh_database() for _ in range(3))
    upgraded.run_script(str(project.script("heads", dialect="postgresql"))).check()
    made.run_script(str(project.schema(dialect="postgresql"))).check()
    assert len(upgraded.query(DEFINITIONS)) == 2
    assert made.query(DEFINITIONS) == upgraded.query(DEFINITIONS)
    file = tmp_path / "server.json"
    file.write_text(read_database(url_of(upgraded, "postgresql")), encoding="utf-8")
    again.run_script(str(project.schema(dialect="postgresql", baseline=file))).check()
    assert again.query(DEFINITIONS) == upgraded.query(DEFINITIONS)


@pytest.mark.xdist_group("postgresql")
def test_which_function_goes(postgresql: Client, tmp_path: Path) -> None:
    dropped = OVERLOADED + 'op.execute("DROP FUNCTION twice(text, int)")'
    project = Project.open(make_project(tmp_path, dropped))
    made = postgresql.fresh_database()
    made.run_script(str(project.schema(dialect="postgresql"))).check()
    assert "RETURNS integer" in str(made.query(DEFINITIONS))
    assert len(made.query(DEFINITIONS)) == 1


def test_which_function_goes_is_not_known(tmp_path: Path) -> None:
    project = Project.open(make_project(tmp_path, OVERLOADED + 'op.execute("DROP FUNCTION twice(character varying)")'))
    with pytest.raises(CommandError, match=r"a1\.py:12: .*which 'twice' of several was dropped"):
        project.schema(dialect="postgresql")
