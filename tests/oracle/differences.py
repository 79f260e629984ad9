"""The intended differences between sqlgen's statements and Alembic's; ``docs/differences.md`` gives their reasons.

A *rewriting* brings statements of both sides into one form. What it cannot level is listed by case and dialect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Rewrite = Callable[[str], list[str]]


@dataclass(frozen=True)
class Rewriting:
    """A difference that is levelled: ``section`` is its heading in the page; ``dialects`` are those it is for."""

    section: str
    dialects: tuple[str, ...]
    rewrite: Rewrite


def rows(sql: str) -> list[str]:
    """Return an INSERT of several rows, one row a line, as one INSERT for each."""
    head, *lines = sql.split("\n")
    if not head.startswith("INSERT") or not head.endswith("VALUES"):
        return [sql]
    return [f"{head} {line.strip().removesuffix(',')}" for line in lines]


def without(pattern: str) -> Rewrite:
    """Return a rewriting that drops statements."""
    return lambda sql: [] if re.fullmatch(pattern, sql, re.S) else [sql]


def replaced(pattern: str, text: str) -> Rewrite:
    """Return a rewriting that replaces a pattern."""
    return lambda sql: [re.sub(pattern, text, sql)]


LEGACY = {"DATETIME": "DATE", "TEXT": "VARCHAR(max)"}
EVERY = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")
REWRITINGS = (
    Rewriting("Rows of one call in one INSERT", EVERY, rows),
    Rewriting("IDENTITY_INSERT only where it is needed", ("mssql",), without(r"(IF EXISTS .*)?SET IDENTITY_INSERT .*")),
    Rewriting("Autocommit blocks", ("postgresql", "mssql"), without(r"COMMIT;?|BEGIN( TRANSACTION)?;?")),
    Rewriting(
        "Types of the pinned server",
        ("mssql",),
        lambda sql: [re.sub(r"\b(DATETIME|TEXT)\b", lambda found: LEGACY[found[0]], sql)],
    ),
    Rewriting("Dates on Oracle", ("oracle",), replaced(r"TO_DATE\(('[\d-]+'), 'YYYY-MM-DD'\)", r"DATE \1")),
    Rewriting("Decimals on SQLite", ("sqlite",), replaced(r"\b(\d+\.\d+?)0+\b", r"\1")),
    Rewriting("Procedures are executed in full", ("mssql",), replaced(r"^exec sp_", "execute sp_")),
    Rewriting(
        "Default constraints on SQL Server",
        ("mssql",),
        without(r"(declare @const_name|DECLARE @sqlgen_sql) .*sys\.(default|check)_constraints.*"),
    ),
    Rewriting("Text with a backslash", ("postgresql",), lambda sql: [plain_strings(sql)]),
)


def plain_strings(sql: str) -> str:
    """Return ``E'…'`` strings as plain ones, backslashes halved; SQLAlchemy 2.0 doubles them in plain strings too."""
    return re.sub(r"\bE'", "'", sql).replace("\\\\", "\\")


ALTERS = ("type", "type_using", "not_null", "null", "default", "default_none", "all")
BY_CASE: dict[str, dict[str, tuple[str, ...]]] = {
    "What a database cannot do is refused": {
        **{f"alter_{what}": ("sqlite",) for what in ALTERS},
        "create_index_if_not_exists": ("mysql", "mssql", "oracle"),
        "drop_index_no_table": ("mysql", "mariadb", "mssql"),
        "create_fk_deferrable": ("mysql", "mariadb", "mssql"),
        "bulk_insert_array": ("mysql", "mariadb", "sqlite", "mssql", "oracle"),
    },
    "Comments on SQLite": {
        "alter_comment": ("sqlite",),
        "table_comment": ("sqlite",),
        "drop_table_comment": ("sqlite",),
    },
    "Foreign keys of new columns on SQLite": {"add_column_fk": ("sqlite",)},
    "Options for MySQL on MariaDB": {"create_table_options": ("mariadb",)},
    "Comments on Oracle carry the schema": {"alter_comment": ("oracle",)},
    "Colons in text": {"execute_colon": EVERY},
    "Arrays have a type": {"bulk_insert_array": ("postgresql",)},
}
"""What no rewriting levels: heading of the page -> case -> dialects."""

ELSEWHERE = (
    "The version table",
    "Tables that are copied on SQLite",
    "CHECKs come and go with their types",
)
"""Headings about what is compared in another test."""


def sections() -> Iterator[str]:
    """Yield the heading of every difference."""
    yield from (rewriting.section for rewriting in REWRITINGS)
    yield from BY_CASE
    yield from ELSEWHERE


def expected(case: str, dialect: str) -> bool:
    """Tell whether a case is listed as different on a dialect."""
    return any(dialect in cases.get(case, ()) for cases in BY_CASE.values())
