"""Views on MariaDB: what a revision is told of them, and what the server shows after the same script."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
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
QUESTIONS = ("DESCRIBE {}", "SHOW FULL COLUMNS FROM {}", "SHOW CREATE VIEW {}", "SHOW CREATE TABLE {}")
CATALOGUE = (
    "SELECT column_name, ordinal_position, is_nullable FROM information_schema.columns "
    "WHERE table_schema = DATABASE() AND table_name = '{}' ORDER BY ordinal_position"
)
SEEDS = range(1, int(os.environ.get("SQLGEN_FUZZ_SEEDS", "3")) + 1)

Told = dict[str, dict[str, Any]]


def asked(look: sa.Inspector, bind: sa.Connection, name: str, refused: Any = ()) -> dict[str, Any]:
    """Return all that is told of a view; None for what is refused."""
    found: dict[str, Any] = {}
    for question, ask in {
        "text": lambda: look.get_view_definition(name),
        "columns": lambda: [(one["name"], repr(one["type"]), one["default"]) for one in look.get_columns(name)],
        **{sql: lambda sql=sql: rows(bind, sql.format(name)) for sql in (*QUESTIONS, CATALOGUE)},
    }.items():
        try:
            found[question] = ask()
        except refused:
            found[question] = None
    return found


def rows(bind: sa.Connection, sql: str) -> list[tuple[Any, ...]]:
    """Return what a statement gives."""
    return [tuple(row) for row in bind.execute(sa.text(sql))]


def by_shadow(version: str, script: Iterable[str], names: Iterable[str]) -> Told:
    """Return what a revision is told after a script."""
    with sqlgen.capture("mariadb", server_version=version, from_base=True) as captured:
        for sql in script:
            captured.op.execute(sa.text(sql.replace(":", "\\:")))
        bind = captured.op.get_bind()
        found = {name: asked(sa.inspect(bind), bind, name, NeedsDatabase) for name in names}
        captured.recorder.error = None
        return found


def both(mariadb: Client, script: list[str], names: Iterable[str]) -> tuple[Told, Told]:
    """Return what a revision is told and what the server tells, with the user of the latter in both."""
    names = list(names)
    with engine_for(mariadb.fresh_database()).connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        for sql in script:
            connection.exec_driver_sql(sql.replace("%", "%%"))
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
        server = {name: asked(sa.inspect(connection), connection, name, sa.exc.DBAPIError) for name in names}
        shadow = by_shadow(version, script, names)
    return {name: with_user(one) for name, one in shadow.items()}, server


def with_user(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told with the user of the tests' server in the place of the one that is not known."""

    def named(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(UNTOLD_USER, "root")
        return [tuple(map(named, row)) for row in value] if isinstance(value, list) else value

    return {question: named(value) for question, value in told.items()}


def differences(shadow: Told, server: Told) -> list[str]:
    """Return where something is told that the server does not tell; statements may show less of each row."""
    found = []
    for name, told in shadow.items():
        for question, answer in told.items():
            truth = server[name][question]
            if answer is not None and question in QUESTIONS and truth is not None:
                truth = [row[: len(one)] for row, one in zip(truth, answer, strict=False)]
            if answer is not None and answer != truth:
                found.append(f"{question.format(name)}:\n  told   {answer}\n  server {truth}")
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
    for (name, told), query in zip(shadow.items(), TOLD, strict=True):
        assert told["text"] is not None, query
        assert told["SHOW CREATE VIEW {}"] == [(name, told["text"])], query
        assert (told["columns"] is None) == query.endswith("--?"), query
        assert query.endswith("--?") or [len(row) for row in told["DESCRIBE {}"]] == [6] * len(told["columns"]), query
        assert query.endswith("--?") or told[CATALOGUE], query


def test_what_is_not_certain_is_refused(mariadb: Client) -> None:
    columns, neither = views(COLUMNS_ONLY), {f"w{at}": query for at, query in enumerate(UNTOLD)}
    neither = {name: query for name, query in neither.items() if "USING (id)" not in query}
    shadow, server = both(mariadb, made({**columns, **neither}), [*columns, *neither])
    assert not differences(shadow, server)
    assert [shadow[name]["text"] for name in (*columns, *neither)] == [None] * len(shadow)
    assert all(shadow[name]["columns"] for name in columns)
    assert [shadow[name]["columns"] for name in neither] == [None] * len(neither)


@pytest.mark.parametrize("seed", SEEDS)
def test_views_drawn_at_random(seed: int, mariadb: Client) -> None:
    draw = Draw(seed)
    queries = views(draw.query() for _ in range(120))
    shadow, server = both(mariadb, made(queries), queries)
    assert not differences(shadow, server)
    told = [name for name, one in shadow.items() if one["text"] is not None]
    assert len(told) > 0.8 * len(queries)
    assert all(one[CATALOGUE] is not None or "NULL" not in str(one) for one in shadow.values())
