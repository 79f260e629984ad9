"""What Alembic prints for the cases of a module, as JSON on stdout.

``python -m tests.differential.alembic_cases MODULE DIALECT …``. The module has ``CASES``, functions of ``op`` by
name, and may have ``OPTIONS``, by the name of a case what ``context.configure()`` is given besides. A process of its
own, as in :mod:`.alembic_side`.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations


def outcome(call: Any, dialect: str, options: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return the statements that a call gives, and the error that ended them."""
    printed: list[str] = []
    fixed = {"as_sql": True, "literal_binds": True, "output_buffer": io.StringIO()}
    separators = {"mssql_batch_separator": "", "oracle_batch_separator": ""}
    context = MigrationContext.configure(
        dialect_name=dialect, dialect_opts={"paramstyle": "named"}, opts={**fixed, **separators, **options}
    )
    impl: Any = context.impl
    impl.command_terminator = ""
    impl.static_output = printed.append
    impl.emit_begin = impl.emit_commit = lambda: None
    try:
        with Operations.context(context) as op:
            call(op)
    except Exception as error:
        return printed, f"{type(error).__name__}: {error}"
    return printed, ""


def main(module: str, dialects: list[str]) -> None:
    """Print ``{case: {dialect: [statements, error]}}``."""
    warnings.simplefilter("ignore")
    found = import_module(module)
    options = getattr(found, "OPTIONS", {})
    outcomes = {
        name: {dialect: outcome(call, dialect, options.get(name, {})) for dialect in dialects}
        for name, call in found.CASES.items()
    }
    json.dump(outcomes, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
