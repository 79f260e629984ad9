"""Operations on whole tables, rows and text."""

from __future__ import annotations

import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column
from sqlalchemy.dialects import mysql, postgresql

from tests.dialects.operations.case import Case, Table, constrained, in_schema, nothing, tables


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


def key() -> Column[Any]:
    return Column("id", sa.Integer, primary_key=True)


def with_keys(op: Any) -> None:
    op.create_table(
        "n",
        Column("id", sa.Integer, primary_key=True),
        Column("code", sa.String(10), sa.ForeignKey("o.code", name="fk_n_code"), nullable=False, unique=True),
        Column("o_id", sa.Integer, sa.ForeignKey("o.id", ondelete="CASCADE"), index=True),
        Column("amount", sa.Numeric(10, 2), server_default="0", nullable=False),
        sa.CheckConstraint("amount >= 0", name="ck_n_amount"),
        sa.UniqueConstraint("code", "o_id", name="uq_n"),
    )


def with_types(op: Any) -> None:
    op.create_table(
        "n",
        Column("big", sa.BigInteger, primary_key=True, autoincrement=False),
        Column("small", sa.SmallInteger),
        Column("yes", sa.Boolean),
        Column("name", sa.String(5)),
        Column("wide", sa.Unicode(5)),
        Column("text", sa.Text),
        Column("amount", sa.Numeric(10, 2)),
        Column("ratio", sa.Float),
        Column("exact", sa.Double),
        Column("day", sa.Date),
        Column("moment", sa.DateTime),
        Column("zoned", sa.DateTime(timezone=True)),
        Column("bytes", sa.LargeBinary),
        Column("uuid", sa.Uuid),
        Column("json", sa.JSON),
    )


def with_defaults(op: Any) -> None:
    op.create_table(
        "n",
        key(),
        Column("word", sa.String(9), server_default="it's 5%"),
        Column("number", sa.Integer, server_default=sa.text("7")),
        Column("moment", sa.DateTime, server_default=sa.func.now()),
        Column("shout", sa.String(9), server_default=sa.func.upper("x")),
        Column("yes", sa.Boolean, server_default=sa.true(), nullable=False),
    )


def with_comments(op: Any) -> None:
    op.create_table("n", key(), Column("a", sa.Integer, comment="it's"), comment="a 100% table")


def with_enums(op: Any) -> None:
    op.create_table(
        "n",
        key(),
        Column("kind", sa.Enum("a", "b", name="kind"), nullable=False),
        Column("colour", sa.Enum(Colour, name="colour")),
    )


def with_checked_types(op: Any) -> None:
    op.create_table(
        "n",
        key(),
        Column("yes", sa.Boolean(create_constraint=True, name="ck_yes")),
        Column("kind", sa.Enum("a", "b", name="ck_kind", native_enum=False, create_constraint=True)),
    )


def with_a_reference(**facts: Any) -> Case:
    return Case(lambda op: op.create_table("n", Column("a", sa.Integer, sa.ForeignKey("o.id", name="fk", **facts))))


def if_not_there(op: Any) -> None:
    op.create_table(
        "n", key(), Column("a", sa.Integer, comment="x"), sa.Index("ix_n", "a"), comment="y", if_not_exists=True
    )


CREATE_TABLE: Table = {
    "types": Case(with_types),
    "keys": Case(with_keys),
    "key of two columns": Case(
        lambda op: op.create_table(
            "n", Column("a", sa.Integer), Column("b", sa.Integer), sa.PrimaryKeyConstraint("a", "b", name="pk_n")
        )
    ),
    "defaults": Case(with_defaults),
    "default of a long text": Case(lambda op: op.create_table("n", key(), Column("a", sa.Text, server_default="x"))),
    "identity": Case(
        lambda op: op.create_table("n", Column("id", sa.Integer, sa.Identity(always=True, start=3), primary_key=True))
    ),
    "identity that is no key": Case(
        lambda op: op.create_table(
            "n", Column("a", sa.Integer, primary_key=True, autoincrement=False), Column("b", sa.Integer, sa.Identity())
        )
    ),
    "computed, stored": Case(
        lambda op: op.create_table(
            "n",
            Column("a", sa.Integer, primary_key=True, autoincrement=False),
            Column("b", sa.Integer, sa.Computed("a + 1", persisted=True)),
        )
    ),
    "computed, virtual": Case(
        lambda op: op.create_table(
            "n",
            Column("a", sa.Integer, primary_key=True, autoincrement=False),
            Column("b", sa.Integer, sa.Computed("a + 1", persisted=False)),
        )
    ),
    "in a schema": Case(
        lambda op: op.create_table(
            "n", key(), Column("a", sa.Integer, sa.ForeignKey("s.o.id", name="fk"), index=True), schema="s"
        ),
        given=in_schema,
    ),
    "reference to another schema": Case(
        lambda op: op.create_table("n", key(), Column("a", sa.Integer, sa.ForeignKey("s.o.id", name="fk"))),
        given=in_schema,
    ),
    "comments": Case(with_comments),
    "if_not_exists": Case(if_not_there, given=nothing),
    "if_not_exists, and it does": Case(
        if_not_there,
        given=lambda op: op.create_table(
            "n", key(), Column("a", sa.Integer, comment="x"), sa.Index("ix_n", "a"), comment="y"
        ),
        known=False,
    ),
    "enums": Case(with_enums, given=nothing),
    "types with a check": Case(with_checked_types),
    "options": Case(
        lambda op: op.create_table(
            "n", key(), mysql_engine="InnoDB", mysql_default_charset="utf8mb4", sqlite_strict=True
        )
    ),
    "prefix": Case(lambda op: op.create_table("n", Column("a", sa.Integer), prefixes=["TEMPORARY"])),
    "names to quote": Case(
        lambda op: op.create_table(
            "My Order",
            Column("select", sa.Integer, primary_key=True, autoincrement=False),
            Column("Mixed", sa.String(5), index=True),
            Column("it's", sa.String(5), comment="quoted"),
            sa.CheckConstraint(sa.column("Mixed") != "it's", name="Ck 1"),
        )
    ),
    "reference, deferrable": with_a_reference(deferrable=True, initially="DEFERRED"),
    "reference, match full": with_a_reference(match="FULL"),
    "reference, match partial": with_a_reference(match="PARTIAL"),
    "reference, restrict": with_a_reference(ondelete="RESTRICT", onupdate="RESTRICT"),
    "reference, no action": with_a_reference(ondelete="NO ACTION", onupdate="NO ACTION"),
    "reference, cascade": with_a_reference(ondelete="CASCADE", onupdate="CASCADE"),
    "reference, set null": with_a_reference(ondelete="SET NULL"),
    "reference, set null on update": with_a_reference(onupdate="SET NULL"),
    "reference, set default": with_a_reference(ondelete="SET DEFAULT"),
    "unique, deferrable": Case(
        lambda op: op.create_table("n", Column("a", sa.Integer), sa.UniqueConstraint("a", name="uq", deferrable=True))
    ),
    "check, deferrable": Case(
        lambda op: op.create_table(
            "n", Column("a", sa.Integer), sa.CheckConstraint("a > 0", name="ck", deferrable=True)
        )
    ),
    "text without a length": Case(lambda op: op.create_table("n", Column("a", sa.String))),
    "time of day": Case(lambda op: op.create_table("n", Column("a", sa.Time))),
    "array": Case(lambda op: op.create_table("n", Column("a", sa.ARRAY(sa.Integer)))),
    "types of another database": Case(
        lambda op: op.create_table("n", Column("a", postgresql.TSVECTOR), Column("b", mysql.YEAR))
    ),
}

DROP_TABLE: Table = {
    "plain": Case(lambda op: op.drop_table("t")),
    "in a schema": Case(lambda op: op.drop_table("t", schema="s"), given=in_schema),
    "if_exists": Case(lambda op: op.drop_table("t", if_exists=True)),
    "if_exists, and it does not": Case(lambda op: op.drop_table("n", if_exists=True)),
}

RENAME_TABLE: Table = {
    "plain": Case(lambda op: op.rename_table("t", "u")),
    "in a schema": Case(lambda op: op.rename_table("t", "u", schema="s"), given=in_schema),
    "names to quote": Case(
        lambda op: op.rename_table("My Order", "it's Order"),
        given=lambda op: op.create_table("My Order", Column("a", sa.Integer)),
    ),
}

TABLE_COMMENT: Table = {
    "set": Case(lambda op: op.create_table_comment("t", "it's 100%")),
    "set, where one stands": Case(
        lambda op: op.create_table_comment("t", "new", existing_comment="old"),
        given=lambda op: op.create_table("t", Column("a", sa.Integer), comment="old"),
    ),
    "dropped": Case(lambda op: op.drop_table_comment("t")),
    "dropped, where one stands": Case(
        lambda op: op.drop_table_comment("t", existing_comment="old"),
        given=lambda op: op.create_table("t", Column("a", sa.Integer), comment="old"),
    ),
    "in a schema": Case(lambda op: op.create_table_comment("t", "new", schema="s"), given=in_schema),
}


def light() -> Any:
    return sa.table("t", sa.column("id", sa.Integer), sa.column("a", sa.Integer), sa.column("b", sa.String))


T = light()

EXECUTE: Table = {
    "text": Case(lambda op: op.execute("UPDATE t SET b = '{\"a\":true}' WHERE a > 5 AND b LIKE 'x%';")),
    "a colon with a backslash": Case(lambda op: op.execute(r"UPDATE t SET b = 'a\:b'")),
    "update": Case(lambda op: op.execute(T.update().where(T.c.a == 1).values(b="it's"))),
    "delete": Case(lambda op: op.execute(T.delete().where(T.c.b.in_(["x", "y"])))),
    "insert from a select": Case(
        lambda op: op.execute(
            T.insert().from_select(
                ["id", "a", "b"],
                sa.select(sa.column("id"), sa.column("id"), sa.column("code")).select_from(sa.table("o")),
            )
        )
    ),
    "a value given at execution": Case(
        lambda op: op.get_bind().execute(sa.text("UPDATE t SET b = :b WHERE a = :a"), {"a": 1, "b": "it's"})
    ),
}


def numbered(op: Any) -> None:
    op.create_table(
        "t", Column("id", sa.Integer, primary_key=True), Column("a", sa.Integer), Column("b", sa.String(20))
    )


def into_a_full_table(op: Any) -> None:
    table = sa.Table("t", sa.MetaData(), Column("id", sa.Integer, primary_key=True), Column("b", sa.String(20)))
    op.bulk_insert(table, [{"id": 7, "b": "x"}, {"b": "y"}])


BULK_INSERT: Table = {
    "rows": Case(
        lambda op: op.bulk_insert(light(), [{"id": 1, "a": 1, "b": "it's 5%"}, {"id": 2, "a": 2, "b": "\t\\"}])
    ),
    "one statement a row": Case(
        lambda op: op.bulk_insert(
            light(), [{"id": 1, "a": 1, "b": "x"}, {"id": 2, "a": 2, "b": "y"}], multiinsert=False
        )
    ),
    "a value for a generated key": Case(into_a_full_table, given=numbered),
    "no rows": Case(lambda op: op.bulk_insert(light(), [])),
}


def batch(op: Any) -> None:
    table = sa.Table(
        "t",
        sa.MetaData(),
        Column("id", sa.Integer, primary_key=True, autoincrement=False),
        Column("a", sa.Integer, nullable=False),
        Column("b", sa.String(20), server_default="x", nullable=False, comment="it's"),
        Column("c", sa.Integer),
        Column("at", sa.DateTime),
    )
    with op.batch_alter_table("t", copy_from=table) as batch_op:
        batch_op.alter_column("a", type_=sa.BigInteger(), existing_nullable=False)
        batch_op.add_column(Column("n", sa.Integer, nullable=True))
        batch_op.drop_column("c")
        batch_op.create_foreign_key("fk_t", "o", ["n"], ["id"])
        batch_op.create_index("ix_n", ["n"])


def batch_that_copies_nothing(op: Any) -> None:
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(Column("n", sa.Integer))
        batch_op.drop_column("c")
        batch_op.create_index("ix_n", ["n"])


def batch_with_constraints(op: Any) -> None:
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_constraint("uq_t", type_="unique")
        batch_op.create_unique_constraint("uq_t2", ["a", "b"])


BATCH: Table = {
    "of a table that is told": Case(batch),
    "plain": Case(batch_that_copies_nothing),
    "constraints of a table that is not told": Case(batch_with_constraints, given=constrained),
}

OPERATIONS = {
    "create_table": CREATE_TABLE,
    "drop_table": DROP_TABLE,
    "rename_table": RENAME_TABLE,
    "create_table_comment": TABLE_COMMENT,
    "execute": EXECUTE,
    "bulk_insert": BULK_INSERT,
    "batch_alter_table": BATCH,
}

__all__ = ["OPERATIONS", "tables"]
