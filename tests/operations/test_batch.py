from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen.operations import model, names
from sqlgen.operations.model import Operation

from .funnel import CONVENTION, CollectingFunnel, made

Call = Callable[[Any], Any]

CALLS: list[tuple[Call, type[Operation], dict[str, Any]]] = [
    (lambda b: b.add_column(sa.Column("c", sa.Integer)), model.AddColumn, {"table_name": "t", "schema": "s"}),
    (
        lambda b: b.alter_column("c", nullable=False, new_column_name="d", existing_autoincrement=True),
        model.AlterColumn,
        {"nullable": False, "new_column_name": "d", "existing_autoincrement": True, "schema": "s"},
    ),
    (lambda b: b.drop_column("c", mssql_drop_check=True), model.DropColumn, {"options": {"mssql_drop_check": True}}),
    (lambda b: b.create_index(b.f("ix"), ["a"], unique=True), model.CreateIndex, {"subject": "ix"}),
    (lambda b: b.drop_index("ix", if_exists=True), model.DropIndex, {"table_name": "t", "schema": "s"}),
    (lambda b: b.create_primary_key("pk", ["a"]), model.AddConstraint, {"call": "create_primary_key"}),
    (lambda b: b.create_unique_constraint("u", ["a"], schema="s"), model.AddConstraint, {"schema": "s"}),
    (lambda b: b.create_check_constraint("ck", "a > 1"), model.AddConstraint, {"call": "create_check_constraint"}),
    (
        lambda b: b.create_foreign_key("fk", "o", ["a"], ["b"], referent_schema="s2", ondelete="CASCADE"),
        model.AddConstraint,
        {"call": "create_foreign_key", "subject": "s.t"},
    ),
    (lambda b: b.create_exclude_constraint("ex", ("a", "=")), model.AddConstraint, {"subject": "s.t"}),
    (lambda b: b.drop_constraint("u", "unique"), model.DropConstraint, {"type_": "unique", "subject": "s.t"}),
    (lambda b: b.create_table_comment("new", existing_comment="old"), model.SetTableComment, {"comment": "new"}),
    (lambda b: b.drop_table_comment(existing_comment="old"), model.DropTableComment, {"existing_comment": "old"}),
]


@pytest.mark.parametrize(("call", "kind", "fields"), CALLS)
def test_a_call_in_a_block_knows_the_table(call: Call, kind: type[Operation], fields: dict[str, Any]) -> None:
    op, operations = made()
    with op.batch_alter_table("t", schema="s") as batch_op:
        call(batch_op)
        assert operations == []
    (operation,) = operations[0].operations
    assert type(operation) is kind
    assert {name: getattr(operation, name) for name in fields} == fields


def test_a_block_is_one_operation_in_the_order_of_its_calls_and_sql_runs_at_once() -> None:
    op, operations = made()
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_column("a")
        batch_op.execute("UPDATE t SET b = 1")
        batch_op.create_index("ix", ["b"])
    (executed, block) = operations
    assert type(executed).__name__ == "Execute"
    assert [type(part).__name__ for part in block.operations] == ["DropColumn", "CreateIndex"]


def test_a_block_keeps_what_is_said_about_the_rebuild() -> None:
    op, operations = made()
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    arguments: dict[str, Any] = {
        "copy_from": table,
        "table_args": (sa.CheckConstraint("a > 1"),),
        "table_kwargs": {"sqlite_autoincrement": True},
        "reflect_args": (sa.Column("a", sa.Boolean),),
        "reflect_kwargs": {"listeners": []},
        "naming_convention": {"uq": "uq_%(table_name)s"},
        "recreate": "never",
    }
    with op.batch_alter_table("t", partial_reordering=[("a", "b")], **arguments) as batch_op:
        batch_op.drop_column("b")
    assert {name: getattr(operations[0], name) for name in arguments} == arguments
    assert operations[0].partial_reordering == (("a", "b"),)


def test_places_of_columns_are_noted() -> None:
    op, operations = made()
    with op.batch_alter_table("t", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("c", sa.Integer), insert_before="b")
        batch_op.alter_column("a", nullable=True, insert_after="c")
        batch_op.add_column(sa.Column("d", sa.Integer))
    assert operations[0].positions == {"c": ("b", None), "a": (None, "c")}


@pytest.mark.parametrize(("recreate", "count"), [("auto", 0), ("never", 0), ("always", 1)])
def test_an_empty_block_counts_only_when_it_rebuilds(recreate: str, count: int) -> None:
    op, operations = made()
    with op.batch_alter_table("t", recreate=recreate):
        pass
    assert len(operations) == count


def test_a_block_that_raises_records_nothing() -> None:
    op, operations = made()

    def fail() -> None:
        with op.batch_alter_table("t") as batch_op:
            batch_op.drop_column("a")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert operations == []


def test_names_in_a_block_follow_the_convention_of_the_project() -> None:
    op, operations = made(CONVENTION)
    with op.batch_alter_table("t", naming_convention={"ck": "other"}) as batch_op:
        batch_op.drop_constraint("positive", type_="check")
        batch_op.drop_constraint(batch_op.f("final"), type_="check")
    assert [part.constraint.name for part in operations[0].operations] == ["ck_t_positive", "final"]


def test_what_is_about_another_table_does_not_wait_for_the_block() -> None:
    op, operations = made()
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_column("a")
        batch_op.invoke(names.DropColumnOp("other", "a"))
        batch_op.invoke(names.CreateIndexOp("ix", "t", ["a"]))
    assert [operation.subject for operation in operations] == ["other.a", "t"]
    assert len(operations[1].operations) == 2


def test_a_block_offers_bind_and_context() -> None:
    funnel = CollectingFunnel()
    with made()[0].__class__(funnel).batch_alter_table("t") as batch_op:
        assert batch_op.get_bind() is funnel.bind
        assert batch_op.get_context() is batch_op.migration_context is funnel.context
        assert batch_op.impl is funnel.context.impl


WRONG: list[tuple[Call, str]] = [
    (lambda b: b.add_column(sa.Column("c", sa.Integer), schema="s"), "unexpected keyword argument 'schema'"),
    (lambda b: b.create_index("ix", ["a"], schema="other"), "takes the table and schema of the block"),
    (lambda b: b.drop_index("ix", table_name="t"), "takes the table and schema of the block"),
    (lambda b: b.create_foreign_key("fk", "o", ["a"], ["b"], source_schema="s"), "no source_schema"),
    (lambda b: b.alter_column("c", nulable=True), "did you mean 'nullable'"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_wrong_arguments_in_a_block(call: Call, message: str) -> None:
    op, operations = made()
    with pytest.raises(TypeError, match=message), op.batch_alter_table("t") as batch_op:
        call(batch_op)
    assert operations == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [({"recreate": True}, ValueError), ({"recreate": "x"}, ValueError), ({"copy_from": "t"}, TypeError)],
)
def test_wrong_arguments_of_a_block(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match="batch_alter_table"), made()[0].batch_alter_table("t", **arguments):
        pass


@pytest.mark.parametrize("name", ["bulk_insert", "create_table", "drop_table", "rename_table", "add_colum"])
def test_a_block_has_no_functions_for_other_tables(name: str) -> None:
    with made()[0].batch_alter_table("t") as batch_op, pytest.raises(AttributeError, match=f"no function '{name}'"):
        getattr(batch_op, name)
