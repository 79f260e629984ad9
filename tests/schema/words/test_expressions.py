"""Expressions are worded as the server words them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from tests.databases.clients import Client
from tests.databases.conftest import postgresql
from tests.schema.words.expressions import CONDITIONS, DEFAULTS, INDEXES, UNKNOWN, columns
from tests.schema.words.servers import Step, compared

__all__ = ["postgresql"]

#: The server refuses these: their value depends on the session.
REFUSED_IN_INDEXES = 6


def text(sql: str) -> sa.TextClause:
    return sa.text(sql.replace(":", "\\:"))


def table(op: Any) -> None:
    op.create_table("thing", *columns())


def check(name: str, sql: str, op: Any) -> None:
    op.create_check_constraint(name, "thing", text(sql))


def condition(name: str, sql: str, op: Any) -> None:
    op.create_index(name, "thing", ["id"], postgresql_where=text(sql))


def index(name: str, sql: str, op: Any) -> None:
    op.create_index(name, "thing", [text(sql)])


def default(name: str, of: str, sql: str, op: Any) -> None:
    type_ = next(column.type for column in columns() if column.name == of)
    op.add_column("thing", sa.Column(name, type_, server_default=text(sql)))


KINDS: dict[str, tuple[list[Step], int]] = {
    "checks": ([partial(check, f"ck_{n:03}", sql) for n, sql in enumerate(CONDITIONS)], 0),
    "conditions": ([partial(condition, f"ix_{n:03}", sql) for n, sql in enumerate(CONDITIONS)], REFUSED_IN_INDEXES),
    "indexes": ([partial(index, f"ix_{n:03}", sql) for n, sql in enumerate(INDEXES)], 0),
    "defaults": ([partial(default, f"{of}_{n:03}", of, sql) for n, (of, sql) in enumerate(DEFAULTS)], 0),
}


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("kind", KINDS)
def test_the_words_are_those_of_the_server(postgresql: Client, kind: str) -> None:
    steps, refused = KINDS[kind]
    taken, found = compared(postgresql, [table, *steps])
    assert len(taken) == 1 + len(steps) - refused
    assert not found, "server <> shadow:\n" + "\n".join(found)


@pytest.mark.parametrize("sql", UNKNOWN)
def test_what_is_not_known_stays_as_it_was_written(sql: str) -> None:
    with sqlgen.capture("postgresql") as captured:
        table(captured.op)
        check("ck", sql, captured.op)
        found = sa.inspect(captured.op.get_bind()).get_check_constraints("thing")
    assert [one["sqltext"] for one in found] == [sql]


@pytest.mark.parametrize(
    ("version", "sql", "shown"),
    [
        ("13", "ts < tz AT TIME ZONE 'utc'", "ts < timezone('utc'::text, tz)"),
        ("14", "ts < tz AT TIME ZONE 'utc'", "ts < (tz AT TIME ZONE 'utc'::text)"),
        ("13", "trim(t) <> ''", "btrim(t) <> ''::text"),
        ("13", "extract(year FROM ts) > 1", "date_part('year'::text, ts) > 1::double precision"),
    ],
)
def test_older_versions_show_calls(version: str, sql: str, shown: str) -> None:
    with sqlgen.capture("postgresql", server_version=version) as captured:
        table(captured.op)
        check("ck", sql, captured.op)
        found = sa.inspect(captured.op.get_bind()).get_check_constraints("thing")
    assert [one["sqltext"] for one in found] == [shown]
