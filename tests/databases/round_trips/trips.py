"""The same values, written by a script through the plain client and by the driver: does the server hold the same?

Each value is stored three times: ``script`` by what ``op.bulk_insert`` renders, ``execute`` by what
``bind.execute(table.insert(), rows)`` renders, and ``driver`` by SQLAlchemy and the database's driver with bound
parameters. The server itself compares them, asked through its client.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

import sqlgen
from sqlgen.errors import LiteralError
from tests.databases.clients import Client, Database
from tests.databases.mariadb import MariaDBDatabase, run_with
from tests.databases.postgresql import PostgreSQLDatabase
from tests.databases.sqlite import SQLiteDatabase

Rows = list[dict[str, Any]]

MADE = ("script", "execute")
REFUSALS = (sa.exc.SQLAlchemyError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError)
"""What a value ends in that SQLAlchemy, the driver or the server does not take."""

EXACT = {
    "postgresql": ("{v}::text",),
    "mariadb": ("HEX({v})", "HEX(CAST({v} AS CHAR))"),
    "sqlite": ("typeof({v})", "quote({v})", "hex(CAST({v} AS BLOB))"),
}
"""The forms of a stored value that must be alike, by dialect."""

DOUBLES = ("HEX(CAST({v} AS CHAR))", "HEX(CAST(CAST({v} AS DOUBLE) AS CHAR))")
"""The same for floating-point numbers of MariaDB: HEX would round them."""


def engine_for(database: Database) -> sa.Engine:
    """Return an engine on a database of the tests, with the driver of that database."""
    if isinstance(database, PostgreSQLDatabase):
        url = sa.URL.create("postgresql+psycopg2", "postgres", database=database.name)
        return sa.create_engine(url.set(query={"host": str(database.folder)}), client_encoding="utf8")
    if isinstance(database, MariaDBDatabase):
        url = sa.URL.create("mariadb+pymysql", "root", host="localhost", database=database.name)
        return sa.create_engine(url, connect_args={"unix_socket": str(database.folder / "socket")})
    assert isinstance(database, SQLiteDatabase)
    return sa.create_engine(f"sqlite:///{database.file}")


@dataclass(frozen=True, slots=True)
class Case:
    """Values for a column of one type; ``known`` are always tried, ``drawn`` is a strategy for more.

    ``typed`` is the type that the revision gives to the column where it is another one. ``exact`` are the forms to
    compare. ``stricter`` tells which values we refuse although the driver stores something.
    """

    column: Any
    known: Sequence[Any] = ()
    drawn: Any = None
    typed: Any = None
    exact: tuple[str, ...] = ()
    stricter: Callable[[Any], bool] = lambda _value: False
    lists: tuple[int, int] = (10, 40)

    def __str__(self) -> str:
        name = " ".join(repr(self.column).split())[:60]
        return name if self.typed is None else f"{self.typed!r} in {name}"


@dataclass
class Trips:
    """One database, with a table for each way and list of values; ``options`` go to ``sqlgen.capture``."""

    client: Client
    options: dict[str, Any] = field(default_factory=dict)
    keep: Callable[[str], bool] = lambda _line: True
    values: int = 0
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.database = self.client.fresh_database()
        self.engine = engine_for(self.database)

    def close(self) -> None:
        """Let the driver go."""
        self.engine.dispose()

    def go(self, case: Case, values: Sequence[Any]) -> None:
        """Send the values all ways. Raises AssertionError for the first that is not stored alike."""
        name = f"t{next(self._numbers)}"
        known = case.column if case.typed is None else case.typed
        rows = [{"id": number, "v": value} for number, value in enumerate(values, 1)]
        self.make_tables(name, case.column)
        written = self.written(rows, known)
        unwritten = [row for row in rows if row not in written] if len(written) < len(rows) else []
        stored = self.drive(f"{name}_driver", known, written)
        unjust = [row["v"] for row in self.drive(f"{name}_driver", known, unwritten) if not case.stricter(row["v"])]
        assert unjust == [], "we refuse what the driver stores"
        self.apply(name, known, stored)
        refused = [row for row in written if row not in stored] if len(stored) < len(written) else []
        if refused:
            self.apply(name, known, refused, go_on=True)
        self.compare(name, case.exact or EXACT[self.client.dialect], values, len(stored))
        self.values += len(values)

    def make_tables(self, name: str, column: Any) -> None:
        """Create the three tables."""
        metadata = sa.MetaData()
        for who in (*MADE, "driver"):
            number = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
            sa.Table(f"{name}_{who}", metadata, number, sa.Column("v", column))
        metadata.create_all(self.engine)

    def written(self, rows: Rows, column: Any) -> Rows:
        """Return the rows that we have literals for."""
        with sqlgen.capture(self.client.dialect, **self.options) as captured:
            table = light("t", column)
            try:
                captured.op.bulk_insert(table, rows)
            except LiteralError:
                captured.recorder.error = None
                return self.written_one_by_one(captured, table, rows)
        return rows

    def written_one_by_one(self, captured: Any, table: Any, rows: Rows) -> Rows:
        """Return the rows that we have literals for, where some have none."""
        written = []
        for row in rows:
            try:
                captured.op.bulk_insert(table, [row])
                written.append(row)
            except LiteralError:
                captured.recorder.error = None
        return written

    def drive(self, name: str, column: Any, rows: Rows) -> Rows:
        """Store rows with the driver; return those that it, and the server, take."""
        if not rows or self.driven(name, column, rows):
            return rows
        return [row for row in rows if self.driven(name, column, [row])]

    def driven(self, name: str, column: Any, rows: Rows) -> bool:
        """Store rows at once; tell whether that went well."""
        try:
            with warnings.catch_warnings(), self.engine.begin() as connection:
                warnings.simplefilter("ignore", DeprecationWarning)  # sqlite3's adapters, from Python 3.12 on
                connection.execute(light(name, column).insert(), rows)
        except REFUSALS:
            return False
        return True

    def apply(self, name: str, column: Any, rows: Rows, *, go_on: bool = False) -> None:
        """Run the scripts of both ways with the plain client; ``go_on`` after an error, one row after another."""
        if not rows:
            return
        with sqlgen.capture(self.client.dialect, **self.options) as captured:
            for who, send in zip(MADE, (bulk, executed), strict=True):
                send(captured, light(f"{name}_{who}", column), rows, not go_on)
        dialect = captured.recorder.dialect
        preamble = [line for line in dialect.form().preamble() if self.keep(line)]
        script = "\n".join([*preamble, *(dialect.terminate(one.sql) for one in captured.statements), ""])
        if go_on:
            run_on(self.database, script)
        else:
            self.database.run_script(script).check()

    def compare(self, name: str, exact: Sequence[str], values: Sequence[Any], stored: int) -> None:
        """Ask the server for rows that differ, or that one way has alone."""
        parts = [
            f"SELECT * FROM ({self.difference(f'{name}_{who}', f'{name}_driver', exact)}) {who}_differs" for who in MADE
        ]
        for key, *sides in self.database.query(" UNION ALL ".join(parts)):
            raise AssertionError(f"row {key}, {values[int(key or 0) - 1]!r:.300}: {sides!r:.900}")
        counts = ", ".join(f"(SELECT count(*) FROM {name}_{who})" for who in MADE)
        assert self.database.query(f"SELECT {counts}") == [(str(stored), str(stored))]

    def difference(self, one: str, other: str, exact: Sequence[str]) -> str:
        """Return the query for rows of one table that another lacks or has otherwise."""
        same = {"mariadb": "<=>", "sqlite": "IS"}.get(self.client.dialect, "IS NOT DISTINCT FROM")
        forms = [(form.format(v="a.v"), form.format(v="b.v")) for form in exact]
        unlike = " OR ".join(f"NOT (({mine}) {same} ({theirs}))" for mine, theirs in forms)
        shown = ", ".join(f"{form} AS f{number}" for number, form in enumerate(itertools.chain(*forms)))
        return (
            f"SELECT a.id, {shown} FROM {one} a LEFT JOIN {other} b ON a.id = b.id"
            f" WHERE b.id IS NULL OR {unlike} ORDER BY a.id LIMIT 1"
        )


def light(name: str, column: Any) -> Any:
    """Return a table as revisions describe it."""
    return sa.table(name, sa.column("id", sa.Integer), sa.column("v", column))


def bulk(captured: Any, table: Any, rows: Rows, together: bool) -> None:
    """Write rows by ``op.bulk_insert``."""
    captured.op.bulk_insert(table, rows, multiinsert=together)


def executed(captured: Any, table: Any, rows: Rows, _together: bool) -> None:
    """Write rows by ``bind.execute``."""
    captured.op.get_bind().execute(table.insert(), rows)


def run_on(database: Database, script: str) -> None:
    """Run a script with a client that goes on after errors."""
    if isinstance(database, MariaDBDatabase):
        run_with(database, script, "--force")
        return
    lines = [line for line in script.splitlines() if line not in (r"\set ON_ERROR_STOP on", ".bail on")]
    first = r"\set ON_ERROR_STOP off" if isinstance(database, PostgreSQLDatabase) else ".bail off"
    database.run_script("\n".join([first, *lines, ""]))
