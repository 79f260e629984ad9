"""Executing revision files and env.py, with errors that name the user's own line."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from ..errors import CommandError, LoadError, Source

SQLALCHEMY = f"{Path(sa.__file__).parent}/"


def load_module(path: Path, shown: str, *, hint: str = "") -> ModuleType:
    """Execute a file as a module of its own and return it.

    Raises :class:`LoadError` that names the line inside the file (or the file itself), the error, and what to do;
    errors of ours pass through with the place filled in.
    """
    spec = importlib.util.spec_from_file_location(f"{path.stem}_{path.suffix.lstrip('.')}", path)
    if spec is None or spec.loader is None:
        raise LoadError("this file is not Python", place=Source(shown))
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except CommandError as error:
        raise error.at(shown, line_in(error, path)) from error
    except Exception as error:
        raise load_error(error, path, shown, hint) from error
    return module


def load_error(error: BaseException, path: Path, shown: str, hint: str = "") -> LoadError:
    """Return any exception that arose while a file was executed as a :class:`LoadError`."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return LoadError(f"not valid Python: {error.msg}", place=Source(shown, error.lineno or 0), hint=hint)
    where = Source(shown, line_in(error, path))
    if isinstance(error, ModuleNotFoundError):
        module = (error.name or "").partition(".")[0]
        return LoadError(
            f"module {error.name!r} is not installed here",
            place=where,
            hint=f"Install what the project imports ({module}) beside sqlgen, or put its folder into prepend_sys_path."
            + (f" {hint}" if hint else ""),
        )
    deepest = traceback.extract_tb(error.__traceback__)[-1:]
    inside = (
        f" (raised in {deepest[0].filename}:{deepest[0].lineno})"
        if deepest and deepest[0].filename != str(path)
        else ""
    )
    return LoadError(f"{type(error).__name__}: {error}{inside}", place=where, hint=hint)


def lacks_driver(error: BaseException, path: Path) -> bool:
    """Tell whether a file itself asked SQLAlchemy for an engine whose driver is not installed."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    callers = [file for file in files if not file.startswith((SQLALCHEMY, "<"))]
    own = callers[-1:] == [str(path)] and files[-1] != str(path)
    return own and isinstance(error, ModuleNotFoundError)


def line_in(error: BaseException, path: Path) -> int:
    """Return the innermost line of a file in an error's traceback, 0 when the file is not in it."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return (lines[-1] or 0) if lines else 0


@contextmanager
def search_path(folders: Sequence[str]) -> Iterator[None]:
    """Put folders before ``sys.path`` while the block runs."""
    before = list(sys.path)
    sys.path[:0] = [folder for folder in folders if folder not in before]
    try:
        yield
    finally:
        sys.path[:] = before
