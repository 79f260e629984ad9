"""What Alembic prints for the cases and for a folder of revisions, as JSON on stdout.

A process of its own: where sqlgen serves Alembic's import names, Alembic itself cannot be imported.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from tests.oracle.cases import CASES

NO_SEPARATORS = {"mssql_batch_separator": "", "oracle_batch_separator": ""}
WAYS = ("upgrade", "downgrade")


def rendered(call: Callable[[Any], object], dialect: str) -> list[str] | dict[str, str]:
    """Return the statements that a call gives, or ``{"error": …}``."""
    context = MigrationContext.configure(
        dialect_name=dialect,
        opts={"as_sql": True, "literal_binds": True, "output_buffer": io.StringIO(), **NO_SEPARATORS},
        dialect_opts={"paramstyle": "named"},
    )
    printed: list[str] = []
    impl: Any = context.impl
    impl.static_output = printed.append
    try:
        with Operations.context(context) as op:
            call(op)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return printed


def without_op(function: Callable[[], object]) -> Callable[[Any], object]:
    """Return a function of a revision, which finds ``op`` by itself, as a case."""
    return lambda _op: function()


def main(folder: Path, dialects: list[str]) -> None:
    """Print the statements of the cases, and of a folder's revisions in both directions, for each dialect."""
    warnings.simplefilter("ignore")
    directory = ScriptDirectory(str(folder), version_locations=[str(folder / "versions")])
    cases = {name: {dialect: rendered(case, dialect) for dialect in dialects} for name, case in CASES.items()}
    revisions = {
        script.revision: {
            dialect: {way: rendered(without_op(getattr(script.module, way)), dialect) for way in WAYS}
            for dialect in dialects
        }
        for script in directory.walk_revisions()
    }
    json.dump({"cases": cases, "revisions": revisions}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
