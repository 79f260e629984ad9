"""What a cell of the operation tables is made of: what stands before, a call of ``op``, and the tables of Alembic's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column

Call = Callable[[Any], object]


def nothing(_op: Any) -> None:
    """An empty database."""


def tables(op: Any) -> None:
    """Two tables: ``o``, which is pointed to, and ``t``, which is changed."""
    op.create_table(
        "o",
        Column("id", sa.Integer, primary_key=True, autoincrement=False),
        Column("code", sa.String(10), nullable=False),
        sa.UniqueConstraint("code", name="uq_o"),
    )
    op.create_table(
        "t",
        Column("id", sa.Integer, primary_key=True, autoincrement=False),
        Column("a", sa.Integer, nullable=False),
        Column("b", sa.String(20), server_default="x", nullable=False, comment="it's"),
        Column("c", sa.Integer),
        Column("at", sa.DateTime),
    )


def constrained(op: Any) -> None:
    """The same, and on ``t`` one constraint of each kind."""
    op.create_table(
        "o",
        Column("id", sa.Integer, autoincrement=False),
        Column("code", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_o"),
    )
    op.create_table(
        "t",
        Column("id", sa.Integer, autoincrement=False),
        Column("a", sa.Integer, nullable=False),
        Column("b", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_t"),
        sa.UniqueConstraint("b", name="uq_t"),
        sa.CheckConstraint("a > 0", name="ck_t"),
        sa.ForeignKeyConstraint(["a"], ["o.id"], name="fk_t"),
        sa.Index("ix_t", "b"),
    )


SCHEMA = {
    "postgresql": "CREATE SCHEMA s",
    "mariadb": "CREATE DATABASE s",
    "mysql": "CREATE DATABASE s",
    "sqlite": "ATTACH DATABASE ':memory:' AS s",
    "mssql": "CREATE SCHEMA s",
}


def in_schema(op: Any) -> None:
    """A schema of its own, with the tables."""
    if text := SCHEMA.get(op.get_context().dialect.name):
        op.execute(text)
    op.create_table(
        "o", Column("id", sa.Integer, primary_key=True, autoincrement=False), Column("b", sa.String(5)), schema="s"
    )
    op.create_table(
        "t",
        Column("id", sa.Integer, primary_key=True, autoincrement=False),
        Column("a", sa.Integer),
        Column("b", sa.String(20)),
        schema="s",
    )


@dataclass(frozen=True, eq=False)
class Case:
    """One row of a table: ``call`` on a database as ``given`` leaves it.

    ``known`` says that the script made what is given itself, so that the schema so far is known; else it only stands
    in the database. ``version`` pins other versions than the defaults.
    """

    call: Call
    given: Call = tables
    known: bool = True
    version: Mapping[str, str] | None = None


Table = dict[str, Case]
"""The rows of one operation, by name."""
