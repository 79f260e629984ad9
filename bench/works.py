"""What is measured: for each row of the table, the commands of sqlgen and those that they are compared with."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FIVE = ("postgresql", "mysql", "sqlite", "mssql", "oracle")
WORKS = ("heads", "history", "one", "base", "fresh", "five", "back", "check", "rows", "tables", "start")
"""The names that ``WORK`` takes; ``growth`` comes from ``base`` at two sizes."""

Command = tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """A row: its project, the commands of both sides, and how high the ratios may be.

    ``prepare`` are commands that run before, untimed. A ``fresh`` project is made anew for each run, and no byte code
    is written. Of a ``slow`` work three runs are enough.
    """

    name: str
    size: int
    title: str
    project: str
    ours: tuple[Command, ...]
    theirs: tuple[Command, ...]
    against: str = "Alembic"
    bar: float | None = None
    memory_bar: float | None = None
    prepare: tuple[Command, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    fresh: bool = False
    slow: bool = False


def script(name: str) -> str:
    """Return the path of a console script of this environment."""
    return str(Path(sysconfig.get_path("scripts"), name))


def sqlgen(*words: str) -> Command:
    """Return a command of sqlgen."""
    return script("sqlgen"), *words


def alembic(*words: str, dialect: str = "") -> Command:
    """Return a command of Alembic's; the dialect is an argument for env.py."""
    return script("alembic"), *(("-x", f"dialect={dialect}") if dialect else ()), *words


def scripts_of(*dialects: str) -> tuple[Command, ...]:
    """Return Alembic's commands that write all revisions as SQL, one for each database."""
    return tuple(alembic("upgrade", "base:head", "--sql", dialect=name) for name in dialects)


def history_works(size: int, last: str, wanted: set[str]) -> Iterator[Work]:
    """Yield the rows about a history of so many revisions; ``last`` is the range of its last one."""
    project = f"history-{size}"
    listed = {1000: 0.20, 10_000: 0.12}.get(size)
    for name in ("heads", "history"):
        if name in wanted:
            title = f"`{name}`, {size:,} revisions"
            yield Work(name, size, title, project, (sqlgen(name),), (alembic(name),), bar=listed)
    if "one" in wanted:
        title = f"`upgrade head-1:head`, PostgreSQL, {size:,} revisions"
        ours = sqlgen("upgrade", last, "-d", "postgresql", "-o", "script.sql")
        theirs = alembic("upgrade", last, "--sql", dialect="postgresql")
        yield Work("one", size, title, project, (ours,), (theirs,), bar=0.20 if size == 10_000 else None)
    if "base" in wanted:
        yield base_work(size, project)


def base_work(size: int, project: str, *, fresh: bool = False) -> Work:
    """Return the row about all revisions of a history for one database."""
    revisions = f"{size:,} revision{'s' if size > 1 else ''}"
    title = f"`upgrade base:head`, PostgreSQL, {revisions}" + (", no .pyc" if fresh else "")
    ours = sqlgen("upgrade", "base:head", "-d", "postgresql", "-o", "script.sql")
    return Work(
        "fresh" if fresh else "base",
        size,
        title,
        project,
        (ours,),
        scripts_of("postgresql"),
        bar=0.60 if size == 1000 else None,
        memory_bar=1.0 if size == 10_000 else None,
        environment={"PYTHONDONTWRITEBYTECODE": "1"} if fresh else {},
        fresh=fresh,
        slow=size >= 10_000,
    )


def tree_works(size: int, wanted: set[str]) -> Iterator[Work]:
    """Yield the rows about the smaller history: a fresh checkout, five databases in one command, a check."""
    project, bars = f"history-{size}", size == 1000
    if "fresh" in wanted:
        yield base_work(size, project, fresh=True)
    named = [word for name in FIVE for word in ("-d", name)]
    whole = sqlgen("upgrade", "base:head", *named, "--no-per-revision", "-o")
    if "five" in wanted:
        title = f"`upgrade base:head`, five databases, {size:,} revisions"
        ours = *whole, "scripts", "--no-downgrade"
        yield Work("five", size, title, project, (ours,), scripts_of(*FIVE), bar=0.25 if bars else None, slow=True)
    if "back" in wanted:
        title = f"`upgrade base:head`, five databases, and back, {size:,} revisions"
        yield Work("back", size, title, project, ((*whole, "both-ways"),), scripts_of(*FIVE), slow=True)
    if "check" in wanted:
        title = f"`check` with nothing changed, five databases, {size:,} revisions"
        yield Work(
            "check",
            size,
            title,
            project,
            (sqlgen("check", "-q"),),
            scripts_of(*FIVE),
            bar=0.08 if bars else None,
            prepare=(sqlgen("generate", "-q"),),
            slow=True,
        )


def single_works(rows: int, tables: int, wanted: set[str]) -> Iterator[Work]:
    """Yield the rows about one large revision."""
    ours = sqlgen("upgrade", "base:head", "-d", "postgresql", "-o", "script.sql")
    if "rows" in wanted:
        bar = 0.12 if rows == 100_000 else None
        title = f"`bulk_insert` of {rows:,} rows of 8 columns, PostgreSQL"
        yield Work("rows", rows, title, f"rows-{rows}", (ours,), scripts_of("postgresql"), bar=bar)
    if "tables" in wanted:
        bars = (0.90, 1.0) if tables == 1000 else (None, None)
        title = f"{tables:,} tables in one revision, PostgreSQL"
        project = f"tables-{tables}"
        yield Work("tables", tables, title, project, (ours,), scripts_of("postgresql"), "Alembic", *bars)


def start_works(wanted: set[str]) -> Iterator[Work]:
    """Yield the rows about the start of the program."""
    if "start" not in wanted:
        return
    floor = (sys.executable, "-c", "import click")
    for title, words, environment in (
        ("`sqlgen --help`", ("--help",), {}),
        (
            "completion of `sqlgen up`",
            (),
            {"_SQLGEN_COMPLETE": "bash_complete", "COMP_WORDS": "sqlgen up", "COMP_CWORD": "1"},
        ),
    ):
        yield Work(
            "start", 1, title, "history-1", (sqlgen(*words),), (floor,), "`import click`", 1.5, environment=environment
        )
