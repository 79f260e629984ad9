"""The same revision by Alembic on a real server and by sqlgen: what is reflected there and here is the same.

``gaps.json`` lists what still differs, by dialect and revision, and is strict both ways; ``python -m
tests.schema.answers.compared --write`` writes it anew and prints every difference.
"""

from __future__ import annotations

import pytest

from tests.databases.clients import Client
from tests.databases.conftest import mariadb, postgresql, sqlite
from tests.schema.answers.compared import aspects, compared, gaps
from tests.schema.answers.revision import REVISIONS, Revision

__all__ = ["mariadb", "postgresql", "sqlite"]

EXPECTED = gaps()
CASES = [
    pytest.param(dialect, revision, id=f"{dialect}-{revision.name}", marks=pytest.mark.xdist_group(dialect))
    for revision in REVISIONS.values()
    for dialect in revision.dialects
]


@pytest.mark.parametrize(("dialect", "revision"), CASES)
def test_the_answers_are_those_of_the_server(dialect: str, revision: Revision, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(dialect)
    found = compared(client, revision)
    told = "\n".join(map(str, found))
    assert aspects(found) == EXPECTED[dialect].get(revision.name, []), f"server <> shadow:\n{told}"
