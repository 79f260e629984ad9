"""Real databases for tests: ask for ``postgresql``, ``mariadb`` or ``sqlite``, or for ``client`` to run on all three.

Each is started at most once per process, when a test first asks for it, and stopped at the end. Under
pytest-xdist ``--dist loadgroup`` keeps the tests of one database together, so that it is started once.

With ``CI=true`` in the environment a database that is missing fails the tests that need it; elsewhere they
are skipped, and the summary says what was not tested.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.databases import mariadb as mariadb_server
from tests.databases import postgresql as postgresql_server
from tests.databases import sqlite as sqlite_shell
from tests.databases.clients import Client, Database, ServerMissingError

DATABASES = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("postgresql", "mariadb", "sqlite")]


def running(start: Callable[[], Client]) -> Iterator[Client]:
    """Start a database, yield it, stop it; skip when it is missing, but fail in CI."""
    try:
        client = start()
    except ServerMissingError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(f"NOT TESTED: {missing}")
    try:
        yield client
    finally:
        client.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Client]:
    """PostgreSQL with psql."""
    yield from running(postgresql_server.start)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Client]:
    """MariaDB with the mariadb client."""
    yield from running(mariadb_server.start)


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Client]:
    """The sqlite3 shell."""
    yield from running(sqlite_shell.start)


@pytest.fixture(params=DATABASES)
def client(request: pytest.FixtureRequest) -> Client:
    """Each of the three in turn."""
    client = request.getfixturevalue(request.param)
    assert isinstance(client, Client)
    return client


@pytest.fixture
def database(client: Client) -> Database:
    """An empty database on each of the three in turn."""
    return client.fresh_database()
