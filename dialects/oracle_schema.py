"""What operations make of a schema of Oracle: names that the server makes, and IDENTITY."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..operations.model import AlterColumn
from ..records import replace
from ..schema import state
from ..schema.server_names import UnforetoldNames
from ..schema.state import Table, changed

#: What an identity column has unless told otherwise (SQL Language Reference, CREATE SEQUENCE).
IDENTITY: Mapping[str, Any] = {
    "always": False,
    "start": 1,
    "increment": 1,
    "minvalue": 1,
    "maxvalue": 10**28 - 1,
    "cycle": False,
    "cache": 20,
}


class OracleFollower(UnforetoldNames):
    """Follows Oracle. SQLAlchemy makes no IDENTITY of its own accord there: ``autoincrement`` means nothing."""

    def completed_column(self, table: Table, column: state.Column) -> state.Column:
        """Return a new column; an identity column has all options, and takes no NULL."""
        if column.identity is None:
            return changed(column, autoincrement=False)
        return replace(column, identity={**IDENTITY, **column.identity}, nullable=False, autoincrement=False)

    def altered(self, table: Table, column: state.Column, operation: AlterColumn) -> state.Column:
        """Return a changed column; another type keeps the default, and IDENTITY its options."""
        new = super().altered(table, column, operation)
        return new if new.identity is None else replace(new, identity={**IDENTITY, **new.identity})
