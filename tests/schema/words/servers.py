"""Steps that a server takes or refuses, and the same steps in the shadow schema."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from sqlgen import capture
from sqlgen.rehearsal.inspected import described, differences
from tests.databases.clients import Client
from tests.databases.urls import url_of

Step = Callable[[Any], Any]


def compared(client: Client, steps: Iterable[Step]) -> tuple[list[Step], list[str]]:
    """Run steps by Alembic on an empty database, and those that the server takes in the shadow schema.

    Return the steps that were taken, and where the two differ afterwards.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    engine = sa.create_engine(url_of(client.fresh_database(), client.dialect), poolclass=sa.NullPool)
    taken = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with engine.begin() as connection:
            version = ".".join(map(str, connection.dialect.server_version_info or ()))
            with Operations.context(MigrationContext.configure(connection)) as op:
                for step in steps:
                    try:
                        with connection.begin_nested():
                            step(op)
                    except (sa.exc.DBAPIError, sa.exc.InvalidRequestError):
                        continue
                    taken.append(step)
        with engine.connect() as connection:
            server = described(sa.inspect(connection))
        with capture(client.dialect, server_version=version) as captured:
            for step in taken:
                step(captured.op)
            shadow = described(sa.inspect(captured.op.get_bind()))
    return taken, [str(one) for one in differences(server, shadow)]
