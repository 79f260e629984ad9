"""Operation objects for indexes and constraints, with the constructors that Alembic's have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import sqlalchemy as sa

from ..errors import RenderError
from .arguments import checked_names, checked_table_name
from .copies import options_of, target_of
from .model import AddConstraint, CreateIndex, DropConstraint, DropIndex, Operation
from .schema_ops import SchemaOp, kept, skeletons_of
from .tables import Skeletons, attach, attach_index

#: What ``type_`` of ``drop_constraint`` may be.
CONSTRAINT_TYPES: Final = ("check", "foreignkey", "primary", "unique")


class CreateIndexOp(SchemaOp):
    """Create an index over column names, text or expressions; ``kw`` goes to ``sa.Index``."""

    def __init__(
        self,
        index_name: str | None,
        table_name: str,
        columns: Sequence[Any],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.unique = unique
        self.if_not_exists = if_not_exists
        self.kw = kw

    def reverse(self) -> DropIndexOp:
        """Return the operation that drops the index."""
        return DropIndexOp(str(self.index_name), self.table_name, schema=self.schema, _reverse=self, **self.kw)

    @classmethod
    def from_index(cls, index: sa.Index) -> CreateIndexOp:
        """Return the operation that creates this index; raises ValueError when it belongs to no table."""
        if index.table is None:
            raise ValueError(f"index {index.name!r} belongs to no table")
        table, options = index.table, options_of(index)
        return cls(index.name, table.name, list(index.expressions), schema=table.schema, unique=index.unique, **options)

    def to_index(self, migration_context: Any = None) -> sa.Index:
        """Return the index as SQLAlchemy knows it."""
        return self._index(skeletons_of(migration_context))

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the CreateIndex."""
        return CreateIndex(index=self._index(skeletons), if_not_exists=bool(self.if_not_exists))

    def _index(self, skeletons: Skeletons) -> sa.Index:
        table = checked_table_name("create_index", self.table_name)
        columns = checked_names("create_index", "columns", self.columns)
        return skeletons.index(self.index_name, table, columns, schema=self.schema, unique=bool(self.unique), **self.kw)


class DropIndexOp(SchemaOp):
    """Drop an index; ``kw`` goes to ``sa.Index``."""

    def __init__(
        self,
        index_name: str,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: CreateIndexOp | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.kw = kw
        self._reverse = _reverse

    def reverse(self) -> CreateIndexOp:
        """Return the operation that creates the index again; raises ValueError when its columns are not known."""
        return kept(self._reverse, "index")

    @classmethod
    def from_index(cls, index: sa.Index) -> DropIndexOp:
        """Return the operation that drops this index."""
        return CreateIndexOp.from_index(index).reverse()

    def to_index(self, migration_context: Any = None) -> sa.Index:
        """Return the index as SQLAlchemy knows it, without columns."""
        return self._index(skeletons_of(migration_context))

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the DropIndex."""
        return DropIndex(
            index=self._index(skeletons),
            table_name=self.table_name,
            schema=self.schema,
            if_exists=bool(self.if_exists),
        )

    def _index(self, skeletons: Skeletons) -> sa.Index:
        """Return an index on a table of the given name; a table is needed even for a name, for its schema."""
        if not self.index_name:
            raise RenderError("drop_index() needs the index's name", hint="Name the index that is to go.")
        table = skeletons.named(self.table_name or "table_not_given", schema=self.schema)
        return attach_index(sa.Index(self.index_name, **self.kw), table)


class AddConstraintOp(SchemaOp):
    """Add a constraint to a table that exists. ``call`` is the function on ``op``."""

    call: ClassVar[str] = "create_constraint"
    constraint_type: ClassVar[str | None] = None
    constraint_name: str | None
    table_name: str
    schema: str | None
    kw: dict[str, Any]

    def reverse(self) -> DropConstraintOp:
        """Return the operation that drops the constraint."""
        name, type_ = str(self.constraint_name), self.constraint_type
        return DropConstraintOp(name, self.table_name, type_, schema=self.schema, _reverse=self)

    @classmethod
    def from_constraint(cls, constraint: Any) -> AddConstraintOp:
        """Return the operation that adds this constraint of a table. Raises TypeError for a kind that has none."""
        kind = KINDS.get(constraint.__visit_name__)
        if kind is None:
            raise TypeError(f"no operation adds a {type(constraint).__name__}")
        return kind.of(constraint)

    @classmethod
    def of(cls, constraint: Any) -> AddConstraintOp:
        """Return the operation for a constraint of its own kind."""
        raise NotImplementedError

    def to_constraint(self, migration_context: Any = None) -> sa.Constraint:
        """Return the constraint as SQLAlchemy knows it."""
        return self.constraint(skeletons_of(migration_context))

    def constraint(self, skeletons: Skeletons) -> sa.Constraint:
        """Return the constraint on a skeleton table."""
        raise NotImplementedError

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the AddConstraint."""
        table = checked_table_name(self.call, self.table_name)
        return AddConstraint(
            table_name=table, schema=self.schema, constraint=self.constraint(skeletons), call=self.call
        )


class CreatePrimaryKeyOp(AddConstraintOp):
    """Add a primary key."""

    call = "create_primary_key"
    constraint_type = "primary"

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    @classmethod
    def of(cls, constraint: Any) -> AddConstraintOp:
        """Return the operation that adds this primary key."""
        columns = [column.name for column in constraint.columns]
        return cls(name_of(constraint), constraint.table.name, columns, **facts_of(constraint))

    def constraint(self, skeletons: Skeletons) -> sa.Constraint:
        """Return the primary key."""
        columns = checked_names(self.call, "columns", self.columns)
        return skeletons.primary_key(self.constraint_name, self.table_name, columns, schema=self.schema, **self.kw)


class CreateUniqueConstraintOp(AddConstraintOp):
    """Add a UNIQUE constraint."""

    call = "create_unique_constraint"
    constraint_type = "unique"

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw

    @classmethod
    def of(cls, constraint: Any) -> AddConstraintOp:
        """Return the operation that adds this UNIQUE constraint."""
        columns = [column.name for column in constraint.columns]
        return cls(name_of(constraint), constraint.table.name, columns, **facts_of(constraint))

    def constraint(self, skeletons: Skeletons) -> sa.Constraint:
        """Return the UNIQUE constraint."""
        columns = checked_names(self.call, "columns", self.columns)
        return skeletons.unique(self.constraint_name, self.table_name, columns, schema=self.schema, **self.kw)


class CreateCheckConstraintOp(AddConstraintOp):
    """Add a CHECK constraint."""

    call = "create_check_constraint"
    constraint_type = "check"

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        condition: Any,
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.condition = condition
        self.schema = schema
        self.kw = kw

    @classmethod
    def of(cls, constraint: Any) -> AddConstraintOp:
        """Return the operation that adds this CHECK."""
        return cls(name_of(constraint), constraint.table.name, constraint.sqltext, **facts_of(constraint))

    def constraint(self, skeletons: Skeletons) -> sa.Constraint:
        """Return the CHECK constraint."""
        if not isinstance(self.condition, (str, sa.ClauseElement)):
            raise TypeError(f"{self.call}() needs text or an SQL expression, not {self.condition!r}")
        return skeletons.check(self.constraint_name, self.table_name, self.condition, schema=self.schema, **self.kw)


class CreateForeignKeyOp(AddConstraintOp):
    """Add a foreign key; ``kw`` holds both schemas (``source_schema``, ``referent_schema``) and the rest."""

    call = "create_foreign_key"
    constraint_type = "foreignkey"

    def __init__(
        self,
        constraint_name: str | None,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.source_table = self.table_name = source_table
        self.referent_table = referent_table
        self.local_cols = local_cols
        self.remote_cols = remote_cols
        self.kw = kw
        self.schema = kw.get("source_schema")

    @classmethod
    def of(cls, constraint: Any) -> AddConstraintOp:
        """Return the operation that adds this foreign key."""
        facts = facts_of(constraint)
        facts["source_schema"] = facts.pop("schema")
        rules = {rule: getattr(constraint, rule) for rule in ("onupdate", "ondelete", "match")}
        targets = [target_of(key) for key in constraint.elements]
        local = [column.name for column in constraint.columns]
        remote = [column or here for (_, _, column), here in zip(targets, local, strict=True)]
        schema, table, _ = targets[0]
        found = {rule: value for rule, value in rules.items() if value is not None}
        return cls(
            name_of(constraint), constraint.table.name, table, local, remote, referent_schema=schema, **found, **facts
        )

    def constraint(self, skeletons: Skeletons) -> sa.Constraint:
        """Return the foreign key."""
        kw = dict(self.kw)
        source = (kw.pop("source_schema", None), self.source_table)
        referent = (kw.pop("referent_schema", None), checked_table_name(self.call, self.referent_table))
        local = checked_names(self.call, "local_cols", self.local_cols)
        remote = checked_names(self.call, "remote_cols", self.remote_cols)
        return skeletons.foreign_key(self.constraint_name, source, referent, (local, remote), **kw)


class CreateExcludeConstraintOp(AddConstraintOp):
    """Add an exclude constraint; ``elements`` are (column or expression, operator)."""

    call = "create_exclude_constraint"
    constraint_type = "exclude"

    def __init__(
        self, constraint_name: str | None, table_name: str, elements: Sequence[tuple[Any, str]], **kw: Any
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.elements = elements
        self.schema = kw.pop("schema", None)
        self.kw = kw

    @classmethod
    def of(cls, constraint: Any) -> AddConstraintOp:
        """Return the operation that adds this exclude constraint."""
        elements = [(expression, operator) for expression, _, operator in constraint._render_exprs]
        options = {"where": constraint.where, "using": constraint.using, **facts_of(constraint)}
        return cls(name_of(constraint), constraint.table.name, elements, **options)

    def constraint(self, skeletons: Skeletons) -> sa.Constraint:
        """Return the exclude constraint."""
        elements = checked_names(self.call, "elements", self.elements)
        if not all(isinstance(element, tuple) and len(element) == 2 for element in elements):
            raise TypeError(f"{self.call}() needs pairs of a column and an operator, not {elements!r}")
        return skeletons.exclude(self.constraint_name, self.table_name, elements, schema=self.schema, **self.kw)


class DropConstraintOp(SchemaOp):
    """Drop a constraint by name. ``type_`` is one of :data:`CONSTRAINT_TYPES` or None."""

    def __init__(
        self,
        constraint_name: str | None,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddConstraintOp | None = None,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.constraint_type = type_
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse

    def reverse(self) -> AddConstraintOp:
        """Return the operation that adds it again; raises ValueError when the constraint is not known."""
        return kept(self._reverse, "constraint")

    @classmethod
    def from_constraint(cls, constraint: Any) -> DropConstraintOp:
        """Return the operation that drops this constraint of a table."""
        added = AddConstraintOp.from_constraint(constraint)
        type_ = added.constraint_type if added.constraint_type in CONSTRAINT_TYPES else None
        return cls(added.constraint_name, added.table_name, type_, schema=added.schema, _reverse=added)

    def to_constraint(self) -> sa.Constraint:
        """Return the constraint that is dropped, as far as it is known."""
        return self._constraint(Skeletons())

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the DropConstraint."""
        return DropConstraint(
            table_name=checked_table_name("drop_constraint", self.table_name),
            schema=self.schema,
            constraint=self._constraint(skeletons),
            type_=self.constraint_type,
            if_exists=bool(self.if_exists),
        )

    def _constraint(self, skeletons: Skeletons) -> sa.Constraint:
        """Return a constraint of the type without columns. Only a primary key needs no name: a table has one."""
        type_, name = self.constraint_type, self.constraint_name
        if type_ not in (None, *CONSTRAINT_TYPES):
            raise TypeError(f"drop_constraint(): type_ is one of {', '.join(CONSTRAINT_TYPES)} or None, not {type_!r}")
        if not name and type_ != "primary":
            raise RenderError(
                f"drop_constraint() on {self.table_name!r} has no name for the constraint",
                hint="Name it; what an unnamed constraint is called, only the database knows.",
            )
        return attach(_nameable(type_, name), skeletons.named(self.table_name, schema=self.schema))


def _nameable(type_: str | None, name: str | None) -> sa.Constraint:
    """Return a constraint of this type with a name and nothing else."""
    if type_ == "foreignkey":
        return sa.ForeignKeyConstraint([], [], name=name)
    if type_ == "check":
        return sa.CheckConstraint("", name=name)
    if type_ == "unique":
        return sa.UniqueConstraint(name=name)
    return sa.PrimaryKeyConstraint(name=name) if type_ == "primary" else sa.Constraint(name=name)


def name_of(constraint: Any) -> str | None:
    """Return a constraint's name, None where SQLAlchemy has a mark for "no name" in its place."""
    return constraint.name if isinstance(constraint.name, str) else None


def facts_of(constraint: Any) -> dict[str, Any]:
    """Return what a constraint says besides its columns, as far as it says something."""
    timing = {fact: getattr(constraint, fact) for fact in ("deferrable", "initially")}
    given = {fact: value for fact, value in timing.items() if value is not None}
    return {"schema": constraint.table.schema, **given, **options_of(constraint)}


#: Which operation adds which constraint, by the name that SQLAlchemy's compilers know it by.
KINDS: Final[dict[str, type[AddConstraintOp]]] = {
    "primary_key_constraint": CreatePrimaryKeyOp,
    "unique_constraint": CreateUniqueConstraintOp,
    "foreign_key_constraint": CreateForeignKeyOp,
    "table_or_column_check_constraint": CreateCheckConstraintOp,
    "check_constraint": CreateCheckConstraintOp,
    "exclude_constraint": CreateExcludeConstraintOp,
}
