"""The same revision by Alembic on a real server and by sqlgen: what is reflected there and here is the same.

``python -m tests.schema.answers.test_answers [DIALECT …]`` prints every difference, and the table of gaps as it should be.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen import capture
from tests.databases.clients import Client
from tests.databases.conftest import mariadb, postgresql, sqlite
from tests.databases.urls import url_of
from tests.projects.reflected import described, differences
from tests.schema.answers import changed, made
from tests.schema.answers.gaps import EXPECTED
from tests.schema.answers.revision import REVISIONS, Revision

__all__ = ["changed", "made", "mariadb", "postgresql", "sqlite"]

CASES = [
    pytest.param(dialect, revision, id=f"{dialect}-{revision.name}", marks=pytest.mark.xdist_group(dialect))
    for revision in REVISIONS.values()
    for dialect in revision.dialects
]


def by_server(client: Client, revision: Revision) -> tuple[Any, str]:
    """Run a revision by Alembic on an empty database; return what is there then, and the server's version."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    engine = sa.create_engine(url_of(client.fresh_database(), client.dialect), poolclass=sa.NullPool)
    with engine.begin() as connection:
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
        with Operations.context(MigrationContext.configure(connection)) as op:
            revision.body(op)
    with engine.connect() as connection:
        return described(sa.inspect(connection)), version


def by_shadow(dialect: str, revision: Revision, version: str) -> Any:
    """Run a revision by sqlgen and return what its shadow schema says."""
    with capture(dialect, server_version=version) as captured:
        revision.body(captured.op)
        return described(sa.inspect(captured.op.get_bind()))


def compared(client: Client, revision: Revision) -> list[str]:
    """Return where the two differ; a refusal is a difference."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server, version = by_server(client, revision)
        try:
            shadow = by_shadow(client.dialect, revision, version)
        except Exception as error:
            return [f"{type(error).__name__}: {error}"]
    return list(differences(server, shadow))


@pytest.mark.parametrize(("dialect", "revision"), CASES)
def test_the_answers_are_those_of_the_server(dialect: str, revision: Revision, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(dialect)
    found = compared(client, revision)
    gap = EXPECTED[dialect].get(revision.name)
    if gap is None:
        assert not found, "server <> shadow:\n" + "\n".join(found)
    else:
        assert found, f"the gap is closed, take it out of the table: {gap}"


def main(dialects: Sequence[str]) -> int:
    """Print the differences of every revision and dialect."""
    from tests.databases import mariadb, postgresql, sqlite

    for dialect, start in (("postgresql", postgresql.start), ("mariadb", mariadb.start), ("sqlite", sqlite.start)):
        if dialects and dialect not in dialects:
            continue
        client: Client = start()
        try:
            for revision in REVISIONS.values():
                if dialect in revision.dialects:
                    found = compared(client, revision)
                    print(f"{dialect} {revision.name}: {len(found)} differences", *found, sep="\n    ")
        finally:
            client.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
