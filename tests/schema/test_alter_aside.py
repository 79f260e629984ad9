"""ALTER TABLE worked out aside leaves the database, its counters and what is reported as the statement itself does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlgen.dialects.sqlite_aside import Aside
from sqlgen.dialects.sqlite_replica import SQLiteWorld

from sqlgen.schema.replica import Refused, Unjudged

VERSION = (3, 40)
TABLES = ("t", "u", "Tu", "order", "a b")
COLUMNS = ("a", "b", "t", "to")
NAMES = {name: f'"{name}"' for name in ("order", "a b", "to")}


def quoted(name: str) -> str:
    return NAMES.get(name, name)


TABLE = st.sampled_from(TABLES).map(quoted)
COLUMN = st.sampled_from(COLUMNS).map(quoted)
WRITTEN = st.one_of(TABLE, TABLE.map(lambda name: name if name.startswith('"') else f'"{name}"'))

ITEMS = st.one_of(
    st.builds("CHECK ({} > 0)".format, COLUMN),
    st.builds('CHECK ({} <> "x")'.format, COLUMN),
    st.builds('CHECK ({0}.{1} <> "b")'.format, TABLE, COLUMN),
    st.builds("UNIQUE ({}, a)".format, COLUMN),
    st.builds("CONSTRAINT fk FOREIGN KEY ({}) REFERENCES {} ({})".format, COLUMN, WRITTEN, COLUMN),
    st.builds("FOREIGN KEY (a) REFERENCES {}".format, TABLE),
)
KEYS = st.sampled_from(
    ("id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT", "id INTEGER NOT NULL", "id TEXT PRIMARY KEY")
)
THIRD = st.sampled_from(
    (
        "t TEXT DEFAULT 'z'",
        't TEXT DEFAULT "z"',
        "t TEXT AS (a || 'x')",
        "t INTEGER UNIQUE",
        "t DATE DEFAULT CURRENT_DATE",
    )
)


@st.composite
def created(draw: Any, name: Any = WRITTEN, temporaries: tuple[str, ...] = ("", "", "", "TEMP ")) -> str:
    columns = [draw(KEYS), "a INTEGER", "b NUMERIC DEFAULT 1 NOT NULL", draw(THIRD), '"to" TEXT COLLATE NOCASE']
    items = draw(st.lists(ITEMS, max_size=2))
    tail = draw(st.sampled_from(("", "", "", " STRICT", " WITHOUT ROWID")))
    temporary = draw(st.sampled_from(temporaries))
    return f"CREATE {temporary}TABLE {draw(name)} ({', '.join([*columns, *items])}){tail}"


INDEXES = st.one_of(
    st.builds("CREATE INDEX {}_{} ON {} ({})".format, st.just("ix"), st.integers(0, 3), TABLE, COLUMN),
    st.builds('CREATE UNIQUE INDEX ux_{} ON {} (a, lower("to"))'.format, st.integers(0, 2), TABLE),
    st.builds("CREATE INDEX px_{} ON {} (b) WHERE {} > 1".format, st.integers(0, 2), TABLE, COLUMN),
)
OLD = st.one_of(st.sampled_from(("t", "t", "u", '"t"')), WRITTEN)
NEW = st.one_of(st.sampled_from(("v", '"v"', '"new"', "t", "u", "ix_1", "sqlite_t")), WRITTEN)
ALTERS = st.one_of(
    st.builds("ALTER TABLE {} RENAME TO {}".format, OLD, NEW),
    st.builds("ALTER TABLE {} DROP COLUMN {}".format, OLD, COLUMN),
    st.builds("ALTER TABLE {} RENAME COLUMN {} TO {}".format, OLD, COLUMN, st.sampled_from(("n", '"n m"', "a"))),
)
ROWS = st.one_of(
    st.builds("INSERT INTO {} (id, a, b) VALUES (1, 1, 2), (2, 4, 6)".format, TABLE),
    st.builds("INSERT INTO {} (a) VALUES (7)".format, TABLE),
    st.builds("INSERT INTO {} (a) SELECT value FROM json_each('[{}0]')".format, TABLE, st.just("0, " * 40)),
    st.builds("UPDATE {} SET a = a + 1".format, TABLE),
    st.builds("DELETE FROM {} WHERE a > {}".format, TABLE, st.integers(0, 7)),
)
OTHERS = st.sampled_from(
    (
        "PRAGMA legacy_alter_table = ON",
        "PRAGMA legacy_alter_table = OFF",
        "PRAGMA foreign_keys = ON",
        "PRAGMA foreign_keys = OFF",
        "DROP TABLE IF EXISTS t",
        "DROP TABLE IF EXISTS u",
        "ALTER TABLE t ADD COLUMN b2 TEXT DEFAULT 'q'",
        "CREATE TABLE v AS SELECT changes() AS c, total_changes() AS d, last_insert_rowid() AS e",
        "SELECT changes(), total_changes()",
    )
)
PRAGMAS = st.sampled_from([f"PRAGMA {name} = ON" for name in ("legacy_alter_table", "foreign_keys")])
HINDRANCES = st.sampled_from(
    (
        "CREATE VIEW w AS SELECT a FROM t",
        "CREATE TEMP VIEW w2 AS SELECT a FROM t",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE u SET a = changes(); END",
        "CREATE TEMP TRIGGER h AFTER INSERT ON main.t BEGIN DELETE FROM u; END",
        "DROP TRIGGER IF EXISTS g",
        "CREATE VIRTUAL TABLE x USING fts5(a)",
        "CREATE TEMP TABLE t (a TEXT)",
        """CREATE TEMP TABLE z (a TEXT CHECK (a <> "x"))""",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'NUMERIC', 'NUMBER')",
        "PRAGMA case_sensitive_like = ON",
    )
)
STEPS = st.one_of(
    *(ALTERS.map(lambda sql: ("run", sql)) for _ in range(3)),
    ALTERS.map(lambda sql: ("attempt", sql)),
    st.one_of(created(), INDEXES, ROWS, OTHERS).map(lambda sql: ("run", sql)),
    ROWS.map(lambda sql: ("run", sql)),
    st.sampled_from((("mark", "p"), ("back", "p"), ("release", "p"), ("settle", ""))),
)


KEYS_OF = ('PRAGMA foreign_key_list("{}")', 'PRAGMA table_xinfo("{}")')


def done(world: SQLiteWorld, what: str, text: str) -> Any:
    """Return what a step gives, or why it is refused."""
    try:
        return world.settle() if what == "settle" else getattr(world, what)(text)
    except Refused as refused:
        return str(refused), refused.kind, refused.by_chance, refused.missing
    except Unjudged as unjudged:
        return unjudged.objects
    except Exception as error:
        return str(error)


def state(world: SQLiteWorld) -> dict[str, Any]:
    """Return all that can be seen of a database, in its order."""
    ask = world.database.execute
    found: dict[Any, Any] = {
        sql: ask(sql).fetchall()
        for sql in (
            "SELECT changes(), total_changes(), last_insert_rowid()",
            "SELECT rowid, * FROM sqlite_master",
            "SELECT rowid, * FROM sqlite_temp_master",
            "PRAGMA schema_version",
            "PRAGMA page_count",
            "PRAGMA freelist_count",
            "PRAGMA table_list",
            "PRAGMA integrity_check",
            "PRAGMA writable_schema",
        )
    }
    for (name,) in ask("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage").fetchall():
        for sql in (
            'SELECT rowid, * FROM "{}"',
            'SELECT * FROM "{}"',
            'PRAGMA table_xinfo("{}")',
            'PRAGMA index_list("{}")',
        ):
            try:
                found[sql, name] = ask(sql.format(name)).fetchall()
            except Exception as error:
                found[sql, name] = str(error)
    return found


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Aside, "_pays", lambda *_: True)


@settings(max_examples=100, deadline=None)
@given(
    first=st.tuples(created(st.just("t"), ("",)), created(st.just("u"), ("",))),
    more=st.lists(st.one_of(created(), INDEXES), max_size=5),
    hindrances=st.one_of(st.just([]), st.just([]), st.lists(HINDRANCES, max_size=2)),
    pragmas=st.lists(PRAGMAS, max_size=1),
    steps=st.lists(STEPS, min_size=3, max_size=12),
)
def test_all_is_as_after_the_statement_itself(
    first: tuple[str, ...], more: list[str], hindrances: list[str], pragmas: list[str], steps: list[tuple[str, str]]
) -> None:
    aside, plain = SQLiteWorld(0, VERSION), SQLiteWorld(0, VERSION)
    plain.aside.trusted = False
    try:
        for what, text in (*(("run", sql) for sql in (*first, *more, *hindrances, *pragmas)), *steps):
            assert done(aside, what, text) == done(plain, what, text)
            assert state(aside) == state(plain)
    finally:
        aside.close()
        plain.close()
