"""Whatever Alembic's functions and constructors accept, ours accept by the same names and in the same order."""

from __future__ import annotations

import inspect
from typing import Any

import alembic.operations
import pytest
from alembic.operations import ops as alembic_ops

from sqlgen.operations import BatchOperations, Operations, names, op

#: How Alembic itself installs its functions.
NOT_OURS = {"create_module_class_proxy"}


def functions(cls: type) -> list[str]:
    return [
        name for name in dir(cls) if not name.startswith("_") and name not in NOT_OURS and callable(getattr(cls, name))
    ]


def shape(function: Any) -> list[tuple[str, Any]]:
    return [(name, parameter.kind) for name, parameter in inspect.signature(function).parameters.items()]


def defaults(function: Any) -> dict[str, Any]:
    """Return the defaults; an immutable mapping equals any other that is empty."""
    parameters = inspect.signature(function).parameters.items()
    return {name: parameter.default or bool(parameter.default) for name, parameter in parameters}


PAIRS = [
    *((alembic.operations.Operations, Operations, name) for name in functions(alembic.operations.Operations)),
    *(
        (alembic.operations.BatchOperations, BatchOperations, name)
        for name in functions(alembic.operations.BatchOperations)
    ),
]


@pytest.mark.parametrize(("theirs", "ours", "name"), PAIRS)
def test_functions_have_the_same_parameters(theirs: type, ours: type, name: str) -> None:
    assert shape(getattr(ours, name)) == shape(getattr(theirs, name))
    assert defaults(getattr(ours, name)) == defaults(getattr(theirs, name))


def test_the_module_has_every_function_of_theirs() -> None:
    theirs = {name for name in dir(alembic.op) if not name.startswith("_")}
    assert theirs - NOT_OURS <= set(dir(op))


@pytest.mark.parametrize("name", functions(alembic.operations.Operations))
def test_functions_of_the_module_have_the_same_parameters(name: str) -> None:
    theirs = shape(getattr(alembic.operations.Operations, name))
    assert shape(getattr(op, name)) == [parameter for parameter in theirs if parameter[0] != "self"]


CLASSES = [
    name
    for name, cls in vars(alembic_ops).items()
    if inspect.isclass(cls) and cls.__module__ == alembic_ops.__name__ and "__init__" in vars(cls)
]


@pytest.mark.parametrize("name", CLASSES)
def test_constructors_have_the_same_parameters(name: str) -> None:
    assert dict(shape(getattr(names, name))) == dict(shape(getattr(alembic_ops, name)))


def test_every_name_is_exported() -> None:
    assert set(CLASSES) | {"AddConstraintOp", "MigrateOperation"} <= set(names.__all__)
