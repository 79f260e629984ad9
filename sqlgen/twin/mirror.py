"""The twin's tables in its database: made, changed and dropped along with the script's, and filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from ..compiler import OfflineDialect
from ..operations.model import (
    UNSET,
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    BulkInsert,
    DropColumn,
    Operation,
    RenameTable,
)
from ..records import replace
from .database import SAME, Database
from .facts import RowFacts
from .kept import AT_ONCE, Kept, Place
from .tables import (
    GENERATED,
    Key,
    NewColumn,
    TableDraft,
    TwinColumn,
    TwinTable,
    filled,
    key_of,
    parent_of,
    planned_column,
)
from .values import NotKnown, encoded, is_unknown, kind_of_type, rekept, unknown, unknown_expression

PLAIN_NUMBERS = ("int", "float", "bool")
KEPT = ("int", "bool", "float", "text", "enum", "json", "date", "bytes", "uuid")
"""Kinds whose values stay what they are when a column gets another type of the same kind."""
Savepoint = tuple[dict[Key, TwinTable], bool]


def quoted(name: str) -> str:
    """Return a name for the twin's database."""
    return '"' + name.replace('"', '""') + '"'


class Mirror:
    """The tables that the script made. What is not here, nobody knows.

    ``triggers`` says that writing a table may write others; ``since_base`` that a table which is not here does not
    exist, rather than stand there since before the script.
    """

    def __init__(self, dialect: OfflineDialect, facts: RowFacts, kept: Kept | None = None) -> None:
        self.dialect = dialect
        self.facts = facts
        self.database = Database(facts)
        self.tables: dict[Key, TwinTable] = {}
        self.triggers = False
        self.kept = kept or Kept()
        self._made = 0

    # Finding tables.

    def key(self, name: str, schema: str | None) -> Key:
        """Return what a table is known by."""
        return key_of(name, schema, self.dialect)

    def find(self, clause: Any) -> TwinTable:
        """Return the twin of a table of a statement, with all its rows. Raises NotKnown."""
        key = self.key(str(clause.name), getattr(clause, "schema", None))
        table = self.tables.get(key)
        if table is None:
            raise NotKnown(f"table {clause.name} was not made by this script")
        if table.lost:
            raise NotKnown(f"table {clause.name}: {table.lost}")
        return self.settled(key, table)

    def settled(self, key: Key, table: TwinTable) -> TwinTable:
        """Put the rows that wait into the database. Raises NotKnown."""
        if not table.pending:
            return table
        pending, self.tables[key] = table.pending, replace(table, pending=())
        for clause, places in pending:
            self.insert(key, clause, self.kept.rows(places))
        return self.tables[key]

    # Losing track.

    def lose(self, key: Key, why: str) -> None:
        """Note that nothing is known of a table's rows from here on."""
        table = self.tables.get(key)
        if table is not None and not table.lost:
            self.tables[key] = replace(table, lost=why, pending=())

    def lose_all(self, why: str) -> None:
        """Note that nothing is known of any rows from here on."""
        for key in self.tables:
            self.lose(key, why)

    def lose_keys(self) -> None:
        """Note that the server may number rows in another way from here on."""
        self.tables = {key: replace(table, next_key=None) for key, table in self.tables.items()}

    def lose_children(self, key: Key, columns: Iterable[str] | None = None) -> None:
        """Lose the tables whose rows go or change along with those of a table, or with some of its columns."""
        changed = None if columns is None else {column.lower() for column in columns}
        for other, table in list(self.tables.items()):
            for parent, referred in table.parents:
                if (
                    parent == key
                    and (changed is None or changed & referred)
                    and not table.lost
                    and self.has_rows(other)
                ):
                    self.lose(other, f"its rows follow those of {key[1]}")
                    self.lose_children(other)

    def written(self) -> None:
        """Note that some rows were written: what triggers made of that, nobody knows."""
        if self.triggers:
            self.lose_all("a trigger may have written it")

    def has_rows(self, key: Key) -> bool:
        """Tell whether a table has rows, or may have some."""
        table = self.tables[key]
        if table.pending or table.lost:
            return True
        return bool(self.database.run(f"SELECT 1 FROM {quoted(table.place)} LIMIT 1"))

    # Savepoints.

    def savepoint(self, name: str) -> Savepoint:
        """Set a savepoint and return what :meth:`back_to` needs besides its name."""
        self.database.run(f"SAVEPOINT {quoted(name)}")
        return dict(self.tables), self.triggers

    def release(self, name: str) -> None:
        """Forget a savepoint."""
        self.database.run(f"RELEASE {quoted(name)}")

    def back_to(self, name: str, state: Savepoint) -> None:
        """Take back what happened since a savepoint. Keys that the server gave out stay so."""
        self.database.run(f"ROLLBACK TO {quoted(name)}")
        tables, self.triggers = state
        self.tables = dict(tables)
        self.lose_keys()

    # What operations do.

    def create(self, table: sa.Table, *, if_missing: bool = False, from_base: bool = False) -> None:
        """Make the twin of a table that the script creates."""
        key = self.key(str(table.name), table.schema)
        twin = TableDraft.of(table, self.dialect).twin(self.dialect, self.facts)
        self.put(key, twin, if_missing=if_missing, from_base=from_base)

    def put(self, key: Key, twin: TwinTable, *, if_missing: bool, from_base: bool) -> None:
        """Take in a table that the script creates."""
        if if_missing and key in self.tables:
            return
        place = self._place()
        try:
            if if_missing and not from_base:
                raise NotKnown("the table may have stood there already")
            if key in self.tables:
                raise NotKnown("there are two tables of this name")
            if not twin.lost:
                self._define(place, twin.columns.values())
            self.tables[key] = replace(twin, place=place)
        except NotKnown as error:
            self.tables[key] = TwinTable(twin.name, place, {}, lost=str(error))

    def _place(self) -> str:
        self._made += 1
        return f"t{self._made}"

    def _define(self, place: str, columns: Iterable[TwinColumn]) -> None:
        described = [f"{quoted(one.name)}{self._collation(one)}" for one in columns]
        self.database.run(f"CREATE TABLE {quoted(place)} ({', '.join(described) or 'nothing'})")

    @staticmethod
    def _collation(column: TwinColumn) -> str:
        return "" if column.kind in PLAIN_NUMBERS else f" COLLATE {SAME}"

    def drop(self, name: str, schema: str | None) -> None:
        """Forget a table that the script drops."""
        table = self.tables.pop(self.key(name, schema), None)
        if table is not None:
            self.lose_children(self.key(name, schema))

    def applied(self, operation: Operation) -> None:
        """Follow an operation that has been rendered."""
        if isinstance(operation, BatchAlter):
            for inner in operation.operations:
                self.applied(inner)
            return
        if isinstance(operation, BulkInsert):
            self.bulk(operation.table, operation.rows)
            return
        key = self.key(getattr(operation, "table_name", None) or "", getattr(operation, "schema", None))
        if key in self.tables:
            self._safely(key, lambda: self._change(key, operation))

    def _safely(self, key: Key, change: Any) -> None:
        try:
            change()
        except NotKnown as error:
            self.lose(key, str(error))

    def _change(self, key: Key, operation: Operation) -> None:
        table = self.tables[key]
        match operation:
            case RenameTable():
                renamed = self.key(operation.new_table_name, operation.schema)
                self.tables[renamed] = replace(self.tables.pop(key), name=operation.new_table_name)
                self._follow_rename(key, renamed)
            case AddConstraint(constraint=sa.ForeignKeyConstraint() as constraint):
                if (parent := parent_of(constraint, self.dialect)) is not None:
                    self.refer(key, parent)
            case AddColumn() | DropColumn() | AlterColumn() if not table.lost:
                self.settled(key, table)
                self._change_column(key, operation)
            case _:
                pass

    def refer(self, key: Key, parent: tuple[Key, frozenset[str]]) -> None:
        """Note that rows of a table follow those of another one."""
        if key in self.tables:
            self.tables[key] = replace(self.tables[key], parents=self.tables[key].parents | {parent})

    def add(self, key: Key, new: NewColumn) -> None:
        """Take in a column that the script adds."""

        def change() -> None:
            self.settled(key, self.tables[key])
            self._add_column(key, new)

        if key in self.tables and not self.tables[key].lost:
            self._safely(key, change)

    def _follow_rename(self, old: Key, new: Key) -> None:
        for key, table in self.tables.items():
            parents = frozenset((new if parent == old else parent, columns) for parent, columns in table.parents)
            self.tables[key] = replace(table, parents=parents)

    def _change_column(self, key: Key, operation: AddColumn | DropColumn | AlterColumn) -> None:
        match operation:
            case AddColumn():
                self._add_column(
                    key, planned_column(operation.column, operation.if_not_exists, self.dialect, self.facts)
                )
            case DropColumn():
                if operation.if_exists and operation.column_name.lower() not in self.tables[key].columns:
                    return
                self._drop_column(key, operation.column_name)
            case AlterColumn():
                self._alter_column(key, operation)

    def _add_column(self, key: Key, new: NewColumn) -> None:
        table = self.tables[key]
        if new.if_missing and new.name.lower() in table.columns:
            return
        if new.column is None:
            raise NotKnown(new.why)
        twin, value = new.column, new.column.filler
        if value is None and not new.nullable:
            value = unknown(f"what column {new.name} holds in older rows")
        name = quoted(twin.name)
        self.database.run(f"ALTER TABLE {quoted(table.place)} ADD COLUMN {name}{self._collation(twin)}")
        if self.has_rows(key):
            self.database.run(f"UPDATE {quoted(table.place)} SET {name} = ?", (value,))
            twin = replace(twin, doubtful=twin.doubtful or is_unknown(value))
        table = replace(table, parents=table.parents | new.parents)
        self.tables[key] = (replace(table, next_key=None) if twin.key else table).with_column(twin)

    def _drop_column(self, key: Key, name: str) -> None:
        table = self.tables[key]
        column = table.column(name)
        if len(table.columns) > 1:
            self.database.run(f"ALTER TABLE {quoted(table.place)} DROP COLUMN {quoted(column.name)}")
        self.tables[key] = table.without_column(name)

    def _alter_column(self, key: Key, operation: AlterColumn) -> None:
        table = self.tables[key]
        column = table.column(operation.column_name)
        changed = column
        if operation.new_column_name and operation.new_column_name != column.name:
            changed = replace(column, name=operation.new_column_name)
            self.database.run(
                f"ALTER TABLE {quoted(table.place)} RENAME COLUMN {quoted(column.name)} TO {quoted(changed.name)}"
            )
        if operation.type_ is not None:
            changed = self._retyped(key, changed, operation)
        if operation.autoincrement is not None or isinstance(operation.server_default, sa.Identity):
            changed = replace(changed, key=True, filler=unknown(GENERATED.format(table.name)))
            table = replace(table, next_key=None)
        elif operation.server_default is not UNSET:
            default = operation.server_default
            changed = replace(
                changed, filler=None if default is None else filled(changed, default, self.facts), key=False
            )
        columns = {
            (changed.name.lower() if one is column else name): (changed if one is column else one)
            for name, one in table.columns.items()
        }
        self.tables[key] = replace(table, columns=columns)

    def _retyped(self, key: Key, column: TwinColumn, operation: AlterColumn) -> TwinColumn:
        """Return a column of another type; what its values become is known where the kind stays the same."""
        type_: Any = operation.type_
        works_out = any(option.endswith("_using") for option in operation.options)
        kind = kind_of_type(type_, self.dialect, self.facts)
        changed = replace(column, kind=kind, type_=type_._unwrapped_dialect_impl(self.dialect))
        if column.filler is not None and kind != column.kind:
            changed = replace(changed, filler=unknown(f"the default of column {column.name}", null=True))
        stays = kind == column.kind and kind in KEPT and not works_out
        if not self.has_rows(key) or stays:
            return changed
        place = quoted(self.tables[key].place)
        what = unknown(f"what column {column.name} became when its type changed", null=works_out)
        self.database.run(
            f"UPDATE {place} SET {quoted(column.name)} = ? WHERE {quoted(column.name)} IS NOT NULL", (what,)
        )
        return replace(changed, doubtful=True)

    # Rows.

    def bulk(self, clause: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Follow rows of ``op.bulk_insert``."""
        places = self.kept.keep(rows)
        if places is not None:
            self.pend(clause, places)
        elif (known := self._filled(clause)) is not None:
            key, table = known
            self._safely(key, lambda: (self.settled(key, table), self.insert(key, clause, rows)))

    def pend(self, clause: Any, places: Sequence[Place]) -> None:
        """Let rows belong to a table: they wait in the spool until somebody asks for them."""
        known = self._filled(clause) if places else None
        if known is not None:
            key, table = known
            self.tables[key] = replace(table, pending=(*table.pending, (clause, tuple(places))))

    def _filled(self, clause: Any) -> tuple[Key, TwinTable] | None:
        """Return the table that rows are written into, with its key; None when nothing is known of it."""
        key = self.key(str(clause.name), getattr(clause, "schema", None))
        self.written()
        table = self.tables.get(key)
        return None if table is None or table.lost else (key, table)

    def insert(self, key: Key, clause: Any, rows: Iterable[Mapping[str, Any]]) -> int:
        """Put rows into a table, given by the keys of a SQLAlchemy table; return how many.

        Raises NotKnown when nothing can be said of the table any more.
        """
        table = self.tables[key]
        given = {name: table.column(str(clause.c[name].name)) for name in clause.c.keys()}  # noqa: SIM118
        makers = {name: self._maker(clause.c[name], column) for name, column in given.items()}
        names = ", ".join(quoted(column.name) for column in table.columns.values())
        places = ", ".join("?" * len(table.columns))
        sql = f"INSERT INTO {quoted(table.place)} ({names}) VALUES ({places})"
        numbers, count, iterator = Numbers(table, self.facts), 0, iter(rows)
        while part := [self._cells(row, table, given, makers, numbers) for row in islice(iterator, AT_ONCE)]:
            self.database.run_many(sql, part)
            count += len(part)
        doubtful = {
            name: replace(column, doubtful=True) if name in numbers.doubtful else column
            for name, column in table.columns.items()
        }
        self.tables[key] = replace(table, next_key=numbers.next, columns=doubtful)
        return count

    def _cells(
        self, row: Mapping[str, Any], table: TwinTable, given: Mapping[str, TwinColumn], makers: Any, numbers: Numbers
    ) -> list[Any]:
        """Return a row as it goes into the twin's database."""
        values = {}
        for name, value in row.items():
            if name in given:
                values[given[name].name.lower()] = makers[name](value)
        for name, column in given.items():
            default = makers[name].default
            if default is not None and column.name.lower() not in values:
                values[column.name.lower()] = default
        return [numbers.cell(name, column, values) for name, column in table.columns.items()]

    def _maker(self, source: Any, column: TwinColumn) -> Maker:
        return Maker(source, column, self.dialect, self.facts)


class Maker:
    """Makes cells of one column from what an author gives; ``default`` is the cell of SQLAlchemy's own default."""

    def __init__(self, source: Any, column: TwinColumn, dialect: OfflineDialect, facts: RowFacts) -> None:
        self.column = column
        self.facts = facts
        type_ = source.type
        self.process = None if type_._isnull else type_._cached_bind_processor(dialect)
        self.default = self._default(getattr(source, "default", None))

    def _default(self, default: Any) -> Any:
        if default is None or default.is_sequence:
            return None if default is None else unknown(f"the next value of sequence {default.name}")
        if default.is_scalar:
            return self(default.arg)
        return unknown_expression(str(default.arg), f"the default of column {self.column.name}")

    def __call__(self, value: Any) -> Any:
        """Return a value as the twin keeps it; a mark where only the server knows."""
        try:
            if type(value) is Cell:
                return rekept(value.value, self.column.kind, self.column.type_, self.facts)
            processed = self.process(value) if self.process is not None else value
            return encoded(processed, self.column.kind, self.column.type_, self.facts)
        except NotKnown as error:
            return unknown(f"{error}, in column {self.column.name}")
        except Exception as error:  # a processor of the author's raised it, and rendering tells
            return unknown(f"a value that the type of column {self.column.name} does not take ({error})")


class Numbers:
    """Fills in what rows of one table do not say, generated keys among it."""

    def __init__(self, table: TwinTable, facts: RowFacts) -> None:
        self.next = table.next_key
        self.facts = facts
        self.doubtful: set[str] = set()

    def cell(self, name: str, column: TwinColumn, values: Mapping[str, Any]) -> Any:
        """Return the cell of a column, given the cells that the author filled."""
        if name in values and not (column.key and values[name] is None):
            value = values[name]
            if column.key and self.facts.own_keys_count:
                self.next = None
        elif column.key and self.next is not None:
            value, self.next = self.next, self.next + 1
        else:
            value = column.filler
        if is_unknown(value):
            self.doubtful.add(name)
        return value


class Cell:
    """Stands in a row for a value that is the twin's already."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value
