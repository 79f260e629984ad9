"""Operations on columns: adding, dropping, and every way of changing one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column

from tests.dialects.operations.case import Call, Case, Table, constrained, in_schema, nothing


def adding(column: Any, **facts: Any) -> Call:
    return lambda op: op.add_column("t", column(), **facts)


def with_all() -> Column[Any]:
    reference = sa.ForeignKey("o.id", name="fk", ondelete="CASCADE")
    return Column("n", sa.Integer, reference, unique=True, index=True, comment="it's")


ADD_COLUMN: Table = {
    "plain": Case(adding(lambda: Column("n", sa.Integer))),
    "not null, with a default": Case(adding(lambda: Column("n", sa.String(5), server_default="it's", nullable=False))),
    "default of a time": Case(adding(lambda: Column("n", sa.DateTime, server_default=sa.func.now()))),
    "in a schema": Case(adding(lambda: Column("n", sa.Integer), schema="s"), given=in_schema),
    "names to quote": Case(
        lambda op: op.add_column("My Order", Column("Mixed Case", sa.Integer, comment="x")),
        given=lambda op: op.create_table("My Order", Column("a", sa.Integer)),
    ),
    "reference": Case(adding(lambda: Column("n", sa.Integer, sa.ForeignKey("o.id", name="fk")))),
    "reference, inline": Case(
        adding(lambda: Column("n", sa.Integer, sa.ForeignKey("o.id", name="fk")), inline_references=True)
    ),
    "unique": Case(adding(lambda: Column("n", sa.Integer, unique=True))),
    "index": Case(adding(lambda: Column("n", sa.Integer, index=True))),
    "comment": Case(adding(lambda: Column("n", sa.Integer, comment="it's"))),
    "all of these": Case(adding(with_all)),
    "if_not_exists": Case(adding(lambda: Column("n", sa.Integer), if_not_exists=True)),
    "if_not_exists, and it does": Case(adding(lambda: Column("c", sa.Integer), if_not_exists=True)),
    "all of these, if_not_exists": Case(adding(with_all, if_not_exists=True)),
    "key": Case(
        adding(lambda: Column("n", sa.Integer, primary_key=True), inline_primary_key=True),
        given=lambda op: op.create_table("t", Column("a", sa.Integer)),
    ),
    "identity": Case(adding(lambda: Column("n", sa.Integer, sa.Identity(always=True)))),
    "computed, stored": Case(adding(lambda: Column("n", sa.Integer, sa.Computed("a + 1", persisted=True)))),
    "computed, virtual": Case(adding(lambda: Column("n", sa.Integer, sa.Computed("a + 1", persisted=False)))),
    "enum": Case(adding(lambda: Column("n", sa.Enum("a", "b", name="kind")))),
    "type with a check": Case(adding(lambda: Column("n", sa.Boolean(create_constraint=True, name="ck_n")))),
}


def dropping(**facts: Any) -> Call:
    return lambda op: op.drop_column("t", "c", **facts)


DROP_COLUMN: Table = {
    "plain": Case(dropping()),
    "of a table that is not known": Case(dropping(), known=False),
    "with a default": Case(lambda op: op.drop_column("t", "b")),
    "in a schema": Case(lambda op: op.drop_column("t", "b", schema="s"), given=in_schema),
    "names to quote": Case(
        lambda op: op.drop_column("My Order", "it's"),
        given=lambda op: op.create_table("My Order", Column("a", sa.Integer), Column("it's", sa.Integer)),
    ),
    "if_exists": Case(dropping(if_exists=True)),
    "if_exists, and it does not": Case(lambda op: op.drop_column("t", "n", if_exists=True)),
    "with its constraints": Case(
        lambda op: op.drop_column(
            "t", "a", mssql_drop_default=True, mssql_drop_check=True, mssql_drop_foreign_key=True
        ),
        given=lambda op: op.create_table("t", Column("a", sa.Integer), Column("b", sa.Integer)),
    ),
}


def changing(name: str, **facts: Any) -> Case:
    return Case(lambda op: op.alter_column("t", name, **facts))


def unknown(name: str, **facts: Any) -> Case:
    return Case(lambda op: op.alter_column("t", name, **facts), known=False)


def counted(op: Any) -> None:
    """A column that counts by itself."""
    op.create_table("t", Column("a", sa.Integer, sa.Identity(start=3), primary_key=True))


def plain_key(op: Any) -> None:
    op.create_table("t", Column("a", sa.Integer, primary_key=True, autoincrement=False))


def computing(persisted: bool) -> Call:
    def given(op: Any) -> None:
        op.create_table(
            "t",
            Column("id", sa.Integer, primary_key=True, autoincrement=False),
            Column("a", sa.Integer, sa.Computed("id + 1", persisted=persisted)),
        )

    return given


def checked(op: Any) -> None:
    op.create_table(
        "t",
        Column("id", sa.Integer, primary_key=True, autoincrement=False),
        Column("a", sa.Boolean(create_constraint=True, name="ck_a")),
    )


COMPUTED = sa.Computed("id + 1", persisted=True)

ALTER_COLUMN: Table = {
    "not null": changing("c", nullable=False),
    "null": changing("b", nullable=True),
    "not null, all told": unknown("c", nullable=False, existing_type=sa.Integer()),
    "not null, nothing told": unknown("c", nullable=False),
    "null, with a default and a comment told": unknown(
        "b", nullable=True, existing_type=sa.String(20), existing_server_default="x", existing_comment="it's"
    ),
    "type": changing("b", type_=sa.String(50)),
    "type, nothing told": unknown("b", type_=sa.String(50)),
    "type, all told": unknown(
        "b",
        type_=sa.String(50),
        existing_type=sa.String(20),
        existing_nullable=False,
        existing_server_default="x",
        existing_comment="it's",
    ),
    "type, using": changing("c", type_=sa.String(9), postgresql_using="c::text || 'x'"),
    "type, in a schema": Case(lambda op: op.alter_column("t", "b", type_=sa.String(50), schema="s"), given=in_schema),
    "type, to an enum": Case(
        lambda op: op.alter_column(
            "t", "b", type_=sa.Enum("a", "b", name="kind"), postgresql_using="b::kind", existing_nullable=True
        ),
        given=lambda op: op.create_table("t", Column("b", sa.String(20))),
    ),
    "type, with a check that goes": Case(
        lambda op: op.alter_column("t", "a", type_=sa.Integer(), postgresql_using="a::integer"), given=checked
    ),
    "type, with a check that comes": changing(
        "c", type_=sa.Boolean(create_constraint=True, name="ck_c"), postgresql_using="c = 1"
    ),
    "default": changing("c", server_default="7"),
    "default, nothing told": unknown("c", server_default="7"),
    "default, where one stands": changing("b", server_default="it's"),
    "default, a function": changing("b", server_default=sa.func.upper("x")),
    "default, of a time": changing("at", server_default=sa.func.now()),
    "default, dropped": changing("b", server_default=None),
    "default, dropped, nothing told": unknown("b", server_default=None),
    "default and type": changing("b", server_default="7", type_=sa.Integer(), postgresql_using="7"),
    "name": changing("b", new_column_name="n"),
    "name, nothing told": unknown("b", new_column_name="n"),
    "name, type told": unknown("b", new_column_name="n", existing_type=sa.String(20)),
    "name, in a schema": Case(lambda op: op.alter_column("t", "b", new_column_name="n", schema="s"), given=in_schema),
    "name, to quote": Case(
        lambda op: op.alter_column("My Order", "it's", new_column_name="not it's"),
        given=lambda op: op.create_table("My Order", Column("it's", sa.Integer)),
    ),
    "name and type": changing("b", new_column_name="n", type_=sa.String(50)),
    "name, to what it is called": changing("b", new_column_name="b", nullable=True),
    "comment": changing("c", comment="it's"),
    "comment, where one stands": changing("b", comment="new"),
    "comment, nothing told": unknown("b", comment="new", existing_type=sa.String(20), existing_nullable=False),
    "comment, dropped": changing("b", comment=None),
    "comment, in a schema": Case(lambda op: op.alter_column("t", "b", comment="x", schema="s"), given=in_schema),
    "identity": Case(
        lambda op: op.alter_column("t", "a", server_default=sa.Identity(start=3, always=True)), given=plain_key
    ),
    "identity, of a column that may be null": changing("c", server_default=sa.Identity(), nullable=False),
    "identity, changed": Case(
        lambda op: op.alter_column("t", "a", server_default=sa.Identity(start=5, always=True)), given=counted
    ),
    "identity, dropped": Case(lambda op: op.alter_column("t", "a", server_default=None), given=counted),
    "identity, replaced by a default": Case(lambda op: op.alter_column("t", "a", server_default="7"), given=counted),
    "computed": changing("c", server_default=sa.Computed("a + 1", persisted=True)),
    "computed, virtual": changing("c", server_default=sa.Computed("a + 1", persisted=False)),
    "computed, changed": Case(
        lambda op: op.alter_column("t", "a", server_default=sa.Computed("id + 2", persisted=True)),
        given=computing(True),
    ),
    "computed, ended": Case(lambda op: op.alter_column("t", "a", server_default=None), given=computing(True)),
    "computed, virtual, ended": Case(lambda op: op.alter_column("t", "a", server_default=None), given=computing(False)),
    "computed, with another type": Case(
        lambda op: op.alter_column("t", "a", type_=sa.BigInteger()), given=computing(True)
    ),
    "autoincrement": Case(lambda op: op.alter_column("t", "a", autoincrement=True), given=plain_key),
    "autoincrement and type": Case(
        lambda op: op.alter_column("t", "a", autoincrement=True, type_=sa.BigInteger()), given=plain_key
    ),
    "autoincrement that stands": Case(
        lambda op: op.alter_column("t", "id", type_=sa.BigInteger()),
        given=lambda op: op.create_table("t", Column("id", sa.Integer, primary_key=True)),
    ),
    "everything": changing(
        "b", type_=sa.String(9), nullable=True, server_default="y", comment="co", new_column_name="n"
    ),
    "nothing": changing("b", existing_type=sa.String(20)),
}

OPERATIONS = {"add_column": ADD_COLUMN, "drop_column": DROP_COLUMN, "alter_column": ALTER_COLUMN}

__all__ = ["OPERATIONS", "constrained", "nothing"]
