"""Several changes of one table in a ``batch_alter_table`` block."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.fuzz import columns, constraints, drafts
from tests.fuzz.chance import Impossible
from tests.fuzz.model import Place
from tests.fuzz.world import Call, World

INNER = (
    columns.add_column,
    columns.drop_column,
    columns.alter_column,
    columns.alter_column,
    constraints.create_index,
    constraints.drop_index,
    constraints.create_unique,
    constraints.create_check,
    constraints.create_primary_key,
    constraints.create_foreign_key,
    constraints.drop_constraint,
)
SECOND = ("create_index", "create_unique_constraint", "create_check_constraint", "create_primary_key", "drop_index")
SECOND_TOO = ("create_foreign_key", "drop_constraint")


def batch(world: World) -> Call:
    """Change a table in several ways at once, on SQLite by a copy of it."""
    table = world.table()
    options: dict[str, Any] = world.schema_options(table)
    if world.rules.rebuilds or world.chance.of(0.3):
        options["copy_from"] = drafts.table_of(world, table)
    if world.chance.of(0.6 if world.rules.rebuilds else 0.2):
        options["recreate"] = world.chance.pick(("always", "auto"))
    inner = [inside(call) for _ in range(world.chance.number(1, 4)) for call in one_change(world, table.place)]
    world.focus = None
    if not inner and options.get("recreate") != "always":
        raise Impossible
    return Call("batch_alter_table", (table.name,), options, tuple(inner))


def one_change(world: World, place: Place) -> Iterator[Call]:
    """Yield one change of the table, or nothing when the one that was drawn is impossible."""
    before = copy.deepcopy(world.schema)
    world.focus = world.schema.tables[place]
    try:
        yield world.chance.pick(INNER, key=lambda one: one.__name__)(world)
    except Impossible:
        world.schema = before


def inside(call: Call) -> Call:
    """Return the same call as a block's function takes it: without the table and its schema."""
    position = 1 if call.function in (*SECOND, *SECOND_TOO) else 0
    arguments = tuple(one for place, one in enumerate(call.arguments) if place != position)
    options = {key: one for key, one in call.options.items() if key not in ("schema", "source_schema")}
    return Call(call.function, arguments, options)
