"""Queries against the catalogues of SQL Server and Oracle, of which no server was at hand.

What is expected is what the vendors' pages say of each table, for a small schema.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlgen.dialects import get

import sqlgen
from sqlgen.schema.catalogue_queries import answer

Asked = Callable[[str], Any]


def made(op: Any) -> None:
    """Make the schema."""
    op.create_table("o", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(5), unique=True))
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("o_id", sa.Integer, sa.ForeignKey("o.id", name="fk_o")),
        sa.Column("a", sa.Unicode(9), nullable=False, server_default="x"),
        sa.PrimaryKeyConstraint("id", name="pk_t"),
        sa.UniqueConstraint("a", name="uq_t"),
        sa.CheckConstraint("a <> ''", name="ck_t"),
    )
    op.create_index("ix_t", "t", ["a", "id"])


def asking(dialect: str) -> Asked:
    """Return what answers a query of a database that has the schema."""
    with sqlgen.capture(dialect) as captured:
        made(captured.op)
        if dialect == "mssql":
            captured.op.execute("ALTER TABLE o ADD n int NOT NULL CONSTRAINT df_n DEFAULT 0")
            captured.op.execute("CREATE VIEW v AS SELECT id FROM t")
            captured.op.execute("CREATE SCHEMA s")
            captured.op.create_table("x", sa.Column("y", sa.Integer), schema="s")
        else:
            captured.op.execute("CREATE SEQUENCE q")
            captured.op.execute("CREATE VIEW v AS SELECT id FROM t")
    shadow = captured.context.recorder.shadow
    kind = get(dialect)().catalogue
    assert kind is not None
    catalogue = kind(shadow.answer)

    def asked(sql: str) -> Any:
        found = answer(sql, {}, catalogue, get(dialect).default_schema)
        return found and found[0]

    return asked


SQL_SERVER: dict[str, Any] = {
    "SELECT 1 FROM sys.tables WHERE name = 't'": [(1,)],
    "SELECT COUNT(*) FROM sys.tables WHERE name = N'nope'": [(0,)],
    "SELECT name FROM [sys].[tables] WHERE schema_id = SCHEMA_ID('dbo') ORDER BY name": [("o",), ("t",)],
    "SELECT t.name FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id WHERE s.name = 's'": [("x",)],
    "SELECT name FROM sys.tables WHERE SCHEMA_NAME(schema_id) = 's'": [("x",)],
    "SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(N'[dbo].[t]', N'U') AND name = N'a'": [(1,)],
    "SELECT 1 FROM sys.columns WHERE Name = N'nope' AND Object_ID = Object_ID(N't')": [],
    "SELECT is_nullable, is_identity FROM sys.columns WHERE object_id = OBJECT_ID('o') AND name = 'id'": [
        (False, True)
    ],
    "SELECT name FROM sys.columns WHERE object_id = OBJECT_ID('t') ORDER BY column_id": [("id",), ("o_id",), ("a",)],
    "SELECT 1 FROM sys.indexes WHERE name = 'ix_t' AND object_id = OBJECT_ID('dbo.t')": [(1,)],
    "SELECT COUNT(*) FROM sys.indexes WHERE name = 'nope' AND object_id = OBJECT_ID('t')": [(0,)],
    "SELECT c.name FROM sys.indexes i JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = "
    "i.index_id JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE i.name = 'ix_t' "
    "ORDER BY k.key_ordinal": [("a",), ("id",)],
    "SELECT name FROM sys.foreign_keys WHERE parent_object_id = OBJECT_ID('t')": [("fk_o",)],
    "SELECT 1 FROM sys.foreign_keys WHERE referenced_object_id = OBJECT_ID('o') AND name = 'fk_o'": [(1,)],
    "SELECT name FROM sys.default_constraints WHERE parent_object_id = OBJECT_ID('o')": [("df_n",)],
    "SELECT COL_NAME(parent_object_id, parent_column_id) FROM sys.default_constraints WHERE name = 'df_n'": [("n",)],
    "SELECT 1 FROM sys.check_constraints WHERE name = 'ck_t'": [(1,)],
    "SELECT name FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID('t') AND type = 'UQ'": [("uq_t",)],
    "SELECT 1 FROM sys.objects WHERE name = 't' AND type IN (N'U')": [(1,)],
    "SELECT type_desc FROM sys.objects WHERE object_id = OBJECT_ID('v')": [("VIEW",)],
    "SELECT CASE WHEN OBJECT_ID('t', 'U') IS NOT NULL THEN 1 ELSE 0 END": [(1,)],
    "SELECT OBJECT_ID('nope')": [(None,)],
    "SELECT OBJECT_ID('ck_t', 'U')": [(None,)],
    "SELECT COL_LENGTH('t', 'a')": [(18,)],
    "SELECT COL_LENGTH('dbo.t', 'o_id')": [(4,)],
    "SELECT COL_LENGTH('t', 'nope')": [(None,)],
    "SELECT COL_LENGTH('nope', 'a')": [(None,)],
    "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'dbo' AND TABLE_TYPE = 'BASE TABLE' "
    "ORDER BY TABLE_NAME": [("o",), ("t",)],
    "SELECT TOP 1 1 FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't' AND COLUMN_NAME = 'a'": [(1,)],
    "SELECT CONSTRAINT_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE TABLE_NAME = 't' AND CONSTRAINT_TYPE = "
    "'PRIMARY KEY'": [("pk_t",)],
    "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE CONSTRAINT_NAME = 'uq_t'": [("a",)],
}

ORACLE: dict[str, Any] = {
    "SELECT COUNT(*) FROM user_tables WHERE table_name = 'T'": [(1,)],
    "SELECT COUNT(*) FROM user_tables WHERE table_name = 't'": [(0,)],
    "SELECT table_name FROM USER_TABLES WHERE TABLE_NAME = UPPER('o')": [("O",)],
    "SELECT 1 FROM dual WHERE EXISTS (SELECT 1 FROM user_tables WHERE table_name = 'T')": [(1,)],
    "SELECT nullable FROM user_tab_columns WHERE table_name = 'T' AND column_name = 'A'": [("N",)],
    "SELECT column_name FROM user_tab_columns WHERE table_name = 'T' ORDER BY column_id": [("ID",), ("O_ID",), ("A",)],
    "SELECT COUNT(*) FROM user_tab_columns WHERE table_name = 'T' AND column_name = 'NOPE'": [(0,)],
    "SELECT uniqueness FROM user_indexes WHERE index_name = 'IX_T'": [("NONUNIQUE",)],
    "SELECT column_name FROM user_ind_columns WHERE index_name = 'IX_T' ORDER BY column_position": [("A",), ("ID",)],
    "SELECT constraint_name FROM user_constraints WHERE table_name = 'T' AND constraint_type = 'R'": [("FK_O",)],
    "SELECT COUNT(*) FROM user_constraints WHERE constraint_name = 'CK_T'": [(1,)],
    "SELECT c.constraint_name, k.column_name FROM user_constraints c JOIN user_cons_columns k ON k.constraint_name = "
    "c.constraint_name WHERE c.table_name = 'T' AND c.constraint_type = 'U'": [("UQ_T", "A")],
    "SELECT sequence_name FROM user_sequences WHERE sequence_name = 'Q'": [("Q",)],
    "SELECT COUNT(*) FROM user_views WHERE view_name = 'V'": [(1,)],
    "SELECT COUNT(*) FROM all_tables WHERE owner = USER AND table_name = 'T'": [(1,)],
    "SELECT 1 FROM all_tab_columns WHERE owner = SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') AND table_name = 'T' AND "
    "column_name = 'A'": [(1,)],
    "SELECT COUNT(*) FROM all_constraints WHERE owner = USER AND constraint_name = 'NOPE'": [(0,)],
}

UNANSWERED = {
    "mssql": """
SELECT * FROM sys.tables WHERE name = 't';
SELECT COUNT(*) FROM sys.objects;
SELECT OBJECT_ID('t');
SELECT OBJECT_ID('t', 'FS');
SELECT OBJECT_ID('other.dbo.t');
SELECT 1 FROM sys.tables WHERE name = 'T';
SELECT 1 FROM sys.tables WHERE name LIKE '[st]%';
SELECT 1 FROM sys.tables WHERE name = 't ';
SELECT column_id FROM sys.columns WHERE object_id = OBJECT_ID('t') AND name = 'a';
SELECT name FROM sys.columns WHERE object_id = OBJECT_ID('v');
SELECT name FROM sys.indexes WHERE object_id = OBJECT_ID('t');
SELECT name FROM sys.default_constraints WHERE parent_object_id = OBJECT_ID('t');
SELECT name FROM sys.default_constraints WHERE name LIKE 'DF%';
SELECT 1 FROM sys.default_constraints WHERE name = 'DF__t__a__3B75D760';
SELECT name FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID('o');
SELECT definition FROM sys.check_constraints WHERE name = 'ck_t';
SELECT type FROM sys.objects WHERE name = 't';
SELECT TOP 1 name FROM sys.tables WHERE schema_id = SCHEMA_ID('dbo');
SELECT COL_LENGTH('v', 'id');
SELECT DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't';
SELECT ORDINAL_POSITION FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 't' AND COLUMN_NAME = 'a'
""",
    "oracle": """
SELECT * FROM user_tables WHERE table_name = 'T';
SELECT COUNT(*) FROM user_tables;
SELECT table_name FROM user_tables WHERE ROWNUM = 1;
SELECT USER FROM dual;
SELECT COUNT(*) FROM all_tables WHERE table_name = 'T';
SELECT COUNT(*) FROM all_tables WHERE table_name = 'NOPE';
SELECT COUNT(*) FROM all_tables WHERE owner = 'HR' AND table_name = 'T';
SELECT COUNT(*) FROM all_tables WHERE owner = 'HR' AND table_name = UPPER('employees');
SELECT COUNT(*) FROM user_tables WHERE table_name = '';
SELECT index_name FROM user_indexes WHERE table_name = 'T';
SELECT COUNT(*) FROM user_indexes WHERE index_name = 'UQ_T';
SELECT constraint_name FROM user_constraints WHERE table_name = 'O' AND constraint_type = 'P';
SELECT COUNT(*) FROM user_constraints WHERE table_name = 'T' AND constraint_type = 'C';
SELECT COUNT(*) FROM user_constraints WHERE constraint_name = 'SYS_C007012';
SELECT column_name FROM user_tab_columns WHERE table_name = 'V';
SELECT data_type FROM user_tab_columns WHERE table_name = 'T'
""",
}


@pytest.mark.parametrize(("dialect", "wanted"), [("mssql", SQL_SERVER), ("oracle", ORACLE)])
def test_what_the_pages_say(dialect: str, wanted: dict[str, Any]) -> None:
    asked = asking(dialect)
    found = {sql: asked(sql) for sql in wanted}
    assert found == wanted
    assert [[list(map(type, row)) for row in rows] for rows in found.values()] == [
        [list(map(type, row)) for row in rows] for rows in wanted.values()
    ]


@pytest.mark.parametrize("dialect", ["mssql", "oracle"])
def test_what_only_the_server_knows(dialect: str) -> None:
    asked = asking(dialect)
    queries = [" ".join(sql.split()) for sql in UNANSWERED[dialect].split(";")]
    assert {sql: asked(sql) for sql in queries} == dict.fromkeys(queries)
