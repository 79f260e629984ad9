"""Applying sequences to a server, and shortening one that fails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.databases.clients import Client, Completed, Database
from tests.fuzz.catalogue import differences
from tests.fuzz.refusals import expected, reason
from tests.fuzz.sequence import Rendered, numbers, render

LINE = re.compile(r"(?:\.sql:|near line |at line )(\d+)")
EMPTYING = {
    "postgresql": 'DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS "Fuzz 100%" CASCADE; CREATE SCHEMA public;',
    "mariadb": "SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE {name}; CREATE DATABASE {name};",
}

#: SQLite takes a name in double quotes that it does not know for a text, unless it is told not to.
STRICT = {"sqlite": ".dbconfig dqs_ddl off\n.dbconfig dqs_dml off\n"}


@dataclass
class Ground:
    """A server with one database that is emptied before each script."""

    client: Client
    database: Database | None = None

    def empty(self) -> Database:
        """Return an empty database."""
        emptying = EMPTYING.get(self.client.dialect)
        if self.database is None or emptying is None:
            self.database = self.client.fresh_database()
        else:
            self.database.run_script(emptying.format(name=getattr(self.database, "name", ""))).check()
        return self.database


@dataclass
class Totals:
    """What a run of several seeds came to."""

    calls: int = 0
    statements: int = 0
    refusals: Counter[str] = field(default_factory=Counter)

    def add(self, done: Rendered) -> None:
        """Count a sequence."""
        self.calls += len(done.calls)
        self.statements += len(done.statements)
        self.refusals.update(reason(done.dialect, message) for _, message in done.refused)

    def shown(self, dialect: str) -> str:
        """Return the counts, with the reasons of the refusals."""
        reasons = [f"  refused {count} times: {message}" for message, count in self.refusals.most_common()]
        return "\n".join([f"{dialect}: {self.calls} calls, {self.statements} statements", *reasons])


def fault(done: Rendered, ground: Ground) -> str:
    """Return what is wrong with a rendered sequence, empty when the server takes it and has what it must have."""
    unexpected = [f"{call}\n    {message}" for call, message in done.refused if not expected(done.dialect, message)]
    if unexpected:
        return "refused without a reason that is on the list:\n" + "\n".join(unexpected)
    database = ground.empty()
    ended = database.run_script(STRICT.get(done.dialect, "") + done.script)
    if ended.returncode:
        return f"the client ended with {ended.returncode}:\n{said(ended)}\n{place(done, ended)}"
    try:
        return "\n".join(differences(done.schema, database, done.dialect))
    except AssertionError as error:
        return f"the catalogue cannot be read: {error}"


def said(ended: Completed) -> str:
    """Return the client's last words."""
    return (ended.stderr or ended.stdout)[-1500:].strip()


def place(done: Rendered, ended: Completed) -> str:
    """Return the lines of the script up to where the client stopped."""
    found = LINE.search(ended.stderr)
    if found is None:
        return ""
    lines, last = done.script.splitlines(), int(found[1])
    start = max((number for number, line in enumerate(lines[:last]) if line.startswith("-- [")), default=0)
    return "\n".join(lines[start : last + 30])


def shortened(steps: Sequence[int], ground: Ground) -> list[int]:
    """Return fewer steps that still fail, leaving out halves, then quarters, and single ones at last."""
    left = list(steps)
    size = max(1, len(left) // 2)
    while True:
        before = len(left)
        for start in range(len(left) - size, -1, -size):
            fewer = left[:start] + left[start + size :]
            if fault(render(fewer, ground.client.dialect), ground):
                left = fewer
        if size == 1 and len(left) == before:
            return left
        size = max(1, size // 2)


def tried(seed: int, length: int, ground: Ground, totals: Totals) -> str:
    """Try the sequence of a seed; return a report of its failure, empty when all is well."""
    done = render(numbers(seed, length), ground.client.dialect)
    totals.add(done)
    if not fault(done, ground):
        return ""
    steps = shortened(numbers(seed, length), ground)
    done = render(steps, ground.client.dialect)
    calls = "\n".join(f"  {call}" for call in done.calls)
    return f"seed {seed} on {done.dialect}, {len(steps)} steps are enough:\n{calls}\n\n{fault(done, ground)}"
