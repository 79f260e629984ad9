"""The form of scripts for SQLite: its shell, or any program that runs statements.

SQLite has no block and no setting that a statement could turn to read only, so what stops a script is the client:
``.bail on`` in the shell. A CHECK is what a statement can fail by, and its name is the message. ``INSERT OR ROLLBACK``
takes back the transaction at once, so that a shell which stays open holds no lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy.engine import URL

from ..errors import UsageError
from ..form import Call, Form, Rows, Shape, plain_words, shown
from ..statement import Statement

MARK_ENDS = "-- The semicolon ends what an editor may have put in front of this file, so that .bail is a command."


class SQLiteForm(Form):
    """A transaction that begins with the lock, and with a row that only fits in at the right version."""

    clients: ClassVar[dict[str, str]] = {
        "sqlite3": "sqlite3 -bail DATABASE < {file}{log}",
        "plain": "any client that runs {file} statement by statement, and stops at the first error",
    }

    if_not_exists = True
    #: The first look has a table of its own, whose message names the start of the script.
    looked = False

    def check(self, shape: Shape) -> None:
        """Raise UsageError for a schema: a file has none."""
        super().check(shape)
        if shape.schema:
            raise UsageError(
                "SQLite has no schemas that a session could be led into", hint="Open the right file, without --schema."
            )
        if shape.statement_timeout is not None:
            raise UsageError("SQLite has no limit for the time of a statement", hint="Leave out --statement-timeout.")

    @property
    def is_shell(self) -> bool:
        """Whether lines that begin with a dot may be used."""
        return self.shape.client == "sqlite3"

    def command(self, file: str) -> str:
        """Return the call of the shell; what is left open must be committed in the same session."""
        if self.is_shell and self.shape.commit != "auto":
            before = "BEGIN IMMEDIATE;   " if self.shape.commit == "none" else ""
            return f"sqlite3 -bail DATABASE   and there: {before}.read {file}   and then: COMMIT;"
        return super().command(file)

    @classmethod
    def call(cls, url: URL, file: str) -> Call:
        """Return the call of the shell."""
        return Call(("sqlite3",), ("-batch", str(url.database)), {}, stdin=True)

    def log_option(self, file: str) -> str:
        """Return where the shell's output goes."""
        return f" > {file} 2>&1"

    def cautions(self) -> tuple[str, ...]:
        """Return what only the client can see to."""
        stop = "the line .bail on" if self.is_shell else "your client"
        return (f"What stops this script at an error is {stop}: without it, what comes after the error is applied.",)

    def preamble(self) -> tuple[str, ...]:
        """Return the shell's settings; foreign keys are off, because copying a table drops the old one."""
        wait = round((self.shape.lock_timeout or 0) * 1000)
        shell = (MARK_ENDS, ";", ".bail on", f".timeout {wait}")
        own = shell if self.is_shell else (f"PRAGMA busy_timeout = {wait};",)
        timing = (".timer on",) if self.is_shell and self.shape.timing else ()
        return (*own, *timing, "PRAGMA foreign_keys = OFF;")

    def guard(self, states: Sequence[Rows]) -> tuple[str, ...]:
        """Make the tables whose CHECKs refuse; the rows come with the transaction."""
        start = shown(states[0])
        major, minor = self.server
        return (
            "\n".join(
                [
                    "CREATE TEMP TABLE sqlgen_server (version INT",
                    f'    CONSTRAINT "sqlgen: this script needs SQLite {major}.{minor} or later"',
                    f"    CHECK (version >= {major * 1000 + minor}));",
                    "INSERT INTO temp.sqlgen_server SELECT CAST(sqlite_version() AS INT) * 1000",
                    "    + CAST(substr(sqlite_version(), instr(sqlite_version(), '.') + 1) AS INT);",
                    "DROP TABLE temp.sqlgen_server;",
                    "CREATE TEMP TABLE sqlgen_start (have TEXT",
                    f'    CONSTRAINT "sqlgen: this script starts at {plain_words(start)}; nothing was changed"',
                    f"    CHECK (have IS {self.literal(start)}));",
                    "CREATE TEMP TABLE sqlgen_at (have TEXT, want TEXT",
                    '    CONSTRAINT "sqlgen: not at the expected version; nothing of this transaction is kept"',
                    "    CHECK (have IS want));",
                ]
            ),
        )

    def have(self) -> str:
        """Return the query for the version rows as :func:`shown` writes them, without FROM."""
        return "coalesce(group_concat(version_num, ', '), 'base')"

    def rows(self) -> str:
        """Return the version rows in an order that is the same everywhere, as a FROM clause."""
        return f"FROM (SELECT version_num FROM {self.table} ORDER BY version_num COLLATE BINARY)"

    def still(self, rows: Rows) -> tuple[str, ...]:
        """Tell where the database is, and go no further when that is not where it should be."""
        if self.looked:
            want = self.literal(shown(rows))
            return (f"INSERT OR ROLLBACK INTO temp.sqlgen_at SELECT {self.have()}, {want} {self.rows()};",)
        self.looked = True
        return (
            f"SELECT 'sqlgen: the database is at ' || {self.have()} {self.rows()};",
            f"INSERT OR ROLLBACK INTO temp.sqlgen_start SELECT {self.have()} {self.rows()};",
        )

    def unlocked(self, rows: Rows) -> tuple[str, ...]:
        """Look: here the guard only makes the tables."""
        return self.still(rows)

    def done(self, statement: Statement, label: str, text: str, *, inside: bool) -> str:
        """Return the statement behind its line of progress."""
        if label and self.shape.progress == "statement" and self.is_shell:
            return f".print 'sqlgen: {plain_words(label)}'\n{text}"
        return text

    def arrived(self, rows: Rows) -> tuple[str, ...]:
        """See that exactly one row has moved."""
        told = (
            (f".print 'sqlgen: at {plain_words(shown(rows))}'",)
            if self.is_shell and self.shape.progress != "none"
            else ()
        )
        return (*self.still(rows), *told)

    def verdict(self, rows: Rows, *, is_open: bool = False) -> tuple[str, ...]:
        """Return a SELECT of where the database is."""
        end = " || ', once you say COMMIT;'" if is_open else ""
        return (f"SELECT 'sqlgen: now at ' || {self.have()}{end} {self.rows()};",)
