"""What ``op`` and ``batch_op`` have in common: where operations go, plug-in operations, names and literals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from typing import Any, NoReturn, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.schema import conv
from sqlalchemy.types import TypeEngine, to_instance

from ..errors import RenderError
from .custom import IMPLEMENTATIONS, FunctionT
from .data_ops import ExecuteSQLOp
from .inline import InlineLiteral
from .model import Funnel, Operation
from .running import bound
from .tables import Skeletons

ClassT = TypeVar("ClassT", bound=type)
OperationsT = TypeVar("OperationsT", bound="BaseOperations")


class HasFunnel(Protocol):
    """A migration context as far as it matters here."""

    @property
    def funnel(self) -> Funnel:
        """Where its operations go."""


class BaseOperations:
    """Builds operations and hands them to a funnel.

    ``funnel`` is that, or the migration context that has one as its ``funnel``, because plug-ins and env.py write
    ``Operations(context)``. Raises TypeError for anything else.
    """

    def __init__(self, funnel: Funnel | HasFunnel, impl: Any = None) -> None:
        inner: Any = funnel if hasattr(funnel, "record") else getattr(funnel, "funnel", None)
        if inner is None:
            raise TypeError(f"{type(self).__name__}() needs the migration context of a run, not {funnel!r}")
        self.funnel: Funnel = inner
        self._impl = impl

    def __getattr__(self, name: str) -> NoReturn:
        known = [known for known in dir(type(self)) if not known.startswith("_")]
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]!r}?" if near else "a plug-in that adds it must be imported first"
        raise AttributeError(f"{type(self).__name__} has no function {name!r}; {meant}", name=name, obj=self)

    @property
    def migration_context(self) -> Any:
        """The migration context of the run."""
        return self.funnel.context

    @property
    def impl(self) -> Any:
        """What the migration context offers as ``impl``; plug-ins ask it for the dialect and run SQL by it."""
        return self._impl if self._impl is not None else self.migration_context.impl

    @property
    def skeletons(self) -> Skeletons:
        """Makes tables and constraints whose names follow the project's naming convention."""
        return Skeletons(self.funnel.naming_convention)

    def record(self, operation: Operation) -> None:
        """Hand over an operation that is frozen data."""
        self.funnel.record(operation)

    def invoke(self, operation: Any) -> Any:
        """Perform an operation object and return what the function that performs it returns.

        Raises RenderError when nothing is known to perform objects of its class.
        """
        if isinstance(operation, Operation):
            return self.record(operation)
        return IMPLEMENTATIONS.find(operation)(self, operation)

    def execute(self, sqltext: sa.Executable | str, *, execution_options: Mapping[str, Any] | None = None) -> None:
        """Run text or a SQLAlchemy statement. Raises TypeError for anything else."""
        self.invoke(ExecuteSQLOp(sqltext, execution_options=execution_options))

    def f(self, name: str) -> conv:
        """Return a name that is final: naming conventions leave it as it is."""
        return conv(name)

    def inline_literal(self, value: Any, type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None) -> InlineLiteral:
        """Return a value that is printed into the statement by its own type, whatever the column's type is."""
        return InlineLiteral(None, value, type_=None if type_ is None else to_instance(type_), unique=True)

    def get_bind(self) -> sa.Connection:
        """Return the connection that records."""
        return self.funnel.bind

    def get_context(self) -> Any:
        """Return the migration context of the run."""
        return self.funnel.context

    def run_async(self, async_function: Callable[..., Awaitable[Any]], *args: Any, **kw_args: Any) -> NoReturn:
        """Refuse: what a coroutine does to an asynchronous connection cannot be recorded. Raises RenderError."""
        name = getattr(async_function, "__qualname__", repr(async_function))
        raise self.funnel.failed(
            RenderError(
                f"op.run_async({name}) cannot be rendered: there is no asynchronous connection in a script",
                hint="Write the same statements with op.execute(…) or op.get_bind().execute(…).",
            )
        )

    @classmethod
    @contextmanager
    def context(cls: type[OperationsT], migration_context: Funnel | HasFunnel) -> Iterator[OperationsT]:
        """Let the functions of ``op`` act on this migration context while the block runs."""
        operations = cls(migration_context)
        with bound(operations):
            yield operations

    @classmethod
    def register_operation(cls, name: str, sourcename: str | None = None) -> Callable[[ClassT], ClassT]:
        """Return a class decorator that adds a function of this name to ``op`` (or ``batch_op``).

        It calls the class method of the same name, or ``sourcename``, with the operations and its arguments.
        Raises AttributeError when the class has no such method.
        """

        def decorate(op_cls: ClassT) -> ClassT:
            source = getattr(op_cls, sourcename or name)

            @wraps(source)
            def function(self: BaseOperations, *args: Any, **kw: Any) -> Any:
                return source(self, *args, **kw)

            function.__name__ = name
            setattr(cls, name, function)
            return op_cls

        return decorate

    @classmethod
    def implementation_for(cls, op_cls: Any, replace: bool = False) -> Callable[[FunctionT], FunctionT]:
        """Return a decorator for the function that performs operations of a class.

        It is called with the operations and the operation. Raises RenderError for a second one without ``replace``.
        """
        return IMPLEMENTATIONS.register(op_cls, replace=replace)
