"""Changing a SQLite table by copying it: create, fill, drop, rename, index (sqlite.org/lang_altertable.html, 7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema

from ..dialect import Dialect, Piece
from ..operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    Execute,
    Operation,
)
from ..rendering import given
from ..statement import Statement

PREFIX = "_alembic_tmp_"


class Rebuild:
    """One table on its way from what it is to what a batch makes of it.

    ``columns`` are copies by their present name, ``sources`` the SQL that fills each from the old table;
    ``renamed`` maps old names to new ones; ``constraints`` and ``indexes`` are still those of the old table.
    """

    def __init__(self, dialect: Dialect, table: sa.Table, operation: BatchAlter) -> None:
        self.dialect = dialect
        self.batch = operation
        self.table = table
        self.columns: dict[str, sa.Column[Any]] = {column.name: copied(column) for column in table.columns}
        self.sources: dict[str, str] = {name: self.source(name) for name in self.columns}
        self.renamed: dict[str, str] = {}
        self.primary = table.primary_key
        self.constraints: list[sa.Constraint] = [
            one
            for one in table._sorted_constraints
            if not getattr(one, "_type_bound", False)
            and not isinstance(one, sa.PrimaryKeyConstraint)
            and not any(one in column.constraints for column in table.columns)
        ]
        self.indexes = sorted(table.indexes, key=lambda index: str(index.name))
        self.before: list[Execute] = []

    def source(self, name: str) -> str:
        """Return the SQL of a column of the old table."""
        return f"{self.dialect.name_of(self.batch.table_name)}.{self.dialect.name_of(name)}"

    def pieces(self) -> Iterator[Piece]:
        """Yield the statements of the copy."""
        for operation in self.batch.operations:
            self.apply(operation)
        for text in self.before:
            yield from self.dialect.execute(text, None)  # type: ignore[arg-type]
        target = self.target()
        old = self.dialect.qualify(self.batch.table_name, self.batch.schema)
        new = self.dialect.qualify(target.name, self.batch.schema)
        yield sa_schema.CreateTable(target)
        yield Statement(self.copy_rows(target, old, new), kind="dml")
        yield f"DROP TABLE {old}"
        yield f"ALTER TABLE {new} RENAME TO {self.dialect.name_of(self.batch.table_name)}"
        yield from self.new_indexes(target)

    def apply(self, operation: Operation) -> None:
        """Take one operation of the batch into account. Raises Unsupported for one that has no place in a copy."""
        step = STEPS.get(type(operation))
        if step is not None:
            step(self, operation)

    def column(self, name: str) -> sa.Column[Any]:
        """Return a column by its present or its old name. Raises Unsupported when there is none."""
        found = self.columns.get(self.renamed.get(name, name))
        if found is None:
            raise self.dialect.unsupported(
                f"finds no column {name!r} in {self.batch.subject}",
                f"It has: {', '.join(self.columns)}.",
            )
        return found

    def add_column(self, operation: AddColumn) -> None:
        """Add a column, with what it brings along, at its place."""
        column = operation.column
        self.columns[column.name] = copied(column)
        for constraint in column.table._sorted_constraints:
            key = isinstance(constraint, sa.PrimaryKeyConstraint)
            if not key and not getattr(constraint, "_type_bound", False) and constraint not in column.constraints:
                self.constraints.append(constraint)
        self.indexes += sorted(column.table.indexes, key=lambda index: str(index.name))
        self.move(column.name)

    def move(self, name: str) -> None:
        """Put a column where ``insert_before`` or ``insert_after`` wants it."""
        before, after = self.batch.positions.get(name, (None, None))
        anchor = before or after
        if anchor is None:
            return
        anchor = self.column(anchor).name
        order = [one for one in self.columns if one != name]
        order.insert(order.index(anchor) + (0 if before else 1), name)
        self.columns = {one: self.columns[one] for one in order}

    def drop_column(self, operation: DropColumn) -> None:
        """Leave a column out."""
        name = self.column(operation.column_name).name
        del self.columns[name]
        self.sources.pop(name, None)

    def alter_column(self, operation: AlterColumn) -> None:
        """Change a column, aspect by aspect."""
        column = self.column(operation.column_name)
        if operation.type_ is not None:
            self.change_type(column, operation.type_)
        if operation.nullable is not None:
            column.nullable = operation.nullable
        if given(operation.server_default):
            column = self.change_default(column, operation.server_default)
        if operation.autoincrement is not None:
            column.autoincrement = cast(Any, operation.autoincrement)
        if operation.new_column_name is not None:
            self.rename(column, operation.new_column_name)
        self.move(column.name)

    def change_type(self, column: sa.Column[Any], type_: Any) -> None:
        """Give a column another type, and convert its values where the kind of type changes."""
        old, column.type = column.type, type_
        known = not isinstance(old, sa.types.NullType) and column.name in self.sources
        if known and old._type_affinity is not type_._type_affinity:
            target = self.dialect.type_sql(type_)
            self.sources[column.name] = f"CAST({self.sources[column.name]} AS {target})"

    def change_default(self, column: sa.Column[Any], default: Any) -> sa.Column[Any]:
        """Return the column with another default; what was computed or an identity is so no longer."""
        column.server_default = None
        column.computed = column.identity = None
        if default is None:
            return column
        carrier: sa.Column[Any] = (
            sa.Column(column.name, column.type, default)
            if isinstance(default, (sa.Computed, sa.Identity))
            else sa.Column(column.name, column.type, server_default=default)
        )
        column.server_default = carrier.server_default
        column.computed, column.identity = carrier.computed, carrier.identity
        return column

    def rename(self, column: sa.Column[Any], name: str) -> None:
        """Give a column another name; its values come from the old one."""
        old = column.name
        column.name = column.key = sa.sql.quoted_name(name, None) if not isinstance(name, sa.sql.quoted_name) else name
        self.columns = {(name if one == old else one): column_ for one, column_ in self.columns.items()}
        self.sources = {(name if one == old else one): sql for one, sql in self.sources.items()}
        for origin, present in self.renamed.items():
            if present == old:
                self.renamed[origin] = name
                return
        self.renamed[old] = name

    def add_constraint(self, operation: AddConstraint) -> None:
        """Add a constraint; a primary key replaces the one that stood before."""
        if isinstance(operation.constraint, sa.PrimaryKeyConstraint):
            self.primary = operation.constraint
        else:
            self.constraints.append(operation.constraint)

    def drop_constraint(self, operation: DropConstraint) -> None:
        """Leave a constraint out. Raises Unsupported when the table has none of that name."""
        name = str(operation.constraint.name)
        if operation.type_ == "primary" or (self.primary.name and str(self.primary.name) == name):
            self.primary = sa.PrimaryKeyConstraint()
            return
        left = [one for one in self.constraints if str(one.name) != name]
        if len(left) == len(self.constraints) and not self.drop_type_check(name) and not operation.if_exists:
            raise self.dialect.unsupported(
                f"finds no constraint {name!r} in {self.batch.subject}",
                "Pass naming_convention to batch_alter_table where the constraint has no name of its own.",
            )
        self.constraints = left

    def drop_type_check(self, name: str) -> bool:
        """Leave out the CHECK of a column's type; tell whether there was one of that name."""
        for column in self.columns.values():
            if getattr(column.type, "create_constraint", False) and getattr(column.type, "name", None) == name:
                column.type = column.type.copy()
                column.type.create_constraint = False  # type: ignore[attr-defined]
                return True
        return False

    def create_index(self, operation: CreateIndex) -> None:
        """Add an index."""
        self.indexes.append(operation.index)

    def drop_index(self, operation: DropIndex) -> None:
        """Leave an index out. Raises Unsupported when the table has none of that name."""
        left = [one for one in self.indexes if str(one.name) != str(operation.index.name)]
        if len(left) == len(self.indexes) and not operation.if_exists:
            raise self.dialect.unsupported(f"finds no index {operation.index.name} in {self.batch.subject}")
        self.indexes = left

    def execute(self, operation: Execute) -> None:
        """Keep a statement, which runs before the copy."""
        self.before.append(operation)

    def target(self) -> sa.Table:
        """Return the new table under its temporary name."""
        options = {key: value for key, value in self.table.dialect_kwargs.items() if value is not None}
        metadata = sa.MetaData()
        moved = map(self.moved, self.constraints)
        constraints = [one for one in moved if one is not None]  # an empty constraint is false
        for column in self.columns.values():
            self.moved_computed(column)
        names = [self.renamed.get(column.name, column.name) for column in self.primary.columns]
        keys = [name for name in names if name in self.columns]
        for column in self.columns.values():
            if column.name not in keys and column.primary_key:
                column.primary_key = False
        if keys:
            constraints.insert(0, sa.PrimaryKeyConstraint(*keys, name=cast(Any, self.primary.name)))
        table = sa.Table(
            (PREFIX + self.batch.table_name)[:50],
            metadata,
            *self.ordered(),
            *constraints,
            *self.batch.table_args,
            schema=self.batch.schema,
            **{**options, **self.batch.table_kwargs},
        )
        referents(table)
        return table

    def ordered(self) -> list[sa.Column[Any]]:
        """Return the columns in the order of ``partial_reordering``, which leaves all others where they are."""
        if not self.batch.partial_reordering:
            return [*self.columns.values()]
        sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(self.columns, ()))
        for group in self.batch.partial_reordering:
            names = [self.column(name).name for name in group]
            for first, second in pairwise(names):
                sorter.add(second, first)
        place = [*self.columns]
        order: list[str] = []
        try:
            sorter.prepare()
        except CycleError as error:
            raise self.dialect.unsupported("is given a partial_reordering that contradicts itself") from error
        ready: list[str] = []
        while sorter.is_active():
            ready = sorted([*ready, *sorter.get_ready()], key=place.index)
            order.append(ready.pop(0))
            sorter.done(order[-1])
        return [self.columns[name] for name in order]

    def moved(self, constraint: sa.Constraint) -> sa.Constraint | None:
        """Return a constraint for the new table, or None when a column of it is gone."""
        if isinstance(constraint, sa.CheckConstraint):
            return self.moved_check(constraint)
        names = [self.renamed.get(column.name, column.name) for column in constraint.columns]  # type: ignore[attr-defined]
        if not all(name in self.columns for name in names):
            return None
        facts: dict[str, Any] = {
            "name": constraint.name,
            "deferrable": constraint.deferrable,
            "initially": constraint.initially,
        }
        if isinstance(constraint, sa.ForeignKeyConstraint):
            targets = [self.moved_target(element.target_fullname) for element in constraint.elements]
            rules: dict[str, Any] = {
                "onupdate": constraint.onupdate,
                "ondelete": constraint.ondelete,
                "match": constraint.match,
            }
            return sa.ForeignKeyConstraint(names, targets, **facts, **rules)
        return sa.UniqueConstraint(*names, **facts, **constraint.dialect_kwargs)

    def moved_target(self, target: str) -> str:
        """Return what a foreign key points to, by the new name where it is a renamed column of this same table."""
        owner, _, name = target.rpartition(".")
        own = f"{self.batch.schema}.{self.batch.table_name}" if self.batch.schema else self.batch.table_name
        return f"{owner}.{self.renamed.get(name, name)}" if owner == own else target

    def sql_of(self, clause: Any) -> str:
        """Return an expression over the old table as text."""
        return str(clause.compile(dialect=self.dialect.sa, compile_kwargs={"literal_binds": True}))

    def check_names(self, text: str, where: str, *, old: bool) -> None:
        """Raise Unsupported when a text, which stands in ``where``, names a column that is renamed or gone.

        ``old`` says that it is of the old table, and so never means a new column that has taken over a name.
        """
        for column in self.table.columns:
            name = column.name
            other = old and (name in self.renamed or name not in self.sources)
            if name in self.columns and not other:
                continue
            forms = "|".join(map(re.escape, (name, self.dialect.sa.identifier_preparer.quote_identifier(name))))
            if re.search(rf"(?<!\w)(?:{forms})(?!\w)", text, re.I):
                raise self.dialect.unsupported(
                    f"cannot rename or drop {self.batch.subject}.{name}, which {where} names",
                    "Drop that in the same batch, and create it again.",
                )

    def moved_computed(self, column: sa.Column[Any]) -> None:
        """Raise Unsupported when a computed column names a column that is renamed or gone."""
        if column.computed is not None and column.name in self.sources:
            text = self.sql_of(column.computed.sqltext)
            self.check_names(text, f"the computed column {column.name}", old=True)

    def moved_check(self, constraint: sa.CheckConstraint) -> sa.CheckConstraint:
        """Return a CHECK for the new table. Raises Unsupported when it names a column that is renamed or gone."""
        text = self.sql_of(constraint.sqltext)
        self.check_names(text, f"CHECK ({text})", old=constraint.table is self.table)
        return sa.CheckConstraint(sa.text(text.replace(":", r"\:")), name=constraint.name)

    def copy_rows(self, target: sa.Table, old: str, new: str) -> str:
        """Return INSERT … SELECT for the columns that both tables have, without the computed ones."""
        names = [column.name for column in target.columns if column.name in self.sources and column.computed is None]
        columns = ", ".join(map(self.dialect.name_of, names))
        values = ", ".join(self.sources[name] for name in names)
        return f"INSERT INTO {new} ({columns}) SELECT {values} \nFROM {old}"

    def new_indexes(self, target: sa.Table) -> Iterator[Piece]:
        """Yield CREATE INDEX for the indexes whose columns are still there."""
        home = sa.Table(
            self.batch.table_name,
            sa.MetaData(),
            *(sa.Column(column.name, column.type) for column in target.columns),
            schema=self.batch.schema,
        )
        for index in self.indexes:
            expressions = [self.moved_expression(one, home, index) for one in index.expressions]
            if any(one is None for one in expressions):
                continue
            options = {key: value for key, value in index.dialect_kwargs.items() if value is not None}
            for value in options.values():
                if isinstance(value, sa.ClauseElement):
                    self.moved_expression(value, home, index)
            copy = sa.Index(index.name, *expressions, unique=index.unique, _table=home, **options)
            yield sa_schema.CreateIndex(copy)

    def moved_expression(self, expression: Any, home: sa.Table, index: sa.Index) -> Any:
        """Return one element of an index for the new table, or None when it is a column that is gone.

        Raises Unsupported for an expression that names a column which is renamed or gone.
        """
        if isinstance(expression, sa.Column):
            return home.c.get(self.renamed.get(expression.name, expression.name))
        self.check_names(self.sql_of(expression), f"the index {index.name}", old=index.table is self.table)
        return expression


STEPS: Mapping[type[Operation], Callable[[Rebuild, Any], None]] = {
    AddColumn: Rebuild.add_column,
    DropColumn: Rebuild.drop_column,
    AlterColumn: Rebuild.alter_column,
    AddConstraint: Rebuild.add_constraint,
    DropConstraint: Rebuild.drop_constraint,
    CreateIndex: Rebuild.create_index,
    DropIndex: Rebuild.drop_index,
    Execute: Rebuild.execute,
}


def copied(column: sa.Column[Any]) -> sa.Column[Any]:
    """Return a copy that brings no index, UNIQUE or foreign key along: those are kept apart."""
    copy = column._copy()
    copy.unique = copy.index = None
    return copy


def referents(table: sa.Table) -> None:
    """Add to the table's metadata the columns that its foreign keys point to, so that they can be compiled."""
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            owner, _, column = element.target_fullname.rpartition(".")
            schema, _, name = owner.rpartition(".")
            target = sa.Table(name, table.metadata, schema=schema or None, extend_existing=True)
            if column not in target.c:
                target.append_column(sa.Column(column, sa.types.NULLTYPE))
