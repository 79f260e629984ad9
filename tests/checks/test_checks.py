"""What is asked before and after a script, as data, for all dialects; what SQL Server and Oracle get is parsed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlfluff.core import Linter

from sqlgen import Project, dialects
from sqlgen.checks import CheckScript
from sqlgen.errors import CommandError
from sqlgen.questions import Stated, shown
from tests.checks.watched import Body, watched

NAMES = dialects.names()
EXAMPLE = Path(__file__).parents[2] / "examples" / "library"
PARSERS = {"mssql": "tsql", "oracle": "oracle"}
SERVERS = tuple(name for name in NAMES if name != "sqlite")


def start(op: Any) -> None:
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(20)),
        sa.Column("amount", sa.BigInteger),
        sa.Column("price", sa.Numeric(10, 4)),
        sa.Column("parent_id", sa.Integer),
    )


def names(script: CheckScript) -> list[str]:
    return [one.name for one in script.checks]


def change(op: Any) -> None:
    """Do something of each kind."""
    op.create_unique_constraint("uq", "thing", ["name"])
    op.create_foreign_key("fk", "thing", "parent", ["parent_id"], ["id"])
    op.create_check_constraint("ck", "thing", sa.text("amount > 0"))
    op.alter_column("thing", "amount", existing_type=sa.BigInteger(), nullable=False)
    op.alter_column("thing", "price", existing_type=sa.Numeric(10, 4), type_=sa.Numeric(6, 2))
    op.create_index("ix", "thing", ["name", "amount"], unique=True)
    op.add_column("thing", sa.Column("late", sa.Integer, nullable=False))
    op.create_table("new", sa.Column("id", sa.Integer, primary_key=True), comment="it's new")


@pytest.mark.parametrize("dialect", SERVERS)
def test_each_kind_is_asked(dialect: str) -> None:
    found = watched(dialect, change, start)
    asked = names(found.precheck)
    for name in ("no duplicates", "no orphans", "CHECK holds", "no NULL", "no rows before NOT NULL", "name is free"):
        assert name in asked
    assert asked[:2] == ["server version", "version"]
    told = names(found.verify)
    for name in ("unique", "foreign key", "check", "index", "column", "table", "primary key"):
        assert name in told


@pytest.mark.parametrize("dialect", NAMES)
def test_steps_and_revisions_are_named(dialect: str) -> None:
    found = watched(dialect, lambda op: op.add_column("thing", sa.Column("late", sa.Integer)), start)
    (clash,) = [one for one in found.precheck.checks if one.name == "name is free"]
    assert (clash.step, clash.revision, clash.subject) == (1, "a1", "column thing.late")
    (column,) = [one for one in found.verify.checks if one.name == "column"]
    assert (column.place, column.subject) == ("[1] a1", "thing.late")


def test_what_oracle_converts_in_empty_columns_only() -> None:
    def body(op: Any) -> None:
        op.alter_column("thing", "price", existing_type=sa.Numeric(10, 4), type_=sa.Numeric(6, 2))
        op.alter_column("thing", "name", existing_type=sa.String(20), type_=sa.String(5))

    asked = names(watched("oracle", body, start).precheck)
    assert "column is empty" in asked
    assert "at most 5 characters" in asked


def test_null_is_a_value_among_others_for_sql_server() -> None:
    def body(op: Any) -> None:
        op.create_unique_constraint("uq", "thing", ["name"])

    texts = {name: str(watched(name, body, start).precheck) for name in ("mssql", "oracle", "postgresql")}
    assert "IS NOT NULL) GROUP BY" not in texts["mssql"]
    assert "t.name IS NOT NULL) GROUP BY t.name" in texts["postgresql"]
    assert "t.name IS NOT NULL) GROUP BY t.name" in texts["oracle"]


# What cannot be asked, or need not be.


@pytest.mark.parametrize("dialect", SERVERS)
def test_a_column_of_the_scripts_own_has_no_rows_to_ask(dialect: str) -> None:
    def body(op: Any) -> None:
        op.add_column("thing", sa.Column("late", sa.Integer))
        op.create_unique_constraint("uq", "thing", ["late"])

    (line,) = [one for one in watched(dialect, body, start).precheck.checks if one.name == "no duplicates"]
    assert isinstance(line, Stated)
    assert (line.status, line.found) == ("SKIP", "not asked: the script itself makes a column of it")


@pytest.mark.parametrize("dialect", NAMES)
def test_tables_of_the_scripts_own_are_not_asked_about(dialect: str) -> None:
    def body(op: Any) -> None:
        start(op)
        op.create_index("ix", "thing", ["name"], unique=True)
        op.drop_table("parent")

    asked = names(watched(dialect, body).precheck)
    assert not {"no duplicates", "rows are kept", "table exists"}.intersection(asked)


@pytest.mark.parametrize("dialect", NAMES)
def test_a_wider_type_is_not_asked_about(dialect: str) -> None:
    def body(op: Any) -> None:
        with op.batch_alter_table("thing") as batch:
            batch.alter_column("name", existing_type=sa.String(20), type_=sa.String(40))
            batch.alter_column("price", existing_type=sa.Numeric(10, 4), type_=sa.Numeric(12, 4))

    asked = {one.name for one in watched(dialect, body, start).precheck.checks}
    assert asked <= {"server version", "version", "table exists", "column exists", "constraint exists"} | {
        one for one in asked if one.startswith("right: ")
    }


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "mssql"])
def test_what_cannot_be_followed_is_skipped(dialect: str) -> None:
    def body(op: Any) -> None:
        op.execute("FROBNICATE TABLE thing")
        op.create_table("other", sa.Column("id", sa.Integer))

    found = watched(dialect, body, start)
    (line,) = [one for one in found.verify.checks if one.name == "text"]
    assert isinstance(line, Stated)
    assert line.status == "SKIP"
    assert line.subject.startswith("FROBNICATE")


def test_an_unknown_history_is_an_error() -> None:
    project = Project.open(EXAMPLE)
    with pytest.raises(CommandError, match="no revision"):
        project.prechecks("nowhere:head", dialect="postgresql")


# Text.


@pytest.mark.parametrize("dialect", NAMES)
def test_it_comes_out_the_same(dialect: str) -> None:
    one, other = (Project.open(EXAMPLE).checks("d3f85b1920ca:heads", dialect=dialect) for _ in range(2))
    assert list(map(str, one)) == list(map(str, other))


@pytest.mark.parametrize("dialect", NAMES)
def test_nothing_is_written(dialect: str) -> None:
    words = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|ALTER|DROP|CREATE|TRUNCATE|GRANT)\b(?! (?:INTO |TABLE |TABLE IF "
                       r"EXISTS )?sqlgen\.)", re.M)  # fmt: skip
    for script in Project.open(EXAMPLE).checks("d3f85b1920ca:heads", dialect=dialect):
        assert words.findall(str(script)) == []


def test_a_field_is_on_one_line() -> None:
    assert shown("a|b\nc") == "a¦b<U+000A>c"
    assert len(shown("x" * 500)) == 200


def statements(dialect: str, script: CheckScript) -> str:
    """Return a script without the lines that SQL*Plus reads for itself, and SET TRANSACTION, which no parser knows."""
    text = str(script)
    if dialect == "oracle":
        own = re.compile(r"^SET TRANSACTION READ ONLY\n/$|^(?:WHENEVER|SET|VARIABLE) [^\n]*$", re.M)
        return own.sub("", text)
    return text


def everything(op: Any) -> None:
    """Do something of each kind, make a view and drop a table."""
    change(op)
    op.execute("CREATE VIEW names AS SELECT name FROM thing")
    op.drop_table("new")


def a_key(op: Any) -> None:
    op.create_unique_constraint("uq", "thing", ["name", "amount"])


@pytest.mark.parametrize(
    ("dialect", "version", "body"), [("mssql", "", everything), ("mssql", "13", a_key), ("oracle", "", everything)]
)
def test_sql_server_and_oracle_can_be_parsed(dialect: str, version: str, body: Body) -> None:
    found = watched(dialect, body, start, server_version=version)
    for script in (found.precheck, found.verify):
        parsed = Linter(dialect=PARSERS[dialect]).parse_string(statements(dialect, script))
        assert parsed.tree is not None
        assert [part.raw[:300] for part in parsed.tree.recursive_crawl("unparsable")] == []
        assert not parsed.violations


@pytest.mark.parametrize("dialect", PARSERS)
def test_the_example_can_be_parsed(dialect: str) -> None:
    for script in Project.open(EXAMPLE).checks("6d1f3be7509c:heads", dialect=dialect):
        parsed = Linter(dialect=PARSERS[dialect]).parse_string(statements(dialect, script))
        assert parsed.tree is not None
        assert [part.raw[:300] for part in parsed.tree.recursive_crawl("unparsable")] == []


def test_lines_are_short_enough_for_sqlplus() -> None:
    for script in Project.open(EXAMPLE).checks("base:heads", dialect="oracle"):
        assert max(len(line.encode()) for line in str(script).splitlines()) < 2499


def test_blocks_that_become_one_copy_are_checked_as_one_block() -> None:
    def renamed(batch: Any) -> None:
        batch.alter_column("name", new_column_name="title", nullable=False)
        batch.create_unique_constraint("uq", ["amount"])

    def renamed_again(batch: Any) -> None:
        batch.alter_column("title", new_column_name="label")
        batch.create_check_constraint("ck", sa.text("price > 0"))

    def one(op: Any) -> None:
        with op.batch_alter_table("thing") as batch:
            renamed(batch)
            renamed_again(batch)

    def two(op: Any) -> None:
        for change in (renamed, renamed_again):
            with op.batch_alter_table("thing") as batch:
                change(batch)

    joined, single = watched("sqlite", two, start), watched("sqlite", one, start)
    assert joined.script == single.script
    assert joined.precheck.checks == single.precheck.checks
    assert joined.verify.checks == single.verify.checks
    assert {"no NULL", "no duplicates", "CHECK holds"} <= set(names(joined.precheck))
    assert "values are kept" not in names(joined.precheck)
