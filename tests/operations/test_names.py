"""Operation objects under Alembic's names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen.operations import model, names
from sqlgen.operations.exclude import ExcludeConstraint

from .funnel import CONVENTION, made, table_text

COLUMN = sa.Column("a", sa.Integer)
TABLE = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, index=True), sa.UniqueConstraint("a"), schema="s")

INVOKED: list[tuple[names.MigrateOperation, type[model.Operation]]] = [
    (names.CreateTableOp("t", [COLUMN], schema="s"), model.CreateTable),
    (names.DropTableOp("t"), model.DropTable),
    (names.RenameTableOp("t", "u"), model.RenameTable),
    (names.AddColumnOp("t", COLUMN), model.AddColumn),
    (names.DropColumnOp("t", "a"), model.DropColumn),
    (names.AlterColumnOp("t", "a", modify_nullable=True), model.AlterColumn),
    (names.CreateIndexOp("ix", "t", ["a"]), model.CreateIndex),
    (names.DropIndexOp("ix"), model.DropIndex),
    (names.CreatePrimaryKeyOp("pk", "t", ["a"]), model.AddConstraint),
    (names.CreateUniqueConstraintOp("uq", "t", ["a"]), model.AddConstraint),
    (names.CreateCheckConstraintOp("ck", "t", "a > 1"), model.AddConstraint),
    (names.CreateForeignKeyOp("fk", "t", "u", ["a"], ["b"]), model.AddConstraint),
    (names.CreateExcludeConstraintOp("ex", "t", [("a", "=")]), model.AddConstraint),
    (names.DropConstraintOp("ck", "t"), model.DropConstraint),
    (names.CreateTableCommentOp("t", "c"), model.SetTableComment),
    (names.DropTableCommentOp("t"), model.DropTableComment),
    (names.BulkInsertOp(sa.table("t", sa.column("a")), [{"a": 1}]), model.BulkInsert),
    (names.ExecuteSQLOp("SELECT 1"), model.Execute),
]


@pytest.mark.parametrize(("operation", "kind"), INVOKED)
def test_an_object_records_what_the_function_records(operation: Any, kind: type[model.Operation]) -> None:
    op, operations = made()
    op.invoke(operation)
    assert [type(recorded) for recorded in operations] == [kind]


def test_every_operation_of_the_model_has_an_object() -> None:
    kinds = {kind for _, kind in INVOKED}
    abstract = {model.Operation, model.TableOperation, model.BatchAlter}
    known = {cls for cls in vars(model).values() if isinstance(cls, type) and issubclass(cls, model.Operation)}
    assert known - kinds == abstract


def test_a_frozen_operation_can_be_invoked() -> None:
    op, operations = made()
    operation = model.RenameTable(table_name="a", new_table_name="b")
    op.invoke(operation)
    assert operations == [operation]


REVERSED: list[tuple[Any, type]] = [
    (names.CreateTableOp("t", [COLUMN]), names.DropTableOp),
    (names.AddColumnOp("t", COLUMN), names.DropColumnOp),
    (names.CreateIndexOp("ix", "t", ["a"]), names.DropIndexOp),
    (names.CreateUniqueConstraintOp("uq", "t", ["a"]), names.DropConstraintOp),
]


@pytest.mark.parametrize(("operation", "kind"), REVERSED)
def test_creating_and_dropping_are_reverses(operation: Any, kind: type) -> None:
    dropped: Any = operation.reverse()
    assert (type(dropped), dropped.reverse()) == (kind, operation)


@pytest.mark.parametrize(
    "operation",
    [names.DropTableOp("t"), names.DropColumnOp("t", "a"), names.DropIndexOp("ix"), names.DropConstraintOp("c", "t")],
)
def test_what_was_dropped_unseen_cannot_be_reversed(operation: Any) -> None:
    with pytest.raises(ValueError, match="not reversible"):
        operation.reverse()


def test_renames_and_comments_reverse() -> None:
    assert vars(names.RenameTableOp("a", "b", schema="s").reverse()) == vars(names.RenameTableOp("b", "a", schema="s"))
    comment = names.CreateTableCommentOp("t", "new", existing_comment="old")
    assert comment.reverse().__dict__ == names.CreateTableCommentOp("t", "old", existing_comment="new").__dict__
    assert isinstance(names.CreateTableCommentOp("t", "new").reverse(), names.DropTableCommentOp)
    assert names.DropTableCommentOp("t", existing_comment="old").reverse().comment == "old"


def test_alter_column_reverses_to_what_existed() -> None:
    operation = names.AlterColumnOp(
        "t", "a", modify_name="b", modify_nullable=False, existing_nullable=True, existing_type=sa.Integer()
    )
    back = operation.reverse()
    assert (back.column_name, back.modify_name, back.modify_nullable, back.existing_nullable) == ("b", "a", True, False)
    assert (back.modify_server_default, back.modify_comment, back.modify_type) == (False, False, None)
    assert operation.has_changes()
    assert not names.AlterColumnOp("t", "a", existing_nullable=True).has_changes()


def test_objects_from_a_table() -> None:
    created = names.CreateTableOp.from_table(TABLE)
    without_indexes = TABLE.to_metadata(sa.MetaData())
    without_indexes.indexes.clear()
    assert table_text(created.to_table()) == table_text(without_indexes)
    assert names.DropTableOp.from_table(TABLE).to_table().fullname == "s.t"
    (index,) = TABLE.indexes
    assert names.CreateIndexOp.from_index(index).to_index().name == index.name
    assert names.DropIndexOp.from_index(index).to_index().name == index.name
    with pytest.raises(ValueError, match="belongs to no table"):
        names.CreateIndexOp.from_index(sa.Index("ix", "a"))


def test_objects_from_a_column() -> None:
    dropped = names.DropColumnOp.from_column_and_tablename("s", "t", COLUMN)
    assert (dropped.reverse().table_name, dropped.reverse().schema, dropped.to_column()) == ("t", "s", COLUMN)
    assert names.DropColumnOp("t", "a").to_column().name == "a"
    assert names.AddColumnOp.from_column(TABLE.c.a).schema == "s"


def test_objects_from_a_constraint() -> None:
    exclude = ExcludeConstraint((TABLE.c.a, "="), name="ex", where=TABLE.c.a > 1)
    TABLE.to_metadata(sa.MetaData()).append_constraint(exclude)
    added = names.AddConstraintOp.from_constraint(exclude)
    assert (type(added), added.constraint_name) == (names.CreateExcludeConstraintOp, "ex")
    assert names.DropConstraintOp.from_constraint(exclude).reverse().constraint_name == "ex"
    with pytest.raises(TypeError, match="no operation adds a Constraint"):
        names.AddConstraintOp.from_constraint(sa.Constraint())


def test_objects_use_the_convention_of_a_context() -> None:
    context = SimpleNamespace(opts={"target_metadata": sa.MetaData(naming_convention=CONVENTION)})
    assert names.CreateUniqueConstraintOp(None, "t", ["a"]).to_constraint(context).name == "uq_t_a"
    assert names.DropConstraintOp("ck", "t", "check").to_constraint().name == "ck"
    assert names.AddColumnOp("t", COLUMN).to_column() is COLUMN


def test_containers_hold_and_reverse() -> None:
    added = names.AddColumnOp("t", COLUMN)
    upgrade = names.UpgradeOps([names.ModifyTableOps("t", [added], schema="s"), names.RenameTableOp("a", "b")])
    downgrade = upgrade.reverse()
    first, second = downgrade.ops
    assert (first.__dict__, type(second)) == (names.RenameTableOp("b", "a").__dict__, names.ModifyTableOps)
    assert isinstance(downgrade.reverse(), names.UpgradeOps)
    assert (names.OpContainer().is_empty(), upgrade.is_empty()) == (True, False)


def test_containers_list_the_differences_of_what_they_hold() -> None:
    class Note(names.MigrateOperation):
        def to_diff_tuple(self) -> tuple[str, ...]:
            return ("note",)

    inner = names.OpContainer([Note()])
    assert names.UpgradeOps([inner, names.ModifyTableOps("t", [Note()])]).as_diffs() == [("note",), [("note",)]]


def test_a_migration_script_holds_both_ways() -> None:
    script = names.MigrationScript("r1", names.UpgradeOps(), names.DowngradeOps(), message="m")
    script.upgrade_ops, script.downgrade_ops = names.UpgradeOps([names.DropTableOp("t")]), names.DowngradeOps()
    assert (len(script.upgrade_ops.ops), script.downgrade_ops.ops, script.imports) == (1, [], set())
    assert (script.upgrade_ops_list, script.message) == ([script.upgrade_ops], "m")
