"""What a PostgreSQL server tells of its schema besides what SQLAlchemy's reflection asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..records import replace
from ..schema import state
from ..schema.state import Catalog

#: Objects that an extension made belong to it, and are not told of.
NOT_OF_EXTENSION = (
    "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e' "
    "AND d.classid = '{}'::regclass)"
)
OWNERS = sa.text(
    "SELECT n.nspname, s.relname, tn.nspname, t.relname, a.attname FROM pg_catalog.pg_class s "
    "JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace "
    "JOIN pg_catalog.pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') "
    "AND d.classid = 'pg_class'\\:\\:regclass AND d.refclassid = 'pg_class'\\:\\:regclass AND d.refobjsubid > 0 "
    "JOIN pg_catalog.pg_class t ON t.oid = d.refobjid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid WHERE s.relkind = 'S'"
)
SEQUENCES = sa.text(
    "SELECT schemaname, sequencename, start_value, increment_by, min_value, max_value, cycle, data_type\\:\\:text "
    "FROM pg_catalog.pg_sequences"
)
#: Reflection puts the table's schema before the sequence in a default, whosesoever it is.
DEFAULTS = sa.text(
    "SELECT n.nspname, c.relname, a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d "
    "JOIN pg_catalog.pg_class c ON c.oid = d.adrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum"
)
EXTENSIONS = sa.text(
    "SELECT e.extname, n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n "
    "ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql' ORDER BY e.extname"
)
TRIGGERS = sa.text(
    "SELECT n.nspname, c.relname, t.tgname, pg_catalog.pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t "
    "JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE NOT t.tgisinternal"
)
ROUTINES = sa.text(
    "SELECT n.nspname, p.proname, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, "
    "pg_catalog.pg_get_functiondef(p.oid) FROM pg_catalog.pg_proc p "
    "JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p') AND "
    + NOT_OF_EXTENSION.format("p", "pg_proc").replace(":", "\\:")
    + " ORDER BY n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)"
)
EXCLUDES = sa.text(
    "SELECT n.nspname, c.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k "
    "JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE k.contype = 'x'"
)


class Server:
    """Asks one connection about the schemas that a catalog is of."""

    def __init__(
        self, connection: sa.Connection, catalog: Catalog, type_named: Callable[[str], TypeEngine[Any]]
    ) -> None:
        self.type_named = type_named
        self.connection = connection
        self.catalog = catalog
        self.default = connection.dialect.default_schema_name
        self.schemas = {str(self.default), *catalog.schemas}

    def schema(self, name: str) -> str | None:
        """Return a schema as a catalog names it."""
        return None if name == self.default else name

    def rows(self, query: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows about our schemas, which the first column names; it comes as in a catalog."""
        for first, *rest in self.connection.execute(query):
            if first in self.schemas:
                yield (self.schema(first), *rest)

    def whole(self) -> Catalog:
        """Return the catalog with types, sequences, triggers, routines and EXCLUDE constraints."""
        catalog = self.sequences(self.types(self.with_defaults(self.catalog)))
        for schema, table, name, text in self.rows(TRIGGERS):
            catalog = catalog.put(state.Trigger(name, schema, table, text))
        for schema, name, kind, text in self.rows(ROUTINES):
            routine, there = state.Routine(name, schema, kind, text.rstrip()), catalog.routines.get((schema, name))
            catalog = catalog.put(state.beside(there, routine) if there is not None else routine)
        for schema, table, name, text in self.rows(EXCLUDES):
            made = catalog.tables.get((schema, table))
            if made is not None:
                left = tuple(one for one in made.indexes if one.name != name)
                excludes = (*made.excludes, state.Exclude(name, (), text))
                catalog = catalog.put(replace(made, excludes=excludes, indexes=left))
        return catalog

    def with_defaults(self, catalog: Catalog) -> Catalog:
        """Return the catalog with the defaults of columns in the server's words; that of a domain is no column's."""
        found = {((schema, table), column): text for schema, table, column, text in self.rows(DEFAULTS)}
        for table in list(catalog.tables.values()):
            columns = tuple(
                one if one.default is None else replace(one, default=found.get((table.key, one.name)))
                for one in table.columns
            )
            catalog = catalog.put(replace(table, columns=columns))
        return catalog

    def types(self, catalog: Catalog) -> Catalog:
        """Return the catalog with its enum types and domains."""
        inspector: Any = sa.inspect(self.connection)
        for schema in sorted(self.schemas):
            for one in inspector.get_enums(schema):
                catalog = catalog.put(state.Enumeration(one["name"], self.schema(one["schema"]), tuple(one["labels"])))
            for one in inspector.get_domains(schema):
                checks = tuple((check["name"], check["check"]) for check in one["constraints"])
                catalog = catalog.put(
                    state.Domain(
                        one["name"],
                        self.schema(one["schema"]),
                        self.type_named(one["type"]),
                        one["nullable"],
                        one["default"],
                        checks,
                        one.get("collation"),
                    )
                )
        return catalog

    def sequences(self, catalog: Catalog) -> Catalog:
        """Return the catalog with its sequences, their options and owners."""
        owners = {
            (schema, name): ((self.schema(owner), table), column)
            for schema, name, owner, table, column in self.rows(OWNERS)
        }
        for schema, name, start, step, low, high, cycle, _type in self.rows(SEQUENCES):
            owner = owners.get((schema, name))
            told: dict[str, Any] = {"start": start, "increment": step, "minvalue": low, "maxvalue": high}
            usual = step == 1 and low == 1 and start == 1 and not cycle
            options = {} if owner is not None or usual else told | ({"cycle": True} if cycle else {})
            catalog = catalog.put(state.Sequence(name, schema, options, owner))
        return catalog


def extensions(connection: sa.Connection, quote: Any) -> tuple[str, ...]:
    """Return the statements that make the extensions of a database."""
    return tuple(f"CREATE EXTENSION IF NOT EXISTS {quote(name)}" for name, _ in connection.execute(EXTENSIONS))
