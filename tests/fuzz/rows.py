"""Steps on rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.fuzz.chance import Impossible
from tests.fuzz.model import Column, Made, Row, Table, bare
from tests.fuzz.world import Call, World


def bulk_insert(world: World) -> Call:
    """Insert rows of one or of several shapes."""
    table, chance = world.table(), world.chance
    rows = [new_row(world, table) for _ in range(chance.number(1, 4))]
    options: dict[str, Any] = {} if chance.of(0.7) else {"multiinsert": False}
    target, by_default = bare(table), ""
    if chance.of(0.2):
        target = sa.table(table.name, *map(sa.column, table.columns), schema=table.schema)
        simple = [one for one in table.columns.values() if not (one.kind.numeric or one.kind.textual)]
        if any(row.get(one.name) is not None for row in rows for one in simple):
            raise Impossible
    elif chance.of(0.2):
        column = world.column(table, lambda one: one.writable and not is_unique(table, one) and one.kind.numeric)
        target, by_default = filling(world, table, column), column.name
        for row in rows:
            row.pop(column.name, None)
    keep(table, rows, by_default)
    return Call("bulk_insert", (target, rows), options)


def filling(world: World, table: Table, column: Column) -> sa.Table:
    """Return the table with a default of Python's for a column."""
    if table.keys_over(column.name, "foreignkey"):
        raise Impossible
    defaults = (77, seventy_eight, sa.text("79"), sa.literal(80) + 1)
    default = defaults[world.chance.number(0, 3)]
    columns = [
        sa.Column(one.name, one.type, default=default if one is column else None) for one in table.columns.values()
    ]
    return sa.Table(table.name, sa.MetaData(), *columns, schema=table.schema)


def seventy_eight() -> int:
    """Return a default."""
    return 78


def insert(world: World) -> Call:
    """Insert one row by a statement."""
    table = world.table()
    row = new_row(world, table)
    keep(table, [row])
    return Call("execute", (bare(table).insert().values(row),))


def new_row(world: World, table: Table) -> Row:
    """Return a row that the table takes. Raises Impossible."""
    row: Row = {}
    for column in table.columns.values():
        if not column.writable:
            continue
        unique = is_unique(table, column)
        if not unique and (column.nullable or column.default is not None) and world.chance.of(0.3):
            continue
        row[column.name] = value(world, table, column, unique)
    return row


def is_unique(table: Table, column: Column) -> bool:
    """Tell whether a column must have another value in each row."""
    keyed = table.keys_over(column.name, "unique", "primary")
    return bool(keyed or any(index.unique for index in table.indexes_over(column.name)))


def value(world: World, table: Table, column: Column, unique: bool) -> Any:
    """Return a value for a column. Raises Impossible where a foreign key finds no row."""
    foreign = table.keys_over(column.name, "foreignkey")
    if foreign and column.nullable and (len(foreign[0].columns) > 1 or world.chance.of(0.5)):
        return None
    if foreign:
        target = world.schema.tables[foreign[0].target]
        values = [row.get(foreign[0].remote[0]) for row in target.rows]
        return world.chance.pick([one for one in values if isinstance(one, int)])
    if column.nullable and not unique and world.chance.of(0.15):
        return None
    if not unique and world.chance.of(0.08) and (column.kind.name in ("integer", "text")):
        return expression(world, column)
    return column.kind.value(world.chance, column.size, world.schema.next())


def expression(world: World, column: Column) -> Any:
    """Return an SQL expression as a value."""
    if column.kind.name == "integer":
        return world.chance.pick((sa.func.length("a:b 100%"), sa.literal(3) + 4, sa.text("1 + 1")))
    return world.chance.pick((sa.func.lower("It's 100% :x"), sa.literal("a\\b") + "%c", sa.func.coalesce(None, "d")))


def keep(table: Table, rows: list[Row], by_default: str = "") -> None:
    """Put rows into the model, with what the server fills in, and what SQLAlchemy fills into one column."""
    for row in rows:
        kept = dict(row)
        for column in table.columns.values():
            if column.name not in kept and (column.filled or column.name == by_default):
                kept[column.name] = Made("default")
        table.rows.append(kept)


def update(world: World) -> Call:
    """Give a column another value in all rows, by a statement or by text."""
    table = world.table()
    column = world.column(table, lambda one: one.writable and not is_unique(table, one))
    if table.keys_over(column.name, "foreignkey"):
        raise Impossible
    if world.chance.of(0.3):
        name = f"{world.quote(table.schema)}.{world.quote(table.name)}" if table.schema else world.quote(table.name)
        place = world.quote(column.name)
        return Call("execute", (f"UPDATE {name} SET {place} = {place} WHERE 'a:b 100%' = 'it''s {{}} \"';",))
    new = value(world, table, column, unique=False)
    for row in table.rows:
        row[column.name] = new
    target = bare(table)
    return Call("execute", (target.update().values({target.c[column.name]: new}),))


def delete(world: World) -> Call:
    """Delete all rows of a table that no other one points to."""
    table = world.table(lambda one: bool(one.rows) and not world.schema.references(one.place))
    table.rows = []
    return Call("execute", (bare(table).delete(),))
