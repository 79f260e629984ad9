"""T-SQL and PL/SQL, for want of servers: what a text becomes is accepted by sqlfluff's parser, separators and all."""

from __future__ import annotations

import pytest
from sqlfluff.core import Linter

from sqlgen import dialects
from tests.splitting.cases import SPLIT

PARSERS = {"mssql": "tsql", "oracle": "oracle"}
#: What the parser does not know, though the manuals do.
UNKNOWN = (
    "a column named go",
    "brackets",
    "a label",
    "q-quotes",
    "a column named q",
    "columns named declare and begin",
    "functions inside a query",
)


def cases() -> list[object]:
    """Return the dialect and the statements of each text, those that the parser does not know marked."""
    known = [(name, title, expected) for name, title, _, expected in SPLIT if name in PARSERS]
    failing = pytest.mark.xfail(strict=True, raises=AssertionError)
    return [
        pytest.param(name, expected, id=f"{name}: {title}", marks=[failing] if title in UNKNOWN else [])
        for name, title, expected in known
    ]


@pytest.mark.parametrize(("name", "statements"), cases())
def test_parsed(name: str, statements: list[str]) -> None:
    dialect = dialects.get(name)()
    script = "".join(f"{dialect.terminate(sql)}\n" for sql in statements)
    parsed = Linter(dialect=PARSERS[name]).parse_string(script)
    assert not parsed.violations
    assert parsed.tree is not None
    assert [part.raw for part in parsed.tree.recursive_crawl("unparsable")] == []
