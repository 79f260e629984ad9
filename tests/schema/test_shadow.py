"""The shadow schema: which objects exist, and what nobody can know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateSequence, CreateTable, DropSequence, DropTable

from sqlgen import capture
from sqlgen.dialect import Dialect
from sqlgen.errors import CommandError, NeedsDatabase
from sqlgen.schema.names import split_name
from sqlgen.schema.shadow import Shadow
from tests.recording.projects import make_project, render, rendered, statements

T = sa.table("t")


def empty(default_schema: str | None = None, **facts: Any) -> Shadow:
    return replace(Dialect("", default_schema).shadow(), **facts)


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("CREATE TABLE t (id INT)", True),
        ("create  table if not exists t (id INT)", True),
        ("CREATE TEMPORARY TABLE t (id INT)", True),
        ('CREATE TABLE "t" (id INT)', True),
        ("CREATE TABLE `t` (id INT)", True),
        ("CREATE TABLE [t] (id INT)", True),
        ("CREATE TABLE main.t (id INT)", True),
        ('CREATE TABLE "main" . "t" (id INT)', True),
        ("CREATE TABLE other.t (id INT)", False),
        ("CREATE TABLE u (id INT)", False),
        ("ALTER TABLE old RENAME TO t", True),
        ("INSERT INTO t VALUES ('CREATE TABLE x')", False),
        ("ALTER TABLE t ADD COLUMN a INT", False),
    ],
)
def test_text_that_can_be_followed(sql: str, answer: bool) -> None:
    shadow = empty(default_schema="main")
    shadow.text(sql)
    assert shadow.answer("has_table", ("t",), {}) is answer


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE a (id INT); CREATE TABLE t (id INT)",
        "DO $$ BEGIN EXECUTE 'CREATE TABLE t (id INT)'; END $$",
        "CALL make('t')",
        "EXEC sp_rename 'old', 't'; DROP TABLE old",
        "RENAME TABLE old TO t",
        "IF OBJECT_ID('T') IS NULL CREATE TABLE T (id INT)",
    ],
)
def test_text_that_cannot_be_followed(sql: str) -> None:
    shadow = empty()
    shadow.text(sql)
    with pytest.raises(NeedsDatabase, match="'t'"):
        shadow.answer("has_table", ("t",), {})
    assert shadow.answer("has_table", ("elsewhere",), {}) is False


@pytest.mark.parametrize("drop", ["DROP TABLE t", "drop table if exists t", 'DROP TABLE "t" CASCADE', DropTable])
def test_dropped(drop: object) -> None:
    shadow = empty()
    table = sa.Table("t", sa.MetaData())
    shadow.element(CreateTable(table))
    assert shadow.answer("has_table", ("t",), {"schema": None}) is True
    if isinstance(drop, str):
        shadow.text(drop)
    else:
        shadow.element(DropTable(table))
    assert shadow.answer("has_table", ("t", None), {}) is False


def test_sequences_and_names() -> None:
    shadow = empty(default_schema="public")
    for name in ("s2", "s1"):
        shadow.element(CreateSequence(sa.Sequence(name)))
        shadow.element(CreateTable(sa.Table(name, sa.MetaData(), schema="x")))
    shadow.element(DropSequence(sa.Sequence("s2")))
    assert shadow.answer("has_sequence", ("s1",), {"schema": "public"}) is True
    assert shadow.answer("get_sequence_names", (), {}) == ["s1"]
    assert shadow.answer("get_table_names", ("x",), {}) == ["s1", "s2"]
    assert shadow.answer("get_table_names", (), {"schema": "public"}) == []


def test_rename() -> None:
    shadow = empty()
    shadow.text("CREATE TABLE a (id INT)")
    shadow.rename("a", None, "b")
    assert shadow.names("table", None) == ["b"]


def test_the_unknown() -> None:
    shadow = empty(from_base=False)
    for answer in (True, False):
        shadow.assume = answer
        assert shadow.exists("table", "t", None) is answer
    shadow.assume = None
    with pytest.raises(NeedsDatabase, match="does not start at the base"):
        shadow.exists("table", "t", None)
    with pytest.raises(NeedsDatabase, match="does not start at the base"):
        shadow.answer("get_columns", ("t",), {})
    with pytest.raises(NeedsDatabase):
        shadow.answer("get_table_names", (), {})


def test_the_history_is_asked_once() -> None:
    calls: list[int] = []

    def history() -> Shadow:
        calls.append(1)
        past = empty()
        past.text("CREATE TABLE old (id INT)")
        past.text("CREATE TABLE gone (id INT)")
        return past

    shadow = empty(from_base=False, history=history)
    shadow.text("DROP TABLE gone")
    assert shadow.exists("table", "gone", None) is False
    assert calls == []
    assert [shadow.exists("table", name, None) for name in ("old", "gone", "other")] == [True, False, False]
    assert calls == [1]


def test_a_copy_stands_on_its_own() -> None:
    shadow = empty()
    shadow.text("CREATE TABLE a (id INT)")
    copy = shadow.copy()
    copy.text("DROP TABLE a")
    copy.text("CALL x('b')")
    assert shadow.exists("table", "a", None)
    assert not shadow.exists("table", "b", None)
    assert shadow.is_empty("a", None)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ("a", None)),
        ("s.a", ("a", "s")),
        ('"s"."a b"', ("a b", "s")),
        ("[s] . [a]", ("a", "s")),
        ("`a`", ("a", None)),
    ],
)
def test_split_name(text: str, parts: tuple[str, str | None]) -> None:
    assert split_name(text) == parts


# Through whole projects.

HAS = (
    "if sa.inspect(op.get_bind()).has_table({0!r}):\n    op.execute('-- there')\nelse:\n    op.execute('-- not there')"
)
CREATE = "op.create_table('t', sa.Column('id', sa.Integer))"


def comments(found: list[str]) -> list[str]:
    """Return the comments among statements."""
    return [sql for sql in found if sql.startswith("--")]


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        (CREATE, "there"),
        ("pass", "not there"),
        (f"{CREATE}\nop.drop_table('t')", "not there"),
        ("op.execute('CREATE TABLE t (id INT)')", "there"),
        ("op.create_table('o', sa.Column('id', sa.Integer))\nop.rename_table('o', 't')", "there"),
        (f"{CREATE}\nop.rename_table('t', 'o')", "not there"),
        ("sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer)).create(op.get_bind())", "there"),
        ("op.execute(sa.schema.CreateTable(sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer))))", "there"),
        ("op.execute(sa.DDL('CREATE TABLE t (id INT)'))", "there"),
    ],
)
@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"])
def test_a_revision_asks(tmp_path: Path, dialect: str, before: str, answer: str) -> None:
    make_project(tmp_path, {"a1": before, "a2": HAS.format("t")})
    assert comments(statements(render(tmp_path, dialect))) == [f"-- {answer}"]
    assert comments(statements(render(tmp_path, dialect, "a1:a2"))) == [f"-- {answer}"]


def test_the_history_is_not_run_unless_asked(tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": "1 / 0", "a2": "op.execute('-- two')", "a3": "op.execute('-- three')"})
    assert statements(render(tmp_path, range_text="a1:heads")) == ["-- two", "-- three"]


@pytest.mark.parametrize("swallow", [False, True])
def test_an_old_revision_that_fails_names_itself(tmp_path: Path, swallow: bool) -> None:
    ask = HAS.format("t")
    if swallow:
        ask = "try:\n    sa.inspect(op.get_bind()).has_table('t')\nexcept Exception:\n    pass"
    make_project(tmp_path, {"a1": "op.execute('x')\n1 / 0", "a2": ask})
    with pytest.raises(CommandError, match="ZeroDivisionError") as caught:
        render(tmp_path, range_text="a1:a2")
    assert str(caught.value.place) == "mig/versions/a1.py:10"


def test_the_history_leaves_nothing_in_the_script(tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": CREATE, "a2": "op.execute('-- two')", "a3": HAS.format("t")})
    script = render(tmp_path, range_text="a2:a3")
    assert statements(script) == ["-- there"]
    assert [section.step.revision.id for section in script.sections if section.step] == ["a3"]


MODELS = "m = sa.MetaData()\nsa.Table('t', m, sa.Column('id', sa.Integer))\n"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("m.create_all(op.get_bind())\nm.create_all(op.get_bind())", 1),
        (f"{CREATE}\nm.create_all(op.get_bind())", 1),
        ("m.create_all(op.get_bind())\nm.create_all(op.get_bind(), checkfirst=False)", 2),
        ("m.drop_all(op.get_bind())", 0),
        ("m.tables['t'].drop(op.get_bind())", 1),
    ],
)
def test_checkfirst(tmp_path: Path, body: str, count: int) -> None:
    assert len(rendered(tmp_path, MODELS + body)) == count


@pytest.mark.parametrize("call", ["create_all", "drop_all"])
def test_checkfirst_in_the_middle_of_a_history(tmp_path: Path, call: str) -> None:
    make_project(tmp_path, {"a1": CREATE, "a2": f"{MODELS}m.{call}(op.get_bind())"})
    expected = [] if call == "create_all" else ["DROP TABLE t"]
    assert statements(render(tmp_path, range_text="a1:a2")) == expected


READ = "op.execute('-- %d' % len(op.get_bind().execute(sa.text('SELECT * FROM t')).fetchall()))"


def test_a_table_without_rows_is_read(tmp_path: Path) -> None:
    assert comments(rendered(tmp_path, f"{CREATE}\n{READ}")) == ["-- 0"]


@pytest.mark.parametrize(
    "harmless",
    [
        "op.execute('UPDATE s SET a = 1')",
        "op.execute('INSERT INTO s VALUES (1)')",
        "op.execute(\"SELECT setval('s_id_seq', (SELECT max(id) FROM s))\")",
        "op.execute('CREATE TRIGGER x AFTER INSERT ON s EXECUTE PROCEDURE f()')",
        "op.execute('CREATE OR REPLACE FUNCTION f() AS $$ BEGIN RETURN 1; END $$')",
        "op.execute('-- nothing')",
        "op.execute('CREATE TABLE s (id INT)')\nop.execute('ALTER TABLE s ADD COLUMN a INT')",
        "op.execute('DELETE FROM t')",
        "op.add_column('t', sa.Column('a', sa.Integer))",
    ],
)
def test_what_puts_no_rows_into_it(tmp_path: Path, harmless: str) -> None:
    assert comments(rendered(tmp_path, f"{CREATE}\n{harmless}\n{READ}"))[-1] == "-- 0"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("sa.select(t)", "[]"),
        ("sa.select(sa.func.count()).select_from(t)", "[(0,)]"),
        ("sa.select(sa.func.count().label('n')).select_from(t)", "[(0,)]"),
        ("sa.text('SELECT count(*) FROM t')", "[(0,)]"),
        ("sa.select(sa.func.count() + 1).select_from(t)", "[(1,)]"),
        ("sa.select(sa.func.coalesce(sa.func.max(t.c.id), 0))", "[(0,)]"),
        ("sa.text('SELECT count(*) + 1 FROM t')", "[(1,)]"),
        ("sa.text('SELECT max(id) FROM t')", "[(None,)]"),
        ("sa.select(t.c.id).union(sa.select(sa.literal(1)))", "[(1,)]"),
        ("sa.select(sa.literal(1))", "[(1,)]"),
    ],
)
def test_queries_of_an_empty_table(tmp_path: Path, query: str, rows: str) -> None:
    body = f"{CREATE}\nt = sa.table('t', sa.column('id', sa.Integer))\n"
    body += f"rows = op.get_bind().execute({query}).fetchall()\nop.execute(f'-- {{rows}}')"
    assert comments(rendered(tmp_path, body)) == [f"-- {rows}"]


@pytest.mark.parametrize(
    "fill",
    [
        "op.bulk_insert(sa.table('t', sa.column('id', sa.Integer)), [{'id': 1}])",
        "op.execute('INSERT INTO t VALUES (1)')",
        "op.execute('insert into \"t\" values (1)')",
        "op.execute('/* note */ INSERT INTO t VALUES (1)')",
        "op.execute('-- note\\nINSERT INTO t VALUES (1)')",
        "op.execute('DELETE FROM s; INSERT INTO t VALUES (1)')",
        "op.execute(sa.table('t', sa.column('id')).insert().values(id=1))",
        "op.execute(sa.table('t', sa.column('id')).insert().from_select(['id'], sa.select(sa.literal(1))))",
        "op.get_bind().execute(sa.table('t', sa.column('id')).insert(), [{'id': 1}, {'id': 2}])",
        "op.get_bind().exec_driver_sql('INSERT INTO t VALUES (?)', (1,))",
        "op.rename_table('t', 'u')\nop.execute('INSERT INTO u VALUES (1)')\nop.rename_table('u', 't')",
        "op.execute('INSERT t VALUES (1)')",
        "op.get_context().impl.static_output('INSERT INTO t VALUES (1);')",
    ],
)
def test_rows_that_the_script_writes_are_read(tmp_path: Path, fill: str) -> None:
    wanted = "-- 2" if "[{'id': 1}, {'id': 2}]" in fill else "-- 1"
    assert wanted in comments(rendered(tmp_path, f"{CREATE}\n{fill}\n{READ}"))


@pytest.mark.parametrize(
    "fill",
    [
        "op.execute('REPLACE INTO t VALUES (1)')",
        "op.execute('INSERT IGNORE INTO t VALUES (1)')",
        "op.execute('INSERT OR IGNORE INTO t VALUES (1)')",
        "op.execute('WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x')",
        "op.execute('MERGE INTO t USING s ON t.id = s.id WHEN NOT MATCHED THEN INSERT VALUES (1)')",
        "op.execute(\"COPY t FROM '/data.csv'\")",
        "op.execute(\"LOAD DATA INFILE 'data.csv' INTO TABLE t\")",
        "op.execute('SELECT * INTO t FROM s')",
        "op.execute('SELECT fill()')",
        "op.execute('CALL fill()')",
        "op.execute('EXEC fill')",
        "op.drop_table('t')\nop.execute('CREATE TABLE t AS SELECT * FROM s')",
        "op.drop_table('t')\nop.execute('CREATE TABLE s AS SELECT 1 AS id')\nop.execute('ALTER TABLE s RENAME TO t')",
        "op.execute('INSERT ALL INTO s VALUES (1) INTO t VALUES (1) SELECT 1 FROM dual')",
        "op.execute('ALTER TABLE t ATTACH PARTITION p DEFAULT')",
        "op.execute('CREATE TRIGGER x AFTER INSERT ON s EXECUTE FUNCTION f()')\nop.execute('INSERT INTO s VALUES (1)')",
    ],
)
def test_a_table_that_may_have_rows_is_not_read(tmp_path: Path, fill: str) -> None:
    with pytest.raises(NeedsDatabase):
        rendered(tmp_path, f"{CREATE}\n{fill}\n{READ}")


def test_a_sequence_that_nobody_made_is_renamed_all_the_same() -> None:
    with capture("postgresql") as captured:
        captured.op.execute("ALTER SEQUENCE elsewhere_id_seq RENAME TO here_id_seq")
    assert [statement.sql for statement in captured.statements] == [
        "ALTER SEQUENCE elsewhere_id_seq RENAME TO here_id_seq"
    ]


REMEMBERED = """
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
told = sa.inspect(op.get_bind())
assert not told.get_indexes("t") and not told.has_table("u")
op.add_column("t", sa.Column("c", sa.Integer))
op.create_index("ix", "t", ["id"])
op.create_table("u", sa.Column("id", sa.Integer))
for one in (told, sa.inspect(op.get_bind())):
    facts = one.has_table("u"), len(one.get_indexes("t")), one.has_index("t", "ix"), len(one.get_columns("t"))
    op.execute("-- %s %s %s %s" % facts)
"""


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"])
def test_an_inspector_remembers_as_it_does_with_a_server(tmp_path: Path, dialect: str) -> None:
    # MySQL's reads the whole table at the first question about it.
    columns = 1 if dialect in ("mysql", "mariadb") else 2
    first, second = comments(rendered(tmp_path, REMEMBERED, dialect))
    assert first == f"-- False 0 False {columns}"
    assert second == "-- True 1 True 2"


LOCAL = 'op.execute("CREATE SCHEMA a")\nop.execute("SET LOCAL search_path TO a")\n'
FOUND = 'op.create_table("t", sa.Column("id", sa.Integer))\nfound = sa.inspect(op.get_bind())\n' + (
    'op.execute("-- %s %s" % (found.has_table("t", "a"), found.has_table("t", "public")))'
)


@pytest.mark.parametrize(
    ("ends", "options", "answer"),
    [
        ("", {}, "-- True False"),
        ("", {"transaction_per_migration": True}, "-- False True"),
        ("with op.get_context().autocommit_block():\n    op.execute('VACUUM')\n", {}, "-- False True"),
        ("op.execute('COMMIT')\n", {}, "-- False True"),
    ],
)
def test_a_local_search_path_ends_with_its_transaction(
    tmp_path: Path, ends: str, options: dict[str, Any], answer: str
) -> None:
    make_project(tmp_path, {"a1": LOCAL + ends, "a2": FOUND})
    assert comments(statements(render(tmp_path, **options))) == [answer]
