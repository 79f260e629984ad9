"""Which ``Operations`` the functions of ``op`` act on at this moment.

A context variable and no global: two threads that render two projects must not write into each other's scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_CURRENT: Final[ContextVar[Any]] = ContextVar("sqlgen_current_operations", default=None)


def current() -> Any:
    """Return the operations at work, or None when no revision is being run."""
    return _CURRENT.get()


@contextmanager
def bound(operations: Any) -> Iterator[Any]:
    """Let the functions of ``op`` act on these operations while the block runs. Blocks may be nested."""
    before = _CURRENT.get()
    _CURRENT.set(operations)
    try:
        yield operations
    finally:
        _CURRENT.set(before)
