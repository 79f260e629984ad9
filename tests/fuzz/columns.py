"""Steps on single columns."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.fuzz import constraints, drafts
from tests.fuzz.chance import Impossible
from tests.fuzz.kinds import KINDS, Kind
from tests.fuzz.model import Column, Index, Key, Made, Table
from tests.fuzz.world import Call, World

SIZES = (20, 40, 60, 80, 200)


def new_column(world: World, table: Table) -> Column:
    """Return a column that a table could have, with or without rows."""
    chance = world.chance
    kind = world.kind()
    column = Column(world.new_name(table.columns), kind)
    column.size = chance.pick(SIZES[:3]) if kind.name != "collated" else 50
    if kind.checked:
        column.check = world.object_name("ct ")
    if kind.defaults and chance.of(0.4):
        column.default = chance.pick(kind.defaults, key=lambda one: str(one))
    if chance.of(0.25):
        column.comment = world.comment()
    column.nullable = chance.of(0.6) or bool(table.rows and column.default is None)
    bases = [one.name for one in table.columns.values() if can_feed(world, table, one)]
    if bases and chance.of(0.12):
        return Column(column.name, KINDS["bigint"], comment=column.comment, formula=chance.pick(bases))
    return column


def can_feed(world: World, table: Table, column: Column) -> bool:
    """Tell whether a computed column can be made from a column."""
    simple = column.kind.name in ("integer", "smallint") and column.formula is None
    return simple and not (column.auto or column.identity) and not table.keys_over(column.name, "foreignkey")


def value_of_old_rows(column: Column) -> Any:
    """Return what rows have in a new column; a default is known by name only."""
    return Made("default") if column.filled else None


def add_column(world: World) -> Call:
    """Add a column, perhaps with a foreign key, an index, UNIQUE or a comment."""
    chance, table = world.chance, world.table()
    column = new_column(world, table)
    more: dict[str, Any] = {}
    arguments: list[Any] = []
    options: dict[str, Any] = world.schema_options(table)
    shape = chance.pick(("plain", "plain", "plain", "unique", "index", "reference", "primary"))
    if in_place(world, table, column, shape):
        raise Impossible
    table.columns[column.name] = column
    if shape == "unique" and constraints.unique_fits(world, table, column) and column.default is None:
        more["unique"] = True
        table.keys.append(Key("unique", None, [column.name]))
    if shape == "index" and world.keyable(column) and column.formula is None:
        more["index"] = True
        table.indexes.append(own_index(world, table, column))
    if shape == "primary":
        more["primary_key"] = options["inline_primary_key"] = True
        make_primary(world, table, column)
    if shape == "reference":
        arguments.append(reference(world, table, column, options))
    made = drafts.column_of(world, column, **more)
    for one in arguments:
        made.append_foreign_key(one)
    if chance.of(0.1) and not more and not arguments:
        options["if_not_exists"] = True
    for row in table.rows:
        row[column.name] = value_of_old_rows(column)
    return Call("add_column", (table.name, made), options)


def own_index(world: World, table: Table, column: Column) -> Index:
    """Return the index that a column makes by ``index=True``, with the name that SQLAlchemy gives it."""
    made: sa.Column[Any] = sa.Column(column.name, sa.Integer, index=True)
    home = sa.Table(table.name, sa.MetaData(), made, schema=table.schema)
    name = str(world.preparer.format_constraint(next(iter(home.indexes)), _alembic_quote=False))
    if name in world.schema.used or len(name.encode()) > 60:
        raise Impossible
    world.schema.used.add(name)
    return Index(name, [(column.name, "plain")])


def make_primary(world: World, table: Table, column: Column) -> None:
    """Make an integer column the primary key that the server counts up."""
    if table.primary is not None or world.rules.rebuilds:
        raise Impossible
    column.kind, column.default, column.formula, column.check = KINDS["integer"], None, None, ""
    column.nullable, column.auto = False, True
    table.keys.append(Key("primary", None, [column.name]))


def in_place(world: World, table: Table, column: Column, shape: str) -> bool:
    """Tell whether SQLite refuses the column because the table has rows (lang_altertable.html, 4)."""
    moving = column.default is not None and not isinstance(column.default, str)
    fixed = bool(table.rows) and (moving or (shape == "reference" and column.default is not None))
    return world.rules.rebuilds and fixed


def reference(world: World, table: Table, column: Column, options: dict[str, Any]) -> sa.ForeignKey:
    """Make an integer column point to another table."""
    column.kind, column.default, column.formula, column.check = KINDS["integer"], None, None, ""
    column.nullable = True
    key = constraints.new_foreign_key(world, Table(table.name, table.schema, {column.name: column}), named=True)
    table.keys.append(key)
    constraints.tie(world, table)
    if world.chance.of(0.4):
        options["inline_references"] = True
    owner = f"{key.target[0]}.{key.target[1]}" if key.target[0] else key.target[1]
    return sa.ForeignKey(f"{owner}.{key.remote[0]}", name=key.name, **key.options)


def drop_column(world: World) -> Call:
    """Drop a column that nothing needs."""
    table = world.table(lambda one: len(one.columns) > 1)
    column = world.column(table, lambda one: free_to_go(world, table, one))
    del table.columns[column.name]
    table.indexes = [index for index in table.indexes if column.name not in index.columns]
    table.keys = [key for key in table.keys if column.name not in key.columns]
    table.leftovers.discard(column.name)
    for row in table.rows:
        row.pop(column.name, None)
    options = world.schema_options(table)
    if world.rules.dialect != "sqlite" and world.chance.of(0.1) and world.focus is None:
        options = {**options, "if_exists": True}
    return Call("drop_column", (table.name, column.name), options)


def free_to_go(world: World, table: Table, column: Column) -> bool:
    """Tell whether the server drops a column, and with it what is over it alone."""
    if table.feeds(column.name) or world.schema.references(table.place, column.name):
        return False
    keys, indexes = table.keys_over(column.name), table.indexes_over(column.name)
    included = any(column.name in index.options.get("postgresql_include", ()) for index in table.indexes)
    if world.rules.rebuilds:
        copying = world.focus is not None
        return not column.check and (not keys and not indexes if not copying else only_keys(keys, indexes))
    if world.rules.dialect == "postgresql":
        return not included
    return not keys and not column.check and all(len(index.columns) == 1 for index in indexes)


def only_keys(keys: list[Key], indexes: list[Any]) -> bool:
    """Tell whether a copy of the table can leave out what is over a column."""
    return not indexes and all(key.kind in ("unique", "foreignkey") for key in keys)


def alter_column(world: World) -> Call:
    """Change a column in one way or in several."""
    chance, table = world.chance, world.table()
    column = world.column(table)
    old = Column(**vars(column))
    options: dict[str, Any] = world.schema_options(table)
    aspects = chance.some(("type", "nullable", "default", "comment", "name"), 1, 3)
    for aspect in sorted(aspects, key=[*CHANGES].index):
        CHANGES[aspect](world, table, column, options)
    changed = options.keys() - {"schema", "postgresql_using"}
    if not changed:
        raise Impossible
    return Call("alter_column", (table.name, old.name), options | existing(world, old, options))


def existing(world: World, old: Column, options: dict[str, Any]) -> dict[str, Any]:
    """Return what the revision tells of the column as it was: all where it must, else by chance."""
    told: dict[str, Any] = {
        "existing_type": old.type,
        "existing_nullable": old.nullable,
        "existing_comment": old.comment,
        "existing_server_default": old.default,
        "existing_autoincrement": True if old.auto else None,
    }
    if old.formula is not None:
        told["existing_server_default"] = sa.Computed(drafts.formula(world, old.formula), persisted=True)
    if old.identity:
        told["existing_server_default"] = sa.Identity(always=False, start=1000)
    changes_identity = old.identity and "server_default" in options
    must = world.rules.repeats or ("type_" in options and old.kind.checked) or changes_identity
    return {key: value for key, value in told.items() if value is not None and (must or world.chance.of(0.4))}


def change_type(world: World, table: Table, column: Column, options: dict[str, Any]) -> None:
    """Change the type to a wider one, or, where there are no values yet, to any other."""
    if fixed_type(world, table, column):
        return
    kind = world.kind(lambda one: one.name in column.kind.widens or free_change(world, table, column, one))
    size = column.size if kind is column.kind and column.size > 200 else max(column.size, world.chance.pick(SIZES[2:]))
    wider = kind.name in column.kind.widens
    if world.rules.dialect == "postgresql" and not wider:
        type_ = kind.type(size, "").compile(dialect=world.preparer.dialect)
        options["postgresql_using"] = f"{world.quote(column.name)}::text::{type_}"
    column.kind, column.size = kind, size
    column.check = world.object_name("ct ") if kind.checked else ""
    options["type_"] = column.type


def fixed_type(world: World, table: Table, column: Column) -> bool:
    """Tell whether something forbids another type."""
    used = column.formula is not None or column.auto or column.identity or table.feeds(column.name)
    keys = table.keys_over(column.name, "foreignkey", "check", "primary", "unique") or column.name in table.leftovers
    return bool(used or keys or table.indexes_over(column.name) or world.schema.references(table.place, column.name))


def free_change(world: World, table: Table, column: Column, kind: Kind) -> bool:
    """Tell whether a change to any other kind is possible: no values, and no default that would have to fit."""
    if world.rules.dialect == "mariadb" and "uuid" in (kind.name, column.kind.name):
        return False  # error 4078 for most, with and without rows
    return not table.rows and column.default is None and kind is not column.kind


def change_nullable(world: World, table: Table, column: Column, options: dict[str, Any]) -> None:
    """Add or take away NOT NULL."""
    if column.auto or column.identity or column.formula is not None or table.keys_over(column.name, "primary"):
        return
    nulls = any(
        key.options.get("ondelete") == "SET NULL" or len(key.columns) > 1
        for key in table.keys_over(column.name, "foreignkey")
    )
    if column.nullable and (table.has_null(column.name) or nulls):
        return
    column.nullable = options["nullable"] = not column.nullable


def change_default(world: World, table: Table, column: Column, options: dict[str, Any]) -> None:
    """Set another default, or none."""
    if world.rules.dialect == "postgresql" and change_identity(world, table, column, options):
        return
    taken = column.auto or column.identity or column.formula is not None
    if taken or table.keys_over(column.name, "foreignkey", "primary", "unique"):
        return
    if any(index.unique for index in table.indexes_over(column.name)):
        return
    if column.default is not None and world.chance.of(0.5):
        column.default = options["server_default"] = None
    elif column.kind.defaults:
        column.default = options["server_default"] = world.chance.pick(column.kind.defaults, key=str)


def change_identity(world: World, table: Table, column: Column, options: dict[str, Any]) -> bool:
    """Make a column count up by itself, or stop it; tell whether this was done."""
    if column.identity:
        column.identity, options["server_default"] = False, None
        return True
    fits = column.kind.name in ("integer", "bigint") and not (column.nullable or column.auto or column.formula)
    taken = column.default is not None or table.keys_over(column.name, "foreignkey") or "type_" in options
    # With rows in the table, an earlier identity may have counted from the same start.
    if taken or table.rows or not fits:
        return False
    column.identity, options["server_default"] = True, sa.Identity(always=False, start=1000)
    return True


def change_comment(world: World, table: Table, column: Column, options: dict[str, Any]) -> None:
    """Set another comment, or none."""
    column.comment = options["comment"] = world.comment() if world.chance.of(0.7) else None


def change_name(world: World, table: Table, column: Column, options: dict[str, Any]) -> None:
    """Give the column another name, and everything over it the new name."""
    references = world.schema.references(table.place, column.name)
    used = table.feeds(column.name) or column.formula is not None or table.keys_over(column.name, "check")
    if (used or column.check) and not world.rules.follows_names:
        return
    if references and world.rules.rebuilds and world.focus is not None:
        return
    new = world.new_name(table.columns)
    if references and "." in new:
        return
    rename(table, column, new)
    for _, key in references:
        key.remote = [new]
    options["new_column_name"] = new


def rename(table: Table, column: Column, new: str) -> None:
    """Rename a column in the model."""
    old = column.name

    def name(one: str) -> str:
        return new if one == old else one

    table.columns = {name(key): value for key, value in table.columns.items()}
    column.name = new
    for key in table.keys:
        key.columns = [*map(name, key.columns)]
    for index in table.indexes:
        index.parts = [(name(one), form) for one, form in index.parts]
        index.where = name(index.where)
        index.options = {key: renamed_option(value, name) for key, value in index.options.items()}
    for other in table.columns.values():
        other.formula = name(other.formula) if other.formula is not None else None
    table.leftovers = {name(one) for one in table.leftovers}
    for row in table.rows:
        if old in row:
            row[new] = row.pop(old)


def renamed_option(value: Any, name: Any) -> Any:
    """Return an option of an index with the new name of a column."""
    if isinstance(value, list):
        return [*map(name, value)]
    return {name(key): one for key, one in value.items()} if isinstance(value, dict) else value


#: What changes, in this order: a new name comes last, because USING names the old column.
CHANGES = {
    "type": change_type,
    "nullable": change_nullable,
    "default": change_default,
    "comment": change_comment,
    "name": change_name,
}
