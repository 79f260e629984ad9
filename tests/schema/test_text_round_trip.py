"""What sqlgen writes, read back: the text of each operation says what the operation asked for."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlgen.dialects import get

import sqlgen
from sqlgen import Project
from sqlgen.errors import RenderError
from sqlgen.operations.model import BatchAlter, BulkInsert, Execute, Operation
from sqlgen.recording.recorder import Recorder
from sqlgen.schema.raw_sql import changes
from tests.dialects.operations.case import Case
from tests.dialects.operations.golden import OPERATIONS
from tests.dialects.rendering import NAMES
from tests.schema.facts import facts

LOOKED_UP = "sqlgen_sql"
"""A variable in statements that ask the catalogue what to run: their text says nothing of what they do."""

NOT_FOLLOWED = {
    ("sqlite", "ATTACH DATABASE ':memory:' AS s"),
    ("postgresql", "ALTER TABLE t ALTER COLUMN a SET GENERATED ALWAYS SET START WITH 5"),
}
"""A database of its own; a change of an identity, which leaves the rest of it as it is."""


def recorded(dialect: str, case: Case, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Operation, list[str]]]:
    """Return the operations of a case's call, each with its statements. Raises RenderError where one is refused."""
    found: list[tuple[Operation, list[str]]] = []
    record = Recorder.record

    def keep(self: Recorder, operation: Operation) -> None:
        before = len(self.statements)
        record(self, operation)
        found.append((operation, [str(one) for one in list(self.statements)[before:]]))

    options = {"server_version": case.version[dialect]} if case.version and dialect in case.version else {}
    with monkeypatch.context() as patched, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patched.setattr(Recorder, "record", keep)
        with sqlgen.capture(dialect, **options) as captured:
            case.given(captured.op)
            found.clear()
            case.call(captured.op)
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_text_says_what_was_asked_for(operation: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    for row, case in OPERATIONS[operation].items():
        try:
            found = recorded(name, case, monkeypatch)
        except RenderError:
            continue
        dialect = get(name)(case.version.get(name, "") if case.version else "")
        for asked, statements in found:
            if any(LOOKED_UP in sql or (name, sql.rstrip(";")) in NOT_FOLLOWED for sql in statements):
                continue
            said: list[Operation] = []
            for sql in statements:
                followed = changes(sql, dialect)
                assert followed is not None, (row, sql)
                said += followed
            rebuilt = isinstance(asked, BatchAlter) and any("_alembic_tmp_" in sql for sql in statements)
            if not isinstance(asked, Execute | BulkInsert) and not rebuilt:
                assert facts([asked], dialect) - facts(said, dialect) == set(), (row, statements)
                compared += 1
    assert compared or operation in ("create_exclude_constraint", "bulk_insert", "execute") or name == "sqlite"


@pytest.mark.parametrize("name", NAMES)
def test_rows_and_queries_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for case in OPERATIONS["bulk_insert"].values():
        try:
            found = recorded(name, case, monkeypatch)
        except RenderError:
            continue
        for asked, statements in found:
            if isinstance(asked, BulkInsert):
                assert [changes(sql, get(name)()) for sql in statements] == [()] * len(statements)


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_followed(name: str) -> None:
    script = Project.open(Path(__file__).parents[2] / "examples" / "library").script("base:head", dialect=name)
    tables = {fact[1] for one in script.statements for fact in made(one.sql, name)}
    assert {"book", "author"} <= tables or len(tables) > 5


def made(sql: str, name: str) -> Iterator[tuple[str, ...]]:
    dialect = get(name)()
    followed = changes(sql, dialect)
    assert followed is not None or LOOKED_UP in sql, sql
    yield from (fact for fact in facts(followed or (), dialect) if fact[0] == "create")
