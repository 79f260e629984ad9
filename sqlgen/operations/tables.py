"""Skeleton tables: SQLAlchemy objects made from the names in a revision, complete enough to compile DDL from.

``op.create_unique_constraint("uq", "t", ["a"])`` tells only names. DDL is compiled from a constraint that hangs on
a table with that column; targets of foreign keys must be found as tables, too. Each operation gets a ``MetaData``
of its own, so that nothing of one operation shows in another, and copies of what the revision passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NULLTYPE, TypeEngine

from ..errors import RenderError
from ..records import dataclass
from . import copies
from .exclude import ExcludeConstraint

#: What a revision may put into a table.
Item = sa.Column[Any] | sa.Constraint | sa.Index


@dataclass(frozen=True, slots=True)
class Skeletons:
    """Makes tables, constraints and indexes whose names follow a naming convention, if there is one."""

    naming_convention: Mapping[str, Any] | None = None

    def table(self, name: str, items: Iterable[object] = (), *, schema: str | None = None, **kw: Any) -> sa.Table:
        """Return a complete table made of copies of the items; ``kw`` goes to ``sa.Table``.

        None among the items is left out, as SQLAlchemy does. Raises TypeError for anything that no table can have.
        """
        given = [_item(item) for item in items if item is not None]
        columns = [copies.copy_column(item) for item in given if isinstance(item, sa.Column)]
        table = sa.Table(name, self._metadata(), *columns, schema=schema, **kw)
        for item in given:
            if isinstance(item, sa.Constraint):
                table.append_constraint(copies.copy_constraint(item, table))
        for item in given:
            if isinstance(item, sa.Index):
                attach_index(copies.copy_index(item, table), table)
        _add_targets(table, given, complete=True)
        _check_index_names(table)
        return table

    def column(self, table_name: str, column: sa.Column[Any], *, schema: str | None = None) -> sa.Column[Any]:
        """Return a copy of the column that belongs to a skeleton table of that name.

        Its UNIQUE, index and foreign keys belong to the same table.
        """
        copied = copies.copy_column(column)
        table = sa.Table(table_name, self._metadata(), copied, schema=schema)
        _add_targets(table, [column], complete=False)
        _check_index_names(table)
        return copied

    def named(self, name: str, columns: Iterable[object] = (), *, schema: str | None = None) -> sa.Table:
        """Return a skeleton table with columns of these names, of no type.

        Of an expression among them, the columns that it mentions are taken.
        """
        table = sa.Table(name, self._metadata(), schema=schema)
        for column in columns:
            add_columns(table, column)
        return table

    def checks(
        self, table_name: str, column_name: str, type_: TypeEngine[Any] | None, *, schema: str | None = None
    ) -> tuple[sa.CheckConstraint, ...]:
        """Return the CHECK constraints that a column gets from its type (Boolean, Enum with create_constraint)."""
        if type_ is None:
            return ()
        column = self.column(table_name, sa.Column(column_name, type_), schema=schema)
        return tuple(item for item in column.table.constraints if isinstance(item, sa.CheckConstraint))

    def index(
        self, name: str | None, table_name: str, expressions: Sequence[Any], *, schema: str | None = None, **kw: Any
    ) -> sa.Index:
        """Return an index over column names and expressions; ``kw`` goes to ``sa.Index``."""
        table = self.named(table_name, [*expressions, *_included(kw)], schema=schema)
        index = sa.Index(name, *[copies.rebound(expression, table) for expression in expressions], **kw)
        attach_index(index, table)
        _check_index_names(table)
        return index

    def primary_key(
        self, name: str | None, table_name: str, columns: Sequence[str], *, schema: str | None = None, **kw: Any
    ) -> sa.Constraint:
        """Return a primary key; ``kw`` goes to ``sa.PrimaryKeyConstraint``."""
        table = self.named(table_name, [*columns, *_included(kw)], schema=schema)
        return attach(sa.PrimaryKeyConstraint(*columns, name=name, **kw), table)

    def unique(
        self, name: str | None, table_name: str, columns: Sequence[str], *, schema: str | None = None, **kw: Any
    ) -> sa.Constraint:
        """Return a UNIQUE constraint; ``kw`` goes to ``sa.UniqueConstraint``."""
        table = self.named(table_name, [*columns, *_included(kw)], schema=schema)
        return attach(sa.UniqueConstraint(*columns, name=name, **kw), table)

    def check(
        self, name: str | None, table_name: str, condition: Any, *, schema: str | None = None, **kw: Any
    ) -> sa.Constraint:
        """Return a CHECK constraint over text or an expression; ``kw`` goes to ``sa.CheckConstraint``."""
        table = self.named(table_name, [] if isinstance(condition, str) else [condition], schema=schema)
        sqltext = condition if isinstance(condition, str) else copies.rebound(condition, table)
        return attach(sa.CheckConstraint(sqltext, name=name, **kw), table)

    def exclude(
        self,
        name: str | None,
        table_name: str,
        elements: Sequence[tuple[Any, str]],
        *,
        schema: str | None = None,
        where: Any = None,
        **kw: Any,
    ) -> sa.Constraint:
        """Return an exclude constraint over (column or expression, operator); ``kw`` goes to ExcludeConstraint."""
        mentioned = [expression for expression, _ in elements]
        condition = [] if where is None or isinstance(where, str) else [where]
        table = self.named(table_name, [*mentioned, *condition], schema=schema)
        bound = [(copies.rebound(expression, table), operator) for expression, operator in elements]
        where = copies.rebound(where, table) if condition else where
        return attach(ExcludeConstraint(*bound, name=name, where=where, **kw), table)

    def foreign_key(
        self,
        name: str | None,
        source: tuple[str | None, str],
        referent: tuple[str | None, str],
        columns: tuple[Sequence[str], Sequence[str]],
        **kw: Any,
    ) -> sa.ForeignKeyConstraint:
        """Return a foreign key from ``source`` to ``referent``, both (schema, table).

        ``columns`` are the names here and there; ``kw`` goes to ``sa.ForeignKeyConstraint``.
        """
        local, remote = columns
        table = self.named(source[1], local, schema=source[0])
        target = _target_table(table.metadata, *referent)
        for column in remote:
            add_columns(target, column)
        constraint = sa.ForeignKeyConstraint(list(local), [target.c[column] for column in remote], name=name, **kw)
        attach(constraint, table)
        return constraint

    def _metadata(self) -> sa.MetaData:
        """Return an empty collection of tables with the naming convention."""
        convention = dict(self.naming_convention) if self.naming_convention else None
        return sa.MetaData(naming_convention=convention)


def attach(constraint: sa.Constraint, table: sa.Table) -> sa.Constraint:
    """Make a constraint part of a table, which may give it a name, and return it."""
    if constraint not in table.constraints:
        table.append_constraint(constraint)
    return constraint


def attach_index(index: sa.Index, table: sa.Table) -> sa.Index:
    """Make an index part of a table, which may give it a name, and return it."""
    if index.table is not table:
        index._set_parent_with_dispatch(table)
    return index


def add_columns(table: sa.Table, column: object) -> None:
    """Add a column of this name, or those that an expression mentions, unless the table has them already."""
    mentioned = [column] if isinstance(column, str) else copies.columns_in(column)
    for part in mentioned:
        key = part if isinstance(part, str) else part.key
        if key not in table.c:
            name, type_ = (part, NULLTYPE) if isinstance(part, str) else (part.name, part.type)
            table.append_column(sa.Column(name, type_, key=key))


def _check_index_names(table: sa.Table) -> None:
    """Raise RenderError for an index without a name, which no database takes."""
    if any(index.name is None for index in table.indexes):
        raise RenderError(
            f"an index of table {table.name!r} has no name",
            hint="Name it, or give naming_convention of target_metadata a rule 'ix' for indexes.",
        )


def _item(item: object) -> Item:
    """Return what a table can have; raises TypeError otherwise."""
    if isinstance(item, (sa.Column, sa.Constraint, sa.Index)):
        return item
    raise TypeError(f"create_table() needs columns, constraints and indexes, not {type(item).__name__} {item!r}")


def _included(options: Mapping[str, Any]) -> list[str]:
    """Return the columns that an index only carries along: compilers look them up in the table."""
    lists = [value for key, value in options.items() if key.endswith("_include") and value]
    return [column for names in lists for column in names if isinstance(column, str)]


def _add_targets(table: sa.Table, items: Iterable[object], *, complete: bool) -> None:
    """Add tables and columns that the foreign keys of a table point to, and nothing to a complete table itself."""
    for item in items:
        for key in copies.foreign_keys_of(item):
            _add_given_target(table.metadata, copies.target_column(key))
    for column in table.columns:
        for key in copies.foreign_keys_of(column):
            schema, name, target = copies.target_of(key)
            stub = _target_table(table.metadata, schema, name)
            if not (complete and stub is table):
                _add_target_column(stub, target or column.key, by_name=key.link_to_name)


def _add_given_target(metadata: sa.MetaData, column: sa.Column[Any] | None) -> None:
    """Add a stub for a target that was given as an object: its key may differ from its name."""
    if column is not None and isinstance(column.table, sa.Table):
        add_columns(_target_table(metadata, column.table.schema, column.table.name), column)


def _add_target_column(stub: sa.Table, target: str, *, by_name: bool) -> None:
    """Add a target column unless the table has it, by its key or, where the foreign key says so, by its name."""
    if target not in stub.c and not (by_name and any(column.name == target for column in stub.c)):
        add_columns(stub, target)


def _target_table(metadata: sa.MetaData, schema: str | None, name: str) -> sa.Table:
    """Return the table of this name in the collection, made if need be."""
    for table in metadata.tables.values():
        if (table.schema, table.name) == (schema, name):
            return table
    return sa.Table(name, metadata, schema=schema)
