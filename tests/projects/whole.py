"""Whole chains of the real projects, on real servers: ``python -m tests.projects.whole [NAME …] [--dialect …]``.

To be run in an environment that holds what the projects' revisions import, the drivers, and Alembic. For each project
and dialect it prints a line per check: whether the chain renders, whether the script applies to an empty database
through the plain client, and whether the schema is then what an online run of Alembic gives and what the shadow schema
says. Ends with 1 when a check fails that is not in :mod:`tests.projects.gaps`, or a gap listed there is closed.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlgen.config import Config
from sqlgen.errors import CommandError
from sqlgen.project import Project
from sqlgen.rehearsal.inspected import described, differences, of_server
from tests.databases import mariadb, postgresql, sqlite
from tests.databases.clients import Client, Database
from tests.databases.urls import url_of
from tests.projects.catalogue import CATALOGUE, RealProject, fetch, installed, stock_configuration
from tests.projects.gaps import EXPECTED
from tests.projects.online import ENV, Job, Run, by_alembic

CLIENTS: Mapping[str, Callable[[], Client]] = {
    "postgresql": postgresql.start,
    "mysql": mariadb.start,
    "mariadb": mariadb.start,
    "sqlite": sqlite.start,
}
"""Where the scripts of each dialect are applied; others are rendered only."""

SHADOWED = ("postgresql", "mariadb", "sqlite")
"""The dialects whose own server is there: only with it can the shadow schema be compared."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check of one chain; ``passed`` is None where it could not be made, because of what failed before."""

    project: str
    dialect: str
    check: str
    passed: bool | None
    details: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """Why this check is known to fail, or nothing."""
        return EXPECTED.get((self.project, self.dialect, self.check), "")

    @property
    def surprising(self) -> bool:
        """Whether the outcome is another than the one expected."""
        return (self.passed is False and not self.expected) or (self.passed is True and bool(self.expected))

    def __str__(self) -> str:
        word = {True: "PASS", False: "FAIL", None: "SKIP"}[self.passed]
        note = "  (the gap listed is closed)" if self.passed and self.expected else ""
        known = "  (known)" if self.passed is False and self.expected else ""
        return f"{self.project:20} {self.dialect:11} {self.check:18} {word}{known}{note}"


@dataclass
class Servers:
    """The servers that a run needs, started when first asked for."""

    stack: ExitStack
    running: dict[Callable[[], Client], Client] = field(default_factory=dict)

    def fresh(self, dialect: str) -> Database:
        """Return an empty database for a dialect."""
        start = CLIENTS[dialect]
        if start not in self.running:
            self.running[start] = start()
            self.stack.callback(self.running[start].stop)
        return self.running[start].fresh_database()


@dataclass
class Whole:
    """One chain on one dialect: what has been found out about it so far."""

    real: RealProject
    project: Project
    dialect: str
    servers: Servers
    ini: Path
    outcomes: list[Outcome] = field(default_factory=list)

    def found(self, check: str, passed: bool | None, *details: str) -> bool:
        """Keep the outcome of a check, and say whether it passed."""
        self.outcomes.append(Outcome(self.real.name, self.dialect, check, passed, details))
        return bool(passed)

    def check(self) -> list[Outcome]:
        """Make every check in both directions."""
        if self.dialect not in CLIENTS:
            self.rendered("upgrade", "base:heads")
            self.rendered("downgrade", "heads:base", owed=False)
            return self.outcomes
        runs = self.online()
        database = self.servers.fresh(self.dialect)
        up, down = runs["upgrade"], runs.get("downgrade", Run("", "", None))
        if self.direction("upgrade", "base:heads", database, up):
            self.shadow(of_server(url_of(database, self.dialect)))
        else:
            self.found("shadow", None)
        self.direction("downgrade", f"heads:{down.target or 'base'}", database, down)
        return self.outcomes

    def online(self) -> dict[str, Run]:
        """Run Alembic on databases of its own."""
        first, second = (url_of(self.servers.fresh(self.dialect), self.dialect) for _ in "12")
        runs = by_alembic(Job(str(self.ini), (first, second)))
        for direction in ("upgrade", "downgrade"):
            run = runs.get(direction)
            details = [run.error, run.target and f"as far as {run.target}"] if run and run.error else []
            self.found(f"{direction} alembic", not run.error if run else None, *filter(None, details))
        return runs

    def rendered(self, direction: str, symbols: str, *, owed: bool = True) -> str | None:
        """Render a range; return the script, None when it fails. What Alembic cannot run either is not owed."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                script = str(self.project.script(symbols, dialect=self.dialect, direction=direction))
        except CommandError as error:
            self.found(f"{direction} renders", False if owed else None, symbols, str(error))
            return None
        self.found(f"{direction} renders", True)
        return script

    def direction(self, direction: str, symbols: str, database: Database, run: Run) -> bool:
        """Render a direction, apply it, compare the schema with Alembic's; say whether it could be applied."""
        script = self.rendered(direction, symbols, owed=direction == "upgrade" or bool(run.target))
        ready = direction == "upgrade" or (self.passed("upgrade applies") and bool(run.target))
        if script is None or not ready:
            self.found(f"{direction} applies", None)
            self.found(f"{direction} online", None)
            return False
        done = database.run_script(script)
        words = said(done.stdout, done.stderr, done.returncode)
        applied = self.found(f"{direction} applies", done.returncode == 0, *words)
        if applied and run.target:
            self.compared(f"{direction} online", of_server(url_of(database, self.dialect)), run.schema)
        else:
            self.found(f"{direction} online", None)
        return applied

    def passed(self, check: str) -> bool:
        """Say whether an earlier check passed."""
        return any(outcome.passed for outcome in self.outcomes if outcome.check == check)

    def compared(self, check: str, left: Any, right: Any) -> None:
        """Compare two schemas."""
        lines = tuple(map(str, differences(left, right)))
        self.found(check, not lines, *lines)

    def shadow(self, server: Any) -> None:
        """Compare what the server has after the script with what the shadow schema says."""
        if self.dialect not in SHADOWED:
            self.found("shadow", None)
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with self.project.inspector("base:heads", dialect=self.dialect) as inspector:
                    known = described(inspector)
        except CommandError as error:
            self.found("shadow", False, str(error))
            return
        self.compared("shadow", server, known)


def said(stdout: str, stderr: str, code: int) -> list[str]:
    """Return the last words of a client that failed."""
    return [] if code == 0 else [f"exit {code}", *f"{stdout}\n{stderr}".strip().splitlines()[-8:]]


def outcomes(names: Sequence[str], dialects: Sequence[str], servers: Servers) -> Iterator[Outcome]:
    """Yield every check of the projects named, or of all that are installed or can be fetched."""
    for real in CATALOGUE:
        if names and real.name not in names:
            continue
        source = installed(real) or fetch(real)
        targets = [*real.dialects, *(["mariadb"] if "mysql" in real.dialects else [])]
        for dialect in targets:
            if dialects and dialect not in dialects:
                continue
            with tempfile.TemporaryDirectory() as folder:
                ini = stock_configuration(real, source, Path(folder))
                (Path(folder) / "env.py").write_text(
                    ENV.format(preparation=real.preparation, arguments=""), encoding="utf-8"
                )
                project = Project.open(folder, config=Config.find(folder, file=[ini]))
                yield from Whole(real, project, dialect, servers, ini).check()


def main(arguments: Sequence[str]) -> int:
    """Print the checks and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--dialect", action="append", default=[], dest="dialects")
    parser.add_argument("--json", action="store_true", help="print each outcome as a line of JSON")
    parser.add_argument("--lines", type=int, default=40, help="how many differences to print per check")
    chosen = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    surprises = 0
    with ExitStack() as stack:
        for outcome in outcomes(chosen.names, chosen.dialects, Servers(stack)):
            surprises += outcome.surprising
            print(json.dumps(asdict(outcome)) if chosen.json else outcome, flush=True)
            if not chosen.json:
                for line in outcome.details[: chosen.lines]:
                    print(f"    {line}")
                if len(outcome.details) > chosen.lines:
                    print(f"    … and {len(outcome.details) - chosen.lines} more")
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
