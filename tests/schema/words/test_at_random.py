"""Random changes: what the server takes, the shadow schema follows to the same end."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.databases.clients import Client
from tests.databases.conftest import postgresql
from tests.schema.words.servers import Step, compared

__all__ = ["postgresql"]

SEEDS = range(4)
STEPS = 60
TABLES = ("a", "b", "Odd One")
COLUMNS = ("id", "n", "v", "t", "f", "Odd", "day")
TYPES = (
    (sa.Integer(), ("0", None, sa.text("1 + 2"))),
    (sa.BigInteger(), ("5", None)),
    (sa.String(20), ("x", None, sa.text("lower('X')"))),
    (sa.Text(), ("x", None)),
    (sa.Numeric(8, 2), ("1.50", None, sa.text("0"))),
    (sa.Boolean(), ("true", None, sa.false())),
    (sa.Date(), ("2020-02-29", None, sa.func.current_date())),
    (sa.DateTime(timezone=True), (None, sa.func.now())),
    (pg.JSONB(), ('{"b": 1, "a": []}', None)),
    (pg.ARRAY(sa.Text()), ("{}", None)),
)
CONDITIONS = (
    "{0} IS NOT NULL",
    "{0} > 0",
    "{0} <> ''",
    "{0} IN ('x', 'y')",
    "{0} > {1}",
    "{0} = '1' OR {1} IS NULL",
    "{0}",
)


class Draws:
    """Draws one step after the other from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0

    def pick(self, things: Any) -> Any:
        return self.random.choice(list(things))

    def name(self, prefix: str) -> str | None:
        self.number += 1
        return self.pick([None, f"{prefix}_{self.number}"])  # type: ignore[no-any-return]

    def column(self, name: str) -> sa.Column[Any]:
        type_, defaults = self.pick(TYPES)
        options: dict[str, Any] = {"server_default": self.pick(defaults), "unique": self.pick([None, None, True])}
        if options["server_default"] is not None:
            options["nullable"] = self.pick([True, False])
        return sa.Column(name, type_, **options, comment=self.pick([None, "it's"]))

    def condition(self) -> sa.TextClause:
        names = [f'"{name}"' for name in self.random.sample(COLUMNS, 2)]
        return sa.text(self.pick(CONDITIONS).format(*names))

    def steps(self, count: int) -> list[Step]:
        """Return steps, of which the first ones make tables."""
        making = [partial(replayed, type(self).do_create, self.random.getrandbits(64), n) for n in range(6)]
        return [*making, *(self.step() for _ in range(count))]

    def step(self) -> Step:
        """Return a step that runs the same way again and again."""
        kind = self.pick(sorted(name for name in vars(type(self)) if name.startswith("do_")))
        return partial(replayed, getattr(type(self), kind), self.random.getrandbits(64), self.random.getrandbits(32))

    def do_create(self, op: Any) -> None:
        names = self.random.sample(COLUMNS[1:], 5)
        key = sa.Column(
            "id", self.pick([sa.Integer, sa.BigInteger]), *self.pick([[], [sa.Identity()]]), primary_key=True
        )
        op.create_table(self.pick(TABLES), key, *map(self.column, names), comment=self.pick([None, "made"]))

    def do_drop(self, op: Any) -> None:
        op.drop_table(self.pick(TABLES))

    def do_rename(self, op: Any) -> None:
        op.rename_table(self.pick(TABLES), self.pick(TABLES))

    def do_add(self, op: Any) -> None:
        op.add_column(self.pick(TABLES), self.column(self.pick(COLUMNS)))

    def do_drop_column(self, op: Any) -> None:
        op.drop_column(self.pick(TABLES), self.pick(COLUMNS))

    def do_rename_column(self, op: Any) -> None:
        op.alter_column(self.pick(TABLES), self.pick(COLUMNS), new_column_name=self.pick(COLUMNS))

    def do_retype(self, op: Any) -> None:
        op.alter_column(self.pick(TABLES), self.pick(COLUMNS), type_=self.pick(TYPES)[0])

    def do_change(self, op: Any) -> None:
        default = self.pick([None, "1", sa.text("'x'"), sa.text("now()")])
        op.alter_column(self.pick(TABLES), self.pick(COLUMNS), server_default=default)

    def do_null(self, op: Any) -> None:
        op.alter_column(self.pick(TABLES), self.pick(COLUMNS), nullable=self.pick([True, False]))

    def do_check(self, op: Any) -> None:
        op.create_check_constraint(self.name("ck"), self.pick(TABLES), self.condition())

    def do_unique(self, op: Any) -> None:
        op.create_unique_constraint(self.name("uq"), self.pick(TABLES), self.random.sample(COLUMNS, 2))

    def do_index(self, op: Any) -> None:
        options = self.pick([{}, {"postgresql_where": self.condition()}])
        parts = self.pick([["id"], ["n", "v"], [sa.text('lower("v")')], [sa.text('"Odd" DESC')], [sa.text("(n + 1)")]])
        op.create_index(f"ix_{self.random.getrandbits(20)}", self.pick(TABLES), parts, **options)

    def do_key(self, op: Any) -> None:
        op.create_foreign_key(self.name("fk"), self.pick(TABLES), self.pick(TABLES), [self.pick(COLUMNS)], ["id"])


def replayed(step: Any, seed: int, number: int, op: Any) -> None:
    """Run a step with chance of its own."""
    draws = Draws(seed)
    draws.number = number
    step(draws, op)


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_shadow_follows(postgresql: Client, seed: int) -> None:
    draws = Draws(seed)
    taken, found = compared(postgresql, draws.steps(STEPS))
    assert len(taken) > 10
    assert not found, "server <> shadow:\n" + "\n".join(found)
