"""``batch_alter_table``: several changes of one table, gathered while the block runs.

A database that alters tables in place gets them one after the other; one that cannot gets a new table and a copy of
the rows. Which of the two is the dialect's business, so the block becomes one operation that holds the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from . import names as ops
from .arguments import checked_table_name
from .base import BaseOperations
from .model import BatchAlter, CreateIndex, DropIndex, Funnel, Operation, TableOperation

#: What ``recreate`` may be.
RECREATE = ("auto", "always", "never")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class WithBatch(BaseOperations):
    """Operations that can open a block."""

    @contextmanager
    def batch_alter_table(
        self,
        table_name: str,
        schema: str | None = None,
        recreate: str = "auto",
        partial_reordering: Sequence[tuple[str, ...]] | None = None,
        copy_from: sa.Table | None = None,
        table_args: tuple[Any, ...] = (),
        table_kwargs: Mapping[str, Any] = _NOTHING,
        reflect_args: tuple[Any, ...] = (),
        reflect_kwargs: Mapping[str, Any] = _NOTHING,
        naming_convention: Mapping[str, str] | None = None,
    ) -> Iterator[BatchOperations]:
        """Gather the changes of a table; at the end of the block they are recorded together, in their order.

        Nothing is recorded when the block raises, or gathers nothing and does not ask for ``recreate="always"``.
        Raises TypeError or ValueError for arguments that do not fit.
        """
        if recreate not in RECREATE:
            raise ValueError(f"batch_alter_table(): recreate is one of {', '.join(RECREATE)}, not {recreate!r}")
        if copy_from is not None and not isinstance(copy_from, sa.Table):
            raise TypeError(f"batch_alter_table(): copy_from is a sqlalchemy.Table, not {copy_from!r}")
        block = BatchOperations(
            self.funnel, table_name=checked_table_name("batch_alter_table", table_name), schema=schema
        )
        yield block
        if not block.operations and recreate != "always":
            return
        self.record(
            BatchAlter(
                table_name=table_name,
                schema=schema,
                operations=tuple(block.operations),
                recreate=recreate,
                copy_from=copy_from,
                partial_reordering=tuple(tuple(columns) for columns in partial_reordering or ()),
                table_args=tuple(table_args),
                table_kwargs=dict(table_kwargs),
                reflect_args=tuple(reflect_args),
                reflect_kwargs=dict(reflect_kwargs),
                positions=dict(block.positions),
                naming_convention=naming_convention,
            )
        )


class BatchOperations(WithBatch):
    """The functions of ``batch_op``: those of ``op`` without the table's name and schema, which the block knows.

    ``operations`` is what was gathered so far, ``positions`` maps a column to what it stands before and after.
    """

    def __init__(self, funnel: Funnel, impl: Any = None, *, table_name: str = "", schema: str | None = None) -> None:
        super().__init__(funnel, impl)
        self.table_name = table_name
        self.schema = schema
        self.operations: list[Operation] = []
        self.positions: dict[str, tuple[str | None, str | None]] = {}

    def record(self, operation: Operation) -> None:
        """Gather an operation on the block's table; any other one is recorded at once, as Alembic (1.20) runs it."""
        if target(operation) == (self.table_name, self.schema):
            self.operations.append(operation)
        else:
            super().record(operation)

    def add_column(
        self,
        column: sa.Column[Any],
        *,
        insert_before: str | None = None,
        insert_after: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """Add a column, where the table is built anew at the given place."""
        self.invoke(
            ops.AddColumnOp(
                self.table_name,
                column,
                schema=self.schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
            )
        )
        self._place(column.name, insert_before, insert_after)

    def alter_column(
        self,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: Any = False,
        server_default: Any = False,
        new_column_name: str | None = None,
        type_: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        existing_type: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        """Change a column, where the table is built anew also its place. False stands for "not given"."""
        self.invoke(
            ops.AlterColumnOp(
                self.table_name,
                column_name,
                schema=self.schema,
                modify_nullable=nullable,
                modify_comment=comment,
                modify_server_default=server_default,
                modify_name=new_column_name,
                modify_type=type_,
                existing_type=existing_type,
                existing_server_default=existing_server_default,
                existing_nullable=existing_nullable,
                existing_comment=existing_comment,
                **kw,
            )
        )
        self._place(column_name, insert_before, insert_after)

    def drop_column(self, column_name: str, **kw: Any) -> None:
        """Drop a column."""
        self.invoke(ops.DropColumnOp(self.table_name, column_name, **self._kw("drop_column", kw)))

    def create_index(self, index_name: str, columns: Sequence[Any], **kw: Any) -> None:
        """Create an index over column names, text or expressions."""
        self.invoke(ops.CreateIndexOp(index_name, self.table_name, columns, **self._kw("create_index", kw)))

    def drop_index(self, index_name: str, **kw: Any) -> None:
        """Drop an index."""
        self.invoke(ops.DropIndexOp(index_name, self.table_name, **self._kw("drop_index", kw)))

    def create_primary_key(self, constraint_name: str | None, columns: list[str]) -> None:
        """Add a primary key."""
        self.invoke(ops.CreatePrimaryKeyOp(constraint_name, self.table_name, columns, schema=self.schema))

    def create_unique_constraint(self, constraint_name: str, columns: Sequence[str], **kw: Any) -> Any:
        """Add a UNIQUE constraint."""
        options = self._kw("create_unique_constraint", kw)
        return self.invoke(ops.CreateUniqueConstraintOp(constraint_name, self.table_name, columns, **options))

    def create_check_constraint(self, constraint_name: str, condition: Any, **kw: Any) -> None:
        """Add a CHECK constraint over text or an expression."""
        options = self._kw("create_check_constraint", kw)
        self.invoke(ops.CreateCheckConstraintOp(constraint_name, self.table_name, condition, **options))

    def create_exclude_constraint(self, constraint_name: str, *elements: Any, **kw: Any) -> Any:
        """Add an exclude constraint over pairs of a column and an operator."""
        options = self._kw("create_exclude_constraint", kw)
        return self.invoke(ops.CreateExcludeConstraintOp(constraint_name, self.table_name, elements, **options))

    def create_foreign_key(
        self,
        constraint_name: str | None,
        referent_table: str,
        local_cols: list[str],
        remote_cols: list[str],
        *,
        referent_schema: str | None = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key from the block's table to another one."""
        if "source_schema" in dialect_kw:
            raise TypeError("create_foreign_key() in a batch block takes the schema of the block, no source_schema")
        self.invoke(
            ops.CreateForeignKeyOp(
                constraint_name,
                self.table_name,
                referent_table,
                local_cols,
                remote_cols,
                source_schema=self.schema,
                referent_schema=referent_schema,
                onupdate=onupdate,
                ondelete=ondelete,
                deferrable=deferrable,
                initially=initially,
                match=match,
                **dialect_kw,
            )
        )

    def drop_constraint(self, constraint_name: str, type_: str | None = None) -> None:
        """Drop a constraint by name."""
        self.invoke(ops.DropConstraintOp(constraint_name, self.table_name, type_, schema=self.schema))

    def create_table_comment(self, comment: str | None, *, existing_comment: str | None = None) -> None:
        """Set the table's comment."""
        self.invoke(
            ops.CreateTableCommentOp(self.table_name, comment, schema=self.schema, existing_comment=existing_comment)
        )

    def drop_table_comment(self, *, existing_comment: str | None = None) -> None:
        """Take the table's comment away."""
        self.invoke(ops.DropTableCommentOp(self.table_name, schema=self.schema, existing_comment=existing_comment))

    def _kw(self, function: str, kw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments with the block's schema; raises TypeError when they name another table or schema."""
        if "table_name" in kw or kw.get("schema", self.schema) != self.schema:
            raise TypeError(f"{function}() in a batch block takes the table and schema of the block")
        return {**kw, "schema": self.schema}

    def _place(self, column: str, before: str | None, after: str | None) -> None:
        """Note where a column is to stand."""
        if before is not None or after is not None:
            self.positions[column] = (before, after)


def target(operation: Operation) -> tuple[str | None, str | None]:
    """Return name and schema of the table that an operation is about."""
    if isinstance(operation, TableOperation):
        return operation.table_name, operation.schema
    if isinstance(operation, CreateIndex):
        table = operation.index.table
        return (table.name, table.schema) if table is not None else (None, None)
    return (operation.table_name, operation.schema) if isinstance(operation, DropIndex) else (None, None)
