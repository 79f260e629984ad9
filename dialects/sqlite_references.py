"""Foreign keys around a copy of a SQLite table: none may point to what is gone, no row may lose what it points to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..copying import Rendered
from ..statement import Statement
from .sqlite_table import Clause

#: Named for whoever reads the client's message: "CHECK constraint failed: …" (tried with the shell of 3.40).
COUNTS = "temp._sqlgen_keys"
TABLE = """CREATE TEMPORARY TABLE _sqlgen_keys (
    child TEXT,
    parent TEXT,
    field TEXT,
    before INTEGER,
    now INTEGER,
    PRIMARY KEY (child, parent, field),
    CONSTRAINT "foreign keys point to missing rows" CHECK (now <= before)
)"""
FOUND = """FROM pragma_foreign_key_check AS v
JOIN pragma_foreign_key_list(v."table") AS k ON k.id = v.fkid AND k.seq = 0"""


def counted() -> Iterator[Rendered]:
    """Yield statements that count, by foreign key, the rows that point to missing rows already."""
    yield TABLE
    sql = f'INSERT INTO {COUNTS}\nSELECT v."table", v.parent, k."from", count(*), 0\n{FOUND}\nGROUP BY 1, 2, 3'
    yield Statement(sql, kind="dml")


def compared() -> Iterator[Rendered]:
    """Yield the statement that fails when there are more of them now: ``PRAGMA foreign_key_check`` only prints them.

    Rows that pointed to missing rows before are not the script's fault: they are counted, and left as they are.
    """
    yield Statement(
        f"INSERT OR REPLACE INTO {COUNTS}\n"
        f'SELECT v."table", v.parent, k."from", coalesce(b.before, 0), count(*)\n{FOUND}\n'
        f'LEFT JOIN {COUNTS} AS b ON b.child = v."table" AND b.parent = v.parent AND b.field = k."from"\n'
        "GROUP BY 1, 2, 3",
        kind="dml",
    )


def forgotten() -> Iterator[Rendered]:
    """Yield the statement that drops the counts."""
    yield f"DROP TABLE {COUNTS}"


def dangling(
    table: str, dropped: Iterable[str], kept: Iterable[Clause], others: Iterable[tuple[Any, ...]]
) -> tuple[str, str] | None:
    """Return a dropped column to which a foreign key points, and whose that is; None when there is none.

    ``kept`` are constraints of the table itself, ``others`` are (table, column that it points to) of all other tables.
    """
    gone = {name.lower(): name for name in dropped}
    own = [(table, target) for one in kept if one.target.lower() == table.lower() for target in one.targets]
    pointing = [*own, *((str(owner), str(column or "")) for owner, column in others)]
    return next(((gone[column.lower()], owner) for owner, column in pointing if column.lower() in gone), None)
