"""What operations make of a schema of MySQL: the names and indexes that the server makes, and what goes along.

Rules of InnoDB and of the server, measured with MariaDB 10.11; for MySQL from its 8.0 Reference Manual (13.1.15 CREATE
INDEX, 13.1.20.5 FOREIGN KEY Constraints, 13.1.20.6 CHECK Constraints, 13.1.9 ALTER TABLE).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import sqlalchemy as sa

from ..operations.model import UNSET, AlterColumn, DropConstraint
from ..records import replace
from ..rendering import given
from ..schema import state
from ..schema.columns import NotFollowedError
from ..schema.follow import Follower
from ..schema.queries import Query
from ..schema.state import Catalog, Key, Table, changed
from .mysql_shown import text_part
from .mysql_views import worked_out

KINDS = {"foreignkey": "foreign_keys", "unique": "uniques", "check": "checks"}


class MySQLFollower(Follower):
    """Follows MySQL. ``keeps_inline`` says that the CHECK of a column stays part of its definition."""

    keeps_inline: ClassVar[bool] = False

    # Names that the server gives.

    def generated_name(self, catalog: Catalog, table: Table, constraint: state.Constraint) -> str | None:
        """Return the name that the server gives to a constraint."""
        match constraint:
            case state.Unique():
                return free_name(table, constraint.columns[0])
            case state.ForeignKey():
                return self.numbered(table, [key.name for key in table.foreign_keys], "{table}_ibfk_{number}")
            case state.Check():
                return constraint.columns[0] if constraint.inline else self.numbered_check(table)
        return None

    def numbered(self, table: Table, names: list[str | None], form: str) -> str:
        """Return the name with the number behind the highest one that a generated name has."""
        pattern = re.compile(re.escape(form.format(table=table.name, number="#")).replace(r"\#", r"([1-9]\d*)"), re.I)
        found = [pattern.fullmatch(str(name)) for name in names]
        return form.format(table=table.name, number=max([0, *(int(one[1]) for one in found if one)]) + 1)

    def numbered_check(self, table: Table) -> str:
        """Return the name of a CHECK without one."""
        return self.numbered(table, [check.name for check in table.checks], "{table}_chk_{number}")

    def named(self, catalog: Catalog, table: Table, constraint: Any) -> Any:
        """Return a constraint with its name on the server; the primary key has none of its own."""
        if isinstance(constraint, state.PrimaryKey):
            return replace(constraint, name=None)
        return super().named(catalog, table, constraint)

    # Keys and the indexes for them.

    def with_primary_key(self, catalog: Catalog, table: Table, key: state.PrimaryKey) -> Table:
        """Return a table with a primary key, which does for foreign keys too."""
        return without_covered(super().with_primary_key(catalog, table, key), key.columns)

    def with_constraint(self, catalog: Catalog, table: Table, constraint: Any) -> Table:
        """Return a table with one more constraint; the index of a UNIQUE takes the place of one made for a key."""
        if isinstance(constraint, state.Unique):
            table = without_covered(table, constraint.columns)
        elif isinstance(constraint, state.Check) and not self.keeps_inline:
            constraint = replace(constraint, inline=False)
        return super().with_constraint(catalog, table, constraint)

    def with_foreign_key(self, catalog: Catalog, table: Table, key: state.ForeignKey) -> Table:
        """Return a table with a foreign key, and with an index for it where no other begins with its columns."""
        told = key.name
        table = super().with_foreign_key(catalog, table, key)
        if any(columns[: len(key.columns)] == key.columns for columns in indexed(table, key.columns)):
            return table
        table = without_covered(table, key.columns)
        name = self.shown_name(told) if told is not None else free_name(table, key.columns[0])
        made = state.Index(name, tuple(state.Part(column) for column in key.columns), implicit=True)
        return replace(table, indexes=(*table.indexes, made))

    def with_index(self, catalog: Catalog, table: Table, index: state.Index) -> Table:
        """Return a table with one more index; it takes the place of one that was made for a foreign key."""
        plain = plain_columns(index, table)
        if plain:
            table = without_covered(table, plain)
        if index.name is None:
            first = next(iter(plain), "functional_index")
            index = replace(index, name=free_name(table, first))
        return super().with_index(catalog, table, index)

    def without_index(self, catalog: Catalog, name: str | None, owner: str | None, schema: str | None) -> Catalog:
        """Return the catalog without an index; the one of a UNIQUE constraint is the constraint."""
        wanted = self.key("", schema)[0]
        folded = None if name is None else self.shown_name(name).lower()
        for table in catalog.tables.values():
            if owner not in (None, table.name) or table.schema != wanted:
                continue
            uniques = tuple(one for one in table.uniques if str(one.name).lower() != folded)
            indexes = tuple(one for one in table.indexes if str(one.name).lower() != folded)
            if (uniques, indexes) != (table.uniques, table.indexes):
                return catalog.put(replace(table, uniques=uniques, indexes=indexes))
            if folded == "primary" and table.primary_key is not None:
                return catalog.put(replace(table, primary_key=None))
        raise NotFollowedError(str(name))

    def without_constraint(self, table: Table, name: str | None, operation: DropConstraint) -> Table:
        """Return a table without a constraint; a foreign key leaves its index behind."""
        kind = operation.type_
        if kind == "primary" or (name or "").upper() == "PRIMARY":
            if table.primary_key is None and not operation.if_exists:
                raise NotFollowedError("PRIMARY")
            return replace(table, primary_key=None)
        folded = str(name).lower()
        for group in [KINDS[kind]] if kind in KINDS else KINDS.values():
            left: Any = tuple(one for one in getattr(table, group) if str(one.name).lower() != folded)
            if left != getattr(table, group):
                return replace(table, **{group: left})
        if kind in ("unique", None):
            indexes = tuple(one for one in table.indexes if str(one.name).lower() != folded)
            if indexes != table.indexes:
                return replace(table, indexes=indexes)
        if operation.if_exists:
            return table
        raise NotFollowedError(str(name))

    # Views.

    def worked_out(self, catalog: Catalog, view: state.View, query: Query | None) -> state.View:
        """Return a new view with its columns, where their names are certain."""
        found, is_told = worked_out(catalog, view, self.key)
        return found if is_told else view

    # Columns.

    def without_column(self, table: Table, name: str) -> Table:
        """Return a table without a column; it leaves the indexes that have other columns besides."""
        left = super().without_column(table, name)
        primary = table.primary_key
        if primary is not None and name in primary.columns and len(primary.columns) > 1:
            left = replace(left, primary_key=replace(primary, columns=without(primary.columns, name)))
        uniques = [replace(one, columns=without(one.columns, name)) for one in table.uniques]
        indexes = [replace(one, parts=tuple(part_left(table, one, name))) for one in table.indexes]
        return replace(
            left,
            uniques=tuple(one for one in uniques if one.columns),
            indexes=tuple(one for one in indexes if one.parts),
        )

    def completed_column(self, table: Table, column: state.Column) -> state.Column:
        """Return a new column; what has a default does not count up."""
        return changed(column, autoincrement=column.autoincrement and column.default is None)

    def altered(self, table: Table, column: state.Column, operation: AlterColumn) -> state.Column:
        """Return a changed column; a whole definition also says what the revision told of the column as it was."""
        dialect: Any = self.wording
        if dialect.needs_definition(operation):
            told: dict[str, Any] = {}
            if operation.type_ is None and operation.existing_type is not None:
                told["type"] = dialect.kept_type(operation.existing_type, column)
            if operation.existing_nullable is not None:
                told["nullable"] = bool(operation.existing_nullable)
            if operation.existing_comment:
                told["comment"] = operation.existing_comment
            if operation.existing_autoincrement is not None:
                told["autoincrement"] = operation.existing_autoincrement is True
            column = replace(column, **told)
            if given(operation.existing_server_default) and operation.server_default is UNSET:
                column = replace(column, **self.changed_default(column, operation.existing_server_default, column.type))
        new = super().altered(table, column, operation)
        integral = issubclass(new.type._type_affinity or sa.types.NullType, (sa.Integer, sa.Numeric))
        primary = table.primary_key is not None and column.name in table.primary_key.columns
        return replace(new, autoincrement=new.autoincrement and integral, nullable=new.nullable and not primary)

    # Tables.

    def moved_table(self, catalog: Catalog, table: Table, new: Key) -> Catalog:
        """Give a table another name; the names that the server made from the old one follow."""
        old = re.escape(table.name)

        def follow(one: Any, word: str) -> Any:
            renamed = re.sub(rf"{old}(?=_{word}_[1-9]\d*\Z)", lambda _: new[1], str(one.name))
            return replace(one, name=renamed)

        keys = tuple(follow(one, "ibfk") for one in table.foreign_keys)
        checks = tuple(follow(one, "chk") for one in table.checks)
        return super().moved_table(catalog, replace(table, foreign_keys=keys, checks=checks), new)


def free_name(table: Table, column: str) -> str:
    """Return the name that an index gets from its first column: with a number where that name is taken."""
    made = [*(one.name for one in table.uniques), *(one.name for one in table.indexes), "primary"]
    taken = {str(name).lower() for name in made}
    number, name = 1, column
    while name.lower() in taken:
        number += 1
        name = f"{column}_{number}"
    return name


def plain_columns(index: state.Index, table: Table) -> tuple[str, ...]:
    """Return the columns of an index up to the first part that is no whole column."""
    lengths = next((value for key, value in index.options.items() if key.endswith("_length")), None)
    prefix = any(key.endswith("_prefix") for key in index.options)
    found: list[str] = []
    for part in index.parts:
        name = part.column
        if name is None:
            text = text_part(str(part.expression))
            name = text[0] if text and not text[1] and table.column(text[0]) else None
        if name is None or prefix or (lengths is not None and (isinstance(lengths, int) or name in lengths)):
            break
        found.append(name)
    return tuple(found)


def indexed(table: Table, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the columns of every key and index that a foreign key over columns could use.

    An index that was made for another key over just these columns gives way to the new one, with its name.
    """
    if table.primary_key is not None:
        yield table.primary_key.columns
    for unique in table.uniques:
        yield unique.columns
    for index in table.indexes:
        if not (index.implicit and index.columns == columns):
            yield plain_columns(index, table)


def without_covered(table: Table, columns: tuple[str, ...]) -> Table:
    """Return a table without the indexes made for foreign keys that a new one over these columns does for."""
    left = tuple(one for one in table.indexes if not (one.implicit and columns[: len(one.parts)] == one.columns))
    return replace(table, indexes=left)


def without(names: tuple[str, ...], gone: str) -> tuple[str, ...]:
    """Return names without one of them."""
    return tuple(name for name in names if name != gone)


def part_left(table: Table, index: state.Index, gone: str) -> Iterator[state.Part]:
    """Yield the parts of an index that stay when a column goes."""
    for part in index.parts:
        text = None if part.expression is None else text_part(part.expression)
        if part.column != gone and not (text and text[0].lower() == gone.lower()):
            yield part
