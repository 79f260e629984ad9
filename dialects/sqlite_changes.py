"""What one or several batches make of a SQLite table: its columns, constraints and indexes, operation by operation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, cast

import sqlalchemy as sa

from ..copying import AS_IT_IS, Flow
from ..dialect import Dialect
from ..errors import Unsupported
from ..operations.copies import copy_constraint
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
from ..records import replace
from ..rendering import given
from .sqlite_before import Before, CopiedColumn, by_name, wanted
from .sqlite_joined import CAST, Demand, affinity, are_kept, demands, flow
from .sqlite_parts import Names, Part, Written, WrittenIndex, attached, convention_name, final_name, mentioned
from .sqlite_table import Clause

#: The columns whose change fires a trigger.
OF_COLUMNS = re.compile(r"\bUPDATE\s+OF\b.*?\bON\b", re.I | re.S)


class TableChanges:
    """One table on its way from what it is to what a batch makes of it, or several batches in one copy.

    ``blocks`` are these, and ``batch`` is the one whose operations are looked at, in the end the last.
    ``columns`` are definitions by their name in the copy, ``kept`` those that take values over, by ``casts`` as another
    type; ``fills`` is the SQL that fills a new column. ``constraints`` and ``indexes`` are those of the old table and
    those that the batch adds; ``primary`` is the key where it stands by itself. ``moments`` tell what rows must satisfy
    before the first block and after each.
    """

    def __init__(self, dialect: Dialect, before: Before, *blocks: BatchAlter) -> None:
        self.dialect = dialect
        self.blocks = blocks
        self.batch = blocks[0]
        self.table = before
        self.names = Names()
        self.types = {} if self.batch.copy_from is not None else {one.name: one.text.type for one in before.columns}
        self.columns = {column.name: column for column in before.columns}
        self.kept = set(self.columns)
        self.casts: dict[str, str] = {}
        self.fills: dict[str, str] = {}
        self.primary = before.primary
        self.new_keys: list[str] = []
        self.constraints = [*before.constraints]
        self.indexes = [*before.indexes]
        self.dropped: set[str] = set()
        self.executed: list[Execute] = []
        self.moments: list[list[Demand]] = []

    @property
    def joins(self) -> bool:
        """Whether it may become one copy with another: the database knows the table, and no block asks for more.

        Foreign keys that are on can only be turned off outside of what may be taken back.
        """
        more = any(block.table_kwargs or Execute in map(type, block.operations) for block in self.blocks)
        more = more or any(block.reflect_args for block in self.blocks[1:])
        return self.table.is_known and not more and not self.table.keys_are_on()

    def gather(self) -> None:
        """Take the operations of all blocks into account, once. Raises Unsupported for what a copy cannot do."""
        if self.moments:
            return
        self.moments.append(self.demands())
        for block in self.blocks:
            self.batch = block
            self.name_keys()
            for operation in self.batch.operations:
                self.apply(operation)
            self.check_texts()
            self.constraints += [Part(one) for one in self.more()]
            self.columns = {column.name: column for column in self.ordered()}
            self.moments.append(self.demands())

    def demands(self) -> list[Demand]:
        """Return what rows must satisfy at this moment."""
        strict = "STRICT" in self.table.options.upper()
        return demands(self.columns.values(), [*self.constraints, *self.indexes, self.primary], strict=strict)

    def flows(self) -> dict[str, Flow]:
        """Return where the values come from, of each column by its new name."""
        return {
            self.names.shown(name): flow(
                column,
                name if name in self.kept else None,
                self.casts.get(name, AS_IT_IS),
                self.types,
                self.fills.get(name),
            )
            for name, column in self.columns.items()
        }

    def is_as_strict(self) -> bool:
        """Tell whether it refuses every row that a copy per block would refuse."""
        return are_kept(self.moments)

    def name_keys(self) -> None:
        """Name the keys that have no name by the batch's naming convention, as Alembic's copy does.

        Those of a table that the revision itself describes are left as they are described.
        """
        if not self.batch.naming_convention or self.batch.copy_from is not None:
            return

        def named(part: Any) -> Any:
            return self.table.named(part, self.batch) if isinstance(part, Written) else part

        self.constraints = [*map(named, self.constraints)]
        self.primary = named(self.primary)
        for column in self.columns.values():
            clauses = tuple(named(Written(clause)).clause for clause in column.text.clauses)
            column.text = replace(column.text, clauses=clauses)

    def apply(self, operation: Operation) -> None:
        """Take one operation of the batch into account; comments are nothing that SQLite has."""
        step = STEPS.get(type(operation))
        if step is not None:
            step(self, operation)

    def refused(self, what: str, hint: str) -> Unsupported:
        """Return the error for what a copy cannot do."""
        return self.dialect.unsupported(what, hint)

    def column(self, name: str) -> CopiedColumn:
        """Return a column by its present or its old name. Raises Unsupported when there is none."""
        inner = self.names.of(name)
        found = self.columns.get(inner) or next(
            (one for one in self.columns.values() if one.name.lower() == inner.lower()), None
        )
        if found is None:
            raise self.refused(
                f"finds no column {name!r} in {self.batch.subject}", f"It has: {', '.join(self.columns)}."
            )
        return found

    def part(self, item: Any) -> Part:
        """Return an item that the batch adds, with what the names in it mean now."""
        return Part(item, dict(self.names.present))

    def add_column(self, operation: AddColumn) -> None:
        """Add a column, with what it brings along, at its place. Raises Unsupported for a name that is taken."""
        column = operation.column
        if column.name in self.columns:
            raise self.refused(
                f"cannot add {operation.subject}, because the table that is copied has a column of that name",
                "Where that column is renamed in the same batch, add the new one in a batch of its own.",
            )
        if column.name in self.dropped:
            self.check_texts()  # what names the old column must not pass for naming the new one
        self.columns[column.name] = CopiedColumn.printed(self.dialect, column)
        self.dropped.discard(column.name)
        if column.primary_key:
            self.new_keys.append(column.name)
        self.constraints += map(self.part, wanted(self.dialect, column.table))
        self.indexes += map(self.part, by_name(column.table))
        self.move(column.name, column.name)

    def move(self, name: str, said: str) -> None:
        """Put a column where ``insert_before`` or ``insert_after`` wants it."""
        before, after = self.batch.positions.get(said, (None, None))
        anchor = before or after
        if anchor is None:
            return
        anchor = self.column(anchor).name
        order = [one for one in self.columns if one != name]
        order.insert(order.index(anchor) + (0 if before else 1), name)
        self.columns = {one: self.columns[one] for one in order}

    def drop_column(self, operation: DropColumn) -> None:
        """Leave a column out, with the constraints and indexes over it."""
        name = self.column(operation.column_name).name
        del self.columns[name]
        self.kept.discard(name)
        self.fills.pop(name, None)
        self.dropped.add(name)
        self.names.drop(name)
        self.constraints = [part for part in self.constraints if not part.falls_with(name)]
        self.indexes = [part for part in self.indexes if not part.falls_with(name)]

    def alter_column(self, operation: AlterColumn) -> None:
        """Change a column, aspect by aspect."""
        column = self.column(operation.column_name)
        if operation.type_ is not None:
            self.change_type(column, operation)
        if operation.nullable is not None:
            column.text = column.text.without("not null", "null")
            if not operation.nullable:
                column.text = column.text.with_clause(Clause("not null", "NOT NULL"))
        if given(operation.server_default):
            self.change_default(column, operation.server_default)
        if operation.new_column_name is not None:
            self.names.rename(column.name, operation.new_column_name)
        self.move(column.name, operation.column_name)

    def change_type(self, column: CopiedColumn, operation: AlterColumn) -> None:
        """Give a column another type, with its CHECK, and convert its values where the kind of type changes."""
        old, new = column.type, cast(Any, operation.type_)
        column.retype(new, self.dialect.type_sql(new))
        named = {final_name(one) for one in operation.existing_checks} - {None}
        bound = [
            part
            for part in self.constraints
            if (part.of_type and part.falls_with(column.name)) or (isinstance(part, Written) and part.name in named)
        ]
        self.constraints = [part for part in self.constraints if part not in bound]
        self.constraints += [self.part(one) for one in operation.new_checks if self.dialect.wanted(one)]
        known = not isinstance(old, sa.types.NullType) and column.name in self.kept
        if known and old._type_affinity is not new._type_affinity:
            self.casts[column.name] = self.cast(old, new, operation)

    def cast(self, old: Any, new: Any, operation: AlterColumn) -> str:
        """Return the template that turns a value of the old type into one of the new type.

        CAST to a type of numeric affinity turns every text that is no number into 0, and a date into its year
        (sqlite.org/lang_expr.html#castexpr): such values are copied as they are. Moments are text to SQLAlchemy.
        """
        moments = (sa.Date, sa.DateTime, sa.Time)
        if isinstance(old, sa.DateTime) and isinstance(new, sa.Date):
            return "substr({}, 1, 10)"
        if isinstance(old, moments) and isinstance(new, moments) and not isinstance(new, sa.DateTime):
            raise self.refused(
                f"cannot turn the values of {operation.subject} into the new type",
                "Add a column, fill it with op.execute, and drop the old one.",
            )
        target = self.dialect.type_sql(new)
        return AS_IT_IS if affinity(target) == "numeric" else f"{CAST}{target})"

    def change_default(self, column: CopiedColumn, default: Any) -> None:
        """Give a column another default; what was computed is so no longer. Raises Unsupported for IDENTITY."""
        if isinstance(default, sa.Identity):
            self.dialect.need("identity_alter")
        if column.name not in self.kept and column.default is not None:
            # The rows that are there get the default with which the batch adds the column.
            self.fills.setdefault(column.name, self.dialect.default_sql(column.default.arg, column.type))
        if isinstance(default, sa.Computed):
            carrier: sa.Column[Any] = sa.Column(column.name, column.type, default)
        else:
            carrier = sa.Column(column.name, column.type, server_default=default)
        column.redefault(CopiedColumn.printed(self.dialect, attached(carrier)))

    def add_constraint(self, operation: AddConstraint) -> None:
        """Add a constraint; a primary key replaces the one that stood before."""
        if isinstance(operation.constraint, sa.PrimaryKeyConstraint):
            self.drop_key()
            self.primary = self.part(operation.constraint)
            for name in self.primary.column_names():
                column = self.column(name)
                if not column.settled and not column.text.has("not null"):
                    column.text = column.text.without("null").with_clause(Clause("not null", "NOT NULL"))
        else:
            self.dialect.check_constraint(operation.constraint)
            self.constraints.append(self.part(operation.constraint))

    def drop_key(self) -> None:
        """Leave the primary key out."""
        self.primary = None
        for column in self.columns.values():
            column.text = column.text.without("primary")

    def drop_constraint(self, operation: DropConstraint) -> None:
        """Leave a constraint out. Raises Unsupported when the table has none of that name."""
        name = str(operation.constraint.name)
        if operation.type_ == "primary" or (self.primary is not None and self.is_named(self.primary, name)):
            self.drop_key()
            return
        left = [part for part in self.constraints if not self.is_named(part, name)]
        inline = [column for column in self.columns.values() if column.loses(lambda one: self.is_named(one, name))]
        if len(left) == len(self.constraints) and not inline and not operation.if_exists:
            raise self.refused(
                f"finds no constraint {name!r} in {self.batch.subject}",
                "Pass naming_convention to batch_alter_table where the constraint has no name of its own.",
            )
        self.constraints = left

    def is_named(self, part: Part | Written, name: str) -> bool:
        """Tell whether a constraint has this name, or would get it by the batch's naming convention."""
        if part.name is not None or not self.batch.naming_convention:
            return part.name == name
        item, table = self.table.shape(part, self.batch)
        return bool(item is not None and convention_name(item, table, self.batch.naming_convention) == name)

    def create_index(self, operation: CreateIndex) -> None:
        """Add an index."""
        self.indexes.append(self.part(operation.index))

    def drop_index(self, operation: DropIndex) -> None:
        """Leave an index out. Raises Unsupported when the table has none of that name."""
        left = [part for part in self.indexes if part.name != str(operation.index.name)]
        if len(left) == len(self.indexes) and not operation.if_exists:
            raise self.refused(
                f"finds no index {operation.index.name} in {self.batch.subject}",
                "Give the table in copy_from its indexes, or drop this one outside the batch.",
            )
        self.indexes = left

    def execute(self, operation: Execute) -> None:
        """Keep a statement, which runs before the copy."""
        self.executed.append(operation)

    def more(self) -> Iterator[sa.Constraint]:
        """Yield the constraints in ``table_args``. Raises Unsupported for anything else in there."""
        for one in self.batch.table_args:
            if not isinstance(one, sa.Constraint):
                raise self.refused(f"takes constraints in table_args, not {one!r}", "Use an operation of the batch.")
            home = self.home()
            copy = copy_constraint(one, home)
            home.append_constraint(copy)
            yield copy

    def home(self) -> sa.Table:
        """Return the new table as SQLAlchemy's compiler needs it: its columns, and nothing else."""
        columns = (sa.Column(column.name, column.type) for column in self.columns.values())
        return sa.Table(self.batch.table_name, sa.MetaData(), *columns, schema=self.batch.schema)

    def check_texts(self) -> None:
        """Raise Unsupported where text names a column that is gone, or one by a name that it does not have yet."""
        parts = [(text, part) for part in (*self.constraints, *self.indexes) for text in part.texts()]
        columns = [(text, None) for column in self.columns.values() for text in column.expressions()]
        fired = [(found[0], None) for sql in self.table.triggers if (found := OF_COLUMNS.search(sql))]
        new = set(self.names.present).difference(self.columns)
        for text, part in (*parts, *columns, *fired):
            if gone := [name for name in sorted(self.dropped) if mentioned(name, text)]:
                raise self.refused(
                    f"cannot drop {self.batch.subject}.{gone[0]}, which an expression names: {text}",
                    "Drop the constraint, index or column with that expression in the same batch.",
                )
            early = [] if isinstance(part, (Written, WrittenIndex)) else [n for n in sorted(new) if mentioned(n, text)]
            if early:
                raise self.refused(
                    f"cannot use the new name {early[0]!r} in a text of the same batch: {text}",
                    "Rename the column in a batch of its own, before this one.",
                )

    def ordered(self) -> list[CopiedColumn]:
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


STEPS: Mapping[type[Operation], Callable[[TableChanges, Any], None]] = {
    AddColumn: TableChanges.add_column,
    DropColumn: TableChanges.drop_column,
    AlterColumn: TableChanges.alter_column,
    AddConstraint: TableChanges.add_constraint,
    DropConstraint: TableChanges.drop_constraint,
    CreateIndex: TableChanges.create_index,
    DropIndex: TableChanges.drop_index,
    Execute: TableChanges.execute,
}
