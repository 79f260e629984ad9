"""A schema as JSON: what a database holds, to start from in place of the history.

``docs/snapshot.md`` describes every field. Everything is sorted, so that the same schema gives the same bytes; what is
the usual case (no comment, no option) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from sqlalchemy.types import TypeEngine

from ..errors import ConfigError, RenderError, Source, closest
from ..records import dataclass
from . import state
from .state import Catalog

FORMAT = 1
"""The version of the format; a reader takes no other."""

Facts = dict[str, Any]


class Types(Protocol):
    """A dialect that writes types as text, and reads them."""

    def type_sql(self, type_: TypeEngine[Any]) -> str:
        """Return a type as it stands in a column definition."""

    def type_named(self, text: str) -> TypeEngine[Any]:
        """Return the type that a text names. Raises RenderError."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A schema, where it comes from, and the version rows beside it.

    ``beside`` are statements about what a catalog does not hold, such as extensions. ``text`` are the statements that
    make the schema, for a database that keeps its schema as text.
    """

    dialect: str
    server_version: str
    revisions: tuple[str, ...]
    catalog: Catalog
    beside: tuple[str, ...] = ()
    text: tuple[str, ...] = ()


def dumped(snapshot: Snapshot, types: Types) -> str:
    """Return a snapshot as JSON text."""
    catalog, write = snapshot.catalog, Writer(types)
    facts: Facts = {
        "format": FORMAT,
        "dialect": snapshot.dialect,
        "server_version": snapshot.server_version,
        "revisions": sorted(snapshot.revisions),
    }
    found: Facts = {
        "beside": list(snapshot.beside),
        "text": list(snapshot.text),
        "schemas": sorted(catalog.schemas),
        "types": listed(catalog.types, write.type_),
        "sequences": listed(catalog.sequences, write.sequence),
        "tables": listed(catalog.tables, write.table),
        "views": listed(catalog.views, write.view),
        "triggers": listed(catalog.triggers, lambda one: {"table": one.table, "text": one.text}),
        "routines": listed(catalog.routines, lambda one: {"kind": one.kind, "text": one.text}),
    }
    return json.dumps(facts | without_empty(found), indent=2, ensure_ascii=False) + "\n"


def listed(objects: Mapping[state.Key, Any], facts: Callable[[Any], Facts]) -> list[Facts]:
    """Return objects in the order of schema and name."""
    ordered = [objects[key] for key in sorted(objects, key=lambda key: (key[0] or "", key[1]))]
    return [without_empty({"name": one.name, "schema": one.schema, **facts(one)}) for one in ordered]


def without_empty(facts: Facts) -> Facts:
    """Return facts without those that say nothing."""
    return {key: value for key, value in facts.items() if value not in (None, False, (), [], {})}


class Writer:
    """Turns states into plain data."""

    def __init__(self, types: Types) -> None:
        self.types = types

    def table(self, table: state.Table) -> Facts:
        """Return a table."""
        return {
            "comment": table.comment,
            "options": plain(table.options),
            "columns": [self.column(one) for one in table.columns],
            "primary_key": self.constraint(table.primary_key) if table.primary_key is not None else None,
            "unique_constraints": [self.constraint(one) for one in table.uniques],
            "foreign_keys": [self.foreign_key(one) for one in table.foreign_keys],
            "check_constraints": [self.constraint(one) | {"sqltext": one.sqltext} for one in table.checks],
            "exclude_constraints": [self.constraint(one) | {"definition": one.definition} for one in table.excludes],
            "indexes": [self.index(one) for one in sorted(table.indexes, key=lambda one: str(one.name))],
        }

    def column(self, column: state.Column) -> Facts:
        """Return a column."""
        computed = column.computed
        return without_empty(
            {
                "name": column.name,
                "type": self.types.type_sql(column.type),
                "not_null": not column.nullable,
                "default": column.default,
                "computed": None if computed is None else {"sqltext": computed.sqltext, "stored": computed.persisted},
                "identity": None if column.identity is None else plain(column.identity),
                "autoincrement": column.autoincrement,
                "comment": column.comment,
                "options": plain(column.options),
            }
        ) | ({"default": ""} if column.default == "" else {})

    def constraint(self, one: state.Constraint) -> Facts:
        """Return what all constraints have; one whose name only a server knows has none."""
        name = None if isinstance(one.name, state.ServerName) else one.name
        return without_empty(
            {"name": name, "columns": list(one.columns), "options": plain(one.options), "comment": one.comment}
        )

    def foreign_key(self, key: state.ForeignKey) -> Facts:
        """Return a foreign key."""
        referred = without_empty({"schema": key.schema, "table": key.table, "columns": list(key.referred)})
        return self.constraint(key) | {"refers_to": referred}

    def index(self, index: state.Index) -> Facts:
        """Return an index."""
        parts = [
            without_empty({"column": one.column, "expression": one.expression, "order": list(one.order)})
            for one in index.parts
        ]
        facts = {"name": index.name, "parts": parts, "unique": index.unique, "options": plain(index.options)}
        return without_empty(facts | {"implicit": index.implicit})

    def type_(self, one: state.Enumeration | state.Domain) -> Facts:
        """Return an enum type or a domain."""
        if isinstance(one, state.Enumeration):
            return {"kind": "enum", "values": list(one.values)}
        checks = [without_empty({"name": name, "sqltext": text}) for name, text in one.checks]
        return {
            "kind": "domain",
            "type": self.types.type_sql(one.type),
            "not_null": not one.nullable,
            "default": one.default,
            "collation": one.collation,
            "check_constraints": checks,
        }

    def sequence(self, one: state.Sequence) -> Facts:
        """Return a sequence."""
        owner = None
        if one.owner is not None:
            (schema, table), column = one.owner
            owner = without_empty({"schema": schema, "table": table, "column": column})
        return {"options": plain(one.options), "owner": owner}

    def view(self, one: state.View) -> Facts:
        """Return a view."""
        return {
            "definition": one.definition,
            "columns": list(one.columns),
            "materialized": one.materialized,
            "indexes": [self.index(index) for index in one.indexes],
        }


def plain(options: Mapping[str, Any]) -> Facts:
    """Return options as JSON takes them, sorted; an object of SQLAlchemy's as its text."""

    def value(one: Any) -> Any:
        if isinstance(one, Mapping):
            return plain(one)
        if isinstance(one, (list, tuple)):
            return [value(item) for item in one]
        return one if one is None or isinstance(one, (str, int, float, bool)) else str(one)

    return {str(key): value(options[key]) for key in sorted(options)}


# And back.


@dataclass(slots=True)
class Reader:
    """Takes the fields of a snapshot, and refuses what it does not know. ``place`` is the file."""

    types: Types
    place: Source

    def snapshot(self, facts: Facts) -> Snapshot:
        """Return a snapshot. Raises ConfigError."""
        known = ("format", "dialect", "server_version", "revisions", "beside", "text", "schemas", *PLACES)
        self.fields(facts, "the snapshot", known)
        catalog = Catalog(schemas=tuple(self.field(facts, "schemas", list, ())))
        for place, method in PLACES.items():
            for one in self.field(facts, place, list, ()):
                catalog = catalog.put(method(self, self.checked(one, f"one of {place}")))
        return Snapshot(
            self.field(facts, "dialect", str),
            self.field(facts, "server_version", str, ""),
            tuple(self.field(facts, "revisions", list)),
            catalog,
            tuple(self.field(facts, "beside", list, ())),
            tuple(self.field(facts, "text", list, ())),
        )

    # Fields.

    def error(self, message: str) -> ConfigError:
        """Return an error about the file."""
        return ConfigError(
            message,
            place=self.place,
            hint="Write it anew with 'sqlgen schema REV -d DIALECT --json' or 'sqlgen snapshot --url URL'.",
        )

    def checked(self, facts: Any, what: str) -> Facts:
        """Return an object of JSON. Raises ConfigError for anything else."""
        if isinstance(facts, dict):
            return facts
        raise self.error(f"{what} must be an object, and is {json.dumps(facts)[:40]}")

    def fields(self, facts: Any, what: str, known: Iterable[str]) -> Facts:
        """Return an object of JSON that has known keys only. Raises ConfigError."""
        found = self.checked(facts, what)
        names = tuple(known)
        for key in found:
            if key not in names:
                near = closest(key, names)
                raise self.error(f"{what} has an unknown key {key!r}" + (f"; is {near!r} meant?" if near else ""))
        return found

    def field(self, facts: Facts, key: str, kind: type[Any], default: Any = ...) -> Any:
        """Return one field. Raises ConfigError when it is missing or of another kind."""
        value = facts.get(key, default)
        if value is ...:
            raise self.error(f"the key {key!r} is missing" + (f" in {facts['name']!r}" if "name" in facts else ""))
        if value is not default and not isinstance(value, kind):
            raise self.error(f"{key!r} must be a {WORDS[kind]}, and is {json.dumps(value)[:40]}")
        return value

    def type_(self, facts: Facts) -> TypeEngine[Any]:
        """Return a type from its text. Raises ConfigError."""
        text = self.field(facts, "type", str)
        try:
            return self.types.type_named(text)
        except RenderError as error:
            raise self.error(f"the type {text!r} of {facts.get('name')!r} is not known") from error

    # Objects.

    def table(self, facts: Facts) -> state.Table:
        """Return a table."""
        keys = (*NAMED, "comment", "options", "columns", "primary_key", *CONSTRAINTS, "indexes")
        self.fields(facts, f"table {facts.get('name')!r}", keys)
        primary = facts.get("primary_key")
        groups = {
            attribute: tuple(method(self, one) for one in self.field(facts, key, list, ()))
            for key, (attribute, method) in CONSTRAINTS.items()
        }
        return state.Table(
            self.field(facts, "name", str),
            facts.get("schema"),
            tuple(self.column(one) for one in self.field(facts, "columns", list)),
            primary_key=None if primary is None else state.PrimaryKey(*self.named(primary), **self.told(primary)),
            indexes=tuple(self.index(one) for one in self.field(facts, "indexes", list, ())),
            comment=facts.get("comment"),
            options=self.options(facts),
            **groups,
        )

    def column(self, facts: Any) -> state.Column:
        """Return a column."""
        known = ["name", "type", "not_null", "default", "computed", "identity", "autoincrement", "comment", "options"]
        self.fields(facts, "a column", known)
        computed = facts.get("computed")
        return state.Column(
            self.field(facts, "name", str),
            self.type_(facts),
            nullable=not facts.get("not_null", False),
            default=facts.get("default"),
            computed=None if computed is None else state.Computed(computed["sqltext"], computed.get("stored")),
            identity=facts.get("identity"),
            comment=facts.get("comment"),
            autoincrement=facts.get("autoincrement", False),
            options=self.options(facts),
        )

    def options(self, facts: Facts) -> Facts:
        """Return options; lists in them are tuples."""
        found: Facts = self.field(facts, "options", dict, {})
        return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}

    def named(self, facts: Any, *more: str) -> tuple[str | None, tuple[str, ...]]:
        """Return name and columns of a constraint."""
        self.fields(facts, "a constraint", ("name", "columns", "options", "comment", *more))
        return facts.get("name"), tuple(self.field(facts, "columns", list, ()))

    def told(self, facts: Facts) -> dict[str, Any]:
        """Return options and comment of a constraint."""
        return {"options": self.options(facts), "comment": facts.get("comment")}

    def unique(self, facts: Any) -> state.Unique:
        """Return a UNIQUE constraint."""
        return state.Unique(*self.named(facts), **self.told(facts))

    def foreign_key(self, facts: Any) -> state.ForeignKey:
        """Return a foreign key."""
        named = self.named(facts, "refers_to")
        other = self.fields(self.field(facts, "refers_to", dict), "refers_to", ("schema", "table", "columns"))
        referred = tuple(self.field(other, "columns", list))
        return state.ForeignKey(
            *named, other.get("schema"), self.field(other, "table", str), referred, **self.told(facts)
        )

    def check(self, facts: Any) -> state.Check:
        """Return a CHECK."""
        return state.Check(*self.named(facts, "sqltext"), self.field(facts, "sqltext", str), **self.told(facts))

    def exclude(self, facts: Any) -> state.Exclude:
        """Return an EXCLUDE constraint."""
        named = self.named(facts, "definition")
        return state.Exclude(*named, self.field(facts, "definition", str), **self.told(facts))

    def index(self, facts: Any) -> state.Index:
        """Return an index."""
        self.fields(facts, "an index", ("name", "parts", "unique", "options", "implicit"))
        parts = []
        for one in self.field(facts, "parts", list):
            self.fields(one, "a part of an index", ("column", "expression", "order"))
            parts.append(state.Part(one.get("column"), one.get("expression"), tuple(one.get("order", ()))))
        return state.Index(
            facts.get("name"),
            tuple(parts),
            facts.get("unique", False),
            self.options(facts),
            facts.get("implicit", False),
        )

    def new_type(self, facts: Facts) -> state.Enumeration | state.Domain:
        """Return an enum type or a domain."""
        name, schema = self.field(facts, "name", str), facts.get("schema")
        if facts.get("kind") == "enum":
            self.fields(facts, f"type {name!r}", (*NAMED, "kind", "values"))
            return state.Enumeration(name, schema, tuple(self.field(facts, "values", list)))
        known = (*NAMED, "kind", "type", "not_null", "default", "collation", "check_constraints")
        self.fields(facts, f"type {name!r}", known)
        return state.Domain(
            name,
            schema,
            self.type_(facts),
            not facts.get("not_null", False),
            facts.get("default"),
            tuple((one.get("name"), one["sqltext"]) for one in self.field(facts, "check_constraints", list, ())),
            facts.get("collation"),
        )

    def sequence(self, facts: Facts) -> state.Sequence:
        """Return a sequence."""
        self.fields(facts, "a sequence", (*NAMED, "options", "owner"))
        owner = facts.get("owner")
        owned = None if owner is None else ((owner.get("schema"), owner["table"]), owner["column"])
        return state.Sequence(self.field(facts, "name", str), facts.get("schema"), self.options(facts), owned)

    def view(self, facts: Facts) -> state.View:
        """Return a view."""
        self.fields(facts, "a view", (*NAMED, "definition", "columns", "materialized", "indexes"))
        return state.View(
            self.field(facts, "name", str),
            facts.get("schema"),
            self.field(facts, "definition", str),
            facts.get("materialized", False),
            tuple(self.index(one) for one in self.field(facts, "indexes", list, ())),
            tuple(self.field(facts, "columns", list, ())),
        )

    def trigger(self, facts: Facts) -> state.Trigger:
        """Return a trigger."""
        self.fields(facts, "a trigger", (*NAMED, "table", "text"))
        name, text = self.field(facts, "name", str), self.field(facts, "text", str)
        return state.Trigger(name, facts.get("schema"), self.field(facts, "table", str, ""), text)

    def routine(self, facts: Facts) -> state.Routine:
        """Return a function, procedure or package."""
        self.fields(facts, "a routine", (*NAMED, "kind", "text"))
        name, text = self.field(facts, "name", str), self.field(facts, "text", str)
        return state.Routine(name, facts.get("schema"), self.field(facts, "kind", str), text)


NAMED = ("name", "schema")
CONSTRAINTS: Mapping[str, tuple[str, Callable[[Reader, Any], Any]]] = {
    "unique_constraints": ("uniques", Reader.unique),
    "foreign_keys": ("foreign_keys", Reader.foreign_key),
    "check_constraints": ("checks", Reader.check),
    "exclude_constraints": ("excludes", Reader.exclude),
}
PLACES: Mapping[str, Callable[[Reader, Facts], Any]] = {
    "types": Reader.new_type,
    "sequences": Reader.sequence,
    "tables": Reader.table,
    "views": Reader.view,
    "triggers": Reader.trigger,
    "routines": Reader.routine,
}
WORDS: Mapping[type[Any], str] = {str: "string", list: "list", dict: "object", bool: "truth value"}


def loaded(text: str, place: Source, types: Types, dialect: str) -> Snapshot:
    """Return the snapshot in a JSON text, which must be of a dialect. Raises ConfigError that names the file."""
    reader = Reader(types, place)
    try:
        facts = json.loads(text)
    except ValueError as error:
        raise reader.error(f"the file is not JSON: {error}") from error
    found = reader.checked(facts, "a snapshot")
    if "format" not in found or "dialect" not in found:
        raise reader.error("the file is JSON, but no snapshot of a schema: it has no 'format' and 'dialect'")
    if found["format"] != FORMAT:
        raise reader.error(f"the snapshot has format {found['format']!r}, and this sqlgen reads format {FORMAT}")
    if found["dialect"] != dialect:
        raise reader.error(f"the snapshot is of dialect {found['dialect']!r}, and the script is for {dialect!r}")
    try:
        return reader.snapshot(found)
    except (KeyError, TypeError, AttributeError) as error:
        raise reader.error(f"the snapshot is damaged: {type(error).__name__}: {error}") from error
