"""Steps with if_exists and if_not_exists whose condition does not hold, so that nothing may change."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.fuzz import drafts
from tests.fuzz.model import Table
from tests.fuzz.world import Call, World


def guarded(world: World) -> Call:
    """Ask for what is there already, or to drop what is not there."""
    table = world.table()
    makers = (create_again, drop_missing_table, add_again, drop_missing_column, *INDEXES)
    return world.chance.pick(makers, key=lambda one: one.__name__)(world, table)


def create_again(world: World, table: Table) -> Call:
    """Create a table that is there."""
    options = world.schema_options(table)
    return Call("create_table", (table.name, sa.Column("x", sa.Integer)), {**options, "if_not_exists": True})


def drop_missing_table(world: World, table: Table) -> Call:
    """Drop a table that is not there."""
    return Call("drop_table", ("no such table's 100%",), {**world.schema_options(table), "if_exists": True})


def add_again(world: World, table: Table) -> Call:
    """Add a column that is there."""
    column = world.column(table)
    options = {**world.schema_options(table), "if_not_exists": True}
    return Call("add_column", (table.name, sa.Column(column.name, sa.Integer)), options)


def drop_missing_column(world: World, table: Table) -> Call:
    """Drop a column that is not there."""
    options = {**world.schema_options(table), "if_exists": True}
    return Call("drop_column", (table.name, 'no such "column"'), options)


def index_again(world: World, table: Table) -> Call:
    """Create an index that is there."""
    index = world.chance.pick(table.indexes, key=lambda one: one.name)
    options: dict[str, Any] = world.schema_options(table) | drafts.index_options(world, index)
    arguments = (index.name, table.name, drafts.parts_of(world, index))
    return Call("create_index", arguments, {**options, "if_not_exists": True})


def drop_missing_index(world: World, table: Table) -> Call:
    """Drop an index that is not there."""
    return Call("drop_index", ("no such index", table.name), {**world.schema_options(table), "if_exists": True})


def drop_missing_constraint(world: World, table: Table) -> Call:
    """Drop a constraint that is not there."""
    kind = world.chance.pick(("unique", "check", "foreignkey"))
    options = {**world.schema_options(table), "if_exists": True}
    return Call("drop_constraint", ("no such `constraint`", table.name, kind), options)


INDEXES = (index_again, drop_missing_index, drop_missing_constraint)
