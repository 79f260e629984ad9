"""Text SQL of the author's becomes statements, or is refused; no token is ever changed."""

from __future__ import annotations

import re

import pytest

from sqlgen import dialects
from sqlgen.errors import Unsupported
from sqlgen.splitting import STANDARD, split
from tests.dialects.rendering import NAMES
from tests.splitting.cases import EVERYWHERE, REFUSED, SPLIT


def pieces(name: str, text: str) -> list[str]:
    return [statement.sql for statement in dialects.get(name)().texts(text)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("text", "expected"), EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_everywhere(name: str, text: str, expected: list[str]) -> None:
    assert pieces(name, text) == expected


@pytest.mark.parametrize(("text", "expected"), EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_a_dialect_that_says_nothing(text: str, expected: list[str]) -> None:
    assert split(text, STANDARD) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"), [(n, t, e) for n, _, t, e in SPLIT], ids=[f"{n}: {i}" for n, i, _, _ in SPLIT]
)
def test_split(name: str, text: str, expected: list[str]) -> None:
    assert pieces(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"), [(n, t, e) for n, _, t, e in SPLIT], ids=[f"{n}: {i}" for n, i, _, _ in SPLIT]
)
def test_a_statement_is_split_no_further(name: str, text: str, expected: list[str]) -> None:
    assert [again for one in expected for again in pieces(name, one)] == expected


@pytest.mark.parametrize(("name", "text", "message"), REFUSED)
def test_refused(name: str, text: str, message: str) -> None:
    with pytest.raises(Unsupported, match=re.escape(message)) as caught:
        pieces(name, text)
    assert caught.value.hint


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", " \n", ";", " ; \n;"])
def test_nothing(name: str, text: str) -> None:
    assert pieces(name, text) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_comments_is_kept_and_has_no_terminator(name: str) -> None:
    (statement,) = dialects.get(name)().texts("-- one\n;\n/* two */\n")
    assert (statement.sql, statement.verbatim) == ("-- one\n/* two */", True)
