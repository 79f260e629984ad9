"""What a server of MySQL or MariaDB tells of its schema besides what SQLAlchemy's reflection asks for."""

from __future__ import annotations

import re

import sqlalchemy as sa

from ..records import replace
from ..schema import state
from ..schema.state import Catalog
from .mysql_text import MySQLText

TRIGGERS = sa.text(
    "SELECT trigger_name, event_object_table FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
)
ROUTINES = sa.text(
    "SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = DATABASE()"
)
#: Who defined a program is of one server only.
DEFINER = re.compile(r"\s+DEFINER\s*=\s*(?:`(?:[^`]|``)*`|\S+?)@(?:`(?:[^`]|``)*`|\S+)", re.I)
#: What the server counts, and no schema has.
COUNTED = "auto_increment"


def whole(connection: sa.Connection, catalog: Catalog) -> Catalog:
    """Return the catalog with triggers and routines, and without counters among the options of tables."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    for table in list(catalog.tables.values()):
        options = {key: value for key, value in table.options.items() if not key.lower().endswith(COUNTED)}
        catalog = catalog.put(replace(table, options=options))
    for name, table_name in connection.execute(TRIGGERS).all():
        text = connection.exec_driver_sql(f"SHOW CREATE TRIGGER {quote(name)}").one()[2]
        catalog = catalog.put(state.Trigger(name, None, table_name, DEFINER.sub("", text, count=1)))
    for name, kind in connection.execute(ROUTINES).all():
        text = connection.exec_driver_sql(f"SHOW CREATE {kind} {quote(name)}").one()[2]
        catalog = catalog.put(state.Routine(name, None, kind.lower(), DEFINER.sub("", text, count=1)))
    return catalog


class MySQLSchema(MySQLText):
    """What a whole schema of MySQL or MariaDB needs."""

    def written_name(self, constraint: state.Constraint) -> str | None:
        """Return the name of a constraint; every primary key is called PRIMARY, whatever is said."""
        return None if isinstance(constraint, state.PrimaryKey) else constraint.name

    def schema_on_server(
        self, connection: sa.Connection, catalog: Catalog, version_table: str
    ) -> tuple[Catalog, tuple[str, ...], tuple[str, ...]]:
        """Return a schema with triggers and routines."""
        return whole(connection, catalog), (), ()
