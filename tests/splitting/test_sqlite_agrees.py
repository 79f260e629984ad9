"""SQLite's own answer to "is this statement complete?" ends statements where we do; its shell goes by that answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlgen.dialects.sqlite_text import SYNTAX

from sqlgen.errors import Unsupported
from sqlgen.splitting import split, tokens
from tests.splitting.cases import SPLIT, SQLITE, SQLITE_TRIGGER

KEYWORDS = "CREATE TEMP TEMPORARY TRIGGER EXPLAIN QUERY PLAN BEGIN END CASE WHEN SELECT create trigger end a"
SIGNS = "; ; ; ; ;END; 'a;b' 'it''s' \"c;\" [d;] `e;` /*;*/ -- /* */ ' ( ) . # $$"
WORDS = (*KEYWORDS.split(), *SIGNS.split(), "--;\n")
TEXTS = [text for name, _, text, _ in SPLIT if name == SQLITE]


def by_sqlite(text: str) -> Iterator[str]:
    """Yield the statements as SQLite ends them; what is left at the end too."""
    start = 0
    for place, character in enumerate(text):
        if character == ";" and sqlite3.complete_statement(text[start : place + 1]):
            yield text[start:place]
            start = place + 1
    yield text[start:]


def meaning(statements: list[str]) -> list[list[str]]:
    """Return the tokens of each statement that has any but comments."""
    found = ([one.text for one in tokens(sql, SYNTAX) if one.kind != "comment"] for sql in statements)
    return [one for one in found if one]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
@example("".join(f"{text};" for text in TEXTS))
@example(f"EXPLAIN {SQLITE_TRIGGER}; SELECT 1")
@example("EXPLAIN QUERY PLAN CREATE TRIGGER a ; END; b")
def test_statements_end_where_sqlite_ends_them(text: str) -> None:
    expected = list(by_sqlite(text))
    try:
        found = split(text, SYNTAX)
    except Unsupported:
        assert not sqlite3.complete_statement(f"{expected[-1]}\n;")
        return
    assert meaning(found) == meaning(expected)
