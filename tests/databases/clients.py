"""What a test may ask of a database, in the words of a DBA: here is a script, run it; what is there now?

Scripts and questions go through the plain command-line client of each database, never through a Python
driver: whether a script works in that client is what is being tested.
"""

from __future__ import annotations

import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = tuple[str | None, ...]

PATIENCE = 120.0
"""Seconds after which a client is stuck: it waits for a lock, or for somebody to type."""


class ServerMissingError(Exception):
    """A server or client that is not installed, or does not start; the message says which, and what to install."""


@dataclass(frozen=True, slots=True)
class Completed:
    """How a client ended, and everything that it said."""

    returncode: int
    stdout: str
    stderr: str

    def check(self) -> Completed:
        """Return this same result, or raise AssertionError with the client's last words."""
        if self.returncode != 0:
            raise AssertionError(
                f"the client ended with {self.returncode}:\n{self.stdout[-2000:]}\n{self.stderr[-2000:]}"
            )
        return self


class Database(ABC):
    """One empty database of its own, for one test."""

    @abstractmethod
    def run_file(self, path: Path, *, env: Mapping[str, str] | None = None) -> Completed:
        """Feed a script to the plain client, as a DBA would from a shell. A failure is not raised here."""

    @abstractmethod
    def goes_on(self, script: str, *options: str) -> Completed:
        """Feed a script to the client, told to go on after errors where it can be, with more options of its own."""

    @abstractmethod
    def start(self, path: Path) -> subprocess.Popen[bytes]:
        """Start the plain client with a script, as :meth:`run_file` does, and do not wait for it."""

    @abstractmethod
    def end_sessions(self) -> None:
        """End the sessions that a killed client has left on the server."""

    @abstractmethod
    def query(self, sql: str) -> list[Row]:
        """Return the rows of one SELECT as text, ``None`` for NULL. Raises AssertionError when it fails."""

    @abstractmethod
    def tables(self) -> list[str]:
        """Return the names of all tables, sorted, the version table among them."""

    @abstractmethod
    def scratch(self) -> Path:
        """Return a folder for the scripts that are given as text."""

    def run_script(self, script: Path | str) -> Completed:
        """Feed a script to the plain client: a path as it is, text by way of a file."""
        if isinstance(script, Path):
            return self.run_file(script)
        path = self.scratch() / "script.sql"
        path.write_bytes(script.encode())
        return self.run_file(path)

    def versions(self, table: str = "alembic_version") -> list[str]:
        """Return the rows of the version table, sorted; no table and an empty table are both ``[]``."""
        if table not in self.tables():
            return []
        return sorted(str(row[0]) for row in self.query(f"SELECT version_num FROM {table}"))


class Client(ABC):
    """A running database of one kind, with its command-line client."""

    dialect: str
    """The name by which sqlgen knows this kind of database."""

    @abstractmethod
    def fresh_database(self) -> Database:
        """Return a new, empty database."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the server and remove its folder."""


def begun(command: Sequence[str | Path], *, stdin: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a client in the environment that :func:`run` gives it."""
    pipe = subprocess.PIPE
    with (stdin or Path(os.devnull)).open("rb") as given:
        return subprocess.Popen(command, stdin=given, stdout=pipe, stderr=pipe, env=surroundings({}))


def surroundings(env: Mapping[str, str]) -> dict[str, str]:
    """Return the tests' own environment without what would lead a client elsewhere, and some variables on top."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "MYSQL"))}
    return {**kept, "LC_ALL": "C.UTF-8", **env}


def run(
    command: Sequence[str | Path], *, stdin: Path | None = None, text: str = "", env: Mapping[str, str] | None = None
) -> Completed:
    """Run a client to its end and return what it said.

    ``stdin`` is a file to read from, ``text`` is read instead when there is none. The environment is the
    test's own without the variables that would lead a client elsewhere, and ``env`` on top of it.
    """
    given = stdin.read_bytes() if stdin else text.encode()
    done = subprocess.run(
        command, input=given, capture_output=True, env=surroundings(env or {}), timeout=PATIENCE, check=False
    )
    return Completed(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
