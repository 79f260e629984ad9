"""Rows of ``op.bulk_insert`` as INSERT statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from .compiler import OfflineDialect
from .values import Row, value_writer


def insert_statements(
    dialect: OfflineDialect, table: Any, rows: Sequence[Row], *, chunk: int, empty: str, terms: str = "VALUES"
) -> Iterator[str]:
    """Yield INSERT statements without terminator, with at most ``chunk`` rows each.

    Consecutive rows with the same keys share a statement, so the order of the rows stays. A row without any value
    becomes an ``empty`` insert of all defaults. Defaults on the Python side are applied to keys that a row lacks.
    """
    target = dialect.identifier_preparer.format_table(table)
    for keys, group in groupby(rows, key=lambda row: _keys(table, row)):
        columns = [table.c[key] for key in keys]
        if not columns:
            yield from (f"INSERT INTO {target} {empty}" for _ in group)
            continue
        names = ", ".join(dialect.identifier_preparer.quote(column.name) for column in columns)
        writers = [value_writer(dialect, column) for column in columns]
        yield from _chunks(f"INSERT INTO {target} ({names}) {terms}", [*group], keys, writers, chunk)


def _chunks(
    head: str, rows: Sequence[Row], keys: Sequence[str], writers: Sequence[Callable[[Row], str]], chunk: int
) -> Iterator[str]:
    """Yield the statements for rows of one shape: one row beside its VALUES, several one below the other."""
    written = ["(" + ", ".join([write(row) for write in writers]) + ")" for row in rows]
    for start in range(0, len(written), chunk):
        part = written[start : start + chunk]
        yield f"{head} {part[0]}" if len(part) == 1 else f"{head}\n    " + ",\n    ".join(part)


def _keys(table: Any, row: Row) -> tuple[str, ...]:
    """Return the keys of the columns that an insert of this row names, in the table's order."""
    return tuple(key for key, column in table.c.items() if key in row or _has_default(column))


def _has_default(column: Any) -> bool:
    """Tell whether SQLAlchemy would fill in the column."""
    return getattr(column, "default", None) is not None
