"""Revisions that change what stands."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.schema.answers.revision import dialect_of, revision


def stood(op: Any) -> None:
    """Make the tables that the revisions here change."""
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, server_default="x"),
        sa.Column("amount", sa.Integer),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", name="fk_parent")),
        sa.UniqueConstraint("name", name="uq_name"),
        sa.CheckConstraint("amount > 0", name="ck_amount"),
    )
    op.create_index("by_amount", "thing", ["amount", "name"])
    op.create_index("by_name", "thing", ["name"])


@revision()
def columns_added(op: Any) -> None:
    stood(op)
    op.add_column("thing", sa.Column("note", sa.String(30), nullable=True))
    op.add_column("thing", sa.Column("rank", sa.Integer, nullable=False, server_default="0"))
    if dialect_of(op) != "sqlite":
        op.add_column("thing", sa.Column("other_id", sa.Integer, sa.ForeignKey("parent.id")))
        op.add_column("thing", sa.Column("code", sa.String(5), unique=True, comment="short"))
        op.add_column("thing", sa.Column("seen", sa.Boolean, index=True))


@revision("postgresql", "mariadb")
def a_column_dropped_takes_things_along(op: Any) -> None:
    stood(op)
    op.drop_index("by_amount", "thing")
    op.create_index("alone", "thing", ["amount"])
    op.drop_column("thing", "amount")
    if dialect_of(op) == "postgresql":
        op.drop_column("thing", "name")
        op.drop_column("thing", "parent_id")


@revision("sqlite")
def a_column_dropped(op: Any) -> None:
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("gone", sa.Integer))
    op.drop_column("thing", "gone")


@revision("sqlite")
def nameless_keys_named_by_a_batch(op: Any) -> None:
    op.create_table("other", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("other_id", sa.Integer),
        sa.Column("code", sa.String(9)),
        sa.Column("gone", sa.Integer),
        sa.ForeignKeyConstraint(["other_id"], ["other.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["gone"], ["other.id"], name="fk_kept"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    convention = {
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
    with op.batch_alter_table("thing", naming_convention=convention, recreate="always") as batch:
        batch.add_column(sa.Column("more", sa.Integer))
    # The names stay: a later block finds them without the convention.
    with op.batch_alter_table("thing") as batch:
        batch.drop_constraint("uq_thing_code", type_="unique")


@revision("postgresql", "mariadb")
def columns_altered(op: Any) -> None:
    # All that stands is named: without it Alembic lets MariaDB lose defaults and comments, and we do not.
    stood(op)
    name = {"existing_type": sa.String(20), "existing_nullable": False, "existing_server_default": "x"}
    op.alter_column("thing", "name", type_=sa.String(99), **name)
    op.alter_column("thing", "amount", nullable=False, existing_type=sa.Integer)
    op.alter_column("thing", "amount", server_default="7", existing_type=sa.Integer, existing_nullable=False)
    amount = {"existing_type": sa.Integer, "existing_nullable": False, "existing_server_default": "7"}
    op.alter_column("thing", "amount", comment="how many", **amount)


@revision("postgresql", "mariadb")
def a_default_dropped(op: Any) -> None:
    stood(op)
    op.alter_column("thing", "name", server_default=None, existing_type=sa.String(20), existing_nullable=False)


@revision("postgresql", "mariadb")
def a_column_renamed(op: Any) -> None:
    stood(op)
    op.alter_column("thing", "amount", new_column_name="quantity", existing_type=sa.Integer, existing_nullable=True)
    key = {"existing_type": sa.Integer, "existing_nullable": False, "existing_autoincrement": True}
    op.alter_column("thing", "id", new_column_name="key", **key)


@revision()
def a_table_renamed(op: Any) -> None:
    stood(op)
    op.rename_table("thing", "item")
    op.rename_table("parent", "folder")


@revision()
def a_table_dropped(op: Any) -> None:
    stood(op)
    op.drop_table("thing")


@revision("postgresql", "mariadb")
def constraints_added(op: Any) -> None:
    op.create_table("parent", sa.Column("id", sa.Integer, nullable=False))
    op.create_table("child", sa.Column("id", sa.Integer, nullable=False), sa.Column("p", sa.Integer))
    op.create_primary_key("pk_parent", "parent", ["id"])
    op.create_primary_key(None, "child", ["id"])
    op.create_foreign_key("fk_p", "child", "parent", ["p"], ["id"], ondelete="SET NULL")
    op.create_foreign_key(None, "child", "parent", ["id"], ["id"])
    op.create_unique_constraint("uq_p", "child", ["p", "id"])
    op.create_check_constraint("ck_p", "child", sa.text("id <> 3"))


@revision("postgresql", "mariadb")
def constraints_dropped(op: Any) -> None:
    stood(op)
    op.drop_constraint("fk_parent", "thing", type_="foreignkey")
    op.drop_constraint("uq_name", "thing", type_="unique")
    op.drop_constraint("ck_amount", "thing", type_="check")
    op.drop_index("by_name", table_name="thing")


@revision("postgresql", "mariadb")
def comments_changed(op: Any) -> None:
    stood(op)
    op.create_table_comment("thing", "told")
    op.create_table_comment("parent", "told")
    op.drop_table_comment("parent")


@revision()
def a_batch(op: Any) -> None:
    stood(op)
    with op.batch_alter_table("thing") as batch:
        batch.add_column(sa.Column("note", sa.String(30), server_default="n"))
        batch.alter_column("amount", type_=sa.BigInteger, existing_type=sa.Integer, nullable=False)
        batch.drop_constraint("uq_name", type_="unique")
        batch.create_unique_constraint("uq_both", ["name", "amount"])
        batch.create_index("by_note", ["note"])


@revision()
def a_batch_that_drops(op: Any) -> None:
    stood(op)
    with op.batch_alter_table("thing") as batch:
        batch.drop_constraint("fk_parent", type_="foreignkey")
    with op.batch_alter_table("thing") as batch:
        batch.drop_index("by_amount")
        batch.drop_constraint("ck_amount", type_="check")
        batch.drop_column("amount")


@revision()
def a_batch_that_renames(op: Any) -> None:
    stood(op)
    with op.batch_alter_table("thing") as batch:
        batch.alter_column(
            "name",
            new_column_name="title",
            existing_type=sa.String(20),
            existing_nullable=False,
            existing_server_default="x",
        )


@revision()
def a_branch_by_what_stands(op: Any) -> None:
    stood(op)
    inspector = sa.inspect(op.get_bind())
    columns = {column["name"] for column in inspector.get_columns("thing")}
    if "amount" in columns and not inspector.has_table("log"):
        op.create_table("log", sa.Column("id", sa.Integer, primary_key=True))
    for index in inspector.get_indexes("thing"):
        if index["column_names"] == ["name"] and not index["unique"]:
            op.drop_index(index["name"], table_name="thing")
    reflected = sa.Table("parent", sa.MetaData(), autoload_with=op.get_bind())
    if "note" not in reflected.c:
        op.add_column("parent", sa.Column("note", sa.String(10)))


@revision("postgresql")
def a_sequence_renamed(op: Any) -> None:
    stood(op)
    op.execute("ALTER SEQUENCE thing_id_seq RENAME TO thing_new_id_seq")
    op.execute("ALTER TABLE parent_id_seq RENAME TO parent_new_id_seq")
    op.rename_table("thing", "things")


@revision("postgresql")
def a_value_renamed(op: Any) -> None:
    kind = sa.Enum("full", "it's", name="kind")
    op.create_table("t", sa.Column("a", kind, server_default="full"), sa.Column("b", kind, server_default="it's"))
    op.execute("ALTER TYPE kind RENAME VALUE 'full' TO 'FULL'")
    op.execute("ALTER TYPE kind RENAME VALUE 'it''s' TO 'full'")
