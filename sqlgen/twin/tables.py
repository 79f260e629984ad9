"""The twin's tables: what is known of each column, and how the operations of a script change it."""

from __future__ import annotations

import decimal
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.types import TypeEngine

from ..compiler import OfflineDialect
from ..operations.copies import without_table
from ..records import dataclass, replace
from .facts import RowFacts
from .kept import Place
from .values import NotKnown, encoded, kind_of_type, unknown, unknown_expression

Key = tuple[str | None, str]
"""Schema (None for the default) and name of a table, in small letters."""

GENERATED = "the generated key of a row of {}"


@dataclass(frozen=True, slots=True)
class TwinColumn:
    """A column: its kind and type on the target, and what a row gets that has no value for it.

    ``filler`` is that value as the twin keeps it. A ``key`` is numbered by the server. ``doubtful`` says that some row
    may hold what only the server knows.
    """

    name: str
    kind: str
    type_: Any
    filler: Any = None
    key: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class TwinTable:
    """A table: the columns in their order, and what is certain of its rows.

    ``place`` is its name in the twin's database. ``next_key`` is the next generated key, None when only the server
    knows it. ``lost`` says why nothing is known of the rows, empty when they are known. ``parents`` are the tables,
    with their columns, that take rows of this one along when theirs go or change. ``pending`` are rows that are not in
    the database yet: what they were given for, and where in the spool they are.
    """

    name: str
    place: str
    columns: Mapping[str, TwinColumn]
    next_key: int | None = None
    lost: str = ""
    parents: frozenset[tuple[Key, frozenset[str]]] = frozenset()
    pending: tuple[tuple[Any, tuple[Place, ...]], ...] = ()

    def column(self, name: str) -> TwinColumn:
        """Return a column by its name, whatever its case. Raises NotKnown when there is none."""
        found = self.columns.get(name.lower())
        if found is None:
            raise NotKnown(f"there is no column {self.name}.{name} here")
        return found

    def with_column(self, column: TwinColumn) -> TwinTable:
        """Return the table with a column put in the place of one of its name, or behind the others."""
        return replace(self, columns={**self.columns, column.name.lower(): column})

    def without_column(self, name: str) -> TwinTable:
        """Return the table without a column."""
        return replace(self, columns={key: one for key, one in self.columns.items() if key != name.lower()})


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """What a column's twin is made of, for a run that may never ask for it: nothing that holds the column's table.

    ``numbered`` says that the server numbers the column, ``plainly`` that it does so from 1 by 1. ``default`` is the
    server's, or what stands in it.
    """

    name: str
    type_: TypeEngine[Any]
    computed: bool
    numbered: bool
    plainly: bool
    default: Any

    @classmethod
    def of(cls, column: sa.Column[Any]) -> ColumnDraft:
        """Return that of a column."""
        table: Any = column.table
        default = column.server_default
        auto = table is not None and column is table._autoincrement_column and default is None
        numbered = column.computed is None and (column.identity is not None or auto)
        return cls(
            str(column.name),
            without_table(column.type, table),
            column.computed is not None,
            numbered,
            numbered and starts_plainly(column),
            getattr(default, "arg", default),
        )

    def twin(self, table: str, dialect: OfflineDialect, facts: RowFacts) -> TwinColumn:
        """Return the column's twin; ``table`` is the name of its table. Raises NotKnown for a type without one."""
        kind = kind_of_type(self.type_, dialect, facts)
        found = TwinColumn(self.name, kind, self.type_._unwrapped_dialect_impl(dialect))
        if self.computed:
            return replace(found, filler=unknown(f"the computed value of {self.name}", null=True))
        if self.numbered:
            return replace(found, filler=unknown(GENERATED.format(table)), key=True)
        return replace(found, filler=filled(found, self.default, facts)) if self.default is not None else found


@dataclass(frozen=True, slots=True)
class TableDraft:
    """What a table's twin is made of, for a run that may never ask for it."""

    name: str
    columns: tuple[ColumnDraft, ...]
    parents: frozenset[tuple[Key, frozenset[str]]]

    @classmethod
    def of(cls, table: sa.Table, dialect: OfflineDialect) -> TableDraft:
        """Return that of a table that is created from a SQLAlchemy object."""
        return cls(str(table.name), tuple(map(ColumnDraft.of, table.columns)), parents_of(table, dialect))

    def twin(self, dialect: OfflineDialect, facts: RowFacts) -> TwinTable:
        """Return the twin, which has no place yet; a lost one where nothing can be said of the table."""
        try:
            columns = {one.name.lower(): one.twin(self.name, dialect, facts) for one in self.columns}
        except NotKnown as error:
            return TwinTable(self.name, "", {}, lost=str(error))
        if len(columns) != len(self.columns):
            return TwinTable(self.name, "", {}, lost="columns differ in case only")
        keys = [one for one in self.columns if one.numbered]
        first = 1 if facts.numbers_rows and len(keys) == 1 and keys[0].plainly else None
        return TwinTable(self.name, "", columns, first, parents=self.parents)


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column that is added to a table; ``why`` says why nothing is known of the table's rows from then on."""

    name: str
    column: TwinColumn | None
    nullable: bool
    parents: frozenset[tuple[Key, frozenset[str]]]
    if_missing: bool
    why: str = ""


def planned_column(column: sa.Column[Any], if_missing: bool, dialect: OfflineDialect, facts: RowFacts) -> NewColumn:
    """Return what an added column is, apart from the object that its author made."""
    found = (parent_of(one.constraint, dialect) for one in column.foreign_keys if one.constraint is not None)
    parents = frozenset(parent for parent in found if parent is not None)
    name, nullable = str(column.name), bool(column.nullable)
    try:
        new = ColumnDraft.of(column).twin(str(getattr(column.table, "name", "")), dialect, facts)
        return NewColumn(name, new, nullable, parents, if_missing)
    except NotKnown as error:
        return NewColumn(name, None, nullable, parents, if_missing, str(error))


def starts_plainly(column: sa.Column[Any] | None) -> bool:
    """Tell whether the keys that a column generates start at 1 and go up by 1."""
    if column is None or column.default is not None:
        return False
    identity = column.identity
    return identity is None or (identity.start in (None, 1) and identity.increment in (None, 1))


def filled(column: TwinColumn, default: Any, facts: RowFacts) -> Any:
    """Return what a server default puts into a row, as the twin keeps it."""
    try:
        return encoded(constant(getattr(default, "arg", default), column), column.kind, column.type_, facts)
    except (NotKnown, ValueError, decimal.InvalidOperation):
        return unknown_expression(str(getattr(default, "arg", default)), f"the default of column {column.name}")


def constant(argument: Any, column: TwinColumn) -> Any:
    """Return the value of a constant default. Raises NotKnown for an expression, ValueError for a bad number."""
    if isinstance(argument, TextClause):
        text = argument.text.strip()
        quoted = len(text) > 1 and text[0] == text[-1] == "'" and "'" not in text[1:-1] and "\\" not in text
        if text.lower() == "null":
            return None
        return parsed(text[1:-1] if quoted else text, column.kind, quoted=quoted)
    if isinstance(argument, sa.sql.elements.True_ | sa.sql.elements.False_):
        return isinstance(argument, sa.sql.elements.True_)
    if isinstance(argument, str):
        return parsed(argument, column.kind, quoted=True)
    raise NotKnown("an expression")


def parsed(text: str, kind: str, *, quoted: bool) -> Any:
    """Return the value of a literal's text for a column of a kind."""
    if kind in ("text", "enum", "label", "char") and quoted:
        return text
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    if kind == "bool" and text.lower() in WORDS:
        return WORDS[text.lower()]
    if kind == "decimal":
        return decimal.Decimal(text)
    raise NotKnown("a default of a kind that the server works out")


WORDS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


def parents_of(table: sa.Table, dialect: OfflineDialect) -> frozenset[tuple[Key, frozenset[str]]]:
    """Return the tables whose rows take rows of this table along, or change them, with the columns it points to."""
    found = (parent_of(constraint, dialect) for constraint in table.foreign_key_constraints)
    return frozenset(parent for parent in found if parent is not None)


def parent_of(constraint: Any, dialect: OfflineDialect) -> tuple[Key, frozenset[str]] | None:
    """Return the table that a foreign key follows when its rows go or change; None for one that refuses that."""
    actions = {str(action).upper() for action in (constraint.ondelete, constraint.onupdate) if action}
    if actions <= {"RESTRICT", "NO ACTION"}:
        return None
    targets = [element.target_fullname.split(".") for element in constraint.elements]
    schema = targets[0][-3] if len(targets[0]) > 2 else None
    return key_of(targets[0][-2], schema, dialect), frozenset(target[-1].lower() for target in targets)


def key_of(name: str, schema: str | None, dialect: OfflineDialect) -> Key:
    """Return what a table is known by."""
    plain = None if schema is None or schema == dialect.default_schema_name else schema.lower()
    return plain, name.lower()
