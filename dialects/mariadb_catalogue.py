"""What MariaDB shows of a table besides what MySQL does: SHOW COLUMNS whole, and SHOW CREATE TABLE.

Measured with 10.11; ``tests/databases/test_shown_tables.py`` compares.
"""

from __future__ import annotations

import re

from ..schema.catalogue_queries import Answer, Rows, Shown
from .mysql_catalogue import HERE, NAME, MySQLCatalogue

SHOW_CREATE = re.compile(rf"\s*show\s+create\s+(?P<kind>table|view)\s+{NAME}\s*;?\s*", re.I)


class MariaDBCatalogue(MySQLCatalogue):
    """The catalogue of MariaDB, whose words for a table are known."""

    def shown(self, sql: str) -> Shown | None:
        """Return what SHOW CREATE TABLE asks for, and what other statements do."""
        found = SHOW_CREATE.fullmatch(sql)
        if found is None:
            return super().shown(sql)
        name = found["quoted"] or found["plain"]
        if name in self.ask("get_view_names", (), {"schema": None}):
            return self.shown_view(name)
        if found["kind"].lower() == "view" or name not in self.ask("get_table_names", (), {"schema": None}):
            return None

        def created(rows: Rows) -> Answer:
            text = self.ask("show_create_table", (name, self.ask("is_empty", (name,), {})), {})
            return [(name, text) for _ in rows], ["Table", "Create Table"]

        query = f"SELECT table_name FROM information_schema.tables WHERE {HERE} AND table_name = '{name}'"
        return Shown(query, ("Table",), created)

    def shown_view(self, name: str) -> Shown:
        """Return what SHOW CREATE VIEW shows: the name and the text; the character sets are the connection's."""

        def created(rows: Rows) -> Answer:
            text = self.ask("get_view_definition", (name,), {})
            return [(name, text) for _ in rows], ["View", "Create View"]

        query = f"SELECT table_name FROM information_schema.tables WHERE {HERE} AND table_name = '{name}'"
        return Shown(query, ("View",), created)

    def columns_shown(self, shown: Shown, table: str, *, is_full: bool) -> Shown:
        """Return what SHOW COLUMNS shows of a table or view, up to the first column that is not certain."""

        def told(rows: Rows) -> Answer:
            names, known = self.ask("show_columns", (table, is_full), {})
            return [row for row in known if (row[0],) in rows], names

        return Shown(shown.query, shown.names, told)
