"""The catalogue of SQL Server, as far as revisions ask it: Microsoft Learn, "System catalog views (Transact-SQL)".

Each table is described on the page of its name there, such as "sys.foreign_keys (Transact-SQL)". No server was asked.
Whether names are compared by case is the database's collation, so that an answer is one for both kinds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..records import dataclass
from ..schema import state
from ..schema.catalogue_queries import UNKNOWN, Catalogue, CatalogueTable, Rows, World
from ..schema.text.reader import words as words_of
from .mssql_schema import DEFAULT_NAME

#: How the kinds of objects are called: sys.objects, ``type`` and ``type_desc``. The short form has two characters.
KINDS = {
    "U": "USER_TABLE",
    "V": "VIEW",
    "SO": "SEQUENCE_OBJECT",
    "PK": "PRIMARY_KEY_CONSTRAINT",
    "UQ": "UNIQUE_CONSTRAINT",
    "F": "FOREIGN_KEY_CONSTRAINT",
    "C": "CHECK_CONSTRAINT",
    "D": "DEFAULT_CONSTRAINT",
    "TR": "SQL_TRIGGER",
    "P": "SQL_STORED_PROCEDURE",
    "FN": "SQL_SCALAR_FUNCTION",
    "IF": "SQL_INLINE_TABLE_VALUED_FUNCTION",
    "TF": "SQL_TABLE_VALUED_FUNCTION",
}
FUNCTIONS = ("FN", "IF", "TF")
PART = r'(?:\[((?:[^\]]|\]\])+)\]|"([^"]+)"|([^\W\d][\w$]*))'
NAME = re.compile(rf"(?:{PART}\.)?{PART}")
#: What COL_LENGTH gives for a type: the bytes of a value ("Data types (Transact-SQL)").
LENGTHS = {
    "INTEGER": 4,
    "BIGINT": 8,
    "SMALLINT": 2,
    "TINYINT": 1,
    "BIT": 1,
    "DATE": 3,
    "DATETIME": 8,
    "SMALLDATETIME": 4,
    "MONEY": 8,
    "SMALLMONEY": 4,
    "UNIQUEIDENTIFIER": 16,
}
#: The bytes of each character or byte of a text.
WIDTHS = {"CHAR": 1, "VARCHAR": 1, "BINARY": 1, "VARBINARY": 1, "NCHAR": 2, "NVARCHAR": 2}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row of sys.objects: a table or constraint, with the number of the table that it belongs to, or 0."""

    number: int
    kind: str
    schema: str
    name: str
    parent: int = 0
    it: Any = None


class SQLServerCatalogue(Catalogue):
    """INFORMATION_SCHEMA, and of sys tables, views, columns, indexes, constraints and sequences."""

    parser = "tsql"
    attached = ("information_schema", "sys")
    may_ignore_case = True
    called = frozenset(("object_id", "object_name", "col_length", "col_name", "schema_id", "schema_name"))
    words = re.compile(r"\b(information_schema|sys|object_id|col_length|schema_id)\b", re.I)
    names_made = re.compile(r"(PK|UQ|FK|CK|DF)__.*", re.I | re.S)
    pattern_signs = "["
    bits = words_of(
        "is_nullable is_identity is_computed is_unique is_primary_key is_unique_constraint is_included_column "
        "is_system_named"
    )

    def folded(self, name: str) -> str:
        """Return by what names are compared, and put in order: signs stand before digits in Windows' collations."""
        return super().folded(name).replace("_", "\x03")

    def replaced(self, part: Any, call: Callable[..., Any]) -> Any:
        """Return what SCHEMA_NAME(number) and OBJECT_ID(…) are in the words of the database in memory."""
        kind = type(part).__name__
        if kind == "CurrentSchema" and part.args.get("this") is not None:
            return call("schema_name", part.this)
        if kind == "ObjectId":
            return call("object_id", *(one for one in (part.this, part.args.get("expression")) if one is not None))
        return super().replaced(part, call)

    def places(self, world: World) -> Iterator[tuple[str | None, str]]:
        """Yield the schemas of the author's."""
        yield None, world.default_schema
        found = self.described
        used = {schema for schema, _ in (*found.tables, *found.views, *found.sequences)} | set(found.schemas)
        yield from ((schema, schema) for schema in sorted(one for one in used if one) if schema != world.default_schema)

    def facts(self, question: str, table: str, schema: str | None) -> Any:
        """Return what the Inspector tells of a table, and what SQLAlchemy's dialect does not tell on SQL Server."""
        found = self.described.tables[schema, table]
        match question:
            case "get_unique_constraints":
                return [{"name": one.name, "column_names": list(one.columns)} for one in found.uniques]
            case "get_check_constraints":
                return [{"name": one.name} for one in found.checks]
        return super().facts(question, table, schema)

    def columns(self, world: World) -> CatalogueTable:
        """Return the columns of all tables; their numbers may have gaps."""
        names, rows = super().columns(world)
        return names, [(*row[:3], row[3] + shift(world), row[4]) for row in rows]

    def tables(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield the tables."""
        yield from super().tables(world)
        schemas = {shown: world.first_number + 5_000 + at for at, (_, shown) in enumerate(self.places(world))}
        rows: Rows = list(schemas.items())
        yield "sys.schemas", (("name", "schema_id"), rows + ([(UNKNOWN, 1)] if world.others else []))
        objects = list(self.objects(world))
        common = ("name", "object_id", "schema_id", "parent_object_id", "type", "type_desc")
        for table, kinds in VIEWS.items():
            rows = []
            for one in objects:
                if one.kind in kinds:
                    # In the world that folds names, blanks at their end do not count, as on the server.
                    short = f"{one.kind:2}" if world.ignores_case else one.kind
                    rows.append((one.name, one.number, schemas[one.schema], one.parent, short, KINDS[one.kind]))
            rows += [(UNKNOWN, 1, 1, 1, kind, KINDS[kind]) for kind in kinds if world.others]
            if table not in ("sys.foreign_keys", "sys.default_constraints"):
                yield table, (common, rows)
        yield "sys.foreign_keys", self.foreign_keys(world, objects, schemas)
        yield "sys.default_constraints", self.defaults(world, objects, schemas)
        yield from self.parts(world, objects)

    # Objects.

    def objects(self, world: World) -> Iterator[Numbered]:
        """Yield what has a number: tables with their constraints, views, sequences, programs."""
        found, number = self.described, world.first_number
        for schema, shown in self.places(world):
            for table in [one for key, one in sorted(found.tables.items(), key=str) if key[0] == schema]:
                number += 1
                parent = number
                yield Numbered(number, "U", shown, table.name, 0, table)
                for kind, name, it in constraints(table):
                    number += 1
                    yield Numbered(number, kind, shown, name, parent, it)
            others = [("V", one) for one in found.views] + [("SO", one) for one in found.sequences]
            others += [("TR", one) for one in found.triggers]
            for key, routine in found.routines.items():
                kinds = ("P",) if routine.kind.lower() in ("proc", "procedure") else FUNCTIONS * world.others
                others += [(kind, key) for kind in kinds]
            for kind, (owner, name) in sorted(others, key=str):
                if owner == schema:
                    number += 1
                    yield Numbered(number, kind, shown, name)

    def foreign_keys(self, world: World, objects: list[Numbered], schemas: Mapping[str, int]) -> CatalogueTable:
        """Return the foreign keys, each with the number of the table that it points to."""
        tables = {(one.schema, one.name): one.number for one in objects if one.kind == "U"}
        rows: Rows = [
            (one.name, one.number, schemas[one.schema], one.parent, referred(one.it, tables, world))
            for one in objects
            if one.kind == "F"
        ]
        rows += [(UNKNOWN, 1, 1, 1, 1)] if world.others else []
        return ("name", "object_id", "schema_id", "parent_object_id", "referenced_object_id"), rows

    def defaults(self, world: World, objects: list[Numbered], schemas: Mapping[str, int]) -> CatalogueTable:
        """Return the defaults, each with the number of its column."""
        places = {one.number: one.it for one in objects if one.kind == "U"}
        rows: Rows = []
        for one in objects:
            if one.kind == "D":
                at = column_number(places[one.parent], one.it.name, world)
                made = int(isinstance(one.name, state.ServerName))
                rows.append((one.name, one.number, schemas[one.schema], one.parent, at, made))
        rows += [(UNKNOWN, 1, 1, 1, 1, 0)] if world.others else []
        columns = ("name", "object_id", "schema_id", "parent_object_id", "parent_column_id", "is_system_named")
        return columns, rows

    # Columns and indexes.

    def parts(self, world: World, objects: list[Numbered]) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield sys.columns, sys.indexes, sys.index_columns and sys.foreign_key_columns."""
        columns: Rows = []
        indexes: Rows = []
        keys: Rows = []
        for one in objects:
            if one.kind == "V" and world.others:
                columns.append((one.number, UNKNOWN, 1, 1, 0, 0))
            if one.kind != "U":
                continue
            for column in one.it.columns:
                told = (int(column.nullable), int(column.identity is not None), int(column.computed is not None))
                columns.append((one.number, column.name, column_number(one.it, column.name, world), *told))
            for at, (name, unique, primary, constraint, names) in enumerate(indexes_of(one.it), shift(world) + 1):
                indexes.append((one.number, name, at, unique, primary, constraint))
                for ordinal, (part, included) in enumerate(names, 1):
                    number = column_number(one.it, part, world)
                    keys.append((one.number, at, number, 0 if included else ordinal, int(included)))
            if world.others:  # a heap, and what was made by text in other words
                indexes.append((one.number, UNKNOWN, 0, 0, 0, 0))
        columns += [(1, UNKNOWN, 1, 1, 0, 0)] if world.others else []
        named = ("object_id", "name", "column_id", "is_nullable", "is_identity", "is_computed")
        yield "sys.columns", (named, columns)
        named = ("object_id", "name", "index_id", "is_unique", "is_primary_key", "is_unique_constraint")
        yield "sys.indexes", (named, indexes + ([(1, UNKNOWN, 1, 1, 0, 0)] if world.others else []))
        named_parts = ("object_id", "index_id", "column_id", "key_ordinal", "is_included_column")
        yield "sys.index_columns", (named_parts, keys + ([(1, 1, 1, 1, 0)] if world.others else []))
        yield "sys.foreign_key_columns", self.pairs(world, objects)

    def pairs(self, world: World, objects: list[Numbered]) -> CatalogueTable:
        """Return the columns of foreign keys, each with the one that it points to."""
        places = {one.number: one.it for one in objects if one.kind == "U"}
        tables = {(one.schema, one.name): one.number for one in objects if one.kind == "U"}
        rows: Rows = []
        for one in objects:
            if one.kind == "F":
                remote = referred(one.it, tables, world)
                for column, other in zip(one.it.columns, one.it.referred, strict=True):
                    here = column_number(places[one.parent], column, world)
                    there = column_number(places[remote], other, world) if remote in places else world.first_number
                    rows.append((one.number, one.parent, here, remote, there))
        rows += [(1,) * 5] if world.others else []
        names = ("constraint_object_id", "parent_object_id", "parent_column_id", "referenced_object_id")
        return (*names, "referenced_column_id"), rows

    # Functions.

    def functions(self, world: World) -> Mapping[str, Callable[..., Any]]:
        """Return OBJECT_ID, COL_LENGTH and the like, as the pages of their names tell ("Metadata functions")."""
        objects = list(self.objects(world))
        schemas = {shown: world.first_number + 5_000 + at for at, (_, shown) in enumerate(self.places(world))}
        compared = self.folded if world.ignores_case else str

        def found(text: str, kinds: tuple[str, ...]) -> Numbered | None:
            parts = NAME.fullmatch(text)
            if parts is None:
                raise ValueError(text)
            schema, name = (
                (one or two or three or "").replace("]]", "]")
                for one, two, three in (parts.groups()[:3], parts.groups()[3:])
            )
            place = compared(schema or world.default_schema), compared(name)
            return next(
                (one for one in objects if one.kind in kinds and (compared(one.schema), compared(one.name)) == place),
                None,
            )

        def object_id(text: str, kind: str | None = None) -> int | None:
            wanted = tuple(KINDS) if kind is None else (kind.strip().upper(),)
            if wanted[0] not in KINDS:
                raise ValueError(kind)
            one = found(text, wanted)
            return None if one is None else one.number

        def col_length(text: str, name: str) -> int | None:
            one = found(text, ("U", "V"))
            if one is None:
                return None
            if one.it is None:
                raise ValueError(text)
            column = next((column.name for column in one.it.columns if compared(column.name) == compared(name)), None)
            return None if column is None else self.length(one.it, column, world)

        def col_name(number: int, at: int) -> str | None:
            table = next((one.it for one in objects if one.number == number), None)
            names = {column_number(table, column.name, world): column.name for column in table.columns} if table else {}
            return names.get(at)

        return {
            "object_id": object_id,
            "col_length": col_length,
            "col_name": col_name,
            "object_name": lambda number: next((world.cell(one.name) for one in objects if one.number == number), None),
            "schema_id": lambda name=world.default_schema: schemas.get(name),
            "schema_name": lambda number: next((name for name, one in schemas.items() if one == number), None),
        }

    def length(self, table: state.Table, column: str, world: World) -> int:
        """Return the length of a column in bytes; one that is not known differs by world."""
        facts = super().facts("get_columns", table.name, table.schema)
        type_ = next(one["type"] for one in facts if one["name"] == column)
        name = type(type_).__name__
        length = getattr(type_, "length", None)
        if name in WIDTHS and isinstance(length, int):
            return WIDTHS[name] * length
        return LENGTHS.get(name, world.first_number)


#: The tables of objects, with the kinds that each has.
VIEWS: Mapping[str, tuple[str, ...]] = {
    "sys.objects": tuple(KINDS),
    "sys.tables": ("U",),
    "sys.views": ("V",),
    "sys.sequences": ("SO",),
    "sys.key_constraints": ("PK", "UQ"),
    "sys.foreign_keys": ("F",),
    "sys.check_constraints": ("C",),
    "sys.default_constraints": ("D",),
}


def shift(world: World) -> int:
    """Return by how much numbers of columns and indexes differ from their places: they may have gaps."""
    return world.first_number % 100


def column_number(table: state.Table, name: str, world: World) -> int:
    """Return what sys.columns may have for column_id; the order is that of the columns."""
    return [column.name for column in table.columns].index(name) + 1 + shift(world)


def referred(key: state.ForeignKey, tables: Mapping[tuple[str, str], int], world: World) -> int:
    """Return the number of the table that a foreign key points to."""
    return tables.get((key.schema or world.default_schema, key.table), world.first_number - 1)


def constraints(table: state.Table) -> Iterator[tuple[str, str, Any]]:
    """Yield the constraints of a table, its defaults among them: kind, name and what it is."""
    if table.primary_key is not None:
        yield "PK", str_name(table.primary_key.name), table.primary_key
    groups: tuple[tuple[str, Any], ...] = (("UQ", table.uniques), ("F", table.foreign_keys), ("C", table.checks))
    for kind, group in groups:
        yield from ((kind, str_name(one.name), one) for one in group)
    for column in table.columns:
        if column.default is not None:
            made = state.ServerName("default", table.name, table.schema, (column.name,))
            yield "D", str_name(column.options.get(DEFAULT_NAME) or made), column


def str_name(name: str | None) -> str:
    """Return the name of a constraint, that of an unnamed one as the server's."""
    return name if name is not None else state.ServerName("check", UNKNOWN, None, ())


def indexes_of(table: state.Table) -> Iterator[tuple[str, int, int, int, list[tuple[str, bool]]]]:
    """Yield the indexes, those of keys too: name, whether unique, of the primary key, of UNIQUE, and the columns."""
    keys: list[tuple[Any, int, int]] = [(table.primary_key, 1, 0)] if table.primary_key else []
    for key, primary, constraint in (*keys, *((one, 0, 1) for one in table.uniques)):
        yield str_name(key.name), 1, primary, constraint, [(name, False) for name in key.columns]
    for index in table.indexes:
        included = [(str(name), True) for name in index.options.get("mssql_include", ())]
        yield str(index.name), int(index.unique), 0, 0, [(name, False) for name in index.columns] + included
