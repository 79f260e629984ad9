"""Whatever a revision does to its bind, on all databases, with no driver."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import sqlgen
from sqlgen.errors import CommandError, LiteralError, NeedsDatabase, RenderError, Unsupported
from tests.recording.projects import FIRST_LINE, flat, make_project, render, rendered, rendered_later, statements

DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")
DRIVERS = ("psycopg2", "psycopg", "asyncpg", "MySQLdb", "pymysql", "mariadb", "pyodbc", "oracledb", "cx_Oracle")
T = 't = sa.table("t", sa.column("id", sa.Integer), sa.column("name", sa.String(20)))\n'
BIND = "bind = op.get_bind()\n"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_driver_is_imported(dialect: str, tmp_path: Path) -> None:
    code = (
        f"import sys, sqlgen\n"
        f"with sqlgen.capture({dialect!r}) as captured:\n"
        f"    captured.op.get_bind().exec_driver_sql('DELETE FROM t')\n"
        f"print([name for name in {DRIVERS!r} if name in sys.modules], *captured.statements)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[] DELETE FROM t\n"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("op.execute('UPDATE t SET id = 1')", ["UPDATE t SET id = 1"]),
        ("op.execute(t.update().values(id=1))", ["UPDATE t SET id=1"]),
        ("op.execute(sa.text('DELETE FROM t WHERE id = :i').bindparams(i=7))", ["DELETE FROM t WHERE id = 7"]),
        ("bind.execute(sa.text('DELETE FROM t WHERE id = :i'), {'i': 7})", ["DELETE FROM t WHERE id = 7"]),
        ("bind.execute(sa.text('DELETE FROM t WHERE id = :i'), dict(i=None))", ["DELETE FROM t WHERE id = NULL"]),
        (
            "bind.execute(sa.text('DELETE FROM t WHERE id = :i'), [{'i': 1}, {'i': 2}])",
            ["DELETE FROM t WHERE id = 1", "DELETE FROM t WHERE id = 2"],
        ),
        ("bind.execute(t.insert().values(id=1))", ["INSERT INTO t (id) VALUES (1)"]),
        ("bind.execute(t.insert(), {'id': 1})", ["INSERT INTO t (id) VALUES (1)"]),
        (
            "bind.execute(t.insert(), [{'id': 1}, {'id': 2}])",
            ["INSERT INTO t (id) VALUES (1)", "INSERT INTO t (id) VALUES (2)"],
        ),
        ("bind.execute(t.update().where(t.c.id == 3).values(id=4))", ["UPDATE t SET id=4 WHERE t.id = 3"]),
        ("bind.execute(t.delete().where(t.c.id.in_([1, 2])))", ["DELETE FROM t WHERE t.id IN (1, 2)"]),
        ("bind.execute(t.delete().where(t.c.id.not_in([1])))", ["DELETE FROM t WHERE (t.id NOT IN (1))"]),
        (
            "bind.execute(sa.text('DELETE FROM t WHERE id IN :ids').bindparams("
            "sa.bindparam('ids', expanding=True)), {'ids': [1, 2]})",
            ["DELETE FROM t WHERE id IN (1, 2)"],
        ),
        ("bind.exec_driver_sql('DELETE FROM t')", ["DELETE FROM t"]),
        ("bind.execute(sa.DDL('DROP VIEW v'))", ["DROP VIEW v"]),
        ("op.get_context().execute('DELETE FROM t')", ["DELETE FROM t"]),
        ("op.get_context().impl.execute(sa.text('DELETE FROM t'))", ["DELETE FROM t"]),
        ("context.execute('DELETE FROM t')", ["DELETE FROM t"]),
        ("context.get_bind().execute(sa.text('DELETE FROM t'))", ["DELETE FROM t"]),
        ("with bind.begin():\n    bind.execute(sa.text('DELETE FROM t'))", ["DELETE FROM t"]),
        (
            "with bind.engine.connect() as c:\n    c.execute(sa.text('DELETE FROM t'))\n    c.commit()",
            ["DELETE FROM t"],
        ),
        ("with bind.engine.begin() as c:\n    c.execute(sa.text('DELETE FROM t'))", ["DELETE FROM t"]),
        ("bind.execute(sa.text('DELETE FROM t')).close()\nbind.commit()", ["DELETE FROM t"]),
        ("bind.close()\nop.get_bind().execute(sa.text('DELETE FROM t'))", ["DELETE FROM t"]),
        ("bind.execution_options(autocommit=True).execute(sa.text('DELETE FROM t'))", ["DELETE FROM t"]),
    ],
)
def test_statements_of_a_bind(tmp_path: Path, dialect: str, body: str, expected: list[str]) -> None:
    assert rendered_later(tmp_path, T + BIND + body, dialect) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("call", "sql"),
    [
        ("'DELETE FROM t WHERE a = ?', (1,)", "DELETE FROM t WHERE a = 1"),
        ("'DELETE FROM t WHERE a = %s', (1,)", "DELETE FROM t WHERE a = 1"),
        ("'DELETE FROM t WHERE a = %s AND b LIKE \\'5%%\\'', (1,)", "DELETE FROM t WHERE a = 1 AND b LIKE '5%'"),
        ("'DELETE FROM t WHERE a = %(x)s', {'x': 1}", "DELETE FROM t WHERE a = 1"),
        ("'DELETE FROM t WHERE a = :x AND b = \\':x ?\\'', {'x': 1}", "DELETE FROM t WHERE a = 1 AND b = ':x ?'"),
        ("'DELETE FROM t WHERE a = :2 AND b = :1', (1, 2)", "DELETE FROM t WHERE a = 2 AND b = 1"),
        ("'DELETE FROM t WHERE a = $2 AND b = $1::int', (1, 2)", "DELETE FROM t WHERE a = 2 AND b = 1::int"),
        ("'DELETE FROM t WHERE a = ? AND b = \\'?\\'', (1,)", "DELETE FROM t WHERE a = 1 AND b = '?'"),
        ("\"DELETE FROM t WHERE b LIKE '5%' AND c = ':x'\"", "DELETE FROM t WHERE b LIKE '5%' AND c = ':x'"),
    ],
)
def test_exec_driver_sql(tmp_path: Path, dialect: str, call: str, sql: str) -> None:
    assert rendered_later(tmp_path, f"op.get_bind().exec_driver_sql({call})", dialect) == [sql]


def test_exec_driver_sql_many(tmp_path: Path) -> None:
    body = "op.get_bind().exec_driver_sql('DELETE FROM t WHERE a = ?', [(1,), (2,)])"
    assert rendered(tmp_path, body) == ["DELETE FROM t WHERE a = 1", "DELETE FROM t WHERE a = 2"]


@pytest.mark.parametrize("text", ["DELETE FROM t WHERE a = ? AND b = ?", "DELETE FROM t WHERE a = %s AND b = %s"])
def test_too_few_values(tmp_path: Path, text: str) -> None:
    with pytest.raises(RenderError, match="that no value is given for") as caught:
        rendered(tmp_path, f"op.get_bind().exec_driver_sql({text!r}, (1,))")
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE}"


@pytest.mark.parametrize(
    "call",
    [
        "'DELETE FROM t WHERE a = ?', (1, 2)",
        "'DELETE FROM t WHERE a = %s', (1, 2)",
        "'DELETE FROM t WHERE a = 1', (2,)",
        "'DELETE FROM t WHERE a = :x', {'y': 1}",
    ],
)
def test_values_that_do_not_fit(tmp_path: Path, call: str) -> None:
    with pytest.raises(RenderError) as caught:
        rendered(tmp_path, f"op.get_bind().exec_driver_sql({call})")
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE}"


@pytest.mark.parametrize("through", ["op.execute({0!r})", "op.get_bind().execute(sa.text({0!r}))"])
@pytest.mark.parametrize(
    "text",
    [
        """UPDATE t SET j = '{"a":true}'""",
        """UPDATE t SET j = '{"a": :b}'""",
        "UPDATE t SET d = TO_DATE('12:30', 'HH24:MI')",
        "UPDATE t SET a = b::text",
        "UPDATE t SET a = '100%', b = 5 % 2, c = '%s %(x)s'",
        "DO 'BEGIN :new.id := 1; END'",
        "UPDATE t SET a = ARRAY[1,2,3][1:2]",
        "UPDATE t SET a = 'x\\y'",
    ],
)
def test_unbound_colons_stay(tmp_path: Path, through: str, text: str) -> None:
    assert rendered(tmp_path, through.format(text)) == [text]


def test_partly_bound_text(tmp_path: Path) -> None:
    body = """op.get_bind().execute(sa.text("UPDATE t SET j = '{\\"a\\":true}' WHERE id = :id"), {"id": "x"})"""
    assert rendered(tmp_path, body) == ["""UPDATE t SET j = '{"a":true}' WHERE id = 'x'"""]


DEFAULTS = """
m = sa.MetaData()
t = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9), default="one"),
             sa.Column("b", sa.Integer, default=lambda: 5), sa.Column("c", sa.Integer, onupdate=6))
bind = op.get_bind()
"""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_defaults_on_the_python_side(tmp_path: Path, dialect: str) -> None:
    body = DEFAULTS + "bind.execute(t.insert(), [{'id': 1}, {'id': 2}])\nbind.execute(t.update().values(a='x'))"
    found = [sql.replace("N'", "'") for sql in rendered_later(tmp_path, body, dialect)]
    assert [sql for sql in found if not sql.startswith("SET IDENTITY_INSERT")] == [
        "INSERT INTO t (id, a, b) VALUES (1, 'one', 5)",
        "INSERT INTO t (id, a, b) VALUES (2, 'one', 5)",
        "UPDATE t SET a='x', c=6",
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_insert_has_no_returning(tmp_path: Path, dialect: str) -> None:
    body = DEFAULTS + "bind.execute(t.insert().values(c=1))"
    (found,) = rendered_later(tmp_path, body, dialect)
    assert found.replace("N'", "'") == "INSERT INTO t (a, b, c) VALUES ('one', 5, 1)"


ORM = """
from sqlalchemy.orm import Session, DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
class Reply(Base):
    __tablename__ = "reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int]
"""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_session_that_writes(tmp_path: Path, dialect: str) -> None:
    body = ORM + (
        "with Session(bind=op.get_bind()) as session:\n"
        "    session.add(Note(id=1, line=2))\n"
        "    session.flush()\n"
        "    session.execute(sa.update(Note).where(Note.id == 1).values(line=3),"
        " execution_options={'synchronize_session': False})\n"
        "    session.add_all([Note(id=2, line=4), Note(id=3, line=5)])\n"
        "    session.commit()\n"
    )
    found = rendered_later(tmp_path, body, dialect)
    assert [sql for sql in found if not sql.startswith("SET IDENTITY_INSERT")] == [
        "INSERT INTO note (id, line) VALUES (1, 2)",
        "UPDATE note SET line=3 WHERE note.id = 1",
        "INSERT INTO note (id, line) VALUES (2, 4)",
        "INSERT INTO note (id, line) VALUES (3, 5)",
    ]


def test_a_session_changes_and_deletes_what_it_added(tmp_path: Path) -> None:
    body = ORM + (
        "session = Session(bind=op.get_bind(), expire_on_commit=False)\n"
        "note = Note(id=1, line=2)\nsession.add(note)\nsession.commit()\n"
        "note.line = 3\nsession.commit()\nsession.delete(note)\nsession.commit()\n"
    )
    assert rendered(tmp_path, body) == [
        "INSERT INTO note (id, line) VALUES (1, 2)",
        "UPDATE note SET line=3 WHERE note.id = 1",
        "DELETE FROM note WHERE note.id = 1",
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_generated_key_cannot_be_written(tmp_path: Path, dialect: str) -> None:
    body = ORM + (
        "session = Session(bind=op.get_bind())\nnote = Note(line=1)\nsession.add(note)\nsession.flush()\n"
        "session.add(Reply(id=1, note_id=note.id))\nsession.flush()\n"
    )
    with pytest.raises(LiteralError, match="generated key") as caught:
        rendered_later(tmp_path, body, dialect)
    assert caught.value.place is not None
    assert caught.value.place.line == FIRST_LINE + 16


def test_generated_keys_that_nobody_writes(tmp_path: Path) -> None:
    body = ORM + "session = Session(bind=op.get_bind())\nsession.add_all([Note(line=1), Note(line=2)])\nsession.flush()"
    assert rendered(tmp_path, body) == ["INSERT INTO note (line) VALUES (1)", "INSERT INTO note (line) VALUES (2)"]


MODELS = """
m = sa.MetaData()
kind = sa.Enum("x", "y", name="kind")
a = sa.Table("a", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("k", kind))
b = sa.Table("b", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("k", kind),
             sa.Column("a", sa.ForeignKey("a.id")))
bind = op.get_bind()
"""


def heads(found: list[str]) -> list[str]:
    """Return the first three words of each statement."""
    return [" ".join(sql.split()[:3]) for sql in found]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "create",
    [
        "m.create_all(bind)",
        "m.create_all(bind.engine)",
        "a.create(bind, checkfirst=True)\nb.create(bind, checkfirst=True)",
    ],
)
def test_create_all(tmp_path: Path, dialect: str, create: str) -> None:
    found = heads(rendered(tmp_path, MODELS + create, dialect))
    types = ["CREATE TYPE kind"] if dialect == "postgresql" else []
    assert found == [*types, "CREATE TABLE a", "CREATE TABLE b"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_create_and_drop_all(tmp_path: Path, dialect: str) -> None:
    found = heads(rendered(tmp_path, MODELS + "m.create_all(bind)\nm.drop_all(bind)\nm.drop_all(bind)", dialect))
    types = [["CREATE TYPE kind"], ["DROP TYPE kind"]] if dialect == "postgresql" else [[], []]
    assert found == [*types[0], "CREATE TABLE a", "CREATE TABLE b", "DROP TABLE b", "DROP TABLE a", *types[1]]


@pytest.mark.parametrize(
    "body",
    [
        "kind.create(bind)\na.create(bind, checkfirst=True)",
        "kind.create(bind, checkfirst=True)\nkind.create(bind, checkfirst=True)\nm.create_all(bind)",
        "op.create_table('a', sa.Column('k', kind))\nop.create_table('b', sa.Column('k', kind))",
        "kind.create(bind)\nop.create_table('a', sa.Column('k', kind))",
    ],
)
def test_an_enum_type_is_created_once(tmp_path: Path, body: str) -> None:
    found = heads(rendered(tmp_path, MODELS + body))
    assert [sql for sql in found if "TYPE" in sql] == ["CREATE TYPE kind"]


def test_indexes_have_an_order(tmp_path: Path) -> None:
    columns = ", ".join(f"sa.Column('c{n}', sa.Integer, index=True)" for n in range(9))
    make_project(tmp_path, f"m = sa.MetaData()\nsa.Table('t', m, {columns})\nm.create_all(op.get_bind())")
    command = [sys.executable, "-m", "sqlgen", "upgrade", "-d", "postgresql"]
    outputs = {
        subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": str(seed)}
        ).stdout
        for seed in range(4)
    }
    assert len(outputs) == 1
    lines = [line for line in outputs.pop().decode().splitlines() if line.startswith("CREATE INDEX")]
    assert [line.split()[2] for line in lines] == [f"ix_t_c{n}" for n in range(9)]


SAVEPOINT = BIND + (
    "op.execute('UPDATE t SET a = 1')\n"
    "with bind.begin_nested() as outer:\n    op.execute('UPDATE t SET a = 2')\n    {0}\n"
    "op.execute('UPDATE t SET a = 3')"
)


def test_a_savepoint_rolled_back_is_not_in_the_script(tmp_path: Path) -> None:
    body = SAVEPOINT.format("outer.rollback()")
    assert rendered(tmp_path, body) == ["UPDATE t SET a = 1", "UPDATE t SET a = 3"]


def test_a_savepoint_released_is(tmp_path: Path) -> None:
    assert len(rendered(tmp_path, SAVEPOINT.format("pass"))) == 3


def test_a_savepoint_left_by_an_exception(tmp_path: Path) -> None:
    risky = textwrap.indent(SAVEPOINT.format("1 / 0"), "    ")
    body = f"try:\n{risky}\nexcept ZeroDivisionError:\n    pass"
    assert rendered(tmp_path, body) == ["UPDATE t SET a = 1"]


def test_a_table_made_in_a_savepoint_that_is_rolled_back_is_not_there(tmp_path: Path) -> None:
    body = MODELS + "s = bind.begin_nested()\na.create(bind)\ns.rollback()\na.create(bind, checkfirst=True)"
    assert heads(rendered(tmp_path, body)) == ["CREATE TYPE kind", "CREATE TABLE a"]


@pytest.mark.parametrize(
    "body",
    [
        "bind.execute(t.delete())\nbind.rollback()",
        "bind.execute(t.delete())\nbind.get_transaction().rollback()",
        "bind.execute(t.delete())\ntry:\n    bind.rollback()\nexcept Exception:\n    pass",
    ],
)
def test_a_rollback_of_the_whole_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(Unsupported, match="rolls back the transaction"):
        rendered(tmp_path, T + BIND + body)


def test_a_rollback_does_not_hide_what_led_to_it(tmp_path: Path) -> None:
    body = "from sqlalchemy.orm import Session\nwith Session(op.get_bind()) as s:\n    s.execute(t.delete())\n    1 / 0"
    with pytest.raises(RenderError, match="ZeroDivisionError"):
        rendered(tmp_path, T + body)


def test_a_rollback_of_nothing_is_nothing(tmp_path: Path) -> None:
    assert rendered(tmp_path, T + BIND + "bind.rollback()\nop.execute(t.delete())") == ["DELETE FROM t"]


READS = [
    "bind.execute(sa.text('SELECT f(1)')).fetchall()",
    "bind.execute(sa.text('SELECT f(1)')).scalar()",
    "list(bind.execute(sa.text('SELECT f(1)')))",
    "bind.scalar(sa.select(t.c.id))",
    "op.run_async(lambda connection: None)",
    "bind.scalars(sa.select(t.c.id)).all()",
    "bind.execute(sa.select(t)).mappings().first()",
    "bind.exec_driver_sql('SELECT f(1)').fetchone()",
    "bind.execute(sa.text('WITH x AS (SELECT f(1)) SELECT * FROM x')).one()",
    "bind.execute(sa.text('DELETE FROM t RETURNING id')).scalar()",
    "bind.execute(t.insert().values(id=1).returning(t.c.id)).scalar()",
    "if bind.execute(t.delete()).rowcount: pass",
    "if bind.execute(t.delete()).rowcount > 0: pass",
    "int(bind.execute(t.delete()).rowcount)",
    "bind.execute(t.delete()).rowcount - 1",
    "op.execute('CREATE TABLE other AS SELECT f(1)'); sa.inspect(bind).get_columns('other')",
    "op.execute('CREATE TABLE other AS SELECT f(1)'); sa.Table('other', sa.MetaData(), autoload_with=bind)",
    "op.execute('CREATE TABLE other AS SELECT f(1)'); sa.MetaData().reflect(bind)",
]


@pytest.mark.parametrize("swallow", [False, True], ids=["told", "swallowed"])
@pytest.mark.parametrize("read", READS)
def test_what_needs_a_database_is_refused(tmp_path: Path, read: str, swallow: bool) -> None:
    lines = ["try:", f"    {read}", "except Exception:", "    pass"] if swallow else [read]
    with pytest.raises(RenderError) as caught:
        rendered(tmp_path, T + BIND + "\n".join(lines))
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE + 2 + swallow}"
    assert caught.value.revision == "a1"
    assert caught.value.hint


def test_run_async_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="no asynchronous connection") as caught:
        rendered(tmp_path, "op.run_async(lambda connection: None)")
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE}"


def test_a_query_that_nobody_reads(tmp_path: Path) -> None:
    body = "op.get_bind().execute(sa.text(\"SELECT setval('s', 5)\"))"
    assert rendered(tmp_path, body) == ["SELECT setval('s', 5)"]


def test_row_counts_can_be_printed_and_added(tmp_path: Path) -> None:
    body = BIND + "n = 0\nfor _ in range(2):\n    n += bind.execute(sa.text('DELETE FROM t')).rowcount\nstr(n), f'{n}'"
    assert len(rendered(tmp_path, body)) == 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_the_bind_says_of_itself(dialect: str) -> None:
    with sqlgen.capture(dialect) as captured:
        bind = captured.op.get_bind()
        assert isinstance(bind, sa.Connection)
        assert (bind.dialect.name, bind.engine.name, bind.engine.dialect) == (dialect, dialect, bind.dialect)
        assert isinstance(bind.dialect.driver, str)
        assert bind.engine.url.get_backend_name() == dialect
        assert (bind.closed, bind.in_transaction(), bind.dialect.server_version_info) != (True, False, None)
        assert bind.info == {}


def test_the_url_is_that_of_the_project_without_its_password(tmp_path: Path) -> None:
    ini = "sqlalchemy.url = postgresql+psycopg2://me:secret@host/shop\n"
    make_project(
        tmp_path, "op.execute('-- ' + str(op.get_bind().engine.url) + op.get_bind().engine.url.database)", ini=ini
    )
    (found,) = statements(render(tmp_path))
    assert found == "-- postgresql+psycopg2://me@host/shopshop"
    with pytest.raises(CommandError):
        render(tmp_path, "mysql")


def test_events_of_an_engine(tmp_path: Path) -> None:
    body = BIND + (
        "seen = []\nsa.event.listen(bind, 'before_cursor_execute', lambda *a: seen.append(a[2]))\n"
        "bind.execute(sa.text('DELETE FROM t'))\nop.execute(f'-- {len(seen)}')"
    )
    assert rendered(tmp_path, body) == ["DELETE FROM t", "-- 1"]


def test_an_orm_query_is_refused() -> None:
    with pytest.raises(NeedsDatabase, match="reads rows"), sqlgen.capture("postgresql") as captured:
        Session(bind=captured.op.get_bind()).execute(sa.text("SELECT f(1)")).all()


def test_a_whole_table_of_types_is_flat() -> None:
    with sqlgen.capture("postgresql") as captured:
        captured.op.create_table("t", sa.Column("id", sa.Integer))
    assert flat(captured.statements[0]) == "CREATE TABLE t ( id INTEGER )"


VALUES = """
t = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("e", sa.Enum("x", "y", name="letters")))
bind = op.get_bind()
"""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("bind.execute(sa.text('UPDATE t SET e = :e'), [{'e': 'x'}, {'e': object()}])", "row 2: e: a Python object"),
        ("bind.execute(sa.text('UPDATE t SET e = :e'), {'e': object()})", "e: a Python object"),
        ("bind.execute(sa.text('UPDATE t SET a = :a, e = :e'), [{'a': 1, 'e': 2}, {'a': 1}])", "row 2: A value .* 'e'"),
        ("bind.execute(t.insert(), [{'id': 1, 'e': 'x'}, {'id': 2}])", "row 2: A value is required .* 'e'"),
        ("bind.execute(t.insert(), [{'id': 1, 'e': 'x'}, {'id': 2, 'e': 5}])", "LookupError: '5' is not among"),
        ("bind.execute(t.update().where(t.c.id == sa.bindparam('i')).values(e='x'))", "A value is required .* 'i'"),
        (
            "bind.execute(sa.text('UPDATE t SET id = :i').bindparams(sa.bindparam('i', type_=sa.Integer)))",
            "A value is required .* 'i'",
        ),
        ("op.bulk_insert(t, [{'id': 1, 'e': 'x'}, {'id': 2, 'e': 5}])", "t.e: LookupError: '5' is not among"),
        ("op.bulk_insert(t, [{'id': 1, 'e': sa.text(':x').bindparams(sa.bindparam('x', type_=sa.String))}])", "'x'"),
    ],
)
def test_values_that_are_refused(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(RenderError, match=message) as caught:
        rendered(tmp_path, VALUES + body, starts_empty=False)
    assert str(caught.value.place).startswith("mig/versions/a1.py:")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_colons_of_text_inside_a_statement_stay(tmp_path: Path, dialect: str) -> None:
    body = VALUES + """bind.execute(t.update().values(e=sa.text("'{\\"a\\":true}'")))"""
    assert rendered_later(tmp_path, body, dialect) == ["""UPDATE t SET e='{"a":true}'"""]


@pytest.mark.parametrize(
    "call", ["execute(sa.text('UPDATE t SET a = 1 -:a'), {'a': -1})", "exec_driver_sql('UPDATE t SET a = 1 -?', (-1,))"]
)
def test_a_minus_never_makes_a_comment(tmp_path: Path, call: str) -> None:
    assert rendered(tmp_path, f"op.get_bind().{call}") == ["UPDATE t SET a = 1 - -1"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_percent_signs_without_values(tmp_path: Path, dialect: str) -> None:
    doubled = dialect in ("postgresql", "mysql", "mariadb")  # the drivers there want every % doubled
    body = "op.get_bind().exec_driver_sql(\"UPDATE t SET a = '5%%'\")"
    assert rendered_later(tmp_path, body, dialect) == [f"UPDATE t SET a = '5{'%' if doubled else '%%'}'"]


@pytest.mark.parametrize("hash_seed", ["0", "1", "2", "3"])
def test_members_of_a_set_are_in_the_type_s_order(hash_seed: str) -> None:
    code = (
        "import sqlgen, sqlalchemy as sa\n"
        "from sqlalchemy.dialects.mysql import SET\n"
        "t = sa.table('t', sa.column('v', SET('b', 'a', 'c')))\n"
        "with sqlgen.capture('mysql') as captured:\n"
        "    captured.op.bulk_insert(t, [{'v': {'a', 'b', 'c'}}])\n"
        "    captured.op.get_bind().execute(t.insert(), {'v': {'c', 'b', 'a'}})\n"
        "print(*captured.statements)"
    )
    surroundings = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=surroundings)
    assert done.stdout == "INSERT INTO t (v) VALUES ('b,a,c') INSERT INTO t (v) VALUES ('b,a,c')\n"


@pytest.mark.parametrize("options", [{}, {"raw_newlines": True}])
def test_raw_newlines_of_a_project(tmp_path: Path, options: dict[str, Any]) -> None:
    folder = make_project(tmp_path, "op.get_bind().execute(sa.text('UPDATE t SET a = :a'), {'a': 'x\\ny'})")
    script = str(render(folder, "postgresql", **options))
    assert ("a = 'x\ny'" in script) is bool(options)
    assert (r"a = E'x\ny'" in script) is not bool(options)


@pytest.mark.parametrize(
    ("dialect", "body", "wanted"),
    [
        ("mysql", "op.execute(f'ALTER DATABASE {name} CHARACTER SET utf8mb4')", "ALTER DATABASE CHARACTER SET utf8mb4"),
        ("mariadb", "op.execute(f'ALTER SCHEMA `{name}` COLLATE utf8mb4_bin')", "ALTER SCHEMA COLLATE utf8mb4_bin"),
        ("mysql", "bind.execute(t.delete().where(t.c.a == name))", "DELETE FROM t WHERE t.a = DATABASE()"),
        ("postgresql", "bind.execute(t.delete().where(t.c.a == name))", "DELETE FROM t WHERE t.a = current_database()"),
        ("mssql", "op.execute(f\"DELETE FROM t WHERE a = N'{name}'\")", "DELETE FROM t WHERE a = DB_NAME()"),
    ],
)
def test_the_name_of_the_database_is_that_of_the_session(tmp_path: Path, dialect: str, body: str, wanted: str) -> None:
    body = f"bind = op.get_bind()\nname = bind.engine.url.database\nt = sa.table('t', sa.column('a'))\n{body}"
    assert rendered(tmp_path, body, dialect=dialect) == [wanted]


def test_the_name_of_the_database_is_refused_where_it_must_be_written_out(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="cannot be told the name of the database") as caught:
        rendered(tmp_path, "op.execute(f'ALTER DATABASE {op.get_bind().engine.url.database} SET x = 1')")
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE}"
