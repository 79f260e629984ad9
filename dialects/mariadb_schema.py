"""What operations make of a schema of MariaDB, where it differs from MySQL."""

from __future__ import annotations

from ..schema import state
from ..schema.queries import Query
from ..schema.state import Catalog, Table
from .mysql_schema import MySQLFollower
from .mysql_views import worked_out


class MariaDBFollower(MySQLFollower):
    """Follows MariaDB; measured with 10.11."""

    keeps_inline = True

    def numbered_check(self, table: Table) -> str:
        """Return the name of a CHECK without one: the first number that is free."""
        taken = {str(check.name).upper() for check in table.checks if not check.inline}
        number = 1
        while f"CONSTRAINT_{number}" in taken:
            number += 1
        return f"CONSTRAINT_{number}"

    def worked_out(self, catalog: Catalog, view: state.View, query: Query | None) -> state.View:
        """Return a new view with its columns and its query in the server's words, as far as they are certain."""
        return worked_out(catalog, view, self.key)[0]
