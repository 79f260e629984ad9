"""What text SQL does to types, sequences, views, schemas, triggers and programs, and to names and options of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from ..operations.model import Operation
from ..records import replace
from . import changes, state
from .columns import Names, NotFollowedError
from .queries import Query
from .state import Catalog, Key, Table


class Objects(Names):
    """Applies the operations of :mod:`sqlgen.schema.changes`.

    ``overloads`` says that programs with other arguments may have one name.
    """

    overloads: ClassVar[bool] = False

    # What the rest of the follower does, see there.
    moved_table: Callable[[Catalog, Table, Key], Catalog]
    drop_table: Callable[[Catalog, str, str | None], Catalog]

    def found(self, catalog: Catalog, place: str, operation: Any, kind: type[Any] = object) -> Any:
        """Return the object that an operation is about. Raises NotFollowedError when it is not described."""
        one = getattr(catalog, place).get(self.key(operation.name, operation.schema))
        if one is None or not isinstance(one, kind):
            raise NotFollowedError(operation.name)
        return one

    def stands(self, catalog: Catalog, place: str, operation: Any) -> bool:
        """Tell whether an object is there already, and the statement leaves it so."""
        there = self.key(operation.name, operation.schema) in getattr(catalog, place)
        return there and getattr(operation, "if_not_exists", False)

    def made(self, catalog: Catalog, place: str, operation: Any, one: Any) -> Catalog:
        """Return the catalog with a new object."""
        return catalog if self.stands(catalog, place, operation) else catalog.put(one)

    def moved(self, catalog: Catalog, place: str, one: Any, name: str, schema: str | None) -> Catalog:
        """Return the catalog with an object under another name or in another schema."""
        key = self.key(name, schema)
        return catalog.without(place, (one.schema, one.name)).put(replace(one, schema=key[0], name=key[1]))

    def dropped(self, catalog: Catalog, place: str, operation: Any) -> Catalog:
        """Return the catalog without an object."""
        return catalog.without(place, self.key(operation.name, operation.schema))

    # Types.

    def create_type(self, catalog: Catalog, operation: changes.CreateEnum) -> Catalog:
        """Make an enum type."""
        schema, name = self.key(operation.name, operation.schema)
        return self.made(catalog, "types", operation, state.Enumeration(name, schema, operation.values))

    def create_domain(self, catalog: Catalog, operation: changes.CreateDomain) -> Catalog:
        """Make a domain."""
        schema, name = self.key(operation.name, operation.schema)
        domain = state.Domain(
            name,
            schema,
            operation.type_,
            operation.nullable,
            operation.default,
            operation.checks,
            operation.collation,
        )
        return self.made(catalog, "types", operation, domain)

    def add_value(self, catalog: Catalog, operation: changes.AddEnumValue) -> Catalog:
        """Add a value to an enum type."""
        enum = self.found(catalog, "types", operation, state.Enumeration)
        if operation.value in enum.values:
            if operation.if_not_exists:
                return catalog
            raise NotFollowedError(operation.value)
        values = list(enum.values)
        anchor = operation.before or operation.after
        if anchor is not None and anchor not in values:
            raise NotFollowedError(anchor)
        place = len(values) if anchor is None else values.index(anchor) + (operation.before is None)
        values.insert(place, operation.value)
        return catalog.put(replace(enum, values=tuple(values)))

    def rename_value(self, catalog: Catalog, operation: changes.RenameEnumValue) -> Catalog:
        """Give a value of an enum type another name; defaults of columns follow it."""
        enum = self.found(catalog, "types", operation, state.Enumeration)
        values = tuple(operation.new_value if one == operation.value else one for one in enum.values)
        catalog = catalog.put(replace(enum, values=values))
        old, new = ("'" + value.replace("'", "''") + "'" for value in (operation.value, operation.new_value))
        for table in list(catalog.tables.values()):
            columns = tuple(
                replace(one, default=new + one.default.removeprefix(old))
                if one.default is not None and one.default.startswith(old) and self.is_of(one.type, enum)
                else one
                for one in table.columns
            )
            catalog = catalog if columns == table.columns else catalog.put(replace(table, columns=columns))
        return catalog

    def rename_type(self, catalog: Catalog, operation: changes.RenameType) -> Catalog:
        """Give a type another name; the columns of the type follow it."""
        one = self.found(catalog, "types", operation)
        return self.retyped(self.moved(catalog, "types", one, operation.new_name, one.schema), one, operation.new_name)

    def move_type(self, catalog: Catalog, operation: changes.MoveType) -> Catalog:
        """Move a type to another schema; the columns of the type follow it."""
        one = self.found(catalog, "types", operation)
        moved = self.moved(catalog, "types", one, one.name, operation.new_schema)
        return self.retyped(moved, one, one.name, operation.new_schema)

    def retyped(self, catalog: Catalog, old: Any, name: str, schema: str | None = None) -> Catalog:
        """Return the catalog in which the columns of a type have it under its new name."""
        new = changes.NamedType(name, schema or old.schema)
        for table in list(catalog.tables.values()):
            columns = tuple(replace(one, type=new) if self.is_of(one.type, old) else one for one in table.columns)
            if columns != table.columns:
                catalog = catalog.put(replace(table, columns=columns))
        return catalog

    def is_of(self, type_: Any, named: Any) -> bool:
        """Tell whether a column's type is a named one."""
        name, schema = getattr(type_, "name", None), getattr(type_, "schema", None)
        return isinstance(name, str) and self.key(name, schema) == (named.schema, named.name)

    def drop_type(self, catalog: Catalog, operation: changes.DropType) -> Catalog:
        """Drop a type; with CASCADE, the columns of the type as well."""
        one = catalog.types.get(self.key(operation.name, operation.schema))
        catalog = self.dropped(catalog, "types", operation)
        if operation.cascade and one is not None:
            for table in list(catalog.tables.values()):
                if any(self.is_of(column.type, one) for column in table.columns):
                    raise NotFollowedError(table.name)
        return catalog

    # Sequences.

    def create_sequence_of(self, catalog: Catalog, operation: changes.CreateSequence) -> Catalog:
        """Make a sequence."""
        schema, name = self.key(operation.name, operation.schema)
        sequence = state.Sequence(name, schema, dict(operation.options), self.owner(operation.owned_by))
        return self.made(catalog, "sequences", operation, sequence)

    def owner(self, owned_by: tuple[str | None, str, str] | None) -> tuple[Key, str] | None:
        """Return the owner of a sequence as the catalog keeps it."""
        return None if owned_by is None else (self.key(owned_by[1], owned_by[0]), owned_by[2])

    def alter_sequence(self, catalog: Catalog, operation: changes.AlterSequence) -> Catalog:
        """Change a sequence."""
        if operation.if_exists and self.key(operation.name, operation.schema) not in catalog.sequences:
            return catalog
        one = self.found(catalog, "sequences", operation)
        owner = None if operation.disowned else self.owner(operation.owned_by) or one.owner
        changed = replace(one, options={**one.options, **operation.options}, owner=owner)
        name, schema = operation.new_name or one.name, operation.new_schema or one.schema
        return self.moved(catalog, "sequences", changed, name, schema)

    # Views, schemas, triggers and programs.

    def create_view(self, catalog: Catalog, operation: changes.CreateView) -> Catalog:
        """Make a view."""
        schema, name = self.key(operation.name, operation.schema)
        view = state.View(
            name, schema, operation.definition, operation.materialized, (), operation.columns, clauses=operation.clauses
        )
        view = self.worked_out(catalog, view, operation.query)
        return catalog if operation.temporary else self.made(catalog, "views", operation, view)

    def worked_out(self, catalog: Catalog, view: state.View, query: Query | None) -> state.View:
        """Return a new view with what the server makes of its query, where that is known."""
        return view

    def rename_view(self, catalog: Catalog, operation: changes.RenameView) -> Catalog:
        """Give a view another name."""
        one = self.found(catalog, "views", operation)
        return self.moved(catalog, "views", one, operation.new_name, one.schema)

    def move_view(self, catalog: Catalog, operation: changes.MoveView) -> Catalog:
        """Move a view to another schema."""
        one = self.found(catalog, "views", operation)
        return self.moved(catalog, "views", one, one.name, operation.new_schema)

    def create_schema(self, catalog: Catalog, operation: changes.CreateSchema) -> Catalog:
        """Make a schema."""
        return replace(catalog, schemas=tuple(sorted({*catalog.schemas, operation.name})))

    def drop_schema(self, catalog: Catalog, operation: changes.DropSchema) -> Catalog:
        """Drop a schema, with all that is in it."""
        name = self.key("", operation.name)[0]
        for key in [key for key in catalog.tables if key[0] == name]:
            catalog = self.drop_table(catalog, key[1], key[0])
        for place in ("types", "sequences", "views", "triggers", "routines"):
            catalog = catalog.without(place, *[key for key in getattr(catalog, place) if key[0] == name])
        return replace(catalog, schemas=tuple(one for one in catalog.schemas if one != operation.name))

    def create_trigger(self, catalog: Catalog, operation: changes.CreateTrigger) -> Catalog:
        """Make a trigger; one of a table belongs to the table's schema."""
        of_table = operation.table_name is not None
        schema = self.key("", operation.table_schema if of_table else operation.schema)[0]
        trigger = state.Trigger(operation.name, schema, operation.table_name or "", operation.text)
        return catalog.put(trigger)

    def drop_trigger(self, catalog: Catalog, operation: changes.DropTrigger) -> Catalog:
        """Drop a trigger."""
        schema = operation.table_schema if operation.table_name is not None else operation.schema
        return catalog.without("triggers", self.key(operation.name, schema))

    def create_routine(self, catalog: Catalog, operation: changes.CreateRoutine) -> Catalog:
        """Make a function, procedure or package; one with other arguments is another, and stands beside the first."""
        schema, name = self.key(operation.name, operation.schema)
        made = state.Routine(name, schema, operation.kind, operation.text)
        there = catalog.routines.get((schema, name))
        return catalog.put(state.beside(there, made) if there is not None and self.overloads else made)

    def drop_routine(self, catalog: Catalog, operation: changes.DropRoutine) -> Catalog:
        """Drop a program; of several with one name the one whose arguments were told."""
        key = self.key(operation.name, operation.schema)
        there = catalog.routines.get(key)
        left = state.left_of(there, operation.arguments) if there is not None else None
        return catalog.put(left) if left is not None else catalog.without("routines", key)

    # Tables.

    def rename_index(self, catalog: Catalog, operation: changes.RenameIndex) -> Catalog:
        """Give an index another name; the constraint that it belongs to follows."""
        schema = self.key("", operation.schema)[0]
        for table in catalog.tables.values():
            if table.schema != schema or operation.table_name not in (None, table.name):
                continue
            after = self.with_renamed(table, operation.name, operation.new_name)
            if after != table:
                return catalog.put(after)
        if operation.if_exists:
            return catalog
        raise NotFollowedError(operation.name)

    def rename_constraint(self, catalog: Catalog, operation: changes.RenameConstraint) -> Catalog:
        """Give a constraint another name; the index behind it goes along."""
        table = self.table(catalog, operation.table_name, operation.schema)
        after = self.with_renamed(table, operation.constraint_name, operation.new_constraint_name)
        if after == table:
            raise NotFollowedError(operation.constraint_name)
        return catalog.put(after)

    def with_renamed(self, table: Table, old: str, new: str) -> Table:
        """Return a table in which a constraint and the index of its name are called otherwise."""

        def follow(group: Iterable[Any]) -> Any:
            return tuple(replace(one, name=new) if one.name == old else one for one in group)

        primary = table.primary_key
        return replace(
            table,
            primary_key=replace(primary, name=new) if primary is not None and primary.name == old else primary,
            uniques=follow(table.uniques),
            foreign_keys=follow(table.foreign_keys),
            checks=follow(table.checks),
            excludes=follow(table.excludes),
            indexes=follow(table.indexes),
        )

    def move_table(self, catalog: Catalog, operation: changes.MoveTable) -> Catalog:
        """Move a table to another schema, with the sequences that it owns."""
        table = self.table(catalog, operation.table_name, operation.schema)
        new = self.key(operation.new_table_name or table.name, operation.new_schema)
        owned = [catalog.sequences[key] for key in self.owned(catalog, table.key)]
        catalog = self.moved_table(catalog, table, new)
        for sequence in owned:
            moved = catalog.sequences[(sequence.schema, sequence.name)]
            catalog = self.moved(catalog, "sequences", moved, moved.name, new[0])
        return catalog

    def move_column(self, catalog: Catalog, operation: changes.MoveColumn) -> Catalog:
        """Move a column to another place."""
        table = self.table(catalog, operation.table_name, operation.schema)
        column = table.column(operation.column_name)
        if column is None or (operation.after is not None and table.column(operation.after) is None):
            raise NotFollowedError(operation.column_name)
        left = [one for one in table.columns if one is not column]
        names = [one.name for one in left]
        place = 0 if operation.after is None else names.index(operation.after) + 1
        return catalog.put(replace(table, columns=(*left[:place], column, *left[place:])))

    def set_options(self, catalog: Catalog, operation: changes.SetTableOptions) -> Catalog:
        """Change options of a table. Raises NotFollowedError where its columns take another character set."""
        table = self.table(catalog, operation.table_name, operation.schema)
        if operation.converts:
            raise NotFollowedError(table.name)
        prefix = f"{self.wording.sa.name}_"
        options = {prefix + key: value for key, value in operation.options.items()}
        return catalog.put(replace(table, options={**table.options, **options}))

    def copy_table(self, catalog: Catalog, operation: changes.CopyTable) -> Catalog:
        """Make a table with the columns of another one."""
        if operation.if_not_exists and self.key(operation.table_name, operation.schema) in catalog.tables:
            return catalog
        source = self.table(catalog, operation.source_name, operation.source_schema)
        everything = "all" in operation.including
        if operation.including and not everything:
            raise NotFollowedError(operation.table_name)
        schema, name = self.key(operation.table_name, operation.schema)
        if everything:
            raise NotFollowedError(operation.table_name)
        columns = tuple(
            replace(one, default=None, written=None, computed=None, identity=None, comment=None, autoincrement=False)
            for one in source.columns
        )
        return catalog.put(Table(name, schema, columns))

    def comment_object(self, catalog: Catalog, operation: changes.SetObjectComment) -> Catalog:
        """Set the comment of a constraint; those of other objects nobody asks for."""
        if operation.kind != "constraint" or operation.table_name is None:
            return catalog
        table = self.table(catalog, operation.table_name, operation.schema)

        def follow(group: Iterable[Any]) -> Any:
            return tuple(
                replace(one, comment=operation.comment) if one.name == operation.name else one for one in group
            )

        primary = table.primary_key
        return catalog.put(
            replace(
                table,
                primary_key=follow([primary])[0] if primary is not None else None,
                uniques=follow(table.uniques),
                foreign_keys=follow(table.foreign_keys),
                checks=follow(table.checks),
                excludes=follow(table.excludes),
            )
        )


CHANGES: Mapping[type[Operation], Callable[[Any, Catalog, Any], Catalog]] = {
    changes.CreateEnum: Objects.create_type,
    changes.CreateDomain: Objects.create_domain,
    changes.AddEnumValue: Objects.add_value,
    changes.RenameEnumValue: Objects.rename_value,
    changes.RenameType: Objects.rename_type,
    changes.MoveType: Objects.move_type,
    changes.DropType: Objects.drop_type,
    changes.CreateSequence: Objects.create_sequence_of,
    changes.AlterSequence: Objects.alter_sequence,
    changes.DropSequence: lambda self, catalog, one: self.dropped(catalog, "sequences", one),
    changes.CreateView: Objects.create_view,
    changes.RenameView: Objects.rename_view,
    changes.MoveView: Objects.move_view,
    changes.DropView: lambda self, catalog, one: self.dropped(catalog, "views", one),
    changes.CreateSchema: Objects.create_schema,
    changes.DropSchema: Objects.drop_schema,
    changes.CreateTrigger: Objects.create_trigger,
    changes.DropTrigger: Objects.drop_trigger,
    changes.CreateRoutine: Objects.create_routine,
    changes.DropRoutine: Objects.drop_routine,
    changes.RenameIndex: Objects.rename_index,
    changes.RenameConstraint: Objects.rename_constraint,
    changes.MoveTable: Objects.move_table,
    changes.MoveColumn: Objects.move_column,
    changes.SetTableOptions: Objects.set_options,
    changes.CopyTable: Objects.copy_table,
    changes.SetObjectComment: Objects.comment_object,
}
