"""Following servers that give a constraint without a name one that nobody can foretell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..records import replace
from . import state
from .follow import Follower
from .state import Catalog, Key, Table

KINDS: dict[type[Any], str] = {
    state.PrimaryKey: "primary",
    state.Unique: "unique",
    state.ForeignKey: "foreignkey",
    state.Check: "check",
}


class UnforetoldNames(Follower):
    """Gives a :class:`~sqlgen.schema.state.ServerName` to what has no name, and keeps it true to table and columns."""

    def generated_name(self, catalog: Catalog, table: Table, constraint: state.Constraint) -> str | None:
        """Return the name that stands for the one on the server."""
        return state.ServerName(KINDS[type(constraint)], table.name, table.schema, constraint.columns)

    def moved_table(self, catalog: Catalog, table: Table, new: Key) -> Catalog:
        """Give a table another name or schema; the names that stand for those of the server tell of the new one."""
        moved = super().moved_table(catalog, table, new)
        return moved.put(renewed(moved.tables[new]))

    def renamed_column(self, table: Table, old: str, new: str) -> Table:
        """Return a table with a column by its new name, also in the names that stand for those of the server."""
        return renewed(super().renamed_column(table, old, new))


def renewed(table: Table) -> Table:
    """Return a table whose constraints, where the server named them, are described as they are now."""

    def renew(one: Any) -> Any:
        if not isinstance(one.name, state.ServerName):
            return one
        return replace(one, name=state.ServerName(one.name.kind, table.name, table.schema, one.columns))

    def group(constraints: Iterable[Any]) -> Any:
        return tuple(map(renew, constraints))

    return replace(
        table,
        primary_key=None if table.primary_key is None else renew(table.primary_key),
        uniques=group(table.uniques),
        foreign_keys=group(table.foreign_keys),
        checks=group(table.checks),
    )
