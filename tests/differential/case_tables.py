"""The cases of a module under Alembic and under sqlgen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import sqlgen
from tests.differential.outcome import Outcome, flat

ROOT = Path(__file__).parents[2]


@cache
def by_alembic(module: str, dialects: Sequence[str]) -> dict[tuple[str, str], Outcome]:
    """Return what Alembic makes of each case on each dialect."""
    command = [sys.executable, "-m", "tests.differential.alembic_cases", module, *dialects]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {
        (case, dialect): Outcome(tuple(filter(None, map(flat, statements))), error)
        for case, outcomes in json.loads(printed).items()
        for dialect, (statements, error) in outcomes.items()
    }


def by_sqlgen(call: Callable[[Any], object], dialect: str, options: Mapping[str, Any] | None = None) -> Outcome:
    """Return what sqlgen makes of one case."""
    try:
        with warnings.catch_warnings(), sqlgen.capture(dialect, **(options or {})) as captured:
            warnings.simplefilter("ignore")
            call(captured.op)
    except (sqlgen.CommandError, sa.exc.SQLAlchemyError) as error:
        return Outcome(error=f"{type(error).__name__}: {getattr(error, 'message', error)}")
    return Outcome(tuple(flat(statement.sql) for statement in captured.statements))


def in_order(sql: str) -> str:
    """Return CREATE TABLE with its constraints sorted: Alembic has an order of its own for them."""
    if not sql.startswith("CREATE TABLE"):
        return sql
    depth, start, found = 0, sql.index("(") + 1, []
    for place, letter in enumerate(sql[start:], start):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if (letter == "," and depth == 0) or depth < 0:
            found.append(sql[start:place].strip())
            start = place + 1
        if depth < 0:
            break
    constraints = [one for one in found if re.match("CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK", one)]
    return "\n".join(
        [sql[: sql.index("(")], *found[: len(found) - len(constraints)], *sorted(constraints), sql[start:]]
    )
