"""``sqlgen.capture``: operations outside a project, for tests and for programs that want SQL of a few calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from .. import dialects
from ..dialect import Dialect
from ..operations import Operations, bound
from ..records import dataclass
from ..statement import Statement
from .alembic_names import served
from .connection import no_connections
from .environment import MigrationContext
from .recorder import Recorder


@dataclass(frozen=True, slots=True)
class Captured:
    """What a ``capture`` block offers: ``op`` to call, ``statements`` so far, and the migration ``context``."""

    op: Operations
    context: MigrationContext
    recorder: Recorder

    @property
    def statements(self) -> list[Statement]:
        """The statements captured so far, in order; the list grows as the block goes on."""
        statements = self.recorder.statements
        return statements if isinstance(statements, list) else list(statements)


def dialect_for(dialect: str | sa.Dialect, version: str, default_schema: str | None) -> Dialect:
    """Return the dialect of a name or alias, ``default``, or a SQLAlchemy dialect object."""
    if isinstance(dialect, str) and dialect != "default":
        return dialects.get(dialect)(version, default_schema)
    if isinstance(dialect, sa.Dialect) and dialect.name in dialects.names():
        return dialects.get(dialect.name)(version, default_schema)
    return Dialect(version, default_schema)


@contextmanager
def capture(dialect: str | sa.Dialect, **options: Any) -> Iterator[Captured]:
    """Capture what ``op`` functions and the bind receive, with no database.

    ``options`` are those of ``context.configure()``, and ``server_version``, ``default_schema``, ``raw_newlines``,
    ``copy_tables``, and ``from_base``: the database is certainly empty at the start, so that a dialect may run the
    statements on one in memory, which answers questions as the server would, and refuses what it would refuse.
    While the block runs, ``captured.op``, ``sqlgen.op`` and ``alembic.op`` are the same. Raises RenderError from the
    calls in it.
    """
    found = dialect_for(dialect, options.pop("server_version", ""), options.pop("default_schema", None))
    found.raw_newlines = bool(options.pop("raw_newlines", False))
    found.copy_tables = bool(options.pop("copy_tables", False))
    replica = found.replica() if options.pop("from_base", False) else None
    recorder = Recorder(found, options=options, replica=replica)
    captured = Captured(Operations(recorder), MigrationContext(recorder), recorder)
    with served(), no_connections(recorder.failed), bound(captured.op):
        yield captured
        if recorder.error is not None:
            raise recorder.error
