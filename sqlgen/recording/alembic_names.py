"""The import names of Alembic that revisions, env.py files and libraries use, served by us.

While a project is loaded, ``import alembic`` and everything below it finds the modules made here, whether Alembic is
installed or not. Names with a meaning in a script work; names that only autogenerate or a live database needs can be
imported, subclassed and used as decorators, and say what they are when they are called.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum, IntEnum
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, ClassVar

from ..errors import (
    CommandError,
    CycleDetected,
    DependencyCycleDetected,
    DependencyLoopDetected,
    LoopDetected,
    MultipleHeads,
    RangeNotAncestorError,
    RenderError,
    ResolutionError,
    RevisionError,
)
from ..operations import BatchOperations, MigrateOperation, Operations, names, op
from ..operations.base import BaseOperations
from ..operations.schema_ops import record
from ..revisions import Revision, RevisionGraph
from .environment import Environment, MigrationContext, context
from .script_directory import FileConfig, ScriptDirectory

ROOT = "alembic"
PACKAGES = (
    "autogenerate",
    "autogenerate.compare",
    "ddl",
    "ext",
    "operations",
    "runtime",
    "script",
    "util",
    "templates",
)


class StandIn:
    """A class of Alembic's that has no work to do while scripts are rendered; it may be subclassed."""

    def __init__(self, *_: Any, **__: Any) -> None:
        cls = type(self)
        raise RenderError(
            f"{cls.__module__}.{cls.__qualname__} needs Alembic itself",
            hint="Rendering serves Alembic's import names, and no autogenerate, command or live database.",
        )

    def __class_getitem__(cls, _item: Any) -> type[StandIn]:
        return cls


class DispatchPriority(IntEnum):
    """When a comparator of a library has its turn; plug-ins name one when they register theirs."""

    FIRST = 50
    MEDIUM = 25
    LAST = 10


class PriorityDispatchResult(Enum):
    """What a comparator says about those after it."""

    CONTINUE = 1
    STOP = 2


class Dispatcher:
    """A registry of functions by class, filled through decorators; nothing is ever dispatched here."""

    def __init__(self, uselist: bool = False) -> None:
        self.registry: dict[Any, list[Callable[..., Any]]] = {}

    def dispatch_for(self, target: Any, *_: Any, **__: Any) -> Callable[[Any], Any]:
        """Return a decorator that registers a function."""

        def decorate(function: Any) -> Any:
            self.registry.setdefault(target, []).append(function)
            return function

        return decorate

    dispatch = branch = lambda self, *_, **__: self


class Rewriter:
    """A chain of rewriting rules for autogenerate; it can be filled, and has nothing to rewrite."""

    def rewrites(self, *_: Any, **__: Any) -> Callable[[Any], Any]:
        """Return a decorator that accepts a rule."""
        return lambda function: function

    def chain(self, _other: Any) -> Rewriter:
        """Return the chain."""
        return self

    def __call__(self, *_: Any, **__: Any) -> None:
        """Rewrite nothing."""


class ImplMeta(type):
    """Notes the dialects that libraries write implementations for."""

    known: ClassVar[dict[str, type]] = {}

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
        super().__init__(name, bases, namespace)
        if "__dialect__" in namespace:
            ImplMeta.known[str(namespace["__dialect__"])] = cls


class DefaultImpl(metaclass=ImplMeta):
    """The class that libraries derive from to teach Alembic a database; our dialects print instead."""

    transactional_ddl = False


class ServedModule(ModuleType):
    """A module of Alembic's name. What it does not hold is a :class:`StandIn` of that name, made when asked for."""

    def __init__(self, name: str, members: dict[str, Any], fallback: Any = None) -> None:
        super().__init__(name, "Served by sqlgen while a project is rendered.")
        self.__dict__.update(members)
        self._fallback = fallback

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._fallback is not None:
            return getattr(self._fallback, name)
        if f"{self.__name__}.{name}"[len(ROOT) + 1 :] in MODULES:
            return import_module(f"{self.__name__}.{name}")
        made: Any = (
            type(name, (StandIn,), {"__module__": self.__name__}) if name[:1].isupper() else _refusing(self, name)
        )
        setattr(self, name, made)
        return made


def _refusing(module: ServedModule, name: str) -> Callable[..., Any]:
    def call(*_: Any, **__: Any) -> Any:
        raise RenderError(
            f"{module.__name__}.{name}() needs Alembic itself",
            hint="Rendering serves Alembic's import names, and no autogenerate, command or live database.",
        )

    call.__name__ = call.__qualname__ = name
    return call


def to_list(value: Any, default: Any = None) -> Any:
    """Return a value as a list: None as ``default``, a string or single object as a list of one."""
    if value is None:
        return default
    if not isinstance(value, (str, bytes)) and hasattr(value, "__iter__"):
        return list(value)
    return [value]


def to_tuple(value: Any, default: Any = None) -> Any:
    """Return a value as a tuple, by the rules of :func:`to_list`."""
    listed = to_list(value)
    return default if listed is None else tuple(listed)


def message(text: Any, *_: Any, **__: Any) -> None:
    """Print for the person who runs the command, on stderr: stdout carries SQL only."""
    print(text, file=sys.stderr)


def warn(text: str, stacklevel: int = 2) -> None:
    """Warn as Python does."""
    warnings.warn(text, stacklevel=stacklevel + 1)


ERRORS: dict[str, Any] = {
    "CommandError": CommandError,
    "CycleDetected": CycleDetected,
    "DependencyCycleDetected": DependencyCycleDetected,
    "DependencyLoopDetected": DependencyLoopDetected,
    "LoopDetected": LoopDetected,
    "MultipleHeads": MultipleHeads,
    "RangeNotAncestorError": RangeNotAncestorError,
    "ResolutionError": ResolutionError,
    "RevisionError": RevisionError,
}
OPERATIONS: dict[str, Any] = {
    "AbstractOperations": BaseOperations,
    "BatchOperations": BatchOperations,
    "MigrateOperation": MigrateOperation,
    "Operations": Operations,
    "ops": names,
}
PLUGINS: dict[str, Any] = {
    "DispatchPriority": DispatchPriority,
    "PriorityDispatcher": Dispatcher,
    "PriorityDispatchResult": PriorityDispatchResult,
}
UTIL: dict[str, Any] = {
    **PLUGINS,
    "CommandError": CommandError,
    "Dispatcher": Dispatcher,
    "immutabledict": dict,
    "msg": message,
    "to_list": to_list,
    "to_tuple": to_tuple,
    "sqla_14": True,
    "sqla_2": True,
    "warn": warn,
}
AUTOGENERATE: dict[str, Any] = {
    "Rewriter": Rewriter,
    "comparators": Dispatcher(),
    "renderers": Dispatcher(),
}
#: Code that replaces how an operation is performed calls these for what was there before.
PERFORMED = (
    *("create_table", "drop_table", "rename_table", "create_table_comment", "drop_table_comment"),
    *("add_column", "drop_column", "alter_column", "create_index", "drop_index"),
    *("create_constraint", "drop_constraint", "bulk_insert", "execute_sql"),
)
RUNTIME: dict[str, Any] = {
    "EnvironmentContext": Environment,
    "MigrationContext": MigrationContext,
}
DDL: dict[str, Any] = {"DefaultImpl": DefaultImpl, "ImplMeta": ImplMeta}
REVISIONS: dict[str, Any] = {"Revision": Revision, "RevisionMap": RevisionGraph, "Script": Revision, **ERRORS}
HOOKS: dict[str, Any] = {"register": lambda _name: lambda function: function}

MEMBERS: dict[str, dict[str, Any]] = {
    "": {"__version__": "1.20.0"},
    "autogenerate": AUTOGENERATE,
    "autogenerate.api": AUTOGENERATE,
    "autogenerate.compare": AUTOGENERATE,
    "autogenerate.render": AUTOGENERATE,
    "autogenerate.rewriter": AUTOGENERATE,
    "config": {"Config": FileConfig},
    "ddl": DDL,
    "ddl.impl": DDL,
    "environment": RUNTIME,
    "migration": RUNTIME,
    "operations": OPERATIONS,
    "operations.base": OPERATIONS,
    "operations.toimpl": dict.fromkeys(PERFORMED, record),
    "operations.ops": {name: getattr(names, name) for name in dir(names) if not name.startswith("_")},
    "runtime.environment": RUNTIME,
    "runtime.migration": RUNTIME,
    "runtime.plugins": PLUGINS,
    "script": {"ScriptDirectory": ScriptDirectory, **REVISIONS},
    "script.base": {"ScriptDirectory": ScriptDirectory, **REVISIONS},
    "script.revision": REVISIONS,
    "script.write_hooks": HOOKS,
    "util": UTIL,
    "util.exc": ERRORS,
    "util.langhelpers": UTIL,
    "util.messaging": UTIL,
}
FALLBACKS: dict[str, Any] = {"op": op, "context": context}
#: Names below ``alembic`` that are modules, whether they hold something or not.
MODULES = frozenset([*MEMBERS, *PACKAGES, *FALLBACKS, "command", "ddl.base", "testing"])
DIALECT_IMPL = re.compile(r"ddl\.\w+")


class Served(MetaPathFinder, Loader):
    """Finds ``alembic`` and every module below it, before anything installed."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a served module, None for everything that is not Alembic's."""
        if fullname != ROOT and not fullname.startswith(f"{ROOT}."):
            return None
        return ModuleSpec(fullname, self, is_package=fullname == ROOT or fullname[len(ROOT) + 1 :] in PACKAGES)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module."""
        name = spec.name[len(ROOT) + 1 :]
        return ServedModule(spec.name, members_of(name), FALLBACKS.get(name))

    def exec_module(self, module: ModuleType) -> None:
        """A served module is complete once it is made; the root gets the modules that Alembic itself imports."""
        if module.__name__ == ROOT:
            for name in ("op", "context"):
                setattr(module, name, __import__(f"{ROOT}.{name}", fromlist=["_"]))


def members_of(name: str) -> dict[str, Any]:
    """Return what a served module holds; the module of one database holds its ``…Impl`` class as DefaultImpl."""
    return dict(MEMBERS.get(name, DDL if DIALECT_IMPL.match(name) else {}))


FINDER = Served()


def serve_alembic() -> None:
    """Serve Alembic's import names for the rest of this process. May be called again."""
    if FINDER not in sys.meta_path:
        _take_away()
        sys.meta_path.insert(0, FINDER)


@contextmanager
def served() -> Iterator[None]:
    """Serve Alembic's import names while the block runs, and leave ``sys.modules`` as it was."""
    if FINDER in sys.meta_path:
        yield
        return
    before = _take_away()
    sys.meta_path.insert(0, FINDER)
    sys.modules.update(_SERVED)
    try:
        yield
    finally:
        sys.meta_path.remove(FINDER)
        _SERVED.update(_take_away())
        sys.modules.update(before)


_SERVED: dict[str, ModuleType] = {}


def _take_away() -> dict[str, ModuleType]:
    """Remove Alembic's modules from ``sys.modules`` and return them."""
    found = [name for name in sys.modules if name == ROOT or name.startswith(f"{ROOT}.")]
    return {name: sys.modules.pop(name) for name in found}
