"""Whatever statements are joined to one text come back, with the comments in front of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqlgen import dialects
from sqlgen.errors import Unsupported
from sqlgen.splitting import tokens
from tests.dialects.rendering import NAMES
from tests.splitting.cases import EVERYWHERE, PACKAGE, SPLIT

#: Behind these no semicolon ends anything.
WITH_A_LINE_OF_ITS_OWN = {"mssql": "\nGO\n", "oracle": "\n/\n"}


def pool(name: str) -> list[str]:
    """Return the statements of the tables for a database."""
    own = [statement for dialect, _, _, expected in SPLIT if dialect == name for statement in expected]
    common = [statement for _, expected in EVERYWHERE.values() for statement in expected]
    return sorted({*own, *common} - {PACKAGE})


POOLS = {name: pool(name) for name in NAMES}
COMMENTS = ("", "-- it's; one\n", '/* "two; */ ', "--\n", "/* $$ ; */\n")
ENDS = (";", ";\n", " ; ;\n", "\n;\n")


def end_of(name: str, statement: str, drawn: str) -> str:
    """Return what ends a statement: a semicolon, or the client's line where that would be a part of it."""
    syntax = dialects.get(name).syntax
    line = WITH_A_LINE_OF_ITS_OWN.get(name)
    comment = "\n" if list(tokens(statement, syntax))[-1].kind == "comment" else ""
    return line if line else comment + drawn


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_joined_statements_come_back(name: str, data: st.DataObject) -> None:
    drawn = st.tuples(st.sampled_from(COMMENTS), st.sampled_from(POOLS[name]), st.sampled_from(ENDS))
    parts = data.draw(st.lists(drawn, min_size=1, max_size=6))
    text = "".join(comment + statement + end_of(name, statement, end) for comment, statement, end in parts)
    found = [statement.sql for statement in dialects.get(name)().texts(text)]
    assert found == [comment + statement for comment, statement, _ in parts]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet="ab;'\"`-/*# \n$[]()\\Eq:GO.@&é", max_size=60))
def test_any_text_keeps_its_tokens(name: str, text: str) -> None:
    dialect = dialects.get(name)()
    try:
        found = dialect.text_pieces(text)
    except Unsupported:
        return
    syntax = dialect.syntax
    kept = [one.text for piece in found for one in tokens(piece, syntax) if one.kind not in ("comment", "end")]
    before = [one.text for one in tokens(text, syntax) if one.kind not in ("comment", "end", "batch", "delimiter")]
    assert kept == before
