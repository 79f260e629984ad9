"""Literals for databases without a server in the tests: as reviewed, and accepted by parsers of other people's."""

from __future__ import annotations

import re

import pytest
import sqlfluff
import sqlglot

from tests.dialects.golden_literals import FOLDER, OWN, text_of

SQLFLUFF = {"mssql": "tsql", "oracle": "oracle", "mysql": "mysql"}
SQLGLOT = {"mssql": "tsql", "oracle": "oracle", "mysql": "mysql"}


def statements(dialect: str) -> list[str]:
    """Return the statements of a golden file."""
    text = (FOLDER / f"{dialect}.sql").read_text(encoding="utf-8")
    return [part.strip() for part in re.split(r"^-- .*\n", text, flags=re.M) if part.strip()]


@pytest.mark.parametrize("dialect", OWN)
def test_literals_are_as_reviewed(dialect: str) -> None:
    expected = (FOLDER / f"{dialect}.sql").read_text(encoding="utf-8")
    assert text_of(dialect) == expected, "review the change, then run: python -m tests.dialects.golden_literals"


@pytest.mark.parametrize("dialect", OWN)
def test_one_parser_takes_each_statement(dialect: str) -> None:
    for sql in statements(dialect):
        assert len(sqlglot.parse(sql, read=SQLGLOT[dialect])) == 1, sql


#: What sqlfluff 4.5 cannot read, although the manuals have it: ``1.5d`` (Oracle, "NUMBER and Floating-Point Literals"),
#: and a quote at the beginning of a string (MySQL, 9.1.1).
UNREAD = {"oracle": r"\dd\)", "mysql": r"\('''|X''", "mssql": r"(?!)"}


@pytest.mark.parametrize("dialect", OWN)
def test_another_parser_takes_the_whole_file(dialect: str) -> None:
    read = [sql for sql in statements(dialect) if not re.search(UNREAD[dialect], sql)]
    assert len(statements(dialect)) - len(read) < 16
    tree = sqlfluff.parse("\n".join(read) + "\n", dialect=SQLFLUFF[dialect])
    assert "unparsable" not in str(tree)


@pytest.mark.parametrize("dialect", OWN)
def test_no_line_is_the_client_s(dialect: str) -> None:
    for sql in statements(dialect):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]", sql), sql
        assert dialect != "mssql" or "$(" not in sql
        for line in sql.splitlines()[1:]:
            assert not re.match(r"\s*(?:GO|/|\.|#|@|!)|\s*\Z", line, re.I), sql
            assert not line.endswith("-"), sql
            assert len(line.encode()) < 2499, sql
