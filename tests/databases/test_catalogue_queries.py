"""Queries against the catalogue, asked of a server and of what reflection tells of the same schema."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlgen.dialects import get
from sqlgen.dialects.mysql_catalogue import MySQLCatalogue
from sqlgen.dialects.postgresql_catalogue import PostgreSQLCatalogue

from sqlgen.schema.catalogue_queries import Catalogue, answer
from tests.databases.clients import Client
from tests.databases.round_trips.trips import engine_for

SCHEMA: Mapping[str, tuple[str, ...]] = {
    "postgresql": (
        "CREATE TYPE k AS ENUM ('a', 'b')",
        "CREATE TABLE o (id serial PRIMARY KEY, code varchar(5) CONSTRAINT uq_o UNIQUE)",
        "CREATE TABLE t (id int CONSTRAINT pk_t PRIMARY KEY, o_id int CONSTRAINT fk_o REFERENCES o, a text NOT NULL, "
        "b k, CONSTRAINT ck_t CHECK (a <> ''))",
        "CREATE INDEX ix_t ON t (a, b)",
        "CREATE VIEW v AS SELECT * FROM t",
        "CREATE SCHEMA s",
        "CREATE TABLE s.t (x int)",
    ),
    "mariadb": (
        "CREATE TABLE o (id int AUTO_INCREMENT PRIMARY KEY, code varchar(5), CONSTRAINT uq_o UNIQUE (code))",
        "CREATE TABLE t (id int PRIMARY KEY, o_id int, a varchar(9) NOT NULL, CONSTRAINT fk_o FOREIGN KEY (o_id) "
        "REFERENCES o (id))",
        "CREATE INDEX ix_t ON t (a, id)",
        "CREATE VIEW v AS SELECT * FROM t",
    ),
}
CATALOGUES: Mapping[str, type[Catalogue]] = {"postgresql": PostgreSQLCatalogue, "mariadb": MySQLCatalogue}

ANSWERED = {
    "postgresql": """
SELECT 1 FROM pg_type WHERE typname = 'k';
SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'nope');
SELECT EXISTS (SELECT * FROM pg_catalog.pg_tables WHERE schemaname = 'public' AND tablename = 't');
SELECT enumlabel FROM pg_enum JOIN pg_type ON pg_enum.enumtypid = pg_type.oid WHERE typname = 'k' ORDER BY
  enumsortorder;
SELECT column_name FROM information_schema.columns WHERE table_name = 'o' AND column_name = 'code';
SELECT column_name, is_nullable FROM information_schema.columns WHERE table_schema = 'public' AND table_name =
  't' ORDER BY 1;
SELECT count(*) FROM information_schema.columns WHERE table_name = 't' AND column_name = 'x';
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name;
SELECT table_type FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'v';
SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 't' AND constraint_type =
  'FOREIGN KEY';
SELECT tc.constraint_name, kcu.column_name FROM information_schema.table_constraints tc JOIN
  information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name WHERE tc.table_name = 'o'
  AND tc.constraint_type = 'UNIQUE';
SELECT indexname FROM pg_indexes WHERE tablename = 't' AND indexname = 'ix_t';
SELECT indexname FROM pg_indexes WHERE tablename = 't' AND indexname = 'nope';
SELECT conname FROM pg_constraint WHERE conname = 'ck_t';
SELECT 1 FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid WHERE r.relname = 'o' AND c.contype = 'u';
SELECT 1 FROM pg_class WHERE relname = 'o_id_seq' AND relkind = 'S';
SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname = 'o' AND a.attname =
  'code';
SELECT to_regclass('t') IS NOT NULL;
SELECT to_regclass('public.nope');
SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name LIKE 'T%';
SELECT column_name FROM information_schema.columns WHERE table_name = :table AND column_name IN ('a', 'b') ORDER
  BY 1;
SELECT viewname FROM pg_views WHERE schemaname = 'public';
""",
    "mariadb": """
SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 't';
SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = SCHEMA() ORDER BY TABLE_NAME;
SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('t', 'n1', 'n2',
  'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'n9', 'n10', 'n11', 'n12', 'n13', 'n14', 'n15');
SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' AND
  column_name = 'a';
SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 't' AND
  index_name = 'ix_t' AND seq_in_index = 1;
SELECT CONSTRAINT_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME =
  't' AND REFERENCED_TABLE_NAME = 'o';
SELECT constraint_name FROM information_schema.table_constraints WHERE table_schema = DATABASE() AND table_name
  = 'o' AND constraint_type = 'UNIQUE';
SELECT constraint_name FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE();
SHOW TABLES;
SHOW TABLES LIKE 't';
SHOW TABLES LIKE 'nope';
SHOW COLUMNS FROM t;
SHOW FULL COLUMNS FROM t;
SHOW COLUMNS FROM `t` LIKE 'o_id';
SHOW COLUMNS FROM t LIKE 'nope';
SHOW FIELDS IN t WHERE Field = 'a';
DESCRIBE o;
SHOW INDEX FROM t;
SHOW KEYS FROM o WHERE Key_name = 'uq_o';
SHOW INDEX FROM `t` WHERE Key_name = 'ix_t' AND Column_name = 'a';
SHOW INDEXES FROM t WHERE Key_name = 'nope';
""",
}
"""Queries as revisions write them."""

PARAMETERS = {"table": "t"}

UNANSWERED = {
    "postgresql": """
SELECT * FROM information_schema.columns WHERE table_name = 't';
SELECT count(*) FROM information_schema.tables;
SELECT table_name FROM information_schema.tables;
SELECT oid FROM pg_class WHERE relname = 't';
SELECT column_default FROM information_schema.columns WHERE table_name = 't';
SELECT "nope" FROM pg_type WHERE typname = 'k';
SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 't' AND constraint_type =
  'CHECK';
SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname = 't';
SELECT column_name FROM information_schema.columns WHERE table_name = 'v';
SELECT extname FROM pg_extension;
SELECT a FROM t;
SELECT to_regclass('"T"');
""",
    "mariadb": """
SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'production' AND table_name = 't';
SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'production' AND table_name = 'nope';
SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'nope' AND column_name = 'x';
SELECT COUNT(*) FROM information_schema.statistics WHERE index_name = 'nope';
SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() LIMIT 1;
SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 't' OR table_schema <> DATABASE();
SELECT table_schema FROM information_schema.tables WHERE table_name = 't';
SELECT DATABASE();
SHOW COLUMNS FROM nope;
SHOW COLUMNS FROM v;
SHOW COLUMNS FROM t WHERE Type = 'int';
SHOW INDEX FROM t WHERE Index_type = 'BTREE';
SHOW CREATE TABLE t;
SHOW TABLES FROM mysql;
SHOW VARIABLES;
SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'T' AND
  column_name = 'A';
""",
}
"""Queries of which only the server knows the answer."""


def queries(text: str) -> list[str]:
    """Return the queries of a text."""
    return [" ".join(query.split()) for query in text.split(";") if query.strip()]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("postgresql", "mariadb")]
)
def test_answers_are_those_of_the_server(name: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(name)
    with engine_for(client.fresh_database()).connect() as connection, warnings.catch_warnings():
        for sql in SCHEMA[name]:
            connection.exec_driver_sql(sql)
        connection.commit()
        inspector = sa.inspect(connection)

        def ask(question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
            if question == "view_columns":  # this and the next are not SQLAlchemy's: the shadow schema may know them
                return None
            if question == "key_order":
                return list(
                    dict.fromkeys(row[2] for row in connection.exec_driver_sql(f"SHOW INDEX FROM {arguments[0]}"))
                )
            return getattr(inspector, question)(*arguments, **options)

        def answered(sql: str) -> Any:
            found = answer(sql, PARAMETERS, CATALOGUES[name](ask), get(name).default_schema)
            return found and found[0]

        for sql in queries(ANSWERED[name]):
            rows = [tuple(row) for row in connection.execute(sa.text(sql), PARAMETERS)]
            found = answered(sql)
            if not sql.startswith("SELECT"):
                rows = [row[: len(one)] for row, one in zip(rows, found, strict=True)]  # the columns that are certain
            assert found == rows, sql
            assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in rows], sql
        assert [sql for sql in queries(UNANSWERED[name]) if answered(sql) is not None] == []
