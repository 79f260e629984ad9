"""Copies of schema items, so that what a revision made stays as it made it.

A revision's module is executed once and its functions run once per dialect, so one ``Column`` or constraint may be
used many times. SQLAlchemy ties an item to the first table that receives it; therefore only copies ever meet a table.
Some private attributes of SQLAlchemy are read, because an item that has no table yet keeps its columns nowhere else:
``_pending_colargs``, ``_creation_order``, ``_render_exprs``; they are the same in 2.0 and 2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.event.attr import _EmptyListener
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.schema import ColumnCollectionConstraint
from sqlalchemy.sql.base import SchemaEventTarget
from sqlalchemy.sql.visitors import iterate, replacement_traverse
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import set_creation_order

#: The attributes of a column that has just been made (those of SQLAlchemy 2.0 and 2.1 are the same).
FRESH = frozenset((*vars(sa.Column("name", sa.Integer)), "dispatch"))

#: What a column has of its own there, if it has any.
OWN = ("table", "default", "onupdate", "server_onupdate")

ConstraintT = TypeVar("ConstraintT", bound=sa.Constraint)


def copy_column(column: sa.Column[Any]) -> sa.Column[Any]:
    """Return a column that equals the given one and has no table; its type's CHECK and enum come along."""
    plain = _copy_plain(column)
    if plain is not None:
        return plain
    copied = column._copy()
    if getattr(column.type, "_inherit_schema", False):
        # SQLAlchemy 2.1 forgets this, which it deprecates, in a copy.
        copied.type._inherit_schema = True  # type: ignore[attr-defined]
    return copied


def _copy_plain(column: sa.Column[Any]) -> sa.Column[Any] | None:
    """Return what ``Column._copy()`` returns, for a column fresh from its constructor that has nothing of its own.

    Most are so, and a constructor with twenty arguments takes four times as long. None for any other column: one of
    another class, with foreign keys, constraints or defaults in Python, of a type that listens to its table, or with an
    attribute that a fresh one does not have: options of a dialect, ``info``, or what a table left there.
    """
    state: dict[str, Any] = vars(column)
    default = column.server_default
    if (
        not state.keys() <= FRESH
        or type(column) is not sa.Column
        or column.foreign_keys
        or column.constraints
        or any(state.get(name) is not None for name in OWN)
        or isinstance(column.type, SchemaEventTarget)
        or not (default is None or type(default) is sa.DefaultClause)
        or any(type(one) is not _EmptyListener for one in column.dispatch._event_descriptors)
    ):
        return None
    copied: sa.Column[Any] = sa.Column.__new__(sa.Column)
    own = vars(copied)
    own.update(state)
    own.pop("dispatch", None)
    own["constraints"], own["foreign_keys"] = set(), set()
    set_creation_order(copied)
    if default is not None:
        default._copy()._set_parent_with_dispatch(copied)
    return copied


def copy_constraint(constraint: sa.Constraint, table: sa.Table) -> sa.Constraint:
    """Return a constraint that equals the given one and names the columns of ``table``; it is not attached yet.

    The place among the constraints of a CREATE TABLE stays that of the original.
    Raises TypeError for a kind of constraint that cannot be copied.
    """
    copied = _copier(constraint)(constraint, table)
    copied._creation_order = constraint._creation_order
    return copied


def copy_index(index: sa.Index, table: sa.Table) -> sa.Index:
    """Return an index that equals the given one and names the columns of ``table``; it is not attached yet."""
    expressions = [rebound(expression, table) for expression in index.expressions]
    return sa.Index(index.name, *expressions, unique=index.unique, info=dict(index.info), **options_of(index))


def without_table(type_: TypeEngine[Any], table: sa.Table | None) -> TypeEngine[Any]:
    """Return a type for somebody who keeps it for longer than the table that its column stands in.

    SQLAlchemy 2.1 ties an Enum to the ``MetaData`` of its first table: whoever keeps the type keeps the table.
    """
    if table is None or getattr(type_, "metadata", None) is not table.metadata:
        return type_
    alone: TypeEngine[Any] = type(type_).__new__(type(type_))
    kept = {name: value for name, value in vars(type_).items() if name != "dispatch"}
    vars(alone).update(kept, metadata=None)
    return alone


def parts_of(table: sa.Table) -> list[sa.Column[Any] | sa.Constraint]:
    """Return what makes up a table besides indexes, so that each constraint comes once.

    The columns are copies without the flags that would make a UNIQUE or an index again; the CHECK of a type is left
    to the type.
    """
    columns = [copy_column(column) for column in table.columns]
    for column in columns:
        column.unique = column.index = None
    return [*columns, *(item for item in table._sorted_constraints if not item._type_bound)]


def rebound(expression: Any, table: sa.Table) -> Any:
    """Return an expression in which columns of no table, or of another one, are those of ``table``.

    A string is taken for a column's key where the table has it; columns that the table lacks stay as they are.
    """
    if isinstance(expression, str):
        return table.c.get(expression, expression)
    clause: sa.ColumnElement[Any] = _element(expression)

    def swap(element: Any, **kw: Any) -> Any:
        return table.c.get(element.key) if isinstance(element, sa.Column) and element.table is not table else None

    return replacement_traverse(clause, {}, swap)


def columns_in(expression: Any) -> list[sa.Column[Any]]:
    """Return the ``sa.Column`` objects of an expression, in the order in which they stand."""
    return [part for part in iterate(_element(expression)) if isinstance(part, sa.Column)]


def _element(expression: Any) -> Any:
    """Return the SQL expression behind an attribute of a mapped class; anything else is one already."""
    return expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression


def foreign_keys_of(item: object) -> list[sa.ForeignKey]:
    """Return the foreign keys of a column or a constraint, in a fixed order."""
    if isinstance(item, sa.ForeignKeyConstraint):
        return list(item.elements)
    if isinstance(item, sa.Column):
        return sorted(item.foreign_keys, key=lambda key: tuple(map(str, target_of(key))))
    return []


def target_of(key: sa.ForeignKey) -> tuple[str | None, str, str | None]:
    """Return schema, table and column key that a foreign key names; the column may be left out."""
    tokens = getattr(key, "target_tokens", None)  # SQLAlchemy 2.1; it also knows names that contain a dot
    if tokens is not None:
        return tokens[0], tokens[1], tokens[2]
    names = key.target_fullname.split(".")
    if len(names) == 1:
        return None, names[0], None
    return ".".join(names[:-2]) or None, names[-2], names[-1]


def target_column(key: sa.ForeignKey) -> sa.Column[Any] | None:
    """Return the column object that a foreign key was given, or None when it was given a name."""
    try:
        return key.column
    except InvalidRequestError:
        return None


def _copier(constraint: sa.Constraint) -> Callable[[Any, sa.Table], sa.Constraint]:
    """Return the function that copies a constraint of this class."""
    if isinstance(constraint, sa.ForeignKeyConstraint):
        return _copy_foreign_key
    if isinstance(constraint, sa.CheckConstraint):
        return _copy_check
    if hasattr(constraint, "_render_exprs"):
        return _copy_exclude
    if isinstance(constraint, (sa.PrimaryKeyConstraint, sa.UniqueConstraint)):
        return _copy_key
    raise TypeError(f"a {type(constraint).__name__} cannot be part of a revision's table")


def _copy_key(constraint: sa.PrimaryKeyConstraint | sa.UniqueConstraint, table: sa.Table) -> sa.Constraint:
    """Copy a primary key or a UNIQUE."""
    return type(constraint)(*_column_keys(constraint), **_common(constraint), **options_of(constraint))


def _copy_check(constraint: sa.CheckConstraint, table: sa.Table) -> sa.Constraint:
    """Copy a CHECK."""
    return sa.CheckConstraint(rebound(constraint.sqltext, table), **_common(constraint), **options_of(constraint))


def _copy_foreign_key(constraint: sa.ForeignKeyConstraint, table: sa.Table) -> sa.Constraint:
    """Copy a foreign key of the table."""
    return sa.ForeignKeyConstraint(
        constraint.column_keys,
        [getattr(key, "target_tokens", key.target_fullname) for key in constraint.elements],
        onupdate=constraint.onupdate,
        ondelete=constraint.ondelete,
        use_alter=constraint.use_alter,
        link_to_name=constraint.link_to_name,
        match=constraint.match,
        **_common(constraint),
        **options_of(constraint),
    )


def _copy_exclude(constraint: Any, table: sa.Table) -> sa.Constraint:
    """Copy an exclude constraint, of SQLAlchemy's class or of ours."""
    elements = [(rebound(expression, table), operator) for expression, _, operator in constraint._render_exprs]
    where = None if constraint.where is None else rebound(constraint.where, table)
    common = {key: value for key, value in _common(constraint).items() if key != "comment"}
    copied = type(constraint)(*elements, where=where, using=constraint.using, ops=constraint.ops, **common)
    return copied if isinstance(copied, sa.Constraint) else constraint


def _common(constraint: sa.Constraint) -> dict[str, Any]:
    """Return the arguments that all constraints share."""
    return {
        "name": constraint.name,
        "deferrable": constraint.deferrable,
        "initially": constraint.initially,
        "info": dict(constraint.info),
        "comment": constraint.comment,
    }


def options_of(item: Any) -> dict[str, Any]:
    """Return the arguments for particular dialects of a table, column, constraint or index.

    SQLAlchemy looks through the options of every dialect for them, each time. It keeps what it found, so where it keeps
    nothing there is nothing.
    """
    return dict(item.dialect_kwargs) if "dialect_options" in vars(item) else {}


def _column_keys(constraint: ColumnCollectionConstraint) -> list[str]:
    """Return the keys of a constraint's columns, be it attached to a table or not."""
    if len(constraint.columns):
        return constraint.columns.keys()
    pending: Iterable[Any] = constraint._pending_colargs
    return [part.key if isinstance(part, sa.Column) else str(part) for part in pending]
