"""Reads of rows that nobody here knows: what they are refused with, or taken for."""

from __future__ import annotations

import re

from ..errors import NeedsDatabase
from ..schema.rows import select_rows, text_rows
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
    found = (
        text_rows(query.sql, lambda *_: True)
        if query.received is None
        else select_rows(query.received.statement, lambda *_: True)
    )
    return [] if found is None else found
