"""``op`` as revisions import it: a module whose functions act on the run at hand.

Helper modules import ``op``, or a function of it, once; runs come and go. So each function looks up the operations
at work when it is called.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache, wraps
from types import ModuleType
from typing import Any

from ..errors import OutsideRun
from .op import Operations
from .running import current

#: Functions that need no run: they are about the class.
_OF_THE_CLASS = ("context", "implementation_for", "register_operation")
#: What ``Operations`` has for its own use.
_OWN = ("funnel", "impl", "migration_context", "record", "skeletons")


class OpModule(ModuleType):
    """A module with the public functions of ``Operations``, those of plug-ins included.

    Raises AttributeError for a name that ``Operations`` does not have, OutsideRun when a function is called while
    no revision is being run.
    """

    Operations = Operations

    def __getattr__(self, name: str) -> Any:
        if name in _OF_THE_CLASS:
            return getattr(Operations, name)
        function = None if name.startswith("_") else getattr(Operations, name, None)
        if not inspect.isfunction(function):
            raise AttributeError(f"module {self.__name__!r} has no function {name!r}", name=name, obj=self)
        return _forward(name, function)

    def __dir__(self) -> list[str]:
        public = [name for name in dir(Operations) if not name.startswith("_") and name not in _OWN]
        return sorted({*public, "Operations"})


@cache
def _forward(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that calls the one of this name on the operations at work."""

    @wraps(function)
    def forward(*args: Any, **kw: Any) -> Any:
        operations = current()
        if operations is None:
            raise OutsideRun(
                f"op.{name}() was called, and op functions work only while a revision is being run",
                hint="Call it inside upgrade() or downgrade(), not when the module is imported.",
            )
        return getattr(operations, name)(*args, **kw)

    parameters = list(inspect.signature(function).parameters.values())[1:]
    forward.__signature__ = inspect.signature(function).replace(parameters=parameters)  # type: ignore[attr-defined]
    return forward


#: What ``from sqlgen import op`` gives, and ``from alembic import op`` while revisions are loaded.
op = OpModule("sqlgen.op", __doc__)
