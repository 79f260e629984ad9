"""What an operation needs and is certainly not there, or makes and is certainly there already.

Only what is certain counts: in a run that starts from nothing, of names that no text SQL may have touched, and of
tables whose every change was followed. Names that differ in case alone are taken for the same, as most servers do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import RenderError, closest
from ..operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    BulkInsert,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Operation,
    TableOperation,
    qualified,
)
from . import state
from .changes import CopyTable, RenameConstraint
from .described import name_of
from .shadow import Shadow
from .words import RUNS

NO_REVISION = (
    "If the table stood before the first revision, give the schema of that time with --baseline FILE, or set "
    "starts_empty = false in [tool.sqlgen]."
)

MADE_TWICE = "Leave it out, or drop what is there first; an older revision may make it by today's models."


def check(shadow: Shadow, operation: Operation) -> None:
    """Raise RenderError for an operation that cannot succeed on the schema as it is at this moment."""
    if isinstance(operation, BatchAlter):
        check_table(shadow, operation.table_name, operation.schema)
        if operation.copy_from is not None:
            return  # the revision says itself what the table is like
        then = shadow.copy()
        for inner in operation.operations:
            check(then, inner)
            then.applied(inner)
        return
    if not getattr(operation, "if_exists", False):
        for name, schema, columns in needed(shadow, operation):
            check_table(shadow, name, schema)
            check_columns(shadow, name, schema, columns)
        check_dropped(shadow, operation)
    if not getattr(operation, "if_not_exists", False):
        check_made(shadow, operation)


def needed(shadow: Shadow, operation: Operation) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    """Yield the tables that an operation needs, each with its schema and the columns that it needs of it."""
    describer = shadow.follower.describer
    match operation:
        case CreateIndex():
            table: Any = operation.index.table
            if table is not None:
                yield str(table.name), table.schema, describer.index(operation.index).columns
        case DropTable():
            yield str(operation.table.name), operation.table.schema, ()
        case BulkInsert():
            inserted: Any = operation.table
            given = operation.rows[0] if operation.rows else {}
            columns = tuple(str(column.name) for key, column in inserted.c.items() if key in given)
            yield str(inserted.name), getattr(inserted, "schema", None), columns
        case AlterColumn() | DropColumn():
            yield operation.table_name, operation.schema, (operation.column_name,)
        case AddConstraint():
            made = describer.constraint(operation.constraint)
            keyed = isinstance(made, (state.PrimaryKey, state.Unique, state.ForeignKey))
            yield operation.table_name, operation.schema, made.columns if made is not None and keyed else ()
        case CopyTable():
            pass  # its table is new, and its source may be the database's own
        case TableOperation():
            yield operation.table_name, operation.schema, ()


# What is certain.


def starts_empty(shadow: Shadow) -> bool:
    """Tell whether what is not known does not exist: the run starts from nothing, and ran no text of others."""
    alone = shadow.from_base and shadow.history is None and not shadow.extended
    return shadow.strict and alone and not shadow.opaque & RUNS


def like(shadow: Shadow, name: str, schema: str | None) -> bool:
    """Tell whether there may be a table or view of a name; wherever it is, where it may mean one of any schema."""
    follower = shadow.follower
    key = follower.key(name, schema)
    if key in shadow.catalog.tables or shadow.known.get(("table", *key)) or shadow.known.get(("view", *key)):
        return True
    anywhere = follower.default_schema is None or (schema is None and follower.current_schema is not None)
    there = [one[1:] for one, present in shadow.known.items() if present and one[0] in ("table", "view")]
    return any(
        found.lower() == name.lower() and (anywhere or owner == key[0])
        for owner, found in [*there, *shadow.catalog.tables, *shadow.catalog.views]
    )


def described(shadow: Shadow, name: str, schema: str | None) -> state.Table | None:
    """Return a table of which everything is known; None when there is none, or something else may have changed it."""
    found = shadow.catalog.tables.get(shadow.follower.key(name, schema))
    if found is None or name.lower() in shadow.opaque or shadow.opaque & RUNS:
        return None
    return None if any(option.endswith("_inherits") for option in found.options) else found


# What is needed.


def check_table(shadow: Shadow, name: str, schema: str | None) -> None:
    """Raise RenderError when there is certainly no table of a name."""
    if not starts_empty(shadow) or name.lower() in shadow.opaque or like(shadow, name, schema):
        return
    shown = qualified(name, schema)
    fate = shadow.fates.get(("table", shadow.follower.key(name, schema), None))
    if fate:
        raise RenderError(f"there is no table {shown!r}: {fate}", hint="Say what the table is called at this point.")
    near = closest(name, (key[1] for key in shadow.catalog.tables))
    raise RenderError(
        f"there is no table {shown!r}, and no revision before this one makes it{asked(near)}", hint=NO_REVISION
    )


def check_columns(shadow: Shadow, name: str, schema: str | None, columns: Iterable[str]) -> None:
    """Raise RenderError when a table certainly lacks a column."""
    table = described(shadow, name, schema)
    if table is None:
        return
    there = [column.name for column in table.columns]
    for column in columns:
        if not among(column, there) and column.lower() not in shadow.opaque:
            fate = shadow.fates.get(("table", table.key, column))
            reason = f": {fate}" if fate else asked(closest(column, there))
            raise RenderError(
                f"there is no column {column!r} in table {qualified(name, schema)!r}{reason}", hint=listed(there)
            )


def check_dropped(shadow: Shadow, operation: Operation) -> None:
    """Raise RenderError when what is to be dropped is certainly not there."""
    if isinstance(operation, DropConstraint):
        table = described(shadow, operation.table_name, operation.schema)
        name = name_of(operation.constraint)
        if table is not None and name is not None and not isinstance(name, state.ServerName):
            check_named("constraint", operation.type_, name, shadow, table)
    elif isinstance(operation, RenameConstraint):
        table = described(shadow, operation.table_name, operation.schema)
        if table is not None and not shadow.follower.has_hidden_names:
            check_named("constraint", None, operation.constraint_name, shadow, table)
    elif isinstance(operation, DropIndex) and operation.table_name is not None:
        table = described(shadow, operation.table_name, operation.schema)
        if table is not None and operation.index.name is not None:
            check_named("index", None, str(operation.index.name), shadow, table)


def check_named(what: str, type_: str | None, name: str, shadow: Shadow, table: state.Table) -> None:
    """Raise RenderError when a table certainly has no constraint or index of a name."""
    names = droppable(what, type_, table)
    if any(one is None or isinstance(one, state.ServerName) for one in names):
        return
    wanted = shadow.follower.shown_name(name)
    if not among(wanted, map(str, names)) and name.lower() not in shadow.opaque and name.upper() != "PRIMARY":
        shown = qualified(table.name, table.schema)
        near = asked(closest(name, map(str, names)))
        raise RenderError(f"there is no {what} {name!r} on table {shown!r}{near}", hint=listed(map(str, names)))


def droppable(what: str, type_: str | None, table: state.Table) -> list[str | None]:
    """Return the names among which the one that is dropped must be; None for one that only the server knows."""
    if type_ == "primary":
        return [None] if table.primary_key is not None else []
    keys = [*(one.name for one in table.uniques), *(one.name for one in table.excludes)]
    groups: dict[str, list[str | None]] = {
        "foreignkey": [one.name for one in table.foreign_keys],
        "check": [one.name for one in table.checks],
        "unique": [*keys, *(one.name for one in table.indexes)],
    }
    if what == "index" or type_ == "unique":
        return groups["unique"]
    if type_ in groups:
        return groups[str(type_)]
    return [*(one.name for one in table.constraints()), *(one.name for one in table.indexes)]


# What is made.


def check_made(shadow: Shadow, operation: Operation) -> None:
    """Raise RenderError when what is to be made is certainly there."""
    match operation:
        case CreateTable():
            name, schema = str(operation.table.name), operation.table.schema
            there = described(shadow, name, schema)
            if there is not None and not operation.table._prefixes and not there.options.get("prefixes"):
                raise RenderError(f"there is a table {qualified(name, schema)!r} already", hint=MADE_TWICE)
        case AddColumn():
            table = described(shadow, operation.table_name, operation.schema)
            if table is not None and table.column(str(operation.column.name)) is not None:
                shown = qualified(table.name, table.schema)
                raise RenderError(
                    f"there is a column {str(operation.column.name)!r} in table {shown!r} already", hint=MADE_TWICE
                )
        case AddConstraint():
            table = described(shadow, operation.table_name, operation.schema)
            made = shadow.follower.describer.constraint(operation.constraint)
            if table is not None and made is not None:
                check_constraint(shadow, table, made)
        case CreateIndex():
            owner: Any = operation.index.table
            table = None if owner is None else described(shadow, str(owner.name), owner.schema)
            name = str(operation.index.name)
            if table is not None and any(one.name == name and not one.implicit for one in table.indexes):
                shown = qualified(table.name, table.schema)
                raise RenderError(f"there is an index {name!r} on table {shown!r} already", hint=MADE_TWICE)


def check_constraint(shadow: Shadow, table: state.Table, made: state.Constraint) -> None:
    """Raise RenderError when a table has a constraint of this kind and name, or a primary key."""
    shown = qualified(table.name, table.schema)
    if isinstance(made, state.PrimaryKey) and table.primary_key is not None:
        raise RenderError(f"table {shown!r} has a primary key already", hint=MADE_TWICE)
    if made.name is not None and any(
        type(one) is type(made) and one.name == shadow.follower.shown_name(made.name) for one in table.constraints()
    ):
        raise RenderError(f"there is a constraint {made.name!r} on table {shown!r} already", hint=MADE_TWICE)


def among(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name is among others, whatever the case of its letters."""
    return name.lower() in {one.lower() for one in names}


def listed(names: Iterable[str]) -> str:
    """Return the hint that names what there is."""
    found = ", ".join(sorted(names))
    return f"There is: {found}." if found else "There is none."


def asked(near: str) -> str:
    """Return the question after the name that may have been meant; nothing for none."""
    return f"; did you mean {near!r}?" if near else ""
