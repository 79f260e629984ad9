"""The addresses by which SQLAlchemy's default drivers reach the tests' own databases."""

from __future__ import annotations

from tests.databases.clients import Database
from tests.databases.mariadb import MariaDBDatabase
from tests.databases.postgresql import PostgreSQLDatabase
from tests.databases.sqlite import SQLiteDatabase


def url_of(database: Database, dialect: str) -> str:
    """Return the URL of a database; ``dialect`` tells mysql from mariadb."""
    match database:
        case PostgreSQLDatabase():
            return f"postgresql+psycopg2://postgres@/{database.name}?host={database.folder}"
        case MariaDBDatabase():
            return f"{dialect}+pymysql://root@/{database.name}?unix_socket={database.folder / 'socket'}"
        case SQLiteDatabase():
            return f"sqlite:///{database.file}"
    raise TypeError(type(database).__name__)
