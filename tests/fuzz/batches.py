"""Several changes of one table in a ``batch_alter_table`` block."""

from __future__ import annotations

from typing import Any

from tests.fuzz import columns, constraints, drafts
from tests.fuzz.chance import Impossible
from tests.fuzz.model import Table
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
    if world.chance.of(0.3):
        options["recreate"] = world.chance.pick(("always", "auto"))
    world.focus = table
    inner = []
    for _ in range(world.chance.number(1, 3)):
        call = world.chance.pick(INNER, key=lambda one: one.__name__)(world)
        inner.append(inside(call))
    check_copy(world, table, options)
    world.focus = None
    return Call("batch_alter_table", (table.name,), options, tuple(inner))


def inside(call: Call) -> Call:
    """Return the same call as a block's function takes it: without the table and its schema."""
    position = 1 if call.function in (*SECOND, *SECOND_TOO) else 0
    arguments = tuple(one for place, one in enumerate(call.arguments) if place != position)
    options = {key: one for key, one in call.options.items() if key not in ("schema", "source_schema")}
    return Call(call.function, arguments, options)


def check_copy(world: World, table: Table, options: dict[str, Any]) -> None:
    """Raise Impossible for a copy that would have to fill a column which nobody can fill."""
    if world.rules.rebuilds and options.get("recreate") == "always" and any(one.auto for one in table.columns.values()):
        return
    if not table.columns:
        raise Impossible
