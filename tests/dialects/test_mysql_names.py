"""Names and indexes that MySQL and MariaDB make of their own accord, and what goes along with a change.

MySQL's are those of its 8.0 Reference Manual (13.1.15, 13.1.20.5, 13.1.20.6); MariaDB's are tried on a server by
``tests/schema``.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen


def made(op: Any) -> None:
    """Make two tables whose constraints have no names."""
    op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, sa.CheckConstraint("a > 1"), sa.ForeignKey("p.id")),
        sa.Column("b", sa.Integer, sa.ForeignKey("p.id")),
        sa.CheckConstraint("a <> b"),
        sa.UniqueConstraint("a", "b"),
        sa.UniqueConstraint("a", "id"),
    )


def renamed(op: Any) -> None:
    """Give the table another name."""
    op.rename_table("t", "s")


def another(op: Any) -> None:
    """Add a constraint of each kind."""
    op.create_foreign_key(None, "t", "p", ["id"], ["id"])
    op.create_unique_constraint(None, "t", ["b"])
    op.create_check_constraint(None, "t", "b > 1")


def shrunk(op: Any) -> None:
    """Drop a column that indexes share with others."""
    op.drop_constraint("t_ibfk_2", "t")
    op.drop_constraint("t_chk_2", "t")
    op.drop_column("t", "b")


Names = tuple[list[str], list[str], list[str]]
#: A change; then the names of foreign keys, CHECKs and indexes, on MySQL and on MariaDB. None: MariaDB refuses it.
CASES: list[tuple[Any, Names, Names | None]] = [
    (
        made,
        (["t_ibfk_1", "t_ibfk_2"], ["t_chk_1", "t_chk_2"], ["a", "a_2", "b"]),
        (["t_ibfk_1", "t_ibfk_2"], ["CONSTRAINT_1"], ["a", "a_2", "b"]),
    ),
    (
        renamed,
        (["s_ibfk_1", "s_ibfk_2"], ["s_chk_1", "s_chk_2"], ["a", "a_2", "b"]),
        (["s_ibfk_1", "s_ibfk_2"], ["CONSTRAINT_1"], ["a", "a_2", "b"]),
    ),
    (
        another,
        (["t_ibfk_1", "t_ibfk_2", "t_ibfk_3"], ["t_chk_1", "t_chk_2", "t_chk_3"], ["a", "a_2", "b"]),
        (["t_ibfk_1", "t_ibfk_2", "t_ibfk_3"], ["CONSTRAINT_1", "CONSTRAINT_2"], ["a", "a_2", "b"]),
    ),
    (shrunk, (["t_ibfk_1"], ["t_chk_1"], ["a", "a_2"]), None),
]


TRIED = [(change, dialect, names[dialect == "mariadb"]) for dialect in ("mysql", "mariadb") for change, *names in CASES]


@pytest.mark.parametrize(("change", "dialect", "expected"), [one for one in TRIED if one[2] is not None])
def test_names(change: Any, dialect: str, expected: Names) -> None:
    with sqlgen.capture(dialect) as captured:
        made(captured.op)
        if change is not made:
            change(captured.op)
        look = sa.inspect(captured.op.get_bind())
        table = "s" if change is renamed else "t"
        found = [look.get_foreign_keys(table), look.get_check_constraints(table), look.get_indexes(table)]
    names = tuple([str(one["name"]) for one in kind] for kind in found)  # type: ignore[attr-defined]
    assert names == expected
