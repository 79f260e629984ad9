"""Every cell of the operation tables: as written, and taken by a parser where no server can run, or refused."""

from __future__ import annotations

import re
from functools import cache

import pytest
import sqlalchemy as sa
from sqlfluff.core import FluffConfig, Linter

from sqlgen.errors import RenderError
from sqlgen.operations import Operations
from tests.dialects.operations.golden import FOLDER, OPERATIONS, table, tried
from tests.dialects.operations.manuals import MANUALS
from tests.dialects.rendering import NAMES

GRAMMARS = {"mysql": "mysql", "mssql": "tsql", "oracle": "oracle"}
"""What sqlfluff calls the databases that no test can run."""

UNKNOWN_TO_THE_PARSER = re.compile(
    r"GENERATED ALWAYS AS \(.*\) VIRTUAL"  # CREATE TABLE, virtual_column_definition
    r"|MODIFY \w+ (GENERATED \w+ AS|DROP) IDENTITY"  # ALTER TABLE, modify_col_properties
    r"|CREATE INDEX \w+ ON \w+ \(.*\(",  # CREATE INDEX, column_expression
    re.S,
)
"""What Oracle's manual has, at these places of the pages in MANUALS, and sqlfluff's grammar of it has not."""

PLUMBING = {"batch_alter_table", "context", "f", "get_bind", "get_context", "implementation_for", "inline_literal"}
PLUMBING |= {"invoke", "register_operation", "run_async", "record", "impl", "migration_context", "skeletons"}
WITH_SQLALCHEMY_2_1 = {"types", "defaults", "default of a time"}
"""What 2.0 has otherwise: no UUID of MariaDB's, no JSON on Oracle, and parentheses round a default on MariaDB.

The servers get these rows with either.
"""

TOGETHER = {"drop_table_comment": "create_table_comment"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_table_is_what_is_rendered(operation: str) -> None:
    written = rows((FOLDER / f"{operation}.txt").read_text(encoding="utf-8"))
    assert rows(table(OPERATIONS[operation])) == written


def rows(text: str) -> dict[str, str]:
    """Return the rows of a table by name, without those that are not the same with this SQLAlchemy."""
    found = dict(part.split("\n", 1) for part in re.split(r"^== ", text, flags=re.M)[1:])
    return {name: row for name, row in found.items() if sa.__version__ >= "2.1" or name not in WITH_SQLALCHEMY_2_1}


def test_there_are_no_other_tables() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(OPERATIONS)


def test_every_operation_has_its_table() -> None:
    public = {name: getattr(Operations, name) for name in dir(Operations) if not name.startswith("_")}
    # Those of plug-ins, which other tests load, are known by their module.
    ours = {name for name, value in public.items() if getattr(value, "__module__", "").startswith("sqlgen.")}
    assert {TOGETHER.get(name, name) for name in ours - PLUMBING} == set(OPERATIONS) - {"batch_alter_table"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_refused_has_a_hint(operation: str) -> None:
    outcomes = [tried(dialect, case) for dialect in NAMES for case in OPERATIONS[operation].values()]
    assert all(outcome.hint for outcome in outcomes if isinstance(outcome, RenderError))


@cache
def linter(grammar: str) -> Linter:
    """Return a parser of one dialect."""
    return Linter(config=FluffConfig(overrides={"dialect": grammar}))


def unparsable(dialect: str, sql: str) -> list[str]:
    """Return the parts of a statement that the parser does not understand."""
    parsed = linter(GRAMMARS[dialect]).parse_string(sql if sql.endswith(";") else f"{sql};")
    assert parsed.tree is not None, parsed.violations
    return [part.raw for part in parsed.tree.recursive_crawl("unparsable")]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("dialect", GRAMMARS)
def test_a_parser_takes_it(dialect: str, operation: str) -> None:
    outcomes = [tried(dialect, case) for case in OPERATIONS[operation].values()]
    found = [sql for outcome in outcomes if not isinstance(outcome, RenderError) for sql in outcome[1]]
    strange = [sql for sql in found if unparsable(dialect, sql)]
    assert [sql for sql in strange if not (dialect == "oracle" and UNKNOWN_TO_THE_PARSER.search(sql))] == []
    assert not found or dialect in MANUALS[operation]


@pytest.mark.parametrize("sql", ["CREATE TABEL t (a INTEGER)", "CREATE INDEX ix UPON t (a)", "DROP COLUMN t.a"])
@pytest.mark.parametrize("dialect", GRAMMARS)
def test_the_parser_refuses_what_is_no_statement(dialect: str, sql: str) -> None:
    assert unparsable(dialect, sql)
