"""Long lines are laid out, and nothing but white space changes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqlgen import dialects
from sqlgen.scripts.format import laid_out, same
from sqlgen.splitting import STANDARD, Syntax, tokens
from tests.dialects.rendering import NAMES

POSTGRESQL = dialects.get("postgresql").syntax
COPY = (
    "INSERT INTO identifier (title_id, scheme, code) SELECT id, 'is  bn', isbn FROM title "
    "WHERE isbn IS NOT NULL AND (medium = 'book' OR id > 3)"
)
LAID_OUT = """\
INSERT INTO identifier (title_id, scheme, code)
SELECT id,
       'is  bn',
       isbn
FROM title
WHERE isbn IS NOT NULL
  AND (medium = 'book'
       OR id > 3)"""
LONG = " AND ".join(f"a{number} = {number}" for number in range(20))


def test_one_clause_a_line() -> None:
    assert laid_out(COPY, POSTGRESQL) == LAID_OUT


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE t SET a = 1",
        LAID_OUT,
        f"SELECT a, -- why\nb FROM t WHERE {LONG}",
        f"SELECT a, /* why */ b FROM t WHERE {LONG}",
        f"INSERT INTO t (a) VALUES ('{'x' * 200}')",
        f"CREATE TABLE t (a INT, b INT, CHECK ({LONG}))",
        f"CREATE INDEX i ON t (a) WHERE {LONG}",
        f"ALTER TABLE t ADD CHECK ({LONG})",
        f"SELECT {'x' * 6000} FROM t",
        f"SELECT 1 FROM t WHERE {LONG}; SELECT 2",
        f"DO $$ BEGIN PERFORM {LONG}; END $$",
        f"SELECT a AS b, go FROM t WHERE {LONG}",
    ],
)
def test_what_is_left_alone(sql: str) -> None:
    assert laid_out(sql, POSTGRESQL) == sql


def test_a_view() -> None:
    assert laid_out(f"CREATE OR REPLACE VIEW v AS SELECT a FROM t WHERE {LONG}", POSTGRESQL).count("\n") > 20


KEYWORDS = """
    SELECT FROM WHERE AND OR CASE WHEN THEN ELSE END JOIN LEFT ON GROUP BY ORDER UNION ALL IN NOT NULL AS DISTINCT WITH
    SET
    go role type level UPDATE DELETE INSERT INTO VALUES BETWEEN EXISTS OVER LIMIT a t1 x.y 1 2.5 1e5
"""
SIGNS = ":: := = <> <= ->> #>> @> || - + * / % , ( ) [ ] . ; -- # /* */ ? | & ~ ! $1 \\ : $$ $$ab$$"
WORDS = (*KEYWORDS.split(), *SIGNS.split())
BEGINNINGS = ("SELECT ", "UPDATE t SET a = ", "DELETE FROM t WHERE ", "CREATE VIEW v AS SELECT ")
LITERALS = ("'a  b'", "'it''s'", "'--'", "E'\\''", '"A  b"', "`c  d`", "N'é'", "q'[x]'", "'select  from'")


@pytest.mark.parametrize("syntax", [STANDARD, *(dialects.get(name).syntax for name in NAMES)], ids=["standard", *NAMES])
@settings(max_examples=80, deadline=None)
@given(
    start=st.sampled_from(("SELECT ", "UPDATE t SET a = ", "DELETE FROM t WHERE ", "CREATE VIEW v AS SELECT ")),
    data=st.data(),
)
def test_nothing_but_white_space_changes(syntax: Syntax, start: str, data: st.DataObject) -> None:
    drawn = st.tuples(st.sampled_from((*WORDS, *LITERALS)), st.sampled_from(("", " ", " ", "  ")))
    parts = data.draw(st.lists(drawn, min_size=20, max_size=60))
    sql = (start + "".join(word + space for word, space in parts)).strip()
    found = laid_out(sql, syntax)
    assert "".join(found.split()) == "".join(sql.split())
    assert laid_out(found, syntax) == found
    if found != sql:
        assert [one.text for one in tokens(found, syntax)] == [one.text for one in tokens(sql, syntax)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a <= b", "a\n<= b", True),
        ("a <= b", "a < = b", False),
        ("f(a,b)", "f(a,\n  b)", True),
        ("f (a)", "f(a)", False),
        ("f(a)", "f (a)", False),
        ("a 'b  c'", "a 'b c'", False),
        ("a b", "ab", False),
        ("type", "TYPE", False),
    ],
)
def test_same(one: str, other: str, expected: bool) -> None:
    assert same(list(tokens(one, STANDARD)), list(tokens(other, STANDARD))) is expected


def test_sqlparse_is_loaded_for_long_lines_only() -> None:
    code = (
        "import sys; from sqlgen import dialects; from sqlgen.scripts.format import laid_out\n"
        "for sql in ('SELECT 1', f'INSERT INTO t VALUES ({1:0300})', f'CREATE TABLE t (a{1:0300} INT)'):\n"
        "    laid_out(sql, dialects.get('postgresql').syntax)\n"
        "print('sqlparse' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
