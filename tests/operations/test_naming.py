"""Names by convention, as Alembic's own objects get them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations as AlembicOperations
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.schema import AddConstraint as AddConstraintDDL
from sqlalchemy.schema import CreateIndex as CreateIndexDDL
from sqlalchemy.schema import DropConstraint as DropConstraintDDL
from sqlalchemy.schema import DropIndex as DropIndexDDL

from sqlgen.operations import model

from .funnel import CONVENTION, flat, made, table_text

Call = Callable[[Any], Any]

CALLS: list[Call] = [
    lambda op: op.create_unique_constraint(None, "t", ["a", "b"]),
    lambda op: op.create_unique_constraint("given", "t", ["a"]),
    lambda op: op.create_primary_key(None, "t", ["a"], schema="s"),
    lambda op: op.create_check_constraint("positive", "t", "a > 1"),
    lambda op: op.create_check_constraint(op.f("positive"), "t", "a > 1"),
    lambda op: op.create_foreign_key(None, "t", "o", ["a"], ["b"], referent_schema="s"),
    lambda op: op.create_foreign_key(op.f("final"), "t", "o", ["a"], ["b"]),
    lambda op: op.create_index(None, "t", ["a", "b"]),
    lambda op: op.create_index(None, "t", ["a"], schema="s"),
    lambda op: op.create_index("given", "t", ["a"]),
    lambda op: op.drop_constraint("positive", "t", "check"),
    lambda op: op.drop_constraint(op.f("positive"), "t", "check"),
    lambda op: op.drop_constraint("given", "t"),
    lambda op: op.drop_constraint("given", "t", "unique", schema="s"),
    lambda op: op.drop_constraint("given", "t", "foreignkey"),
    lambda op: op.drop_constraint("given", "t", "primary"),
    lambda op: op.drop_constraint(None, "t", "primary"),
    lambda op: op.drop_index("given", "t"),
    lambda op: op.create_table(
        "t",
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer, sa.ForeignKey("s.o.id"), unique=True),
        sa.Column("c", sa.Boolean(create_constraint=True, name="flag")),
        sa.Column("d", sa.Enum("x", "y", name="choice", create_constraint=True, native_enum=False), unique=True),
        sa.Column("e", sa.Integer, sa.CheckConstraint("e > 0", name="inline")),
        sa.CheckConstraint("a > 1", name="named"),
        sa.CheckConstraint("a > 2", name=op.f("final")),
        sa.UniqueConstraint("a", "b"),
        sa.ForeignKeyConstraint(["a", "b"], ["t.a", "t.b"]),
        sa.PrimaryKeyConstraint("a", "b"),
    ),
    lambda op: op.create_table("t", sa.Column("a", sa.Integer, index=True), sa.Index(None, "a", "a"), schema="s"),
]


def theirs(call: Call, convention: dict[str, str] | None) -> str:
    buffer = io.StringIO()
    options = {"as_sql": True, "output_buffer": buffer, "target_metadata": sa.MetaData(naming_convention=convention)}
    call(AlembicOperations(MigrationContext.configure(dialect=DefaultDialect(), opts=options)))
    first, *indexes = [" ".join(part.split()) for part in buffer.getvalue().split(";") if part.strip()]
    return "; ".join([first, *sorted(indexes)])  # a table keeps its indexes in a set


def ours(call: Call, convention: dict[str, str] | None) -> str:
    op, operations = made(convention)
    call(op)
    return ddl(operations[0])


def ddl(operation: model.Operation) -> str:
    match operation:
        case model.CreateTable():
            return table_text(operation.table)
        case model.CreateIndex():
            return flat(CreateIndexDDL(operation.index))
        case model.DropIndex():
            return flat(DropIndexDDL(operation.index))
        case model.DropConstraint():
            return flat(DropConstraintDDL(operation.constraint))
        case model.AddConstraint():
            return flat(AddConstraintDDL(operation.constraint))
    raise AssertionError(operation)


@pytest.mark.parametrize("call", CALLS)
def test_names_by_convention_are_those_of_alembic(call: Call) -> None:
    assert ours(call, CONVENTION) == theirs(call, CONVENTION)


@pytest.mark.parametrize("call", [call for call in CALLS if call is not CALLS[16]])
def test_names_without_a_convention_are_those_of_alembic(call: Call) -> None:
    assert ours(call, None) == theirs(call, None)


def test_a_check_without_a_name_cannot_follow_a_convention_that_asks_for_one() -> None:
    with pytest.raises(sa.exc.InvalidRequestError, match="explicitly named"):
        made(CONVENTION)[0].create_check_constraint(None, "t", "a > 1")
