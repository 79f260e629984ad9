"""The order in which the objects of a schema can be made: each behind what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..records import dataclass
from .state import Catalog, Key, Routine, Table, View

WORD = re.compile(r"\w+")

Node = tuple[str, Key]
"""Where the catalog keeps an object, and its key."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What an object needs before it can be made (``hard``), and what may also follow it if it must (``soft``)."""

    hard: frozenset[Node]
    soft: frozenset[Node]


def in_order(catalog: Catalog) -> Iterator[Table | View | Routine]:
    """Yield tables, views and routines, each behind those that it needs, else by kind and name.

    A table needs the routines that its defaults, computed columns, CHECKs and indexes name; a view needs what its query
    names. Foreign keys, and what the body of a routine names, ask for an order too, but give way in a ring.
    """
    left = dict(needs(catalog))
    while left:
        node = min(
            left, key=lambda one: (len(left[one].hard & left.keys()), len(left[one].soft & left.keys()), rank(one))
        )
        del left[node]
        yield getattr(catalog, node[0])[node[1]]


def rank(node: Node) -> tuple[int, str, str]:
    """Return what orders objects that need nothing of each other."""
    place, (schema, name) = node
    return ("tables", "routines", "views").index(place), schema or "", name


def needs(catalog: Catalog) -> Mapping[Node, Needs]:
    """Return what each table, view and routine needs."""
    named: dict[str, set[Node]] = {}
    for place in ("tables", "routines", "views"):
        for key in getattr(catalog, place):
            named.setdefault(key[1].lower(), set()).add((place, key))

    def mentioned(text: str, *places: str) -> set[Node]:
        words = {word.lower() for word in WORD.findall(text)}
        found = {node for word in words & named.keys() for node in named[word]}
        return {node for node in found if node[0] in places}

    found: dict[Node, Needs] = {}
    for key, table in catalog.tables.items():
        node = ("tables", key)
        keys = {("tables", (one.schema, one.table)) for one in table.foreign_keys} & {
            ("tables", k) for k in catalog.tables
        }
        found[node] = Needs(frozenset(mentioned(texts_of(table), "routines")), frozenset(keys - {node}))
    for key, view in catalog.views.items():
        node = ("views", key)
        found[node] = Needs(frozenset(mentioned(view.definition, "tables", "routines", "views") - {node}), frozenset())
    for key, routine in catalog.routines.items():
        node = ("routines", key)
        soft = mentioned(routine.text, "tables", "routines", "views") - {node}
        found[node] = Needs(frozenset(), frozenset(soft))
    return found


def texts_of(table: Table) -> str:
    """Return all SQL text in a table."""
    parts = [column.default for column in table.columns]
    parts += [column.computed.sqltext for column in table.columns if column.computed is not None]
    parts += [check.sqltext for check in table.checks]
    parts += [part.expression for index in table.indexes for part in index.parts]
    parts += [value for index in table.indexes for value in index.options.values() if isinstance(value, str)]
    return " ".join(filter(None, parts))
