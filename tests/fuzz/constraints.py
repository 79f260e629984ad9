"""Steps on constraints and indexes, and the making of new ones."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.fuzz import drafts
from tests.fuzz.chance import Impossible
from tests.fuzz.model import Column, Index, Key, Table
from tests.fuzz.world import Call, World

NUMBER_CHECKS = ("{c} > -1000000", "{c} IS NULL OR {c} <> -77", "({c} + 0) >= -5")
TEXT_CHECKS = ("{c} <> 'a\\:b 50%'", "{c} IS NULL OR {c} <> 'isn''t 100%'", "length({c}) < 1000")
ACTIONS = ("CASCADE", "RESTRICT", "NO ACTION", "SET NULL")


def new_unique(world: World, table: Table, *, named: bool) -> Key:
    """Return a UNIQUE that the rows fulfil."""
    fits = [one.name for one in table.columns.values() if unique_fits(world, table, one)]
    chosen = world.chance.some(fits, 1, 2)
    twin = table.primary is not None and table.primary.columns == chosen  # PostgreSQL makes one index of both
    if twin or not table.distinct(chosen):
        raise Impossible
    key = Key("unique", world.object_name("uq ") if named else None, chosen)
    if world.rules.dialect == "postgresql" and world.chance.of(0.2):
        key.options = {"deferrable": True, "initially": "IMMEDIATE"}
    return key


def unique_fits(world: World, table: Table, column: Column) -> bool:
    """Tell whether a column can be in a UNIQUE and still get values that differ."""
    foreign = table.keys_over(column.name, "foreignkey")
    return column.kind.distinct and column.writable and world.keyable(column) and not foreign


def new_check(world: World, table: Table, *, named: bool) -> Key:
    """Return a CHECK that all values fulfil."""
    column = world.column(table, lambda one: one.kind.numeric or one.kind.textual)
    if world.rules.dialect == "mariadb" and (column.auto or table.keys_over(column.name, "foreignkey")):
        raise Impossible  # error 1901: the server changes such columns without looking at the CHECK
    texts = NUMBER_CHECKS if column.kind.numeric else TEXT_CHECKS
    return Key("check", world.object_name("ck ") if named else None, [column.name], world.chance.pick(texts))


def new_foreign_key(world: World, table: Table, *, named: bool) -> Key:
    """Return a foreign key from an integer column to a key of one integer column, of this or another table."""
    column = world.column(table, lambda one: can_refer(table, one))
    target, remote = world.chance.pick(
        [(one, name) for one in world.schema.tables.values() for name in targets(world, one)],
        key=lambda pair: (pair[0].place, pair[1]),
    )
    values = {row.get(remote) for row in target.rows}
    own = {row.get(column.name) for row in table.rows} - {None}
    if not own <= values or not all(isinstance(one, int) for one in own):
        raise Impossible
    name = world.object_name("fk ") if named else None
    return Key("foreignkey", name, [column.name], "", target.place, [remote], key_options(world, column))


def wide_foreign_key(world: World, table: Table) -> Key:
    """Return a foreign key of two columns, to a primary key of two."""
    target = world.chance.pick(
        [one for one in world.schema.tables.values() if one.primary is not None and len(one.primary.columns) == 2],
        key=lambda one: one.place,
    )
    remote = target.primary.columns if target.primary else []
    kinds = [target.columns[name].kind for name in remote]
    free = [one for one in table.columns.values() if one.nullable and one.writable and one.default is None]
    free = [one for one in free if not table.keys_over(one.name) and not table.feeds(one.name) and not one.check]
    chosen: list[str] = []
    for kind in kinds:
        fits = [one.name for one in free if one.kind is kind and one.name not in chosen and not table.rows]
        chosen.append(world.chance.pick(fits))
    if "." in "".join([target.name, *remote]):
        raise Impossible
    options = {"ondelete": "CASCADE"} if world.chance.of(0.5) else {}
    return Key("foreignkey", world.object_name("fk "), chosen, "", target.place, [*remote], options)


def can_refer(table: Table, column: Column) -> bool:
    """Tell whether a column may become the local side of a foreign key."""
    free = not (column.auto or column.identity or column.formula or column.default is not None)
    keys = table.keys_over(column.name, "foreignkey", "primary", "unique", "check")
    return column.kind.name == "integer" and free and not keys and not table.feeds(column.name)


def targets(world: World, table: Table) -> list[str]:
    """Return the columns that a foreign key may point to."""
    keys = [key for key in table.keys if key.kind in ("primary", "unique") and len(key.columns) == 1]
    names = [key.columns[0] for key in keys if not key.options]
    return [name for name in names if table.columns[name].kind.name == "integer" and "." not in table.name + name]


def key_options(world: World, column: Column) -> dict[str, Any]:
    """Return the options of a foreign key. A deferred one would forbid ALTER TABLE after an INSERT."""
    chance, options = world.chance, dict[str, Any]()
    if chance.of(0.5):
        options["ondelete"] = chance.pick(ACTIONS if column.nullable else ACTIONS[:3])
    if chance.of(0.2):
        options["onupdate"] = chance.pick(ACTIONS[:3])
    if chance.of(0.15):
        options |= {"deferrable": True, "initially": "IMMEDIATE"}
    if chance.of(0.1):
        options["match"] = "SIMPLE"
    return options


def tie(world: World, table: Table) -> None:
    """Note the columns whose foreign keys have an index that the server keeps."""
    if world.rules.ties_indexes:
        table.leftovers |= {name for key in table.keys if key.kind == "foreignkey" for name in key.columns}


def new_index(world: World, table: Table) -> Index:
    """Return an index with one or two columns, in any form that the database has."""
    chance = world.chance
    fits = [one for one in table.columns.values() if world.keyable(one) and not one.formula]
    chosen = chance.some(fits, 1, 2, key=lambda one: one.name)
    parts = [(one.name, form_of(world, one)) for one in chosen]
    index = Index(world.object_name("ix "), parts)
    usable = all(unique_fits(world, table, one) and not one.filled for one in chosen)
    if chance.of(0.25) and usable and table.distinct(index_names(index)) and index.plain:
        index.unique = True
    if chance.of(0.2) and world.rules.expressions:
        index.where = world.column(table, lambda one: not one.formula).name
    special(world, table, index)
    return index


def index_names(index: Index) -> list[str]:
    """Return the columns that are indexed."""
    return [name for name, _ in index.parts]


def form_of(world: World, column: Column) -> str:
    """Return the form of a column in an index."""
    if world.chance.of(0.6):
        return "plain"
    if world.rules.expressions and column.kind.textual:
        return world.chance.pick(("desc", "text desc", "lower", "function"))
    return world.chance.pick(("desc", "text desc"))


def special(world: World, table: Table, index: Index) -> None:
    """Give an index options that only this database has."""
    chance, names = world.chance, index_names(index)
    if world.rules.dialect == "postgresql" and chance.of(0.4):
        others = [one for one in table.columns if one not in names]
        choice = chance.pick(("include", "using", "concurrently", "with", "nulls"))
        if choice == "include" and others:
            index.options["postgresql_include"] = [chance.pick(others)]
        elif choice == "using" and len(names) == 1 and index.plain and not index.unique:
            index.options["postgresql_using"] = "hash"
        elif choice == "concurrently":
            index.options["postgresql_concurrently"] = True
        elif choice == "with" and not index.options:
            index.options["postgresql_with"] = {"fillfactor": 70}
        elif choice == "nulls" and index.unique:
            index.options["postgresql_nulls_not_distinct"] = True
    elif world.rules.dialect == "mariadb" and chance.of(0.4):
        textual = all(table.columns[name].kind.textual for name in names)
        if textual and index.plain and not index.unique:
            prefix = dict.fromkeys(names, 5)
            full = {"mysql_prefix": "FULLTEXT"}
            index.options = chance.pick(({"mysql_length": prefix}, full, {"mariadb_length": prefix}))
            if index.options is full:
                long = [n for n, one in table.columns.items() if one.kind.textual and one.kind.name != "collated"]
                index.parts = [(chance.pick(long), "plain")]


def create_index(world: World) -> Call:
    """Create an index."""
    table = world.table()
    index = new_index(world, table)
    table.indexes.append(index)
    options = world.schema_options(table) | drafts.index_options(world, index)
    if world.chance.of(0.2):
        options["if_not_exists"] = True
    return Call("create_index", (index.name, table.name, drafts.parts_of(world, index)), options)


def free_index(world: World, table: Table, index: Index) -> bool:
    """Tell whether no foreign key needs an index: one that points at it may rest on any that is unique."""
    ties = world.rules.ties_indexes or bool(index.options.get("unique"))
    return not (ties and needed(world, table, index.columns[0]))


def needed(world: World, table: Table, column: str) -> bool:
    """Tell whether a column is on either side of a foreign key."""
    return bool(table.keys_over(column, "foreignkey") or world.schema.references(table.place, column))


def drop_index(world: World) -> Call:
    """Drop an index."""
    table = world.table(lambda one: bool(one.indexes))
    free = [index for index in table.indexes if free_index(world, table, index)]
    index = world.chance.pick(free, key=lambda one: one.name)
    table.indexes.remove(index)
    options = world.schema_options(table) | ({"if_exists": True} if world.chance.of(0.2) else {})
    if index.options.get("postgresql_concurrently"):
        options["postgresql_concurrently"] = True
    return Call("drop_index", (index.name, table.name), options)


def create_unique(world: World) -> Call:
    """Add a UNIQUE."""
    table = world.table()
    key = new_unique(world, table, named=True)
    table.keys.append(key)
    options = world.schema_options(table) | key.options
    return Call("create_unique_constraint", (key.name, table.name, key.columns), options)


def create_check(world: World) -> Call:
    """Add a CHECK, given as text or as an expression."""
    table = world.table()
    key = new_check(world, table, named=True)
    table.keys.append(key)
    condition: Any = drafts.condition(world, key)
    if key.condition == NUMBER_CHECKS[0] and world.chance.of(0.7):
        condition = sa.column(key.columns[0], sa.Integer()) > -1000000
    return Call("create_check_constraint", (key.name, table.name, condition), world.schema_options(table))


def create_primary_key(world: World) -> Call:
    """Add a primary key to a table that has none."""
    table = world.table(lambda one: one.primary is None)
    fits = [one.name for one in table.columns.values() if not one.nullable and unique_fits(world, table, one)]
    chosen = world.chance.some(fits, 1, 2)
    if not table.distinct(chosen) or any(table.has_null(name) for name in chosen):
        raise Impossible
    key = Key("primary", world.object_name("pk "), chosen)
    table.keys.append(key)
    return Call("create_primary_key", (key.name, table.name, key.columns), world.schema_options(table))


def create_foreign_key(world: World) -> Call:
    """Add a foreign key."""
    table = world.table()
    wide = world.chance.of(0.3)
    key = wide_foreign_key(world, table) if wide else new_foreign_key(world, table, named=True)
    table.keys.append(key)
    tie(world, table)
    options = world.schema_options(table, "source_schema") | key.options
    if key.target[0]:
        options["referent_schema"] = key.target[0]
    if world.rules.dialect == "postgresql" and world.chance.of(0.1):
        options["postgresql_not_valid"] = True
    return Call("create_foreign_key", (key.name, table.name, key.target[1], key.columns, key.remote), options)


def drop_constraint(world: World) -> Call:
    """Drop a constraint that has a name and that no foreign key needs."""
    table = world.table(lambda one: any(key.name for key in one.keys))
    key = world.chance.pick([one for one in table.keys if droppable(world, table, one)], key=lambda one: one.name)
    table.keys.remove(key)
    options: dict[str, Any] = world.schema_options(table)
    if world.chance.of(0.2) and world.focus is None:
        options["if_exists"] = True
    return Call("drop_constraint", (key.name, table.name, key.kind), options)


def droppable(world: World, table: Table, key: Key) -> bool:
    """Tell whether the server lets a constraint go."""
    if key.name is None:
        return False
    if key.kind in ("check", "foreignkey"):
        return True
    if any(world.schema.references(table.place, column) for column in key.columns):
        return False
    if table.options.get("sqlite_with_rowid") is False and key.kind == "primary":
        return False
    automatic = any(table.columns[column].auto for column in key.columns)
    tied = world.rules.ties_indexes and any(needed(world, table, column) for column in key.columns)
    return not tied and not automatic
