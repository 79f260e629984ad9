"""Scripts: from the statements of a plan to text, and from text to files.

The names are loaded when they are first used: writing a file imports no SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlgen.scripts.files import write_file as write_file
    from sqlgen.scripts.files import write_files as write_files
    from sqlgen.scripts.script import Script as Script
    from sqlgen.scripts.script import ScriptOptions as ScriptOptions
    from sqlgen.scripts.section import Section as Section
    from sqlgen.scripts.texts import write_scripts as write_scripts

HOMES = {
    "Script": "script",
    "ScriptOptions": "script",
    "Section": "section",
    "write_file": "files",
    "write_files": "files",
    "write_scripts": "texts",
}
__all__ = [*HOMES]


def __getattr__(name: str) -> Any:
    """Return a name of the room, loading its home."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = value
    return value
