"""The replica of SQLite: what revisions read and ask is what the real database would have told them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlgen.dialects.sqlite_replica import SQLiteWorld

from sqlgen.errors import CommandError, LiteralError, NeedsDatabase, RenderError
from tests.recording.projects import FIRST_LINE, flat, make_project, render, rendered, rendered_later, statements

BIND = "bind = op.get_bind()\n"
MADE = f"""\
{BIND}op.create_table(
    "t",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20)),
    sa.Column("made", sa.DateTime, server_default=sa.func.now()),
)
t = sa.table("t", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("made", sa.DateTime))
bind.execute(t.insert(), [{{"name": "a"}}, {{"name": "b"}}, {{"name": "c"}}])
"""
ORM = """\
from sqlalchemy.orm import Session, declarative_base, relationship
Base = declarative_base()
class Note(Base):
    __tablename__ = "note"
    id = sa.Column(sa.Integer, primary_key=True)
    text = sa.Column(sa.String)
    lines = relationship("Line")
class Line(Base):
    __tablename__ = "line"
    id = sa.Column(sa.Integer, primary_key=True)
    note_id = sa.Column(sa.ForeignKey("note.id"))
bind = op.get_bind()
Base.metadata.create_all(bind)
session = Session(bind=bind)
"""


def written(found: list[str]) -> list[str]:
    """Return the statements that change rows."""
    return [sql for sql in found if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def told(folder: Path, body: str) -> str:
    """Return what an expression at the end of a body is, by way of the script."""
    *rest, last = body.strip().split("\n")
    lines = [*rest, f"op.execute('-- ' + repr({last}))"]
    return rendered(folder, "\n".join(lines), "sqlite")[-1].removeprefix("-- ")


READS = [
    ("bind.execute(sa.select(t.c.id, t.c.name)).all()", "[(1, 'a'), (2, 'b'), (3, 'c')]"),
    ("bind.execute(sa.text('SELECT name FROM t WHERE id > :i'), {'i': 1}).scalars().all()", "['b', 'c']"),
    ("bind.exec_driver_sql('SELECT max(id) AS top FROM t').mappings().all()", "[{'top': 3}]"),
    ("bind.scalar(sa.select(sa.func.count()).select_from(t))", "3"),
    ("bind.execute(sa.text('SELECT 1 FROM t WHERE 0')).fetchone()", "None"),
    ("bind.execute(t.update().where(t.c.id > 1).values(name='z')).rowcount", "2"),
    ("bind.execute(sa.text('DELETE FROM t')).rowcount", "3"),
    ("bind.execute(sa.Table('t', sa.MetaData(), autoload_with=bind).insert()).inserted_primary_key", "(4,)"),
    ("bind.execute(sa.text(\"INSERT INTO t (name) VALUES ('d')\")).lastrowid", "4"),
    ("bind.execute(t.insert(), [{'name': 'd'}, {'name': 'e'}]).rowcount", "2"),
    ("bind.execute(sa.text(\"INSERT INTO t (name) VALUES ('d') RETURNING id, name\")).all()", "[(4, 'd')]"),
    ("[c[1] for c in bind.execute(sa.text('PRAGMA table_info(t)'))]", "['id', 'name', 'made']"),
    ("bind.scalar(sa.text(\"SELECT count(*) FROM sqlite_master WHERE name = 't'\"))", "1"),
    ("bind.execute(sa.text('SELECT version_num FROM alembic_version')).all()", "[]"),
    ("bind.scalar(sa.text('PRAGMA foreign_keys'))", "0"),
    ("bind.scalar(sa.text(\"SELECT datetime('2024-01-02', '+1 day')\"))", "'2024-01-03 00:00:00'"),
    ("bind.scalar(sa.text(\"SELECT count(*) FROM t WHERE made > '1999'\"))", "3"),
]


@pytest.mark.parametrize(("read", "answer"), READS)
def test_a_read(tmp_path: Path, read: str, answer: str) -> None:
    assert told(tmp_path, MADE + read) == answer


def test_a_loop_that_updates_row_by_row(tmp_path: Path) -> None:
    body = """
for row in bind.execute(sa.select(t.c.id, t.c.name).where(t.c.name != "b")):
    bind.execute(t.update().where(t.c.id == row.id).values(name=row.name * 2))
while bind.execute(sa.text("DELETE FROM t WHERE id = (SELECT min(id) FROM t)")).rowcount:
    pass
"""
    assert written(rendered(tmp_path, MADE + body, "sqlite"))[3:] == [
        "UPDATE t SET name='aa' WHERE t.id = 1",
        "UPDATE t SET name='cc' WHERE t.id = 3",
        *["DELETE FROM t WHERE id = (SELECT min(id) FROM t)"] * 4,
    ]


def test_the_objects_of_a_session(tmp_path: Path) -> None:
    body = """
session.add(Note(text="x", lines=[Line(), Line()]))
session.flush()
note = session.get(Note, 1)
note.text = str([line.id for line in note.lines])
session.flush()
session.delete(session.query(Line).filter_by(id=2).one())
session.commit()
"""
    assert written(rendered(tmp_path, ORM + body, "sqlite")) == [
        "INSERT INTO note (text) VALUES ('x')",
        "INSERT INTO line (note_id) VALUES (1)",
        "INSERT INTO line (note_id) VALUES (1)",
        "UPDATE note SET text='[1, 2]' WHERE note.id = 1",
        "DELETE FROM line WHERE line.id = 2",
    ]


SERVERS = [
    "made",
    "CURRENT_TIMESTAMP",
    "datetime('now')",
    "strftime('%s', 'now', '-1 day')",
    "random()",
    "hex(randomblob(8))",
    "abs(random()) % 1000000",
]


@pytest.mark.parametrize("value", SERVERS)
@pytest.mark.parametrize(
    ("use", "refused"),
    [
        ("value", ""),
        ("str(value)", "only a live database knows"),
        ("value == 1", "only a live database knows"),
        ("value + 1", "only a live database knows"),
        ("bind.execute(t.update().values(name=value))", "only the server will know it"),
    ],
)
def test_what_the_server_makes(tmp_path: Path, value: str, use: str, refused: str) -> None:
    body = f'{MADE}value = bind.scalar(sa.text("SELECT {value} FROM t WHERE id = 2"))\n{use}'
    if refused:
        with pytest.raises((NeedsDatabase, LiteralError), match=refused):
            rendered(tmp_path, body, "sqlite")
    else:
        assert rendered(tmp_path, body, "sqlite")


def test_how_many_rows_by_chance(tmp_path: Path) -> None:
    body = "bind.execute(sa.text(\"SELECT id FROM t WHERE made = '2001-02-03 04:05:06'\")).all()"
    with pytest.raises(NeedsDatabase, match="reads rows"):
        rendered(tmp_path, MADE + body, "sqlite")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM t ORDER BY random()",
        "SELECT id, made FROM t ORDER BY made DESC, id",
        "SELECT id FROM t WHERE id < 3 ORDER BY random()",
        "SELECT id FROM t ORDER BY random() LIMIT 1",
        "SELECT random() % 2 FROM t",
        "SELECT random() > 0 FROM t",
    ],
)
def test_what_is_by_chance(tmp_path: Path, query: str) -> None:
    body = """for n in range(2):
    bind.execute(t.insert().values(name="later"))
"""
    for row in (0, 1, 2):
        found = f'rows = bind.execute(sa.text("{query}")).all()\nbool(rows[{row} % len(rows)][0])'
        with pytest.raises(NeedsDatabase):
            rendered(tmp_path / str(row), MADE + body + found, "sqlite")


def test_another_file_changes_nothing_here(tmp_path: Path) -> None:
    body = """op.execute("ATTACH ':memory:' AS x")
op.execute("CREATE TABLE x.y (a)")
sa.inspect(bind).get_table_names()
"""
    assert told(tmp_path / "1", MADE + body) == "['alembic_version', 't']"
    for number, question in enumerate(("get_schema_names()", "get_columns('y', 'x')"), 2):
        with pytest.raises(NeedsDatabase):
            rendered(tmp_path / str(number), f"{MADE}{body}sa.inspect(bind).{question}", "sqlite")


SCHEMA = (
    "CREATE TABLE p (id INTEGER PRIMARY KEY, k VARCHAR(5) COLLATE NOCASE NOT NULL, CONSTRAINT uk UNIQUE (k))",
    "CREATE TABLE t (id INTEGER NOT NULL, a VARCHAR(20), b NUMERIC(10, 2) DEFAULT '3', c DATETIME DEFAULT"
    " CURRENT_TIMESTAMP, d TEXT AS (a || 'x'), p_id INTEGER REFERENCES p (id) ON DELETE CASCADE, PRIMARY KEY (id, a),"
    " CONSTRAINT ck CHECK (b > 0), UNIQUE (c))",
    "CREATE INDEX ix ON t (a, b)",
    "CREATE UNIQUE INDEX ex ON t (lower(a)) WHERE b > 1",
    "CREATE VIEW v AS SELECT a FROM t",
)
QUESTIONS = [
    "look.get_table_names()",
    "look.get_view_names()",
    "look.get_view_definition('v')",
    "look.get_schema_names()",
    "[{**one, 'type': str(one['type'])} for one in look.get_columns('t')]",
    "[{**one, 'type': str(one['type'])} for one in look.get_columns('v')]",
    "look.get_pk_constraint('t')",
    "look.get_foreign_keys('t')",
    "look.get_indexes('t')",
    "look.get_unique_constraints('t')",
    "look.get_check_constraints('t')",
    "look.get_table_options('t')",
    "(look.has_table('t'), look.has_table('v'), look.has_table('nope'))",
    "(look.has_index('t', 'ix'), look.has_index('t', 'nope'))",
    "sorted(map(str, look.get_multi_indexes().items()))",
    "sorted(map(str, look.get_multi_pk_constraint().items()))",
    "(bind.dialect.has_table(bind, 't'), bind.dialect.has_table(bind, 'nope'))",
    "[(c.name, str(c.type), c.primary_key) for c in sa.Table('t', sa.MetaData(), autoload_with=bind).columns]",
    "reflected(bind)",
    "classes(bind)",
    "sa.engine.reflection.Inspector.from_engine(bind).get_sorted_table_and_fkc_names()",
    "bind.execute(sa.text('PRAGMA foreign_key_list(t)')).all()",
    "bind.execute(sa.text('SELECT type, name, tbl_name, sql FROM sqlite_master')).all()",
]
HELPERS = """
def reflected(bind):
    metadata = sa.MetaData()
    metadata.reflect(bind, views=True)
    return sorted(metadata.tables)
def classes(bind):
    from sqlalchemy.ext.automap import automap_base
    base = automap_base()
    base.prepare(autoload_with=bind)
    return sorted(base.classes.keys())
"""


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::sqlalchemy.exc.SADeprecationWarning")
def test_an_answer_is_that_of_the_database(tmp_path: Path, question: str) -> None:
    body = "\n".join(f"op.execute({sql!r})" for sql in SCHEMA)
    script = str(render(make_project(tmp_path / "made", body), "sqlite"))
    with sqlite3.connect(tmp_path / "real.db") as real:
        real.executescript("".join(line for line in script.splitlines(keepends=True) if not line.startswith(".")))
    real.close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'real.db'}")
    with engine.connect() as bind:
        names: dict[str, Any] = {"bind": bind, "look": sa.inspect(bind), "sa": sa}
        exec(HELPERS, names)
        expected = eval(question, names)
    engine.dispose()
    answer = told(tmp_path / "asked", f"{body}\n{HELPERS}{BIND}look = sa.inspect(bind)\n{question}")
    assert answer == flat(repr(expected))


REFUSED = [
    ("op.add_column('nope', sa.Column('a', sa.Integer))", "no table 'nope'"),
    ("op.execute('INSERT INTO nope VALUES (1)')", "no such table: nope"),
    ("op.execute('CREATE TABLE x (a')", "incomplete input"),
    (
        "op.create_table('x', sa.Column('a', sa.Integer)); op.create_index('i', 'x', ['b'])",
        "no column 'b'",
    ),
    (
        "op.create_table('x', sa.Column('a', sa.Integer)); op.create_table('x', sa.Column('a', sa.Integer))",
        "there is a table 'x' already",
    ),
    ("bind.execute(sa.text('SELECT * FROM nope'))", "no such table: nope"),
    ("bind.execute(sa.text('DELETE FROM nope'))", "no such table: nope"),
]


@pytest.mark.parametrize(("body", "message"), REFUSED)
def test_what_the_database_refuses_is_an_error_at_its_line(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(RenderError, match=message) as caught:
        rendered(tmp_path, BIND + body, "sqlite")
    assert caught.value.place is not None
    assert (caught.value.place.path, caught.value.place.line) == ("mig/versions/a1.py", FIRST_LINE + 1)


def test_a_revision_may_catch_what_the_database_refuses(tmp_path: Path) -> None:
    body = f"""{BIND}
try:
    bind.execute(sa.text("DELETE FROM nope"))
except sa.exc.OperationalError as error:
    op.execute("CREATE TABLE nope (a)")
"""
    assert rendered(tmp_path, body, "sqlite") == ["CREATE TABLE nope (a)"]


def test_a_savepoint_is_taken_back(tmp_path: Path) -> None:
    body = """
with bind.begin_nested() as point:
    bind.execute(sa.text("DELETE FROM t"))
    point.rollback()
bind.scalar(sa.text("SELECT count(*) FROM t"))
"""
    assert told(tmp_path, MADE + body) == "3"


def test_the_version_moves_with_the_run(tmp_path: Path) -> None:
    look = "op.execute('-- ' + str(op.get_bind().execute(sa.text('SELECT * FROM alembic_version')).all()))"
    project = make_project(tmp_path, {"a1": look, "a2": look, "a3": look})
    assert statements(render(project, "sqlite")) == ["-- []", "-- [('a1',)]", "-- [('a2',)]"]
    assert statements(render(project, "sqlite", "a1:a3")) == ["-- [('a1',)]", "-- [('a2',)]"]


UNJUDGED = [
    "op.execute('CREATE VIRTUAL TABLE x USING nobody_has_this (a)')",
    "op.execute('CREATE TABLE x (a TEXT COLLATE nobody_has_this); CREATE INDEX i ON x (a)')",
    "op.execute('CREATE TABLE x AS SELECT nobody_has_this() AS a')",
]


@pytest.mark.parametrize("body", UNJUDGED)
def test_what_cannot_be_judged_is_not_told(tmp_path: Path, body: str) -> None:
    assert rendered(tmp_path / "1", f"{body}\nop.execute('DELETE FROM x')", "sqlite")[-1] == "DELETE FROM x"
    for number, question in enumerate(("get_columns('x')", "get_table_names()"), 2):
        with pytest.raises(NeedsDatabase):
            rendered(tmp_path / str(number), f"{body}\nsa.inspect(op.get_bind()).{question}", "sqlite")
    assert rendered(tmp_path / "4", f"{MADE}{body}\nbind.scalar(sa.select(t.c.id))", "sqlite")


OLD = """\
op.create_table('old', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Text))
op.execute("INSERT INTO old (a) VALUES ('x')")
"""


def later(folder: Path, body: str) -> list[str]:
    return statements(render(make_project(folder, {"a1": OLD, "a2": BIND + body}), "sqlite", "a1:a2"))


@pytest.mark.parametrize(
    "body",
    [
        "bind.execute(sa.text('SELECT * FROM old')).all()",
        "bind.scalar(sa.text('SELECT count(*) FROM old'))",
        "op.rename_table('old', 'new'); bind.execute(sa.text('SELECT * FROM new')).all()",
        "op.execute('CREATE TABLE new AS SELECT a FROM old'); bind.execute(sa.text('SELECT * FROM new')).all()",
        "op.execute('CREATE TABLE n (a)'); op.execute('INSERT INTO n SELECT a FROM old');"
        " bind.execute(sa.text('SELECT * FROM n')).all()",
        "with op.batch_alter_table('old') as b: b.alter_column('a', nullable=False)\n"
        "bind.execute(sa.text('SELECT * FROM old')).all()",
        "bool(bind.execute(sa.text('UPDATE old SET a = 1')).rowcount)",
    ],
)
def test_rows_that_stood_before_the_start_are_unknown(tmp_path: Path, body: str) -> None:
    with pytest.raises(NeedsDatabase):
        later(tmp_path, body)


def test_the_schema_at_the_start_is_known(tmp_path: Path) -> None:
    body = """\
op.add_column('old', sa.Column('b', sa.Integer))
names = [c['name'] for c in sa.inspect(bind).get_columns('old')]"""
    assert later(tmp_path, f"{body}\nop.execute('-- ' + str(names))")[-1] == "-- ['id', 'a', 'b']"


def test_a_table_that_a_later_script_makes_is_known(tmp_path: Path) -> None:
    body = "op.execute('CREATE TABLE n (a)'); bind.execute(sa.text('INSERT INTO n VALUES (7)'))\n"
    assert later(tmp_path, f"{body}op.execute('-- ' + str(bind.scalar(sa.text('SELECT a FROM n'))))")[-1] == "-- 7"


def test_a_history_that_fails_is_named_when_something_asks(tmp_path: Path) -> None:
    project = make_project(
        tmp_path,
        {"a1": "op.execute('DROP TABLE nope')", "a2": "pass", "a3": f"{BIND}sa.inspect(bind).get_table_names()"},
    )
    assert statements(render(project, "sqlite", "a1:a2")) == []
    with pytest.raises(CommandError, match=r"a1\.py.*no such table: nope"):
        render(project, "sqlite", "a2:a3")


def test_nothing_is_asked_of_the_history_in_vain(tmp_path: Path) -> None:
    assert rendered_later(tmp_path, "op.execute('DELETE FROM nobody_made_this')", "sqlite") == [
        "DELETE FROM nobody_made_this"
    ]


def test_the_second_world_is_made_when_somebody_asks_for_what_chance_had_a_part_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    start = SQLiteWorld.__init__

    def counted(self: SQLiteWorld, number: int, target: tuple[int, ...]) -> None:
        made.append(number)
        start(self, number, target)

    monkeypatch.setattr(SQLiteWorld, "__init__", counted)
    plain = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String))\n"
    rows = "op.execute('INSERT INTO t (name) VALUES (1), (2)')\n"
    rendered(tmp_path / "one", plain + rows + "op.get_bind().execute(sa.text('SELECT * FROM t')).all()", "sqlite")
    assert made == [0]
    made.clear()
    dice = plain + rows + "op.execute('INSERT INTO t (name) VALUES (random())')\n"
    other = (
        "op.create_table('u', sa.Column('id', sa.Integer))\nop.get_bind().execute(sa.text('SELECT * FROM u')).all()\n"
    )
    rendered(tmp_path / "two", dice + other + "op.rename_table('t', 'v')", "sqlite")
    assert made == [0]
    made.clear()
    rendered(tmp_path / "three", dice + "op.get_bind().scalar(sa.text('SELECT count(name) FROM t'))", "sqlite")
    assert made == [0, 1]


LATE = f"""\
{BIND}op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))
op.execute("INSERT INTO t (n) VALUES (1), (2), (3)")
op.execute("UPDATE t SET n = CASE WHEN random() > 0 THEN 7 ELSE 8 END WHERE id = 2")
"""


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("bind.execute(sa.text('DELETE FROM t WHERE n < 5')).rowcount", "2"),
        ("bind.execute(sa.text('DELETE FROM t WHERE n = 7')).rowcount", "<unknown row count>"),
        ("bind.execute(sa.text('INSERT INTO t (n) VALUES (5)')).lastrowid", "4"),
    ],
)
def test_numbers_that_the_second_world_tells_later(tmp_path: Path, body: str, answer: str) -> None:
    assert told(tmp_path, LATE + body) == answer


def test_a_number_is_that_of_its_own_moment(tmp_path: Path) -> None:
    body = """\
found = bind.execute(sa.text("DELETE FROM t WHERE n < 5"))
op.execute("INSERT INTO t (n) VALUES (1), (2), (3), (4)")
again = bind.execute(sa.text("DELETE FROM t WHERE n < 5"))
(found.rowcount, again.rowcount)
"""
    assert told(tmp_path, LATE + body) == "(2, 4)"


@pytest.mark.parametrize(
    "query",
    ["SELECT changes()", "SELECT total_changes()", "SELECT last_insert_rowid()", "SELECT seq FROM sqlite_sequence"],
)
def test_what_tells_of_the_past(tmp_path: Path, query: str) -> None:
    body = f"""\
{BIND}op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER)")
op.execute("INSERT INTO t (n) VALUES (1), (2)")
op.execute("INSERT INTO t (n) SELECT n FROM t WHERE n = 1 AND random() > 0")
bind.scalar(sa.text({query!r})) == 3
"""
    with pytest.raises(NeedsDatabase, match=r"makes|knows|known"):
        told(tmp_path, body)


def test_rows_that_may_differ_do_so_under_another_name(tmp_path: Path) -> None:
    body = "op.execute('ALTER TABLE t RENAME TO u')\nbind.scalar(sa.text('SELECT sum(n) FROM u')) > 10"
    with pytest.raises(NeedsDatabase):
        told(tmp_path, LATE + body)


def test_the_second_world_catches_up_with_savepoints(tmp_path: Path) -> None:
    body = f"""\
{BIND}op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
op.execute("INSERT INTO t (name) VALUES ('a')")
with bind.begin_nested() as savepoint:
    op.execute("INSERT INTO t (name) VALUES ('lost')")
    savepoint.rollback()
op.execute("INSERT INTO t (name) VALUES ('b')")
op.execute("INSERT INTO t (name) VALUES (random())")
bind.execute(sa.text("SELECT id, name FROM t WHERE id < 3 ORDER BY id")).fetchall()
"""
    assert told(tmp_path, body) == "[(1, 'a'), (2, 'b')]"
    with pytest.raises(CommandError, match="that the server makes"):
        rendered(
            tmp_path / "two",
            body.replace("WHERE id < 3 ORDER BY id", "WHERE id = 3")
            .replace("bind.execute(", "assert 1 < len(bind.execute(")
            .replace(".fetchall()", ".fetchall()[0][1])"),
            "sqlite",
        )
