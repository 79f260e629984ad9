"""The functions that revisions call as ``op.…``.

Each one makes an operation object of :mod:`.names` and has it performed; all of them take what Alembic's take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from . import names as ops
from .batch import WithBatch


class Operations(WithBatch):
    """The functions of ``op`` for one run.

    All raise TypeError for arguments that do not fit; what the funnel raises passes through. ``schema`` is None for
    the default schema; ``if_exists`` and ``if_not_exists`` ask for the clauses of these names.
    """

    def create_table(self, table_name: str, *columns: Any, if_not_exists: bool | None = None, **kw: Any) -> sa.Table:
        """Create a table of columns, constraints and indexes, and return it. ``kw`` goes to ``sa.Table``."""
        table: sa.Table = self.invoke(ops.CreateTableOp(table_name, columns, if_not_exists=if_not_exists, **kw))
        return table

    def drop_table(
        self, table_name: str, *, schema: str | None = None, if_exists: bool | None = None, **kw: Any
    ) -> None:
        """Drop a table. ``kw`` goes to ``sa.Table``."""
        self.invoke(ops.DropTableOp(table_name, schema=schema, if_exists=if_exists, table_kw=kw))

    def rename_table(self, old_table_name: str, new_table_name: str, *, schema: str | None = None) -> None:
        """Give a table another name in the same schema."""
        self.invoke(ops.RenameTableOp(old_table_name, new_table_name, schema=schema))

    def create_table_comment(
        self, table_name: str, comment: str | None, *, existing_comment: str | None = None, schema: str | None = None
    ) -> None:
        """Set a table's comment."""
        self.invoke(ops.CreateTableCommentOp(table_name, comment, existing_comment=existing_comment, schema=schema))

    def drop_table_comment(
        self, table_name: str, *, existing_comment: str | None = None, schema: str | None = None
    ) -> None:
        """Take a table's comment away."""
        self.invoke(ops.DropTableCommentOp(table_name, existing_comment=existing_comment, schema=schema))

    def add_column(
        self,
        table_name: str,
        column: sa.Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """Add a column, with the foreign keys, UNIQUE, index and comment that it brings along."""
        self.invoke(
            ops.AddColumnOp(
                table_name,
                column,
                schema=schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
            )
        )

    def drop_column(self, table_name: str, column_name: str, *, schema: str | None = None, **kw: Any) -> None:
        """Drop a column. ``kw``: ``if_exists``, ``existing_type`` and options named ``<dialect>_<option>``."""
        self.invoke(ops.DropColumnOp(table_name, column_name, schema=schema, **kw))

    def alter_column(
        self,
        table_name: str,
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
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """Change a column in any mix of ways. False stands for "not given" where None takes something away.

        ``kw``: ``autoincrement``, ``existing_autoincrement`` and options named ``<dialect>_<option>``.
        """
        self.invoke(
            ops.AlterColumnOp(
                table_name,
                column_name,
                schema=schema,
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

    def create_index(
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
        """Create an index over column names, text or expressions. ``kw`` goes to ``sa.Index``."""
        self.invoke(
            ops.CreateIndexOp(
                index_name, table_name, columns, schema=schema, unique=unique, if_not_exists=if_not_exists, **kw
            )
        )

    def drop_index(
        self,
        index_name: str,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """Drop an index; some databases must be told its table. ``kw`` goes to ``sa.Index``."""
        self.invoke(ops.DropIndexOp(index_name, table_name, schema=schema, if_exists=if_exists, **kw))

    def create_primary_key(
        self, constraint_name: str | None, table_name: str, columns: list[str], *, schema: str | None = None
    ) -> None:
        """Add a primary key."""
        self.invoke(ops.CreatePrimaryKeyOp(constraint_name, table_name, columns, schema=schema))

    def create_unique_constraint(
        self,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> Any:
        """Add a UNIQUE constraint. ``kw`` goes to ``sa.UniqueConstraint``."""
        return self.invoke(ops.CreateUniqueConstraintOp(constraint_name, table_name, columns, schema=schema, **kw))

    def create_check_constraint(
        self, constraint_name: str | None, table_name: str, condition: Any, *, schema: str | None = None, **kw: Any
    ) -> None:
        """Add a CHECK constraint over text or an expression. ``kw`` goes to ``sa.CheckConstraint``."""
        self.invoke(ops.CreateCheckConstraintOp(constraint_name, table_name, condition, schema=schema, **kw))

    def create_foreign_key(
        self,
        constraint_name: str | None,
        source_table: str,
        referent_table: str,
        local_cols: list[str],
        remote_cols: list[str],
        *,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        source_schema: str | None = None,
        referent_schema: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        """Add a foreign key. ``dialect_kw`` goes to ``sa.ForeignKeyConstraint``."""
        self.invoke(
            ops.CreateForeignKeyOp(
                constraint_name,
                source_table,
                referent_table,
                local_cols,
                remote_cols,
                onupdate=onupdate,
                ondelete=ondelete,
                deferrable=deferrable,
                initially=initially,
                match=match,
                source_schema=source_schema,
                referent_schema=referent_schema,
                **dialect_kw,
            )
        )

    def create_exclude_constraint(self, constraint_name: str, table_name: str, *elements: Any, **kw: Any) -> Any:
        """Add an exclude constraint over pairs of a column (or expression) and an operator.

        ``kw``: ``where``, ``using``, ``ops``, ``schema``, ``deferrable``, ``initially``.
        """
        return self.invoke(ops.CreateExcludeConstraintOp(constraint_name, table_name, elements, **kw))

    def drop_constraint(
        self,
        constraint_name: str,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a constraint. ``type_`` is ``foreignkey``, ``primary``, ``unique``, ``check`` or None.

        A naming convention completes the name, unless it comes from ``op.f()``.
        """
        self.invoke(ops.DropConstraintOp(constraint_name, table_name, type_, schema=schema, if_exists=if_exists))

    def bulk_insert(self, table: sa.TableClause, rows: list[dict[str, Any]], *, multiinsert: bool = True) -> None:
        """Insert rows, a list of dictionaries by column key."""
        self.invoke(ops.BulkInsertOp(table, rows, multiinsert=multiinsert))
