"""Copies of columns, and what is kept of a type when its table goes."""

from __future__ import annotations

import gc
import re
import weakref
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from sqlgen.operations import copies
from sqlgen.operations.copies import copy_column, without_table


class Marked(sa.Column[Any]):
    """A column of a class of the author's."""

    inherit_cache = True


def listened_to() -> sa.Column[Any]:
    column = sa.Column("a", sa.Integer)
    event.listen(column, "before_parent_attach", print)
    return column


def attached(**options: Any) -> sa.Column[Any]:
    column = sa.Column("a", sa.Integer, **options)
    sa.Table("t", sa.MetaData(), column, sa.PrimaryKeyConstraint("a"))
    return column


PLAIN: dict[str, sa.Column[Any]] = {
    "name and type": sa.Column("a", sa.Integer),
    "no type": sa.Column("a"),
    "a class for a type": sa.Column("a", sa.String),
    "primary key": sa.Column("a", sa.BigInteger(), primary_key=True, autoincrement=False),
    "not null": sa.Column("a", sa.Numeric(10, 2), nullable=False),
    "null said": sa.Column("a", sa.DateTime(timezone=True), nullable=True),
    "comment": sa.Column("a", sa.Text(), comment="What it is", doc="more"),
    "index and unique": sa.Column("a", sa.Integer, index=True, unique=True),
    "another key": sa.Column("a", sa.Integer, key="b"),
    "quoted": sa.Column("a", sa.Integer, quote=True),
    "system": sa.Column("a", sa.Integer, system=True),
    "default of the server, a string": sa.Column("a", sa.String(20), server_default="x"),
    "default of the server, text": sa.Column("a", sa.Date(), server_default=sa.text("now()"), nullable=False),
    "default of the server, a function": sa.Column("a", sa.Date(), server_default=sa.func.now()),
}
OTHERS: dict[str, sa.Column[Any]] = {
    "foreign key": sa.Column("a", sa.Integer, sa.ForeignKey("t.id", ondelete="CASCADE")),
    "check": sa.Column("a", sa.Integer, sa.CheckConstraint("a > 0")),
    "enum": sa.Column("a", sa.Enum("x", "y", name="kind")),
    "boolean": sa.Column("a", sa.Boolean(create_constraint=True, name="flag")),
    "default": sa.Column("a", sa.Integer, default=1),
    "onupdate": sa.Column("a", sa.Integer, onupdate=1),
    "server_onupdate": sa.Column("a", sa.Integer, server_onupdate=sa.FetchedValue()),
    "fetched": sa.Column("a", sa.Integer, server_default=sa.FetchedValue()),
    "sequence": sa.Column("a", sa.Integer, sa.Sequence("s")),
    "identity": sa.Column("a", sa.Integer, sa.Identity(start=3)),
    "computed": sa.Column("a", sa.Integer, sa.Computed("b + 1")),
    "info": sa.Column("a", sa.Integer, info={"kept": True}),
    "options of a dialect": sa.Column("a", sa.Integer, sqlite_on_conflict_not_null="FAIL"),
    "a class of the author's": Marked("a", sa.Integer),
    "a listener": listened_to(),
    "of a table": attached(),
    "of a table, with a default": attached(server_default="1"),
}
#: What differs between any two columns, or is made when somebody asks.
OWN = {"_creation_order", "dispatch", "server_default", "dialect_options"}


def shown(column: sa.Column[Any]) -> str:
    """Return a column as SQLAlchemy shows it, without places in memory."""
    return re.sub(r" at 0x\w+", "", repr(column))


def told(column: sa.Column[Any]) -> dict[str, Any]:
    """Return what a column is, to be compared."""
    default = column.server_default
    own = {key: value for key, value in vars(column).items() if key not in OWN}
    return {**own, "default of the server": default and (type(default), getattr(default, "arg", None))}


@pytest.mark.parametrize("column", PLAIN.values(), ids=PLAIN)
def test_a_plain_column_is_copied_as_sqlalchemy_does(column: sa.Column[Any]) -> None:
    before = told(column)
    copied = copies._copy_plain(column)
    assert copied is not None
    assert told(copied) == told(column._copy()) == before
    assert copied._creation_order > column._creation_order
    assert copied.server_default is None or copied.server_default.column is copied
    assert copied.server_default is None or copied.server_default is not column.server_default


@pytest.mark.parametrize("column", PLAIN.values(), ids=PLAIN)
def test_the_copy_meets_a_table_and_the_original_does_not(column: sa.Column[Any]) -> None:
    fresh = column._copy()
    copied = copy_column(fresh)
    table = sa.Table("t", sa.MetaData(), copied, sa.PrimaryKeyConstraint(copied.key))
    assert copied.table is table
    assert vars(fresh)["table"] is None
    assert fresh.primary_key is column.primary_key
    assert fresh.constraints == set()
    assert told(copy_column(fresh)) == told(fresh)


@pytest.mark.parametrize("column", OTHERS.values(), ids=OTHERS)
def test_a_column_with_more_is_left_to_sqlalchemy(column: sa.Column[Any]) -> None:
    assert copies._copy_plain(column) is None
    copied = copy_column(column)
    assert copied is not column
    assert shown(copied) == shown(column._copy())


def test_listeners_and_info_come_along() -> None:
    heard = []
    column = sa.Column("a", sa.Integer)
    event.listen(column, "after_parent_attach", lambda *_: heard.append(1), propagate=True)
    sa.Table("t", sa.MetaData(), copy_column(column))
    assert heard == [1]
    assert copy_column(OTHERS["info"]).info == {"kept": True}


def test_a_type_that_is_kept_does_not_keep_its_table() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Enum("x", "y", name="kind", schema="s")))
    type_: Any = table.c.a.type
    kept: Any = without_table(type_, table)
    assert (repr(kept), kept.enums, kept.name, kept.schema) == (repr(type_), ["x", "y"], "kind", "s")
    gone = weakref.ref(table)
    del table, type_
    gc.collect()
    assert gone() is None
    assert sa.Column("a", kept)._copy().type.enums == ["x", "y"]  # type: ignore[attr-defined]


def test_a_type_of_the_authors_own_metadata_stays_as_it_is() -> None:
    type_ = sa.Enum("x", name="kind", metadata=sa.MetaData())
    table = sa.Table("t", sa.MetaData(), sa.Column("a", type_))
    assert without_table(table.c.a.type, table) is type_
    assert without_table(type_, None) is type_
