"""Steps on whole tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.fuzz import columns, constraints, drafts
from tests.fuzz.chance import Impossible
from tests.fuzz.kinds import KINDS
from tests.fuzz.model import Column, Key, Table
from tests.fuzz.world import Call, World


def create_table(world: World) -> Call:
    """Create a table with columns, keys, indexes and comments."""
    chance, schema = world.chance, world.schema
    place = chance.pick(world.rules.schemas) if len(schema.tables) else None
    table = Table(world.new_name(name for _, name in schema.tables), place)
    add_primary_key(world, table)
    for _ in range(chance.number(1, 5)):
        column = columns.new_column(world, table)
        table.columns[column.name] = column
    if chance.of(0.5):
        column = Column(world.new_name(table.columns), KINDS["integer"])
        table.columns[column.name] = column
    extras = [constraints.new_foreign_key, constraints.new_unique, constraints.new_check]
    for make in chance.some(extras, 0, 3, key=lambda one: one.__name__):
        try:
            table.keys.append(make(world, table, named=chance.of(0.7)))
        except Impossible:
            continue
    items: list[Any] = [drafts.column_of(world, column) for column in table.columns.values()]
    items += [drafts.key_of(world, key) for key in table.keys]
    if chance.of(0.4):
        items += indexes(world, table)
    options: dict[str, Any] = world.schema_options(table)
    if chance.of(0.4):
        table.comment = options["comment"] = world.comment()
    if chance.of(0.2):
        options["if_not_exists"] = True
    if chance.of(0.2):
        table.options = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}
    if chance.of(0.1) and table.primary and not any(one.auto for one in table.columns.values()):
        table.options = {**table.options, "sqlite_with_rowid": False}
    constraints.tie(world, table)
    schema.tables[table.place] = table
    return Call("create_table", (table.name, *items), {**options, **table.options})


def indexes(world: World, table: Table) -> list[sa.Index]:
    """Return indexes for the call of create_table, and put them into the table."""
    try:
        index = constraints.new_index(world, table)
    except Impossible:
        return []
    if not index.plain or "postgresql_concurrently" in index.options:
        return []
    table.indexes.append(index)
    return [sa.Index(index.name, *drafts.parts_of(world, index), **drafts.index_options(world, index))]


def add_primary_key(world: World, table: Table) -> None:
    """Give a new table one of the usual primary keys, or none."""
    chance = world.chance
    shape = chance.pick(("auto", "auto", "given", "identity", "composite", "none"))
    if shape == "none" or (shape == "identity" and world.rules.dialect != "postgresql"):
        return
    first = Column(world.new_name([], chance.pick(("", "id "))), KINDS["integer"], nullable=False)
    first.auto, first.identity = shape == "auto", shape == "identity"
    made = [first]
    if shape == "composite":
        made.append(Column(world.new_name([first.name]), KINDS["string"], size=30, nullable=False))
    table.columns |= {column.name: column for column in made}
    name = world.object_name("pk ") if chance.of(0.7) else None
    table.keys.append(Key("primary", name, [column.name for column in made]))


def drop_table(world: World) -> Call:
    """Drop a table that no other one points to."""
    table = world.table(lambda one: all(owner is one for owner, _ in world.schema.references(one.place)))
    if len(world.schema.tables) < 3:
        raise Impossible
    del world.schema.tables[table.place]
    options = world.schema_options(table)
    return Call("drop_table", (table.name,), {**options, **({"if_exists": True} if world.chance.of(0.3) else {})})


def rename_table(world: World) -> Call:
    """Give a table another name."""
    table = world.table()
    old = table.place
    references = world.schema.references(old)
    new = world.new_name(name for _, name in world.schema.tables)
    if references and "." in new:
        raise Impossible
    del world.schema.tables[old]
    call = Call("rename_table", (table.name, new), world.schema_options(table))
    table.name = new
    world.schema.tables[table.place] = table
    for _, key in references:
        key.target = table.place
    return call


def comment(world: World) -> Call:
    """Set a table's comment, or take it away."""
    table = world.table()
    options = world.schema_options(table)
    if table.comment is not None and world.chance.of(0.3):
        options["existing_comment"] = table.comment
    if world.chance.of(0.3):
        table.comment = None
        return Call("drop_table_comment", (table.name,), options)
    table.comment = world.comment()
    return Call("create_table_comment", (table.name, table.comment), options)
