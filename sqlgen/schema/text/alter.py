"""ALTER TABLE, action by action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import sqlalchemy as sa

from ...operations.constraint_ops import DropConstraintOp
from ...operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    DropColumn,
    DropConstraint,
    Operation,
    RenameTable,
)
from ...operations.tables import attach
from ...records import dataclass, replace
from ..changes import CreateSequence, MoveColumn, MoveTable, RenameConstraint, RenameIndex
from .columns import ColumnText
from .reader import NotFollowed, Reader
from .tables import Operations, TableGrammar

CALLS: Mapping[type[sa.Constraint], str] = {
    sa.PrimaryKeyConstraint: "create_primary_key",
    sa.UniqueConstraint: "create_unique_constraint",
    sa.ForeignKeyConstraint: "create_foreign_key",
    sa.CheckConstraint: "create_check_constraint",
}


@dataclass(frozen=True, slots=True)
class Target:
    """The table that is altered."""

    name: str
    schema: str | None

    @property
    def place(self) -> dict[str, Any]:
        """Return the fields of an operation that name the table."""
        return {"table_name": self.name, "schema": self.schema}


class AlterGrammar(TableGrammar):
    """The actions of ALTER TABLE. Each method of one takes it and yields its operations."""

    actions: ClassVar[Mapping[str, str]] = {
        "ADD": "_add",
        "DROP": "_drop",
        "ALTER": "_alter",
        "RENAME": "_rename",
    }
    #: Beginnings of actions that change nothing of what is kept here.
    silent_actions: ClassVar[tuple[tuple[str, ...], ...]] = ()
    #: What one DROP may list after a comma: columns, without the word.
    drops_lists: ClassVar[bool] = False

    def alter_table(self, reader: Reader) -> Operations:
        """Take ALTER TABLE from behind those words."""
        if_exists = reader.takes("IF", "EXISTS")
        reader.takes("ONLY")
        name, schema = reader.qualified()
        reader.takes("*")
        if if_exists and not self.stands(name, schema):
            reader.rest()
            return ()
        target = Target(name, schema)
        found: list[Operation] = []
        last = ""
        for item in reader.items():
            if any(item.shows(*words) for words in self.silent_actions):
                continue
            word = self.action_word(item, last)
            found += getattr(self, self.actions[word])(item, target)
            item.ends()
            last = word
        return tuple(found)

    def action_word(self, reader: Reader, last: str) -> str:
        """Take the word that an action begins with. Raises NotFollowed for one that is not known."""
        word = reader.takes_one(self.actions)
        if not word:
            raise NotFollowed("the action is not known")
        return word

    # ADD.

    def _add(self, reader: Reader, target: Target) -> Operations:
        if reader.shows("("):
            return tuple(one for item in reader.group().items() for one in self._added_one(item, target))
        return self._added_one(reader, target)

    def _added_one(self, reader: Reader, target: Target) -> Operations:
        """Take a column, constraint or index that is added."""
        if self.is_constraint(reader):
            found = self.added_constraint(reader, target)
        elif self.is_index(reader):
            index = self.inner_index(reader, (), (target.name, target.schema))
            found = (CreateIndex(index=index, if_not_exists=False),)
        else:
            reader.takes("COLUMN")
            if_not_exists = reader.takes("IF", "NOT", "EXISTS")
            if reader.shows("("):
                return tuple(one for item in reader.group().items() for one in self._added_one(item, target))
            found = self.added_column(self.column(reader, (target.name, target.schema)), target, if_not_exists)
        reader.ends()
        return found

    def added_constraint(self, reader: Reader, target: Target) -> Operations:
        """Take a constraint that is added."""
        return (self.constraint_added(self.constraint(reader), target),)

    def constraint_added(self, constraint: sa.Constraint, target: Target) -> AddConstraint:
        """Return the operation that adds a constraint."""
        call = next((call for cls, call in CALLS.items() if isinstance(constraint, cls)), "create_exclude_constraint")
        return AddConstraint(**target.place, constraint=self.attached(constraint, target), call=call)

    def attached(self, constraint: sa.Constraint, target: Target) -> sa.Constraint:
        """Return a constraint that hangs on a skeleton of the table."""
        if isinstance(constraint, sa.ForeignKeyConstraint):
            parts = [key.target_fullname.split(".") for key in constraint.elements]
            referent = (parts[0][0] if len(parts[0]) == 3 else None, parts[0][-2])
            options = ("onupdate", "ondelete", "deferrable", "initially", "match")
            return self.skeletons.foreign_key(
                constraint.name,  # type: ignore[arg-type]
                (target.schema, target.name),
                referent,
                (constraint.column_keys, [part[-1] for part in parts]),
                **{option: getattr(constraint, option) for option in options},
            )
        columns: list[Any] = list(getattr(constraint, "_pending_colargs", ()))
        if hasattr(constraint, "_render_exprs"):
            elements = [(expression, operator) for expression, _, operator in constraint._render_exprs]
            return self.skeletons.exclude(
                constraint.name,  # type: ignore[arg-type]
                target.name,
                elements,
                schema=target.schema,
                where=constraint.where,  # type: ignore[attr-defined]
                using=constraint.using,  # type: ignore[attr-defined]
                deferrable=constraint.deferrable,
                initially=constraint.initially,
            )
        return attach(constraint, self.skeletons.named(target.name, columns, schema=target.schema))

    def added_column(self, column: ColumnText, target: Target, if_not_exists: bool = False) -> Operations:
        """Return the operations that add a column."""
        copied = self.skeletons.column(target.name, column.column(), schema=target.schema)
        for constraint in column.constraints:
            attach(constraint, copied.table)
        if column.primary and column.primary[0]:
            copied.table.primary_key.name = column.primary[0]
        added = AddColumn(
            **target.place,
            column=copied,
            if_not_exists=if_not_exists,
            inline_references=True,
            inline_primary_key=column.primary is not None,
        )
        return (*self.sequence_of(column, target, if_not_exists), added, *self.moved(column, target))

    def sequence_of(self, column: ColumnText, target: Target, if_not_exists: bool) -> Operations:
        """Return the operation that makes the sequence of a column."""
        if not column.sequence:
            return ()
        owner = (target.schema, target.name, column.name)
        return (
            CreateSequence(
                name=column.sequence,
                schema=target.schema,
                type_=column.type_,
                owned_by=owner,
                if_not_exists=if_not_exists,
            ),
        )

    def moved(self, column: ColumnText, target: Target) -> Operations:
        """Return the operation that moves a column to its place."""
        if column.place is None:
            return ()
        return (MoveColumn(**target.place, column_name=column.name, after=column.place[0]),)

    # DROP.

    def _drop(self, reader: Reader, target: Target) -> Operations:
        if reader.takes("CONSTRAINT"):
            if_exists = reader.takes("IF", "EXISTS")
            name = reader.name()
            return (self.constraint_dropped(target, name, None, if_exists, self.cascades(reader)),)
        if reader.takes("PRIMARY", "KEY"):
            return (self.constraint_dropped(target, None, "primary", False, self.cascades(reader)),)
        reader.takes("COLUMN")
        return self.column_dropped(reader, target)

    def column_dropped(self, reader: Reader, target: Target) -> Operations:
        """Take the name of a column that goes, and what follows it; or names in parentheses."""
        if_exists = reader.takes("IF", "EXISTS")
        names = [item.name() for item in reader.group().items()] if reader.shows("(") else [reader.name()]
        cascade = self.cascades(reader)
        return tuple(
            DropColumn(**target.place, column_name=name, if_exists=if_exists, cascade=cascade) for name in names
        )

    def constraint_dropped(
        self, target: Target, name: str | None, type_: str | None, if_exists: bool, cascade: bool
    ) -> DropConstraint:
        """Return the operation that drops a constraint."""
        op = DropConstraintOp(name, target.name, type_, schema=target.schema, if_exists=if_exists)
        made = cast(DropConstraint, op.to_operation(self.skeletons))
        return replace(made, cascade=True) if cascade else made

    # ALTER COLUMN.

    def _alter(self, reader: Reader, target: Target) -> Operations:
        reader.takes("COLUMN")
        if_exists = reader.takes("IF", "EXISTS")
        if if_exists:
            raise NotFollowed("a column is altered if it exists")
        return self.alter_column(reader, target, reader.name())

    def alter_column(self, reader: Reader, target: Target, name: str) -> Operations:
        """Take what is changed of a column, in the words of the standard."""
        if reader.takes("SET", "DEFAULT"):
            return (self.altered(target, name, server_default=self.default_clause(reader)),)
        if reader.takes("DROP", "DEFAULT"):
            return (self.altered(target, name, server_default=None),)
        if reader.takes("SET", "NOT", "NULL"):
            return (self.altered(target, name, nullable=False),)
        if reader.takes("DROP", "NOT", "NULL"):
            return (self.altered(target, name, nullable=True),)
        if reader.takes("TYPE") or reader.takes("SET", "DATA", "TYPE"):
            return (self.altered(target, name, type_=self.new_type(reader)),)
        raise NotFollowed("the change of a column is not known")

    def new_type(self, reader: Reader) -> Any:
        """Take a type, its collation and USING."""
        column = ColumnText("", self.type_of(self.take_type(reader)))
        if reader.takes("COLLATE"):
            self._collate(reader, column)
        if reader.takes("USING"):
            reader.rest()
        return column.type_

    def default_clause(self, reader: Reader) -> Any:
        """Take the expression of a default, and return what operations have for it."""
        column = ColumnText("", sa.types.NULLTYPE, default=self.default(reader))
        return column.server_default()

    def altered(self, target: Target, name: str, **changes: Any) -> AlterColumn:
        """Return the operation that changes a column."""
        return AlterColumn(**target.place, column_name=name, **changes)

    def redefined(self, old: str, column: ColumnText, target: Target) -> Operations:
        """Return the operations that give a column a whole new definition."""
        change = self.altered(
            target,
            old,
            new_column_name=None if column.name == old else column.name,
            type_=column.type_,
            nullable=column.is_nullable,
            server_default=column.server_default(),
            comment=column.comment,
            autoincrement=column.autoincrement,
        )
        found: list[Operation] = [change]
        if column.primary is not None:
            primary = sa.PrimaryKeyConstraint(column.name, name=column.primary[0])
            found.append(self.constraint_added(primary, target))
        found += [self.constraint_added(one, target) for one in column.constraints]
        for key in column.foreign_keys:
            options: dict[str, Any] = {"name": key.name, "ondelete": key.ondelete, "onupdate": key.onupdate}
            constraint = sa.ForeignKeyConstraint([column.name], [key.target_fullname], **options)
            found.append(self.constraint_added(constraint, target))
        return (*found, *self.moved(column, target))

    # RENAME and SET.

    def _rename(self, reader: Reader, target: Target) -> Operations:
        if reader.takes("CONSTRAINT"):
            old, new = self.renamed(reader)
            return (RenameConstraint(**target.place, constraint_name=old, new_constraint_name=new),)
        if reader.takes("INDEX") or reader.takes("KEY"):
            old, new = self.renamed(reader)
            return (RenameIndex(name=old, schema=target.schema, new_name=new, table_name=target.name),)
        if reader.takes("TO") or reader.takes("AS"):
            return self.table_renamed(reader.qualified(), target)
        reader.takes("COLUMN")
        old, new = self.renamed(reader)
        return (self.altered(target, old, new_column_name=new),)

    def renamed(self, reader: Reader) -> tuple[str, str]:
        """Take an old name, TO, and a new name."""
        old = reader.name()
        reader.needs("TO")
        return old, reader.name()

    def table_renamed(self, new: tuple[str, str | None], target: Target) -> Operations:
        """Return the operation that gives a table another name, and moves it when that has another schema."""
        name, schema = new
        if schema is not None and schema != target.schema:
            return (MoveTable(**target.place, new_schema=schema, new_table_name=name),)
        return (RenameTable(**target.place, new_table_name=name),)
