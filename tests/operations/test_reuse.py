"""A module is executed once and its functions run once per dialect, on the same objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.schema import AddConstraint as AddConstraintDDL
from sqlalchemy.schema import CreateTable as CreateTableDDL

from .funnel import CONVENTION, flat, made, table_text

ID = sa.Column("id", sa.Integer, primary_key=True)
PARENT = sa.Column("parent_id", sa.Integer, sa.ForeignKey("node.id", name="parent"), index=True, comment="above")
KIND: sa.Column[Any] = sa.Column(
    "kind", sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True), unique=True
)
OTHER = sa.Table("other", sa.MetaData(), sa.Column("id", sa.Integer, key="other_id"))
ITEMS: list[Any] = [
    ID,
    PARENT,
    KIND,
    sa.Column("total", sa.Integer, sa.Computed("id + 1"), sa.ForeignKey(OTHER.c.other_id)),
    sa.UniqueConstraint(ID, PARENT, name="by_object"),
    sa.UniqueConstraint("id", "kind"),
    sa.CheckConstraint(PARENT > 5, name="positive"),
    sa.ForeignKeyConstraint(["id", "kind"], ["far.away.a", "far.away.b"], ondelete="CASCADE"),
    sa.Index("ix_lower", sa.func.lower(KIND)),
    sa.Index("ix_names", "id", "kind", unique=True),
]
CREATED = (
    "CREATE TABLE node ( id INTEGER NOT NULL, parent_id INTEGER, kind VARCHAR(1), "
    "total INTEGER GENERATED ALWAYS AS (id + 1), "
    "CONSTRAINT pk_node PRIMARY KEY (id), "
    "CONSTRAINT by_object UNIQUE (id, parent_id), "
    "CONSTRAINT uq_node_id UNIQUE (id, kind), "
    "CONSTRAINT ck_node_positive CHECK (parent_id > 5), "
    "CONSTRAINT fk_node_id_away FOREIGN KEY(id, kind) REFERENCES far.away (a, b) ON DELETE CASCADE, "
    "CONSTRAINT parent FOREIGN KEY(parent_id) REFERENCES node (id), "
    "CONSTRAINT uq_node_kind UNIQUE (kind), "
    "CONSTRAINT ck_node_kind CHECK (kind IN ('a', 'b')), "
    "CONSTRAINT fk_node_total_other FOREIGN KEY(total) REFERENCES other (id) ); "
    "CREATE INDEX ix_lower ON node (lower(kind)); "
    "CREATE INDEX ix_node_parent_id ON node (parent_id); "
    "CREATE UNIQUE INDEX ix_names ON node (id, kind)"
)


PRINTER = make_url("postgresql://").get_dialect()()


def create_table(op: Any) -> str:
    return table_text(op.create_table("node", *ITEMS))


def add_columns(op: Any, operations: list[Any]) -> list[str]:
    for column in (ID, PARENT, KIND):
        op.add_column("node", column, schema="s")
    return [
        f"{operation.column!r} {sorted(str(item.name) for item in operation.column.table.constraints)}"
        for operation in operations
    ]


def test_a_table_is_the_same_six_times() -> None:
    assert [create_table(made(CONVENTION)[0]) for _ in range(6)] == [CREATED] * 6


def test_a_column_is_the_same_six_times() -> None:
    texts = [add_columns(*made(CONVENTION)) for _ in range(6)]
    assert texts == [texts[0]] * 6
    assert "parent" in texts[0][1]
    assert "ck_node_kind" in texts[0][2]


def test_the_objects_of_the_revision_stay_without_a_table() -> None:
    op, operations = made()
    create_table(op)
    add_columns(op, [])
    with op.batch_alter_table("t") as batch_op:
        batch_op.add_column(ID)
    assert [column.table for column in (ID, PARENT, KIND)] == [None, None, None]
    assert all(
        operation.column is not column for operation, column in zip(operations[1:4], (ID, PARENT, KIND), strict=True)
    )


def test_one_column_may_stand_in_many_tables() -> None:
    op, _ = made()
    assert [op.create_table(name, ID, PARENT).c.id.table.name for name in ("a", "b")] == ["a", "b"]


CONDITION = OTHER.c.other_id > 5
EXPRESSION = sa.func.lower(KIND)

SIX_TIMES: list[Callable[[Any], Any]] = [
    lambda op: op.create_check_constraint("ck", "t", CONDITION),
    lambda op: op.create_index("ix", "t", [EXPRESSION, "a"]),
    lambda op: op.create_index("ix", "t", [OTHER.c.other_id]),
    lambda op: op.create_exclude_constraint("ex", "t", (EXPRESSION, "&&"), where=CONDITION),
    lambda op: op.alter_column("t", "c", type_=KIND.type, existing_type=KIND.type),
]


@pytest.mark.parametrize("call", SIX_TIMES)
def test_expressions_leave_their_own_tables_alone(call: Callable[[Any], Any]) -> None:
    op, operations = made()
    for _ in range(6):
        call(op)
    assert len(operations) == 6
    assert len(OTHER.constraints) == 1
    assert len(OTHER.indexes) == 0
    unattached: Any = KIND.table
    assert unattached is None


def test_exclude_constraints_of_the_dialect_may_be_reused() -> None:
    op, _ = made()
    exclude = postgresql.ExcludeConstraint(
        (ID, "="), ("kind", "&&"), name="ex", where=sa.text("id > 1"), ops={"id": "o"}
    )
    texts = [str(CreateTableDDL(op.create_table("t", ID, KIND, exclude)).compile(dialect=PRINTER)) for _ in range(6)]
    assert texts == [texts[0]] * 6
    assert "CONSTRAINT ex EXCLUDE USING gist (id o WITH =, kind WITH &&) WHERE (id > 1)" in texts[0]


def test_our_exclude_constraint_compiles_and_follows_its_table() -> None:
    op, operations = made()
    op.create_exclude_constraint("ex", "t", ("a", "="), (sa.text("lower(b)"), "&&"), where="a > 1", ops={"a": "o"})
    constraint = operations[0].constraint
    copied = constraint.table.to_metadata(sa.MetaData())
    (other,) = [item for item in copied.constraints if item.name == "ex"]
    expected = "ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (a o WITH =, lower(b) WITH &&) WHERE (a > 1)"
    assert [str(AddConstraintDDL(item).compile(dialect=PRINTER)) for item in (constraint, other)] == [expected] * 2
    with pytest.raises(sa.exc.UnsupportedCompilationError):
        flat(AddConstraintDDL(constraint))
