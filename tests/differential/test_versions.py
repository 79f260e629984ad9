"""The version rows of the example project: after each revision they are what Alembic's own script leaves.

Where a revision has several rows to write, Alembic takes them in the order of a Python set. So what counts is which
verbs there are, and which rows stand at the end, not which row was first.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from sqlgen.project import Project
from tests.differential.process import ROOT

EXAMPLE = ROOT / "examples" / "library"
WRITE = re.compile(r"(INSERT INTO|DELETE FROM|UPDATE) alembic_version\b.*")
RANGES = {"upgrade": "base:heads", "downgrade": "heads:base"}

Moves = list[tuple[str, list[str]]]
"""Per revision: its id, and the statements that write version rows."""


def by_sqlgen(direction: str) -> Moves:
    script = Project.open(EXAMPLE).script(RANGES[direction], dialect="sqlite", direction=direction)
    return [
        (section.step.revision.id, [item.sql for item in section.statements if WRITE.match(item.sql)])
        for section in script.sections
        if section.step
    ]


def by_alembic(direction: str) -> Moves:
    asked = {"upgrade": "heads", "downgrade": f"{Project.open(EXAMPLE).revisions.heads[0]}:base"}[direction]
    printed = subprocess.run(
        [Path(sys.executable).with_name("alembic"), direction, asked, "--sql"],
        cwd=EXAMPLE,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    _, *pieces = re.split(rf"^-- Running {direction} ", printed, flags=re.M)
    moves: Moves = []
    for piece in pieces:
        before, after = piece.partition("\n")[0].split("->")
        moved = after if direction == "upgrade" else before
        moves.append((moved.split()[0], [found[0] for found in WRITE.finditer(piece)]))
    return moves


def verbs(statements: Iterable[str]) -> Counter[str]:
    return Counter(statement.partition(" ")[0] for statement in statements)


def moved(rows: frozenset[str], statements: Iterable[str]) -> frozenset[str]:
    """Return the rows after some statements; each must hit exactly one row."""
    for statement in statements:
        new, *old = (re.findall(r"'(\w+)'", statement) * 2)[:2]
        gone = {"INSERT": [], "DELETE": [new], "UPDATE": old}[statement.partition(" ")[0]]
        assert rows.issuperset(gone), statement
        rows = rows.difference(gone) | ({new} if not statement.startswith("DELETE") else set())
    return rows


def states(moves: Moves, start: Iterable[str]) -> list[tuple[str, frozenset[str]]]:
    rows, found = frozenset(start), []
    for revision, statements in moves:
        rows = moved(rows, statements)
        found.append((revision, rows))
    return found


@pytest.mark.parametrize("direction", RANGES)
def test_rows_move_as_under_alembic(direction: str) -> None:
    start = Project.open(EXAMPLE).revisions.heads if direction == "downgrade" else ()
    ours, theirs = by_sqlgen(direction), by_alembic(direction)
    assert states(ours, start) == states(theirs, start)
    assert [verbs(statements) for _, statements in ours] == [verbs(statements) for _, statements in theirs]
    assert len(ours) == 12
