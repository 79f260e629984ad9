"""Values that are no list of plain ones: SQL, defaults, parameters of text, and what a driver itself gets wrong."""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import Range

import sqlgen
from tests.databases.clients import Client, Database
from tests.databases.mariadb import MariaDBDatabase
from tests.databases.round_trips.trips import engine_for, light

MOMENT = dt.datetime(2020, 1, 2, 3, 4, 5, 6)
HOSTILE = "it's \\ %s :x\r\n"


def apply(database: Database, dialect: str, send: Callable[[Any], Any], **options: Any) -> None:
    """Run the script of what a function does to ``op``."""
    with sqlgen.capture(dialect, **options) as captured:
        send(captured.op)
    target = captured.recorder.dialect
    script = [*target.form().preamble(), *(target.terminate(one.sql) for one in captured.statements), ""]
    database.run_script("\n".join(script)).check()


def tables(database: Database, *columns: sa.Column[Any]) -> tuple[sa.Table, sa.Table]:
    """Create two tables alike, and return them."""
    metadata = sa.MetaData()
    if isinstance(database, MariaDBDatabase):
        database.query(f"ALTER DATABASE {database.name} COLLATE utf8mb4_bin")
    made = [
        sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *(column._copy() for column in columns))
        for name in ("by_script", "by_driver")
    ]
    metadata.create_all(engine_for(database))
    return made[0], made[1]


def same(database: Database) -> None:
    """Compare the two tables, NULLs included, and see that they hold something."""
    for one, other in (("by_script", "by_driver"), ("by_driver", "by_script")):
        assert database.query(f"SELECT * FROM {one} EXCEPT SELECT * FROM {other}") == []
    ((script, driver),) = database.query("SELECT (SELECT count(*) FROM by_script), (SELECT count(*) FROM by_driver)")
    assert script == driver != "0"


EXPRESSIONS: dict[str, Callable[[], Any]] = {
    "function": lambda: sa.func.lower("IT'S \\ %s"),
    "null": sa.null,
    "text with colons": lambda: sa.text("""'{"a":true}'"""),
    "text with a value": lambda: sa.text(":x").bindparams(x=HOSTILE),
    "literal": lambda: sa.literal("é'"),
    "subquery": lambda: sa.select(sa.literal("é\n")),
    "scalar subquery": lambda: sa.select(sa.func.max(sa.literal("b"))).scalar_subquery(),
    "sum": lambda: sa.literal("a") + sa.literal("'b"),
    "case": lambda: sa.case((sa.literal(1) == 1, "yes's"), else_="no"),
}


def scalar(value: Any) -> Any:
    """Return a value as SQLAlchemy wants it; op.bulk_insert takes a SELECT as it is."""
    return value.scalar_subquery() if isinstance(value, sa.Select) else value


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions_as_values(client: Client, database: Database, name: str) -> None:
    ours, theirs = tables(database, sa.Column("v", sa.String(100)))
    make = EXPRESSIONS[name]
    colons = name == "text with colons"  # a driver would miss a parameter
    apply(database, client.dialect, lambda op: op.bulk_insert(ours, [{"id": 1, "v": make()}, {"id": 2, "v": "plain"}]))
    apply(database, client.dialect, lambda op: op.execute(ours.insert().values(id=3, v=scalar(make()))))
    with engine_for(database).begin() as connection:
        for number, value in ((1, scalar(make())), (2, "plain"), (3, scalar(make()))):
            connection.execute(theirs.insert().values(id=number, v='{"a":true}' if colons and number != 2 else value))
    same(database)


def shown(context: Any) -> str:
    return f"{context.get_current_parameters()['id']}'"


def test_defaults_on_the_python_side(client: Client, database: Database) -> None:
    columns = (
        sa.Column("scalar", sa.String(50), default=HOSTILE),
        sa.Column("called", sa.String(50), default=lambda: "it's"),
        sa.Column("of_row", sa.String(50), default=shown),
        sa.Column("of_server", sa.String(50), default=sa.func.lower("A'B")),
        sa.Column("asked", sa.String(50), default=sa.select(sa.literal("x"))),
        sa.Column("changed", sa.String(50), onupdate="up\\'"),
        sa.Column("changed_by", sa.String(50), onupdate=lambda: "by"),
    )
    ours, theirs = tables(database, *columns)
    rows: list[dict[str, Any]] = [{"id": 1}, {"id": 2, "scalar": None, "called": "x"}]

    def ours_executed(op: Any) -> None:
        op.bulk_insert(ours, rows)
        op.get_bind().execute(ours.insert(), [{"id": 3}, {"id": 4}])
        op.get_bind().execute(ours.update().where(ours.c.id == 1), {"called": "new"})
        op.execute(ours.update().where(ours.c.id > 2).values(called=sa.func.upper("q")))

    apply(database, client.dialect, ours_executed)
    with engine_for(database).begin() as connection:
        for row in (*rows, {"id": 3}, {"id": 4}):
            connection.execute(theirs.insert(), row)
        connection.execute(theirs.update().where(theirs.c.id == 1), {"called": "new"})
        connection.execute(theirs.update().where(theirs.c.id > 2).values(called=sa.func.upper("q")))
    same(database)


PARAMETERS: tuple[Any, ...] = (
    HOSTILE,
    5,
    -5,
    1.5,
    True,
    None,
    decimal.Decimal("1.50"),
    dt.date(2020, 1, 2),
    MOMENT,
    b"\0'\\",
)


def test_parameters_of_text(client: Client, database: Database) -> None:
    refused = (decimal.Decimal,) if client.dialect == "sqlite" else ()
    values = [one for one in PARAMETERS if not isinstance(one, refused)]
    kind = sa.LargeBinary() if client.dialect == "sqlite" else sa.String(100)
    ours, theirs = tables(database, sa.Column("v", kind))
    texts = [one for one in values if not isinstance(one, bytes)]

    def execute(bind: Any, table: str) -> None:
        statement = sa.text(f"INSERT INTO {table} (id, v) VALUES (:id, :v)")
        bind.execute(statement, {"id": 100, "v": texts[0]})
        bind.execute(statement, [{"id": number, "v": value} for number, value in enumerate(texts)])
        bind.execute(
            sa.text(f"UPDATE {table} SET v = 'in' WHERE id IN :ids").bindparams(sa.bindparam("ids", expanding=True)),
            {"ids": [2, 3]},
        )
        bind.execute(
            sa.text(f"UPDATE {table} SET v = 'none' WHERE id IN :ids").bindparams(sa.bindparam("ids", expanding=True)),
            {"ids": []},
        )
        bind.execute(sa.text(f"UPDATE {table} SET v = 'minus' WHERE id = 10 -:a"), {"a": 5})
        bind.execute(sa.text(f"UPDATE {table} SET v = 'plus' WHERE id = 3 -:a"), {"a": -1})

    apply(database, client.dialect, lambda op: execute(op.get_bind(), ours.name))
    with engine_for(database).begin() as connection:
        execute(connection, theirs.name)
    same(database)


def test_lists_of_a_postgresql_statement(postgresql: Client) -> None:
    database = postgresql.fresh_database()
    ours, theirs = tables(database, sa.Column("v", sa.String(100)))

    def execute(bind: Any, table: str) -> None:
        bind.execute(sa.text(f"INSERT INTO {table} (id, v) SELECT n, n FROM generate_series(1, 9) n"))
        bind.execute(sa.text(f"UPDATE {table} SET v = 'any' WHERE id = ANY (:ids)"), {"ids": [1, 2]})
        bind.execute(sa.text(f"UPDATE {table} SET v = 'in' WHERE id IN :ids"), {"ids": (3, 4)})
        bind.execute(sa.text(f"UPDATE {table} SET v = CAST(:d - interval '1 day' AS text) WHERE id = 5"), {"d": MOMENT})
        bind.execute(
            sa.text(f"UPDATE {table} SET v = CAST(:d - interval '1 day' AS text) WHERE id = 6"), {"d": MOMENT.date()}
        )
        bind.execute(
            sa.text(f"UPDATE {table} SET v = pg_typeof(:j) WHERE id = 7").bindparams(sa.bindparam("j", type_=pg.JSONB)),
            {"j": {"a": "'"}},
        )

    apply(database, "postgresql", lambda op: execute(op.get_bind(), ours.name))
    with engine_for(database).begin() as connection:
        execute(connection, theirs.name)
    same(database)


STYLES = {
    "postgresql": ("%s", "%(v)s"),
    "mariadb": ("%s", "%(v)s"),
    "sqlite": ("?", ":v"),
}


@pytest.mark.parametrize("style", [0, 1], ids=["positional", "named"])
def test_parameters_of_a_driver_s_statement(client: Client, database: Database, style: int) -> None:
    mark = STYLES[client.dialect][style]
    percent = "%%" if mark.startswith("%") else "%"
    ours, theirs = tables(database, sa.Column("v", sa.String(100)), sa.Column("w", sa.String(9)))

    def execute(bind: Any, table: str) -> None:
        for number, value in enumerate((HOSTILE, 5, None, "é"), 1):
            sql = f"INSERT INTO {table} (id, v, w) VALUES ({number}, {mark}, '5{percent}')"
            bind.exec_driver_sql(sql, {"v": value} if style else (value,))
        many = [({"v": value} if style else (value,)) for value in ("a", "b'")]
        bind.exec_driver_sql(f"UPDATE {table} SET w = 'w' WHERE v = {mark}", many)
        bind.exec_driver_sql(f"UPDATE {table} SET w = '9{percent}' WHERE id = 1")

    apply(database, client.dialect, lambda op: execute(op.get_bind(), ours.name))
    with engine_for(database).begin() as connection:
        execute(connection, theirs.name)
    same(database)


BODY = "CREATE FUNCTION f() AS\n  'x\\y';\n.quit\n/\ngo\n\\q\n\n-- end\r\n"


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.xdist_group(one)) for one in ("postgresql", "sqlite")]
)
def test_raw_newlines(request: pytest.FixtureRequest, name: str) -> None:
    database = request.getfixturevalue(name).fresh_database()
    ours, theirs = tables(database, sa.Column("v", sa.Text()))
    apply(database, name, lambda op: op.bulk_insert(ours, [{"id": 1, "v": BODY}]), raw_newlines=True)
    with engine_for(database).begin() as connection:
        connection.execute(theirs.insert(), [{"id": 1, "v": BODY}])
    same(database)


def test_raw_newlines_are_raw() -> None:
    for name, expected in (("postgresql", "E'a\nb\\\\'"), ("sqlite", "'a\nb\\'"), ("mariadb", r"'a\nb\\'")):
        with sqlgen.capture(name, raw_newlines=True) as captured:
            captured.op.bulk_insert(sa.table("t", sa.column("v", sa.Text())), [{"v": "a\nb\\"}])
        assert str(captured.statements[0]).endswith(f"({expected})")


MULTIRANGES: tuple[tuple[Any, list[Any], str], ...] = (
    (pg.INT8MULTIRANGE(), [Range(1, 2), Range(5, 9)], "{[1,2),[5,9)}"),
    (pg.INT4MULTIRANGE(), [], "{}"),
    (pg.DATEMULTIRANGE(), [Range(dt.date(2020, 1, 1), None)], "{[2020-01-01,)}"),
    (pg.NUMMULTIRANGE(), [Range(decimal.Decimal("1.50"), None, bounds="()")], "{(1.50,)}"),
    (pg.TSMULTIRANGE(), [Range(MOMENT, None), Range(empty=True)], '{["2020-01-02 03:04:05.000006",)}'),
)


@pytest.mark.parametrize(("column", "value", "stored"), MULTIRANGES)
def test_multiranges_which_psycopg2_does_not_take(postgresql: Client, column: Any, value: Any, stored: str) -> None:
    database = postgresql.fresh_database()
    ours, _ = tables(database, sa.Column("v", column))
    apply(database, "postgresql", lambda op: op.bulk_insert(ours, [{"id": 1, "v": value}]))
    assert database.query("SELECT v::text FROM by_script") == [(stored,)]


def test_infinite_decimals_which_psycopg2_makes_nan_of(postgresql: Client) -> None:
    database = postgresql.fresh_database()
    ours, _ = tables(database, sa.Column("v", sa.Numeric()))
    rows = [{"id": 1, "v": decimal.Decimal("Infinity")}, {"id": 2, "v": decimal.Decimal("-Infinity")}]
    apply(database, "postgresql", lambda op: op.bulk_insert(ours, rows))
    assert database.query("SELECT v::text FROM by_script ORDER BY id") == [("Infinity",), ("-Infinity",)]


HSTORES: tuple[dict[str, str | None], ...] = (
    {"a": "b", "it's": None},
    {'"': "\\", "=>": ",", "": ""},
    {},
    {"NULL": "NULL", "\n": "é"},
)


def pairs(text: str) -> dict[str, str | None]:
    """Read hstore's text as its manual describes it (F.18.1): quoted words, and NULL without quotes."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"=>(?:"((?:[^"\\]|\\.)*)"|(NULL))', text, re.S)
    return {unescaped(key): None if null else unescaped(value) for key, value, null in found}


def unescaped(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word, flags=re.S)


@pytest.mark.parametrize("value", HSTORES, ids=str)
def test_hstore(postgresql: Client, value: dict[str, str | None]) -> None:
    database = postgresql.fresh_database()
    here = database.query("SELECT count(*) FROM pg_available_extensions WHERE name = 'hstore'") == [("1",)]
    kind: Any = pg.HSTORE() if here else pg.TEXT()
    if here:
        database.run_script("CREATE EXTENSION hstore;").check()
    tables(database, sa.Column("v", kind))
    rows = [{"id": 1, "v": value}]
    apply(database, "postgresql", lambda op: op.bulk_insert(light("by_script", pg.HSTORE()), rows))
    if here:
        with engine_for(database).begin() as connection:
            connection.execute(light("by_driver", pg.HSTORE()).insert(), rows)
        assert database.query("SELECT a.v = b.v FROM by_script a, by_driver b") == [("t",)]
    assert pairs(str(database.query("SELECT '<' || v::text || '>' FROM by_script")[0][0])) == value
