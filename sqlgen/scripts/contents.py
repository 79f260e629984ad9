"""What a script holds, counted by the first words of its statements: ``2 CREATE TABLE, 1 INSERT``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

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


def is_counted(statement: Statement) -> bool:
    """Say whether a statement is one of the revisions' own: no version row, no guard, no text printed as it is."""
    return statement.kind not in ("version", "guard") and not statement.verbatim


def count(statements: Iterable[Statement]) -> Mapping[str, int]:
    """Return how many statements of each kind there are, in the order in which the kinds first come."""
    return Counter(first_words(statement.sql) for statement in statements if is_counted(statement))


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
