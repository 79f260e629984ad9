from __future__ import annotations

import pytest

from sqlgen.scripts.contents import count, first_words
from sqlgen.statement import Statement


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("CREATE TABLE t (id INT)", "CREATE TABLE"),
        ("create unique index ix ON t (a)", "CREATE INDEX"),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE VIEW"),
        ("ALTER TABLE t ADD type INT", "ALTER TABLE"),
        ("DROP SEQUENCE s", "DROP SEQUENCE"),
        ("CREATE WHATEVER x", "CREATE"),
        ("-- why\n/* and\nhow */ INSERT INTO t VALUES (1)", "INSERT"),
        ("(SELECT 1)", "SELECT"),
        ("sp_rename 'a', 'b'", "other"),
        ("/* not closed CREATE TABLE", "other"),
        ("", "other"),
    ],
)
def test_first_words(sql: str, words: str) -> None:
    assert first_words(sql) == words


def test_only_the_revisions_own_statements_count() -> None:
    statements = [
        Statement("INSERT a", kind="dml"),
        Statement("CREATE TABLE v", kind="version"),
        Statement("CREATE TABLE t", kind="ddl"),
        Statement("DO $$ $$", kind="guard"),
        Statement("-- by hand", verbatim=True),
        Statement("INSERT b", kind="dml"),
    ]
    assert list(count(statements).items()) == [("INSERT", 2), ("CREATE TABLE", 1)]
