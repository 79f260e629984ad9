"""The difference of two schemas, one line for each table, column, constraint or other object that changed.

::

    + table invoice
    ~ column patron.email: VARCHAR(100) NOT NULL -> VARCHAR(254) NOT NULL
    - index ix_title_isbn on title: (isbn)

``+`` is new, ``-`` is gone, ``~`` is another now. A table that is new or gone is one line, without what belongs to it.
What is compared are snapshots (docs/snapshot.md), so that a schema may come from revisions, a commit or a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..records import dataclass

Facts = Mapping[str, Any]
Described = Mapping[str, str]
"""Objects by their names, each with its description on one line."""

MARKS = {"+": "added", "-": "removed", "~": "changed"}
_OBJECTS = {
    "schemas": "schema",
    "types": "type",
    "sequences": "sequence",
    "views": "view",
    "triggers": "trigger",
    "routines": "routine",
}


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change: ``+``, ``-`` or ``~``, what it is about, and how that was described before and after."""

    mark: str
    noun: str
    name: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        told = f"{self.before or 'none'} -> {self.after or 'none'}" if self.mark == "~" else self.before or self.after
        return f"{self.mark} {self.noun} {self.name}" + (f": {told}" if told else "")

    def facts(self) -> dict[str, str]:
        """Return the change as JSON shows it."""
        facts = {"change": MARKS[self.mark], "kind": self.noun, "name": self.name}
        return facts | {"before": self.before, "after": self.after}


def schema_changes(old: Facts, new: Facts) -> Iterator[SchemaChange]:
    """Yield what turns one snapshot into the other: tables first, each with all that belongs to it."""
    before, after = _named(old.get("tables", ())), _named(new.get("tables", ()))
    for name in sorted({*before, *after}):
        if name not in before:
            yield SchemaChange("+", "table", name)
        elif name not in after:
            yield SchemaChange("-", "table", name)
        else:
            yield from _table(name, before[name], after[name])
    for field, noun in _OBJECTS.items():
        yield from _changes(noun, _objects(old, field), _objects(new, field))


def _named(objects: Any) -> dict[str, Facts]:
    """Return objects by their names, with their schemas where they have one."""
    return {f"{one['schema']}.{one['name']}" if one.get("schema") else one["name"]: one for one in objects}


def _changes(noun: str, old: Described, new: Described) -> Iterator[SchemaChange]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield SchemaChange("+", noun, name, after=new[name])
        elif name not in new:
            yield SchemaChange("-", noun, name, before=old[name])
        elif old[name] != new[name]:
            yield SchemaChange("~", noun, name, old[name], new[name])


def _table(name: str, old: Facts, new: Facts) -> Iterator[SchemaChange]:
    """Yield what changed in a table that stands before and after."""
    yield from _changes("column", _columns(name, old), _columns(name, new))
    yield from _changes("primary key", _primary_key(name, old), _primary_key(name, new))
    for field, (noun, told) in _PARTS.items():
        yield from _changes(noun, _parts(name, old, field, told), _parts(name, new, field, told))
    for field in ("comment", "options"):
        before, after = plain(old.get(field) or ""), plain(new.get(field) or "")
        if before != after:
            yield SchemaChange("~", f"table {field}", name, before, after)


def _columns(table: str, facts: Facts) -> Described:
    return {f"{table}.{one['name']}": _column(one) for one in facts.get("columns", ())}


def _column(facts: Facts) -> str:
    """Return a column's definition in the order in which SQL has it."""
    words = [str(facts["type"])]
    if "default" in facts:
        words.append(f"DEFAULT {plain(facts['default'])}")
    words.append("NOT NULL" if facts.get("not_null") else "NULL")
    return " ".join([*words, *_rest(facts, "name", "type", "default", "not_null")])


def _rest(facts: Facts, *known: str) -> list[str]:
    """Return the facts that no word of SQL's was found for, each with its name."""
    return [
        key if value is True else f"{key}={plain(value)}" for key, value in facts.items() if key not in known and value
    ]


def plain(value: Any) -> str:
    """Return a value of JSON on one line, as a reader wants it."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={plain(one)}" for key, one in value.items())
    if isinstance(value, list):
        return f"({', '.join(map(plain, value))})"
    return str(value)


def _primary_key(table: str, facts: Facts) -> Described:
    key = facts.get("primary_key")
    return {table: _constraint(key)} if key else {}


def _constraint(facts: Facts) -> str:
    """Return a key or a unique constraint: its columns, and what else there is."""
    return " ".join([plain(facts.get("columns", [])), *_rest(facts, "name", "columns")])


def _foreign_key(facts: Facts) -> str:
    referred = facts["refers_to"]
    target = f"{referred['schema']}.{referred['table']}" if referred.get("schema") else referred["table"]
    words = f"{plain(facts.get('columns', []))} REFERENCES {target} {plain(referred.get('columns', []))}"
    return " ".join([words, *_rest(facts, "name", "columns", "refers_to")])


def _check(facts: Facts) -> str:
    return " ".join([plain(facts["sqltext"]), *_rest(facts, "name", "columns", "sqltext")])


def _exclude(facts: Facts) -> str:
    return " ".join([plain(facts["definition"]), *_rest(facts, "name", "columns", "definition")])


def _index(facts: Facts) -> str:
    parts = [
        " ".join([plain(part.get("column") or part.get("expression", "")), *map(str, part.get("order", ()))])
        for part in facts.get("parts", ())
    ]
    return " ".join([f"({', '.join(parts)})", *_rest(facts, "name", "parts")])


_PARTS: Mapping[str, tuple[str, Callable[[Facts], str]]] = {
    "unique_constraints": ("unique constraint", _constraint),
    "foreign_keys": ("foreign key", _foreign_key),
    "check_constraints": ("check", _check),
    "exclude_constraints": ("exclude constraint", _exclude),
    "indexes": ("index", _index),
}


def _parts(table: str, facts: Facts, field: str, told: Callable[[Facts], str]) -> Described:
    """Return the constraints or indexes of a table; one without a name goes by what it says."""
    found = {}
    for one in facts.get(field, ()):
        text = told(one)
        found[f"{one['name']} on {table}" if one.get("name") else f"on {table} {text}"] = (
            text if one.get("name") else ""
        )
    return found


def _objects(facts: Facts, field: str) -> Described:
    """Return the objects of one kind that are no tables; a sequence that a column owns is a part of the column."""
    objects = facts.get(field, ())
    if field == "schemas":
        return dict.fromkeys(objects, "")
    return {
        name: " ".join(_rest(one, "name", "schema")) for name, one in _named(objects).items() if not one.get("owner")
    }
