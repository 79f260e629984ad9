"""ALTER TABLE worked out aside: in a database that has nothing but the table, and what names it.

For a RENAME or DROP COLUMN, SQLite reads the whole schema several times: to follow the name, to take the new texts,
and to see that nothing broke. All that it changes are rows of ``sqlite_master``, and without views and triggers these
depend on few others. So the statement is run in a small database first, and what it made of the rows is written where
they belong, by ``PRAGMA writable_schema``. The large schema is then read once. Whatever is not certain to come out the
same, down to the counters, is left to the statement itself.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

NAME = r'(?:"[\w $-]+"|[a-z_]\w*)'
#: Names with other signs are not looked for in texts.
ALTER = re.compile(
    rf"ALTER\s+TABLE\s+(?P<table>{NAME})\s+(?:RENAME\s+TO\s+(?P<new>{NAME})"
    rf"|(?P<drop>DROP)\s+COLUMN\s+{NAME}|RENAME\s+COLUMN\s+{NAME}\s+TO\s+{NAME})",
    re.I | re.A,
)
#: Settings that change nothing for these statements, or are taken over. After any other one they are run as they are.
HARMLESS = re.compile(
    r"foreign_keys|legacy_alter_table|defer_foreign_keys|foreign_key_check|synchronous|cache_size|temp_store"
    r"|user_version|application_id|busy_timeout",
    re.I,
)
#: Where so few rows are not concerned, nothing is saved.
WORTHWHILE = 20

# Views, triggers and virtual tables have no page of their own.
IN_THE_WAY = """SELECT EXISTS (SELECT 1 FROM main.sqlite_master
WHERE coalesce(rootpage, 0) = 0 OR name = :new COLLATE NOCASE)
OR EXISTS (SELECT 1 FROM temp.sqlite_master
WHERE coalesce(rootpage, 0) = 0 OR name = :old COLLATE NOCASE OR (:column AND sql GLOB '*"*'))"""
#: The table, and those whose foreign keys may follow a new name.
NAMING = """SELECT DISTINCT tbl_name FROM main.sqlite_master
WHERE tbl_name = :old COLLATE NOCASE OR name = 'sqlite_sequence' OR (:follow AND type = 'table' AND sql LIKE :text)"""
# A change of a column also puts strings that stand between double quotes between single ones, in every text. A table
# that was renamed begins with its own name between such quotes.
QUOTING = """SELECT tbl_name, type, sql FROM main.sqlite_master
WHERE sql GLOB '*"*' AND (sql NOT GLOB 'CREATE TABLE "*' OR sql GLOB 'CREATE TABLE "*"*"*')"""
OF_TABLES = "SELECT rowid, type, name, tbl_name, sql FROM main.sqlite_master WHERE tbl_name IN ({}) ORDER BY rowid"
ROWS = "SELECT rowid, type, name, tbl_name, sql FROM main.sqlite_master ORDER BY rowid"
SEQUENCE = "sqlite_sequence"

Row = tuple[str, str, str, str | None]
Seen = Collection[tuple[int, str | None, str | None]]
#: What tells a connection that nobody listens: before Python 3.11, None stands for a refusal.
NOBODY: Callable[..., int] | None = None if sys.version_info >= (3, 11) else lambda *_: sqlite3.SQLITE_OK


class Work(NamedTuple):
    """What a statement does to ``sqlite_master``: by their ``rowid``, rows as they were and those that it changes.

    ``cursor`` ran it aside, and ``seen`` is what it looked into and changed, as an authorizer hears it; ``counts`` says
    that there is a table of counters.
    """

    cursor: sqlite3.Cursor
    seen: Seen
    old: dict[int, Row]
    new: dict[int, Row]
    counts: bool


class Aside:
    """Runs ALTER TABLE on ``database`` by way of ``small``, an empty database with the same functions.

    ``hidden`` is how many changes were counted on the way that the statements themselves do not count. ``trusted`` is
    false when the schema may be one that SQLite would not have made. ``settled`` are texts of tables with double quotes
    that a change of a column leaves as they are, ``heard`` is what an authorizer hears of each kind of statement.
    """

    def __init__(self, database: sqlite3.Connection, small: sqlite3.Connection) -> None:
        self.database = database
        self.small = small
        self.hidden = 0
        self.settings = (0, 0)
        self.settled: set[str] = set()
        self.heard: dict[tuple[str, bool], Seen] = {}
        self.trusted = self._may_write()

    def _may_write(self) -> bool:
        """Tell whether the library lets anybody write into the schema: some are built so that they do not."""
        try:
            self.small.execute("PRAGMA writable_schema = ON")
            self.small.execute("UPDATE main.sqlite_master SET type = type WHERE 0")
            self.small.execute("PRAGMA writable_schema = RESET")
        except sqlite3.Error:
            return False
        return True

    def heed(self, pragma: str) -> None:
        """Take note of a setting that a statement changed."""
        if not HARMLESS.fullmatch(pragma):
            self.trusted = False

    def works(self, sql: str) -> bool:
        """Tell whether a statement certainly works. Where this says no, nobody knows.

        The schema is read anew, as after the statement was taken back: some PRAGMA tell in the order of reading.
        """
        if self._worked_out(sql) is None:
            return False
        self._reread(self._one("PRAGMA main.schema_version"))
        return True

    def run(self, sql: str) -> Work | None:
        """Run a statement, and return what it did; None for one that is to be run as it is, and was not."""
        found = ALTER.fullmatch(sql) if self.trusted else None
        if found is None or (found["drop"] and self._has_rows(found["table"])):
            return None
        counted = self._one("SELECT changes()")
        if counted > self._count():
            return None
        work = self._worked_out(sql)
        if work is not None:
            self._write(work, counted)
        return work

    def _count(self) -> int:
        """Return the number of rows that the schema has."""
        return int(self._one("SELECT count(*) FROM main.sqlite_master"))

    def _pays(self, count: int, concerned: int) -> bool:
        """Tell whether so many rows of all are few enough."""
        return count - concerned >= max(WORTHWHILE, concerned)

    def _has_rows(self, table: str) -> bool:
        """Tell whether a table has rows, which would be written anew; also where there is no such table."""
        try:
            return bool(self._one(f"SELECT EXISTS (SELECT 1 FROM main.{table})"))
        except sqlite3.Error:
            return True

    def _one(self, sql: str) -> Any:
        return self.database.execute(sql).fetchone()[0]

    def _worked_out(self, sql: str) -> Work | None:
        """Return what a statement does; None where that is not certain, as for all that SQLite refuses."""
        found = ALTER.fullmatch(sql) if self.trusted else None
        if found is None:
            return None
        old, new = found["table"].strip('"'), (found["new"] or "").strip('"')
        facts = {"old": old, "new": new, "column": not new, "follow": not found["drop"], "text": f"%{old}%"}
        count = self._count()
        if not self._pays(count, 0) or self.database.execute(IN_THE_WAY, facts).fetchone()[0]:
            return None
        rows = self._concerned(facts)
        if not self._pays(count, len(rows)):
            return None
        self._set_up()
        self.small.execute("BEGIN")
        try:
            return self._tried(found, rows)
        except sqlite3.Error:
            return None
        finally:
            self.small.execute("ROLLBACK")

    def _concerned(self, facts: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of all tables that a statement may change, or change with its own."""
        run = self.database.execute
        names = [name for (name,) in run(NAMING, facts)]
        if facts["column"]:
            texts = run(QUOTING).fetchall()
            self.settled.intersection_update([text for _, _, text in texts])
            names += [name for name, kind, text in texts if kind != "table" or text not in self.settled]
        return run(OF_TABLES.format(", ".join("?" * len(names))), names).fetchall()

    def _set_up(self) -> None:
        """Take over the settings that such a statement heeds."""
        settings = self._one("PRAGMA foreign_keys"), self._one("PRAGMA legacy_alter_table")
        if settings != self.settings:
            self.settings = settings
            self.small.execute(f"PRAGMA foreign_keys = {settings[0]}")
            self.small.execute(f"PRAGMA legacy_alter_table = {settings[1]}")

    def _tried(self, found: re.Match[str], rows: list[tuple[Any, ...]]) -> Work | None:
        """Run a statement aside, with a schema of these rows. Raises what SQLite says against that."""
        old = {rowid: tuple(row) for rowid, *row in rows if row[1] != SEQUENCE}
        counts = len(old) < len(rows)
        for _, _, _, text in old.values():
            if text is not None:
                self.small.execute(text)
        if counts:  # a table that counts makes it, and it stays
            self.small.execute("CREATE TABLE sqlgen_counts (id INTEGER PRIMARY KEY AUTOINCREMENT)")
            self.small.execute("DROP TABLE sqlgen_counts")
        places = {row: rowid for rowid, row in old.items()}
        before = self._rows()
        if len(places) < len(old) or {*before.values()} != {*places} or len(before) != len(old):
            return None
        cursor, seen = self._listened(found, counts=counts)
        after = self._rows()
        if [*after] != [*before]:
            return None
        new = {places[before[rowid]]: row for rowid, row in after.items() if row != before[rowid]}
        if not found["new"]:
            self.settled.update(row[3] for rowid, row in old.items() if rowid not in new and row[3])
        return Work(cursor, seen, old, new, counts)

    def _listened(self, found: re.Match[str], *, counts: bool) -> tuple[sqlite3.Cursor, Seen]:
        """Run a statement, and return what an authorizer hears: the same each time, but for the table's name."""
        sql, kind = found[0], (str(found.lastgroup), counts)
        if kind in self.heard:
            return self.small.execute(sql), self.heard[kind]
        seen: set[tuple[int, str | None, str | None]] = set()

        def listen(action: int, first: str | None, second: str | None, *_: Any) -> int:
            seen.add((action, first, second))
            return sqlite3.SQLITE_OK

        self.small.set_authorizer(listen)
        try:
            cursor = self.small.execute(sql)
        finally:
            self.small.set_authorizer(NOBODY)
        self.heard[kind] = frozenset(seen)
        return cursor, self.heard[kind]

    def _rows(self) -> dict[int, Row]:
        """Return the rows of the small schema."""
        return {rowid: tuple(row) for rowid, *row in self.small.execute(ROWS) if row[1] != SEQUENCE}

    def _write(self, work: Work, counted: int) -> None:
        """Write rows into the schema, and have it read anew. ``changes()`` tells afterwards what it told before."""
        run, total = self.database.execute, self.database.total_changes
        version = self._one("PRAGMA main.schema_version")
        run("PRAGMA writable_schema = ON")
        for rowid, (kind, name, table, text) in work.new.items():
            run(
                "UPDATE main.sqlite_master SET name = ?, tbl_name = ?, sql = ? WHERE rowid = ?",
                (name, table, text, rowid),
            )
            if work.counts and kind == "table" and name != work.old[rowid][1]:
                run(f"UPDATE main.{SEQUENCE} SET name = ? WHERE name = ?", (name, work.old[rowid][1]))
        run(
            "UPDATE main.sqlite_master SET type = type WHERE rowid IN (SELECT rowid FROM main.sqlite_master LIMIT ?)",
            (counted,),
        )
        self._reread(version + 1)
        self.hidden += self.database.total_changes - total

    def _reread(self, version: int) -> None:
        """Have the schema read anew, and again when a savepoint is gone back to: so the version is set last."""
        self.database.execute("PRAGMA writable_schema = RESET")
        self.database.execute(f"PRAGMA main.schema_version = {version}")
