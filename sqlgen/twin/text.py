"""What a statement of text does to the rows that the twin keeps, seen without a parser of SQL."""

from __future__ import annotations

import re

from ..schema.names import QUALIFIED, split_name
from ..schema.words import BODY, FILLED, LEADING, PROGRAM, TRIGGER, adds_no_rows

#: Text that leaves rows and keys as they are.
HARMLESS = re.compile(
    r"\s*(?:comment|grant|revoke|set|reset|analyze|vacuum|reindex|lock|use|savepoint|release|commit|begin|show|explain|"
    r"create\s+(?:\w+\s+){0,2}?(?:index|type|extension|schema|sequence|domain|role|user|collation)|"
    r"drop\s+(?:index|type|extension|sequence|view|function|procedure|trigger|domain)|alter\s+index)\b(?!.*;\s*\S)",
    re.I | re.S,
)
DROPPED = re.compile(rf"\s*drop\s+table\s+(?:if\s+exists\s+)?{QUALIFIED}\s*(?:cascade|restrict)?\s*$", re.I)
#: Text that writes the tables it names, and no others.
NAMING = re.compile(
    r"\s*(?:insert|update|delete|truncate|alter\s+table|create\s+(?:\w+\s+)?table|replace|merge|copy|rename|drop|with)\b"
    r"(?!.*;\s*\S)",
    re.I | re.S,
)
SEQUENCE = re.compile(r"\s*alter\s+sequence\b(?!.*;\s*\S)", re.I | re.S)
TURNS = re.compile(r"\s*(?:use|set\s+(?:local\s+|session\s+)?(?:search_path|schema)|alter\s+session)\b", re.I)
CALLS = re.compile(r"\b(?:call|exec|execute|perform|do)\b", re.I)


def without_comments(sql: str) -> str:
    """Return text without the comments before it."""
    return LEADING.sub("", sql, count=1) if LEADING.match(sql) else sql


def makes_trigger(sql: str) -> bool:
    """Tell whether a text makes what runs by itself once rows are written."""
    return TRIGGER.match(sql) is not None


def leaves_rows(sql: str) -> bool:
    """Tell whether a text certainly leaves all rows and keys as they are."""
    pieces = [piece for piece in BODY.sub("", sql).split(";") if piece.strip()]
    if pieces and all(PROGRAM.match(piece) for piece in pieces):
        return True
    return HARMLESS.match(sql) is not None


def only_reads(sql: str) -> bool:
    """Tell whether a text is a query that writes no row and moves no sequence."""
    return re.match(r"\s*select\b", sql, re.I) is not None and adds_no_rows(sql)


def moves_keys(sql: str) -> bool:
    """Tell whether a text may change how rows are numbered, and nothing else."""
    return SEQUENCE.match(sql) is not None or (only_reads(sql) and "(" in sql)


def turns(sql: str) -> bool:
    """Tell whether a text changes what a name without a schema means."""
    return TURNS.match(sql) is not None


def dropped(sql: str) -> tuple[str, str | None] | None:
    """Return name and schema of the only table that a text drops; None for other text."""
    found = DROPPED.match(sql)
    return split_name(found["name"]) if found else None


def named_words(sql: str) -> frozenset[str] | None:
    """Return the words among which are all tables that a text may write, in small letters; None when it may be any."""
    if not NAMING.match(sql) or CALLS.search(sql):
        return None
    return frozenset(word.lower() for word in re.findall(r"\w+", sql))


def writes(sql: str) -> bool:
    """Tell whether a text is a statement that writes the rows of a table."""
    return re.match(r"\s*(?:insert|update|delete|truncate)\b", sql, re.I) is not None


def works_out(sql: str) -> bool:
    """Tell whether a text that changes a schema may fill rows from a query or an expression."""
    return FILLED.search(sql) is not None or re.search(r"\busing\b", sql, re.I) is not None
