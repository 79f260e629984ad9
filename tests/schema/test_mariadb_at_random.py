"""Random sequences of operations: what the shadow schema tells is what is reflected from the server after the script.

``SQLGEN_FUZZ_SEEDS`` says how many are tried.
"""

from __future__ import annotations

import os
import warnings

import pytest
import sqlalchemy as sa

from sqlgen.rehearsal.inspected import Facts, described, differences, of_server
from tests.databases.clients import Client
from tests.databases.conftest import mariadb
from tests.databases.urls import url_of
from tests.fuzz.sequence import numbers, render
from tests.fuzz.trial import Ground

__all__ = ["mariadb"]

SEEDS = range(1, int(os.environ.get("SQLGEN_FUZZ_SEEDS", "12")) + 1)
STEPS = 30


def told(bind: sa.Connection) -> Facts:
    """Return everything that reflection tells."""
    return described(sa.inspect(bind))


@pytest.fixture(scope="module")
def ground(mariadb: Client) -> Ground:
    return Ground(mariadb)


@pytest.mark.xdist_group("mariadb")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_shadow_tells_what_the_server_tells(seed: int, ground: Ground) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        done = render(numbers(seed, STEPS), "mariadb", told)
        database = ground.empty()
        database.run_script(done.script).check()
        found = [str(one) for one in differences(of_server(url_of(database, "mariadb")), done.seen)]
    assert not found, "\n".join(["server <> shadow:", *found])
    assert len(done.seen[""]["tables"]) > 0
