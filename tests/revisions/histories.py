"""Histories for tests: a small notation, and random ones with branches, merges, dependencies and labels."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from sqlgen.revisions import Revision, RevisionGraph


class Row(NamedTuple):
    """What a revision file would say."""

    id: str
    down: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def graph(text: str) -> RevisionGraph:
    """Read a history written as ``id<parent,parent ^dependency #label``, one revision between semicolons."""
    return RevisionGraph([_revision(line) for line in text.split(";") if line.strip()])


def _revision(line: str) -> Revision:
    first, *others = line.split()
    id, _, down = first.partition("<")
    return Revision(
        id,
        tuple(filter(None, down.split(","))),
        [word[1:] for word in others if word[0] == "^"],
        [word[1:] for word in others if word[0] == "#"],
    )


def made(rows: list[Row]) -> RevisionGraph:
    """Return our graph of a history."""
    return RevisionGraph([Revision(row.id, row.down, row.depends_on, row.labels) for row in rows])


@st.composite
def histories(draw: st.DrawFn, dependencies: bool = True) -> list[Row]:
    """Draw a history of up to twelve revisions, in a drawn file order.

    No revision names what another of its parents implies: Alembic stumbles over such rows.
    """
    rows: list[Row] = []
    under: dict[str, set[str]] = {}
    for number in range(draw(st.integers(1, 12))):
        id = f"r{number:03d}x"
        wanted = draw(st.lists(st.sampled_from(list(under)), max_size=3, unique=True)) if under else []
        free = [one for one in wanted if not any(one in under[other] for other in wanted if other != one)]
        cut = draw(st.integers(min(1, len(free)), len(free))) if dependencies else len(free)
        labels = (f"label{number}",) if draw(st.booleans()) else ()
        rows.append(Row(id, tuple(free[:cut]), tuple(free[cut:]), labels))
        under[id] = {id}.union(*(under[one] for one in free))
    return draw(st.permutations(rows))
