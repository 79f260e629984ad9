"""What a script holds, counted by the first words of its statements: ``2 CREATE TABLE, 1 INSERT``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlgen.records import dataclass
from sqlgen.statement import Statement

OTHER = "other"
"""The name under which statements are counted whose first word is none of SQL's."""

_SKIPPED = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/|\()+", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+")
_OBJECT_VERBS = ("CREATE", "ALTER", "DROP")
_OBJECT = re.compile(
    "TABLE|INDEX|VIEW|SEQUENCE|TYPE|SCHEMA|FUNCTION|PROCEDURE|TRIGGER|EXTENSION|DOMAIN|DATABASE|ROLE|USER|POLICY|RULE|"
    "SYNONYM|PACKAGE|SYSTEM|SERVER|STATISTICS|EVENT|COLLATION|PUBLICATION|AGGREGATE|OPERATOR|CAST|LANGUAGE"
)
_VERB = re.compile(
    "INSERT|UPDATE|DELETE|MERGE|REPLACE|SELECT|WITH|COMMENT|RENAME|TRUNCATE|GRANT|REVOKE|SET|PRAGMA|EXEC|EXECUTE|CALL|"
    "DO|BEGIN|DECLARE|LOCK|ANALYZE|REFRESH|REINDEX|VACUUM|CLUSTER|COPY|IF|USE"
)
_WORDS_BEFORE_OBJECT = 6
_PART = r'(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|[\w$#]+)'
_NAME = rf"({_PART}(?:\.{_PART})*)"
_TABLE = re.compile(
    rf"(?:CREATE|ALTER|DROP)\s+(?:\w+\s+){{0,3}}?TABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?{_NAME}"
    rf"|CREATE\s+(?:\w+\s+){{0,4}}?INDEX\s[^()]*?\bON\s+(?:ONLY\s+)?{_NAME}|DROP\s+INDEX\s[^()]*?\bON\s+{_NAME}"
    rf"|(?:INSERT|REPLACE|MERGE)\s+(?:\w+\s+)?INTO\s+{_NAME}|UPDATE\s+(?:ONLY\s+)?{_NAME}"
    rf"|DELETE\s+FROM\s+(?:ONLY\s+)?{_NAME}|(?:TRUNCATE|RENAME)\s+TABLE\s+{_NAME}|COMMENT\s+ON\s+TABLE\s+{_NAME}"
    rf"|COMMENT\s+ON\s+COLUMN\s+({_PART}(?:\.{_PART})?)\.{_PART}\s",
    re.I,
)


def is_counted(statement: Statement) -> bool:
    """Say whether a statement is one of the revisions' own: no version row, no guard, no text printed as it is."""
    return statement.kind not in ("version", "guard") and not statement.verbatim


@dataclass(frozen=True, slots=True)
class Contents:
    """What a script holds: ``counts`` of statements by their first words, and the names of the ``tables`` it touches.

    Both are in the order in which they first come. Names are as the statements write them. A table that only a
    function, a trigger or a view's query touches is not among them.
    """

    counts: Mapping[str, int]
    tables: tuple[str, ...]


def contents(statements: Iterable[Statement]) -> Contents:
    """Return what some statements are."""
    counts: Counter[str] = Counter()
    tables: dict[str, None] = {}
    for statement in statements:
        if is_counted(statement):
            counts[first_words(statement.sql)] += 1
            if name := table_of(statement.sql):
                tables[name] = None
    return Contents(counts, tuple(tables))


def table_of(sql: str) -> str:
    """Return the table that a statement makes, changes, or writes rows of; empty where its first words name none."""
    start = _SKIPPED.match(sql)
    found = _TABLE.match(sql, start.end() if start else 0)
    return next(filter(None, found.groups()), "") if found else ""


def first_words(sql: str) -> str:
    """Return what a statement is, in one or two words: ``CREATE TABLE``, ``INSERT``, or ``other``.

    Modifiers are left out: ``CREATE UNIQUE INDEX`` is a ``CREATE INDEX``.
    """
    words = [word.upper() for word in _leading_words(sql)]
    verb = words[0] if words else ""
    if verb in _OBJECT_VERBS:
        return next((f"{verb} {word}" for word in words[1:] if _OBJECT.fullmatch(word)), verb)
    return verb if _VERB.fullmatch(verb) else OTHER


def _leading_words(sql: str) -> list[str]:
    """Return the first words of a statement, without the comments before and between them."""
    words: list[str] = []
    position = 0
    while len(words) < _WORDS_BEFORE_OBJECT:
        skipped = _SKIPPED.match(sql, position)
        found = _WORD.match(sql, skipped.end() if skipped else position)
        if not found:
            break
        words.append(found.group())
        position = found.end()
    return words
