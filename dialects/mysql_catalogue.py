"""The catalogue of MySQL and MariaDB, as far as revisions ask it: the MySQL manual, chapter 28."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..schema.catalogue_queries import UNKNOWN, Catalogue, CatalogueTable, Rows, World


class MySQLCatalogue(Catalogue):
    """information_schema. The name of the database is not known before the script runs there."""

    parser = "mysql"
    may_ignore_case = True  # of tables, that depends on the server's file system

    def key_name(self, key: Mapping[str, Any]) -> str:
        """Return the name of every primary key."""
        return "PRIMARY"

    def tables(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield the tables."""
        yield from super().tables(world)
        yield "information_schema.statistics", self.statistics(world)
        yield "information_schema.referential_constraints", self.references(world)

    def key_columns(self, world: World) -> CatalogueTable:
        """Return the columns of all keys, with those that foreign keys refer to."""
        rows: Rows = []
        for shown, table, _, name, key in self.keys(world):
            remote = key.get("referred_columns") or [None] * len(key["constrained_columns"])
            for number, (column, other) in enumerate(zip(key["constrained_columns"], remote, strict=True), 1):
                rows.append((shown, shown, table, name, column, number, key.get("referred_table"), other))
        rows += [(UNKNOWN,) * 5 + (1, UNKNOWN, UNKNOWN)] if world.others else []
        names = ("constraint_schema", "table_schema", "table_name", "constraint_name", "column_name")
        return (*names, "ordinal_position", "referenced_table_name", "referenced_column_name"), rows

    def statistics(self, world: World) -> CatalogueTable:
        """Return the parts of all indexes, the primary keys among them."""
        rows: Rows = []
        for schema, shown, table in self.owned(world):
            key = self.facts("get_pk_constraint", table, schema)["constrained_columns"]
            rows += [(shown, table, 0, "PRIMARY", number, column) for number, column in enumerate(key, 1)]
            for index in self.facts("get_indexes", table, schema):
                for number, column in enumerate(index["column_names"], 1):
                    rows.append((shown, table, int(not index["unique"]), index["name"], number, column))
        rows += [(UNKNOWN, UNKNOWN, 0, UNKNOWN, 1, UNKNOWN)] if world.others else []
        return ("table_schema", "table_name", "non_unique", "index_name", "seq_in_index", "column_name"), rows

    def references(self, world: World) -> CatalogueTable:
        """Return the foreign keys; which rule stands where none was said, the servers tell in words of their own."""
        rows: Rows = [
            (shown, table, name, key["referred_table"])
            for shown, table, kind, name, key in self.keys(world)
            if kind == "FOREIGN KEY"
        ]
        rows += [(UNKNOWN,) * 4] if world.others else []
        return ("constraint_schema", "table_name", "constraint_name", "referenced_table_name"), rows
