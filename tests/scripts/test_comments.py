from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqlgen.scripts.comments import LONGEST_LINE, commented, made_inert, one_line, two_parts, without_substitution
from tests.scripts.invented import HOSTILE


def is_inert(line: str) -> bool:
    """Say whether a comment line has nothing in it that any of the clients acts upon."""
    body = line[2:]
    return (
        (line == "--" or line.startswith("-- "))
        and len(line.splitlines()) == 1
        and not any(unicodedata.category(character) in ("Cc", "Cs") for character in line)
        and not any(mark in body for mark in ("*/", "/*", "$(", "\u202e", "\ufeff"))
        and not body.endswith(("-", ";", "\\", " "))
        and len(line.encode()) < 2499
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_inert(text: str) -> None:
    assert [line for line in commented(text) if not is_inert(line)] == []


TEXTS = st.text() | st.text("-;\\/*$(&\n\r \t\x00x")


@given(TEXTS)
def test_any_text_is_inert(text: str) -> None:
    assert [line for line in commented(text) if not is_inert(line)] == []


@given(TEXTS | st.text("x ;", min_size=LONGEST_LINE - 2, max_size=LONGEST_LINE + 2))
def test_a_line_that_needs_nothing_comes_out_as_any_other(text: str) -> None:
    assert commented(text) == [f"-- {line}" if line else "--" for line in made_inert(text)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ["--"]),
        ("one", ["-- one"]),
        ("one\n\ntwo", ["-- one", "--", "-- two"]),
        ("one\r\ntwo\x85three", ["-- one", "-- two", "-- three"]),
        ("    indented\n\ttab", ["--     indented", "--     tab"]),
        ("*/ /*! $(x)", ["-- * / / *! $ (x)"]),
        ("/*/", ["-- / * /"]),
        ("go on -", ["-- go on - ·"]),
        ("done;  ", ["-- done; ·"]),
        ("\\", ["-- \\ ·"]),
        ("a\x00b\u202ec\ud800", ["-- a<U+0000>b<U+202E>c<U+D800>"]),
        ("Größe → 倉庫 👩\u200d🌾", ["-- Größe → 倉庫 👩\u200d🌾"]),
        ("x" * 401, ["-- " + "x" * 400, "-- x"]),
    ],
)
def test_commented(text: str, lines: list[str]) -> None:
    assert commented(text) == lines


def test_one_line() -> None:
    assert one_line(" a\n b\u2028\x0bc\t ") == "a b c"


@pytest.mark.parametrize(
    ("left", "right", "column"), [("short", "x", 80), ("l" * 78, "x", 80), ("l" * 100, "x", 102), ("alone", "", -1)]
)
def test_the_second_part_stands_at_a_fixed_column(left: str, right: str, column: int) -> None:
    assert two_parts(left, right).find("x") == column


def test_no_variable_above_define_off() -> None:
    assert without_substitution("a&b && R & D &") == "a& b & & R & D &"
