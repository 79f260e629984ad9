"""Operation objects for rows and free SQL, with the constructors that Alembic's have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from .arguments import checked_rows, checked_statement
from .model import BulkInsert, Execute, Operation
from .schema_ops import SchemaOp
from .tables import Skeletons


class BulkInsertOp(SchemaOp):
    """Insert rows into a table."""

    def __init__(self, table: sa.TableClause, rows: list[dict[str, Any]], *, multiinsert: bool = True) -> None:
        self.table = table
        self.rows = rows
        self.multiinsert = multiinsert

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the BulkInsert."""
        rows = checked_rows(self.table, self.rows)
        return BulkInsert(table=self.table, rows=rows, multiinsert=bool(self.multiinsert))


class ExecuteSQLOp(SchemaOp):
    """Run text or a SQLAlchemy statement."""

    def __init__(self, sqltext: sa.Executable | str, *, execution_options: Mapping[str, Any] | None = None) -> None:
        self.sqltext = sqltext
        self.execution_options = execution_options

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the Execute."""
        statement = checked_statement("execute", self.sqltext)
        return Execute(statement=statement, execution_options=self.execution_options)
