"""The schema and its rows as the steps so far must have left them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from tests.fuzz.kinds import Kind

Row = dict[str, Any]
Place = tuple[str | None, str]


class Made(str):
    """A value that the server or SQLAlchemy made, by a word for how."""

    __slots__ = ()


@dataclass
class Column:
    """A column. ``check`` names the CHECK of its type; ``formula`` is the column that a computed one is made from."""

    name: str
    kind: Kind
    size: int = 0
    nullable: bool = True
    default: Any = None
    comment: str | None = None
    check: str = ""
    formula: str | None = None
    identity: bool = False
    auto: bool = False

    @property
    def type(self) -> TypeEngine[Any]:
        """The type, a new one each time."""
        return self.kind.type(self.size, self.check)

    @property
    def writable(self) -> bool:
        """Whether an INSERT may give a value."""
        return self.formula is None and not self.identity and not self.auto

    @property
    def filled(self) -> bool:
        """Whether rows have a value although an INSERT gives none."""
        return self.default is not None or self.formula is not None or self.identity or self.auto


@dataclass
class Key:
    """A constraint: ``primary``, ``unique``, ``check`` or ``foreignkey``; ``condition`` has ``{c}`` for its column."""

    kind: str
    name: str | None
    columns: list[str]
    condition: str = ""
    target: Place = (None, "")
    remote: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Index:
    """An index; ``parts`` are columns and the forms that they have in it."""

    name: str
    parts: list[tuple[str, str]]
    unique: bool = False
    where: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The columns, and the one of the condition."""
        return [column for column, _ in self.parts] + ([self.where] if self.where else [])

    @property
    def plain(self) -> bool:
        """Whether the index is over nothing but columns."""
        return not self.where and all(form == "plain" for _, form in self.parts)


@dataclass
class Table:
    """A table; ``leftovers`` are columns with an index that the server made for a foreign key."""

    name: str
    schema: str | None = None
    columns: dict[str, Column] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    comment: str | None = None
    rows: list[Row] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    leftovers: set[str] = field(default_factory=set)

    @property
    def place(self) -> Place:
        """Schema and name."""
        return self.schema, self.name

    @property
    def primary(self) -> Key | None:
        """The primary key."""
        return next((key for key in self.keys if key.kind == "primary"), None)

    def keys_over(self, column: str, *kinds: str) -> list[Key]:
        """Return the constraints of some kinds, or of all, that name a column."""
        return [key for key in self.keys if column in key.columns and (not kinds or key.kind in kinds)]

    def indexes_over(self, column: str) -> list[Index]:
        """Return the indexes that name a column."""
        return [index for index in self.indexes if column in index.columns]

    def feeds(self, column: str) -> bool:
        """Tell whether a computed column is made from this one."""
        return any(other.formula == column for other in self.columns.values())

    def distinct(self, columns: list[str]) -> bool:
        """Tell whether the rows surely differ in these columns, whatever the collation."""
        values = [row.get(name) for row in self.rows for name in columns]
        if len(self.rows) > 1 and any(isinstance(value, (Made, sa.ClauseElement)) for value in values):
            return False
        seen = [tuple(" ".join(str(row.get(name)).casefold().split()) for name in columns) for row in self.rows]
        return len(set(seen)) == len(seen)

    def has_null(self, column: str) -> bool:
        """Tell whether a row has NULL in a column."""
        return any(row.get(column) is None for row in self.rows)

    def names(self) -> Iterator[str]:
        """Yield the names of constraints and indexes."""
        yield from (key.name for key in self.keys if key.name)
        yield from (index.name for index in self.indexes)
        yield from (column.check for column in self.columns.values() if column.check)


@dataclass
class Schema:
    """All tables; ``used`` are names of constraints and indexes that were ever given, ``serial`` the last number."""

    tables: dict[Place, Table] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    serial: int = 0

    def next(self) -> int:
        """Return a number that was not given yet."""
        self.serial += 1
        return self.serial

    def references(self, place: Place, column: str | None = None) -> list[tuple[Table, Key]]:
        """Return the foreign keys that point to a table, or to one column of it, with their tables."""
        return [
            (table, key)
            for table in self.tables.values()
            for key in table.keys
            if key.kind == "foreignkey" and key.target == place and (column is None or column in key.remote)
        ]


def bare(table: Table) -> sa.TableClause:
    """Return a table for INSERT, UPDATE and DELETE."""
    columns = [sa.column(column.name, column.type) for column in table.columns.values()]
    return sa.table(table.name, *columns, schema=table.schema)
