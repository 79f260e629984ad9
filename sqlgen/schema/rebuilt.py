"""A catalog as operations that make it from nothing: the way back from states to SQLAlchemy's objects.

Names that the server generated are written out, so that the schema is the same whatever is made first; where only the
server knows the name (:class:`~sqlgen.schema.state.ServerName`), the constraint stays without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema
from sqlalchemy.sql.base import SchemaEventTarget

from ..operations.model import AddConstraint, CreateIndex, CreateTable, Execute, Operation
from ..records import dataclass
from . import state
from .order import in_order
from .state import Catalog, Key

#: What an expression between parentheses, or the call of a function, cannot have outside of them.
OPERATOR = re.compile(r"[|+\-*/<>=~!@#%^&?]|::")
QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`")
CALL = re.compile(r"[\w.\"`]+\s*\(")
TEMPORARY = re.compile(r"TEMP|#", re.I)


class Makes(Protocol):
    """What rebuilding asks of a dialect."""

    @property
    def sa(self) -> Any:
        """SQLAlchemy's dialect object."""

    @property
    def schema(self) -> str | None:
        """The default schema."""

    def can(self, feature: str) -> bool:
        """Tell whether the server has a feature."""

    def qualify(self, name: str, schema: str | None) -> str:
        """Return a name with its schema, both quoted where they must be."""

    def name_of(self, name: str) -> str:
        """Return a name, quoted where it must be."""

    def new_type(self, one: state.Enumeration | state.Domain) -> Any:
        """Return the statement that makes a type."""

    def own_sequence(self, table: state.Table, column: state.Column) -> str | None:
        """Return the name of the sequence that a column makes of its own accord, None where none is made."""

    def renaming(self, sequence: state.Sequence, made: str) -> str:
        """Return the statement that gives a sequence its name, which a column has made under another one."""

    def owning(self, sequence: state.Sequence, table: str, column: str) -> str:
        """Return the statement that gives a sequence its owner."""

    def column_options(self, column: state.Column) -> Mapping[str, Any]:
        """Return the options of a column that SQLAlchemy's takes."""

    def named_default(self, column: state.Column) -> str:
        """Return the name of a column's default where that is a constraint with a name of its own, else nothing."""

    def with_named_default(self, table: str, column: state.Column) -> str:
        """Return the statement that gives a column its default, under its name."""

    def written_name(self, constraint: state.Constraint) -> str | None:
        """Return the name of a constraint as a new table is told it, None for none."""


@dataclass(frozen=True, slots=True)
class Making:
    """One object of a schema: what it is, for readers, and the operation that makes it."""

    title: str
    operation: Operation


def makings(catalog: Catalog, dialect: Makes) -> Iterator[Making]:
    """Yield what makes a schema from nothing, in an order that a server takes.

    Schemas, types and sequences come first, then tables, routines and views as they need each other, and at the end the
    foreign keys of rings and the triggers. The order depends on names only.
    """
    yield from Rebuilt(catalog, dialect).makings()


class Rebuilt:
    """Turns the objects of one catalog into operations."""

    def __init__(self, catalog: Catalog, dialect: Makes) -> None:
        self.catalog = catalog
        self.owners = state.Owners()
        self.dialect = dialect
        self.metadata = sa.MetaData()
        self.made: dict[Key, sa.Table] = {}

    def makings(self) -> Iterator[Making]:
        """Yield everything in its order."""
        catalog = self.catalog
        for name in catalog.schemas:
            if name != self.dialect.schema:
                yield Making(f"schema {name}", Execute(statement=sa_schema.CreateSchema(name)))
        for one in by_name(catalog.types):
            yield Making(f"type {shown(one)}", Execute(statement=self.dialect.new_type(one)))
        for sequence in by_name(catalog.sequences):
            if not self.comes_along(sequence):
                yield Making(f"sequence {shown(sequence)}", Execute(statement=self.sequence(sequence)))
        later: list[tuple[state.Table, state.ForeignKey]] = []
        for found in in_order(catalog):
            match found:
                case state.Table():
                    yield from self.table(found, later)
                case state.View():
                    yield from self.view(found)
                case _:
                    yield Making(f"{found.kind} {shown(found)}", text(found.text))
        for owner, key in later:
            yield Making(f"foreign key of {shown(owner)}", self.foreign_key(owner, key))
        for trigger in by_name(catalog.triggers):
            yield Making(f"trigger {shown(trigger)}", text(trigger.text))

    # Sequences.

    def comes_along(self, sequence: state.Sequence) -> bool:
        """Tell whether a column makes a sequence of its own accord, under its name."""
        if sequence.owner is None:
            return False
        table = self.catalog.tables.get(sequence.owner[0])
        column = table.column(sequence.owner[1]) if table is not None else None
        if table is None or column is None:
            return False
        return column.identity is not None or self.is_serial(table, column, sequence)

    def is_serial(self, table: state.Table, column: state.Column, sequence: state.Sequence) -> bool:
        """Tell whether a column that counts by itself is all that makes a sequence."""
        primary = table.primary_key
        keyed = primary is not None and column.name in primary.columns and column.autoincrement
        return keyed and self.dialect.own_sequence(table, column) == sequence.name

    def sequence(self, sequence: state.Sequence) -> sa_schema.CreateSequence:
        """Return the statement that makes a sequence."""
        made = sa.Sequence(sequence.name, schema=sequence.schema, **sequence.options)
        return sa_schema.CreateSequence(made)

    def owned(self, table: state.Table) -> Iterator[Making]:
        """Yield what gives the sequences of a new table their owner, or their name where the table made them."""
        for key in sorted(self.owners.of(self.catalog, table.key), key=str):
            sequence = self.catalog.sequences[key]
            column = table.column(sequence.owner[1]) if sequence.owner is not None else None
            made = self.dialect.own_sequence(table, column) if column is not None else None
            if self.comes_along(sequence) and made not in (None, sequence.name):
                yield Making(f"sequence {shown(sequence)}", text(self.dialect.renaming(sequence, str(made))))
            elif sequence.owner is not None and not self.comes_along(sequence):
                place = self.dialect.qualify(table.name, table.schema)
                statement = self.dialect.owning(sequence, place, sequence.owner[1])
                yield Making(f"sequence {shown(sequence)}", text(statement))

    # Tables.

    def table(self, table: state.Table, later: list[tuple[state.Table, state.ForeignKey]]) -> Iterator[Making]:
        """Yield a table; its keys to tables that are not there yet go to ``later``."""
        if any(TEMPORARY.match(str(word)) for word in table.options.get("prefixes", ())):
            return
        made = self.made[table.key] = self.sa_table(table)
        for key in table.foreign_keys:
            target = (key.schema, key.table)
            if target in self.made or target not in self.catalog.tables or not self.dialect.can("alter_constraints"):
                self.attach(table, key)
            else:
                later.append((table, key))
        yield Making(f"table {shown(table)}", CreateTable(table=made))
        yield from self.owned(table)
        for column in table.columns:
            if self.dialect.named_default(column):
                place = self.dialect.qualify(table.name, table.schema)
                statement = self.dialect.with_named_default(place, column)
                yield Making(f"default of {shown(table)}.{column.name}", text(statement))
        for one in table.excludes:
            head = f"ALTER TABLE {self.dialect.qualify(table.name, table.schema)} ADD "
            named = f"CONSTRAINT {self.dialect.name_of(str(one.name))} " if given(one.name) else ""
            yield Making(f"constraint of {shown(table)}", text(f"{head}{named}{one.definition}"))
        if self.dialect.sa.supports_constraint_comments:
            for constraint in sorted(made.constraints, key=lambda one: str(one.name)):
                if constraint.comment and constraint.name:
                    comment = sa_schema.SetConstraintComment(constraint)
                    yield Making(f"comment on {constraint.name}", Execute(statement=comment))

    def sa_table(self, table: state.Table) -> sa.Table:
        """Return a table as an object of SQLAlchemy's, without its foreign keys."""
        primary = table.primary_key
        inside = primary.columns if primary is not None else ()
        columns = [self.column(table, one, in_key=one.name in inside) for one in table.columns]
        made = sa.Table(
            table.name, self.metadata, *columns, schema=table.schema, comment=table.comment, **table.options
        )
        for constraint in list(made.constraints):
            if getattr(constraint, "_type_bound", False):
                made.constraints.discard(constraint)  # it is among the table's own
        if primary is not None:
            made.append_constraint(sa.PrimaryKeyConstraint(*primary.columns, **self.told(primary)))
        for unique in table.uniques:
            made.append_constraint(sa.UniqueConstraint(*unique.columns, **self.told(unique)))
        for check in table.checks:
            made.append_constraint(sa.CheckConstraint(sql(check.sqltext), **self.told(check)))
        along = {one.name for one in table.uniques}
        for index in table.indexes:
            of_key = index.implicit and any(one.name == index.name for one in table.foreign_keys)
            if not of_key and index.name not in along:
                self.index(made, index)
        return made

    def column(self, table: state.Table, column: state.Column, *, in_key: bool) -> sa.Column[Any]:
        """Return a column; one that makes its own sequence has no default beside that."""
        type_: Any = column.type
        sequences = [self.catalog.sequences[key] for key in self.owners.of(self.catalog, table.key, column.name)]
        serial = any(self.is_serial(table, column, one) for one in sequences)
        apart = serial or column.default is None or self.dialect.named_default(column)
        default = None if apart else sql(str(column.default))
        bound = isinstance(column.type, SchemaEventTarget)  # it takes part in the making of one table
        what: Any = None
        if column.computed is not None:
            what = sa.Computed(sql(column.computed.sqltext), persisted=column.computed.persisted)
        elif column.identity is not None:
            what = sa.Identity(**column.identity)
        return sa.Column(
            column.name,
            type_.copy() if bound else type_,
            *([what] if what is not None else []),
            server_default=default,
            nullable=column.nullable,
            autoincrement=counts(column, default is None) if in_key else "auto",
            comment=column.comment,
            **self.dialect.column_options(column),
        )

    def told(self, constraint: state.Constraint) -> dict[str, Any]:
        """Return name, options and comment of a constraint as arguments for SQLAlchemy's."""
        name = self.dialect.written_name(constraint) if given(constraint.name) else None
        options = {key: sql(value) if key.endswith("_where") else value for key, value in constraint.options.items()}
        return {"name": name, **options, **({"comment": constraint.comment} if constraint.comment else {})}

    def foreign_key(self, table: state.Table, key: state.ForeignKey) -> Operation:
        """Return what adds a foreign key to a table that is there."""
        constraint = self.attach(table, key)
        return AddConstraint(table_name=table.name, schema=table.schema, constraint=constraint)

    def attach(self, table: state.Table, key: state.ForeignKey) -> sa.ForeignKeyConstraint:
        """Give SQLAlchemy's table a foreign key, and return it."""
        made, target = self.made[table.key], (key.schema, key.table)
        referred = self.made.get(target)
        if referred is None:
            columns = [sa.Column(name, sa.types.NULLTYPE) for name in key.referred]
            referred = sa.Table(key.table, sa.MetaData(), *columns, schema=key.schema)
        columns_there = [referred.columns[name] for name in key.referred]
        constraint = sa.ForeignKeyConstraint(key.columns, columns_there, **self.told(key))
        made.append_constraint(constraint)
        return constraint

    # Indexes and views.

    def index(self, table: sa.Table, index: state.Index) -> sa.Index:
        """Return an index on one of SQLAlchemy's tables."""
        parts = [ordered(self.part(table, one), one.order) for one in index.parts]
        options: dict[str, Any] = {
            key: sql(value) if key.endswith("_where") and isinstance(value, str) else listed(value)
            for key, value in index.options.items()
        }
        return sa.Index(index.name, *parts, unique=index.unique, _table=table, **options)

    def part(self, table: sa.Table, part: state.Part) -> Any:
        """Return one part of an index, without its order."""
        if part.column is not None:
            return table.columns[part.column]
        return sa.literal_column(enclosed(str(part.expression)))

    def view(self, view: state.View) -> Iterator[Making]:
        """Yield a view, and its indexes."""
        kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
        names = f" ({', '.join(map(self.dialect.name_of, view.columns))})" if view.columns else ""
        head = f"CREATE {kind} {self.dialect.qualify(view.name, view.schema)}{names} AS"
        yield Making(f"view {shown(view)}", text(f"{head}\n{view.definition}"))
        for index in view.indexes:
            names_in = [part.column for part in index.parts if part.column is not None]
            table = sa.Table(view.name, sa.MetaData(), *map(sa.Column, names_in), schema=view.schema)
            yield Making(f"index {index.name}", CreateIndex(index=self.index(table, index)))


def by_name(objects: Mapping[Key, Any]) -> list[Any]:
    """Return objects in the order of schema and name."""
    return [objects[key] for key in sorted(objects, key=lambda key: (key[0] or "", key[1]))]


def shown(one: Any) -> str:
    """Return the name of an object, with its schema, for readers."""
    return f"{one.schema}.{one.name}" if one.schema else str(one.name)


def given(name: str | None) -> bool:
    """Tell whether a name can be written down."""
    return name is not None and not isinstance(name, state.ServerName)


def sql(text_: str) -> sa.TextClause:
    """Return SQL text as an expression in which no colon means a parameter."""
    return sa.text(text_.replace(":", "\\:"))


def text(statement: str) -> Execute:
    """Return what runs a statement as it is written."""
    return Execute(statement=statement.replace("\\:", "\\\\:"))


def listed(value: Any) -> Any:
    """Return an option's names as the list that SQLAlchemy takes."""
    return list(value) if isinstance(value, tuple) else value


def counts(column: state.Column, bare: bool) -> Any:
    """Return whether a key column counts by itself, as SQLAlchemy is told; ``bare`` is one without a default."""
    return (column.autoincrement and bare) or ("auto" if column.identity is not None else False)


def ordered(part: Any, words: Iterable[str]) -> Any:
    """Return a part of an index with its order."""
    for word in words:
        part = getattr(part, word)()
    return part


def enclosed(expression: str) -> str:
    """Return an expression of an index between parentheses, unless it has them, or is more than an expression."""
    bare = QUOTED.sub("x", expression.strip())
    outside = ""
    depth = 0
    for letter in bare:
        depth += letter == "("
        outside += "" if depth else letter
        depth -= letter == ")"
    whole = not outside.strip()
    called = (
        CALL.match(bare) is not None
        and bare.endswith(")")
        and not OPERATOR.search(outside)
        and " " not in outside.strip()
    )
    return f"({expression})" if not whole and (called or OPERATOR.search(outside)) else expression
