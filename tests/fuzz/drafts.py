"""SQLAlchemy's columns, constraints, indexes and tables made from those of the model."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.fuzz.model import Column, Index, Key, Table
from tests.fuzz.world import World


def column_of(world: World, column: Column, **more: Any) -> sa.Column[Any]:
    """Return a column; ``more`` goes to ``sa.Column``."""
    generated: list[Any] = []
    if column.formula is not None:
        generated.append(sa.Computed(formula(world, column.formula), persisted=True))
    if column.identity:
        generated.append(sa.Identity(always=False, start=1000))
    arguments: dict[str, Any] = {"nullable": column.nullable, "comment": column.comment, **more}
    if column.default is not None:
        arguments["server_default"] = column.default
    if not column.auto and not column.identity:
        arguments["autoincrement"] = False
    return sa.Column(column.name, column.type, *generated, **arguments)


def formula(world: World, column: str) -> str:
    """Return the expression of a computed column."""
    return f"{world.named(column)} + 1"


def key_of(world: World, key: Key) -> sa.Constraint:
    """Return a constraint."""
    if key.kind == "primary":
        return sa.PrimaryKeyConstraint(*key.columns, name=key.name, **key.options)
    if key.kind == "unique":
        return sa.UniqueConstraint(*key.columns, name=key.name, **key.options)
    if key.kind == "check":
        return sa.CheckConstraint(condition(world, key), name=key.name, **key.options)
    schema, table = key.target
    owner = f"{schema}.{table}" if schema else table
    targets = [f"{owner}.{column}" for column in key.remote]
    return sa.ForeignKeyConstraint(key.columns, targets, name=key.name, **key.options)


def condition(world: World, key: Key) -> str:
    """Return the text of a CHECK."""
    return key.condition.replace("{c}", world.named(key.columns[0]))


def parts_of(world: World, index: Index) -> list[Any]:
    """Return the columns and expressions of an index."""
    return [part(world, column, form) for column, form in index.parts]


def part(world: World, column: str, form: str) -> Any:
    """Return one column of an index in its form."""
    match form:
        case "desc":
            return sa.column(column).desc()
        case "text desc":
            return sa.text(f"{world.named(column)} DESC")
        case "lower":
            return sa.text(f"lower({world.named(column)})")
        case "function":
            return sa.func.lower(sa.column(column, sa.String()))
    return column


def index_options(world: World, index: Index) -> dict[str, Any]:
    """Return the arguments of an index besides its columns."""
    options = {**index.options}
    if index.unique:
        options["unique"] = True
    if index.where:
        options[f"{world.rules.dialect}_where"] = sa.text(f"{world.named(index.where)} IS NOT NULL")
    return options


def table_of(world: World, table: Table) -> sa.Table:
    """Return the whole table, for ``copy_from``."""
    columns = [column_of(world, column) for column in table.columns.values()]
    keys = [key_of(world, key) for key in table.keys]
    made = sa.Table(table.name, sa.MetaData(), *columns, *keys, schema=table.schema, **table.options)
    for index in table.indexes:
        parts = [made.c[one] if isinstance(one, str) else one for one in parts_of(world, index)]
        sa.Index(index.name, *parts, _table=made, **index_options(world, index))
    return made
