"""Operations that others define: the base class they build on, and what performs each of them.

A plug-in writes a class, gives it a function on ``op`` (``Operations.register_operation``) and says what it does
(``Operations.implementation_for``). The second of these is kept here; the first is a matter of the class itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, TypeVar

from ..errors import RenderError

#: Performs an operation: called with the ``Operations`` at work and the operation.
Implementation = Callable[..., Any]
FunctionT = TypeVar("FunctionT", bound=Implementation)


class MigrateOperation:
    """What every operation object derives from, sqlgen's own and those of plug-ins."""

    @cached_property
    def info(self) -> dict[Any, Any]:
        """A dictionary in which anybody may note anything about this operation."""
        return {}

    def reverse(self) -> MigrateOperation:
        """Return the operation that undoes this one. Raises NotImplementedError where a class has none."""
        raise NotImplementedError(f"{type(self).__name__} has no reverse()")

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return the operation as a tuple to compare. Raises NotImplementedError where a class has none."""
        raise NotImplementedError(f"{type(self).__name__} has no to_diff_tuple()")


class Implementations:
    """Which function performs an operation of which class."""

    def __init__(self) -> None:
        self._functions: dict[type, Implementation] = {}

    def register(self, op_cls: type, *, replace: bool = False) -> Callable[[FunctionT], FunctionT]:
        """Return a decorator that makes a function perform operations of this class and of its subclasses.

        A module may be executed again, so the same function (by file and line) replaces itself.
        Raises RenderError for a second, different function, unless ``replace`` is true.
        """

        def decorate(function: FunctionT) -> FunctionT:
            known = self._functions.get(op_cls)
            if known is not None and not replace and _origin(known) != _origin(function):
                raise RenderError(
                    f"two functions want to perform {op_cls.__name__}: {_shown(known)} and {_shown(function)}",
                    hint="Say implementation_for(…, replace=True) where the second one is meant to win.",
                )
            self._functions[op_cls] = function
            return function

        return decorate

    def find(self, operation: object) -> Implementation:
        """Return the function for an operation: that of its class, else of its nearest base class.

        Raises RenderError when there is none.
        """
        for cls in type(operation).__mro__:
            if cls in self._functions:
                return self._functions[cls]
        name = type(operation).__name__
        raise RenderError(
            f"nothing tells how to perform {name}",
            hint=f"Write a function for it under @Operations.implementation_for({name}), "
            "and import its module from env.py or from the revision.",
        )


def _origin(function: Implementation) -> object:
    """Return what tells apart two functions, but not two executions of one ``def``."""
    code = getattr(function, "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code is not None else function


def _shown(function: Implementation) -> str:
    """Return a function's module and name for a message."""
    return f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', function)}"


#: One registry for ``op`` and ``batch_op``, as plug-ins expect.
IMPLEMENTATIONS: Final = Implementations()
