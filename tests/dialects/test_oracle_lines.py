"""Lines for SQL*Plus: none that it skips, joins, runs or leaves, and the tokens of a statement as they were.

No server here reads them: the rules are those of the SQL*Plus User's Guide, as the module's docstring cites them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st
from sqlgen.dialects.oracle import Oracle
from sqlgen.dialects.oracle_form import COMPILED
from sqlgen.dialects.oracle_lines import LONGEST, TOKEN, WIDTH, constant, fitted
from sqlgen.dialects.oracle_text import IS_PLSQL, PLAIN

import sqlgen
from sqlgen.errors import Unsupported
from sqlgen.splitting import head
from sqlgen.splitting import tokens as split_tokens

ORACLE = Oracle()
MISREAD = re.compile(r"[ \t]*[/.][ \t]*|[ \t]*[#@].*|.*[-;][ \t]*")


def lines_of(sql: str) -> list[str]:
    """Return the lines of a statement as they stand in a script, without its terminator."""
    text = ORACLE.terminate(sql)
    assert text.endswith("\n/")
    text = text.removesuffix("\n/")
    return text.removesuffix(";").split("\n") if ORACLE.is_plsql(text) else text.split("\n")


def check(sql: str, longest: int = WIDTH) -> None:
    for line in lines_of(sql):
        assert len(line.encode()) <= longest
        if not ORACLE.is_plsql(sql):
            assert not MISREAD.fullmatch(line)


def tokens(sql: str) -> list[str]:
    return [token[0] for token in TOKEN.finditer(sql) if not token["blank"] and not token[0].startswith("--")]


def executed(sql: str) -> str:
    """Return the statement that a block of ours executes."""
    found = re.fullmatch(r"BEGIN\n    EXECUTE IMMEDIATE\n(.*);\nEND;", sql, re.S)
    assert found, sql
    text = constant(found[1])
    assert text is not None
    return text


def captured(call: Callable[[Any], Any], version: str = "19") -> list[str]:
    with sqlgen.capture("oracle", server_version=version) as block:
        call(block.op)
    return list(map(str, block.statements))


WIDE = [f"column_with_a_long_name_{number}" for number in range(100)]


@pytest.mark.parametrize(
    "call",
    [
        lambda op: op.create_table("t", *(sa.Column(name, sa.String(9), server_default="x" * 9) for name in WIDE)),
        lambda op: op.create_check_constraint("c", "t", " AND ".join(f"{name} <> 'a, b'" for name in WIDE)),
        lambda op: op.create_index("i", "t", WIDE),
        lambda op: op.execute(sa.select(sa.column("a")).where(sa.column("a").in_([f"v {n}, " for n in range(999)]))),
        lambda op: op.execute(sa.update(sa.table("t", sa.column("a"))).values(a="é" * 3000)),
        lambda op: op.bulk_insert(sa.table("t", *map(sa.column, WIDE)), [{name: f"{name}," for name in WIDE}]),
        lambda op: op.bulk_insert(sa.table("t", sa.column("a", sa.Text)), [{"a": "\n" * 3000}]),
    ],
    ids=["create_table", "check", "index", "in", "update", "columns", "line ends"],
)
def test_generated_statements_have_short_lines(call: Callable[[Any], Any]) -> None:
    for sql in captured(call):
        check(sql, 1100)  # a piece of a literal has 1000 bytes, and CLOB and quotes around it
        assert len(lines_of(sql)) > 1


def test_short_statements_stay_as_they_are() -> None:
    sql = "CREATE TABLE t (\n    a NUMBER(10) DEFAULT 3 NOT NULL, \n    b DATE\n)"
    assert ORACLE.fitted(sql) == sql


COMMENTS = (
    "plain",
    "it's",
    "x" * 1000,
    "x'" * 1000,
    "y" * 4000,
    "two\nlines",
    "- \n/\n-\n.\n;\n@x\n#",
    "\x85 — é" * 400,
)


@pytest.mark.parametrize("text", COMMENTS)
@pytest.mark.parametrize("kind", ["table", "column", "create", "alter"])
def test_a_comment_is_one_literal_of_the_whole_text(kind: str, text: str) -> None:
    calls: dict[str, Callable[[Any], Any]] = {
        "table": lambda op: op.create_table_comment("t", text, schema="Is X"),
        "column": lambda op: op.alter_column("t", "is", comment=text, existing_type=sa.Integer()),
        "create": lambda op: op.create_table("t", sa.Column("a", sa.Integer, comment=text)),
        "alter": lambda op: op.add_column("t", sa.Column("a", sa.Integer, comment=text)),
    }
    sql = captured(calls[kind])[-1]
    check(sql, LONGEST)
    comment = executed(sql) if ORACLE.is_plsql(sql) else sql
    found = re.fullmatch(r"""COMMENT ON \w+ (?:"[^"]*"|\w+)(?:\.(?:"is"|\w+))?\sIS\s+'(.*)'""", comment, re.S)
    assert found, comment
    assert found[1].replace("''", "'") == text


def test_a_comment_that_is_too_long_is_refused() -> None:
    with pytest.raises(Unsupported, match="takes comments of 4000 bytes, and this one has 4002"):
        captured(lambda op: op.create_table_comment("t", "é" * 2001))


def test_a_literal_longer_than_a_line_is_executed_from_a_block() -> None:
    condition = f"a <> '{'long ' * 600}'"
    (sql,) = captured(lambda op: op.create_check_constraint("c", "t", condition))
    check(sql, LONGEST)
    assert executed(sql) == f"ALTER TABLE t ADD CONSTRAINT c CHECK ({condition})"


def test_a_hyphen_at_the_end_of_a_line_joins_nothing() -> None:
    (sql,) = captured(lambda op: op.create_check_constraint("c", "t", "a -\n  b > 0 -- why -\nAND b\n/\nc > 1"))
    check(sql)
    assert tokens(sql) == tokens("ALTER TABLE t ADD CONSTRAINT c CHECK (a - b > 0 AND b / c > 1)")


def test_what_stands_in_a_literal_is_no_command() -> None:
    condition = "a <> 'one-\n/\ntwo;\n'"
    (sql,) = captured(lambda op: op.create_check_constraint("c", "t", condition))
    check(sql)
    assert executed(sql) == f"ALTER TABLE t ADD CONSTRAINT c CHECK ({condition})"


def test_programs_are_left_alone() -> None:
    block = "BEGIN\n  x := a -\n b;\nEND;"
    assert ORACLE.fitted(block) == block


PIECES = st.one_of(
    st.sampled_from(["a", "x1", "1.5", ",", "(", ")", "||", "=", "-", "/", ".", "@", "#x", ";", "--c -\n", "/* c, */"]),
    st.text("ab'- ,\n", max_size=40).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.text("ab -,", max_size=40).map(lambda text: f'"{text}"'),
    st.sampled_from([" ", "\n", " \n  ", "q'[it's, -]'", "n'é'"]),
    st.integers(900, 2600).map(lambda size: "'" + "l" * size + "'"),
    st.integers(200, 1200).map(lambda size: "w" * size),
)


@given(st.lists(PIECES, max_size=60).map(" ".join))
def test_tokens_stay_and_limits_hold(sql: str) -> None:
    sql = sql.strip(" \n;")
    found = fitted(sql, ORACLE.text_literal)
    if found.startswith("BEGIN\n    EXECUTE IMMEDIATE\n"):
        assert executed(found) == sql
        assert max(len(line.encode()) for line in found.split("\n")) <= LONGEST
        return
    assert tokens(found) == tokens(sql)
    for line in found.split("\n"):
        assert len(line.encode()) <= LONGEST
        assert not MISREAD.fullmatch(line)


BEGINNINGS = st.sampled_from(
    (
        *(
            "create table t (a int)",
            "CREATE\n  UNIQUE INDEX i ON t (a)",
            "insert into t values ('begin')",
            "DROP TYPE t",
        ),
        *(
            "create or replace type t as object (a int);",
            "create\ttype body t as end;",
            "BEGIN p; END;",
            "<<a>> begin p; end;",
        ),
        *("create editionable trigger t before insert on x begin null; end;", "CREATE TABLESPACE s", "updated", "x"),
        *(
            "alter trigger t compile",
            "declare a int; begin null; end",
            "with function f return int is begin null; end; a",
        ),
    )
)
BEFORE = st.sampled_from(("", " ", "\n", "-- create table\n", "/* insert */ ", "/**/", "(", "'a' "))


@given(BEFORE, BEGINNINGS)
def test_what_needs_no_tokens_is_told_as_by_its_tokens(before: str, statement: str) -> None:
    sql = before + statement
    assert ORACLE.is_plsql(sql) == bool(IS_PLSQL.match(head(sql, ORACLE.syntax)))
    assert not (PLAIN.match(sql) and COMPILED.match(head(sql, ORACLE.syntax)))


ENDS = st.lists(st.sampled_from(("END", ";", " ", "\n", "'a'", "';'", '";"', "-- x;", "/* ; */", "x")), max_size=5)


@example(["END", "-- x ", "/* ; */"])
@given(ENDS)
def test_one_semicolon_ends_a_block(parts: list[str]) -> None:
    text = "BEGIN NULL; " + "".join(parts)
    kinds = [token.kind for token in split_tokens(text.strip(), ORACLE.syntax) if token.kind != "comment"]
    ended = ORACLE.terminate(text).removesuffix("\n/")
    assert [token.kind for token in split_tokens(ended, ORACLE.syntax) if token.kind != "comment"] == (
        kinds if kinds[-1] == "end" else [*kinds, "end"]
    )
