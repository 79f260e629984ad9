"""Every statement of the operation tables runs on its server, after what is given there."""

from __future__ import annotations

import pytest
from sqlgen.dialects import get

from sqlgen.errors import RenderError
from tests.databases.clients import Client
from tests.dialects.operations.golden import OPERATIONS, tried

RUNS = [
    pytest.param("postgresql", "postgresql", marks=pytest.mark.xdist_group("postgresql")),
    pytest.param("mariadb", "mariadb", marks=pytest.mark.xdist_group("mariadb")),
    pytest.param("mysql", "mariadb", marks=pytest.mark.xdist_group("mariadb")),
    pytest.param("sqlite", "sqlite", marks=pytest.mark.xdist_group("sqlite")),
]
"""Dialect, and the server that its statements run on."""

ONLY_ON_MYSQL = {
    "drop_constraint": {"check", "check, if_exists", "in a schema", "of an untold kind"},
    "alter_column": {"type, with a check that goes", "not null, nothing told", "type, nothing told"},
    "create_index": {"text", "text in parentheses", "expression"},
}
"""Rows that MariaDB does not know as MySQL does: DROP CHECK, indexes on expressions, and defaults in its catalogue."""

AFTERWARDS = "SET foreign_key_checks = 0; DROP DATABASE IF EXISTS s;"
"""What leaves MariaDB, whose schemas are databases, as it was."""


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("dialect", "server"), RUNS)
def test_the_server_takes_it(request: pytest.FixtureRequest, operation: str, dialect: str, server: str) -> None:
    client: Client = request.getfixturevalue(server)
    spoken = get(dialect)()
    failed = {}
    for name, case in OPERATIONS[operation].items():
        outcome = tried(dialect, case)
        if isinstance(outcome, RenderError) or (dialect == "mysql" and name in ONLY_ON_MYSQL.get(operation, ())):
            continue
        before, after = outcome
        lines = [*spoken.form().preamble(), *map(spoken.terminate, [*before, *after])]
        database = client.fresh_database()
        done = database.run_script("\n".join(lines) + "\n")
        if done.returncode:
            failed[name] = (done.stderr.strip().splitlines()[-1], after)
        if server == "mariadb":
            database.run_script(AFTERWARDS).check()
    assert failed == {}
