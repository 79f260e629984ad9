"""Two schemas side by side: which objects came, changed and went, and which are the same under another name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlgen.operations.model import AlterColumn, BatchAlter, Operation
from sqlgen.records import dataclass
from sqlgen.schema import state
from sqlgen.schema.state import Catalog, Key, ServerName, Table

#: Kinds of objects that are no part of a table, and where a catalog keeps them.
PLACES = {"type": "types", "sequence": "sequences", "view": "views", "trigger": "triggers", "routine": "routines"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a table: its kind (``column``, ``constraint`` or ``index``), its name, and what it is."""

    kind: str
    name: str
    what: state.Column | state.Constraint | state.Index


def parts(table: Table) -> Iterator[Part]:
    """Yield the parts of a table that have names; indexes that the server makes for itself are not told."""
    yield from (Part("column", one.name, one) for one in table.columns)
    yield from (Part("constraint", label(one), one) for one in table.constraints())
    yield from (Part("index", str(one.name), one) for one in table.indexes if one.name and not one.implicit)


def label(constraint: state.Constraint) -> str:
    """Return the name of a constraint; what it is over where it has none, or one that only the server knows."""
    if constraint.name is not None:
        return str(constraint.name)
    if isinstance(constraint, state.PrimaryKey):
        return "PRIMARY"
    text = constraint.sqltext if isinstance(constraint, state.Check) else ", ".join(constraint.columns)
    return f"<{type(constraint).__name__.lower()} ({text})>"


def is_told(constraint: state.Constraint) -> bool:
    """Tell whether the name of a constraint is the one on the server."""
    return constraint.name is not None and not isinstance(constraint.name, ServerName)


def same(one: Any, other: Any) -> bool:
    """Tell whether two objects are the same; types are compared as they are written."""
    return one is other or (type(one) is type(other) and (one == other or repr(one) == repr(other)))


def renamed_tables(before: Catalog, after: Catalog) -> dict[Key, Key]:
    """Return the tables that got another name at one moment, new keys by old ones."""
    gone = [key for key in before.tables if key not in after.tables]
    came = [key for key in after.tables if key not in before.tables]
    if len(gone) != 1 or len(came) != 1:
        return {}
    old, new = before.tables[gone[0]], after.tables[came[0]]
    return {gone[0]: came[0]} if [one.name for one in old.columns] == [one.name for one in new.columns] else {}


def renamed_columns(old: Table, new: Table, operation: Operation | None) -> dict[str, str]:
    """Return the columns that got another name at one moment, new names by old ones."""
    there, here = [one.name for one in old.columns], [one.name for one in new.columns]
    if isinstance(operation, BatchAlter):
        named = [one for one in operation.operations if isinstance(one, AlterColumn) and one.new_column_name]
        names: dict[str, str] = {}
        for one in named:
            first = next((name for name, last in names.items() if last == one.column_name), one.column_name)
            names[first] = str(one.new_column_name)
        return {name: last for name, last in names.items() if last in here}
    if len(there) != len(here):
        return {}
    pairs = zip(there, here, strict=True)
    return {one: other for one, other in pairs if one != other and one not in here and other not in there}


def demands(table: Table, names: dict[str, str]) -> set[str]:
    """Return what the constraints and unique indexes of a table demand, its columns by their new names."""
    rules: list[state.Constraint | state.Index] = [*table.constraints(), *table.indexes]
    return {demand(one, names) for one in rules}


def demand(one: state.Constraint | state.Index, names: dict[str, str]) -> str:
    """Return what a constraint or unique index demands of rows, as text; nothing for another index."""
    if isinstance(one, state.Index):
        keys = [names.get(part.column, part.column) if part.column else f"({part.expression})" for part in one.parts]
        where = [f"{key} {value}" for key, value in one.options.items() if key.endswith("_where")]
        return f"unique {sorted(keys)} {where}" if one.unique else ""
    columns = [names.get(column, column) for column in one.columns]
    match one:
        case state.PrimaryKey() | state.Unique():
            return f"unique {sorted(columns)} []"
        case state.ForeignKey():
            return f"key {columns} {one.table} {one.referred}"
        case state.Check():
            return f"check {one.sqltext}"
    return f"{type(one).__name__} {columns}"
