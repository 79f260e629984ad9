"""What sqlgen may refuse, by database: every other error on a valid step is a defect."""

from __future__ import annotations

import re

REFUSALS: dict[str, tuple[str, ...]] = {
    "postgresql": (),
    "mariadb": (
        r"MariaDB has no DEFERRABLE constraints",
        r"MariaDB has no MATCH on foreign keys",
        r"MariaDB has no indexes on expressions",
    ),
    "sqlite": (
        r"SQLite cannot change .* in place",
        r"SQLite has no ALTER TABLE … ADD or DROP CONSTRAINT",
        r"SQLite has no ADD COLUMN IF NOT EXISTS",
        r"SQLite has no DROP CONSTRAINT IF EXISTS",
        r"SQLite has no DROP COLUMN IF EXISTS",
        r"SQLite cannot add a STORED column",
        r"SQLite cannot drop .*, which an expression names",
        r"SQLite cannot use the new name .* in a text of the same batch",
    ),
}


def reason(dialect: str, message: str) -> str:
    """Return the entry of the list for a refusal, or the message itself when there is none."""
    return next((pattern for pattern in REFUSALS[dialect] if re.match(pattern, message, re.S)), message)


def expected(dialect: str, message: str) -> bool:
    """Tell whether a refusal is on the list."""
    return reason(dialect, message) in REFUSALS[dialect]
