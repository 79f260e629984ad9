"""Operations on indexes and constraints."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column

from tests.dialects.operations.case import Call, Case, Table, constrained, in_schema


def index(columns: list[Any], name: str = "ix", **facts: Any) -> Case:
    return Case(lambda op: op.create_index(name, "t", columns, **facts))


def texts(op: Any) -> None:
    op.create_table("t", Column("id", sa.Integer), Column("a", sa.Text), Column("b", sa.String(200)))


def indexed(op: Any) -> None:
    op.create_table("t", Column("a", sa.Integer), Column("b", sa.Integer), sa.Index("ix", "a"))


CREATE_INDEX: Table = {
    "plain": index(["a", "b"]),
    "unique": index(["b"], unique=True),
    "name to quote": index(["a"], name="Ix it's"),
    "in a schema": Case(lambda op: op.create_index("ix", "t", ["a"], schema="s"), given=in_schema),
    "descending": index(["a", sa.desc("c")]),
    "text": index([sa.text("lower(b)")]),
    "text with an order": index([sa.text("c DESC")]),
    "text in parentheses": index([sa.text("(a + 1)")]),
    "expression": index([sa.func.lower(sa.column("b"))]),
    "if_not_exists": index(["a"], if_not_exists=True),
    "if_not_exists, and it does": Case(lambda op: op.create_index("ix", "t", ["a"], if_not_exists=True), given=indexed),
    "method": index(["a"], postgresql_using="hash", mysql_using="btree"),
    "partial": index(
        ["a"], postgresql_where=sa.text("a > 5"), sqlite_where=sa.text("a > 5"), mssql_where=sa.text("a > 5")
    ),
    "partial and unique": index(
        ["a"],
        unique=True,
        postgresql_where=sa.column("c").is_(None),
        sqlite_where=sa.column("c").is_(None),
        mssql_where=sa.column("c").is_(None),
    ),
    "included columns": index(["a"], postgresql_include=["b"], mssql_include=["b"]),
    "operator class and parameters": index(
        ["b"], postgresql_ops={"b": "varchar_pattern_ops"}, postgresql_with={"fillfactor": 50}
    ),
    "nulls not distinct": index(["c"], unique=True, postgresql_nulls_not_distinct=True),
    "nulls not distinct, before they came": Case(
        lambda op: op.create_index("ix", "t", ["c"], unique=True, postgresql_nulls_not_distinct=True),
        version={"postgresql": "14"},
    ),
    "concurrently": index(["a"], postgresql_concurrently=True),
    "prefix": Case(lambda op: op.create_index("ix", "t", ["b"], mysql_length={"b": 10}), given=texts),
    "full text": Case(lambda op: op.create_index("ix", "t", ["b"], mysql_prefix="FULLTEXT"), given=texts),
    "clustered": index(["a"], mssql_clustered=False),
    "bitmap": index(["a"], oracle_bitmap=True),
    "compressed": index(["a", "b"], oracle_compress=1),
}

DROP_INDEX: Table = {
    "plain": Case(lambda op: op.drop_index("ix", "t"), given=indexed),
    "without its table": Case(lambda op: op.drop_index("ix"), given=indexed),
    "if_exists": Case(lambda op: op.drop_index("ix", "t", if_exists=True), given=indexed),
    "if_exists, and it does not": Case(lambda op: op.drop_index("iy", "t", if_exists=True), given=indexed),
    "concurrently": Case(lambda op: op.drop_index("ix", "t", postgresql_concurrently=True), given=indexed),
    "in a schema": Case(
        lambda op: (op.create_index("ix", "t", ["a"], schema="s"), op.drop_index("ix", "t", schema="s")),
        given=in_schema,
    ),
}


def without_a_key(op: Any) -> None:
    op.create_table("t", Column("a", sa.Integer, nullable=False), Column("b", sa.Integer, nullable=False))


def unchecked(op: Any) -> None:
    without_a_key(op)
    if op.get_context().dialect.name not in ("mysql", "sqlite"):
        op.create_check_constraint("ck_t", "t", "a > 0")


CREATE_PRIMARY_KEY: Table = {
    "plain": Case(lambda op: op.create_primary_key("pk", "t", ["a"]), given=without_a_key),
    "of two columns, without a name": Case(
        lambda op: op.create_primary_key(None, "t", ["a", "b"]), given=without_a_key
    ),
}

CREATE_UNIQUE: Table = {
    "plain": Case(lambda op: op.create_unique_constraint("uq", "t", ["a", "b"])),
    "in a schema": Case(lambda op: op.create_unique_constraint("uq", "t", ["a"], schema="s"), given=in_schema),
    "deferrable": Case(lambda op: op.create_unique_constraint("uq", "t", ["a"], deferrable=True)),
    "nulls not distinct": Case(
        lambda op: op.create_unique_constraint("uq", "t", ["c"], postgresql_nulls_not_distinct=True)
    ),
    "name to quote": Case(lambda op: op.create_unique_constraint("Uq it's", "t", ["a"])),
}

CREATE_CHECK: Table = {
    "text": Case(lambda op: op.create_check_constraint("ck", "t", "a > 0 AND b <> '5%'")),
    "expression": Case(lambda op: op.create_check_constraint("ck", "t", sa.column("b").in_(["it's", "x"]))),
    "in a schema": Case(lambda op: op.create_check_constraint("ck", "t", "a > 0", schema="s"), given=in_schema),
    "not valid": Case(lambda op: op.create_check_constraint("ck", "t", "a > 0", postgresql_not_valid=True)),
    "deferrable": Case(lambda op: op.create_check_constraint("ck", "t", "a > 0", deferrable=True)),
}


def pointing(**facts: Any) -> Case:
    return Case(lambda op: op.create_foreign_key("fk", "t", "o", ["a"], ["id"], **facts))


CREATE_FOREIGN_KEY: Table = {
    "plain": pointing(),
    "without a name": Case(lambda op: op.create_foreign_key(None, "t", "o", ["a"], ["id"])),
    "to itself": Case(lambda op: op.create_foreign_key("fk", "t", "t", ["a"], ["id"])),
    "in a schema": Case(
        lambda op: op.create_foreign_key(
            "fk", "t", "o", ["a"], ["id"], source_schema="s", referent_schema="s", ondelete="CASCADE"
        ),
        given=in_schema,
    ),
    "deferrable": pointing(deferrable=True, initially="DEFERRED"),
    "match full": pointing(match="FULL"),
    "match partial": pointing(match="PARTIAL"),
    "not valid": pointing(postgresql_not_valid=True),
    "on delete cascade": pointing(ondelete="CASCADE"),
    "on delete set null": Case(lambda op: op.create_foreign_key("fk", "t", "o", ["c"], ["id"], ondelete="SET NULL")),
    "on delete restrict": pointing(ondelete="RESTRICT"),
    "on delete set default": pointing(ondelete="SET DEFAULT"),
    "on update cascade": pointing(onupdate="CASCADE"),
    "on update no action": pointing(onupdate="NO ACTION"),
}

CREATE_EXCLUDE: Table = {
    "plain": Case(lambda op: op.create_exclude_constraint("ex", "t", ("a", "="), using="btree")),
    "with a condition": Case(
        lambda op: op.create_exclude_constraint("ex", "t", (sa.text("a"), "="), using="btree", where=sa.text("c > 0"))
    ),
    "deferrable": Case(
        lambda op: op.create_exclude_constraint(
            "ex", "t", ("a", "="), using="btree", deferrable=True, initially="DEFERRED"
        )
    ),
}


def without(name: str | None, type_: str | None = None, **facts: Any) -> Case:
    call: Call = lambda op: op.drop_constraint(name, "t", type_, **facts)  # noqa: E731
    return Case(call, given=constrained)


DROP_CONSTRAINT: Table = {
    "foreign key": without("fk_t", "foreignkey"),
    "unique": without("uq_t", "unique"),
    "check": without("ck_t", "check"),
    "check, before it could be": Case(
        lambda op: op.drop_constraint("ck_t", "t", "check"), given=unchecked, version={"mysql": "8.0.15"}
    ),
    "primary key": without("pk_t", "primary"),
    "primary key, without a name": without(None, "primary"),
    "of an untold kind": without("ck_t"),
    "foreign key, if_exists": without("fk_t", "foreignkey", if_exists=True),
    "unique, if_exists": without("uq_t", "unique", if_exists=True),
    "check, if_exists": without("ck_t", "check", if_exists=True),
    "primary key, if_exists": without("pk_t", "primary", if_exists=True),
    "unique, if_exists, and it does not": without("uq_n", "unique", if_exists=True),
    "in a schema": Case(
        lambda op: (
            op.create_check_constraint("ck", "t", "a > 0", schema="s"),
            op.drop_constraint("ck", "t", "check", schema="s"),
        ),
        given=in_schema,
    ),
}

OPERATIONS = {
    "create_index": CREATE_INDEX,
    "drop_index": DROP_INDEX,
    "create_primary_key": CREATE_PRIMARY_KEY,
    "create_unique_constraint": CREATE_UNIQUE,
    "create_check_constraint": CREATE_CHECK,
    "create_foreign_key": CREATE_FOREIGN_KEY,
    "create_exclude_constraint": CREATE_EXCLUDE,
    "drop_constraint": DROP_CONSTRAINT,
}
