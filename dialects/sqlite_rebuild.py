"""Changing a SQLite table by copying it: create, fill, drop, rename, index (sqlite.org/lang_altertable.html, 7).

The copy keeps the columns' old names. SQLite renames them afterwards, in place, because it then follows them into
CHECKs, expressions, views, triggers and the foreign keys of other tables, none of which a copy could do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema

from ..conditions import Piece
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
from ..rendering import given
from ..statement import Statement
from .sqlite_before import Before, CopiedColumn, by_name, wanted
from .sqlite_parts import Names, Part, Written, WrittenIndex, convention_name, final_name, mentioned
from .sqlite_references import compared, counted, dangling, forgotten
from .sqlite_table import Clause

#: The columns whose change fires a trigger.
OF_COLUMNS = re.compile(r"\bUPDATE\s+OF\b.*?\bON\b", re.I | re.S)
PREFIX = "_alembic_tmp_"
#: Alembic cuts the name of the copy here; a copy is gone before the next one is made, so that no two can meet.
LONGEST = 50


class Rebuild:
    """One table on its way from what it is to what a batch makes of it.

    ``columns`` are definitions by their name in the copy, ``kept`` those that take values over, by ``casts`` as another
    type; ``fills`` is the SQL that fills a new column. ``constraints`` and ``indexes`` are those of the old table and
    those that the batch adds; ``primary`` is the key where it stands by itself.
    """

    def __init__(self, dialect: Dialect, before: Before, operation: BatchAlter) -> None:
        self.dialect = dialect
        self.batch = operation
        self.table = before
        self.names = Names()
        before.name_keys(operation)
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

    def pieces(self) -> Iterator[Piece]:
        """Yield the statements of the copy.

        While a table with the old name is missing, a view that names it would stop its renaming, unless
        ``legacy_alter_table`` is on (sqlite.org/pragma.html#pragma_legacy_alter_table; tried with 3.40).
        """
        self.table.check(self.batch)
        turned_off = self.table.keys_are_on()
        if turned_off:
            yield from self.without_keys()
        sound = self.table.fault(self.batch) == ""
        for operation in self.batch.operations:
            self.apply(operation)
        for text in self.executed:
            yield from self.dialect.execute(text, None)  # type: ignore[arg-type]
        old = self.dialect.qualify(self.batch.table_name, self.batch.schema)
        temporary = (PREFIX + self.batch.table_name)[:LONGEST]
        new = self.dialect.qualify(temporary, self.batch.schema)
        definition = self.definition(new)
        self.check_references()
        watched = self.table.is_referred_to or "REFERENCES" in definition.upper()
        if watched:
            yield from counted()
        # As text: the schema that the run keeps in mind knows of no table under the temporary name.
        yield definition
        yield Statement(self.copy_rows(old, new, definition), kind="dml")
        yield from self.copy_counter(temporary)
        yield f"DROP TABLE {old}"
        yield "PRAGMA legacy_alter_table = ON"
        yield f"ALTER TABLE {new} RENAME TO {self.dialect.name_of(self.batch.table_name)}"
        yield "PRAGMA legacy_alter_table = OFF"
        yield from self.new_indexes()
        yield from self.table.triggers
        if watched:
            yield from compared()
            yield from forgotten()
        for _, before, after in self.names.renames:
            self.dialect.need("rename_column")
            names = {"column": self.dialect.name_of(before), "new": self.dialect.name_of(after)}
            yield self.dialect.rename_column_sql.format(table=old, **names)
        if turned_off:
            yield Statement("PRAGMA foreign_keys = ON", transactional=False)
        if sound and (fault := self.table.fault(self.batch)):
            raise self.refused(
                f"would leave behind what names something that is gone from {self.batch.subject}: {fault}",
                "Drop that view or trigger with op.execute before the batch, and create it again after it.",
            )

    def without_keys(self) -> Iterator[Piece]:
        """Yield the statement that turns foreign keys off, which works outside of a transaction only.

        Raises Unsupported where a savepoint keeps one open (sqlite.org/pragma.html#pragma_foreign_keys).
        """
        yield Statement("PRAGMA foreign_keys = OFF", transactional=False)
        if self.table.keys_are_on():
            raise self.refused(
                f"would delete the rows that point to {self.batch.subject}, because foreign keys are on",
                "Turn them off before the savepoint that this block stands in.",
            )

    def check_references(self) -> None:
        """Raise Unsupported when a foreign key would point to a column that is gone."""
        kept = [part.clause for part in self.constraints if isinstance(part, Written)]
        kept += [clause for column in self.columns.values() for clause in column.text.clauses]
        name = self.batch.table_name
        if found := dangling(name, self.dropped, kept, self.table.referring(name)):
            raise self.refused(
                f"cannot drop {self.batch.subject}.{found[0]}, to which a foreign key of {found[1]} points",
                f"Drop that foreign key first, with batch_alter_table({found[1]!r}).",
            )

    def copy_counter(self, temporary: str) -> Iterator[Piece]:
        """Yield statements that keep the highest key ever given out, where AUTOINCREMENT must not give it out again.

        Dropping a table drops its counter; renaming one takes it along (sqlite.org/autoinc.html; tried with 3.40).
        """
        if not (self.table.counts and any(column.counts for column in self.ordered())):
            return
        counters = self.dialect.qualify("sqlite_sequence", self.batch.schema)
        old, new = map(self.dialect.text_literal, (self.batch.table_name, temporary))
        yield Statement(f"DELETE FROM {counters} WHERE name = {new}", kind="dml")
        yield Statement(
            f"INSERT INTO {counters} (name, seq) SELECT {new}, seq FROM {counters} WHERE name = {old}", kind="dml"
        )

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
        return "{}" if has_numeric_affinity(target) else f"CAST({{}} AS {target})"

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

    def definition(self, name: str) -> str:
        """Return the CREATE TABLE of the new table."""
        self.check_texts()
        self.constraints += [Part(one) for one in self.more()]
        key = self.key()
        items = [*map(str, self.ordered()), *([key] if key else [])]
        items += [self.printed(part) for part in self.constraints]
        prefix, options = self.table.around(self.batch.table_kwargs)
        lines = ",\n".join(f"    {item}" for item in items)
        return f"CREATE {prefix}TABLE {name} (\n{lines}\n){options}"

    def more(self) -> Iterator[sa.Constraint]:
        """Yield the constraints in ``table_args``. Raises Unsupported for anything else in there."""
        for one in self.batch.table_args:
            if not isinstance(one, sa.Constraint):
                raise self.refused(f"takes constraints in table_args, not {one!r}", "Use an operation of the batch.")
            home = self.home()
            copy = copy_constraint(one, home)
            home.append_constraint(copy)
            yield copy

    def key(self) -> str:
        """Return the primary key as a constraint that stands by itself; empty where a column says it, or there is none.

        Raises Unsupported where a new column would bring a second key.
        """
        inline = [name for name, column in self.columns.items() if column.text.has("primary")]
        names = [name for name in (self.primary.column_names() if self.primary else ()) if name in self.columns]
        added = [name for name in self.new_keys if name in self.columns and name not in (*names, *inline)]
        if (names or inline) and added:
            raise self.refused(
                f"cannot add {self.batch.subject}.{added[0]} as a primary key to a table that has one",
                "Say with create_primary_key, in the same batch, what the key is to be.",
            )
        names = names or added
        if self.batch.table_kwargs.get("sqlite_autoincrement") and len(names) == 1 and not inline:
            column = self.columns[names[0]]
            column.text = column.text.with_clause(Clause("primary", "PRIMARY KEY AUTOINCREMENT"))
            return ""
        if not names or inline:
            return ""
        if self.primary is None or names != self.primary.column_names():
            return f"PRIMARY KEY ({', '.join(map(self.dialect.name_of, names))})"
        return self.printed(self.primary)

    def printed(self, part: Part | Written) -> str:
        """Return a constraint for the new table."""
        if isinstance(part, Written):
            return part.clause.text
        item = self.moved(part)
        home = self.home()
        home.append_constraint(item)
        referents(home)
        return self.dialect.sa.ddl_compiler(self.dialect.sa, None).process(item)  # type: ignore[arg-type]

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

    def moved(self, part: Part) -> sa.Constraint:
        """Return a constraint for the new table. Raises Unsupported for one that SQLite does not have."""
        one = part.item
        facts: dict[str, Any] = {
            "name": final_name(one),
            "deferrable": one.deferrable,
            "initially": one.initially,
            **part.options(),
        }
        if isinstance(one, sa.CheckConstraint):
            return sa.CheckConstraint(part.expression(one.sqltext), **facts)
        if isinstance(one, sa.ForeignKeyConstraint):
            return sa.ForeignKeyConstraint(part.column_names(), self.targets(part), **rules(one), **facts)
        if isinstance(one, (sa.UniqueConstraint, sa.PrimaryKeyConstraint)):
            return type(one)(*part.column_names(), **facts)
        raise self.dialect.unsupported(f"has no constraint of the kind {type(one).__name__}")

    def targets(self, part: Part) -> list[str]:
        """Return what a foreign key points to, in its own table by the names in the copy."""
        own = f"{self.batch.schema}.{self.batch.table_name}" if self.batch.schema else self.batch.table_name
        found: list[str] = []
        for element in part.item.elements:
            owner, _, column = element.target_fullname.rpartition(".")
            found.append(f"{owner}.{part.names.get(column, column) if owner == own else column}")
        return found

    def copy_rows(self, old: str, new: str, definition: str) -> str:
        """Return INSERT … SELECT for the columns that both tables have, without the computed ones.

        OR ABORT stands against the table's own ON CONFLICT, which may leave rows out (sqlite.org/lang_conflict.html).
        """
        filled = self.kept.union(self.fills)
        names = [one.name for one in self.ordered() if one.name in filled and not one.text.has("generated")]
        columns = ", ".join(map(self.dialect.name_of, names))
        values = ", ".join(self.value(name, f"{old}.{self.dialect.name_of(name)}") for name in names)
        verb = "INSERT OR ABORT" if "ON CONFLICT" in definition.upper() else "INSERT"
        return f"{verb} INTO {new} ({columns}) SELECT {values} \nFROM {old}"

    def value(self, name: str, source: str) -> str:
        """Return the SQL of a column's value."""
        if name in self.fills:
            return f"{self.fills[name]} AS {self.dialect.name_of(name)}"
        template = self.casts.get(name, "{}")
        return source if template == "{}" else f"{template.format(source)} AS {self.dialect.name_of(name)}"

    def new_indexes(self) -> Iterator[Piece]:
        """Yield CREATE INDEX for the indexes."""
        home = self.home()
        for part in self.indexes:
            if isinstance(part, WrittenIndex):
                yield part.sql
                continue
            expressions = [self.indexed(part, one, home) for one in part.item.expressions]
            copy = sa.Index(part.item.name, *expressions, unique=part.item.unique, _table=home, **part.options())
            yield sa_schema.CreateIndex(copy)

    def indexed(self, part: Part, expression: Any, home: sa.Table) -> Any:
        """Return one element of an index for the new table."""
        if isinstance(expression, sa.Column):
            return home.c[part.names.get(expression.name, expression.name)]
        return part.expression(expression)


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


def attached(column: sa.Column[Any]) -> sa.Column[Any]:
    """Return a column in a table of its own."""
    return sa.Table("t", sa.MetaData(), column).c[column.key]


def rules(key: sa.ForeignKeyConstraint) -> dict[str, Any]:
    """Return what a foreign key says besides its columns."""
    return {"onupdate": key.onupdate, "ondelete": key.ondelete, "match": key.match}


def has_numeric_affinity(type_: str) -> bool:
    """Tell whether a declared type has numeric affinity, as no other rule applies (sqlite.org/datatype3.html, 3.1)."""
    words = ("INT", "CHAR", "CLOB", "TEXT", "BLOB", "REAL", "FLOA", "DOUB")
    return not any(word in type_.upper() for word in words)


def referents(table: sa.Table) -> None:
    """Add to the table's metadata the columns that its foreign keys point to, so that they can be compiled."""
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            owner, _, column = element.target_fullname.rpartition(".")
            schema, _, name = owner.rpartition(".")
            target = sa.Table(name, table.metadata, schema=schema or None, extend_existing=True)
            if column not in target.c:
                target.append_column(sa.Column(column, sa.types.NULLTYPE))
