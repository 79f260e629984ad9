"""From one catalog back to another: the operations that undo what the first statements of a revision have done.

Rows are no part of a catalog, so what they lost is lost: each such loss is told in words beside the operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ..operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    Execute,
    Operation,
    RenameTable,
    SetTableComment,
)
from ..records import dataclass, replace
from . import state
from .rebuilt import Makes, Rebuilt, given, shown, text
from .state import Catalog, Key


@dataclass(frozen=True, slots=True)
class Undoing:
    """One step of the way back; ``remark`` says what it does not bring back, ``operation`` is None for words alone."""

    operation: Operation | None
    remark: str = ""


def undoings(now: Catalog, then: Catalog, dialect: Makes) -> Iterator[Undoing]:
    """Yield what leads from the catalog ``now`` back to ``then``, in an order that a server takes.

    What goes comes first, children before parents; what comes back after that, as a whole schema is made.
    """
    yield from Way(now, then, dialect).undoings()


class Way:
    """The way from one catalog to another."""

    def __init__(self, now: Catalog, then: Catalog, dialect: Makes) -> None:
        self.now = now
        self.then = then
        self.dialect = dialect
        self.made_now = Rebuilt(now, dialect)
        self.made_then = Rebuilt(then, dialect)

    def undoings(self) -> Iterator[Undoing]:
        """Yield all steps."""
        renamed = dict(self.renamed())
        gone = [self.now.tables[key] for key in self.now.tables if key not in self.then.tables and key not in renamed]
        back = {key for key in self.then.tables if key not in self.now.tables and key not in renamed.values()}
        pairs = [(self.now.tables[key], self.then.tables[renamed.get(key, key)]) for key in self.kept(renamed)]
        yield from self.others(("triggers", "views", "routines"), dropped=True)
        for before, after in [*pairs, *((table, replace(table, foreign_keys=())) for table in gone)]:
            for foreign in new_ones(before.foreign_keys, after.foreign_keys):
                yield self.drop_constraint(before, foreign, "foreignkey")
        for table in gone:
            yield Undoing(DropTable(table=self.bare(table)))
        for old, new in renamed.items():
            name = self.then.tables[new].name
            yield Undoing(RenameTable(table_name=old[1], schema=old[0], new_table_name=name))
        for before, after in pairs:
            yield from self.less(replace(before, name=after.name), after)
        yield from self.others(("sequences", "types"), dropped=True)
        yield from self.others(("types", "sequences"), dropped=False)
        yield from self.returned(back)
        for before, after in pairs:
            yield from self.more(replace(before, name=after.name), after)
        yield from self.others(("routines", "views", "triggers"), dropped=False)

    def kept(self, renamed: dict[Key, Key]) -> list[Key]:
        """Return the tables of now that stay, under whatever name."""
        return [key for key in self.now.tables if key in self.then.tables or key in renamed]

    def renamed(self) -> Iterator[tuple[Key, Key]]:
        """Yield the tables of now that are tables of then under another name: all else about them is the same."""
        gone = {key: one for key, one in self.then.tables.items() if key not in self.now.tables}
        for key, table in self.now.tables.items():
            if key in self.then.tables:
                continue
            same = [old for old, one in gone.items() if old[0] == key[0] and one.columns == table.columns]
            if len(same) == 1:
                del gone[same[0]]
                yield key, same[0]

    def returned(self, keys: set[Key]) -> Iterator[Undoing]:
        """Yield the tables that come back, without their rows."""
        if not keys:
            return
        bare = Catalog().put(*(one for key, one in self.then.tables.items() if key in keys))
        for making in Rebuilt(bare, self.dialect).makings():
            lost = isinstance(making.operation, CreateTable)
            yield Undoing(making.operation, f"the rows of {making.title} are lost" if lost else "")

    # One table.

    def less(self, now: state.Table, then: state.Table) -> Iterator[Undoing]:
        """Yield the drop of what a table has got."""
        for place in KINDS:
            for one in new_ones(getattr(now, place), getattr(then, place)):
                yield self.drop_constraint(now, one, KINDS[place])
        along = {one.name for one in now.uniques}
        of_keys = {one.name for one in now.foreign_keys}  # they stay when the key goes
        for index in new_ones(now.indexes, then.indexes):
            if index.name not in along and (not index.implicit or index.name in of_keys):
                found = sa.Index(index.name, _table=self.bare(now))
                yield Undoing(DropIndex(index=found, table_name=now.name, schema=now.schema))
        if now.primary_key != then.primary_key and now.primary_key is not None:
            yield self.drop_constraint(now, now.primary_key, "primary")
        renames = dict(renamed_columns(now, then))
        for column in now.columns:
            if then.column(column.name) is None and column.name not in renames:
                yield Undoing(DropColumn(table_name=now.name, schema=now.schema, column_name=column.name))
        for old, new in renames.items():
            yield Undoing(self.altered(now, column_of(now, old), replace(column_of(now, old), name=new)))

    def more(self, now: state.Table, then: state.Table) -> Iterator[Undoing]:
        """Yield the return of what a table has lost."""
        renames = {new: old for old, new in renamed_columns(now, then)}
        for column in then.columns:
            before = now.column(renames.get(column.name, column.name))
            if before is None:
                made = self.made_then.column(then, column, in_key=False)
                sa.Table(then.name, sa.MetaData(), made, schema=then.schema)
                operation = AddColumn(table_name=then.name, schema=then.schema, column=made)
                yield Undoing(operation, f"the values of {shown(then)}.{column.name} are lost")
            elif replace(before, name=column.name) != column:
                yield Undoing(self.altered(now, replace(before, name=column.name), column))
        yield from self.more_constraints(now, then)
        if now.comment != then.comment:
            yield Undoing(comment_change(then, now.comment))

    def more_constraints(self, now: state.Table, then: state.Table) -> Iterator[Undoing]:
        """Yield the return of the constraints and indexes that a table has lost."""
        whole = self.made_then.made[then.key] = self.made_then.sa_table(then)
        lost = {
            one.name for place in ("uniques", "checks") for one in new_ones(getattr(then, place), getattr(now, place))
        }
        if now.primary_key != then.primary_key and then.primary_key is not None:
            yield self.add_constraint(then, whole.primary_key)
        for constraint in sorted(whole.constraints, key=lambda one: str(one.name)):
            if isinstance(constraint, (sa.UniqueConstraint, sa.CheckConstraint)) and constraint.name in lost:
                yield self.add_constraint(then, constraint)
        names = {index.name for index in new_ones(then.indexes, now.indexes) if not index.implicit}
        for index in sorted(whole.indexes, key=lambda one: str(one.name)):
            if index.name in names:
                yield Undoing(CreateIndex(index=index))
        for foreign in new_ones(then.foreign_keys, now.foreign_keys):
            yield Undoing(self.made_then.foreign_key(then, foreign))

    def altered(self, table: state.Table, now: state.Column, then: state.Column) -> AlterColumn:
        """Return the change of a column from what it is to what it was."""
        made = self.made_then.column(table, then, in_key=False)
        changed: dict[str, Any] = {}
        if repr(now.type) != repr(then.type):
            changed["type_"] = then.type
        if now.nullable != then.nullable:
            changed["nullable"] = then.nullable
        if now.default != then.default:
            changed["server_default"] = made.server_default
        if now.comment != then.comment:
            changed["comment"] = then.comment
        return AlterColumn(
            table_name=table.name,
            schema=table.schema,
            column_name=now.name,
            new_column_name=then.name if then.name != now.name else None,
            existing_type=now.type,
            existing_nullable=now.nullable,
            **changed,
        )

    def drop_constraint(self, table: state.Table, one: state.Constraint, kind: str) -> Undoing:
        """Return the drop of a constraint; one whose name nobody knows has to be dropped by hand."""
        if not given(one.name) and kind != "primary":
            return Undoing(None, f"by hand: drop the constraint on {', '.join(one.columns)} of {shown(table)}")
        columns: list[Any] = [sa.Column(name) for name in one.columns]
        made: Any
        match kind:
            case "primary":
                made = sa.PrimaryKeyConstraint(*one.columns, name=one.name)
            case "unique":
                made = sa.UniqueConstraint(*one.columns, name=one.name)
            case "check":
                made = sa.CheckConstraint("", name=one.name)
            case _:
                made = sa.ForeignKeyConstraint(one.columns, [f"x.{name}" for name in one.columns], one.name)
        sa.Table(table.name, sa.MetaData(), *columns, made, schema=table.schema)
        operation = DropConstraint(table_name=table.name, schema=table.schema, constraint=made, type_=kind)
        return Undoing(operation)

    @staticmethod
    def add_constraint(table: state.Table, constraint: sa.Constraint) -> Undoing:
        """Return the return of a constraint."""
        return Undoing(AddConstraint(table_name=table.name, schema=table.schema, constraint=constraint))

    @staticmethod
    def bare(table: state.Table) -> sa.Table:
        """Return what names a table."""
        return sa.Table(table.name, sa.MetaData(), schema=table.schema)

    # What is no table.

    def others(self, places: tuple[str, ...], *, dropped: bool) -> Iterator[Undoing]:
        """Yield the drop of objects that came, or the return of those that went."""
        here, there = (self.now, self.then) if dropped else (self.then, self.now)
        for place in places:
            mine, theirs = getattr(here, place), getattr(there, place)
            for key in mine:
                if theirs.get(key) != mine[key]:
                    yield from self.other(mine[key], place, dropped=dropped)

    def other(self, one: Any, place: str, *, dropped: bool) -> Iterator[Undoing]:
        """Yield the drop, or the return, of one object."""
        name = self.dialect.qualify(one.name, one.schema)
        if isinstance(one, state.Sequence) and one.owner is not None:
            return  # it goes and comes with its column
        if dropped and place in DROPS:
            yield Undoing(text(f"{DROPS[place].format(kind=getattr(one, 'kind', '').upper())} {name}"))
        elif isinstance(one, (state.Trigger, state.Routine)):
            yield Undoing(text(one.text))
        elif isinstance(one, state.View):
            yield from (Undoing(making.operation) for making in self.made_then.view(one))
        elif isinstance(one, state.Sequence):
            yield Undoing(Execute(statement=self.made_then.sequence(one)))
        else:
            yield Undoing(None, f"by hand: {'drop' if dropped else 'make'} the type {shown(one)}")


KINDS = {"uniques": "unique", "checks": "check"}
DROPS = {"triggers": "DROP TRIGGER", "views": "DROP VIEW", "routines": "DROP {kind}", "sequences": "DROP SEQUENCE"}


def new_ones(here: Sequence[Any], there: Sequence[Any]) -> list[Any]:
    """Return the objects of the first table that the second does not have."""
    return [one for one in here if one not in there]


def renamed_columns(now: state.Table, then: state.Table) -> Iterator[tuple[str, str]]:
    """Yield the columns that have another name, in pairs of now and then: in one place, and otherwise the same."""
    if len(now.columns) != len(then.columns):
        return
    for one, other in zip(now.columns, then.columns, strict=True):
        if one.name != other.name and then.column(one.name) is None and now.column(other.name) is None:
            yield one.name, other.name


def column_of(table: state.Table, name: str) -> state.Column:
    """Return a column that the table has."""
    found = table.column(name)
    assert found is not None
    return found


def comment_change(then: state.Table, now: str | None) -> Operation:
    """Return the change of a table's comment to what it was."""
    if then.comment is None:
        return DropTableComment(table_name=then.name, schema=then.schema, existing_comment=now)
    return SetTableComment(table_name=then.name, schema=then.schema, comment=then.comment, existing_comment=now)
