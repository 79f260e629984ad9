"""What revisions read: which queries are answered from the rows of the script, and what becomes of the others.

Whether the answers are true is seen on real servers, in ``tests/databases/test_reads.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.cli import main
from sqlgen.errors import CommandError, NeedsDatabase
from sqlgen.scripts.reads import parts, run_sheet
from sqlgen.scripts.script import Script

from .projects import FIRST_LINE, make_project, render

TABLE = """
t = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(20)), sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("kind", sa.Enum("y", "x", name="k")),
    sa.Column("at", sa.DateTime, server_default=sa.func.now()), sa.Column("f", sa.Float))
op.bulk_insert(t, [{"id": 1, "name": "Ann", "price": 1, "kind": "x", "f": 0.1}, {"id": 2, "name": "é"}])
bind = op.get_bind()
"""
SERVERS = ("postgresql", "mysql", "mariadb", "mssql", "oracle")


def run(code: str, dialect: str = "postgresql") -> Any:
    """Run code in a block of capture; return what it leaves as ``found``."""
    names: dict[str, Any] = {"sa": sa}
    with sqlgen.capture(dialect) as captured:
        exec(TABLE + code, {**names, "op": captured.op}, names)
    return names.get("found")


@pytest.mark.parametrize("dialect", SERVERS)
def test_rows_are_read_on_every_server(dialect: str) -> None:
    assert run("found = bind.execute(sa.select(t.c.id).where(t.c.name == 'Ann')).all()", dialect) == [(1,)]
    assert run("found = bind.execute(sa.text('SELECT name AS n FROM t WHERE id = 1')).one().n", dialect) == "Ann"
    assert run("found = bind.execute(t.delete().where(t.c.id > 1)).rowcount", dialect) == 1


@pytest.mark.parametrize(
    ("dialect", "found"), [("postgresql", []), ("mysql", [(1,)]), ("mssql", [(1,)]), ("oracle", [])]
)
def test_case_counts_as_on_the_server(dialect: str, found: list[Any]) -> None:
    assert run("found = bind.execute(sa.select(t.c.id).where(t.c.name == 'ANN', t.c.id == 1)).all()", dialect) == found


@pytest.mark.parametrize(("dialect", "first"), [("postgresql", 1), ("mariadb", 2), ("mssql", 2), ("oracle", 1)])
def test_null_stands_where_the_server_has_it(dialect: str, first: int) -> None:
    assert run("found = bind.scalars(sa.select(t.c.id).order_by(t.c.price)).all()", dialect)[0] == first


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("sa.select(t.c.id / 2)", "operator truediv"),
        ("sa.select(t.c.name + 'x')", "operator concat_op"),
        ("sa.select(t.c.id).where(t.c.price == t.c.id)", "a comparison of decimal with int"),
        ("sa.select(sa.func.md5(t.c.name))", "function md5"),
        ("sa.select(t.c.id).order_by(t.c.kind)", "ORDER BY values that only the server can sort"),
        ("sa.select(t.c.id).order_by(t.c.name)", "the order of texts"),
        ("sa.select(t.c.id).order_by(t.c.at)", "decides by column at, which only the server knows"),
        ("sa.select(t.c.id).where(t.c.at > sa.func.now())", "now"),
        ("sa.select(t.c.name, sa.func.count())", "a column beside an aggregate"),
        ("sa.select(sa.cast(t.c.id, sa.String))", "cast in a query"),
        ("sa.select(sa.func.row_number().over())", "over in a query"),
        ("sa.select(sa.table('u', sa.column('a')).c.a)", "table u was not made by this script"),
        ("sa.text('SELECT id::text FROM t')", "Cast in text SQL"),
        ("sa.text('SELECT id FROM t FETCH FIRST 1 ROW ONLY')", "in text SQL"),
        ("sa.text('SELECT missing FROM t')", "column missing in text SQL"),
    ],
)
def test_what_is_not_certain_is_refused(query: str, why: str) -> None:
    with pytest.raises(NeedsDatabase, match="reads rows") as caught:
        run(f"bind.execute({query}).all()")
    assert why in caught.value.message
    assert "--on-read" in caught.value.hint


@pytest.mark.parametrize(
    "change",
    [
        "op.execute('CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()')\nbind.execute(t.insert().values(id=9))",
        "op.execute('INSERT INTO t (id) VALUES (9) ON CONFLICT DO NOTHING')",
        "op.execute('DO $$ BEGIN DELETE FROM t; END $$')",
        "op.execute('UPDATE t SET name = md5(name)')",
        "bind.execute(t.update().values(name=sa.func.md5(t.c.name)))",
        "bind.execute(sa.select(sa.func.fill()))",
        "op.execute('ALTER TABLE t ALTER COLUMN name TYPE varchar(30) USING upper(name)')",
    ],
)
def test_what_cannot_be_followed_makes_rows_unknown(change: str) -> None:
    with pytest.raises(NeedsDatabase, match="reads rows"):
        run(f"{change}\nbind.execute(sa.select(t.c.name)).all()")


def test_rows_go_with_their_parents() -> None:
    code = """
u = op.create_table("u", sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id", ondelete="CASCADE")))
op.bulk_insert(u, [{"t_id": 1}])
bind.execute(t.delete().where(t.c.id == 2))
bind.execute(sa.select(u)).all()
"""
    with pytest.raises(NeedsDatabase, match="its rows follow those of t"):
        run(code)


def test_what_the_server_fills_in_is_kept_but_not_decided_by() -> None:
    row = "row = bind.execute(sa.select(t).where(t.c.id == 1)).one()\n"
    assert repr(run(f"{row}found = row.at")) == "<the default of column at, known only to the server>"
    for use in ("bool(row.at)", "row.at == 1", "row.at < 1", "str(row.at)", "f'{row.at}'"):
        with pytest.raises(NeedsDatabase, match="decides by the default of column at"):
            run(row + use)
    with pytest.raises(CommandError, match="only the server will know it"):
        run(f"{row}bind.execute(t.update().values(at=row.at))")


def test_tables_in_schemas() -> None:
    code = """
one, two = (sa.table("s", sa.column("id", sa.Integer), schema=schema) for schema in ("a", "b"))
for table, key in ((one, 1), (two, 2)):
    op.create_table("s", sa.Column("id", sa.Integer), schema=table.schema)
    op.bulk_insert(table, [{"id": key}])
hit = bind.execute(one.update().where(one.c.id == 1).values(id=one.c.id + 4)).rowcount
found = [hit, bind.scalar(sa.select(one.c.id)), bind.scalar(sa.select(two.c.id))]
found.append(bind.scalar(sa.text("SELECT id FROM b.s")))
"""
    assert run(code) == [1, 5, 2, 2]


def test_keys_of_a_new_table() -> None:
    code = """
u = op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))
op.bulk_insert(u, [{"a": 1}, {"a": 2}])
"""
    asked = f"{code}found = bind.scalars(sa.select(u.c.id).order_by(u.c.a)).all()"
    assert run(asked) == [1, 2]
    assert "known only to the server" in repr(run(asked, "mysql")[0])
    for moved in ("SELECT setval('u_id_seq', 9)", "ALTER SEQUENCE u_id_seq RESTART 5"):
        again = f"{code}op.execute({moved!r})\nop.bulk_insert(u, [{{'a': 3}}])\n"
        assert "known only" in repr(run(f"{again}found = bind.scalars(sa.select(u.c.id).where(u.c.a == 3)).one()"))


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
def test_returning_gives_what_was_written(dialect: str) -> None:
    one = "bind.execute(t.insert().values(id=9, name='n').returning(t.c.id, t.c.name)).one()"
    assert run(f"found = tuple({one})", dialect) == (9, "n")
    text = 'bind.execute(sa.text("DELETE FROM t WHERE id = 1 RETURNING name AS gone")).one().gone'
    assert run(f"found = {text}", dialect) == "Ann"
    counted = "result = bind.execute(t.delete().returning(t.c.id)); found = sorted(result.scalars()), result.rowcount"
    assert run(counted, dialect) == ([1, 2], 2)


@pytest.mark.parametrize(
    ("dialect", "code"),
    [
        ("postgresql", "bind.execute(sa.text('UPDATE other SET a = 1 RETURNING a')).all()"),
        ("postgresql", "bind.execute(t.insert().values(id=9).returning(sa.func.now())).all()"),
        ("postgresql", "str(bind.execute(t.insert().values(id=9).returning(t.c.at)).scalar())"),
        ("postgresql", "bind.execute(t.update().values(name=sa.func.f(1)).returning(t.c.name)).all()"),
        (
            "postgresql",
            "bind.execute(sa.text('INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING RETURNING id')).all()",
        ),
        ("postgresql", "bind.execute(sa.text('WITH x AS (DELETE FROM t RETURNING id) SELECT id FROM x')).all()"),
        ("mssql", "bind.execute(t.insert().values(id=9).returning(t.c.id)).all()"),
        ("mssql", "bind.execute(sa.text('INSERT INTO t (id) OUTPUT inserted.id VALUES (9)')).all()"),
    ],
)
def test_returning_what_is_not_certain_is_refused(dialect: str, code: str) -> None:
    with pytest.raises(NeedsDatabase):
        run(code, dialect)


def test_a_trigger_may_change_what_returning_gives() -> None:
    trigger = "CREATE TRIGGER w BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"
    with pytest.raises(NeedsDatabase):
        run(f"op.execute('{trigger}'); bind.execute(t.insert().values(id=9).returning(t.c.id)).all()")


def test_what_is_returned_after_rows_were_written_is_still_followed() -> None:
    code = "bind.execute(t.insert().values(id=9).returning(t.c.at)); found = bind.scalars(sa.select(t.c.id)).all()"
    assert run(code) == [1, 2, 9]


def test_sqlite_returns_what_its_replica_does(tmp_path: Path) -> None:
    body = """\
t = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Text))
bind = op.get_bind()
one = bind.execute(t.insert().values(n="a").returning(t.c.id)).scalar_one()
two = bind.execute(sa.text("INSERT INTO t (n) VALUES ('b') RETURNING id")).scalar_one()
op.execute(f"DELETE FROM t WHERE id IN ({one}, {two + 10})")
"""
    assert "DELETE FROM t WHERE id IN (1, 12)" in str(render(make_project(tmp_path, body), "sqlite"))


def test_text_without_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(NeedsDatabase, match=r"sqlgen\[sql\]"):
        run("bind.execute(sa.text('SELECT name FROM t WHERE id = 1')).all()")
    with pytest.raises(NeedsDatabase, match="reads rows"):
        run("op.execute('DELETE FROM t')\nbind.execute(sa.select(t.c.id)).all()")


READS = {
    "a1": "op.create_table('a', sa.Column('id', sa.Integer))",
    "b2": """
    op.create_table("b", sa.Column("id", sa.Integer))
    for row in op.get_bind().execute(sa.text("SELECT id FROM old WHERE id > 3")):
        op.execute(f"DELETE FROM old WHERE id = {row.id}")
    if op.get_bind().execute(sa.text("UPDATE old SET id = 1")).rowcount:
        op.execute("DELETE FROM never")
    """,
    "c3": "op.create_table('c', sa.Column('id', sa.Integer))\nassert sa.inspect(op.get_bind()).has_table('b')",
}


def test_a_read_is_an_error_with_its_line_and_the_rewrite(tmp_path: Path) -> None:
    with pytest.raises(NeedsDatabase) as caught:
        render(make_project(tmp_path, READS))
    assert str(caught.value.place) == f"mig/versions/b2.py:{FIRST_LINE + 2}"
    assert "SELECT id FROM old WHERE id > 3" in caught.value.message
    assert "UPDATE old SET … WHERE" in caught.value.hint
    assert "--on-read=split" in caught.value.hint


def test_reads_taken_for_empty(tmp_path: Path) -> None:
    script = render(make_project(tmp_path, READS), on_read="empty")
    text = str(script)
    assert [str(read).partition(": ")[2] for read in script.assumed] == [
        "SELECT id FROM old WHERE id > 3",
        "the row count of the statement above",
    ]
    assert (
        f"-- READ TAKEN FOR EMPTY (--on-read=empty) at mig/versions/b2.py:{FIRST_LINE + 2}: SELECT id FROM old" in text
    )
    assert "never" not in text
    assert "UPDATE old SET id = 1;" in text
    assert not script.manual


def test_the_history_before_a_range_reads_in_the_same_way(tmp_path: Path) -> None:
    folder = make_project(tmp_path, READS)
    for on_read in ("empty", "split"):
        script = render(folder, range_text="b2:c3", on_read=on_read)
        assert "CREATE TABLE c" in str(script)
        assert not script.assumed
    with pytest.raises(NeedsDatabase, match="SELECT id FROM old"):
        render(folder, range_text="b2:c3")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("sa.text('SELECT count(*) FROM old')", [(0,)]),
        ("sa.text('SELECT a FROM old')", []),
        ("sa.select(sa.func.count(), sa.func.max(old.c.a)).select_from(old)", [(0, None)]),
        ("sa.select(old.c.a, sa.func.count()).group_by(old.c.a)", []),
    ],
)
def test_what_an_empty_read_gives(tmp_path: Path, query: str, rows: list[Any]) -> None:
    body = f"old = sa.table('old', sa.column('a'))\nassert op.get_bind().execute({query}).all() == {rows}"
    assert len(render(make_project(tmp_path, body), on_read="empty").assumed) == 1


def test_a_script_is_cut_around_the_revision(tmp_path: Path) -> None:
    script = render(make_project(tmp_path, READS), on_read="split")
    first, _manual, last = parts(script)
    assert isinstance(first, Script)
    assert isinstance(last, Script)
    assert [first.file_name, last.file_name] == ["upgrade.1.sql", "upgrade.2.sql"]
    assert (first.plan.start, first.plan.end, last.plan.start, last.plan.end) == ((), ("a1",), ("b2",), ("c3",))
    assert "CREATE TABLE b" not in str(first) + str(last)
    assert "· b2 → c3" in str(last).splitlines()[0]
    name, sheet = run_sheet(script)
    assert name == "upgrade.RUNSHEET.md"
    steps = [line for line in sheet.splitlines() if line.startswith(("##", "    ", "- version"))]
    assert steps == [
        "## 1. Apply upgrade.1.sql",
        f"    {script.form().command('upgrade.1.sql')}",
        "- version before: base",
        "- version after: a1",
        "## 2. Let Alembic run revision b2, against the live database",
        "    alembic upgrade b2",
        "- version before: a1",
        "- version after: b2",
        "## 3. Apply upgrade.2.sql",
        f"    {script.form().command('upgrade.2.sql')}",
        "- version before: b2",
        "- version after: c3",
    ]


def test_what_a_cut_out_revision_wrote_is_unknown(tmp_path: Path) -> None:
    chain = {**READS, "c3": "op.get_bind().execute(sa.text('SELECT id FROM b')).all()"}
    script = render(make_project(tmp_path, chain), on_read="split")
    assert [step.revision.id for step in script.manual] == ["b2", "c3"]


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(make_project(tmp_path, READS))

    def command(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["upgrade", "-d", "postgresql", *words])
        return int(ended.value.code or 0)

    assert command() == 3
    assert command("--on-read=split") == 2
    assert command("--on-read=split", "-o", "out") == 0
    names = sorted(path.name for path in (tmp_path / "out" / "postgresql").glob("upgrade*"))
    assert names == ["upgrade.1.sql", "upgrade.2.sql", "upgrade.RUNSHEET.md"]
    capsys.readouterr()
    assert command("--on-read=empty", "-o", "up.sql", "--json") == 0
    told = capsys.readouterr()
    assert '"reads_taken_for_empty": [\n' in told.out
    assert "SELECT id FROM old" in told.out
    assert "a read was taken for empty at mig/versions/b2.py" in told.err
    (tmp_path / "pyproject.toml").write_text('[tool.sqlgen]\non_read = "empty"\n')
    assert command() == 0
    (tmp_path / "pyproject.toml").write_text('[tool.sqlgen]\non_read = "maybe"\n')
    assert command() == 2
