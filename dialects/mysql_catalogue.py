"""The catalogue of MySQL and MariaDB, as far as revisions ask it: the MySQL manual, chapter 28."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from ..schema.catalogue_queries import UNKNOWN, Answer, Catalogue, CatalogueTable, Rows, Shown, World

NAME = r"(?:`(?P<quoted>[^`]+)`|(?P<plain>[\w$]+))"
LITERAL = r"'(?P<literal>[^'\\]*)'"
SHOW_TABLES = re.compile(rf"\s*show\s+tables(?:\s+like\s+{LITERAL})?\s*;?\s*", re.I)
SHOW_COLUMNS = re.compile(
    rf"\s*(?:show\s+(?P<full>full\s+)?(?:columns|fields)\s+(?:from|in)|desc|describe)\s+{NAME}"
    rf"(?:\s+(?:like|where\s+`?field`?\s*(?P<equals>=))\s*{LITERAL})?\s*;?\s*",
    re.I,
)
SHOW_INDEX = re.compile(
    rf"\s*show\s+(?:index|indexes|keys)\s+(?:from|in)\s+{NAME}(?:\s+where\s+(?P<where>.+?))?\s*;?\s*", re.I | re.S
)
HERE = "table_schema = DATABASE()"


class MySQLCatalogue(Catalogue):
    """information_schema. The name of the database is not known before the script runs there."""

    parser = "mysql"
    shares_server = True
    may_ignore_case = True  # of tables, that depends on the server's file system
    words = re.compile(r"\binformation_schema\b|^\s*(?:show|desc|describe)\s", re.I)

    def shown(self, sql: str) -> Shown | None:
        """Return what SHOW TABLES, SHOW COLUMNS, DESCRIBE and SHOW INDEX ask for, of tables that are there.

        They show the columns that are certain: the first ones, so that each keeps its place.
        """
        if found := SHOW_TABLES.fullmatch(sql):
            like = f" AND table_name LIKE '{found['literal']}'" if found["literal"] is not None else ""
            query = f"SELECT table_name FROM information_schema.tables WHERE {HERE}{like} ORDER BY table_name"
            return Shown(query, ("Tables_in_database",))
        found = SHOW_COLUMNS.fullmatch(sql) or SHOW_INDEX.fullmatch(sql)
        name = found and (found["quoted"] or found["plain"])
        kinds = ["get_table_names", *(["get_view_names"] if found and found.re is SHOW_COLUMNS else [])]
        if found is None or name is None or not any(name in self.ask(kind, (), {"schema": None}) for kind in kinds):
            return None
        table = f"{HERE} AND table_name = '{name}'"
        if found.re is SHOW_COLUMNS:
            sign = "=" if found["equals"] else "LIKE"
            like = f" AND column_name {sign} '{found['literal']}'" if found["literal"] is not None else ""
            query = f"SELECT column_name FROM information_schema.columns WHERE {table}{like} ORDER BY ordinal_position"
            return self.columns_shown(Shown(query, ("Field",)), name, is_full=found["full"] is not None)
        parts = "table_name, non_unique, index_name AS key_name, seq_in_index, column_name"
        where = f" WHERE {found['where']}" if found["where"] else ""
        query = (
            "SELECT table_name, non_unique, key_name, seq_in_index, column_name "
            f"FROM (SELECT {parts} FROM information_schema.statistics WHERE {table}) AS shown{where}"
        )
        names = ("Table", "Non_unique", "Key_name", "Seq_in_index", "Column_name")

        def ordered(rows: Rows) -> Answer:
            if len({row[2] for row in rows}) > 1:
                order = self.ask("key_order", (name,), {})
                rows = sorted(rows, key=lambda row: order.index(row[2]))
            return rows, [*names]

        return Shown(query, names, ordered)

    def columns_shown(self, shown: Shown, table: str, *, is_full: bool) -> Shown:
        """Return what SHOW COLUMNS shows of a table: of MySQL, only the name of a column is certain."""
        return shown

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
        keys = ((names[0], *names, 1, UNKNOWN, UNKNOWN) for names in world.strangers(4))
        foreign = ((*names[:1] * 2, UNKNOWN, UNKNOWN, UNKNOWN, 1, *names[1:]) for names in world.strangers(3))
        columns = ("constraint_schema", "table_schema", "table_name", "constraint_name", "column_name")
        return (*columns, "ordinal_position", "referenced_table_name", "referenced_column_name"), chain(
            rows, keys, foreign
        )

    def statistics(self, world: World) -> CatalogueTable:
        """Return the parts of all indexes, the primary keys among them."""
        rows: Rows = []
        for schema, shown, table in self.owned(world):
            key = self.facts("get_pk_constraint", table, schema)["constrained_columns"]
            rows += [(shown, table, 0, "PRIMARY", number, column) for number, column in enumerate(key, 1)]
            for index in self.facts("get_indexes", table, schema):
                for number, column in enumerate(index["column_names"], 1):
                    rows.append((shown, table, int(not index["unique"]), index["name"], number, column))
        strangers = ((*names[:2], 0, names[2], 1, names[3]) for names in world.strangers(4))
        return ("table_schema", "table_name", "non_unique", "index_name", "seq_in_index", "column_name"), chain(
            rows, strangers
        )

    def references(self, world: World) -> CatalogueTable:
        """Return the foreign keys; which rule stands where none was said, the servers tell in words of their own."""
        rows: Rows = [
            (shown, table, name, key["referred_table"])
            for shown, table, kind, name, key in self.keys(world)
            if kind == "FOREIGN KEY"
        ]
        strangers = ((*names[:2], names[2], UNKNOWN) for names in world.strangers(3))
        foreign = ((names[0], UNKNOWN, UNKNOWN, names[1]) for names in world.strangers(2))
        columns = ("constraint_schema", "table_name", "constraint_name", "referenced_table_name")
        return columns, chain(rows, strangers, foreign)
