"""What operations and DDL elements do to a schema: from one catalog to the next, as one database's server does it.

:class:`Follower` holds what is the same everywhere. A dialect derives from it where its server differs: in the names
that it gives, in what it makes of its own accord, and in what goes along when something is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ..operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    BulkInsert,
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
from ..records import replace
from . import state
from .columns import Columns, NotFollowedError
from .described import name_of
from .objects import CHANGES, Objects
from .state import Catalog, Key, Table, changed


class Follower(Columns, Objects):
    """Applies changes to a catalog. ``default_schema`` is the schema that no schema means."""

    @property
    def has_hidden_names(self) -> bool:
        """Whether the server names constraints that the catalog does not hold."""
        return False

    def brings_objects(self, sql: str) -> bool:
        """Tell whether a text brings in tables or types that it does not name."""
        return False

    def generated_name(self, catalog: Catalog, table: Table, constraint: state.Constraint) -> str | None:
        """Return the name that the server gives to a constraint without one; None when it leaves it without."""
        return None

    def named(self, catalog: Catalog, table: Table, constraint: Any) -> Any:
        """Return a constraint with its name on the server."""
        if constraint.name is not None:
            return replace(constraint, name=self.shown_name(constraint.name))
        return replace(constraint, name=self.generated_name(catalog, table, constraint))

    # Tables.

    def create_table(self, catalog: Catalog, made: sa.Table) -> Catalog:
        """Make a table, with its constraints and indexes."""
        return self.add_table(catalog, self.describer.table(made))

    def add_table(self, catalog: Catalog, bare: Table) -> Catalog:
        """Make a table that is described already: what the server adds of its own comes to it here."""
        schema = self.key(bare.name, bare.schema)[0]
        table = replace(bare, schema=schema, uniques=(), foreign_keys=(), checks=(), excludes=(), indexes=())
        table = replace(table, columns=tuple(self.completed_column(table, column) for column in bare.columns))
        if bare.primary_key is not None:
            table = self.with_primary_key(catalog, replace(table, primary_key=None), bare.primary_key)
        for constraint in self.in_server_order(bare):
            table = self.with_constraint(catalog, table, constraint)
        for index in bare.indexes:
            table = self.with_index(catalog, table, index)
        catalog = catalog.put(self.completed_table(catalog, table))
        return self.made_along(catalog, table, table.columns)

    def in_server_order(self, table: Table) -> Iterable[state.Constraint]:
        """Return the constraints of a new table in the order in which the server names them."""
        return (*table.uniques, *table.checks, *table.foreign_keys, *table.excludes)

    def completed_table(self, catalog: Catalog, table: Table) -> Table:
        """Return a new table with what the server makes of its own accord."""
        return table

    def completed_column(self, table: Table, column: state.Column) -> state.Column:
        """Return a new column as the server keeps it."""
        return column

    def made_along(self, catalog: Catalog, table: Table, columns: Iterable[state.Column]) -> Catalog:
        """Return the catalog with what comes with new columns, such as sequences."""
        return catalog

    def drop_table(self, catalog: Catalog, name: str, schema: str | None) -> Catalog:
        """Drop a table, and what belongs to it."""
        key = self.key(name, schema)
        catalog = catalog.without("sequences", *self.owned(catalog, key))
        gone = [one for one, trigger in catalog.triggers.items() if (trigger.schema, trigger.table) == key]
        return catalog.without("triggers", *gone).without("tables", key)

    def rename_table(self, catalog: Catalog, operation: RenameTable) -> Catalog:
        """Give a table another name; foreign keys, sequences and triggers follow it."""
        old = self.key(operation.table_name, operation.schema)
        table = self.table(catalog, old[1], old[0])
        return self.moved_table(catalog, table, (old[0], operation.new_table_name))

    def moved_table(self, catalog: Catalog, table: Table, new: Key) -> Catalog:
        """Give a table another name or schema."""
        old = table.key
        catalog = catalog.without("tables", old).put(replace(table, schema=new[0], name=new[1]))
        catalog = self.followed_keys(catalog, old, lambda key: replace(key, schema=new[0], table=new[1]))
        for sequence in [catalog.sequences[key] for key in self.owned(catalog, old)]:
            catalog = catalog.put(replace(sequence, owner=(new, sequence.owner[1])))  # type: ignore[index]
        for trigger in [one for one in catalog.triggers.values() if (one.schema, one.table) == old]:
            catalog = catalog.put(replace(trigger, table=new[1]))
        return catalog

    # Constraints and indexes.

    def with_primary_key(self, catalog: Catalog, table: Table, key: state.PrimaryKey) -> Table:
        """Return a table with a primary key; its columns are NOT NULL."""
        columns = tuple(changed(one, nullable=False) if one.name in key.columns else one for one in table.columns)
        table = replace(table, columns=columns)
        return replace(table, primary_key=self.named(catalog, table, key))

    def with_constraint(self, catalog: Catalog, table: Table, constraint: Any) -> Table:
        """Return a table with one more constraint."""
        match constraint:
            case state.PrimaryKey():
                return self.with_primary_key(catalog, table, constraint)
            case state.Unique():
                return replace(table, uniques=(*table.uniques, self.named(catalog, table, constraint)))
            case state.ForeignKey():
                return self.with_foreign_key(catalog, table, constraint)
            case state.Check():
                known = constraint.columns or self.columns_named(table, constraint.sqltext)
                check = self.named(catalog, table, replace(constraint, columns=known))
                return replace(table, checks=(*table.checks, check))
            case state.Exclude():
                return replace(table, excludes=(*table.excludes, self.named(catalog, table, constraint)))
        raise NotFollowedError(type(constraint).__name__)

    def with_foreign_key(self, catalog: Catalog, table: Table, key: state.ForeignKey) -> Table:
        """Return a table with a foreign key, which points to a primary key where it names no columns."""
        target = table if (key.schema, key.table) == table.key else catalog.tables.get(self.key(key.table, key.schema))
        schema = self.key(key.table, key.schema)[0]
        referred = key.referred
        if not any(referred) and target is not None and target.primary_key is not None:
            referred = target.primary_key.columns
        key = self.named(catalog, table, replace(key, schema=schema, referred=referred))
        return replace(table, foreign_keys=(*table.foreign_keys, key))

    def with_index(self, catalog: Catalog, table: Table, index: state.Index) -> Table:
        """Return a table with one more index, or with another one of that name."""
        index = replace(index, name=None if index.name is None else self.shown_name(index.name))
        others = tuple(one for one in table.indexes if one.name != index.name)
        return replace(table, indexes=(*others, index))

    def add_constraint(self, catalog: Catalog, operation: AddConstraint) -> Catalog:
        """Add a constraint."""
        return self.constrain(catalog, operation.table_name, operation.schema, operation.constraint)

    def constrain(self, catalog: Catalog, name: str, schema: str | None, constraint: Any) -> Catalog:
        """Add a constraint of SQLAlchemy's to a table."""
        table = self.table(catalog, name, schema)
        found = self.describer.constraint(constraint)
        return catalog if found is None else catalog.put(self.with_constraint(catalog, table, found))

    def drop_constraint(self, catalog: Catalog, operation: DropConstraint) -> Catalog:
        """Drop a constraint by its name, or the primary key."""
        table = self.table(catalog, operation.table_name, operation.schema)
        name = name_of(operation.constraint)
        return catalog.put(self.without_constraint(table, None if name is None else self.shown_name(name), operation))

    def without_constraint(self, table: Table, name: str | None, operation: DropConstraint) -> Table:
        """Return a table without a constraint. Raises NotFollowedError when it has none of the name."""
        primary = table.primary_key
        if primary is not None and (operation.type_ == "primary" or (name is not None and primary.name == name)):
            return replace(table, primary_key=None)
        groups = ("uniques", "foreign_keys", "checks", "excludes")
        for group in groups:
            left: Any = tuple(one for one in getattr(table, group) if one.name != name or name is None)
            if left != getattr(table, group):
                return replace(table, **{group: left})
        if operation.if_exists:
            return table
        raise NotFollowedError(str(name))

    def create_index(self, catalog: Catalog, operation: CreateIndex) -> Catalog:
        """Make an index."""
        owner = operation.index.table
        if owner is None:
            raise NotFollowedError(str(operation.index.name))
        return self.index_on(catalog, owner, operation.index, operation.if_not_exists)

    def index_on(self, catalog: Catalog, owner: Any, index: sa.Index, if_not_exists: bool = False) -> Catalog:
        """Make an index on a table, or on a materialized view."""
        key = self.key(str(owner.name), owner.schema)
        described = self.describer.index(index)
        if key in catalog.views:
            view = catalog.views[key]
            return catalog.put(replace(view, indexes=(*view.indexes, described)))
        table = self.table(catalog, key[1], key[0])
        if if_not_exists and any(one.name == described.name for one in table.indexes):
            return catalog
        return catalog.put(self.with_index(catalog, table, described))

    def drop_index(self, catalog: Catalog, operation: DropIndex) -> Catalog:
        """Drop an index, wherever it is."""
        name, owner = name_of(operation.index), operation.table_name
        if operation.if_exists and owner is not None and not self.has_index(catalog, name, owner, operation.schema):
            return catalog
        return self.without_index(catalog, name, owner, operation.schema)

    def has_index(self, catalog: Catalog, name: str | None, owner: str, schema: str | None) -> bool:
        """Tell whether a table, which is described, has an index. Raises NotFollowedError when it is not."""
        table = self.table(catalog, owner, schema)
        shown = None if name is None else self.shown_name(name).lower()
        names = [*(one.name for one in table.indexes), *(one.name for one in table.uniques)]
        return any(str(one).lower() == shown for one in names)

    def without_index(self, catalog: Catalog, name: str | None, owner: str | None, schema: str | None) -> Catalog:
        """Return the catalog without an index; ``owner`` is its table where that is known.

        Raises NotFollowedError when no table is known to have it.
        """
        wanted = self.key("", schema)[0]
        tables = [one for one in catalog.tables.values() if owner in (None, one.name) and one.schema == wanted]
        shown = None if name is None else self.shown_name(name)
        for table in tables:
            left = tuple(one for one in table.indexes if one.name != shown)
            if left != table.indexes:
                return catalog.put(replace(table, indexes=left))
        for view in catalog.views.values():
            indexes = tuple(one for one in view.indexes if one.name != shown)
            if indexes != view.indexes:
                return catalog.put(replace(view, indexes=indexes))
        raise NotFollowedError(str(name))

    # Comments.

    def comment(self, catalog: Catalog, name: str, schema: str | None, comment: str | None) -> Catalog:
        """Set a table's comment, None for none."""
        return catalog.put(replace(self.table(catalog, name, schema), comment=comment or None))

    def column_comment(self, catalog: Catalog, column: sa.Column[Any], comment: str | None) -> Catalog:
        """Set the comment of a column of SQLAlchemy's."""
        table = self.table(catalog, str(column.table.name), column.table.schema)
        columns = tuple(replace(one, comment=comment) if one.name == column.name else one for one in table.columns)
        return catalog.put(replace(table, columns=columns))

    # The two ways in.

    def applied(self, catalog: Catalog, operation: Operation) -> Catalog:
        """Return the catalog after an operation. Raises NotFollowedError."""
        match operation:
            case CreateTable() | DropTable() | Execute() | BulkInsert():
                return catalog  # their elements and texts were followed as they came
            case BatchAlter():
                for inner in operation.operations:
                    catalog = self.applied(catalog, inner)
                return catalog
            case SetTableComment() | DropTableComment():
                comment = operation.comment if isinstance(operation, SetTableComment) else None
                return self.comment(catalog, operation.table_name, operation.schema, comment)
        if type(operation) in APPLY:
            method: Callable[[Catalog, Any], Catalog] = getattr(self, APPLY[type(operation)])
            return method(catalog, operation)
        change = CHANGES.get(type(operation))
        if change is None:
            raise NotFollowedError(type(operation).__name__)
        return change(self, catalog, operation)

    def element(self, catalog: Catalog, element: Any) -> Catalog:
        """Return the catalog after a DDL element of SQLAlchemy's. Raises NotFollowedError."""
        change = ELEMENTS.get(element.__visit_name__)
        if change is None:
            raise NotFollowedError(element.__visit_name__)
        return change(self, catalog, element)

    def create_enum(self, catalog: Catalog, type_: Any) -> Catalog:
        """Make an enum type or a domain."""
        schema = self.key(str(type_.name), type_.schema)[0]
        if isinstance(type_, sa.Enum):
            return catalog.put(state.Enumeration(str(type_.name), schema, tuple(map(str, type_.enums))))
        default = getattr(type_, "default", None)
        check = getattr(type_, "check", None)
        checks = () if check is None else ((type_.constraint_name, str(check)),)
        return catalog.put(
            state.Domain(
                str(type_.name),
                schema,
                type_.data_type,
                nullable=not type_.not_null,
                default=None if default is None else self.describer.default(default, type_.data_type),
                checks=checks,
                collation=type_.collation,
            )
        )

    def create_sequence(self, catalog: Catalog, sequence: sa.Sequence) -> Catalog:
        """Make a sequence."""
        names = ("start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "cache")
        options = {name: getattr(sequence, name) for name in names if getattr(sequence, name) is not None}
        return catalog.put(
            state.Sequence(str(sequence.name), self.key(str(sequence.name), sequence.schema)[0], options)
        )

    def gone(self, catalog: Catalog, place: str, named: Any) -> Catalog:
        """Return the catalog without a named object of SQLAlchemy's."""
        return catalog.without(place, self.key(str(named.name), named.schema))


#: The method for each operation, by name, because a dialect may have its own.
APPLY: Mapping[type[Operation], str] = {
    RenameTable: "rename_table",
    AddColumn: "add_column",
    DropColumn: "drop_column",
    AlterColumn: "alter_column",
    AddConstraint: "add_constraint",
    DropConstraint: "drop_constraint",
    CreateIndex: "create_index",
    DropIndex: "drop_index",
}
ELEMENTS: Mapping[str, Callable[[Follower, Catalog, Any], Catalog]] = {
    "create_table": lambda f, c, e: f.create_table(c, e.element),
    "drop_table": lambda f, c, e: f.drop_table(c, str(e.element.name), e.element.schema),
    "create_enum_type": lambda f, c, e: f.create_enum(c, e.element),
    "drop_enum_type": lambda f, c, e: f.gone(c, "types", e.element),
    "create_domain_type": lambda f, c, e: f.create_enum(c, e.element),
    "drop_domain_type": lambda f, c, e: f.gone(c, "types", e.element),
    "create_sequence": lambda f, c, e: f.create_sequence(c, e.element),
    "drop_sequence": lambda f, c, e: f.gone(c, "sequences", e.element),
    "create_index": lambda f, c, e: f.index_on(c, e.element.table, e.element, e.if_not_exists),
    "drop_index": lambda f, c, e: f.without_index(
        c, name_of(e.element), str(e.element.table.name) if e.element.table is not None else None, None
    ),
    "add_constraint": lambda f, c, e: f.constrain(c, str(e.element.table.name), e.element.table.schema, e.element),
    "drop_constraint": lambda f, c, e: f.drop_constraint(
        c,
        DropConstraint(
            table_name=str(e.element.table.name),
            schema=e.element.table.schema,
            constraint=e.element,
            type_="primary" if isinstance(e.element, sa.PrimaryKeyConstraint) else None,
        ),
    ),
    "set_table_comment": lambda f, c, e: f.comment(c, str(e.element.name), e.element.schema, e.element.comment),
    "drop_table_comment": lambda f, c, e: f.comment(c, str(e.element.name), e.element.schema, None),
    "set_column_comment": lambda f, c, e: f.column_comment(c, e.element, e.element.comment),
    "drop_column_comment": lambda f, c, e: f.column_comment(c, e.element, None),
    "create_schema": lambda f, c, e: replace(c, schemas=tuple(sorted({*c.schemas, str(e.element)}))),
    "drop_schema": lambda f, c, e: replace(c, schemas=tuple(one for one in c.schemas if one != str(e.element))),
}


def target_of(operation: Operation) -> tuple[str | None, str | None]:
    """Return name and schema of the table that an operation changes; no name when that is not known."""
    if isinstance(operation, CreateIndex):
        table = operation.index.table
        return (table.name, table.schema) if table is not None else (None, None)
    if isinstance(operation, DropIndex):
        return operation.table_name, operation.schema
    return getattr(operation, "table_name", None), getattr(operation, "schema", None)
