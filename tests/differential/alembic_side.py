"""Alembic's half: a process of its own, because in ours its import names may be served by sqlgen.

Reads a job as JSON from stdin, ``{"files": […], "dialects": […], "search_path": […]}``, and writes a list of
``[file, direction, dialect, statements, error]`` to stdout. Statements are taken one by one where Alembic hands them
to its output, before it adds terminators and separators.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations


def load(path: Path) -> ModuleType:
    """Execute a revision file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rendered(module: ModuleType, direction: str, dialect: str) -> tuple[list[str], str]:
    """Return the statements of one direction, and the error that ended them."""
    statements: list[str] = []
    context = MigrationContext.configure(
        dialect_name=dialect,
        dialect_opts={"paramstyle": "named"},
        opts={
            "as_sql": True,
            "literal_binds": True,
            "output_buffer": io.StringIO(),
            "mssql_batch_separator": "",
            "oracle_batch_separator": "",
        },
    )
    impl: Any = context.impl
    impl.command_terminator = ""
    impl.static_output = statements.append
    impl.emit_begin = impl.emit_commit = lambda: None
    try:
        with warnings.catch_warnings(), Operations.context(context):
            warnings.simplefilter("ignore")
            getattr(module, direction)()
    except Exception as error:
        return statements, f"{type(error).__name__}: {error}"
    return statements, ""


def outcomes(job: dict[str, list[str]]) -> Iterator[list[Any]]:
    """Yield what each file becomes; one that cannot be imported fails everywhere."""
    for name in job["files"]:
        path = Path(name)
        try:
            module = load(path)
        except Exception as error:
            module, failed = ModuleType(path.stem), f"{type(error).__name__}: {error}"
        else:
            failed = ""
        for dialect in job["dialects"]:
            for direction in ("upgrade", "downgrade"):
                statements, error_text = ([], failed) if failed else rendered(module, direction, dialect)
                yield [path.stem, direction, dialect, statements, error_text]


if __name__ == "__main__":
    given = json.load(sys.stdin)
    sys.path[:0] = given["search_path"]
    # Revisions may print; only the answer goes to stdout.
    answer, sys.stdout = sys.stdout, sys.stderr
    json.dump(list(outcomes(given)), answer)
