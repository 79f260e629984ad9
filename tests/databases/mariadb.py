"""MariaDB and its client, as the system has them (Debian's package ``mariadb-server``)."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases.clients import Client, Completed, Database, Row, ServerMissingError, begun, run
from tests.databases.servers import Server

SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/usr/bin"])
"""Servers live in ``sbin``, which an ordinary user's PATH leaves out."""

FOR_TESTS_ONLY = (
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-use-native-aio=0",
    "--performance-schema=OFF",
    "--character-set-server=utf8mb4",
)
"""A server that need not survive a power cut starts faster and takes less memory."""

MYSQL_NAME = b"transaction_read_only"
ESCAPES = {"\\n": "\n", "\\t": "\t", "\\0": "\0", "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class MariaDBDatabase(Database):
    """A database on the tests' own MariaDB."""

    program: Path
    folder: Path
    name: str

    def run_file(self, path: Path, *, env: Mapping[str, str] | None = None) -> Completed:
        """Run ``mariadb DATABASE < FILE``; a script for MySQL names a variable otherwise than MariaDB before 11.1."""
        script = path.read_bytes()
        if MYSQL_NAME in script:
            spoken = script.replace(MYSQL_NAME, b"tx_read_only").decode()
            return run([*self._client(), self.name], text=spoken, env=env)
        return run([*self._client(), self.name], stdin=path, env=env)

    def start(self, path: Path) -> subprocess.Popen[bytes]:
        """Start the client."""
        return begun([*self._client(), self.name], stdin=path)

    def end_sessions(self) -> None:
        """End all other sessions of this database."""
        others = f"FROM information_schema.processlist WHERE db = '{self.name}' AND id <> CONNECTION_ID()"
        for (id,) in self.query(f"SELECT id {others}"):
            self.goes_on(f"KILL {id};")
        while self.query(f"SELECT id {others}"):
            pass

    def goes_on(self, script: str, *options: str) -> Completed:
        """Run ``mariadb --force``."""
        return run([*self._client(), "--force", *options, self.name], text=script)

    def query(self, sql: str) -> list[Row]:
        """Return the rows of one SELECT. A text that reads NULL cannot be told from NULL in this client's output."""
        shape = ["--batch", "--skip-column-names", "--default-character-set=utf8mb4", "-e", sql]
        lines = run([*self._client(), *shape, self.name]).check().stdout.splitlines()
        return [tuple(_value(text) for text in line.split("\t")) for line in lines]

    def tables(self) -> list[str]:
        """Return the tables of this database."""
        return sorted(str(name) for name, kind in self.query("SHOW FULL TABLES") if kind == "BASE TABLE")

    def scratch(self) -> Path:
        """Return the server's folder."""
        return self.folder

    def _client(self) -> list[str | Path]:
        return [self.program, "--no-defaults", "--socket", self.folder / "socket", "-u", "root"]


@dataclass(frozen=True, slots=True)
class MariaDBClient(Client):
    """The tests' own MariaDB server."""

    program: Path
    server: Server
    dialect: str = "mariadb"
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fresh_database(self) -> MariaDBDatabase:
        """Create a database of the next number."""
        name = f"test_{next(self._numbers)}"
        self.database("mysql").query(f"CREATE DATABASE {name}")
        return self.database(name)

    def database(self, name: str) -> MariaDBDatabase:
        """Return a database that stands already."""
        return MariaDBDatabase(self.program, self.server.folder, name)

    def is_ready(self) -> bool:
        """Say whether the server answers."""
        return self.database("mysql").run_script("SELECT 1;").returncode == 0

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self.server.stop()


def run_with(database: MariaDBDatabase, script: str, *options: str) -> Completed:
    """Run a script with more options of the client than a DBA would give."""
    return run([*database._client(), *options, database.name], text=script)


def start() -> MariaDBClient:
    """Start a server and return it once it answers. Raises ServerMissingError."""
    install, daemon, program = (_find(name) for name in ("mariadb-install-db", "mariadbd", "mariadb"))
    server = Server("mariadb")
    try:
        data = f"--datadir={server.folder / 'data'}"
        normal = "--auth-root-authentication-method=normal"  # root without a password, behind the socket
        server.prepare([install, "--no-defaults", data, normal, "--skip-test-db", *FOR_TESTS_ONLY])
        places = [data, f"--socket={server.folder / 'socket'}", f"--pid-file={server.folder / 'pid'}"]
        client = MariaDBClient(program, server)
        server.start([daemon, "--no-defaults", "--skip-networking", *places, *FOR_TESTS_ONLY], client.is_ready)
    except BaseException:
        server.stop()
        raise
    return client


def _find(name: str) -> Path:
    """Return the path of a program. Raises ServerMissingError."""
    found = shutil.which(name, path=SEARCH_PATH)
    if not found:
        raise ServerMissingError(f"no MariaDB server: {name} not found; apt install mariadb-server")
    return Path(found)


def _value(text: str) -> str | None:
    """Return what stood in the row before the client's ``--batch`` mode escaped it."""
    return None if text == "NULL" else re.sub(r"\\.", lambda match: ESCAPES.get(match[0], match[0]), text)
