from __future__ import annotations

import inspect
import threading
from typing import Any

import pytest

from sqlgen.errors import CommandError, OutsideRun
from sqlgen.operations import Operations, bound, current, op

from .funnel import CollectingFunnel, made

add_constraint_early = op.create_unique_constraint  # as helper modules do, before any run


def test_outside_a_run_the_call_is_named() -> None:
    with pytest.raises(OutsideRun, match=r"op\.execute\(\) was called") as caught:
        op.execute("SELECT 1")
    assert "inside upgrade" in caught.value.hint
    assert isinstance(caught.value, (CommandError, NameError))


def test_a_function_imported_early_acts_on_the_run_at_hand() -> None:
    for _ in range(2):
        operations, recorded = made()
        with bound(operations):
            add_constraint_early("uq", "t", ["a"])
        assert [operation.subject for operation in recorded] == ["t"]


def test_runs_may_be_nested() -> None:
    (outer, outer_recorded), (inner, inner_recorded) = made(), made()
    with bound(outer):
        with bound(inner):
            op.execute("inner")
        op.execute("outer")
        assert current() is outer
    assert current() is None
    assert [[part.statement for part in recorded] for recorded in (outer_recorded, inner_recorded)] == [
        ["outer"],
        ["inner"],
    ]


def test_a_run_that_raises_is_over() -> None:
    with pytest.raises(LookupError), bound(made()[0]):
        raise LookupError
    assert current() is None


def test_threads_do_not_share_a_run() -> None:
    seen: list[Any] = []
    with bound(made()[0]):
        thread = threading.Thread(target=lambda: seen.append(current()))
        thread.start()
        thread.join()
    assert seen == [None]


def test_blocks_work_through_the_module() -> None:
    operations, recorded = made()
    with bound(operations), op.batch_alter_table("t") as batch_op:
        batch_op.drop_column("a")
    assert len(recorded) == 1


def test_a_migration_context_can_be_bound() -> None:
    funnel = CollectingFunnel()
    with op.context(funnel.context) as operations:
        op.execute("SELECT 1")
    assert isinstance(operations, Operations)
    assert len(funnel.operations) == 1


def test_the_functions_have_names_texts_and_parameters() -> None:
    assert op.add_column.__name__ == "add_column"
    assert op.add_column.__doc__ == Operations.add_column.__doc__
    assert "self" not in inspect.signature(op.add_column).parameters


@pytest.mark.parametrize("name", ["nosuch", "_impl", "funnel", "record_", "impl", "migration_context"])
def test_the_module_has_no_other_names(name: str) -> None:
    with pytest.raises(AttributeError, match=f"no function '{name}'"):
        getattr(op, name)
    assert name not in dir(op)
