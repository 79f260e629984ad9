"""What became of tables and columns that go by another name now, or are gone."""

from __future__ import annotations

from collections.abc import Callable

from ..operations.model import AlterColumn, BatchAlter, DropColumn, DropTable, Operation, RenameTable
from .state import Key

Fates = dict[tuple[Key, str | None], str]
"""What became of a table, or of a column of it, in words."""


def fates(operation: Operation, key: Callable[[str, str | None], Key], revision: str) -> Fates:
    """Return what became of what an operation renames or drops; ``key`` makes the key of a table."""
    by = f" by revision {revision}" if revision else ""
    match operation:
        case BatchAlter():
            found: Fates = {}
            for inner in operation.operations:
                found |= fates(inner, key, revision)
            return found
        case RenameTable():
            renamed = f"it was renamed to {operation.new_table_name!r}{by}"
            return {(key(operation.table_name, operation.schema), None): renamed}
        case DropTable():
            return {(key(str(operation.table.name), operation.table.schema), None): f"it was dropped{by}"}
        case DropColumn():
            return {(key(operation.table_name, operation.schema), operation.column_name): f"it was dropped{by}"}
        case AlterColumn() if operation.new_column_name not in (None, operation.column_name):
            renamed = f"it was renamed to {operation.new_column_name!r}{by}"
            return {(key(operation.table_name, operation.schema), operation.column_name): renamed}
    return {}
