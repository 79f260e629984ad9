"""The schema of a database, read through SQLAlchemy's reflection: what ``sqlgen snapshot`` does.

This is where all connections are made. What is here asks and never writes; only a rehearsal does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from . import dialects
from .dialect import Dialect
from .errors import CommandError, UsageError
from .schema.reflected import reflected
from .schema.snapshot import Snapshot, dumped

PACKAGE = "sqlgen-migrations"


def read_database(url: str, schemas: Sequence[str] = (), version_table: str = "alembic_version") -> str:
    """Return the schema of a database as JSON, see docs/snapshot.md; ``schemas`` are read besides the default one.

    ``version_table`` is where its revisions are, none when there is no such table; it is no part of the schema.
    Raises UsageError for an address that cannot be read, CommandError for a database that cannot. No message has the
    password.
    """
    address = parsed(url)
    cls = dialects.get(address.get_backend_name())
    with connected(address) as connection:
        inspector = sa.inspect(connection)
        told, version = server_of(connection, cls)
        dialect = told(version)
        catalog, beside, text = dialect.schema_on_server(
            connection, reflected(inspector, schemas, version_table), version_table
        )
        rows = revisions(connection, version_table)
        return dumped(Snapshot(dialect.name, version, rows, catalog, beside, text), dialect)


def server_of(connection: sa.Connection, cls: type[Dialect]) -> tuple[type[Dialect], str]:
    """Return which database is behind the URL of another, ``cls`` where none is, and the version of its server."""
    version = ".".join(map(str, getattr(connection.dialect, "server_version_info", None) or ()))
    facts = (one for one in map(dialects.get, dialects.names()) if getattr(connection.dialect, one.server_fact, False))
    return next(facts, cls), version


def parsed(url: str) -> URL:
    """Return an address. Raises UsageError, without the password."""
    try:
        return make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise UsageError(
            "the URL cannot be read", hint="Write dialect://user:password@host/database, as SQLAlchemy names it."
        ) from error


@contextmanager
def connected(address: URL, *, writes: bool = False) -> Iterator[sa.Connection]:
    """Yield a connection, for reading unless it ``writes``.

    Raises UsageError without a driver, CommandError when the database refuses.
    """
    engine = engine_for(address, writes=writes)
    try:
        with engine.connect() as connection:
            yield connection
    except sa.exc.SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        if address.password:
            reason = reason.replace(str(address.password), "***")
        raise CommandError(
            f"{address.render_as_string()} cannot be read: {reason}", hint="Look at address, user and rights."
        ) from None
    finally:
        engine.dispose()


def engine_for(address: URL, *, writes: bool = False) -> sa.Engine:
    """Return an engine: by the driver that the address names, else ours, else SQLAlchemy's. Raises UsageError.

    Unless it ``writes``, the database is opened for reading where that makes a difference.
    """
    name = address.get_backend_name()
    cls = dialects.get(name)
    drivers = [address.drivername] if "+" in address.drivername else [f"{name}+{cls.server_driver}", name]
    for driver in drivers if cls.server_driver else [address.drivername]:
        try:
            url = address.set(drivername=driver)
            return sa.create_engine(cls.writing(url) if writes else cls.reading(url), poolclass=sa.pool.NullPool)
        except (ModuleNotFoundError, sa.exc.NoSuchModuleError):
            continue
    raise UsageError(
        f"there is no driver here for {drivers[0]}",
        hint=f"Install one: pip install '{PACKAGE}[{cls.name}]'.",
    )


def revisions(connection: sa.Connection, version_table: str) -> tuple[str, ...]:
    """Return the rows of the version table, none when there is no such table."""
    if not sa.inspect(connection).has_table(version_table):
        return ()
    table = sa.table(version_table, sa.column("version_num"))
    return tuple(sorted(connection.scalars(sa.select(table.c.version_num))))
