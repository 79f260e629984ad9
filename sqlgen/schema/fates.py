"""What became of tables, columns and other objects that go by another name now, or are gone."""

from __future__ import annotations

from collections.abc import Callable

from ..operations.model import AlterColumn, BatchAlter, DropColumn, DropIndex, DropTable, Operation, RenameTable
from .changes import AlterSequence, DropSequence, DropType, DropView, RenameIndex, RenameType, RenameView
from .described import name_of
from .state import Key

Fates = dict[tuple[str, Key, str | None], str]
"""What became of an object, by its kind, or of a column of a table, in words."""

DROPS = {DropType: "type", DropSequence: "sequence", DropView: "view"}
RENAMES = {RenameType: "type", AlterSequence: "sequence", RenameView: "view", RenameIndex: "index"}


def fates(operation: Operation, key: Callable[[str, str | None], Key], revision: str) -> Fates:
    """Return what became of what an operation renames or drops; ``key`` makes the key of an object."""
    by = f" by revision {revision}" if revision else ""
    dropped, renamed = f"it was dropped{by}", f"it was renamed to {{!r}}{by}"
    match operation:
        case BatchAlter():
            found: Fates = {}
            for inner in operation.operations:
                found |= fates(inner, key, revision)
            return found
        case RenameTable():
            told = renamed.format(operation.new_table_name)
            return {("table", key(operation.table_name, operation.schema), None): told}
        case DropTable():
            return {("table", key(str(operation.table.name), operation.table.schema), None): dropped}
        case DropColumn():
            return {("table", key(operation.table_name, operation.schema), operation.column_name): dropped}
        case AlterColumn() if operation.new_column_name not in (None, operation.column_name):
            told = renamed.format(operation.new_column_name)
            return {("table", key(operation.table_name, operation.schema), operation.column_name): told}
        case DropIndex():
            return {("index", key(str(name_of(operation.index)), operation.schema), None): dropped}
        case DropType() | DropSequence() | DropView():
            return {(DROPS[type(operation)], key(operation.name, operation.schema), None): dropped}
        case RenameType() | AlterSequence() | RenameView() | RenameIndex() if operation.new_name is not None:
            told = renamed.format(operation.new_name)
            return {(RENAMES[type(operation)], key(operation.name, operation.schema), None): told}
    return {}
