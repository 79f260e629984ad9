"""ALTER TABLE for one column: adding, dropping, and changing it one aspect at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema

from .operations.model import AddColumn, AlterColumn, DropColumn, DropConstraint
from .rendering import Piece, Rendering, given

GENERATED = (sa.Computed, sa.Identity)


class ColumnRendering(Rendering):
    """The default rendering of operations on one column.

    ``aspects`` is the order in which ``alter_column`` changes them; each is a method ``alter_<aspect>``.
    ``inline_references`` says that the server heeds REFERENCES inside ADD COLUMN.
    """

    aspects: ClassVar[tuple[str, ...]] = ("nullable", "default", "type", "comment", "rename")
    inline_references: ClassVar[bool] = True
    add_column_sql: ClassVar[str] = "ALTER TABLE {table} ADD COLUMN {guard}{spec}"
    drop_column_sql: ClassVar[str] = "ALTER TABLE {table} DROP COLUMN {guard}{column}"
    rename_column_sql: ClassVar[str] = "ALTER TABLE {table} RENAME COLUMN {column} TO {new}"
    comment_sql: ClassVar[str] = "COMMENT ON COLUMN {table}.{column} IS {comment}"
    no_comment: ClassVar[str] = "NULL"
    type_change_sql: ClassVar[str] = "ALTER TABLE {table} ALTER COLUMN {column} TYPE {type}"
    nullable_sql: ClassVar[str] = "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"
    not_null_sql: ClassVar[str] = "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"
    set_default_sql: ClassVar[str] = "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}"
    drop_default_sql: ClassVar[str] = "ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"

    def add_column(self, operation: AddColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ADD COLUMN, then the constraints, indexes and comment that the column brings along."""
        if operation.if_not_exists:
            self.need("add_column_if_not_exists")
        inline = self.inline_keys(operation)
        rest = [one for one in self.column_constraints(operation.column) if one not in inline]
        for constraint in [*inline, *rest]:
            self.check_constraint(constraint)
        if rest:
            self.need("alter_constraints")
        self.create_types(operation.column, bind)
        yield self.add_column_sql.format(
            table=self.qualify(operation.table_name, operation.schema),
            guard="IF NOT EXISTS " if operation.if_not_exists else "",
            spec=self.column_spec(operation, inline),
        )
        yield from map(sa_schema.AddConstraint, rest)
        table = operation.column.table
        yield from self.table_indexes(table, operation.if_not_exists)
        yield from self.table_comments(table)

    def create_types(self, column: sa.Column[Any], bind: sa.Connection) -> None:
        """Create the types of the server's own that a new column needs; most databases have none."""

    def inline_keys(self, operation: AddColumn) -> list[sa.Constraint]:
        """Return the foreign keys that stand inside ADD COLUMN."""
        if not (operation.inline_references and self.inline_references):
            return []
        found = self.column_constraints(operation.column)
        return [one for one in found if isinstance(one, sa.ForeignKeyConstraint)]

    def column_constraints(self, column: sa.Column[Any]) -> list[sa.Constraint]:
        """Return the constraints that follow a new column; those inside its definition and a key are not among them."""
        return [
            constraint
            for constraint in column.table._sorted_constraints
            if not isinstance(constraint, sa.PrimaryKeyConstraint)
            and constraint not in column.constraints
            and self.wanted(constraint)
        ]

    def column_spec(self, operation: AddColumn, inline: list[sa.Constraint]) -> str:
        """Return name, type, default, nullability and the inline constraints of a new column."""
        column = operation.column
        parts = [self.ddl().process(sa_schema.CreateColumn(column))]
        if operation.inline_primary_key and column.primary_key:
            parts.append("PRIMARY KEY")
        return " ".join([*parts, *map(self.inline_sql, inline)])

    def inline_sql(self, constraint: sa.Constraint) -> str:
        """Return a constraint of one column as it stands inside the column's definition, with its name."""
        text = self.ddl().process(constraint) or ""
        if not text:
            raise self.unsupported(f"has no form of the constraint {constraint.name or ''} here")
        if not isinstance(constraint, sa.ForeignKeyConstraint):
            return text
        start, end = text.index("FOREIGN KEY"), text.index("REFERENCES")
        return text[:start] + text[end:]

    def drop_column(self, operation: DropColumn, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP COLUMN."""
        self.need("drop_column")
        if operation.if_exists:
            self.need("drop_column_if_exists")
        yield self.drop_column_sql.format(
            table=self.qualify(operation.table_name, operation.schema),
            guard="IF EXISTS " if operation.if_exists else "",
            column=self.name_of(operation.column_name),
        )

    def alter_column(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield one statement per changed aspect, and around them the CHECKs that belong to the types."""
        if self.generated_change(operation):
            yield from self.alter_generated(operation)
        yield from self.drop_type_checks(operation, bind)
        for aspect in self.aspects:
            yield from getattr(self, f"alter_{aspect}")(operation)
        yield from self.add_type_checks(operation)

    def place(self, operation: AlterColumn) -> dict[str, str]:
        """Return the names that every template of ALTER COLUMN may use."""
        return {
            "table": self.qualify(operation.table_name, operation.schema),
            "column": self.name_of(operation.column_name),
        }

    def generated_change(self, operation: AlterColumn) -> bool:
        """Tell whether IDENTITY comes, changes or goes.

        Raises Unsupported for a computed column, which no server can change in place in a way common to all.
        """
        if not given(operation.server_default):
            return False
        ends = (operation.server_default, operation.existing_server_default)
        if any(isinstance(end, sa.Computed) for end in ends):
            raise self.unsupported(
                "cannot make a column computed, or stop it being computed, by alter_column",
                "Drop the column and add it again.",
            )
        return any(isinstance(end, sa.Identity) for end in ends)

    def alter_generated(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the statement that adds, changes or drops IDENTITY."""
        self.need("identity_alter")
        yield from ()

    def identity_sql_of(self, identity: sa.Identity) -> str:
        """Return GENERATED … AS IDENTITY with its options."""
        compiler: Any = self.ddl()
        return str(compiler.visit_identity_column(identity))

    def alter_nullable(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of NOT NULL."""
        if operation.nullable is not None:
            template = self.nullable_sql if operation.nullable else self.not_null_sql
            yield template.format(**self.place(operation))

    def alter_type(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of type."""
        if operation.type_ is not None:
            yield self.type_change_sql.format(**self.place(operation), type=self.type_sql(operation.type_))

    def alter_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of the default."""
        if not given(operation.server_default) or self.generated_change(operation):
            return
        if operation.server_default is None:
            yield self.drop_default_sql.format(**self.place(operation))
        else:
            default = self.default_sql(operation.server_default, operation.type_ or operation.existing_type)
            yield self.set_default_sql.format(**self.place(operation), default=default)

    def alter_comment(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of the comment; SQLAlchemy's own form forgets the schema when it drops one."""
        if given(operation.comment):
            comment = self.text_literal(str(operation.comment)) if operation.comment else self.no_comment
            yield self.comment_sql.format(**self.place(operation), comment=comment)

    def alter_rename(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of name."""
        if operation.new_column_name is not None:
            self.need("rename_column")
            yield self.rename_column_sql.format(**self.place(operation), new=self.name_of(operation.new_column_name))

    def drop_type_checks(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP CONSTRAINT for the CHECKs of the old type; raises Unsupported when they have no name."""
        for constraint in filter(self.wanted, operation.existing_checks):
            if not self.sa.identifier_preparer.format_constraint(constraint):
                raise self.unsupported(
                    f"cannot drop the CHECK of the old type of {operation.subject}, because it has no name",
                    "Give existing_type the name that the constraint has in the database.",
                )
            drop = DropConstraint(
                table_name=operation.table_name, schema=operation.schema, constraint=constraint, type_="check"
            )
            yield from self.drop_constraint(drop, bind)

    def add_type_checks(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield ADD CONSTRAINT for the CHECKs of the new type."""
        for constraint in filter(self.wanted, operation.new_checks):
            self.need("alter_constraints")
            yield sa_schema.AddConstraint(constraint)
