"""A script that broke half-way on MariaDB: what ``resume`` writes goes on, or goes back, from there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sqlgen import Project
from sqlgen.scripts import Script
from sqlgen.scripts.resume import Stop, stop_logged
from tests.databases import nights
from tests.databases.clients import Client, Database
from tests.recording.projects import make_project

pytestmark = pytest.mark.xdist_group("mariadb")

#: Every kind of change; each revision has several, so that one can stop between them.
BODIES = {
    "a1": """\
        op.create_table("shop", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
        op.create_table("item", sa.Column("id", sa.Integer, primary_key=True), sa.Column("shop", sa.Integer),
            sa.Column("price", sa.Numeric(8, 2), server_default="0"), sa.CheckConstraint("price >= 0", name="ck_price"))
        op.create_index("ix_item_price", "item", ["price"])
        op.create_unique_constraint("uq_shop_name", "shop", ["name"])
    """,
    "a2": """\
        op.create_table("tax", sa.Column("id", sa.Integer, primary_key=True), sa.Column("rate", sa.Integer))
        op.bulk_insert(sa.table("tax", sa.column("rate")), [{"rate": 7}, {"rate": 19}])
        op.add_column("item", sa.Column("tax", sa.Integer, comment="see tax"))
        op.create_foreign_key("fk_item_tax", "item", "tax", ["tax"], ["id"])
        op.create_foreign_key("fk_item_shop", "item", "shop", ["shop"], ["id"])
        op.alter_column("shop", "name", existing_type=sa.String(20), type_=sa.String(40), nullable=False)
        op.execute("INSERT INTO shop (name) VALUES ('one')")
        op.execute("CREATE VIEW cheap AS SELECT id FROM item WHERE price < 10")
        op.create_table_comment("shop", "where things are sold")
    """,
    "a3": """\
        op.drop_index("ix_item_price", "item")
        op.drop_constraint("uq_shop_name", "shop", type_="unique")
        op.drop_constraint("ck_price", "item", type_="check")
        op.alter_column("item", "price", new_column_name="cents", existing_type=sa.Numeric(8, 2))
        op.drop_constraint("fk_item_tax", "item", type_="foreignkey")
        op.drop_column("item", "tax")
        op.drop_table("tax")
        op.rename_table("shop", "store")
        op.drop_table_comment("store", existing_comment="where things are sold")
    """,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project.open(make_project(tmp_path_factory.mktemp("chain"), BODIES))


def schema(database: Database) -> dict[str, object]:
    """Return the definition of every table and view, and the version rows."""
    names = [str(name) for name, _ in database.query("SHOW FULL TABLES")]
    found: dict[str, object] = {}
    for name in names:
        lines = re.sub(r"`test_\d+`\.", "", str(database.query(f"SHOW CREATE TABLE `{name}`")[0][1])).split("\n")
        found[name] = sorted(re.sub(r" AUTO_INCREMENT=\d+|,$", "", line.strip()) for line in lines)
    return {**found, "": database.versions()}


def at(client: Client, project: Project, revision: str) -> Database:
    database = client.fresh_database()
    if revision != "base":
        database.run_script(str(project.script(f"base:{revision}", dialect="mariadb"))).check()
    return database


def stops(script: Script) -> list[tuple[int, int]]:
    """Return the places of the revisions' own statements."""
    return [
        (number, place)
        for number, place in nights.statements(script)
        if script.sections[number].statements[place].kind != "version"
    ]


def broken(client: Client, project: Project, script: Script, place: tuple[int, int]) -> tuple[Database, Stop]:
    """Return a database on which a script broke at a statement, and the stop that the client's output tells."""
    database = at(client, project, "base")
    done = database.run_script(str(nights.broken(script, place)))
    assert done.returncode != 0
    return database, stop_logged(done.stdout, "out.log")


def test_the_rest_and_the_way_back_from_every_statement(mariadb: Client, project: Project) -> None:
    whole = project.script("base:heads", dialect="mariadb")
    expected = {revision: schema(at(mariadb, project, revision)) for revision in ("base", *BODIES)}
    expected["base"] = {**expected["base"], "alembic_version": expected["a1"]["alembic_version"]}
    before = dict(zip(BODIES, ["base", *BODIES], strict=False))
    places = stops(whole)
    assert len(places) == 22
    for place in places:
        database, stop = broken(mariadb, project, whole, place)
        assert stop.revision == list(BODIES)[place[0]]
        rest, _ = project.resume("base:heads", stop, dialect="mariadb")
        database.run_script(str(rest)).check()
        assert schema(database) == expected["a3"], stop
        assert [rate for (rate,) in database.query("SELECT name FROM store")] == ["one"]

        database, stop = broken(mariadb, project, whole, place)
        _, back = project.resume("base:heads", stop, dialect="mariadb")
        database.run_script(str(back)).check()
        assert schema(database) == expected[before[stop.revision]], stop


def test_what_is_lost_is_said(project: Project) -> None:
    _, back = project.resume("base:heads", Stop("a3", "9"), dialect="mariadb")
    text = str(back)
    assert "-- the rows of table tax are lost" in text
    assert "-- the values of item.tax are lost" in text
    _, back = project.resume("base:heads", Stop("a2", "9"), dialect="oracle")
    assert "by hand, if need be: what [7] op.execute() did to rows is not taken back" in str(back)
    assert "what [2]" not in str(back)  # its table goes


def test_rows_that_wait_for_a_commit_are_written_again(project: Project) -> None:
    """Oracle takes rows back that no later statement has committed: the client leaves with ROLLBACK."""
    rest, _ = project.resume("base:heads", Stop("a2", "3"), dialect="oracle")
    assert "-- [2] op.bulk_insert" in str(rest)
    assert "-- [1]" not in str(rest).split("Revision a3")[0]
    rest, _ = project.resume("base:heads", Stop("a2", "3"), dialect="mysql")
    assert "-- [2] op.bulk_insert" not in str(rest)


def test_a_range_that_does_not_start_at_base(project: Project) -> None:
    rest, back = project.resume("a1:heads", Stop("a2", "6"), dialect="mariadb")
    assert "-- [6] op.alter_column" in str(rest)
    assert "DROP TABLE tax" in str(back)


CAUGHT = """\
bind = op.get_bind()
op.create_table("one", sa.Column("id", sa.Integer))
try:
    with bind.begin_nested():
        bind.execute(sa.text("CREATE TABLE two (id INT)"))
        bind.execute(sa.text("DROP TABLE nowhere"))
except sa.exc.SQLAlchemyError:
    pass
op.create_table("three", sa.Column("id", sa.Integer))
op.create_table("four", sa.Column("id", sa.Integer))
"""


def test_what_a_savepoint_took_back_is_not_done(tmp_path: Path) -> None:
    chain = Project.open(make_project(tmp_path, CAUGHT))
    _, back = chain.resume("heads", Stop("a1", "3"), dialect="oracle")
    dropped = re.findall(r"DROP TABLE (\w+)", str(back))
    assert sorted(dropped) == ["one", "three"]


def test_a_call_that_stopped_between_its_statements(tmp_path: Path) -> None:
    made = 'op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))\n'
    altered = 'op.alter_column("t", "a", new_column_name="c", type_=sa.BigInteger(), nullable=False, comment="x")\n'
    chain = Project.open(make_project(tmp_path, {"a1": made, "a2": altered}))
    _, back = chain.resume("heads", Stop("a2", "1.2"), dialect="oracle")
    assert "by hand: what [1] had done before [1.2] is not taken back" in str(back)


@pytest.mark.parametrize("form", ["block", "idempotent"])
def test_a_rest_in_blocks(mariadb: Client, project: Project, form: str) -> None:
    shape = {"idempotent": True} if form == "idempotent" else {"form": form}
    whole = project.script("base:heads", dialect="mariadb", **shape)
    database, stop = broken(mariadb, project, whole, (1, 4))
    assert stop == Stop("a2", "5")
    rest, _ = project.resume("base:heads", stop, dialect="mariadb", **shape)
    database.run_script(str(rest)).check()
    assert schema(database) == schema(at(mariadb, project, "a3"))


def test_the_command(project: Project, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from sqlgen.cli import main

    log = tmp_path / "night.log"
    log.write_text("progress\nsqlgen: a1 [4]\nsqlgen: at a1\nsqlgen: a2 [3]\nERROR 1060 (42S21) at line 70\n")
    place = ["-c", str(project.config.root / "alembic.ini")]
    out = tmp_path / "out"
    done = CliRunner().invoke(main, [*place, "resume", "-d", "mariadb", "--log", str(log), "-o", str(out)])
    assert done.exit_code == 0, done.stderr
    assert sorted(path.name for path in (out / "mariadb").iterdir()) == ["resume.back.sql", "resume.sql"]
    for arguments, message in [
        ([], "say where the script stopped"),
        (["--at", "a2 [3]", "--log", str(log)], "say where the script stopped"),
        (["--at", "a2"], "names no statement"),
        (["--at", "a2 [77]"], r"has no statement [77]"),
        (["--at", "a9 [1]"], "has no revision a9"),
        (["--log", str(tmp_path / "none.log")], "cannot be read"),
        (["--log", str(out / "mariadb" / "resume.back.sql")], "no line of progress"),
        (["--at", "a2 [3]", "-d", "pg"], "one database"),
    ]:
        failed = CliRunner().invoke(main, [*place, "resume", "-d", "mariadb", *arguments])
        assert (failed.exit_code, failed.stdout) == (2, "")
        assert message in failed.stderr
    log.write_text("sqlgen: a3 [9]\nsqlgen\nsqlgen: now at a3\n")
    failed = CliRunner().invoke(main, [*place, "resume", "-d", "mariadb", "--log", str(log)])
    assert "came to its end" in failed.stderr
    failed = CliRunner().invoke(main, [*place, "resume", "-d", "pg", "--at", "a2 [3]"])
    assert "has taken back" in failed.stderr
