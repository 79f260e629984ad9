"""What the tests of dialects share: rendering one call by sqlgen, and by Alembic's offline mode."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlgen.dialects import get

import sqlgen

Call = Callable[[Any], Any]
NAMES = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")


def flat(text: str) -> str:
    """Return text with each run of white space as one blank."""
    return re.sub(r"\s+", " ", text).strip()


def rendered(dialect: str, call: Call, **options: Any) -> list[str]:
    """Return the statements that a call becomes, flat."""
    with warnings.catch_warnings(), sqlgen.capture(dialect, **options) as captured:
        warnings.simplefilter("ignore")
        call(captured.op)
    return [flat(str(statement)) for statement in captured.statements]


def terminated(dialect: str, call: Call) -> str:
    """Return the statements of a call with their terminators and separators, flat."""
    return flat(" ".join(get(dialect)().terminate(sql) for sql in rendered(dialect, call)))


def by_alembic(dialect: str, call: Call) -> str:
    """Return what Alembic prints offline for a call, flat."""
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect,
        dialect_opts={"paramstyle": "named"},
        opts={"as_sql": True, "literal_binds": True, "output_buffer": buffer},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call(Operations(context))
    return flat(buffer.getvalue())
