from __future__ import annotations

import pytest

from sqlgen.scripts.contents import contents, first_words, table_of
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
    assert list(contents(statements).counts.items()) == [("INSERT", 2), ("CREATE TABLE", 1)]


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("CREATE TABLE IF NOT EXISTS t (id INT)", "t"),
        ("CREATE UNIQUE INDEX CONCURRENTLY ix ON ONLY s.t (a)", "s.t"),
        ('ALTER TABLE ONLY "my table" ADD a INT', '"my table"'),
        ("-- why\nINSERT INTO `a b`.`t` VALUES (1)", "`a b`.`t`"),
        ("INSERT IGNORE INTO t SELECT 1", "t"),
        ("UPDATE [dbo].[t] SET a = 1", "[dbo].[t]"),
        ("delete from t", "t"),
        ("DROP INDEX ix ON t", "t"),
        ("RENAME TABLE t TO u", "t"),
        ("COMMENT ON COLUMN s.t.a IS 'x'", "s.t"),
        ("COMMENT ON TABLE t IS 'x'", "t"),
        ("CREATE VIEW v AS SELECT 1", ""),
        ("CREATE INDEX ix", ""),
    ],
)
def test_the_table_that_a_statement_touches(sql: str, table: str) -> None:
    assert table_of(sql) == table
