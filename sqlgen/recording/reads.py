"""Reads of rows that nobody here knows: what they are refused with, or taken for."""

from __future__ import annotations

import re
from typing import Any

from ..errors import NeedsDatabase
from ..schema.rows import text_rows
from ..twin.checks import has_aggregate, inner
from .unknowns import Query, Rows

REWRITE = (
    "Write the step as one statement that the server works out itself, such as UPDATE {table} SET … WHERE … or "
    "INSERT INTO … SELECT … FROM {table}. "
)
OPTION = "Or say --on-read=split to leave this revision to Alembic, --on-read=empty to take the read for empty."
READS_HINT = REWRITE.format(table="…") + OPTION
FROM = re.compile(r"\bfrom\s+([\w.\"`\[\]]+)", re.I)


def needs_rows(query: Query, from_base: bool) -> NeedsDatabase:
    """Return the error for a query whose rows nobody knows, with the statement that would need none."""
    why = f" ({query.why})" if query.why else ""
    found = FROM.search(query.sql)
    hint = REWRITE.format(table=found[1] if found else "…") + OPTION
    if not from_base:
        hint += " A range from 'base' knows the rows that its own revisions write."
    return NeedsDatabase(f"the revision reads rows: {query.shown}{why}", hint=hint)


def as_if_empty(query: Query) -> Rows:
    """Return what a query gives when no row matches: none, or one of aggregates."""
    if query.received is None:
        return text_rows(query.sql, lambda *_: True) or []
    statement: Any = query.received.statement
    columns = list(getattr(statement, "selected_columns", ()))
    grouped: Any = getattr(statement, "_group_by_clauses", None)
    if not any(map(has_aggregate, columns)) or grouped:
        return []
    return [tuple(0 if column_name(column) == "count" else None for column in columns)]


def column_name(column: Any) -> str:
    """Return the name of the function that a column is, empty for another column."""
    return str(getattr(inner(column), "name", "")).lower()
