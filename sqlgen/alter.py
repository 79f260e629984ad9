"""ALTER TABLE for one column: adding, dropping, and changing it one aspect at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema
from sqlalchemy.types import TypeEngine

from .conditions import Condition, Piece
from .operations.model import UNSET, AddColumn, AlterColumn, DropColumn, DropConstraint
from .rendering import Rendering, given
from .schema.state import Column

GENERATED = (sa.Computed, sa.Identity)


class ColumnRendering(Rendering):
    """The default rendering of operations on one column.

    ``aspects`` is the order in which ``alter_column`` changes them; each is a method ``alter_<aspect>``.
    ``inline_references`` says that the server heeds REFERENCES inside ADD COLUMN.
    """

    aspects: ClassVar[tuple[str, ...]] = ("generated", "nullable", "default", "type", "comment", "rename")
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
        inline = self.inline_constraints(operation)
        rest = [one for one in self.column_constraints(operation.column) if one not in inline]
        if rest:
            self.need("alter_constraints")
        self.create_types(operation.column.type, bind)
        name = operation.column.name
        absent = Condition("column", False, name, operation.table_name, operation.schema)
        yield from self.provided(operation.if_not_exists, absent, partial(self.add_column_ddl, operation, inline))
        yield from map(adding, rest)
        table = operation.column.table
        yield from self.table_indexes(table, operation.if_not_exists)
        yield from self.table_comments(table, operation.if_not_exists)

    def add_column_ddl(self, operation: AddColumn, inline: list[sa.Constraint], if_not_exists: bool) -> Iterator[Piece]:
        """Yield the ADD COLUMN itself."""
        yield self.add_column_sql.format(
            table=self.qualify(operation.table_name, operation.schema),
            guard="IF NOT EXISTS " if if_not_exists else "",
            spec=self.column_spec(operation, inline),
        )

    def create_types(self, type_: TypeEngine[Any], bind: sa.Connection) -> None:
        """Create the types of the server's own that a column of a type needs; most databases have none."""

    def inline_constraints(self, operation: AddColumn) -> list[sa.Constraint]:
        """Return the constraints that stand inside ADD COLUMN.

        These are the foreign keys on request, and all of them where the column may be there already, because they
        must come with it or not at all.
        """
        found = self.column_constraints(operation.column)
        if operation.if_not_exists:
            return found
        if not (operation.inline_references and self.inline_references):
            return []
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
        compiler = self.ddl()
        text = compiler.process(constraint) or ""
        if not text:
            raise self.unsupported(f"has no form of the constraint {constraint.name or ''} here")
        name = compiler.define_constraint_preamble(constraint)
        body = text.removeprefix(name)
        if isinstance(constraint, sa.ForeignKeyConstraint):
            body = body[body.index("REFERENCES") :]
        elif isinstance(constraint, sa.UniqueConstraint):
            start = body.index("(")
            body = (body[:start].rstrip() + body[body.index(")", start) + 1 :]).strip()
        return name + body

    def drop_column(self, operation: DropColumn, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP COLUMN."""
        self.need("drop_column")
        present = Condition("column", True, operation.column_name, operation.table_name, operation.schema)
        yield from self.provided(operation.if_exists, present, partial(self.drop_column_ddl, operation))

    def drop_column_ddl(self, operation: DropColumn, if_exists: bool) -> Iterator[Piece]:
        """Yield the DROP COLUMN itself."""
        yield self.drop_column_sql.format(
            table=self.qualify(operation.table_name, operation.schema),
            guard="IF EXISTS " if if_exists else "",
            column=self.name_of(operation.column_name),
        )

    def alter_column(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield one statement per changed aspect, and around them the CHECKs that belong to the types.

        Raises Unsupported when autoincrement alone is to change, which this database has no form of.
        """
        known = self.known_column(operation)
        if operation.autoincrement not in (None, known and known.autoincrement) and not changes(operation):
            raise self.unsupported(
                f"cannot switch the autoincrement of {operation.subject}",
                "Pass server_default=sa.Identity() where the database has identity columns.",
            )
        if operation.type_ is not None:
            self.create_types(operation.type_, bind)
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

    def known_column(self, operation: AlterColumn | DropColumn) -> Column | None:
        """Return what the schema so far tells of a column; None when it tells nothing."""
        source = self.sa.schema_source
        return source.column(operation.table_name, operation.column_name, operation.schema) if source else None

    def existing_type(self, operation: AlterColumn) -> TypeEngine[Any] | None:
        """Return the type that a column has: told by the revision, or else known; None when nobody knows."""
        known = self.known_column(operation)
        return operation.existing_type or (known.type if known else None)

    def existing_default(self, operation: AlterColumn) -> Any:
        """Return the default, identity or expression that a column has; None for none, UNSET when nobody knows."""
        if given(operation.existing_server_default):
            return operation.existing_server_default
        known = self.known_column(operation)
        return known.written if known else UNSET

    def nullable_after(self, operation: AlterColumn) -> bool | None:
        """Return whether a column may be NULL after the change; None when nobody knows."""
        known = self.known_column(operation)
        told = (operation.nullable, operation.existing_nullable, known.nullable if known else None)
        return next((bool(answer) for answer in told if answer is not None), None)

    def type_after(self, operation: AlterColumn) -> TypeEngine[Any]:
        """Return the type of a column after the change. Raises Unsupported when nobody knows."""
        type_ = operation.type_ or self.existing_type(operation)
        if type_ is None:
            raise self.unsupported(
                f"must repeat the type of {operation.subject} to change it", "Say existing_type in op.alter_column."
            )
        return type_

    def generated_change(self, operation: AlterColumn) -> bool:
        """Tell whether IDENTITY or the expression of a computed column comes, changes or goes."""
        if not given(operation.server_default):
            return False
        ends = (operation.server_default, self.existing_default(operation))
        return any(isinstance(end, GENERATED) for end in ends)

    def alter_generated(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the statement that adds, changes or drops IDENTITY, or changes what a computed column is.

        Raises Unsupported for what the server cannot change in place.
        """
        if not self.generated_change(operation):
            return
        new, old = operation.server_default, self.existing_default(operation)
        if isinstance(new, sa.Computed) or isinstance(old, sa.Computed):
            yield from self.alter_computed(operation, new, old)
        else:
            self.need("identity_alter")
            yield from self.alter_identity(operation, new, old)
        if isinstance(old, GENERATED) and new is not None and not isinstance(new, GENERATED):
            yield self.set_default(operation)

    def alter_computed(self, operation: AlterColumn, new: Any, old: Any) -> Iterator[Piece]:
        """Yield the change of a computed column. Raises Unsupported where there is none in place."""
        raise self.unsupported(
            f"cannot make {operation.subject} computed, or stop it being computed, by alter_column",
            "Drop the column and add it again.",
        )

    def alter_identity(self, operation: AlterColumn, new: Any, old: Any) -> Iterator[Piece]:
        """Yield the change of IDENTITY, for databases that have one."""
        raise NotImplementedError

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
            yield self.set_default(operation)

    def set_default(self, operation: AlterColumn) -> str:
        """Return the statement that sets the new default."""
        default = self.default_sql(operation.server_default, operation.type_ or self.existing_type(operation))
        return self.set_default_sql.format(**self.place(operation), default=default)

    def alter_comment(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of the comment; SQLAlchemy's own form forgets the schema when it drops one."""
        if given(operation.comment):
            comment = self.text_literal(str(operation.comment)) if operation.comment else self.no_comment
            yield self.comment_sql.format(**self.place(operation), comment=comment)

    def alter_rename(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of name."""
        if renames(operation):
            self.need("rename_column")
            yield self.rename_column_sql.format(
                **self.place(operation), new=self.name_of(str(operation.new_column_name))
            )

    def drop_type_checks(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP CONSTRAINT for the CHECKs of the old type; raises Unsupported when they have no name."""
        for constraint in filter(self.wanted, operation.existing_checks or self.known_checks(operation)):
            if constraint.name is None or not self.sa.identifier_preparer.format_constraint(constraint):
                raise self.unsupported(
                    f"cannot drop the CHECK of the old type of {operation.subject}, because it has no name",
                    "Give existing_type the name that the constraint has in the database.",
                )
            drop = DropConstraint(
                table_name=operation.table_name, schema=operation.schema, constraint=constraint, type_="check"
            )
            yield from self.drop_constraint(drop, bind)

    def known_checks(self, operation: AlterColumn) -> list[sa.CheckConstraint]:
        """Return the CHECKs of the type that a column is known to have, where the revision does not tell it."""
        if operation.type_ is None or operation.existing_type is not None:
            return []
        table = sa.Table(operation.table_name, sa.MetaData(), schema=operation.schema)
        found = []
        known = self.known_column(operation)
        for name, constraint in known.checks if known else ():
            if self.wanted(constraint):
                found.append(sa.CheckConstraint("", name=name))
                table.append_constraint(found[-1])
        return found

    def add_type_checks(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield ADD CONSTRAINT for the CHECKs of the new type."""
        for constraint in filter(self.wanted, operation.new_checks):
            self.need("alter_constraints")
            yield adding(constraint)


def adding(constraint: Any) -> sa_schema.AddConstraint:
    """Return ADD CONSTRAINT; the constraint of a type stays one that its type asks for, which SQLAlchemy ends here."""
    rule = constraint._create_rule
    element = sa_schema.AddConstraint(constraint)
    constraint._create_rule = rule
    return element


def renames(operation: AlterColumn) -> bool:
    """Tell whether a column gets another name; servers refuse to give it the one that it has."""
    return operation.new_column_name not in (None, operation.column_name)


def changes(operation: AlterColumn) -> bool:
    """Tell whether anything but autoincrement is to change."""
    asked = operation.nullable is not None or operation.type_ is not None or renames(operation)
    return asked or given(operation.server_default) or given(operation.comment)
