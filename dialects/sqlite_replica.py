"""SQLite's replica: two private databases of the standard library's ``sqlite3``, which spill to the disk by themselves.

What is judged here rests on the library that Python has. Where it is older than the target, or lacks a module, function
or collation of the server's, its refusal says nothing about the server.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from ..schema.replica import Outcome, Refused, Unjudged
from ..splitting import head, tokens
from .sqlite_aside import NOBODY, Aside
from .sqlite_text import SYNTAX

#: Each world's present. Every part of the two differs, and in the second one each statement takes a second.
MOMENTS = (datetime(2001, 2, 3, 4, 5, 6), datetime(2032, 11, 24, 17, 38, 49))
CLOCKS = {"current_timestamp": "datetime", "current_date": "date", "current_time": "time"}
DATES = {"datetime": 0, "date": 0, "time": 0, "julianday": 0, "unixepoch": 0, "strftime": 1}

#: PRAGMAs that tell something, also with an argument; any other one only does so without one (sqlite.org/pragma.html).
TELLING = re.compile(
    r"(?:collation|compile_options|database|foreign_key|function|index|module|pragma|table)_?(?:list|check|x?info)?"
    r"|integrity_check|quick_check",
    re.I,
)
#: PRAGMAs that tell of the schema, or of settings that revisions ask for; others may tell of rows.
STEADY = re.compile(
    r"(?:table|index|foreign_key|collation|database|function|module|pragma)_x?(?:info|list)|foreign_keys|encoding", re.I
)
#: Functions that tell what statements before did.
COUNTERS = frozenset(("changes", "total_changes", "last_insert_rowid"))
#: How names of tables start that SQLite itself fills.
OWN = ("sqlite_", "dbstat")
#: After such a statement a table may have another name, or be gone.
MOVES = re.compile(r"\b(?:rename|drop|writable_schema|sqlite_\w+)\b", re.I)
#: What concerns the file only, or other files: it is not run here.
FILES = re.compile(r"(?:VACUUM|ATTACH|DETACH)\b|PRAGMA (?:\S+ \. )?(?:JOURNAL_MODE|LOCKING_MODE|WAL_\w+|MMAP_SIZE)\b")
#: What a database says of things that it lacks, and the server may have.
LACKS = re.compile(r"no such (?:function|module|collation sequence)|unknown tokenizer|no such vfs")
UNKNOWN_FILE = re.compile(r"unknown database")
MISSING = re.compile(r"no such table: (?:main\.)?(.+)")
VIRTUAL = re.compile(r"CREATE VIRTUAL TABLE\b")
NEWER = re.compile(
    r"syntax error|no such function|unrecognized token|unknown table option|no such module|unknown datatype"
)

#: Words that are no names, or say nothing about one.
KEYWORDS = re.compile(
    r"add|all|alter|and|as|asc|autoincrement|before|after|begin|between|by|cascade|case|cast|check|collate|column|"
    r"constraint|create|cross|default|deferrable|deferred|delete|desc|distinct|drop|each|else|end|escape|except|exists|"
    r"explain|fail|for|foreign|from|full|generated|glob|group|having|if|ignore|immediate|in|index|initially|inner|"
    r"insert|instead|intersect|into|is|isnull|join|key|left|like|limit|natural|not|notnull|null|of|offset|on|or|order|"
    r"outer|over|partition|plan|pragma|primary|query|references|regexp|reindex|release|rename|replace|restrict|"
    r"returning|right|rollback|row|rowid|savepoint|select|set|stored|strict|table|temp|temporary|then|to|transaction|"
    r"trigger|union|unique|update|using|vacuum|values|view|virtual|when|where|with|without|integer|text|blob|real|"
    r"numeric|varchar|boolean|datetime|date|time|main|sqlite_master|count|max|min|coalesce"
)
SCHEMA = frozenset(("sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema", "pragma_table_list"))
ATTEMPT = "sqlgen_attempt"
CHANGES = frozenset((sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE))
MAKES = frozenset((sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_TEMP_TABLE))
SELECTS = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE))


class SQLiteWorld:
    """One private database. ``number`` tells the two apart; ``target`` is the server's version."""

    def __init__(self, number: int, target: tuple[int, ...]) -> None:
        self.target = target
        self.moment = MOMENTS[number]
        self.second = timedelta(seconds=number)
        # Alike but upside down: signs, parity and every order differ.
        self.dice = random.Random(0)
        self.turned = bool(number)
        self.attached = False
        # Without a name: private, in memory while it is small, then on the disk (sqlite.org/inmemorydb.html).
        self.database = sqlite3.connect("", isolation_level=None, cached_statements=0)
        self.plain = sqlite3.connect(":memory:", isolation_level=None)
        self.small = sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)
        for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF"):
            self.database.execute(f"PRAGMA {pragma}").close()
        self.chance = False
        self.reading = False
        self.denied = False
        # None where nobody knows them without a look.
        self.names_of_tables: frozenset[str] | None = None
        self.seen: set[tuple[int, str | None, str | None]] = set()
        self._make_functions(self.database)
        self._make_functions(self.small)
        self._open_functions()
        self.aside = Aside(self.database, self.small)
        self.database.set_authorizer(self._authorize)

    # Clock and dice.

    def _make_functions(self, database: sqlite3.Connection) -> None:
        make = database.create_function
        for name, function in CLOCKS.items():
            make(name, 0, self._by_chance(lambda function=function: self._dated(function, "now")))
        for name in DATES:
            make(name, -1, lambda *given, name=name: self._dated(name, *given), deterministic=True)
        make("random", 0, self._by_chance(self._number))
        make("randomblob", 1, self._by_chance(self._bytes))
        make("total_changes", 0, lambda: self.database.total_changes - self.aside.hidden)
        make("sqlite_version", 0, lambda: ".".join(map(str, (*self.target, 0, 0)[:3])), deterministic=True)

    def _open_functions(self) -> None:
        """Use each function that gives a table once: the first time, it passes for a change of the schema."""
        pragmas = [str(name) for (name,) in self.database.execute("PRAGMA pragma_list") if TELLING.fullmatch(name)]
        for function in (*(f"pragma_{name}" for name in pragmas), "json_each", "json_tree"):
            with suppress(sqlite3.Error):
                self.database.execute(f"SELECT * FROM {function} LIMIT 0").close()

    def _by_chance(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any) -> Any:
            self.chance = True
            return function(*arguments)

        return called

    def _number(self) -> int:
        number = self.dice.randrange(-(2**63), 2**63)
        return ~number if self.turned else number

    def _bytes(self, size: Any) -> bytes:
        drawn = self.dice.randbytes(max(1, int(size or 0)))
        return bytes(255 - one for one in drawn) if self.turned else drawn

    def _dated(self, function: str, *given: Any) -> Any:
        """Return what a function of dates gives; the present is this world's."""
        place = DATES[function]
        arguments = [*given, "now"] if len(given) == place else [*given]
        for number, argument in enumerate(arguments):
            if number >= place and isinstance(argument, str) and argument.strip().lower() == "now":
                self.chance = True
                arguments[number] = str(self.moment)
        places = ", ".join("?" * len(arguments))
        return self.plain.execute(f"SELECT {function}({places})", arguments).fetchone()[0]

    # Statements.

    def _authorize(self, action: int, first: str | None, second: str | None, *_: Any) -> int:
        self.seen.add((action, first, second))
        if not self.reading or action in SELECTS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_PRAGMA and (second is None or TELLING.fullmatch(str(first))):
            return sqlite3.SQLITE_OK
        self.denied = True
        return sqlite3.SQLITE_DENY

    def run(self, sql: str, *, reading: bool = False) -> Outcome | None:
        """Run one statement: see :class:`sqlgen.schema.replica.World`."""
        start = head(sql, SYNTAX)
        if FILES.match(start):
            self.attached = self.attached or start.startswith("ATTACH")
            return None if reading else Outcome()
        if self.attached and start.startswith("PRAGMA DATABASE_LIST"):
            raise Unjudged(())
        names = self.names_of_tables
        if not reading:
            self.names_of_tables = None
        outcome = self._done(sql, reading=reading)
        if outcome is not None and not outcome.alters and not start.startswith("ROLLBACK"):
            self.names_of_tables = names
        return outcome

    def _done(self, sql: str, *, reading: bool) -> Outcome | None:
        work = None if reading else self.aside.run(sql)
        self.moment += self.second
        self.seen, self.reading, self.denied, self.chance = set(), reading, False, False
        if work is not None:
            self.seen = set(work.seen)
            return self._outcome(work.cursor, [], counted=False)
        cursor = self.database.cursor()
        before = self.database.total_changes
        try:
            cursor.execute(sql)
            rows = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
            if self.denied:
                return None
            raise self._refusal(sql, error) from error
        finally:
            self.reading = False
        return self._outcome(cursor, rows, counted=self.database.total_changes != before)

    def _refusal(self, sql: str, error: Exception) -> Refused | Unjudged:
        if UNKNOWN_FILE.search(str(error)):
            return Unjudged(())  # what another file has is no concern of this one
        message, newer = str(error), self.target > sqlite3.sqlite_version_info
        if LACKS.search(message) or (newer and NEWER.search(message)):
            return Unjudged(self.names(sql))
        kind = "ProgrammingError" if isinstance(error, (sqlite3.Warning, OverflowError)) else type(error).__name__
        missing = MISSING.search(message)
        return Refused(message, kind, by_chance=self.chance, missing=missing[1] if missing else "")

    def _outcome(self, cursor: sqlite3.Cursor, rows: list[tuple[Any, ...]], *, counted: bool) -> Outcome:
        reads, writes, made, inserts, past = set(), set(), set(), False, False
        for action, first, second in self.seen:
            if action == sqlite3.SQLITE_READ and first:
                reads.add(first.lower())
            elif action in CHANGES and first:
                writes.add(first.lower())
                inserts = inserts or action == sqlite3.SQLITE_INSERT
            elif action in MAKES and first:
                made.add(first.lower())
            elif action == sqlite3.SQLITE_FUNCTION:
                past = past or str(second).lower() in COUNTERS
            elif action == sqlite3.SQLITE_PRAGMA:
                past = past or not STEADY.fullmatch(str(first))
                if second is not None and not TELLING.fullmatch(str(first)):
                    self.aside.heed(str(first))
        alters = not writes.isdisjoint(SCHEMA)
        # Tables that SQLite itself fills tell of earlier statements too.
        past = past or any(name.startswith(OWN) for name in reads - SCHEMA)
        return Outcome(
            columns=tuple(str(one[0]) for one in cursor.description) if cursor.description else None,
            rows=rows,
            rowcount=cursor.rowcount if not alters else -1,
            lastrowid=cursor.lastrowid if inserts and counted and not alters else None,
            reads=frozenset(reads),
            writes=frozenset((writes - SCHEMA) | made),
            alters=alters,
            of_schema=not reads.isdisjoint(SCHEMA),
            by_chance=self.chance,
            of_past=not alters and past,
        )

    def names(self, sql: str) -> frozenset[str]:
        """Return the names in a statement: words that are none of SQL's own, and quoted ones."""
        found = {unquoted(token.text).lower() for token in tokens(sql, SYNTAX) if token.kind in ("word", "name")}
        return frozenset(name for name in found if not KEYWORDS.fullmatch(name))

    def tables(self) -> frozenset[str]:
        """Return the names of all tables."""
        if self.names_of_tables is not None:
            return self.names_of_tables
        (names,) = self.database.execute(
            "SELECT group_concat(name, char(0)) FROM (SELECT name FROM sqlite_master WHERE type = 'table' UNION ALL "
            "SELECT name FROM sqlite_temp_master WHERE type = 'table')"
        ).fetchone()
        self.names_of_tables = frozenset(str(names).lower().split("\0")) if names is not None else frozenset()
        return self.names_of_tables

    @staticmethod
    def moves(sql: str) -> bool:
        """Tell whether a table may have another name after a statement, or be gone."""
        return MOVES.search(sql) is not None

    def schema(self) -> list[str]:
        """Return the statements that make all objects in an order that works; shadow tables make themselves."""
        rows = self.database.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            " ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid"
        ).fetchall()
        shadows = tuple(f"{name}_" for name, sql in rows if VIRTUAL.match(head(str(sql), SYNTAX)))
        return [str(sql) for name, sql in rows if not str(name).startswith(shadows)]

    def texts(self) -> dict[str, list[str]]:
        """Return the statements that make objects, by the name of their table or view."""
        found: dict[str, list[str]] = {}
        for name, sql in self.database.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            found.setdefault(str(name).lower(), []).append(str(sql))
        return found

    def attempt(self, sql: str) -> str:
        """Run a statement, take it back, and return what the database says against it."""
        if self.aside.works(sql):
            return ""
        self.mark(ATTEMPT)
        self.database.set_authorizer(NOBODY)  # nobody asks what it reads and writes
        try:
            self.run(sql)
        except Refused as refused:
            return str(refused)
        except Unjudged:
            return ""
        finally:
            self.back(ATTEMPT)
            self.database.execute(f"RELEASE {ATTEMPT}")
            self.database.set_authorizer(self._authorize)
        return ""

    def mark(self, name: str) -> None:
        """Set a savepoint."""
        self.database.execute(f'SAVEPOINT "{name}"')

    def back(self, name: str) -> None:
        """Go back to a savepoint."""
        self.names_of_tables = None
        self.database.execute(f'ROLLBACK TO "{name}"')

    def release(self, name: str) -> None:
        """Forget a savepoint, and those after it."""
        self.database.execute(f'RELEASE "{name}"')

    @staticmethod
    def alike(one: Sequence[str], other: Sequence[str]) -> bool:
        """Tell whether two lists of statements are the same but for quotes and blanks.

        RENAME COLUMN quotes the new name wherever it puts it (tried with 3.40).
        """
        return one == other or [*map(written, one)] == [*map(written, other)]

    def settle(self) -> None:
        """Keep everything since the first savepoint."""
        if self.database.in_transaction:
            self.database.execute("COMMIT")

    def close(self) -> None:
        """Close all connections."""
        for database in (self.database, self.plain, self.small):
            database.close()


def unquoted(name: str) -> str:
    """Return a name as it is meant."""
    first = name[:1]
    if first == "[":
        return name[1:-1]
    return name[1:-1].replace(first * 2, first) if first in ('"', "`") else name


def written(sql: str) -> list[str]:
    """Return the parts of a statement, names without their quotes."""
    return [unquoted(token.text) if token.kind == "name" else token.text for token in tokens(sql, SYNTAX)]
