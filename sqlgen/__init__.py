"""SQL scripts for DBAs from Alembic revisions, for six databases, with no database at hand.

The public names are loaded when they are first used: reading a revision graph imports no SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import cli as cli
    from .errors import CommandError as CommandError
    from .errors import CycleDetected as CycleDetected
    from .errors import DependencyCycleDetected as DependencyCycleDetected
    from .errors import DependencyLoopDetected as DependencyLoopDetected
    from .errors import LoopDetected as LoopDetected
    from .errors import MultipleHeads as MultipleHeads
    from .errors import RangeNotAncestorError as RangeNotAncestorError
    from .errors import ResolutionError as ResolutionError
    from .errors import RevisionError as RevisionError
    from .operations import op as op
    from .project import Project as Project
    from .recording.alembic_names import serve_alembic as serve_alembic
    from .recording.api import capture as capture
    from .revisions import Revision as Revision
    from .revisions import RevisionGraph as RevisionGraph

ERRORS = (
    "CommandError",
    "CycleDetected",
    "DependencyCycleDetected",
    "DependencyLoopDetected",
    "LoopDetected",
    "MultipleHeads",
    "RangeNotAncestorError",
    "ResolutionError",
    "RevisionError",
)
HOMES = {
    **dict.fromkeys(ERRORS, "errors"),
    "Project": "project",
    "Revision": "revisions",
    "RevisionGraph": "revisions",
    "capture": "recording.api",
    "op": "operations",
    "serve_alembic": "recording.alembic_names",
}
__all__ = [*HOMES, "cli"]


def __getattr__(name: str) -> Any:
    """Return a public name, loading its home."""
    if name not in __all__:
        raise AttributeError(f"module 'sqlgen' has no attribute {name!r}")
    if name == "cli":
        return import_module(".cli", __name__)
    value = getattr(import_module(f".{HOMES[name]}", __name__), name)
    globals()[name] = value
    return value
