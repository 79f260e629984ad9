"""What a change that text asks for means, where that depends on what stands.

Some servers rename a view, a sequence or an index by the words for a table, and a server that names an index looks for
a name that is free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..operations.model import CreateIndex, Operation, RenameTable
from .changes import AlterSequence, RenameIndex, RenameView
from .state import Catalog, Key

FindKey = Callable[[str, str | None], Key]


def meant(changes: Iterable[Operation], catalog: Catalog, key: FindKey) -> tuple[Operation, ...] | None:
    """Return the changes as they are meant; None when an index gets a name that is not known."""
    found: list[Operation] = []
    named: set[tuple[Key, str]] = set()
    for change in changes:
        if isinstance(change, CreateIndex) and change.index.info.get("nameless"):
            place = key(change.index.table.name, change.index.table.schema)  # type: ignore[union-attr]
            name = str(change.index.name)
            if (place, name) in named or is_taken(name, place, catalog, str(change.index.info["nameless"])):
                return None
            named.add((place, name))
        found.append(renamed(change, catalog, key) if isinstance(change, RenameTable) else change)
    return tuple(found)


def is_taken(name: str, place: Key, catalog: Catalog, scope: str) -> bool:
    """Tell whether an index of a table cannot have a name, which is one of the ``schema`` or of the ``table`` alone."""
    tables = [table for key, table in catalog.tables.items() if key == place or (scope, key[0]) == ("schema", place[0])]
    others = () if scope == "table" else (*catalog.tables, *catalog.views, *catalog.sequences)
    names = [one.name for table in tables for one in table.indexes]
    names += [one.name for table in tables for one in table.uniques]
    return (place[0], name) in others or name.lower() in [str(one).lower() for one in names]


def renamed(change: RenameTable, catalog: Catalog, key: FindKey) -> Operation:
    """Return what is renamed: the table, or what has its name where there is no such table."""
    place = key(change.table_name, change.schema)
    new = change.new_table_name
    if place in catalog.tables:
        return change
    if place in catalog.sequences:
        return AlterSequence(name=change.table_name, schema=change.schema, new_name=new)
    if place in catalog.views:
        materialized = catalog.views[place].materialized
        return RenameView(name=change.table_name, schema=change.schema, new_name=new, materialized=materialized)
    indexes = [one.name for (owner, _), table in catalog.tables.items() if owner == place[0] for one in table.indexes]
    if change.table_name in indexes:
        return RenameIndex(name=change.table_name, schema=change.schema, new_name=new)
    return change
