"""Per operation one table: what each database makes of it, or that it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import sqlgen
from sqlgen.errors import Unsupported

from .rendering import NAMES, Call, by_alembic, rendered, terminated

Column = sa.Column

SAME_AS_ALEMBIC: dict[str, tuple[Call, str]] = {
    "rename_table": (lambda op: op.rename_table("t", "u", schema="s"), "pg my ma sl ms or"),
    "add_column": (
        lambda op: op.add_column("t", Column("c", sa.Integer, server_default="1", nullable=False)),
        "pg my ma sl ms or",
    ),
    "add_column with constraints": (
        lambda op: op.add_column(
            "t",
            Column("c", sa.Integer, sa.ForeignKey("o.id", name="fk"), unique=True, index=True, comment="hi"),
            schema="s",
        ),
        "pg my ma ms or",
    ),
    "add_column if_not_exists": (
        lambda op: op.add_column("t", Column("c", sa.Integer), if_not_exists=True),
        "pg ma",
    ),
    "add_column computed": (
        lambda op: op.add_column("t", Column("c", sa.Integer, sa.Computed("a+1", persisted=True))),
        "pg my ma ms",
    ),
    "add_column as key": (
        lambda op: op.add_column("t", Column("c", sa.Integer, primary_key=True), inline_primary_key=True),
        "pg my ma",
    ),
    "drop_column": (lambda op: op.drop_column("t", "c"), "pg my ma sl ms or"),
    "drop_column if_exists": (lambda op: op.drop_column("t", "c", if_exists=True), "pg ma ms"),
    "nullable": (
        lambda op: op.alter_column("t", "c", nullable=False, existing_type=sa.String(5)),
        "pg my ma ms or",
    ),
    "type": (
        lambda op: op.alter_column(
            "t",
            "c",
            type_=sa.String(50),
            existing_nullable=False,
            existing_comment="x",
            existing_server_default="d",
        ),
        "pg my ma ms or",
    ),
    "type using": (
        lambda op: op.alter_column("t", "c", type_=sa.Integer(), postgresql_using="c::integer"),
        "pg",
    ),
    "default": (lambda op: op.alter_column("t", "c", server_default="x"), "pg my ma or"),
    "default dropped": (lambda op: op.alter_column("t", "c", server_default=None), "pg my ma or"),
    "default of a time": (
        lambda op: op.alter_column("t", "c", server_default=sa.func.now(), existing_type=sa.DateTime()),
        "pg my ma or",
    ),
    "rename": (
        lambda op: op.alter_column("t", "c", new_column_name="d", existing_type=sa.Integer()),
        "pg my ma sl ms or",
    ),
    "comment": (
        lambda op: op.alter_column("t", "c", comment="co", existing_type=sa.Integer(), schema="s"),
        "pg my ma",
    ),
    "comment dropped": (
        lambda op: op.alter_column("t", "c", comment=None, existing_type=sa.Integer(), schema="s"),
        "pg my ma",
    ),
    "identity added": (
        lambda op: op.alter_column(
            "t", "c", server_default=sa.Identity(start=3, always=True), existing_server_default=None
        ),
        "pg or",
    ),
    "identity changed": (
        lambda op: op.alter_column(
            "t",
            "c",
            server_default=sa.Identity(start=5, always=False),
            existing_server_default=sa.Identity(start=3, always=True),
        ),
        "pg or",
    ),
    "identity dropped": (
        lambda op: op.alter_column("t", "c", server_default=None, existing_server_default=sa.Identity()),
        "pg or",
    ),
    "autoincrement": (
        lambda op: op.alter_column("t", "c", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False),
        "my ma",
    ),
    "everything": (
        lambda op: op.alter_column(
            "t", "c", type_=sa.String(9), nullable=False, server_default="x", comment="co", new_column_name="d"
        ),
        "pg my ma or",
    ),
    "table comment": (lambda op: op.create_table_comment("t", "it's", schema="s"), "pg my ma ms or"),
    "table comment dropped": (lambda op: op.drop_table_comment("t", schema="s"), "pg my ma ms or"),
    "create_index": (
        lambda op: op.create_index("ix", "t", ["a", sa.text("lower(b)")], unique=True),
        "pg my ma sl ms or",
    ),
    "create_index if_not_exists": (
        lambda op: op.create_index("ix", "t", ["a"], if_not_exists=True),
        "pg ma sl",
    ),
    "drop_index": (lambda op: op.drop_index("ix", "t"), "pg my ma sl ms or"),
    "drop_index if_exists": (lambda op: op.drop_index("ix", "t", if_exists=True), "pg ma sl ms"),
    "drop_index without table": (lambda op: op.drop_index("ix"), "pg sl or"),
    "check": (lambda op: op.create_check_constraint("ck", "t", sa.column("a") > 5), "pg my ma ms or"),
    "foreign key": (
        lambda op: op.create_foreign_key("fk", "t", "o", ["a"], ["id"], ondelete="CASCADE"),
        "pg my ma ms or",
    ),
    "deferrable": (
        lambda op: op.create_foreign_key("fk", "t", "o", ["a"], ["id"], deferrable=True, initially="DEFERRED"),
        "pg or",
    ),
    "exclude": (lambda op: op.create_exclude_constraint("e", "t", ("a", "&&")), "pg"),
    "drop foreign key": (lambda op: op.drop_constraint("x", "t", type_="foreignkey"), "pg my ma ms or"),
    "drop unique": (lambda op: op.drop_constraint("x", "t", type_="unique"), "pg my ma ms or"),
    "drop key": (lambda op: op.drop_constraint("x", "t", type_="primary"), "pg my ma ms or"),
    "drop check": (lambda op: op.drop_constraint("x", "t", type_="check"), "pg my ma ms or"),
    "drop constraint": (lambda op: op.drop_constraint("x", "t"), "pg ms or"),
    "create_table": (
        lambda op: op.create_table("t", Column("id", sa.Integer, primary_key=True), Column("a", sa.String(5))),
        "pg my ma sl ms or",
    ),
    "drop_table": (lambda op: op.drop_table("t"), "pg my ma sl ms or"),
}
"""Call, and the databases on which sqlgen and Alembic say the same; the others are below, or refuse."""

SHORT = dict(zip(("pg", "my", "ma", "sl", "ms", "or"), NAMES, strict=True))

SILENT = {
    ("sqlite", "comment"),
    ("sqlite", "comment dropped"),
    ("sqlite", "table comment"),
    ("sqlite", "table comment dropped"),
    ("postgresql", "autoincrement"),
    ("sqlite", "autoincrement"),
    ("mssql", "autoincrement"),
    ("oracle", "autoincrement"),
}
"""Nothing to do: SQLite has no comments, and only two databases have AUTO_INCREMENT."""

DIFFERENT: dict[tuple[str, str], list[str]] = {
    ("mssql", "add_column as key"): ["ALTER TABLE t ADD c INTEGER NOT NULL IDENTITY PRIMARY KEY"],
    ("oracle", "add_column as key"): ["ALTER TABLE t ADD c INTEGER NOT NULL PRIMARY KEY"],
    ("mssql", "comment"): [
        "execute sp_addextendedproperty 'MS_Description', N'co', 'schema', s, 'table', t, 'column', c"
    ],
    ("mssql", "comment dropped"): [
        "execute sp_dropextendedproperty 'MS_Description', 'schema', s, 'table', t, 'column', c"
    ],
    ("oracle", "comment"): ["COMMENT ON COLUMN s.t.c IS 'co'"],
    ("oracle", "comment dropped"): ["COMMENT ON COLUMN s.t.c IS ''"],
}
"""Where Alembic loses the key, the schema, or writes another letter case."""

WITH_LOOKUP = {
    ("mssql", "default"),
    ("mssql", "default dropped"),
    ("mssql", "default of a time"),
    ("mssql", "everything"),
}
"""SQL Server: the default that stands is looked up and dropped first."""

AS_TYPE = {("mysql", "type using"), ("mariadb", "type using"), ("mssql", "type using"), ("oracle", "type using")}
"""The option is another database's."""


def cases(agree: bool) -> list[Any]:
    found = []
    for title, (call, letters) in SAME_AS_ALEMBIC.items():
        same = {SHORT[letter] for letter in letters.split()}
        found += [pytest.param(name, title, call, id=f"{name}-{title}") for name in NAMES if (name in same) == agree]
    return found


@pytest.mark.parametrize(("dialect", "_title", "call"), cases(agree=True))
def test_agrees_with_alembic(dialect: str, _title: str, call: Call) -> None:
    assert terminated(dialect, call) == by_alembic(dialect, call)


@pytest.mark.parametrize(("dialect", "title", "call"), cases(agree=False))
def test_differs_from_alembic(dialect: str, title: str, call: Call) -> None:
    case = (dialect, title)
    if case in DIFFERENT or case in SILENT:
        assert rendered(dialect, call) == DIFFERENT.get(case, [])
    elif case in WITH_LOOKUP:
        assert "sys.default_constraints" in rendered(dialect, call)[0]
    elif case in AS_TYPE:
        assert "INTEGER" in rendered(dialect, call)[0]
    else:
        with pytest.raises(Unsupported):
            rendered(dialect, call)


def reference(op: Any) -> None:
    key = sa.ForeignKey("o.id", name="fk", ondelete="CASCADE")
    op.add_column("t", Column("c", sa.Integer, key), inline_references=True)


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("postgresql", ["ALTER TABLE t ADD COLUMN c INTEGER CONSTRAINT fk REFERENCES o (id) ON DELETE CASCADE"]),
        (
            "mysql",
            [
                "ALTER TABLE t ADD COLUMN c INTEGER",
                "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(c) REFERENCES o (id) ON DELETE CASCADE",
            ],
        ),
        ("mariadb", ["ALTER TABLE t ADD COLUMN c INTEGER CONSTRAINT fk REFERENCES o (id) ON DELETE CASCADE"]),
        ("sqlite", ["ALTER TABLE t ADD COLUMN c INTEGER CONSTRAINT fk REFERENCES o (id) ON DELETE CASCADE"]),
        ("mssql", ["ALTER TABLE t ADD c INTEGER NULL CONSTRAINT fk REFERENCES o (id) ON DELETE CASCADE"]),
        ("oracle", ["ALTER TABLE t ADD c INTEGER CONSTRAINT fk REFERENCES o (id) ON DELETE CASCADE"]),
    ],
)
def test_inline_references_keep_the_key_and_its_name(dialect: str, expected: list[str]) -> None:
    assert rendered(dialect, reference) == expected


def create(op: Any) -> None:
    op.create_table(
        "t",
        Column("id", sa.Integer, primary_key=True),
        Column("k", sa.String(5), comment="it's"),
        sa.Index("z", "id"),
        sa.Index("a", "k", mysql_length={"k": 3}),
        comment="table",
        mysql_engine="InnoDB",
    )


def test_indexes_come_by_name_then_comments() -> None:
    assert rendered("postgresql", create)[1:] == [
        "CREATE INDEX a ON t (k)",
        "CREATE INDEX z ON t (id)",
        "COMMENT ON TABLE t IS 'table'",
        "COMMENT ON COLUMN t.k IS 'it''s'",
    ]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_options_for_mysql_count_on_both(dialect: str) -> None:
    table, first, _ = rendered(dialect, create)
    assert "ENGINE=InnoDB" in table
    assert first == "CREATE INDEX a ON t (k(3))"


def test_comments_on_sql_server_have_a_schema() -> None:
    assert rendered("mssql", create)[-1] == (
        "execute sp_addextendedproperty 'MS_Description', N'it''s', 'schema', dbo, 'table', t, 'column', k"
    )


def test_comments_that_exist_are_updated_on_sql_server() -> None:
    (sql,) = rendered("mssql", lambda op: op.create_table_comment("t", "new", existing_comment="old"))
    assert sql == "execute sp_updateextendedproperty 'MS_Description', N'new', 'schema', dbo, 'table', t"


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [("postgresql", True), ("mysql", True), ("mariadb", True), ("sqlite", True), ("mssql", False), ("oracle", False)],
)
def test_create_table_if_not_exists(dialect: str, expected: bool) -> None:
    def call(op: Any) -> None:
        op.create_table("t", Column("id", sa.Integer), if_not_exists=True)

    if expected:
        assert rendered(dialect, call)[0].startswith("CREATE TABLE IF NOT EXISTS t")
    else:
        with pytest.raises(Unsupported, match="has no CREATE TABLE IF NOT EXISTS"):
            rendered(dialect, call)


def test_a_newer_server_can_do_more() -> None:
    call: Call = lambda op: op.drop_table("t", if_exists=True)  # noqa: E731
    assert rendered("oracle", call, server_version="23") == ["DROP TABLE IF EXISTS t"]
    with pytest.raises(Unsupported, match="before version 23"):
        rendered("oracle", call)


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "mssql"])
@pytest.mark.parametrize("facts", [{"deferrable": True}, {"match": "FULL"}])
def test_keys_that_the_server_would_not_heed(dialect: str, facts: dict[str, Any]) -> None:
    with pytest.raises(Unsupported):
        rendered(dialect, lambda op: op.create_foreign_key("fk", "t", "o", ["a"], ["id"], **facts))
    column = Column("a", sa.Integer, sa.ForeignKey("o.id", **facts))
    with pytest.raises(Unsupported):
        rendered(dialect, lambda op: op.create_table("t", column))


@pytest.mark.parametrize("dialect", NAMES)
def test_a_computed_column_stays_one(dialect: str) -> None:
    with pytest.raises(Unsupported):
        rendered(dialect, lambda op: op.alter_column("t", "c", server_default=sa.Computed("a + 1")))


def test_concurrent_indexes_stand_outside_transactions() -> None:
    with sqlgen.capture("postgresql") as captured:
        captured.op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
        captured.op.create_index("iy", "t", ["a"])
    assert [statement.transactional for statement in captured.statements] == [False, True]


def test_a_new_name_for_sql_server_has_no_brackets() -> None:
    call: Call = lambda op: op.alter_column("my t", "c", new_column_name="my c")  # noqa: E731
    assert rendered("mssql", call) == ["EXEC sp_rename '[my t].c', N'my c', 'COLUMN'"]


def test_sql_server_drops_all_constraints_of_a_column() -> None:
    every = {"mssql_drop_default": True, "mssql_drop_check": True, "mssql_drop_foreign_key": True}
    found = rendered("mssql", lambda op: op.drop_column("t", "c", **every))
    views = ("sys.default_constraints", "sys.check_constraints", "sys.foreign_key_columns")
    assert len(found) == 4
    assert all(view in sql for view, sql in zip(views, found, strict=False))
    assert "ALTER TABLE t DROP CONSTRAINT " in found[0]


def test_text_is_passed_on() -> None:
    text = r"""UPDATE t SET a = '{"x":1}', b = 'c\:d';"""
    for dialect in NAMES:
        assert rendered(dialect, lambda op: op.execute(text)) == ["""UPDATE t SET a = '{"x":1}', b = 'c:d'"""]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_a_definition_repeats_the_formula(dialect: str) -> None:
    def change(op: Any) -> None:
        known: dict[str, Any] = {"existing_type": sa.Integer(), "existing_server_default": sa.Computed("a + 1", True)}
        op.alter_column("t", "c", comment="sum", **known)
        op.alter_column("t", "c", new_column_name="d", existing_nullable=False, **known)

    formula = "INTEGER GENERATED ALWAYS AS (a + 1) STORED"
    assert rendered(dialect, change) == [
        f"ALTER TABLE t MODIFY c {formula} COMMENT 'sum'",
        f"ALTER TABLE t CHANGE c d {formula} NOT NULL",
    ]


def test_a_column_gets_an_enum_type_that_stands() -> None:
    def change(op: Any) -> None:
        for column in ("c", "d"):
            op.alter_column("t", column, type_=sa.Enum("x", "y", name="mood"))
        op.alter_column("t", "e", type_=postgresql.ENUM("z", name="other", create_type=False))

    assert rendered("postgresql", change) == [
        "CREATE TYPE mood AS ENUM ('x', 'y')",
        "ALTER TABLE t ALTER COLUMN c TYPE mood",
        "ALTER TABLE t ALTER COLUMN d TYPE mood",
        "ALTER TABLE t ALTER COLUMN e TYPE other",
    ]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_a_column_that_counts_up_is_a_key(dialect: str) -> None:
    def add(op: Any, **options: Any) -> None:
        op.add_column("t", Column("id", sa.Integer, primary_key=True, **options))

    with pytest.raises(Unsupported, match="has no AUTO_INCREMENT column without a key"):
        rendered(dialect, add)
    assert rendered(dialect, lambda op: add(op, autoincrement=False)) == [
        "ALTER TABLE t ADD COLUMN id INTEGER NOT NULL"
    ]
