"""One function per call of ``op`` that is rendered by sqlgen and by Alembic, and compared.

Each takes the ``op`` of either side. Nothing here imports Alembic or sqlgen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Case = Callable[[Any], object]


def table_with_everything(op: Any) -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, unique=True),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), index=True),
        sa.Column("balance", sa.Numeric(10, 2), server_default="0", nullable=False),
        sa.Column("opened", sa.Date, server_default=sa.text("CURRENT_DATE")),
        sa.Column("note", sa.Text),
        sa.CheckConstraint("balance >= 0", name="ck_balance"),
        sa.UniqueConstraint("name", "owner_id", name="uq_account"),
    )


def table_with_names_to_quote(op: Any) -> None:
    op.create_table("Order", sa.Column("select", sa.Integer), sa.Column("Mixed Case", sa.String(5)), schema="Sales")


def table_options(op: Any) -> None:
    op.create_table("t", sa.Column("a", sa.Integer), mysql_engine="InnoDB", mysql_charset="utf8mb4")


def table_with_enum(op: Any) -> None:
    op.create_table("t", sa.Column("kind", sa.Enum("a", "b", name="kind"), nullable=False))


def percent_signs(op: Any) -> None:
    op.create_table("t", sa.Column("a", sa.String(9), server_default="5%"), sa.CheckConstraint("a LIKE 'x%'"))


def insert_rows(op: Any) -> None:
    table = sa.table("t", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("on", sa.Date))
    op.bulk_insert(
        table, [{"id": 1, "name": "it's 5%", "on": dt.date(2020, 1, 2)}, {"id": 2, "name": None, "on": None}]
    )


def insert_backslash(op: Any) -> None:
    op.bulk_insert(sa.table("t", sa.column("name", sa.String)), [{"name": "C:\\dir\\"}])


CASES: dict[str, Case] = {
    "create_table": table_with_everything,
    "create_table_quoted": table_with_names_to_quote,
    "create_table_options": table_options,
    "create_table_enum": table_with_enum,
    "create_table_percent": percent_signs,
    "drop_table": lambda op: op.drop_table("t", schema="s"),
    "rename_table": lambda op: op.rename_table("t", "t2"),
    "rename_table_schema": lambda op: op.rename_table("t", "t2", schema="s"),
    "add_column": lambda op: op.add_column("t", sa.Column("c", sa.Integer, nullable=False, server_default="7")),
    "add_column_schema": lambda op: op.add_column("t", sa.Column("c", sa.String(5)), schema="s"),
    "add_column_fk": lambda op: op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("u.id", name="fk"))),
    "add_column_index": lambda op: op.add_column("t", sa.Column("c", sa.Integer, index=True)),
    "drop_column": lambda op: op.drop_column("t", "c"),
    "drop_column_schema": lambda op: op.drop_column("t", "c", schema="s"),
    "drop_column_lookups": lambda op: op.drop_column("t", "c", mssql_drop_default=True, mssql_drop_check=True),
    "alter_type": lambda op: op.alter_column(
        "t", "c", type_=sa.String(9), existing_type=sa.String(5), existing_nullable=True
    ),
    "alter_type_using": lambda op: op.alter_column(
        "t", "c", type_=sa.Integer(), existing_type=sa.String(5), existing_nullable=True, postgresql_using="c::int"
    ),
    "alter_not_null": lambda op: op.alter_column("t", "c", nullable=False, existing_type=sa.String(5)),
    "alter_null": lambda op: op.alter_column("t", "c", nullable=True, existing_type=sa.String(5)),
    "alter_default": lambda op: op.alter_column("t", "c", server_default="x", existing_type=sa.String(5)),
    "alter_default_none": lambda op: op.alter_column("t", "c", server_default=None, existing_type=sa.String(5)),
    "alter_rename": lambda op: op.alter_column(
        "t", "c", new_column_name="d", existing_type=sa.String(5), existing_nullable=False
    ),
    "alter_comment": lambda op: op.alter_column(
        "t", "c", comment="it's", existing_type=sa.String(5), existing_nullable=True, schema="s"
    ),
    "alter_all": lambda op: op.alter_column(
        "t",
        "c",
        type_=sa.String(9),
        nullable=False,
        server_default="x",
        new_column_name="d",
        existing_type=sa.String(5),
        existing_nullable=True,
    ),
    "create_index": lambda op: op.create_index("ix", "t", ["a", "b"]),
    "create_index_unique": lambda op: op.create_index("ix", "t", ["a"], unique=True, schema="s"),
    "create_index_expression": lambda op: op.create_index("ix", "t", [sa.text("lower(a)")]),
    "create_index_where": lambda op: op.create_index(
        "ix", "t", ["a"], postgresql_where=sa.text("a > 1"), sqlite_where=sa.text("a > 1"), mssql_where=sa.text("a > 1")
    ),
    "create_index_if_not_exists": lambda op: op.create_index("ix", "t", ["a"], if_not_exists=True),
    "drop_index": lambda op: op.drop_index("ix", "t"),
    "drop_index_no_table": lambda op: op.drop_index("ix"),
    "create_primary_key": lambda op: op.create_primary_key("pk", "t", ["a", "b"]),
    "create_unique": lambda op: op.create_unique_constraint("uq", "t", ["a"], schema="s"),
    "create_check": lambda op: op.create_check_constraint("ck", "t", sa.column("a") > 5),
    "create_fk": lambda op: op.create_foreign_key("fk", "t", "u", ["a"], ["b"], ondelete="SET NULL"),
    "create_fk_deferrable": lambda op: op.create_foreign_key("fk", "t", "u", ["a"], ["b"], deferrable=True),
    "create_exclude": lambda op: op.create_exclude_constraint("ex", "t", ("a", "="), using="gist"),
    "drop_unique": lambda op: op.drop_constraint("uq", "t", type_="unique"),
    "drop_fk": lambda op: op.drop_constraint("fk", "t", type_="foreignkey"),
    "drop_check": lambda op: op.drop_constraint("ck", "t", type_="check"),
    "drop_primary": lambda op: op.drop_constraint("pk", "t", type_="primary"),
    "table_comment": lambda op: op.create_table_comment("t", "it's", schema="s"),
    "drop_table_comment": lambda op: op.drop_table_comment("t", existing_comment="x", schema="s"),
    "execute_text": lambda op: op.execute("UPDATE t SET a = 'x' WHERE b LIKE 'y%'"),
    "execute_escaped_colon": lambda op: op.execute("SELECT '\\:name'"),
    "execute_colon": lambda op: op.execute("INSERT INTO t VALUES ('{\"a\":true}')"),
    "execute_update": lambda op: op.execute(
        sa.table("t", sa.column("a", sa.String)).update().where(sa.column("a") == "x").values(a="y")
    ),
    "bulk_insert": insert_rows,
    "bulk_insert_backslash": insert_backslash,
    "bulk_insert_array": lambda op: op.bulk_insert(
        sa.table("t", sa.column("a", postgresql.ARRAY(sa.Integer))), [{"a": [1, 2]}]
    ),
}
