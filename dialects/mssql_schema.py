"""What operations make of a schema of SQL Server: IDENTITY, names that the server makes, names of defaults."""

from __future__ import annotations

from typing import Any

from ..operations.model import UNSET, AlterColumn
from ..records import replace
from ..schema import state
from ..schema.server_names import UnforetoldNames
from ..schema.state import Table

#: Where a column keeps the name of its default, which is a constraint here; "" where the server made it.
DEFAULT_NAME = "default_name"


class SQLServerFollower(UnforetoldNames):
    """Follows SQL Server."""

    def completed_column(self, table: Table, column: state.Column) -> state.Column:
        """Return a new column; one that counts up has IDENTITY, from 1 by 1 unless told, and takes no NULL."""
        if column.identity is None and not column.autoincrement:
            return column
        told = {key: value for key, value in (column.identity or {}).items() if key in ("start", "increment")}
        return replace(column, identity={"start": 1, "increment": 1, **told}, nullable=False)

    def altered(self, table: Table, column: state.Column, operation: AlterColumn) -> state.Column:
        """Return a changed column; a new default has the name that text gave it, else one of the server's."""
        new = super().altered(table, column, operation)
        if operation.server_default is UNSET:
            kept = operation.type_ is not None and new.default is not None and self.put_back(operation)
            return replace(new, options=without_name(new)) if kept else new
        return replace(new, options=without_name(new) | named(operation))

    def put_back(self, operation: AlterColumn) -> bool:
        """Tell whether a change of type drops the default and makes it anew, without its name."""
        dialect: Any = self.wording
        return dialect.kept_default(operation) is not None


def without_name(column: state.Column) -> dict[str, Any]:
    """Return the options of a column, without the name of its default."""
    return {key: value for key, value in column.options.items() if key != DEFAULT_NAME}


def named(operation: AlterColumn) -> dict[str, Any]:
    """Return the name that text gave to a new default, as an option of its column."""
    name = operation.options.get(DEFAULT_NAME)
    return {DEFAULT_NAME: name} if name else {}
