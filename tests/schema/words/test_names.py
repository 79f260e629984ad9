"""Names that the server gives, and what goes along with a change, in cases that the other tests do not reach."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

import sqlgen
from tests.databases.clients import Client
from tests.databases.conftest import postgresql
from tests.schema.words.servers import compared

__all__ = ["postgresql"]

LONG, UMLAUTS = "a_rather_long_name_for_a_table_that_has_many_letters_in_it", "ä" * 29


def long_names(op: Any) -> None:
    for name in (LONG, UMLAUTS):
        op.create_table(
            name,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("another_column_of_some_length", sa.Integer, sa.ForeignKey(f"{name}.id")),
            sa.Column("ö" * 30, sa.Integer, sa.CheckConstraint("id > 0")),
            sa.UniqueConstraint("another_column_of_some_length", "ö" * 30),
            sa.CheckConstraint("another_column_of_some_length > 5"),
        )


def names_that_are_taken(op: Any) -> None:
    op.create_table("t_id_seq", sa.Column("t_pkey", sa.Integer))
    op.create_table("t_a_key", sa.Column("id", sa.BigInteger, primary_key=True))
    op.create_table("o", sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0", name="t_check"))
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.UniqueConstraint("a"),
        sa.CheckConstraint("a > id"),
        sa.CheckConstraint("a < 5"),
        sa.CheckConstraint("a < 6"),
    )
    op.create_index("t_b_key", "t", ["a"])
    op.add_column("t", sa.Column("b", sa.Integer, unique=True))


def equal_constraints(op: Any) -> None:
    op.create_table("t", sa.Column("a", sa.Integer, unique=True, primary_key=True), sa.Column("b", sa.Integer))
    op.create_table(
        "u",
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.UniqueConstraint("a", "b"),
        sa.UniqueConstraint("a", "b", name="named"),
        sa.UniqueConstraint("b", "a"),
        sa.UniqueConstraint("a", "b", deferrable=True),
        sa.PrimaryKeyConstraint("a"),
        sa.UniqueConstraint("a", name="of_the_key"),
    )


def types_changed_under_expressions(op: Any) -> None:
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("v", sa.String(20), server_default="x"),
        sa.CheckConstraint("v IN ('x', 'y')", name="ck_in"),
        sa.CheckConstraint("v <> ''", name="ck_not"),
    )
    op.create_index("ix_v", "t", [sa.text("lower(v)")], postgresql_where=sa.text("v = 'x'"))
    op.alter_column("t", "v", type_=sa.Text())
    op.alter_column("t", "id", type_=sa.BigInteger())


def identities_come_and_go(op: Any) -> None:
    op.create_table("t", sa.Column("id", sa.Integer, nullable=False), sa.Column("n", sa.SmallInteger))
    op.alter_column("t", "id", server_default=sa.Identity(always=True, start=-5, increment=-2))
    op.execute("ALTER TABLE t ALTER COLUMN n SET NOT NULL")
    op.alter_column("t", "n", server_default=sa.Identity(cycle=True))
    op.create_table("u", sa.Column("id", sa.Integer, sa.Identity(), primary_key=True))
    op.alter_column("u", "id", server_default=None, existing_server_default=sa.Identity())


def tables_move(op: Any) -> None:
    op.execute("CREATE SCHEMA shop")
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("e", pg.ENUM("a", name="kind")))
    op.create_table("u", sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id")))
    op.execute("ALTER TABLE t SET SCHEMA shop")
    op.rename_table("t", "s", schema="shop")
    op.alter_column("s", "id", new_column_name="key", schema="shop")
    op.drop_table("u")


def domains(op: Any) -> None:
    positive = pg.DOMAIN("positive", sa.Integer, check=sa.text("VALUE > 0"), not_null=True, default="5")
    op.create_table("t", sa.Column("n", positive), sa.Column("m", positive, server_default="7"))
    word = pg.DOMAIN("word", sa.String(20), check=sa.text("VALUE <> ''"))
    word.create(op.get_bind())
    op.add_column("t", sa.Column("word", word))


def enums(op: Any) -> None:
    bind = op.get_bind()
    first = pg.ENUM("a", "b", name="first")
    op.create_table("t", sa.Column("one", first), sa.Column("many", pg.ARRAY(first)), sa.Column("x", sa.String(5)))
    op.create_table("u", sa.Column("one", first, server_default="a"))
    second = sa.Enum("c", "d", name="Second One")
    second.create(bind, checkfirst=True)
    op.add_column("t", sa.Column("two", second))
    op.add_column("t", sa.Column("again", sa.Enum("c", "d", name="Second One")))
    third = sa.Enum("e", name="third")
    third.create(bind, checkfirst=True)
    op.alter_column("t", "x", type_=third, postgresql_using="x::third")
    op.drop_column("t", "two")
    op.drop_column("t", "again")
    sa.Enum(name="Second One").drop(bind, checkfirst=True)
    sa.Enum(name="nothing").drop(bind, checkfirst=True)


CASES = [
    long_names,
    names_that_are_taken,
    equal_constraints,
    types_changed_under_expressions,
    identities_come_and_go,
    tables_move,
    domains,
    enums,
]


def test_types_are_made_once_when_missing_and_dropped_when_present() -> None:
    with sqlgen.capture("postgresql") as captured:
        op, bind = captured.op, captured.op.get_bind()
        kind = sa.Enum("a", "b", name="kind")
        op.create_table("t", sa.Column("one", kind), sa.Column("many", pg.ARRAY(kind)))
        op.add_column("t", sa.Column("again", sa.Enum("a", "b", name="kind")))
        op.add_column("t", sa.Column("two", sa.Enum("c", name="other")))
        op.alter_column("t", "two", type_=sa.Enum("c", "d", name="third"), postgresql_using="two::text::third")
        sa.Enum("c", "d", name="third").create(bind, checkfirst=True)
        sa.Enum(name="other").drop(bind, checkfirst=True)
        sa.Enum(name="nothing").drop(bind, checkfirst=True)
    types = [
        " ".join(str(one).split()) for one in captured.statements if " TYPE " in str(one) and "ALTER" not in str(one)
    ]
    assert types == [
        "CREATE TYPE kind AS ENUM ('a', 'b')",
        "CREATE TYPE other AS ENUM ('c')",
        "CREATE TYPE third AS ENUM ('c', 'd')",
        "DROP TYPE other",
    ]


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("case", CASES)
def test_the_shadow_is_the_server(postgresql: Client, case: Any) -> None:
    taken, found = compared(postgresql, [case])
    assert taken
    assert not found, "server <> shadow:\n" + "\n".join(found)
