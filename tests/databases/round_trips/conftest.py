"""The databases of the round trips: one of each for all cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases.clients import Client
from tests.databases.postgresql import PostgreSQLDatabase
from tests.databases.round_trips.trips import Trips


def running(client: Client) -> Iterator[Trips]:
    """Yield round trips on a database of their own."""
    trips = Trips(client)
    yield trips
    trips.close()


@pytest.fixture(scope="session")
def sqlite_trips(sqlite: Client) -> Iterator[Trips]:
    """SQLite."""
    yield from running(sqlite)


@pytest.fixture(scope="session")
def mariadb_trips(mariadb: Client) -> Iterator[Trips]:
    """MariaDB with its own settings."""
    yield from running(mariadb)


@pytest.fixture(scope="session")
def postgresql_trips(postgresql: Client) -> Iterator[Trips]:
    """PostgreSQL with its own settings, and a time zone of half hours that changes between summer and winter."""
    for trips in running(postgresql):
        set_for(trips, "timezone = 'America/St_Johns'")
        yield trips


def set_for(trips: Trips, setting: str) -> None:
    """Give a database a setting that all later sessions start with."""
    assert isinstance(trips.database, PostgreSQLDatabase)
    trips.database.query(f"ALTER DATABASE {trips.database.name} SET {setting}")
