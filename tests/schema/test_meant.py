"""Text whose meaning depends on what stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import NeedsDatabase

RENAMED = {
    "a sequence": (["CREATE SEQUENCE a"], lambda look: look.get_sequence_names()),
    "a view": (["CREATE TABLE t (x int)", "CREATE VIEW a AS SELECT x FROM t"], lambda look: look.get_view_names()),
    "an index": (
        ["CREATE TABLE t (x int)", "CREATE INDEX a ON t (x)"],
        lambda look: [one["name"] for one in look.get_indexes("t")],
    ),
}


@pytest.mark.parametrize("what", RENAMED)
def test_the_words_for_a_table_rename_what_has_the_name(what: str) -> None:
    given: tuple[list[str], Callable[[Any], list[str]]] = RENAMED[what]
    with sqlgen.capture("postgresql") as captured:
        for sql in (*given[0], "ALTER TABLE a RENAME TO b"):
            captured.op.execute(sql)
        look = sa.inspect(captured.op.get_bind())
        assert given[1](look) == ["b"]
        assert "b" not in look.get_table_names()


NAMELESS = {
    "mariadb": (["CREATE TABLE u (a int, KEY (a))", "CREATE TABLE t (a int)", "ALTER TABLE t ADD INDEX (a)"], "a"),
    "postgresql": (["CREATE TABLE u (a int)", "CREATE TABLE t (a int)", "CREATE INDEX ON t (a)"], "t_a_idx"),
}


@pytest.mark.parametrize("name", NAMELESS)
def test_an_index_without_a_name_gets_one_that_is_free(name: str) -> None:
    texts, index = NAMELESS[name]
    assert indexes(name, texts) == [index]
    with pytest.raises(NeedsDatabase):  # only the server knows what it calls the second one
        indexes(name, [*texts, texts[-1]])


def indexes(name: str, texts: list[str]) -> list[Any]:
    """Return the names of the indexes of ``t`` after some statements."""
    with sqlgen.capture(name) as captured:
        for sql in texts:
            captured.op.execute(sql)
        return [one["name"] for one in sa.inspect(captured.op.get_bind()).get_indexes("t")]
