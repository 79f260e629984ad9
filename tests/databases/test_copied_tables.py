"""Copies of tables, run by the sqlite3 shell on tables with rows, a child table and a view."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.operations.names import CreateTableOp
from tests.databases.clients import Client, Database
from tests.dialects.batch_cases import CASES, Case
from tests.oracle.case_tables import by_sqlgen

pytestmark = pytest.mark.xdist_group("sqlite")

PREPARED = """
ATTACH ':memory:' AS aux;
CREATE TABLE o (id INTEGER PRIMARY KEY, x INTEGER UNIQUE, y INTEGER, UNIQUE (x, y));
CREATE TABLE p (id INTEGER PRIMARY KEY);
INSERT INTO o VALUES (2, 2, 2), (3, 3, 3);
INSERT INTO p VALUES (2), (3);
"""
#: Where a default, or what is copied, is no fit for the new constraint: the server is right to refuse.
MEANT_TO_FAIL: set[str] = set()


def value(column: sa.Column[Any], row: int) -> str:
    """Return a value of the row with this number that every CHECK of the cases lets pass."""
    if isinstance(column.type, sa.Boolean):
        return str(row % 2)
    if isinstance(column.type, sa.Enum):
        return "'xy'"[0] + "xy"[row % 2] + "'"
    if isinstance(column.type, sa.Integer):
        return str(row + 2)
    return {sa.DateTime: f"'2024-06-0{row + 1} 10:00:00'"}.get(type(column.type), f"'{row + 2}'")


def rows_of(table: sa.Table) -> str:
    """Return INSERTs of two rows."""
    columns = [column for column in table.columns if column.computed is None]
    names = ", ".join(f'"{column.name}"' for column in columns)
    target = f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'
    values = [", ".join(value(column, row) for column in columns) for row in range(2)]
    return "".join(f"INSERT INTO {target} ({names}) VALUES ({one});\n" for one in values)


def created(table: sa.Table) -> str:
    """Return the script that makes a table as the case describes it."""
    with sqlgen.capture("sqlite") as captured:
        captured.op.invoke(CreateTableOp.from_table(table))
        table_options = {key: one for key, one in table.dialect_kwargs.items() if one is not None}
    script = ";\n".join(map(str, captured.statements)) + ";\n"
    if table_options.get("sqlite_autoincrement"):
        return re.sub(
            r"id INTEGER NOT NULL,(.*)PRIMARY KEY \(id\)",
            r"id INTEGER PRIMARY KEY AUTOINCREMENT,\1CHECK (1)",
            script,
            flags=re.S,
        )
    return script


def run(database: Database, case: Case) -> None:
    table = case.table()
    outcome = by_sqlgen(case, "sqlite")
    view = "" if table.schema else f'CREATE VIEW v AS SELECT count(*) AS rows FROM "{table.name}";\n'
    batch = "".join(f"{statement};\n" for statement in outcome.statements)
    checks = "PRAGMA integrity_check;\n"
    script = f".bail on\nPRAGMA foreign_keys = OFF;\n{PREPARED}{created(table)}{rows_of(table)}{view}BEGIN;\n{batch}COMMIT;\n{checks}"
    done = database.run_script(script)
    assert done.check().stdout.strip().endswith("ok")


RENDERED = [name for name, case in CASES.items() if not by_sqlgen(case, "sqlite").error]


@pytest.mark.parametrize("name", RENDERED)
def test_a_copy_runs_and_keeps_the_rows(name: str, sqlite: Client) -> None:
    database, case = sqlite.fresh_database(), CASES[name]
    run(database, case)
    if not case.table().schema:
        assert database.query("SELECT rows FROM v") == [("2",)]
        assert database.query("PRAGMA foreign_key_check") == []
