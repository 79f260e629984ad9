"""What text SQL does to the schema, statement by statement; and what is not followed.

The tables are ``tests/golden/text_sql/<dialect>.txt``: a statement, and under it an operation per line.
``python -m tests.schema.test_raw_sql`` writes what is found for each statement; its diff is to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlgen.dialects import get

from sqlgen.dialect import Dialect
from sqlgen.operations.model import UNSET, AddColumn, CreateTable, Operation
from sqlgen.schema.raw_sql import changes, named
from tests.dialects.rendering import NAMES, flat

FOLDER = Path(__file__).parents[1] / "golden" / "text_sql"
UNTOLD = ("symbol", "destructive", "inline_references", "inline_primary_key", "text")
"""Fields that repeat the statement, or are the same for all."""


def rows(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the statements of a table, each with the lines under it."""
    for part in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n\n"):
        head, *lines = part.strip().split("\n")
        yield head.removeprefix("== "), [line.strip() for line in lines]


def found(name: str, sql: str) -> list[str]:
    """Return what a statement does, a line for each operation."""
    dialect = get(name)()
    operations = changes(sql, dialect)
    if operations is None:
        return ["(not followed)"]
    return [shown(operation, dialect) for operation in operations] or ["(nothing)"]


def shown(operation: Operation, dialect: Dialect) -> str:
    """Return an operation in a line: its class, and the fields that say something."""
    parts = [type(operation).__name__]
    for name in operation.__dataclass_fields__:
        value = getattr(operation, name)
        empty = isinstance(value, bool | str | tuple | dict | frozenset) and not value and name != "nullable"
        if name not in UNTOLD and value is not None and value is not UNSET and not empty:
            parts.append(f"{name}={text(value, dialect)}")
    return " ".join(parts)


def text(value: Any, dialect: Dialect) -> str:
    """Return a field's value: SQL for what is one of SQLAlchemy's objects."""
    match value:
        case sa.Table():
            return printed(sa.schema.CreateTable(value), dialect) if len(value.c) else value.fullname
        case sa.Column():
            return flat(dialect.ddl().get_column_specification(value))
        case sa.Index():
            return printed(sa.schema.CreateIndex(value), dialect) if value.expressions else str(value.name)
        case sa.Constraint():
            whole = isinstance(value, sa.CheckConstraint) or getattr(value, "columns", None)
            return printed(value, dialect) if whole else str(value.name)
        case sa.types.TypeEngine():
            return dialect.type_sql(value)
        case sa.TextClause():
            return value.text
        case sa.Identity() | sa.Computed():
            return printed(value, dialect)
    return str(value)


def printed(element: Any, dialect: Dialect) -> str:
    return flat(dialect.ddl().process(element))


def tables() -> Iterator[tuple[str, str, list[str]]]:
    for path in sorted(FOLDER.glob("*.txt")):
        yield from ((path.stem, *row) for row in rows(path.stem))


@pytest.mark.parametrize(("name", "sql", "expected"), list(tables()))
def test_a_statement(name: str, sql: str, expected: list[str]) -> None:
    assert found(name, sql) == expected


class Stands:
    """A schema with one table, ``known``, whose key is ``id``."""

    def has_table(self, name: str, schema: str | None) -> bool | None:
        return {"known": True, "gone": False}.get(name)

    def primary_key(self, name: str, schema: str | None) -> list[str] | None:
        return ["id"] if name == "known" else None


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_what_a_statement_leaves_to_the_schema(name: str) -> None:
    dialect = get(name)()
    assert changes("ALTER TABLE IF EXISTS gone ADD a int", dialect, Stands()) == ()
    assert changes("ALTER TABLE IF EXISTS unknown ADD a int", dialect, Stands()) is None
    followed = changes("ALTER TABLE IF EXISTS known ADD a int", dialect, Stands())
    assert [type(one) for one in followed or ()] == [AddColumn]


def test_a_reference_to_a_table_takes_its_key() -> None:
    followed = changes("CREATE TABLE a (b int REFERENCES known)", get("postgresql")(), Stands())
    assert followed is not None
    (made,) = followed
    assert isinstance(made, CreateTable)
    (key,) = made.table.foreign_keys
    assert key.target_fullname == "known.id"
    assert changes("CREATE TABLE a (b int REFERENCES unknown)", get("postgresql")(), Stands()) is None


@pytest.mark.parametrize("name", NAMES)
def test_text_with_an_open_end_is_not_followed(name: str) -> None:
    assert changes("DROP TABLE a; UPDATE b SET c = 'x", get(name)()) is None


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_a_comment_changes_nothing(name: str) -> None:
    assert changes("-- why\n", get(name)()) == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_prefix_of_a_statement_is_another_one_or_none(name: str) -> None:
    sql = "CREATE TABLE a (b INTEGER DEFAULT 1 NOT NULL, c VARCHAR(5), CONSTRAINT d UNIQUE (b, c))"
    whole = changes(sql, get(name)())
    assert whole is not None
    assert len(whole) == 1
    assert [cut for cut in range(1, len(sql)) if changes(sql[:cut], get(name)()) is not None] == []


def test_names_in_a_text() -> None:
    assert named("CALL \"My Proc\"(a.B, 'c d')", get("postgresql")()) == {
        "call",
        "my",
        "proc",
        "a",
        "b",
        "c",
        "d",
        "my proc",
    }


def main() -> None:
    """Write all tables."""
    for path in sorted(FOLDER.glob("*.txt")):
        parts = [
            "\n".join([f"== {sql}", *(f"    {line}" for line in found(path.stem, sql))]) for sql, _ in rows(path.stem)
        ]
        path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
