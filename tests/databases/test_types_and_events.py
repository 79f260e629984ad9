"""Table events and types that bring something along, on the three servers."""

from __future__ import annotations

import pytest

import sqlgen
from tests.databases.clients import Client, Database
from tests.dialects.type_cases import CASES, OF_POSTGRESQL

#: What the server has no statement for; see tests/dialects/test_types_and_events.py.
REFUSED = {
    "sqlite": {name for name in CASES if name.startswith("alter_")},
    "mariadb": {"alter_from_unnamed_boolean"},
    "postgresql": set[str](),
}


def script(name: str, dialect: str) -> str:
    with sqlgen.capture(dialect) as captured:
        CASES[name].before(captured.op)
        CASES[name](captured.op)
    return "".join(f"{statement};\n" for statement in captured.statements)


@pytest.mark.parametrize("name", CASES)
def test_a_server_takes_it(name: str, client: Client, database: Database) -> None:
    if client.dialect != "postgresql" and name in OF_POSTGRESQL:
        pytest.skip("a type of PostgreSQL's")
    if name in REFUSED[client.dialect]:
        with pytest.raises(sqlgen.CommandError):
            script(name, client.dialect)
    else:
        database.run_script(script(name, client.dialect)).check()
