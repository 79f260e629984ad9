"""Tables that scripts copy with no ``copy_from``, run by the sqlite3 shell: all that they have survives."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from sqlgen.errors import CommandError
from tests.databases.clients import Client, Database
from tests.recording.projects import make_project, render

pytestmark = pytest.mark.xdist_group("sqlite")


def body_of(statements: Sequence[str]) -> str:
    return "\n".join(f"op.execute({sql!r})" for sql in statements)


def script_of(folder: Path, made: Sequence[str], change: str, range_text: str = "heads", **options: Any) -> str:
    """Return the script of two revisions: one that makes tables, one that changes them."""
    return str(render(make_project(folder, {"a1": body_of(made), "a2": change}), "sqlite", range_text, **options))


def applied(sqlite: Client, folder: Path, made: Sequence[str], change: str, **options: Any) -> Database:
    """Return a database on which both revisions have run."""
    database = sqlite.fresh_database()
    database.run_script(script_of(folder, made, change, **options)).check()
    return database


def definition(database: Database, name: str) -> str:
    """Return the text of an object, on one line."""
    ((sql,),) = database.query(f"SELECT sql FROM sqlite_schema WHERE name = '{name}'")
    return " ".join(str(sql).split())


def altered(column: str = "a", table: str = "t") -> str:
    return f"with op.batch_alter_table({table!r}) as batch:\n    batch.alter_column({column!r}, nullable=False)"


@dataclass(frozen=True)
class Case:
    """What is made, what must stand in a definition afterwards, and what queries must give."""

    made: tuple[str, ...]
    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[tuple[str | None, ...]]] = field(default_factory=dict)
    change: str = altered()


T = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER"
ROWS = "INSERT INTO t (id, a, b) VALUES (3, 'x', 1), (7, 'Y', 2)"

SURVIVE = {
    "partial index": Case(
        (f"{T})", "CREATE INDEX ix ON t (a) WHERE b > 1", ROWS),
        {"ix": "CREATE INDEX ix ON t (a) WHERE b > 1"},
    ),
    "index of an expression": Case(
        (f"{T})", "CREATE UNIQUE INDEX ix ON t (lower(a), b)", ROWS),
        {"ix": "CREATE UNIQUE INDEX ix ON t (lower(a), b)"},
    ),
    "index with order and collation": Case(
        (f"{T})", "CREATE INDEX ix ON t (a COLLATE NOCASE DESC)", ROWS),
        {"ix": "CREATE INDEX ix ON t (a COLLATE NOCASE DESC)"},
    ),
    "trigger": Case(
        (
            f"{T})",
            "CREATE TABLE log (n)",
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END",
            ROWS,
            "CREATE TRIGGER other AFTER INSERT ON log BEGIN UPDATE t SET b = 9 WHERE id = 3; END",
        ),
        {"tr": "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END"},
        {"SELECT n FROM log": [("3",), ("7",)]},
    ),
    "view": Case(
        (f"{T})", "CREATE VIEW v AS SELECT a, b FROM t WHERE b = 2", ROWS),
        {"v": "CREATE VIEW v AS SELECT a, b FROM t WHERE b = 2"},
        {"SELECT * FROM v": [("Y", "2")]},
    ),
    "checks, named and nameless": Case(
        (f"{T} CHECK (b > 0), CHECK (a <> ''), CONSTRAINT ck CHECK (b < 10))", ROWS),
        {"t": "b INTEGER CHECK (b > 0), CHECK (a <> ''), CONSTRAINT ck CHECK (b < 10)"},
    ),
    "foreign keys": Case(
        (
            "CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE)",
            f"{T} CONSTRAINT f1 REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE, CONSTRAINT f2 FOREIGN KEY (a)"
            " REFERENCES p (k) DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO p VALUES (1, 'x'), (2, 'Y')",
            ROWS,
        ),
        {
            "t": "b INTEGER CONSTRAINT f1 REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE,"
            " CONSTRAINT f2 FOREIGN KEY (a) REFERENCES p (k) DEFERRABLE INITIALLY DEFERRED"
        },
    ),
    "unique, with ON CONFLICT": Case(
        (f"{T} UNIQUE ON CONFLICT IGNORE, CONSTRAINT u UNIQUE (a, b) ON CONFLICT REPLACE)", ROWS),
        {"t": "b INTEGER UNIQUE ON CONFLICT IGNORE, CONSTRAINT u UNIQUE (a, b) ON CONFLICT REPLACE"},
    ),
    "generated columns": Case(
        (f"{T}, s TEXT GENERATED ALWAYS AS (a || 'z') STORED, v AS (b + 1))", ROWS),
        {"t": "s TEXT GENERATED ALWAYS AS (a || 'z') STORED, v AS (b + 1)"},
        {"SELECT id, s, v FROM t": [("3", "xz", "2"), ("7", "Yz", "3")]},
    ),
    "collation": Case(
        (f"{T}, c TEXT COLLATE NOCASE DEFAULT 'Q')", ROWS),
        {"t": "c TEXT COLLATE NOCASE DEFAULT 'Q'"},
        {"SELECT count(*) FROM t WHERE c = 'q'": [("2",)]},
    ),
    "WITHOUT ROWID and STRICT": Case(
        (
            "CREATE TABLE t (k TEXT, a TEXT, PRIMARY KEY (k DESC)) WITHOUT ROWID, STRICT",
            "INSERT INTO t VALUES ('k', 'x')",
        ),
        {"t": "PRIMARY KEY (k DESC) ) WITHOUT ROWID, STRICT"},
        {"SELECT * FROM t": [("k", "x")]},
    ),
    "AUTOINCREMENT": Case(
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
            "INSERT INTO t VALUES (1, 'x'), (9, 'y')",
            "DELETE FROM t WHERE id = 9",
        ),
        {"t": "id INTEGER PRIMARY KEY AUTOINCREMENT"},
        {
            "SELECT seq FROM sqlite_sequence WHERE name = 't'": [("9",)],
            "SELECT count(*) FROM sqlite_sequence": [("1",)],
        },
    ),
    "reference to itself": Case(
        (
            f"{T}, up INTEGER REFERENCES t (id) ON DELETE CASCADE)",
            "INSERT INTO t (id, a, up) VALUES (1, 'x', NULL), (2, 'y', 1), (3, 'z', 2)",
        ),
        {"t": "up INTEGER REFERENCES t (id) ON DELETE CASCADE"},
        {"SELECT id, up FROM t": [("1", None), ("2", "1"), ("3", "2")]},
    ),
    "default of an expression": Case(
        (f"{T}, d TEXT DEFAULT (lower('A') || 'b'))", ROWS),
        {"t": "d TEXT DEFAULT (lower('A') || 'b')"},
        {"SELECT d FROM t": [("ab",), ("ab",)]},
    ),
    "child rows": Case(
        (
            f"{T})",
            "CREATE TABLE child (id INTEGER PRIMARY KEY, t INTEGER NOT NULL REFERENCES t ON DELETE CASCADE)",
            ROWS,
            "INSERT INTO child VALUES (1, 3), (2, 7), (3, 7)",
        ),
        {"child": "t INTEGER NOT NULL REFERENCES t ON DELETE CASCADE"},
        {"SELECT id, t FROM child": [("1", "3"), ("2", "7"), ("3", "7")]},
    ),
    "comments and odd names": Case(
        (
            'CREATE TABLE t (id INTEGER PRIMARY KEY, -- the key, really\n a TEXT, "from" INT, [two words] INT /* , */)',
            "INSERT INTO t VALUES (1, 'x', 2, 3)",
        ),
        {"t": 'a TEXT NOT NULL, "from" INT, [two words] INT )'},
        {"SELECT * FROM t": [("1", "x", "2", "3")]},
    ),
    "values of every kind": Case(
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)",
            "INSERT INTO t VALUES (1, 'x', 1), (2, 2, 2.5), (3, x'00ff', NULL), (4, '', 9223372036854775807)",
        ),
        rows={
            "SELECT id, typeof(a), typeof(b), quote(a), quote(b) FROM t": [
                ("1", "text", "integer", "'x'", "1"),
                ("2", "integer", "real", "2", "2.5"),
                ("3", "blob", "null", "X'00FF'", "NULL"),
                ("4", "text", "integer", "''", "9223372036854775807"),
            ]
        },
    ),
}


@pytest.mark.parametrize("name", SURVIVE)
def test_it_survives(name: str, sqlite: Client, tmp_path: Path) -> None:
    case = SURVIVE[name]
    database = applied(sqlite, tmp_path, case.made, case.change)
    for thing, text in case.texts.items():
        assert text in definition(database, thing)
    for query, rows in case.rows.items():
        assert database.query(query) == rows
    assert "a TEXT NOT NULL" in definition(database, "t") or "a NOT NULL" in definition(database, "t")
    assert database.query("PRAGMA integrity_check") == [("ok",)]
    assert database.query("PRAGMA foreign_key_check") == []


def test_a_trigger_and_a_view_follow_a_new_name(sqlite: Client, tmp_path: Path) -> None:
    made = (
        f"{T})",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE TRIGGER tr AFTER UPDATE OF a ON t BEGIN UPDATE t SET b = 5 WHERE id = new.id; END",
        ROWS,
    )
    change = (
        "with op.batch_alter_table('t') as batch:\n    batch.alter_column('a', new_column_name='c', nullable=False)"
    )
    database = applied(sqlite, tmp_path, made, change)
    assert "SELECT c FROM t" in definition(database, "v").replace('"', "")
    assert "UPDATE OF c ON t" in definition(database, "tr").replace('"', "")


REFUSED = {
    "key of another table": (
        (f"{T}, UNIQUE (b))", "CREATE TABLE child (t INTEGER REFERENCES t (b))"),
        "batch.drop_column('b')",
        r"cannot drop t\.b, to which a foreign key of child points",
    ),
    "key of its own": (
        (f"{T} UNIQUE, up INTEGER REFERENCES t (b))",),
        "batch.drop_column('b')",
        r"cannot drop t\.b, to which a foreign key of t points",
    ),
    "view": ((f"{T})", "CREATE VIEW v AS SELECT b FROM t"), "batch.drop_column('b')", "error in view v"),
    "trigger": (
        (f"{T})", "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET b = 1; END"),
        "batch.drop_column('b')",
        "in a trigger on t, no such column: b",
    ),
    "check": ((f"{T}, CHECK (b > a))",), "batch.drop_column('b')", "which an expression names"),
    "index": ((f"{T})", "CREATE INDEX ix ON t (a) WHERE b > 0"), "batch.drop_column('b')", "which an expression names"),
    "rows that do not fit": (
        (f"{T})", "INSERT INTO t (a) VALUES (NULL)"),
        "batch.drop_column('b')",
        "NOT NULL constraint",
    ),
    "rows that point to nothing": (
        (f"{T})", "CREATE TABLE p (id INTEGER PRIMARY KEY)", ROWS),
        "batch.create_foreign_key('fk', 'p', ['b'], ['id'])",
        "foreign keys point to missing rows",
    ),
    "no such column": ((f"{T})",), "batch.drop_column('nope')", "finds no column 'nope' in t"),
    "no such constraint": (
        (f"{T})",),
        "batch.drop_constraint('nope', type_='check')",
        "finds no constraint 'nope' in t",
    ),
    "virtual table": (("CREATE VIRTUAL TABLE t USING fts5 (a, b)",), "batch.drop_column('b')", "virtual"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_carried_over_is_named(name: str, tmp_path: Path) -> None:
    made, change, message = REFUSED[name]
    body = f"with op.batch_alter_table('t') as batch:\n    batch.alter_column('a', nullable=False)\n    {change}"
    with pytest.raises(CommandError, match=message) as caught:
        script_of(tmp_path, made, body)
    assert caught.value.place is not None
    assert caught.value.place.path.endswith("a2.py")


BROKEN = "INSERT INTO child VALUES (1, 99)"
PARENT = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER)",
    "CREATE TABLE child (id INTEGER, t INTEGER REFERENCES t)",
)


def test_rows_that_pointed_to_nothing_before_do_not_stop_the_script(sqlite: Client, tmp_path: Path) -> None:
    database = sqlite.fresh_database()
    script = script_of(tmp_path, PARENT, altered(), "a1:a2")
    database.run_script(f"{';'.join(PARENT)};{BROKEN};{ROWS};{VERSION}").check()
    database.run_script(script).check()
    assert database.query("SELECT count(*) FROM child") == [("1",)]


VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); INSERT INTO alembic_version VALUES ('a1');"


def test_rows_that_point_to_nothing_stop_the_script(sqlite: Client, tmp_path: Path) -> None:
    database = sqlite.fresh_database()
    change = "with op.batch_alter_table('t') as batch:\n    batch.create_foreign_key('fk', 'p', ['b'], ['id'])"
    made = (*PARENT, "CREATE TABLE p (id INTEGER PRIMARY KEY)")
    script = script_of(tmp_path, made, change, "a1:a2")
    database.run_script(f"{';'.join(made)};{ROWS};{VERSION}").check()
    done = database.run_script(script)
    assert done.returncode != 0
    assert "foreign keys point to missing rows" in done.stderr
    assert database.query("SELECT version_num FROM alembic_version") == [("a1",)]
    assert "REFERENCES p" not in definition(database, "t")


def test_keys_that_are_on_delete_no_rows(sqlite: Client, tmp_path: Path) -> None:
    made = (*SURVIVE["child rows"].made, "PRAGMA foreign_keys = ON")
    database = applied(sqlite, tmp_path, made, f"{altered()}\nop.execute('INSERT INTO child VALUES (4, 3)')")
    assert database.query("SELECT id FROM child") == [("1",), ("2",), ("3",), ("4",)]


def test_keys_that_stay_on_are_refused(tmp_path: Path) -> None:
    body = f"with op.get_bind().begin_nested():\n{textwrap.indent(altered(), '    ')}"
    with pytest.raises(CommandError, match="because foreign keys are on"):
        script_of(tmp_path, (*SURVIVE["child rows"].made, "PRAGMA foreign_keys = ON"), body)


PLAIN = {
    "op.alter_column('t', 'a', nullable=False)": "a TEXT NOT NULL",
    "op.alter_column('t', 'b', type_=sa.String(9))": "b VARCHAR(9)",
    "op.create_foreign_key('fk', 't', 'p', ['b'], ['id'])": "CONSTRAINT fk FOREIGN KEY(b) REFERENCES p (id)",
    "op.create_unique_constraint('uq', 't', ['a'])": "CONSTRAINT uq UNIQUE (a)",
    "op.create_check_constraint('ck', 't', 'b < 9')": "CONSTRAINT ck CHECK (b < 9)",
    "op.drop_constraint('old', 't', type_='check')": "b INTEGER )",
    "op.add_column('t', sa.Column('n', sa.Integer, unique=True))": "CONSTRAINT old CHECK (b > 0), UNIQUE (n)",
    "op.create_primary_key('pk', 't', ['a'])": "CONSTRAINT pk PRIMARY KEY (a)",
    "op.drop_column('t', 'id')": 'CREATE TABLE "t" ( a TEXT, b INTEGER, CONSTRAINT',
}


@pytest.mark.parametrize("call", PLAIN)
@pytest.mark.parametrize("options", [{"copy_tables": True}, {"render_as_batch": True}])
def test_outside_of_a_batch_where_copies_are_asked_for(
    call: str, options: dict[str, Any], sqlite: Client, tmp_path: Path
) -> None:
    made = (
        f"{T}, CONSTRAINT old CHECK (b > 0))",
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "INSERT INTO p VALUES (1), (2)",
        ROWS,
    )
    database = applied(sqlite, tmp_path, made, call, **options)
    assert PLAIN[call] in definition(database, "t")
    assert database.query("SELECT a FROM t ORDER BY b") == [("x",), ("Y",)]


def test_outside_of_a_batch_the_hint_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        script_of(tmp_path, (f"{T})",), "op.alter_column('t', 'a', nullable=False)")
    assert "copy_tables" in caught.value.hint


ONLINE = """
from alembic import context
import sqlalchemy as sa
engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
MADE = (
    "CREATE TABLE p (id INTEGER PRIMARY KEY, k VARCHAR(5) NOT NULL, CONSTRAINT uk UNIQUE (k))",
    "CREATE TABLE t (id INTEGER NOT NULL, a VARCHAR(20), b INTEGER DEFAULT '3', c DATETIME, p INTEGER,"
    " PRIMARY KEY (id),"
    " CONSTRAINT fk FOREIGN KEY(p) REFERENCES p (id) ON DELETE CASCADE, CONSTRAINT uq UNIQUE (a),"
    " CONSTRAINT ck CHECK (b > 0))",
    "CREATE INDEX ix_c ON t (c)",
    "INSERT INTO p VALUES (1, 'x')",
    "INSERT INTO t VALUES (1, 'a', 4, '2024-01-02 03:04:05', 1), (2, 'b', 5, NULL, NULL)",
)
CHANGES = {
    "nullable": "batch.alter_column('b', nullable=False)",
    "type": "batch.alter_column('b', type_=sa.String(10))",
    "default": "batch.alter_column('b', server_default='7')",
    "no default": "batch.alter_column('b', server_default=None)",
    "name": "batch.alter_column('c', new_column_name='cc', type_=sa.String(30))",
    "add": "batch.add_column(sa.Column('n', sa.Integer, sa.ForeignKey('p.id', name='fn')));"
    " batch.alter_column('a', nullable=False)",
    "add unique": "batch.add_column(sa.Column('n', sa.Integer)); batch.create_unique_constraint('un', ['n'])",
    "drop": "batch.drop_index('ix_c'); batch.drop_column('c'); batch.alter_column('a', nullable=False)",
    "drop with its key": "batch.drop_column('p')",
    "drop unique": "batch.drop_constraint('uq', type_='unique')",
    "drop check": "batch.drop_constraint('ck', type_='check')",
    "drop key": "batch.drop_constraint('fk', type_='foreignkey')",
    "create unique": "batch.create_unique_constraint('u2', ['b', 'c'])",
    "create check": "batch.create_check_constraint('c2', 'b < 100')",
    "create key": "batch.create_foreign_key('f2', 'p', ['p'], ['id'], ondelete='SET NULL')",
    "create index": "batch.create_index('i2', ['b']); batch.alter_column('a', nullable=False)",
    "drop index": "batch.drop_index('ix_c'); batch.alter_column('a', nullable=False)",
    "primary key": "batch.create_primary_key('pk', ['a', 'id'])",
}


def schema_of(url: str) -> dict[str, Any]:
    """Return what SQLAlchemy reflects of a database, in an order."""
    engine = sa.create_engine(url)
    look = sa.inspect(engine)
    found: dict[str, Any] = {}
    for table in look.get_table_names():
        found[table] = {
            "columns": [{**one, "type": str(one["type"])} for one in look.get_columns(table)],
            "primary": look.get_pk_constraint(table),
            "keys": sorted(map(str, look.get_foreign_keys(table))),
            "unique": sorted(map(str, look.get_unique_constraints(table))),
            "checks": sorted(re.sub(r"\s+", " ", str(one)) for one in look.get_check_constraints(table)),
            "indexes": sorted(map(str, look.get_indexes(table))),
            "rows": sorted(map(str, engine.connect().execute(sa.text(f"SELECT * FROM {table}")).all())),
        }
    engine.dispose()
    return found


def online(folder: Path) -> str:
    """Run Alembic on a project, and return the address of the database that it made."""
    (folder / "mig" / "env.py").write_text(textwrap.dedent(ONLINE))
    (folder / "mig" / "script.py.mako").write_text("")
    config = Config(str(folder / "alembic.ini"))
    url = f"sqlite:///{folder / 'online.db'}"
    config.set_main_option("sqlalchemy.url", url)
    command.upgrade(config, "heads")
    return url


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::sqlalchemy.exc.SAWarning")
def test_the_schema_is_that_of_a_batch_online(name: str, sqlite: Client, tmp_path: Path) -> None:
    change = f"with op.batch_alter_table('t') as batch:\n    {CHANGES[name]}"
    ours = applied(sqlite, tmp_path, MADE, change)
    theirs = online(tmp_path)
    assert schema_of(f"sqlite:///{ours.file}") == schema_of(theirs)  # type: ignore[attr-defined]


LOST_ONLINE = (
    "index of an expression",
    "index with order and collation",
    "trigger",
    "view",
    "checks, named and nameless",
    "foreign keys",
    "unique, with ON CONFLICT",
    "generated columns",
    "collation",
    "AUTOINCREMENT",
    "reference to itself",
    "values of every kind",
)


@pytest.mark.parametrize("name", LOST_ONLINE)
@pytest.mark.filterwarnings("ignore")
def test_what_a_batch_online_loses(name: str, tmp_path: Path) -> None:
    case = SURVIVE[name]
    folder = make_project(tmp_path, {"a1": body_of(case.made), "a2": case.change})
    try:
        url = online(folder)
    except sa.exc.SQLAlchemyError:
        return  # it fails
    engine = sa.create_engine(url)
    with engine.connect() as bind:
        rows = bind.execute(sa.text("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")).all()
        found = {str(name): str(sql) for name, sql in rows}
    engine.dispose()
    assert any(text not in " ".join(found.get(thing, "").split()) for thing, text in case.texts.items())
