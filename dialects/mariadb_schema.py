"""What operations make of a schema of MariaDB, where it differs from MySQL."""

from __future__ import annotations

from ..schema.state import Table
from .mysql_schema import MySQLFollower


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
