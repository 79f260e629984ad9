"""Calls whose constraints and indexes get their names, or some of them, from a naming convention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column as C  # noqa: N817  # written many times below
from sqlalchemy.schema import conv

Call = Callable[[Any], object]
LONG = "a_very_long_column_name_that_goes_on_and_on_and_on_for_ever"


def length(_constraint: Any, table: sa.Table) -> str:
    """Return a token of our own."""
    return f"x{len(table.name)}"


CONVENTIONS: dict[str, Mapping[str, Any]] = {
    "names": {
        "ix": "ix_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
    "callable": {
        "length": length,
        "ix": "ix_%(length)s_%(column_0_N_label)s",
        "uq": "uq_%(length)s_%(column_0_label)s",
        "ck": "ck_%(length)s_%(column_0_name)s",
        "fk": "fk_%(length)s_%(column_0_key)s_%(referred_table_name)s",
        "pk": "pk_%(length)s_%(column_0_N_key)s",
    },
    "one": {"uq": "uq_%(constraint_name)s"},
    "none": {},
}


def table_with_everything(op: Any) -> None:
    op.create_table(
        "account",
        C("id", sa.Integer, primary_key=True),
        C("a", sa.Integer, unique=True),
        C("c", sa.Integer, sa.ForeignKey("o.id")),
        C("k", sa.Enum("x", "y", name="kind", create_constraint=True, native_enum=False)),
        sa.UniqueConstraint("a", "c"),
        sa.UniqueConstraint("c", name="given"),
        sa.CheckConstraint("a > 0", name="positive"),
        sa.CheckConstraint("a > 1", name=conv("final")),
        sa.ForeignKeyConstraint(["a", "c"], ["o.x", "o.y"]),
        sa.Index("named", "a"),
    )


def names_that_are_final(op: Any) -> None:
    op.create_table(
        "t",
        C("id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own")),
        sa.CheckConstraint("id > 0", name=op.f("ck_own")),
        sa.UniqueConstraint("id", name=op.f("uq_own")),
    )


def long_names(op: Any) -> None:
    columns = [C(LONG, sa.Integer), C(f"{LONG}2", sa.Integer)]
    op.create_table(
        "account_with_a_long_name",
        C("id", sa.Integer, primary_key=True),
        *columns,
        sa.UniqueConstraint(LONG, f"{LONG}2"),
    )


def in_a_batch(op: Any) -> None:
    with op.batch_alter_table("t") as batch_op:
        batch_op.create_unique_constraint(None, ["a"])
        batch_op.create_check_constraint("positive", "a > 0")
        batch_op.create_foreign_key(None, "o", ["a"], ["x"])
        batch_op.drop_constraint("negative", type_="check")
        batch_op.drop_constraint(batch_op.f("ck_final"), type_="check")


def alter_type(existing: Any, type_: Any) -> Call:
    """Return a change of type."""
    return lambda op: op.alter_column("t", "f", type_=type_, existing_type=existing, existing_nullable=True)


def choice(*values: str) -> sa.Enum:
    """Return an enumerated type that is a CHECK everywhere."""
    return sa.Enum(*values, name="k", native_enum=False, create_constraint=True)


NAMED: dict[str, Call] = {
    "create": table_with_everything,
    "create_index": lambda op: op.create_table("t", C("b", sa.Integer, index=True)),
    "create_final": names_that_are_final,
    "create_long": long_names,
    "create_named_key": lambda op: op.create_table("t", C("id", sa.Integer), sa.PrimaryKeyConstraint("id", name="own")),
    "create_schema": lambda op: op.create_table("t", C("a", sa.Integer, sa.ForeignKey("s.o.id")), schema="s"),
    "add_unique": lambda op: op.add_column("t", C("n", sa.Integer, unique=True)),
    "add_index": lambda op: op.add_column("t", C("n", sa.Integer, index=True)),
    "add_fk": lambda op: op.add_column("t", C("n", sa.Integer, sa.ForeignKey("o.id"))),
    "add_check": lambda op: op.add_column("t", C("n", sa.Integer, sa.CheckConstraint("n > 0", name="positive"))),
    "add_choice": lambda op: op.add_column("t", C("n", choice("a", "b"))),
    "uq": lambda op: op.create_unique_constraint(None, "t", ["a", "b"]),
    "uq_named": lambda op: op.create_unique_constraint("mine", "t", ["a", "b"]),
    "uq_final": lambda op: op.create_unique_constraint(op.f("mine"), "t", ["a", "b"]),
    "uq_long": lambda op: op.create_unique_constraint(None, "t", [LONG, f"{LONG}2"]),
    "pk": lambda op: op.create_primary_key(None, "t", ["a"]),
    "fk": lambda op: op.create_foreign_key(None, "t", "o", ["a", "b"], ["x", "y"]),
    "fk_schema": lambda op: op.create_foreign_key(None, "t", "o", ["a"], ["x"], source_schema="s", referent_schema="r"),
    "ck": lambda op: op.create_check_constraint("positive", "t", "a > 0"),
    "ck_expression": lambda op: op.create_check_constraint("positive", "t", sa.column("a") > 0),
    "ck_final": lambda op: op.create_check_constraint(op.f("positive"), "t", "a > 0"),
    "ck_none": lambda op: op.create_check_constraint(None, "t", "a > 0"),
    "ix": lambda op: op.create_index(None, "t", ["a", "b"]),
    "ix_named": lambda op: op.create_index("mine", "t", ["a", "b"]),
    "ix_long": lambda op: op.create_index(None, "t", [LONG, f"{LONG}2"]),
    "ix_final_long": lambda op: op.create_index(op.f(f"ix_{LONG}{LONG}"), "t", ["a"]),
    "drop_uq": lambda op: op.drop_constraint("mine", "t", type_="unique"),
    "drop_uq_final": lambda op: op.drop_constraint(op.f("mine"), "t", type_="unique"),
    "drop_ck": lambda op: op.drop_constraint("positive", "t", type_="check"),
    "drop_ck_final": lambda op: op.drop_constraint(op.f("ck_t_positive"), "t", type_="check"),
    "drop_fk": lambda op: op.drop_constraint("mine", "t", type_="foreignkey"),
    "drop_pk": lambda op: op.drop_constraint("mine", "t", type_="primary"),
    "drop_any": lambda op: op.drop_constraint("mine", "t"),
    "drop_ix": lambda op: op.drop_index("mine", "t"),
    "type_from_choice": alter_type(choice("a", "b"), sa.String(5)),
    "type_to_choice": alter_type(sa.String(5), choice("a", "b")),
    "type_choice": alter_type(choice("a"), choice("a", "b")),
    "batch": in_a_batch,
}
CASES = {f"{name}-{convention}": call for convention in CONVENTIONS for name, call in NAMED.items()}
OPTIONS = {
    f"{name}-{convention}": {"target_metadata": sa.MetaData(naming_convention=rules or None)}
    for convention, rules in CONVENTIONS.items()
    for name in NAMED
}
CASES["fk-referred"] = NAMED["fk"]
OPTIONS["fk-referred"] = {"target_metadata": sa.MetaData(naming_convention={"fk": "fk_%(referred_column_0_name)s"})}
