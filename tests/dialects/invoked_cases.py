"""Operation objects under Alembic's names, made in every way that there is, and invoked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column as C  # noqa: N817  # written many times below

Call = Callable[[Any], object]


def ops() -> Any:
    """Return the module of operation objects: Alembic's own, or the one that is served in its place."""
    from alembic.operations import ops as found

    return found


def account(schema: str | None = None) -> sa.Table:
    """Return a table with everything."""
    metadata = sa.MetaData()
    sa.Table("o", metadata, C("id", sa.Integer, primary_key=True), schema=schema)
    target = f"{schema}.o.id" if schema else "o.id"
    return sa.Table(
        "t",
        metadata,
        C("id", sa.Integer, primary_key=True),
        C("a", sa.String(5), nullable=False, index=True),
        C("b", sa.Integer, sa.ForeignKey(target, name="fk", ondelete="CASCADE"), server_default="1"),
        sa.UniqueConstraint("a", name="uq"),
        sa.CheckConstraint("b > 0", name="ck"),
        sa.Index("ix_ab", "a", "b", unique=True, postgresql_where=sa.text("b > 1")),
        schema=schema,
        mysql_engine="InnoDB",
        mariadb_engine="InnoDB",
        sqlite_autoincrement=True,
    )


def constraints(schema: str | None = None) -> Iterator[sa.Constraint]:
    """Yield its constraints."""
    found = account(schema).constraints
    for kind in (sa.ForeignKeyConstraint, sa.UniqueConstraint, sa.CheckConstraint):
        yield from (one for one in found if isinstance(one, kind))


def indexes() -> list[sa.Index]:
    """Return its indexes."""
    return sorted(account().indexes, key=lambda index: str(index.name))


def invoking(*made: Callable[[], Any]) -> Call:
    """Return the invoking of operations."""

    def call(op: Any) -> None:
        for make in made:
            found = make()
            for operation in found if isinstance(found, list) else [found]:
                op.invoke(operation)

    return call


def in_a_block(*made: Callable[[], Any]) -> Call:
    """Return the invoking of operations in a block."""

    def call(op: Any) -> None:
        with op.batch_alter_table("t") as batch_op:
            invoking(*made)(batch_op)

    return call


def operation_of_our_own(op: Any) -> None:
    from alembic.operations import MigrateOperation, Operations

    class Mine(MigrateOperation):  # type: ignore[misc,unused-ignore]
        def __init__(self, name: str) -> None:
            self.name = name

    @Operations.implementation_for(Mine)
    def perform(operations: Any, operation: Mine) -> str:
        operations.invoke(ops().AddColumnOp("t", C(operation.name, sa.Integer)))
        operations.impl.execute("UPDATE t SET a = 'impl'")
        operations.migration_context.impl.execute(sa.text("UPDATE t SET a = 'context'"))
        operations.get_context().execute("UPDATE t SET a = 'too'")
        return operation.name

    assert op.invoke(Mine("z")) == "z"


def replaced_and_called(op: Any) -> None:
    """Take over an operation, and let what was there do the work."""
    from alembic.operations import Operations, toimpl

    class Loud(ops().DropTableOp):  # type: ignore[misc]
        """A subclass that has a way of its own."""

    @Operations.implementation_for(Loud, replace=True)
    def perform(operations: Any, operation: Any) -> None:
        operations.execute("DELETE FROM t")
        toimpl.drop_table(operations, operation)

    op.invoke(Loud("t"))


def altered() -> Any:
    """Return a change of a column."""
    return ops().AlterColumnOp(
        "t",
        "a",
        modify_type=sa.String(9),
        modify_nullable=False,
        existing_type=sa.String(5),
        existing_nullable=True,
    )


CASES: dict[str, Call] = {
    "table": invoking(lambda: ops().CreateTableOp.from_table(account())),
    "table_in_a_schema": invoking(lambda: ops().CreateTableOp.from_table(account("s"))),
    "drop_table": invoking(lambda: ops().DropTableOp.from_table(account())),
    "drop_table_reversed": invoking(lambda: ops().DropTableOp.from_table(account()).reverse()),
    "create_table_reversed": invoking(lambda: ops().CreateTableOp("t", [C("a", sa.Integer)], schema="s").reverse()),
    "indexes": invoking(lambda: [ops().CreateIndexOp.from_index(one) for one in indexes()]),
    "drop_indexes": invoking(lambda: [ops().DropIndexOp.from_index(one) for one in indexes()]),
    "drop_indexes_reversed": invoking(lambda: [ops().DropIndexOp.from_index(one).reverse() for one in indexes()]),
    "add_column": invoking(lambda: ops().AddColumnOp("t", C("x", sa.Integer), schema="s")),
    "add_column_reversed": invoking(lambda: ops().AddColumnOp("t", C("x", sa.Integer), schema="s").reverse()),
    "column": invoking(lambda: ops().AddColumnOp.from_column(account("s").c.b)),
    "column_and_table": invoking(lambda: ops().AddColumnOp.from_column_and_tablename("s", "t", C("q", sa.Integer))),
    "drop_column": invoking(lambda: ops().DropColumnOp.from_column_and_tablename("s", "t", C("q", sa.Integer))),
    "drop_column_reversed": invoking(
        lambda: ops().DropColumnOp.from_column_and_tablename("s", "t", C("q", sa.Integer)).reverse()
    ),
    "constraints": invoking(lambda: [ops().AddConstraintOp.from_constraint(one) for one in constraints()]),
    "constraints_in_a_schema": invoking(
        lambda: [ops().AddConstraintOp.from_constraint(one) for one in constraints("s")]
    ),
    "foreign_key": invoking(lambda: ops().CreateForeignKeyOp.from_constraint(next(constraints()))),
    "primary_key": invoking(lambda: ops().CreatePrimaryKeyOp.from_constraint(account().primary_key)),
    "drop_constraints": invoking(lambda: [ops().DropConstraintOp.from_constraint(one) for one in constraints()]),
    "drop_constraints_reversed": invoking(
        lambda: [ops().DropConstraintOp.from_constraint(one).reverse() for one in constraints()]
    ),
    "alter": invoking(altered),
    "alter_reversed": invoking(lambda: altered().reverse()),
    "execute": invoking(lambda: ops().ExecuteSQLOp("UPDATE t SET a = 1")),
    "rename": invoking(lambda: ops().RenameTableOp("t", "u")),
    "comment": invoking(lambda: ops().CreateTableCommentOp("t", "x", schema="s")),
    "to_table": lambda op: op.execute(sa.schema.CreateTable(ops().CreateTableOp.from_table(account()).to_table())),
    "to_constraint": lambda op: op.execute(
        sa.schema.AddConstraint(ops().CreateUniqueConstraintOp("u", "t", ["a"]).to_constraint())
    ),
    "to_index": lambda op: op.execute(sa.schema.CreateIndex(ops().CreateIndexOp("i", "t", ["a"]).to_index())),
    "block": in_a_block(
        lambda: ops().AddColumnOp("t", C("x", sa.Integer)), lambda: ops().CreateIndexOp("i", "t", ["x"])
    ),
    "own": operation_of_our_own,
    "replaced": replaced_and_called,
}
