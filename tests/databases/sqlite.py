"""SQLite and its shell (Debian's package ``sqlite3``). There is no server: a database is a file."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases.clients import Client, Completed, Database, Row, ServerMissingError, begun, run

FIELD, RECORD, NULL = "\x1f", "\x1e", "\x15"


@dataclass(frozen=True, slots=True)
class SQLiteDatabase(Database):
    """A database file."""

    program: Path
    file: Path

    def run_file(self, path: Path, *, env: Mapping[str, str] | None = None) -> Completed:
        """Run ``sqlite3 DATABASE < FILE``."""
        return run([self.program, self.file], stdin=path, env={"HOME": str(self.file.parent), **(env or {})})

    def start(self, path: Path) -> subprocess.Popen[bytes]:
        """Start the shell."""
        return begun([self.program, self.file], stdin=path)

    def end_sessions(self) -> None:
        """Do nothing: with the shell its locks are gone."""

    def goes_on(self, script: str, *options: str) -> Completed:
        """Run the shell, which goes on unless the script says ``.bail on``."""
        return run([self.program, *options, self.file], text=script, env={"HOME": str(self.file.parent)})

    def query(self, sql: str) -> list[Row]:
        """Return the rows of one SELECT."""
        command: list[str | Path] = [
            self.program,
            "-batch",
            "-bail",
            "-ascii",
            "-noheader",
            "-nullvalue",
            NULL,
            self.file,
        ]
        text = run([*command, sql], env={"HOME": str(self.file.parent)}).check().stdout.removesuffix(RECORD)
        records = text.split(RECORD) if text else []
        return [tuple(None if value == NULL else value for value in record.split(FIELD)) for record in records]

    def tables(self) -> list[str]:
        """Return all tables but SQLite's own."""
        rows = self.query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return sorted(str(name) for (name,) in rows)

    def scratch(self) -> Path:
        """Return the folder of the database file."""
        return self.file.parent


@dataclass(frozen=True, slots=True)
class SQLiteClient(Client):
    """The SQLite shell, and a folder for database files."""

    program: Path
    folder: Path
    dialect: str = "sqlite"
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fresh_database(self) -> SQLiteDatabase:
        """Return a file of the next number, which the shell will create."""
        return SQLiteDatabase(self.program, self.folder / f"test_{next(self._numbers)}.db")

    def stop(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> SQLiteClient:
    """Find the shell and make a folder. Raises ServerMissingError."""
    program = shutil.which("sqlite3")
    if not program:
        raise ServerMissingError("no SQLite shell: apt install sqlite3")
    return SQLiteClient(Path(program), Path(tempfile.mkdtemp(prefix="sqlgen-sqlite-")))
