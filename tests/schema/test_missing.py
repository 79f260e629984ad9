"""Operations on what certainly is not there, or is there already."""

from __future__ import annotations

from pathlib import Path

import pytest

from sqlgen.errors import RenderError
from tests.recording.projects import FIRST_LINE, make_project, render, rendered

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)),
                sa.UniqueConstraint("name", name="uq_name"))
op.create_index("ix_name", "users", ["name"])
"""
NAME = 'sa.Column("name", sa.String(9))'


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb", "mssql", "oracle"])
@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ('op.drop_column("users", "nmae")', "there is no column 'nmae' in table 'users'; did you mean 'name'?"),
        ('op.alter_column("users", "nmae", nullable=True, existing_type=sa.String(20))', "did you mean 'name'?"),
        ('op.create_index("ix", "users", ["id", "nmae"])', "there is no column 'nmae' in table 'users'"),
        ('op.create_unique_constraint("uq", "users", ["nmae"])', "there is no column 'nmae' in table 'users'"),
        ('op.bulk_insert(sa.table("users", sa.column("nmae")), [{"nmae": "x"}])', "there is no column 'nmae'"),
        ('op.add_column("user", sa.Column("a", sa.Integer))', "there is no table 'user', and no revision before this"),
        ('op.drop_table("user")', "did you mean 'users'?"),
        ('op.drop_index("ix_nmae", "users")', "there is no index 'ix_nmae' on table 'users'; did you mean 'ix_name'?"),
        ('op.create_table("users", sa.Column("id", sa.Integer))', "there is a table 'users' already"),
        (f'op.add_column("users", {NAME})', "there is a column 'name' in table 'users' already"),
        ('op.create_index("ix_name", "users", ["id"])', "there is an index 'ix_name' on table 'users' already"),
        ('op.create_unique_constraint("uq_name", "users", ["id"])', "there is a constraint 'uq_name' on table 'users'"),
        ('op.create_primary_key("pk", "users", ["name"])', "table 'users' has a primary key already"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, dialect: str, call: str, complaint: str) -> None:
    with pytest.raises(RenderError) as raised:
        render(make_project(tmp_path, {"a1": USERS, "b2": f"\n{call}\n"}), dialect)
    assert complaint in str(raised.value)
    assert str(raised.value).startswith(f"mig/versions/b2.py:{FIRST_LINE + 1}: revision b2: op.")
    assert raised.value.exit_code == 3


def test_a_chain_that_does_not_start_from_nothing_says_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as raised:
        rendered(tmp_path, 'op.add_column("invoice", sa.Column("a", sa.Integer))')
    assert "there is no table 'invoice', and no revision before this one makes it" in str(raised.value)
    assert "--baseline FILE" in raised.value.hint
    assert "starts_empty = false" in raised.value.hint


def test_a_constraint_of_another_name(tmp_path: Path) -> None:
    body = 'op.create_table("t", sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="uq_name"))\n'
    with pytest.raises(RenderError, match="there is no constraint 'uq_nmae' on table 't'; did you mean 'uq_name'"):
        rendered(tmp_path, body + 'op.drop_constraint("uq_nmae", "t", type_="unique")')


@pytest.mark.parametrize(
    ("first", "then", "complaint"),
    [
        ('op.rename_table("users", "people")', 'op.drop_column("users", "name")', "renamed to 'people' by revision b2"),
        ('op.drop_table("users")', 'op.drop_column("users", "name")', "it was dropped by revision b2"),
        ('op.drop_column("users", "name")', 'op.drop_column("users", "name")', "it was dropped by revision b2"),
        (
            'op.alter_column("users", "name", new_column_name="title")',
            'op.drop_column("users", "name")',
            "there is no column 'name' in table 'users': it was renamed to 'title' by revision b2",
        ),
    ],
)
def test_what_became_of_it(tmp_path: Path, first: str, then: str, complaint: str) -> None:
    with pytest.raises(RenderError) as raised:
        render(make_project(tmp_path, {"a1": USERS, "b2": first, "c3": then}))
    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("users", sa.Column("name", sa.Text()), if_not_exists=True)',
        'op.drop_column("users", "nmae", if_exists=True)',
        'op.drop_table("nothing", if_exists=True)',
        'op.drop_index("nothing", "users", if_exists=True)',
        'op.create_table("users", sa.Column("id", sa.Integer), if_not_exists=True)',
        'op.drop_column("Users", "NAME")',
        'op.execute("CREATE VIEW seen AS SELECT 1")\nop.rename_table("seen", "viewed")',
        "op.execute(\"DO $$ BEGIN EXECUTE 'create table ' || 'x'; END $$\")\nop.drop_table('x')",
        'op.execute("CREATE TABLE copied AS SELECT * FROM users")\nop.drop_column("copied", "name")',
        'op.execute("CREATE TABLE alike (LIKE users)")\nop.drop_table("alike")',
        'op.drop_column("users", "name")\nop.add_column("users", sa.Column("name", sa.Text()))',
        'with op.batch_alter_table("users") as batch:\n'
        '    batch.add_column(sa.Column("age", sa.Integer))\n    batch.create_index("ix_age", ["age"])',
    ],
)
def test_what_may_be_right_passes(tmp_path: Path, body: str) -> None:
    render(make_project(tmp_path, {"a1": USERS, "b2": body}))


def test_a_partial_range_knows_only_what_was_asked_for(tmp_path: Path) -> None:
    added = 'op.add_column("other", sa.Column("a", sa.Integer))'
    folder = make_project(
        tmp_path, {"a1": USERS, "b2": added, "c3": f"sa.inspect(op.get_bind()).has_table('x')\n{added}"}
    )
    assert "ALTER TABLE other" in str(render(folder, range_text="a1:b2"))
    with pytest.raises(RenderError, match="there is no table 'other'"):
        render(folder, range_text="a1:c3")


def test_where_the_chain_does_not_start_empty_nothing_is_certain(tmp_path: Path) -> None:
    folder = make_project(tmp_path, 'op.add_column("invoice", sa.Column("a", sa.Integer))')
    assert "ALTER TABLE invoice" in str(render(folder, starts_empty=False))
    (folder / "pyproject.toml").write_text("[tool.sqlgen]\nstarts_empty = false\n")
    assert "ALTER TABLE invoice" in str(render(folder))


RENAMING = """
bind = op.get_bind()
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
with bind.begin_nested() as nested:
    try:
        bind.execute(sa.text("ALTER TABLE t RENAME CONSTRAINT t_id_not_null TO t_key_not_null"))
    except sa.exc.ProgrammingError as error:
        assert "does not exist" in str(error)
        nested.rollback()
"""


def test_text_that_a_server_refuses_can_be_caught(tmp_path: Path) -> None:
    assert [one.split("(")[0] for one in rendered(tmp_path, RENAMING)] == ["CREATE TABLE t "]
    kept = rendered(tmp_path / "18", RENAMING, dialect="postgresql", server_version="18")
    assert kept[-1] == "ALTER TABLE t RENAME CONSTRAINT t_id_not_null TO t_key_not_null"


def test_text_that_a_server_refuses_is_an_error(tmp_path: Path) -> None:
    body = (
        "op.create_table('t', sa.Column('name', sa.Integer))\nop.get_bind().execute(sa.text('ALTER TABLE t DROP nmae'))"
    )
    with pytest.raises(RenderError, match=r"'nmae'.*did you mean 'name'") as caught:
        rendered(tmp_path, body)
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE + 1}"
    assert "SQL:" not in caught.value.message


def test_a_table_that_is_reflected_and_that_nobody_makes(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="there is no table 'users', and no revision before this one") as caught:
        rendered(tmp_path, "sa.Table('users', sa.MetaData(), autoload_with=op.get_bind())")
    assert "--baseline FILE" in str(caught.value.hint)


THING = "op.create_table('thing', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(9)))\n"
KIND = "op.execute(\"CREATE TYPE kind AS ENUM ('a', 'b')\")\n"


def text(sql: str) -> str:
    return f"op.execute({sql!r})\n"


@pytest.mark.parametrize(
    ("dialect", "before", "sql", "message"),
    [
        ("postgresql", THING, "CREATE TABLE thing (id INT)", "there is a table 'thing' already"),
        ("mariadb", THING, "/* again */ CREATE TABLE thing (id INT)", "there is a table 'thing' already"),
        ("mssql", THING, "CREATE TABLE thing (id INT)", "there is a table 'thing' already"),
        ("oracle", THING, "CREATE TABLE thing (id INT)", "there is a table 'thing' already"),
        ("postgresql", THING, "ALTER TABLE thing DROP COLUMN nmae", "did you mean 'name'"),
        ("mysql", THING, "ALTER TABLE thing MODIFY nmae INT", "did you mean 'name'"),
        ("oracle", THING, "ALTER TABLE thing DROP COLUMN nmae", "did you mean 'name'"),
        ("postgresql", THING, "ALTER TABLE thin ADD COLUMN a INT", "there is no table 'thin'.*did you mean 'thing'"),
        ("mariadb", THING, "DROP INDEX ix ON thing", "there is no index 'ix' on table 'thing'"),
        ("postgresql", THING, "DROP INDEX ix", "there is no index 'ix'"),
        ("postgresql", THING, "ALTER INDEX ix RENAME TO iy", "there is no index 'ix'"),
        ("postgresql", THING, "CREATE INDEX ix ON thing (nmae)", "did you mean 'name'"),
        ("postgresql", THING, "ALTER TABLE thing DROP CONSTRAINT ck", "there is no constraint 'ck'"),
        ("postgresql", THING, "COMMENT ON COLUMN thing.nmae IS 'x'", "did you mean 'name'"),
        ("postgresql", KIND, "DROP TYPE kinds", "there is no type 'kinds'; did you mean 'kind'"),
        ("postgresql", KIND, "CREATE TYPE kind AS ENUM ('c')", "there is a type 'kind' already"),
        ("postgresql", KIND, "ALTER TYPE kind ADD VALUE 'a'", "there is a value 'a' in type 'kind' already"),
        ("postgresql", KIND, "ALTER TYPE kind RENAME VALUE 'c' TO 'd'", "there is no value 'c' in type 'kind'"),
        ("postgresql", "", "DROP SEQUENCE s", "there is no sequence 's'"),
        ("postgresql", THING + text("CREATE VIEW v AS SELECT 1"), "CREATE VIEW v AS SELECT 2", "a view 'v' already"),
        ("mysql", "", "DROP VIEW v", "there is no view 'v'"),
        ("postgresql", KIND + text("DROP TYPE kind"), "DROP TYPE kind", "'kind': it was dropped by revision a1"),
        ("postgresql", THING + text("DROP TABLE thing"), "ALTER TABLE thing ADD a INT", "dropped by revision a1"),
        ("postgresql", THING + text("ALTER TABLE thing RENAME TO t"), "DROP TABLE thing", "renamed to 't' by revision"),
        (
            "postgresql",
            THING + text("CREATE INDEX ix ON thing (name)") + text("DROP INDEX ix"),
            "DROP INDEX ix",
            "there is no index 'ix': it was dropped by revision a1",
        ),
    ],
)
def test_text_that_certainly_fails(tmp_path: Path, dialect: str, before: str, sql: str, message: str) -> None:
    with pytest.raises(RenderError, match=message) as caught:
        rendered(tmp_path, before + text(sql), dialect=dialect)
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE + before.count(chr(10))}"
    assert "catch it within bind.begin_nested()" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("dialect", "before", "sql"),
    [
        ("postgresql", THING, "CREATE TABLE IF NOT EXISTS thing (id INT)"),
        ("postgresql", THING, "CREATE TEMP TABLE thing (id INT)"),
        ("postgresql", text("CREATE TEMP TABLE thing (id INT)"), "CREATE TABLE thing (id INT)"),
        ("mariadb", THING, "CREATE OR REPLACE TABLE thing (id INT)"),
        ("postgresql", THING, "ALTER TABLE IF EXISTS thin ADD COLUMN a INT"),
        ("postgresql", THING, "ALTER TABLE thing DROP COLUMN IF EXISTS nmae"),
        ("mariadb", THING, "ALTER TABLE thing ADD COLUMN a INT, ADD INDEX ix (a)"),
        ("mariadb", THING, "ALTER TABLE thing CHANGE name label VARCHAR(9), ADD INDEX ix (label)"),
        ("mariadb", text("CREATE TABLE t (a INT, KEY ix (a))"), "ALTER TABLE t DROP INDEX ix, ADD INDEX ix (a)"),
        ("postgresql", "", "DROP INDEX IF EXISTS ix"),
        ("postgresql", "", "DROP TYPE IF EXISTS kind"),
        ("postgresql", KIND, "ALTER TYPE kind ADD VALUE IF NOT EXISTS 'a'"),
        ("postgresql", text("CREATE TYPE pair AS (a INT, b INT)"), "DROP TYPE pair"),
        ("postgresql", text("CREATE VIEW v AS SELECT 1"), "CREATE OR REPLACE VIEW v AS SELECT 2"),
        ("postgresql", text("CREATE VIEW v AS SELECT 1"), "ALTER TABLE v RENAME TO w"),
        ("postgresql", text("CREATE SEQUENCE s"), "ALTER TABLE s RENAME TO r"),
        ("postgresql", THING, "ALTER SEQUENCE thing_id_seq RESTART WITH 9"),
        ("postgresql", text("DO $$ BEGIN EXECUTE 'CREATE TABLE u (id INT)'; END $$"), "DROP TABLE u"),
        ("postgresql", text("CREATE EXTENSION postgis"), "DROP TABLE spatial_ref_sys"),
        ("postgresql", THING + text("SELECT * INTO copy FROM thing"), "DROP TABLE copy"),
        (
            "postgresql",
            text("CREATE TABLE public.t (id INT)") + text("SET search_path TO a, public"),
            "ALTER TABLE t ADD COLUMN b INT",
        ),
        ("postgresql", text("CREATE TABLE u (LIKE pg_class)"), "ALTER TABLE u DROP COLUMN relname"),
    ],
)
def test_text_that_may_succeed(tmp_path: Path, dialect: str, before: str, sql: str) -> None:
    kept = rendered(tmp_path, before + text(sql), dialect=dialect)
    assert " ".join(kept[-1].split()) == sql


def test_text_of_an_operation_that_a_server_refuses_can_be_caught(tmp_path: Path) -> None:
    body = (
        "try:\n    with op.get_bind().begin_nested():\n        op.execute('DROP TABLE t')\n"
        "except sa.exc.ProgrammingError:\n    op.execute('CREATE TABLE t (id INT)')"
    )
    assert rendered(tmp_path, body) == ["CREATE TABLE t (id INT)"]


def test_text_about_what_stood_before_is_left_to_the_server(tmp_path: Path) -> None:
    folder = make_project(tmp_path, text("DROP TYPE kind"))
    assert "DROP TYPE kind" in str(render(folder, starts_empty=False))
