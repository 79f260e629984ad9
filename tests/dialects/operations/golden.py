"""The operation tables as files, ``tests/golden/operations/<operation>.txt``, and how they are written.

A table has a heading per row, and under it what each database gets: its statements, or why it is refused. Databases
that get the same stand together. ``python -m tests.dialects.operations.golden`` writes the tables anew; their diff is
to be read before it is committed.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import sqlgen
from sqlgen.errors import RenderError
from tests.dialects.operations import columns, constraints
from tests.dialects.operations import tables as whole_tables
from tests.dialects.operations.case import Case, Table
from tests.dialects.rendering import NAMES

FOLDER = Path(__file__).parents[2] / "golden" / "operations"
OPERATIONS: Mapping[str, Table] = {
    **whole_tables.OPERATIONS,
    **columns.OPERATIONS,
    **constraints.OPERATIONS,
}

REFUSED = "refused: "
NOTHING = "(nothing)"


def statements(dialect: str, case: Case) -> tuple[list[str], list[str]]:
    """Return the statements of what is given, and those of the call. Raises RenderError where it is refused."""
    options = {"server_version": case.version[dialect]} if case.version and dialect in case.version else {}
    with warnings.catch_warnings(), sqlgen.capture(dialect, **options) as captured:
        warnings.simplefilter("error")
        case.given(captured.op)
        before = [str(statement) for statement in captured.statements]
        if case.known:
            case.call(captured.op)
            return before, [str(statement) for statement in captured.statements[len(before) :]]
    with warnings.catch_warnings(), sqlgen.capture(dialect, **options) as captured:
        warnings.simplefilter("error")
        case.call(captured.op)
    return before, [str(statement) for statement in captured.statements]


@cache
def tried(dialect: str, case: Case) -> tuple[list[str], list[str]] | RenderError:
    """Return the statements of what is given, and those of the call; or the error with which it is refused."""
    try:
        return statements(dialect, case)
    except RenderError as error:
        return error


def cell(dialect: str, case: Case) -> str:
    """Return what a database makes of a case, as it stands in the table."""
    outcome = tried(dialect, case)
    if isinstance(outcome, RenderError):
        return f"{REFUSED}{outcome.message}"
    _, found = outcome
    return "\n".join(f"{sql.rstrip(';')};" for sql in found) or NOTHING


def table(rows: Table) -> str:
    """Return the table of one operation."""
    parts = []
    for name, case in rows.items():
        cells: dict[str, list[str]] = {}
        for dialect in NAMES:
            cells.setdefault(cell(dialect, case), []).append(dialect)
        found = [f"{', '.join(dialects)}:\n{textwrap.indent(text, '    ')}" for text, dialects in cells.items()]
        parts.append("\n".join([f"== {name}", *found]))
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write all tables."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for operation, rows in OPERATIONS.items():
        (FOLDER / f"{operation}.txt").write_text(table(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
