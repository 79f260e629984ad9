"""A fixed set of random sequences on each server; ``python -m tests.fuzz`` tries as many as are wanted."""

from __future__ import annotations

import os

import pytest

from tests.databases.clients import Client
from tests.databases.conftest import client, mariadb, postgresql, sqlite
from tests.fuzz.chance import Chance, Impossible
from tests.fuzz.refusals import REFUSALS, expected
from tests.fuzz.sequence import numbers, render
from tests.fuzz.trial import Ground, Totals, fault, tried

__all__ = ["client", "mariadb", "postgresql", "sqlite"]

SEEDS = int(os.environ.get("SQLGEN_FUZZ_SEEDS", "20"))
STEPS = 30
DIALECTS = tuple(REFUSALS)


def test_no_script_is_refused(client: Client) -> None:
    ground, totals = Ground(client), Totals()
    reports = [tried(seed, STEPS, ground, totals) for seed in range(1, SEEDS + 1)]
    assert "\n\n".join(filter(None, reports)) == ""
    assert totals.calls > SEEDS * STEPS / 2
    print(totals.shown(client.dialect))


def test_a_refused_script_is_reported(client: Client) -> None:
    done = render(numbers(1, 5), client.dialect)
    done.script += "\nSELECT * FROM nowhere;\n"
    assert "nowhere" in fault(done, Ground(client))


def test_a_wrong_catalogue_is_reported(client: Client) -> None:
    done = render(numbers(1, 5), client.dialect)
    table = next(iter(done.schema.tables.values()))
    column = next(iter(table.columns.values()))
    column.nullable = not column.nullable
    assert "columns of" in fault(done, Ground(client))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_seed_gives_the_same_script(dialect: str) -> None:
    first, second = (render(numbers(7, STEPS), dialect) for _ in range(2))
    assert first.script == second.script
    assert len(first.calls) > STEPS / 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_kind_of_step_is_drawn(dialect: str) -> None:
    functions = {call.function for seed in range(30) for call in render(numbers(seed, STEPS), dialect).calls}
    everywhere = {"create_table", "drop_table", "add_column", "alter_column", "create_index", "batch_alter_table"}
    plainly = set() if dialect == "sqlite" else {"create_foreign_key", "create_unique_constraint", "drop_constraint"}
    assert functions >= everywhere | plainly


def test_a_refusal_must_be_on_the_list() -> None:
    assert expected("mariadb", "MariaDB has no MATCH on foreign keys")
    assert not expected("mariadb", "MariaDB has no tables")


def test_a_choice_stays_when_another_option_goes() -> None:
    words = [f"word {number}" for number in range(20)]
    for number in range(50):
        chosen = Chance(number).pick(words)
        fewer = [word for word in words if word == chosen or words.index(word) % 2]
        assert Chance(number).pick(fewer) == chosen


def test_nothing_to_choose_from_is_told() -> None:
    with pytest.raises(Impossible):
        Chance(1).pick([])
