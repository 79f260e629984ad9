"""Compare what a revision leaves behind on a real server with what the shadow schema says of it.

``python -m tests.schema.answers.compared [DIALECT …] [--only REVISION]`` prints every difference; with ``--write`` it
writes the table of gaps anew.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sqlgen import capture
from sqlgen.rehearsal.inspected import Difference, described, differences
from sqlgen.schema.state import UNTOLD_USER
from tests.databases import mariadb, postgresql, sqlite
from tests.databases.clients import Client
from tests.databases.urls import url_of
from tests.schema.answers import changed, made
from tests.schema.answers.revision import REVISIONS, Revision

__all__ = ["changed", "made"]

STARTS: Mapping[str, Callable[[], Client]] = {
    "postgresql": postgresql.start,
    "mariadb": mariadb.start,
    "sqlite": sqlite.start,
}
GAPS = Path(__file__).with_name("gaps.json")
"""By dialect and revision: what the shadow schema tells otherwise than the server, at present."""


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
    with capture(dialect, server_version=version, from_base=True) as captured:
        revision.body(captured.op)
        assert captured.recorder.error is None, captured.recorder.error
        answers = described(sa.inspect(captured.op.get_bind()))
        captured.recorder.error = None  # what is refused now stands in the answers
        return with_user(answers)


def with_user(told: Any) -> Any:
    """Return what is told with the user of the tests' servers where a view's text has one that is not known."""
    if isinstance(told, dict):
        return {key: with_user(value) for key, value in told.items()}
    return told.replace(UNTOLD_USER, "root") if isinstance(told, str) else told


def compared(client: Client, revision: Revision) -> list[Difference]:
    """Return where the two differ; a refusal is a difference, and so is a failure of the whole revision."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server, version = by_server(client, revision)
        try:
            shadow = by_shadow(client.dialect, revision, version)
        except Exception as error:
            return [Difference(("", "whole"), "", f"{type(error).__name__}: {error}")]
    return list(differences(server, shadow))


def aspects(found: Sequence[Difference]) -> list[str]:
    """Return what differs, without the names of objects."""
    return sorted({difference.aspect for difference in found})


def gaps() -> dict[str, dict[str, list[str]]]:
    """Return the table of gaps."""
    table: dict[str, dict[str, list[str]]] = json.loads(GAPS.read_text(encoding="utf-8"))
    return table


def differing(dialect: str, only: Sequence[str]) -> dict[str, list[str]]:
    """Print the differences of one dialect; return what differs by revision."""
    client = STARTS[dialect]()
    table = {}
    try:
        for revision in REVISIONS.values():
            if dialect in revision.dialects and (not only or revision.name in only):
                found = compared(client, revision)
                print(f"{dialect} {revision.name}: {len(found)} differences", *found, sep="\n    ")
                if found:
                    table[revision.name] = aspects(found)
    finally:
        client.stop()
    return dict(sorted(table.items()))


def main(arguments: Sequence[str]) -> int:
    """Print the differences, and write the table when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dialects", nargs="*", choices=[[], *STARTS], metavar="DIALECT")
    parser.add_argument("--only", action="append", default=[], metavar="REVISION")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    table = {dialect: differing(dialect, chosen.only) for dialect in chosen.dialects or STARTS}
    if chosen.write:
        text = json.dumps({**(gaps() if GAPS.exists() else {}), **table}, indent=1)
        GAPS.write_text(text + "\n", encoding="utf-8")
    return 1 if any(table.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
