"""A chain of ten revisions, scripts that fail at a chosen statement, and the question what is in afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sqlgen import Project
from sqlgen.scripts import Script
from sqlgen.statement import Statement
from tests.databases.clients import Database
from tests.recording.projects import make_project

IDS = tuple(f"r{number:02}" for number in range(1, 11))
CONCURRENT = "r05"
"""The revision that makes an index outside of transactions, on PostgreSQL."""


REVISION = '''\
"""Revision {id}."""
import sqlalchemy as sa
from alembic import op
revision = "{id}"
down_revision = {down!r}


def upgrade():
    {first}
    op.create_table("{id}_a", sa.Column("id", sa.Integer, primary_key=True))
    {index}
    op.execute("INSERT INTO log (what) VALUES ('{id}')")
    op.create_table("{id}_b", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("{id}_b")
    op.execute("DELETE FROM log WHERE what = '{id}'")
    op.drop_table("{id}_a")
    {last}
'''
FIRST = 'op.create_table("log", sa.Column("what", sa.String(20), primary_key=True))'
INDEX = """if op.get_context().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.create_index("r05_x", "r05_a", ["id"], postgresql_concurrently=True)"""


def project(folder: Path) -> Project:
    """Write the chain into a folder and open it: each revision makes two tables and a row, traces of its statements."""
    make_project(folder, {})
    down: str | None = None
    for id in IDS:
        first, last = (FIRST, 'op.drop_table("log")') if down is None else ("pass", "pass")
        index = INDEX if id == CONCURRENT else "pass"
        text = REVISION.format(id=id, down=down, first=first, last=last, index=index)
        (folder / "mig" / "versions" / f"{id}.py").write_text(text)
        down = id
    return Project.open(folder)


def traces(database: Database) -> dict[str, set[str]]:
    """Return for each revision which of its traces are there."""
    tables = database.tables()
    rows = [str(what) for (what,) in database.query("SELECT what FROM log")] if "log" in tables else []
    return {id: {name for name in (f"{id}_a", f"{id}_b") if name in tables} | ({id} & set(rows)) for id in IDS}


def statements(script: Script) -> Iterator[tuple[int, int]]:
    """Yield the place of each statement: its section and its number there."""
    for number, section in enumerate(script.sections):
        for place in range(len(section.statements)):
            yield number, place


def broken(script: Script, at: tuple[int, int], instead: str = "INSERT INTO missing_table VALUES (1)") -> Script:
    """Return a script whose statement at a place fails when it is run."""
    sections = list(script.sections)
    changed = list(sections[at[0]].statements)
    old = changed[at[1]]
    outside = "CONCURRENTLY" in old.sql
    changed[at[1]] = replace(old, sql=old.sql.replace(" ON ", " ON missing_") if outside else instead)
    sections[at[0]] = replace(sections[at[0]], statements=changed)
    return replace(script, sections=tuple(sections))


def with_first(script: Script, sql: str) -> Script:
    """Return a script whose first revision begins with one statement more."""
    first = script.sections[0]
    statements = [Statement(sql), *first.statements]
    return replace(script, sections=(replace(first, statements=statements), *script.sections[1:]))


def wrong_end(database: Database, *, whole: bool, moved: bool = True) -> str:
    """Return what is wrong with the state of a database, empty for nothing.

    The version table must name exactly the revisions whose traces are all there, and nothing may be there of a later
    one, but for the first where it is not ``whole``: all or nothing. ``moved`` is False when what failed was the move
    of the version itself: without transactions all else of that revision is there by then.
    """
    at = database.versions()
    if at and (len(at) != 1 or at[0] not in IDS):
        return f"the version rows are {at}"
    applied = IDS.index(at[0]) + 1 if at else 0
    found = traces(database)
    for number, id in enumerate(IDS):
        complete = len(found[id]) == 3
        if number < applied and not complete:
            return f"at {at}, and {id} has only {sorted(found[id])}"
        if number >= applied and (complete and moved if number == applied and not whole else found[id]):
            return f"at {at}, and {id} has {sorted(found[id])}"
    return ""
