"""Operation objects for tables and columns, with the constructors that Alembic's have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine, to_instance

from . import copies
from .arguments import checked_column, checked_table_name, dialect_options
from .model import (
    UNSET,
    AddColumn,
    AlterColumn,
    CreateTable,
    DropColumn,
    DropTable,
    DropTableComment,
    Operation,
    RenameTable,
    SetTableComment,
    Unset,
)
from .schema_ops import SchemaOp, kept, skeletons_of
from .tables import Skeletons

#: What one may say about a column besides the change itself.
_CHANGES = ("nullable", "comment", "server_default", "new_column_name", "type_", "insert_before", "insert_after")
_EXISTING = ("existing_type", "existing_server_default", "existing_nullable", "existing_comment")
_AUTOINCREMENT = ("autoincrement", "existing_autoincrement")


class AlterTableOp(SchemaOp):
    """Something done to one table that exists."""

    def __init__(self, table_name: str, *, schema: str | None = None) -> None:
        self.table_name = table_name
        self.schema = schema


class CreateTableOp(SchemaOp):
    """Create a table; ``columns`` are columns, constraints and indexes, ``kw`` goes to ``sa.Table``."""

    def __init__(
        self,
        table_name: str,
        columns: Iterable[object],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        _namespace_metadata: sa.MetaData | None = None,
        _constraints_included: bool = False,
        **kw: Any,
    ) -> None:
        self.table_name = table_name
        self.columns = list(columns)
        self.schema = schema
        self.if_not_exists = if_not_exists
        self.info = kw.pop("info", {})
        self.comment = kw.pop("comment", None)
        self.prefixes = kw.pop("prefixes", None)
        self.kw = kw

    def reverse(self) -> DropTableOp:
        """Return the operation that drops the table."""
        return DropTableOp(self.table_name, schema=self.schema, table_kw=self._table_options(), _reverse=self)

    @classmethod
    def from_table(cls, table: sa.Table) -> CreateTableOp:
        """Return the operation that creates this table without its indexes, which are operations of their own."""
        return cls(
            table.name,
            copies.parts_of(table),
            schema=table.schema,
            comment=table.comment,
            info=dict(table.info),
            prefixes=list(table._prefixes) or None,
            **copies.options_of(table),
        )

    def to_table(self, migration_context: Any = None) -> sa.Table:
        """Return the table as SQLAlchemy knows it."""
        return self._table(skeletons_of(migration_context))

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the CreateTable."""
        return CreateTable(table=self._table(skeletons), if_not_exists=bool(self.if_not_exists))

    def result(self, operation: Operation) -> sa.Table:
        """Return the table, for ``op.bulk_insert`` and the like."""
        return cast(CreateTable, operation).table

    def _table(self, skeletons: Skeletons) -> sa.Table:
        name = checked_table_name("create_table", self.table_name)
        return skeletons.table(name, self.columns, schema=self.schema, **self._table_options())

    def _table_options(self) -> dict[str, Any]:
        """Return the arguments for ``sa.Table`` that were given."""
        named = {"info": self.info, "comment": self.comment, "prefixes": self.prefixes}
        return {key: value for key, value in named.items() if value not in (None, {})} | self.kw


class DropTableOp(SchemaOp):
    """Drop a table; ``table_kw`` goes to ``sa.Table``."""

    def __init__(
        self,
        table_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        table_kw: Mapping[Any, Any] | None = None,
        _reverse: CreateTableOp | None = None,
    ) -> None:
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.table_kw = dict(table_kw or {})
        self._reverse = _reverse

    def reverse(self) -> CreateTableOp:
        """Return the operation that creates the table again; raises ValueError when its columns are not known."""
        return kept(self._reverse, "table")

    @classmethod
    def from_table(cls, table: sa.Table) -> DropTableOp:
        """Return the operation that drops this table."""
        return CreateTableOp.from_table(table).reverse()

    def to_table(self, migration_context: Any = None) -> sa.Table:
        """Return the table as SQLAlchemy knows it."""
        return skeletons_of(migration_context).table(self.table_name, schema=self.schema, **self.table_kw)

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the DropTable."""
        name = checked_table_name("drop_table", self.table_name)
        table = skeletons.table(name, schema=self.schema, **self.table_kw)
        return DropTable(table=table, if_exists=bool(self.if_exists))


class RenameTableOp(AlterTableOp):
    """Give a table another name."""

    def __init__(self, old_table_name: str, new_table_name: str, *, schema: str | None = None) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name

    def reverse(self) -> RenameTableOp:
        """Return the operation that gives the old name back."""
        return RenameTableOp(self.new_table_name, self.table_name, schema=self.schema)

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the RenameTable."""
        return RenameTable(
            table_name=checked_table_name("rename_table", self.table_name),
            schema=self.schema,
            new_table_name=checked_table_name("rename_table", self.new_table_name),
        )


class CreateTableCommentOp(AlterTableOp):
    """Set a table's comment."""

    def __init__(
        self,
        table_name: str,
        comment: str | None,
        *,
        schema: str | None = None,
        existing_comment: str | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.comment = comment
        self.existing_comment = existing_comment

    def reverse(self) -> CreateTableCommentOp | DropTableCommentOp:
        """Return the operation that sets the comment that was there, or none."""
        if self.existing_comment is None:
            return DropTableCommentOp(self.table_name, existing_comment=self.comment, schema=self.schema)
        return CreateTableCommentOp(
            self.table_name, self.existing_comment, existing_comment=self.comment, schema=self.schema
        )

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the SetTableComment."""
        return SetTableComment(
            table_name=checked_table_name("create_table_comment", self.table_name),
            schema=self.schema,
            comment=self.comment,
            existing_comment=self.existing_comment,
        )


class DropTableCommentOp(AlterTableOp):
    """Take a table's comment away."""

    def __init__(self, table_name: str, *, schema: str | None = None, existing_comment: str | None = None) -> None:
        super().__init__(table_name, schema=schema)
        self.existing_comment = existing_comment

    def reverse(self) -> CreateTableCommentOp:
        """Return the operation that sets the comment that was there."""
        return CreateTableCommentOp(self.table_name, self.existing_comment, schema=self.schema)

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the DropTableComment."""
        name = checked_table_name("drop_table_comment", self.table_name)
        return DropTableComment(table_name=name, schema=self.schema, existing_comment=self.existing_comment)


class AddColumnOp(AlterTableOp):
    """Add a column."""

    def __init__(
        self,
        table_name: str,
        column: sa.Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key
        self.kw = dialect_options("add_column", kw, ("schema", "if_not_exists", "inline_references"))

    def reverse(self) -> DropColumnOp:
        """Return the operation that drops the column."""
        return DropColumnOp(self.table_name, self.column.name, schema=self.schema, _reverse=self)

    @classmethod
    def from_column(cls, col: sa.Column[Any]) -> AddColumnOp:
        """Return the operation that adds this column of a table."""
        return cls(col.table.name, col, schema=getattr(col.table, "schema", None))

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: sa.Column[Any]) -> AddColumnOp:
        """Return the operation that adds this column to a table."""
        return cls(tname, col, schema=schema)

    def to_column(self) -> sa.Column[Any]:
        """Return the column."""
        return self.column

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the AddColumn."""
        name = checked_table_name("add_column", self.table_name)
        column = skeletons.column(name, checked_column("add_column", self.column), schema=self.schema)
        return AddColumn(
            table_name=name,
            schema=self.schema,
            column=column,
            if_not_exists=bool(self.if_not_exists),
            inline_references=bool(self.inline_references),
            inline_primary_key=bool(self.inline_primary_key),
        )


class DropColumnOp(AlterTableOp):
    """Drop a column; ``kw`` are options for particular dialects and what is known of the column."""

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddColumnOp | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.if_exists = if_exists
        self.kw = kw
        self._reverse = _reverse

    def reverse(self) -> AddColumnOp:
        """Return the operation that adds the column again; raises ValueError when the column is not known."""
        return kept(self._reverse, "column")

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: sa.Column[Any]) -> DropColumnOp:
        """Return the operation that drops this column of a table."""
        reverse = AddColumnOp.from_column_and_tablename(schema, tname, col)
        return cls(tname, col.name, schema=schema, _reverse=reverse)

    def to_column(self, migration_context: Any = None) -> sa.Column[Any]:
        """Return the column, of which often no more than the name is known."""
        return sa.Column(self.column_name) if self._reverse is None else self._reverse.to_column()

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the DropColumn."""
        known = {key: value for key, value in self.kw.items() if key in _EXISTING}
        if known.get("existing_type") is not None:
            known["existing_type"] = to_instance(known["existing_type"])
        others = {key: value for key, value in self.kw.items() if key not in _EXISTING}
        return DropColumn(
            table_name=checked_table_name("drop_column", self.table_name),
            schema=self.schema,
            column_name=self.column_name,
            if_exists=bool(self.if_exists),
            options=known | dialect_options("drop_column", others, ("schema", "if_exists", *_EXISTING)),
        )


class AlterColumnOp(AlterTableOp):
    """Change a column. Here False stands for "not given" where None means something of its own."""

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        existing_type: Any = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        modify_nullable: bool | None = None,
        modify_comment: Any = False,
        modify_server_default: Any = False,
        modify_name: str | None = None,
        modify_type: Any = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.existing_type = existing_type
        self.existing_server_default = existing_server_default
        self.existing_nullable = existing_nullable
        self.existing_comment = existing_comment
        self.modify_nullable = modify_nullable
        self.modify_comment = modify_comment
        self.modify_server_default = modify_server_default
        self.modify_name = modify_name
        self.modify_type = modify_type
        self.kw = kw

    def has_changes(self) -> bool:
        """Tell whether anything about the column is to change."""
        return (
            self.modify_nullable is not None
            or self.modify_comment is not False
            or self.modify_server_default is not False
            or self.modify_name is not None
            or self.modify_type is not None
            or self.kw.get("autoincrement") is not None
        )

    def reverse(self) -> AlterColumnOp:
        """Return the operation that brings back what the ``existing_*`` arguments tell."""
        renamed = self.modify_name is not None
        return AlterColumnOp(
            self.table_name,
            self.modify_name or self.column_name,
            schema=self.schema,
            existing_type=self.existing_type if self.modify_type is None else self.modify_type,
            existing_server_default=_other(self.modify_server_default, self.existing_server_default, False),
            existing_nullable=_other(self.modify_nullable, self.existing_nullable, None),
            existing_comment=_other(self.modify_comment, self.existing_comment, False),
            modify_nullable=None if self.modify_nullable is None else self.existing_nullable,
            modify_comment=False if self.modify_comment is False else self.existing_comment,
            modify_server_default=False if self.modify_server_default is False else self.existing_server_default,
            modify_name=self.column_name if renamed else None,
            modify_type=None if self.modify_type is None else self.existing_type,
            **self.kw,
        )

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the AlterColumn."""
        name = checked_table_name("alter_column", self.table_name)
        type_, existing = _type(self.modify_type), _type(self.existing_type)
        others = {key: value for key, value in self.kw.items() if key not in _AUTOINCREMENT}
        return AlterColumn(
            table_name=name,
            schema=self.schema,
            column_name=self.column_name,
            nullable=self.modify_nullable,
            comment=_given(self.modify_comment),
            server_default=_given(self.modify_server_default),
            new_column_name=self.modify_name,
            type_=type_,
            autoincrement=self.kw.get("autoincrement"),
            existing_type=existing,
            existing_server_default=_given(self.existing_server_default),
            existing_nullable=self.existing_nullable,
            existing_comment=self.existing_comment,
            existing_autoincrement=self.kw.get("existing_autoincrement"),
            options=dialect_options("alter_column", others, (*_CHANGES, *_EXISTING, *_AUTOINCREMENT)),
            **self._checks(skeletons, type_, existing),
        )

    def _checks(
        self, skeletons: Skeletons, type_: TypeEngine[Any] | None, existing: TypeEngine[Any] | None
    ) -> dict[str, Any]:
        """Return the CHECK constraints that go with the old type and come with the new one."""
        if type_ is None:
            return {}
        table, column = self.table_name, self.modify_name or self.column_name
        return {
            "existing_checks": skeletons.checks(table, self.column_name, existing, schema=self.schema),
            "new_checks": skeletons.checks(table, column, type_, schema=self.schema),
        }


def _type(type_: Any) -> TypeEngine[Any] | None:
    """Return a type object for a type object or class, or None."""
    return None if type_ is None else to_instance(type_)


def _other(value: Any, instead: Any, not_given: Any) -> Any:
    """Return a value, or the other one where it was not given."""
    return instead if value is not_given else value


def _given(value: Any) -> Any | Unset:
    """Return UNSET for False, which says "not given" in Alembic's signatures."""
    return UNSET if value is False else value
