"""What operations do to the columns of a table, and to everything that names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ..operations.model import UNSET, AddColumn, AlterColumn, DropColumn
from ..records import replace
from . import state
from .described import Describer, Wording, name_of
from .shared import ByName
from .state import Catalog, Key, Table, in_order

LITERALS = re.compile(r"'(?:[^']|'')*'")
WORD = re.compile(r'"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[([^\]]+)\]|([^\W\d][\w$]*)')


class NotFollowedError(Exception):
    """What an operation does is not understood: its table is not described any more."""


class Names:
    """How names are found in a catalog, and kept."""

    def __init__(self, wording: Wording, default_schema: str | None) -> None:
        self.wording = wording
        self.describer = Describer(wording)
        self.default_schema = default_schema
        self.current_schema: str | None = None
        self._schema_of_session: str | None = None
        self._owners = state.Owners()
        self._targets = ByName[Key, Table](lambda one: {(key.schema, key.table) for key in one.foreign_keys})

    def set_schema(self, schema: str | None, *, local: bool) -> None:
        """Take what names without a schema mean from now on; with ``local``, until the transaction ends."""
        self.current_schema = schema
        if not local:
            self._schema_of_session = schema

    def end_transaction(self) -> None:
        """Take back what holds until the transaction ends."""
        self.current_schema = self._schema_of_session

    def key(self, name: str, schema: str | None) -> Key:
        """Return the key of an object; the default schema and none at all are the same.

        Text SQL may have set another schema for names without one: that is ``current_schema``.
        """
        meant = self.current_schema if schema is None else schema
        return (None if meant == self.default_schema else meant), name

    def table(self, catalog: Catalog, name: str, schema: str | None) -> Table:
        """Return a table. Raises NotFollowedError when it is not described."""
        found = catalog.tables.get(self.key(name, schema))
        if found is None:
            raise NotFollowedError(name)
        return found

    def shown_name(self, name: str) -> str:
        """Return a name as the server keeps it."""
        return name

    def columns_named(self, table: Table, text: str) -> tuple[str, ...]:
        """Return the columns of a table that SQL text names, in the table's order."""
        words = {next(filter(None, found)) for found in WORD.findall(LITERALS.sub("''", text))}
        folded = {word.lower() for word in words}
        return tuple(one.name for one in table.columns if one.name in words or one.name.lower() in folded)

    def reworded(self, text: str, old: str, new: str) -> str:
        """Return SQL text with a column by its new name, outside its literals."""
        quoted = self.wording.sa.identifier_preparer.quote(new)

        def word(match: re.Match[str]) -> str:
            name = next(filter(None, match.groups()))
            called = match.string[match.end() :].lstrip().startswith("(")
            return quoted if name == old and not called else match[0]

        parts = re.split(f"({LITERALS.pattern})", text)
        return "".join(part if n % 2 else WORD.sub(word, part) for n, part in enumerate(parts))

    def owned(self, catalog: Catalog, table: Key, column: str | None = None) -> list[Key]:
        """Return the sequences that go with a table, or with one of its columns."""
        return self._owners.of(catalog, table, column)

    def referring(self, catalog: Catalog, table: Key) -> list[Table]:
        """Return the tables with foreign keys that may point to a table; they may name the default schema, or none."""
        spelled = {table, (None, table[1]), (self.default_schema, table[1])}
        targets = self._targets.at(catalog.tables)
        keys = {key for one in spelled for key in targets.get(one, ())}
        return [catalog.tables[key] for key in sorted(keys, key=in_order)]

    def followed_keys(
        self, catalog: Catalog, target: Key, change: Callable[[state.ForeignKey], state.ForeignKey]
    ) -> Catalog:
        """Return the catalog with every foreign key that points to a table changed."""
        for table in self.referring(catalog, target):
            keys = tuple(
                change(key) if self.key(key.table, key.schema) == target else key for key in table.foreign_keys
            )
            if keys != table.foreign_keys:
                catalog = catalog.put(replace(table, foreign_keys=keys))
        return catalog


class Columns(Names):
    """Adds, drops, alters and renames columns."""

    # What the rest of the follower does, see there.
    completed_column: Callable[[Table, state.Column], state.Column]
    with_primary_key: Callable[[Catalog, Table, state.PrimaryKey], Table]
    with_constraint: Callable[[Catalog, Table, Any], Table]
    with_index: Callable[[Catalog, Table, state.Index], Table]
    made_along: Callable[[Catalog, Table, Iterable[state.Column]], Catalog]

    def add_column(self, catalog: Catalog, operation: AddColumn) -> Catalog:
        """Add a column, with its constraints and indexes."""
        table = self.table(catalog, operation.table_name, operation.schema)
        column = self.describer.column(operation.column)
        if table.column(column.name) is not None:
            if operation.if_not_exists:
                return catalog
            raise NotFollowedError(column.name)
        primary = operation.inline_primary_key and operation.column.primary_key
        skeleton = operation.column.table
        # The skeleton's key is not part of the statement, and makes no column NOT NULL.
        column = replace(
            column,
            nullable=bool(operation.column.nullable) and not primary and column.identity is None,
        )
        column = self.completed_column(table, column)
        table = replace(table, columns=(*table.columns, column))
        if primary:
            table = self.with_primary_key(catalog, table, state.PrimaryKey(None, (column.name,)))
        for check in self.describer.inline_checks(operation.column):
            table = self.with_constraint(catalog, table, check)
        for constraint in skeleton._sorted_constraints:
            found = self.describer.constraint(constraint)
            if found is not None and not isinstance(found, state.PrimaryKey):
                table = self.with_constraint(catalog, table, found)
        for index in sorted(skeleton.indexes, key=lambda one: str(one.name)):
            table = self.with_index(catalog, table, self.describer.index(index))
        return self.made_along(catalog.put(table), table, [column])

    def drop_column(self, catalog: Catalog, operation: DropColumn) -> Catalog:
        """Drop a column, with the constraints, indexes and sequences that go along."""
        table = self.table(catalog, operation.table_name, operation.schema)
        name = operation.column_name
        if table.column(name) is None:
            if operation.if_exists:
                return catalog
            raise NotFollowedError(name)
        left = self.without_column(table, name)
        catalog = catalog.put(left).without("sequences", *self.owned(catalog, table.key, name))
        for other in self.referring(catalog, table.key):
            keys = tuple(
                key
                for key in other.foreign_keys
                if self.key(key.table, key.schema) != table.key or name not in key.referred
            )
            if keys != other.foreign_keys:
                catalog = catalog.put(replace(catalog.tables[other.key], foreign_keys=keys))
        return catalog

    def without_column(self, table: Table, name: str) -> Table:
        """Return a table without a column."""
        primary = table.primary_key
        checks = [one for one in table.checks if name not in (one.columns or self.columns_named(table, one.sqltext))]
        return replace(
            table,
            columns=tuple(one for one in table.columns if one.name != name),
            primary_key=None if primary is not None and name in primary.columns else primary,
            uniques=tuple(one for one in table.uniques if name not in one.columns),
            foreign_keys=tuple(one for one in table.foreign_keys if name not in one.columns),
            checks=tuple(checks),
            excludes=tuple(one for one in table.excludes if name not in one.columns),
            indexes=tuple(one for one in table.indexes if not self.index_names(table, one, name)),
        )

    def index_names(self, table: Table, index: state.Index, column: str) -> bool:
        """Tell whether an index is over a column, by itself, in an expression, or in its condition."""
        texts = [part.expression for part in index.parts if part.expression is not None]
        texts += [str(value) for key, value in index.options.items() if key.endswith("_where")]
        included = any(column in value for key, value in index.options.items() if key.endswith("_include"))
        return column in index.columns or included or any(column in self.columns_named(table, one) for one in texts)

    def alter_column(self, catalog: Catalog, operation: AlterColumn) -> Catalog:
        """Change a column, aspect by aspect."""
        table = self.table(catalog, operation.table_name, operation.schema)
        old = table.column(operation.column_name)
        if old is None:
            raise NotFollowedError(operation.column_name)
        new = self.altered(table, old, operation)
        table = replace(table, columns=tuple(new if one is old else one for one in table.columns))
        if operation.type_ is not None:
            table = self.with_type_checks(catalog, table, old, operation)
        catalog = catalog.put(table)
        if operation.new_column_name not in (None, operation.column_name):
            catalog = self.rename_column(catalog, table, operation.column_name, str(operation.new_column_name))
        return catalog

    def altered(self, table: Table, column: state.Column, operation: AlterColumn) -> state.Column:
        """Return a column with everything changed but its name."""
        changes: dict[str, Any] = {}
        if operation.type_ is not None:
            changes["type"] = operation.type_
            changes["checks"] = tuple((name_of(one), one) for one in operation.new_checks)
        if operation.nullable is not None:
            changes["nullable"] = operation.nullable
        if operation.comment is not UNSET:
            changes["comment"] = operation.comment or None
        if operation.autoincrement is not None:
            changes["autoincrement"] = operation.autoincrement is True
        if operation.server_default is not UNSET:
            changes |= self.changed_default(column, operation.server_default, operation.type_ or column.type)
        return replace(column, **changes)

    def changed_default(self, column: state.Column, default: Any, type_: Any) -> Mapping[str, Any]:
        """Return the fields of a column that another default changes."""
        identity = default if isinstance(default, sa.Identity) else None
        computed = default if isinstance(default, sa.Computed) else None
        described = self.describer
        written = default.arg if isinstance(default, sa.DefaultClause) else default
        changes: dict[str, Any] = {
            "written": written,
            "default": described.default(written, type_),
            "computed": described.computed(computed),
        }
        if identity is not None:
            new = {"always": bool(identity.always)}
            told = {key: value for key, value in (column.identity or {}).items() if key != "always"}
            named = {
                key: getattr(identity, key) for key in told.keys() | {"start", "increment", "minvalue", "maxvalue"}
            }
            told |= {key: value for key, value in named.items() if value is not None}
            changes |= {"identity": told | new, "nullable": False}
        elif column.identity is not None:
            changes["identity"] = None
        return changes

    def with_type_checks(self, catalog: Catalog, table: Table, old: state.Column, operation: AlterColumn) -> Table:
        """Return a table whose column's type brings other CHECKs than before."""
        checks = tuple(one for one in table.checks if not (one.type_bound and one.columns == (old.name,)))
        table = replace(table, checks=checks)
        for constraint in operation.new_checks:
            found = self.describer.constraint(constraint)
            if found is not None:
                table = self.with_constraint(catalog, table, replace(found, columns=(old.name,)))
        return table

    def rename_column(self, catalog: Catalog, table: Table, old: str, new: str) -> Catalog:
        """Give a column another name; everything that names it follows."""
        catalog = catalog.put(self.renamed_column(table, old, new))
        for sequence in [catalog.sequences[key] for key in self.owned(catalog, table.key, old)]:
            catalog = catalog.put(replace(sequence, owner=(table.key, new)))

        def follow(key: state.ForeignKey) -> state.ForeignKey:
            return replace(key, referred=renamed(key.referred, old, new))

        return self.followed_keys(catalog, table.key, follow)

    def renamed_column(self, table: Table, old: str, new: str) -> Table:
        """Return a table in which a column has another name."""

        def follow(one: Any) -> Any:
            return replace(one, columns=renamed(one.columns, old, new))

        def check(one: state.Check) -> state.Check:
            return replace(one, columns=renamed(one.columns, old, new), sqltext=self.reworded(one.sqltext, old, new))

        def index(one: state.Index) -> state.Index:
            parts = tuple(
                replace(part, column=new if part.column == old else part.column)
                if part.expression is None
                else replace(part, expression=self.reworded(part.expression, old, new))
                for part in one.parts
            )
            options = {
                key: self.reworded(value, old, new)
                if key.endswith("_where") and isinstance(value, str)
                else renamed(value, old, new)
                if key.endswith("_include")
                else {new if name == old else name: told for name, told in value.items()}
                if isinstance(value, Mapping)
                else value
                for key, value in one.options.items()
            }
            return replace(one, parts=parts, options=options)

        def column(one: state.Column) -> state.Column:
            if one.computed is not None:
                one = replace(
                    one, computed=replace(one.computed, sqltext=self.reworded(one.computed.sqltext, old, new))
                )
            return replace(one, name=new) if one.name == old else one

        return replace(
            table,
            columns=tuple(map(column, table.columns)),
            primary_key=None if table.primary_key is None else follow(table.primary_key),
            uniques=tuple(map(follow, table.uniques)),
            foreign_keys=tuple(map(follow, table.foreign_keys)),
            checks=tuple(map(check, table.checks)),
            excludes=tuple(map(follow, table.excludes)),
            indexes=tuple(map(index, table.indexes)),
        )


def renamed(names: Iterable[str], old: str, new: str) -> tuple[str, ...]:
    """Return names with one of them changed."""
    return tuple(new if name == old else name for name in names)
