"""Views on MariaDB: what a revision is told of them, and what the server shows after the same script."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import NeedsDatabase
from sqlgen.schema.state import UNTOLD_USER
from tests.databases.clients import Client
from tests.databases.round_trips.trips import engine_for
from tests.databases.views_made import COLUMNS_ONLY, TABLES, TOLD, UNTOLD, Draw

pytestmark = pytest.mark.xdist_group("mariadb")
#: Statements that show a view; a revision is told the first columns of each row.
STATEMENTS = (
    "DESCRIBE {}",
    "SHOW COLUMNS FROM {} LIKE 'n%'",
    "SHOW FULL COLUMNS FROM {}",
    "SHOW CREATE VIEW {}",
    "SHOW CREATE TABLE {}",
    "SELECT column_name, ordinal_position, is_nullable FROM information_schema.columns "
    "WHERE table_schema = DATABASE() AND table_name = '{}' ORDER BY ordinal_position",
)
SEEDS = range(1, int(os.environ.get("SQLGEN_FUZZ_SEEDS", "3")) + 1)

NOT_VALID = (sa.exc.DBAPIError, sa.exc.UnreflectableTableError)

Told = dict[str, dict[str, Any]]
Rows = list[tuple[Any, ...]]


def told(look: sa.Inspector, name: str, described: Callable[[str], Rows], refused: Any) -> dict[str, Any]:
    """Return all that is told of a view; None for what is refused."""
    asked: dict[str, Callable[[], Any]] = {
        "text": lambda: look.get_view_definition(name),
        "columns": lambda: [(one["name"], repr(one["type"]), one["default"]) for one in look.get_columns(name)],
        "rows": lambda: described(name),
    }
    return {question: answer(ask, refused) for question, ask in asked.items()}


def answer(ask: Callable[[], Any], refused: Any) -> Any:
    """Return an answer, None when it is refused."""
    try:
        return ask()
    except refused:
        return None


def rows(bind: sa.Connection, sql: str) -> Rows:
    """Return what a statement gives."""
    return [tuple(row) for row in bind.execute(sa.text(sql))]


@contextmanager
def after(script: Iterable[str], version: str = "10.11.6") -> Iterator[Any]:
    """Give what captured a script."""
    with sqlgen.capture("mariadb", server_version=version, from_base=True) as captured:
        for sql in script:
            captured.op.execute(sa.text(sql.replace(":", "\\:")))
        yield captured
        captured.recorder.error = None


def by_shadow(version: str, script: Iterable[str], names: Iterable[str]) -> Told:
    """Return what a revision is told after a script."""
    with after(script, version) as captured:
        shadow = captured.recorder.shadow

        def described(name: str) -> Rows:
            shown: Rows = shadow.answer("show_columns", (name, False), {})[1]
            return shown

        look = sa.inspect(captured.op.get_bind())
        return {name: told(look, name, described, NeedsDatabase) for name in names}


def both(mariadb: Client, script: list[str], names: Iterable[str]) -> tuple[Told, Told]:
    """Return what a revision is told and what the server tells, with the user of the latter in both."""
    names = list(names)
    with server_after(mariadb, script) as (connection, version):
        look = sa.inspect(connection)
        server = {
            name: told(look, name, lambda name: rows(connection, f"DESCRIBE {name}"), NOT_VALID) for name in names
        }
        shadow = by_shadow(version, script, names)
    return {name: with_user(one) for name, one in shadow.items()}, server


@contextmanager
def server_after(mariadb: Client, script: Iterable[str]) -> Iterator[tuple[sa.Connection, str]]:
    """Give a connection to a database in which a script was run, and the version of the server."""
    with engine_for(mariadb.fresh_database()).connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        for sql in script:
            connection.exec_driver_sql(sql.replace("%", "%%"))
        yield connection, ".".join(map(str, connection.dialect.server_version_info or ()))


def with_user(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told with the user of the tests' server in the place of the one that is not known."""

    def named(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(UNTOLD_USER, "root")
        return [tuple(map(named, row)) for row in value] if isinstance(value, list) else value

    return {question: named(value) for question, value in told.items()}


def differences(shadow: Told, server: Told) -> list[str]:
    """Return where something is told that the server does not tell."""
    found = []
    for name, one in shadow.items():
        for question, answer in one.items():
            truth = server[name][question]
            if question == "rows" and answer is not None and truth is not None:
                truth = [row[: len(known)] for row, known in zip(truth, answer, strict=True)]
            if answer is not None and answer != truth:
                found.append(f"{question} of {name}:\n  told   {answer}\n  server {truth}")
    return found


def views(queries: Iterable[str]) -> dict[str, str]:
    """Return queries with names for their views."""
    return {f"v{number}": query.removesuffix("--?").strip() for number, query in enumerate(queries)}


def made(queries: Mapping[str, str]) -> list[str]:
    """Return the script that makes tables and views."""
    return [*TABLES, *(f"CREATE VIEW {name} AS {query}" for name, query in queries.items())]


def test_what_is_told_is_what_mariadb_shows(mariadb: Client) -> None:
    queries = views(TOLD)
    shadow, server = both(mariadb, made(queries), queries)
    assert not differences(shadow, server)
    for one, query in zip(shadow.values(), TOLD, strict=True):
        assert one["text"] is not None, query
        whole = [len(row) for row in one["rows"]] == [6] * len(one["rows"])
        assert (one["columns"] is not None) == whole == (not query.endswith("--?")), query


def test_what_is_not_certain_is_refused(mariadb: Client) -> None:
    columns, neither = views(COLUMNS_ONLY), {f"w{at}": query for at, query in enumerate(UNTOLD)}
    shadow, server = both(mariadb, made({**columns, **neither}), [*columns, *neither])
    assert not differences(shadow, server)
    assert [shadow[name]["text"] for name in (*columns, *neither)] == [None] * len(shadow)
    assert all(shadow[name]["columns"] for name in columns)
    assert [shadow[name]["columns"] for name in neither] == [None] * len(neither)


@pytest.mark.parametrize("seed", SEEDS)
def test_views_drawn_at_random(seed: int, mariadb: Client) -> None:
    draw = Draw(seed)
    queries = views(draw.query() for _ in range(150))
    shadow, server = both(mariadb, made(queries), queries)
    assert not differences(shadow, server)
    assert len([one for one in shadow.values() if one["text"] is not None]) > 0.8 * len(queries)
    assert len([one for one in shadow.values() if one["columns"] is not None]) > 0.3 * len(queries)


def test_statements_show_views(mariadb: Client) -> None:
    queries = {
        "joined": "SELECT i.id, p.label AS name FROM item i LEFT JOIN part p ON p.item_id = i.id",
        "counted": "SELECT count(*) AS n, max(id) AS top FROM item",
        "reckoned": "SELECT id, upper(name) AS name FROM item",
    }
    script = made(queries)
    with server_after(mariadb, script) as (connection, version), after(script, version) as captured:
        bind = captured.op.get_bind()
        for sql in (sql.format(name) for name in queries for sql in STATEMENTS):
            found = answer(lambda sql=sql: rows(bind, sql), NeedsDatabase)  # type: ignore[misc]
            if "reckoned" in sql and "information_schema" in sql:
                assert found is None
                continue
            assert found is not None, sql
            shown = rows(connection, sql)
            known = len(found[0]) if found else 0
            assert with_user({sql: found})[sql] == [row[:known] for row in shown], sql
            assert found == shown or sql.startswith("SHOW") or "reckoned" in sql, sql
        assert rows(
            bind,
            "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() "
            "AND table_name = 'reckoned'",
        ) == [("id",), ("name",)]


#: What happens to the tables and views behind ``seen``, and whether the view is told then.
LATER = {
    "its table changes": (["ALTER TABLE item MODIFY name VARCHAR(99), ADD COLUMN more INT, DROP COLUMN note"], True),
    "a column of it goes": (["ALTER TABLE item DROP COLUMN name"], False),
    "a column of its condition goes": (["ALTER TABLE item DROP COLUMN size"], False),
    "a column has another name": (["ALTER TABLE item RENAME COLUMN size TO size_"], False),
    "its table has another name": (["RENAME TABLE item TO items"], False),
    "its table goes": (["DROP TABLE item"], False),
    "it has another name": (["CREATE VIEW other AS SELECT id FROM seen", "RENAME TABLE other TO inner_"], True),
    "it is made anew": (["CREATE OR REPLACE VIEW seen AS SELECT size AS id, name FROM item"], True),
    "its table goes and comes": (["DROP TABLE item", TABLES[0]], True),
}


@pytest.mark.parametrize(("changes", "is_told"), LATER.values(), ids=LATER)
def test_a_view_after_a_change(changes: list[str], is_told: bool, mariadb: Client) -> None:
    seen = "CREATE VIEW seen AS SELECT id, name FROM item WHERE size > 1"
    script = [TABLES[0], seen, "CREATE VIEW over_ AS SELECT id AS i, name FROM seen", *changes]
    shadow, server = both(mariadb, script, ["seen", "over_"])
    assert not differences(shadow, server)
    assert {answer is not None for one in shadow.values() for answer in one.values()} == {is_told}


#: What stands in front of VIEW, and whether the text is told.
HEADS = {
    "": True,
    "OR REPLACE ALGORITHM = MERGE ": True,
    "ALGORITHM=TEMPTABLE SQL SECURITY INVOKER ": True,
    "DEFINER = CURRENT_USER ": True,
    "DEFINER = CURRENT_USER() SQL SECURITY DEFINER ": True,
    "DEFINER = 'some one'@'%' SQL SECURITY INVOKER ": True,
    "DEFINER = 'o''k `1'@'%' SQL SECURITY INVOKER ": True,
    "DEFINER = `a``b`@localhost SQL SECURITY INVOKER ": True,
    "DEFINER=`root`@`localhost` SQL SECURITY INVOKER ": True,
    "DEFINER = root@localhost SQL SECURITY INVOKER ": True,
    "DEFINER = nobody@localhost ": False,
    "DEFINER = nobody SQL SECURITY INVOKER ": False,
}


@pytest.mark.parametrize(("head", "is_told"), HEADS.items())
def test_what_stands_in_front_of_view(head: str, is_told: bool, mariadb: Client) -> None:
    script = [TABLES[0], f"CREATE {head}VIEW seen (a, b, c) AS SELECT id, name AS n, size  +  1 FROM item ORDER BY n"]
    shadow, server = both(mariadb, script, ["seen"])
    assert (shadow["seen"]["text"] is not None) == is_told
    if is_told:
        assert not differences(shadow, server)


def test_names_in_front_are_those_of_the_first_query(mariadb: Client) -> None:
    script = [TABLES[0], "CREATE VIEW seen (a, b) AS SELECT id, 'x' FROM item UNION SELECT size+1, note FROM item"]
    shadow, server = both(mariadb, script, ["seen"])
    assert not differences(shadow, server)
    assert "AS `size+1`" in shadow["seen"]["text"]


REFUSED = {
    "columns": ("SELECT upper(name) AS u FROM item", "of 'u' it is not known of which type it is"),
    "definition": ("SELECT id FROM item WHERE id | 1", "how the server words it is not known"),
}


@pytest.mark.parametrize(("about", "query", "words"), [(about, *told) for about, told in REFUSED.items()])
def test_a_refusal_names_line_and_view(about: str, query: str, words: str) -> None:
    with after([TABLES[0], f"CREATE VIEW seen AS {query}"]) as captured:
        look = sa.inspect(captured.op.get_bind())
        with pytest.raises(NeedsDatabase, match=words) as caught:
            look.get_columns("seen") if about == "columns" else look.get_view_definition("seen")
        assert "'seen'" in str(caught.value)
        assert "test_shown_views.py:" in str(caught.value)


def test_the_user_who_made_a_view_comes_into_no_script() -> None:
    with after([TABLES[0], "CREATE VIEW seen AS SELECT id FROM item"]) as captured:
        text = sa.inspect(captured.op.get_bind()).get_view_definition("seen")
        captured.op.execute("DROP VIEW seen")
        captured.op.execute(re.sub(r"DEFINER=\S+", "DEFINER=CURRENT_USER", text))
        with pytest.raises(NeedsDatabase, match="names the user who made it"):
            captured.op.execute(text.replace("VIEW `seen`", "VIEW `again`"))
        assert str(captured.statements[-1]) == (
            "CREATE ALGORITHM=UNDEFINED DEFINER=CURRENT_USER SQL SECURITY DEFINER VIEW `seen` AS "
            "select `item`.`id` AS `id` from `item`"
        )
