"""Apply a script for SQLite to a new database, and show what is in it then.

    python examples/apply_sqlite.py out/sqlite/upgrade.sql [library.db]

The script is fed to the ``sqlite3`` shell, as a DBA would do it. Where there is no shell, Python's own
SQLite takes its place; the lines that only the shell understands, such as ``.bail on``, are left out then,
which changes nothing: Python stops at the first error anyway. Without the second argument the database is a
temporary one. Nothing but Python is needed.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Apply the script named by the arguments; return 0, or 1 when it failed and 2 when misused."""
    if len(arguments) not in (1, 2):
        print("usage: apply_sqlite.py SCRIPT [DATABASE]", file=sys.stderr)
        return 2
    script = Path(arguments[0])
    with tempfile.TemporaryDirectory() as folder:
        database = Path(arguments[1]) if len(arguments) == 2 else Path(folder) / "example.db"
        try:
            client = apply(script, database)
        except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
            print(f"{script} was not applied: {error}", file=sys.stderr)
            return 1
        print(f"applied {script} with {client}")
        show(database)
    return 0


def apply(script: Path, database: Path) -> str:
    """Run the script on the database and return the name of the client that did it."""
    shell = shutil.which("sqlite3")
    if shell:
        with script.open("rb") as text:
            subprocess.run([shell, database], stdin=text, check=True)
        return "the sqlite3 shell"
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(without_dot_commands(script.read_text(encoding="utf-8")))
    return "Python's sqlite3 module"


def without_dot_commands(text: str) -> str:
    """Return the script without the shell's own lines: those that start with a dot where a statement may start."""
    kept: list[str] = []
    statement = ""
    for line in text.splitlines(keepends=True):
        if not statement and line.startswith("."):
            continue
        kept.append(line)
        if statement or not (line.isspace() or line.startswith("--")):
            statement += line
        if sqlite3.complete_statement(statement):
            statement = ""
    return "".join(kept)


def show(database: Path) -> None:
    """Print every table with its number of rows, and the version."""
    with closing(sqlite3.connect(database)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        names = [name for name in names if not name.startswith("sqlite_")]
        for name in names:
            (count,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            print(f"  {name:<20}{count:>4} row{'' if count == 1 else 's'}")
        versions = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version ORDER BY 1")]
    print(f"the database is at {', '.join(versions) or 'base'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
