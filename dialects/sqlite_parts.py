"""Constraints and indexes on their way into the copy of a SQLite table: the columns and texts that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnClause, TextClause
from sqlalchemy.sql.naming import _constraint_name_for_table
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from ..records import dataclass, field
from .sqlite_table import Clause, index_columns

#: The same function in SQLAlchemy 2.0 and 2.1; no public one tells a constraint's final name unquoted.
named_for_table: Callable[[Any, sa.Table], Any] = _constraint_name_for_table

#: Literals, and what is no column, are matched first, so that they are passed over.
WORDS = re.compile(
    r"""
    '(?:[^']|'')*' | \b(?:AS|COLLATE)\s+\w+ | \w+(?=\s*\()
    | "(?P<quoted>[^"]+)" | (?<![\w$])(?P<word>[^\W\d]\w*)
    """,
    re.I | re.X,
)
LITERAL = re.compile(r"'(?:[^']|'')*'")


@dataclass(slots=True)
class Names:
    """What the columns are called at this point of the batch, and in the copy.

    ``present`` maps a new name to that in the copy; ``renames`` are (name in the copy, old name, new name), in order.
    """

    present: dict[str, str] = field(default_factory=dict)
    renames: list[tuple[str, str, str]] = field(default_factory=list)

    def of(self, name: str) -> str:
        """Return what a column is called in the copy."""
        return self.present.get(name, name)

    def shown(self, inner: str) -> str:
        """Return what a column of the copy is called at this point."""
        return next((name for name, known in self.present.items() if known == inner), inner)

    def rename(self, inner: str, new: str) -> None:
        """Note a new name."""
        old = self.shown(inner)
        if new == old:
            return
        self.present.pop(old, None)
        self.renames.append((inner, old, new))
        if new != inner:
            self.present[new] = inner

    def drop(self, inner: str) -> None:
        """Forget a column."""
        self.present = {name: known for name, known in self.present.items() if known != inner}
        self.renames = [one for one in self.renames if one[0] != inner]


@dataclass(frozen=True, slots=True)
class Part:
    """A constraint or an index; ``names`` maps the names that it uses for columns to those in the copy."""

    item: Any
    names: Mapping[str, str] = field(default_factory=dict)

    def column_names(self) -> list[str]:
        """Return the columns of a constraint by their names in the copy."""
        return [self.names.get(column.name, column.name) for column in self.item.columns]

    def expressions(self) -> list[Any]:
        """Return everything in it that may name columns."""
        if isinstance(self.item, sa.CheckConstraint):
            return [self.item.sqltext]
        if isinstance(self.item, sa.Index):
            options = [one for one in self.item.dialect_kwargs.values() if isinstance(one, sa.ClauseElement)]
            return [*self.item.expressions, *options]
        return [*self.item.columns]

    def falls_with(self, name: str) -> bool:
        """Tell whether it goes when a column goes: a CHECK of the author's own does not."""
        if isinstance(self.item, sa.CheckConstraint) and not is_type_bound(self.item):
            return False
        columns: Iterator[Any] = (part for one in self.expressions() for part in iterate(one) if is_column(part))
        return any(self.names.get(column.name, column.name) == name for column in columns)

    def texts(self) -> list[str]:
        """Return the SQL in its expressions: the author's texts, and the columns by their names in the copy."""
        if not isinstance(self.item, (sa.CheckConstraint, sa.Index)):
            return []
        return [text for one in self.expressions() for text in texts_of(self.expression(one))]

    def expression(self, clause: Any) -> Any:
        """Return an expression with the columns' names in the copy, in texts too, and no table."""

        def swap(element: Any, **_: Any) -> Any:
            if is_column(element):
                return sa.column(self.names.get(element.name, element.name), element.type)
            if isinstance(element, TextClause) and self.names:
                return sa.text(reworded(element.text, self.names))
            return None

        return replacement_traverse(clause, {}, swap)

    def options(self) -> dict[str, Any]:
        """Return what it says to SQLite in particular."""
        return {
            key: self.expression(value) if isinstance(value, sa.ClauseElement) else value
            for key, value in self.item.dialect_kwargs.items()
            if key.startswith("sqlite_") and value is not None
        }

    @property
    def of_type(self) -> bool:
        """Whether it is the CHECK of a column's type."""
        return is_type_bound(self.item)

    @property
    def name(self) -> str | None:
        """Its name, that of a naming convention included; None for none."""
        found = final_name(self.item)
        return None if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Written:
    """A constraint of a table as the database has it, in text; its columns have their names in the copy."""

    clause: Clause
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_type(self) -> bool:
        """Whether it is the CHECK of a column's type."""
        return self.clause.of_type

    @property
    def name(self) -> str | None:
        """Its name, None for none."""
        return self.clause.name

    def column_names(self) -> list[str]:
        """Return the columns that it lists."""
        return [*self.clause.columns]

    def falls_with(self, name: str) -> bool:
        """Tell whether it goes when a column goes: a CHECK of the author's own does not."""
        return self.clause.is_over(name)

    def texts(self) -> list[str]:
        """Return the SQL in which columns may be named."""
        return [self.clause.text] if self.clause.kind == "check" else []


@dataclass(frozen=True, slots=True)
class WrittenIndex:
    """An index as the database has it: its name, its text, the columns in it that stand there by themselves."""

    name: str
    sql: str
    columns: tuple[str, ...]
    body: str

    @classmethod
    def of(cls, name: str, sql: str) -> WrittenIndex:
        """Return the index that a CREATE INDEX makes."""
        columns, start = index_columns(sql)
        return cls(name, sql, columns, sql[start:])

    def falls_with(self, name: str) -> bool:
        """Tell whether it goes when a column goes."""
        return name.lower() in (column.lower() for column in self.columns)

    def texts(self) -> list[str]:
        """Return the SQL in which columns may be named."""
        return [self.body]


def is_type_bound(constraint: Any) -> bool:
    """Tell whether a constraint is the CHECK of a column's type."""
    return bool(getattr(constraint, "_type_bound", False))


def is_column(element: Any) -> bool:
    """Tell whether a part of an expression is a column, and no text that SQLAlchemy takes for one."""
    return isinstance(element, ColumnClause) and not element.is_literal


def texts_of(clause: Any) -> Iterator[str]:
    """Yield the texts in an expression, and the names of its columns."""
    for element in iterate(clause):
        if isinstance(element, TextClause):
            yield element.text
        elif isinstance(element, ColumnClause):
            yield element.name


def reworded(text: str, names: Mapping[str, str]) -> str:
    """Return SQL with columns by other names; what follows AS or COLLATE, or calls a function, is no column."""
    known = {name.lower(): inner for name, inner in names.items()}

    def word(match: re.Match[str]) -> str:
        found = match["quoted"] or match["word"] or ""
        inner = known.get(found.lower())
        return match[0] if inner is None else '"' + inner.replace('"', '""') + '"'

    return WORDS.sub(word, text)


def mentioned(name: str, text: str) -> bool:
    """Tell whether SQL names a column outside its string literals; SQLite takes no notice of case."""
    return re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", LITERAL.sub("''", text), re.I) is not None


def final_name(constraint: Any) -> Any:
    """Return the name of a constraint with the naming convention of its table applied, None for none."""
    table = getattr(constraint, "table", None)
    found = constraint.name if table is None else named_for_table(constraint, table)
    return found if isinstance(found, str) else constraint.name if isinstance(constraint.name, str) else None


def convention_name(constraint: Any, table: sa.Table, convention: Mapping[str, str] | None) -> Any:
    """Return the name that a naming convention gives to a constraint of a table, None where it has no rule for it."""
    if not convention:
        return None
    home = sa.Table(table.name, sa.MetaData(naming_convention=dict(convention)), schema=table.schema)
    found = named_for_table(constraint, home)
    return found if isinstance(found, str) else None


def attached(column: sa.Column[Any]) -> sa.Column[Any]:
    """Return a column in a table of its own."""
    return sa.Table("t", sa.MetaData(), column).c[column.key]


def rules(key: sa.ForeignKeyConstraint) -> dict[str, Any]:
    """Return what a foreign key says besides its columns."""
    return {"onupdate": key.onupdate, "ondelete": key.ondelete, "match": key.match}


def referents(table: sa.Table) -> None:
    """Add to the table's metadata the columns that its foreign keys point to, so that they can be compiled."""
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            owner, _, column = element.target_fullname.rpartition(".")
            schema, _, name = owner.rpartition(".")
            target = sa.Table(name, table.metadata, schema=schema or None, extend_existing=True)
            if column not in target.c:
                target.append_column(sa.Column(column, sa.types.NULLTYPE))
