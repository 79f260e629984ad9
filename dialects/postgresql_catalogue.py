"""The catalogue of PostgreSQL, as far as revisions ask it: chapters 37 and 53 of the manual."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..schema.catalogue_queries import UNKNOWN, Catalogue, CatalogueTable, Rows, World

#: Relations of a kind: the question, and the letter in pg_class.relkind.
RELATIONS = (("get_table_names", "r"), ("get_view_names", "v"), ("get_sequence_names", "S"))


class PostgreSQLCatalogue(Catalogue):
    """information_schema, and of pg_catalog tables, indexes, types, enums, constraints and relations."""

    parser = "postgres"
    attached = ("information_schema", "pg_catalog")
    has_booleans = True
    called = frozenset(("to_regclass",))
    uncertain = re.compile(r"(?!)")
    words = re.compile(r"\b(information_schema|pg_\w+|to_regclass)\b", re.I)

    def places(self, world: World) -> Iterator[tuple[str | None, str]]:
        """Yield the schemas of the author's."""
        for name in self.ask("get_schema_names", (), {}):
            if name != "information_schema" and not name.startswith("pg_"):
                yield (None if name == world.default_schema else name), name

    def tables(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield the tables."""
        yield from super().tables(world)
        other = [("pg_catalog", UNKNOWN)] if world.others else []
        owned = list(self.owned(world))
        yield "pg_catalog.pg_tables", (("schemaname", "tablename"), [(shown, name) for _, shown, name in owned] + other)
        views: Rows = [(shown, name) for _, shown, name in self.relations("get_view_names", world)]
        yield "pg_catalog.pg_views", (("schemaname", "viewname"), views + other)
        indexes = [(shown, table, index) for shown, table, index in self.indexes(world)]
        more = [("pg_catalog", UNKNOWN, UNKNOWN)] if world.others else []
        yield "pg_catalog.pg_indexes", (("schemaname", "tablename", "indexname"), indexes + more)
        yield from self.types(world)
        yield from self.numbered(world)

    def relations(self, question: str, world: World) -> Iterator[tuple[str | None, str, str]]:
        """Yield the relations of a kind: schema, the schema as it is called, and name."""
        for schema, shown in self.places(world):
            for name in self.ask(question, (), {"schema": schema}):
                yield schema, shown, name

    def indexes(self, world: World) -> Iterator[tuple[str, str, str]]:
        """Yield the indexes, those of keys too: schema, table, name."""
        for schema, shown, table in self.owned(world):
            names = [str(index["name"]) for index in self.facts("get_indexes", table, schema)]
            key = self.facts("get_pk_constraint", table, schema)
            names += [self.key_name(key)] if key["constrained_columns"] else []
            names += [str(one["name"]) for one in self.facts("get_unique_constraints", table, schema)]
            yield from ((shown, table, name) for name in sorted(set(names)))
            # An EXCLUDE constraint has one too, of which reflection says nothing before SQLAlchemy 2.1.
            if world.others:
                yield shown, table, UNKNOWN

    def types(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield pg_type and pg_enum; tables have types of their names, which nobody asks for by kind."""
        types: Rows = [(1, UNKNOWN, 1, "b")] if world.others else []
        labels: Rows = []
        number = world.first_number + 10_000
        spaces = self.namespaces(world)
        for schema, shown in self.places(world):
            for enum in self.ask("get_enums", (), {"schema": schema}):
                number += 1
                types.append((number, enum["name"], spaces[shown], "e"))
                labels += [(number, label, place) for place, label in enumerate(enum["labels"], 1)]
        for question, kind in RELATIONS:
            for _, shown, name in self.relations(question, world):
                number += 1
                types.append((number, name, spaces[shown], "c")) if kind != "S" else None
        yield "pg_catalog.pg_type", (("oid", "typname", "typnamespace", "typtype"), types)
        yield "pg_catalog.pg_enum", (("enumtypid", "enumlabel", "enumsortorder"), labels)

    def namespaces(self, world: World) -> dict[str, int]:
        """Return the numbers of the schemas."""
        return {shown: world.first_number + 5_000 + place for place, (_, shown) in enumerate(self.places(world))}

    def numbered(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield pg_class, pg_namespace, pg_attribute and pg_constraint, which refer to each other by number."""
        spaces = self.namespaces(world)
        numbers: dict[tuple[str, str], int] = {}
        classes: Rows = [(1, UNKNOWN, 1, "r")] if world.others else []
        for question, kind in RELATIONS:
            for _, shown, name in self.relations(question, world):
                numbers[shown, name] = world.first_number + len(numbers)
                classes.append((numbers[shown, name], name, spaces[shown], kind))
        first = world.first_number + len(numbers)
        for place, (shown, _, name) in enumerate(self.indexes(world), first):
            classes.append((place, name, spaces[shown], "i"))
        yield "pg_catalog.pg_class", (("oid", "relname", "relnamespace", "relkind"), classes)
        others = [(1, UNKNOWN)] if world.others else []
        yield "pg_catalog.pg_namespace", (("oid", "nspname"), [(value, key) for key, value in spaces.items()] + others)
        yield "pg_catalog.pg_attribute", self.attributes(world, numbers)
        yield "pg_catalog.pg_constraint", self.pg_constraints(world, numbers, spaces)

    def attributes(self, world: World, numbers: Mapping[tuple[str, str], int]) -> CatalogueTable:
        """Return the columns of tables; those of views and indexes count among the unknown."""
        rows: Rows = [
            (numbers[shown, name], column["name"], int(not column["nullable"]), 0)
            for schema, shown, name in self.owned(world)
            for column in self.facts("get_columns", name, schema)
        ]
        # The columns that every table has, and the places of dropped ones.
        rows += [(number, UNKNOWN, 0, 1) for number in numbers.values()] if world.others else []
        rows += [(number, "ctid", 1, 0) for number in numbers.values()] if world.others else []
        return ("attrelid", "attname", "attnotnull", "attisdropped"), rows

    def pg_constraints(
        self, world: World, numbers: Mapping[tuple[str, str], int], spaces: Mapping[str, int]
    ) -> CatalogueTable:
        """Return the constraints."""
        letters = {"PRIMARY KEY": "p", "UNIQUE": "u", "FOREIGN KEY": "f"}
        rows: Rows = [
            (name, letters[kind], numbers[shown, table], spaces[shown])
            for shown, table, kind, name, _ in self.keys(world)
        ]
        for schema, shown, table in self.owned(world):
            checks = self.facts("get_check_constraints", table, schema)
            rows += [(one["name"], "c", numbers[shown, table], spaces[shown]) for one in checks]
            rows += [(UNKNOWN, "x", numbers[shown, table], spaces[shown])] if world.others else []
        return ("conname", "contype", "conrelid", "connamespace"), rows

    def functions(self, world: World) -> Mapping[str, Callable[..., Any]]:
        """Return to_regclass, which looks into the default schema."""
        relations = {
            (shown, name): schema
            for question, _ in RELATIONS
            for schema, shown, name in self.relations(question, world)
        }

        def to_regclass(text: str) -> str | None:
            parts = text.split(".")
            if '"' in text or text != text.lower() or len(parts) > 2:
                raise ValueError(text)
            place = (parts[0] if len(parts) == 2 else world.default_schema, parts[-1])
            if place not in relations:
                return None
            return parts[-1] if relations[place] is None else ".".join(parts)

        return {"to_regclass": to_regclass}
