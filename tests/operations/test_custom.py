"""Operations of plug-ins, written as real ones write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen.errors import RenderError
from sqlgen.operations import BatchOperations, MigrateOperation, Operations, bound, model, names, op
from sqlgen.operations.custom import IMPLEMENTATIONS

from .funnel import made


@pytest.fixture(autouse=True)
def _registered_for_one_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(IMPLEMENTATIONS, "_functions", dict(IMPLEMENTATIONS._functions))
    before = {cls: set(vars(cls)) for cls in (Operations, BatchOperations)}
    yield
    for cls, kept in before.items():
        for name in set(vars(cls)) - kept:
            delattr(cls, name)


class ReplaceableOp(MigrateOperation):
    """A view, say."""

    def __init__(self, target: str) -> None:
        self.target = target

    @classmethod
    def create_view(cls, operations: Any, target: str, *, replace: bool = False) -> Any:
        """Create a view."""
        return operations.invoke(cls(f"OR REPLACE {target}" if replace else target))

    def reverse(self) -> MigrateOperation:
        return DropViewOp(self.target)


class DropViewOp(ReplaceableOp):
    """Its opposite."""


def install() -> None:
    Operations.register_operation("create_view")(ReplaceableOp)
    Operations.register_operation("make_view", "create_view")(ReplaceableOp)
    BatchOperations.register_operation("create_view")(ReplaceableOp)

    @Operations.implementation_for(ReplaceableOp)
    def create(operations: Any, operation: ReplaceableOp) -> str:
        operations.execute(sa.text(f"CREATE VIEW {operation.target}"))
        return operation.target

    @Operations.implementation_for(DropViewOp)
    def drop(operations: Any, operation: DropViewOp) -> None:
        assert operations.get_bind() is not None
        operations.execute(f"DROP VIEW {operation.target}")


def test_a_plug_in_adds_a_function() -> None:
    install()
    operations, recorded = made()
    assert operations.create_view("v", replace=True) == "OR REPLACE v"
    assert operations.make_view("w") == "w"
    assert [str(operation.statement) for operation in recorded] == ["CREATE VIEW OR REPLACE v", "CREATE VIEW w"]


def test_the_function_appears_on_the_module() -> None:
    assert not hasattr(op, "create_view")
    install()
    operations, recorded = made()
    with bound(operations):
        assert op.create_view("v") == "v"
    assert op.create_view.__doc__ == "Create a view."
    assert "create_view" in dir(op)
    assert len(recorded) == 1


def test_the_function_appears_in_blocks() -> None:
    install()
    operations, recorded = made()
    with operations.batch_alter_table("t") as batch_op:
        batch_op.create_view("v")
    assert [str(part.statement) for part in recorded] == ["CREATE VIEW v"]


def test_the_reverse_can_be_invoked() -> None:
    install()
    operations, recorded = made()
    operations.invoke(ReplaceableOp("v").reverse())
    assert recorded[0].statement == "DROP VIEW v"


def test_a_subclass_is_performed_like_its_base() -> None:
    install()
    operations, recorded = made()
    assert operations.invoke(type("ViewOp", (ReplaceableOp,), {})("v")) == "v"
    assert len(recorded) == 1


@pytest.mark.parametrize("operation", [ReplaceableOp("v"), "text", names.UpgradeOps()])
def test_what_nobody_performs_is_an_error(operation: Any) -> None:
    with pytest.raises(RenderError, match=f"how to perform {type(operation).__name__}"):
        made()[0].invoke(operation)


def test_a_second_implementation_must_say_that_it_replaces() -> None:
    install()
    with pytest.raises(RenderError, match="two functions want to perform ReplaceableOp"):
        Operations.implementation_for(ReplaceableOp)(lambda operations, operation: "mine")
    Operations.implementation_for(ReplaceableOp, replace=True)(lambda operations, operation: "mine")
    assert made()[0].invoke(ReplaceableOp("v")) == "mine"


def test_a_module_may_be_executed_again() -> None:
    install()
    install()
    assert made()[0].invoke(ReplaceableOp("v")) == "v"


def test_a_class_without_the_function_cannot_be_registered() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        Operations.register_operation("no_such")(ReplaceableOp)


def test_a_plug_in_may_take_over_a_function_of_ours() -> None:
    @Operations.implementation_for(names.DropTableOp, replace=True)
    def rename(operations: Any, operation: names.DropTableOp) -> None:
        operations.rename_table(operation.table_name, "kept")

    operations, recorded = made()
    operations.drop_table("t")
    assert [type(operation) for operation in recorded] == [model.RenameTable]


def test_the_base_class_promises_little() -> None:
    operation = MigrateOperation()
    operation.info["a"] = 1
    assert operation.info == {"a": 1}
    for function in (operation.reverse, operation.to_diff_tuple):
        with pytest.raises(NotImplementedError):
            function()
