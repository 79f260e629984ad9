"""Blocks of ``batch_alter_table`` with ``copy_from``: every operation, on tables with everything that one can have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column as C  # noqa: N817  # written a hundred times below

Step = Callable[[Any], object]


def plain(*more: Any, name: str = "t", schema: str | None = None, md: sa.MetaData | None = None, **kw: Any) -> sa.Table:
    """Return a table of four columns, and more."""
    columns = (
        C("id", sa.Integer, primary_key=True),
        C("a", sa.String(5), nullable=False),
        C("b", sa.Integer, server_default="3"),
        C("c", sa.Text),
    )
    return sa.Table(name, md or sa.MetaData(), *columns, *more, schema=schema, **kw)


def with_check(table: sa.Table) -> sa.Table:
    """Return the table with a CHECK that is an expression over its column."""
    table.append_constraint(sa.CheckConstraint(table.c.b > 0, name="ck"))
    return table


def with_indexes(table: sa.Table, made: Callable[[sa.Table], Sequence[sa.Index]]) -> sa.Table:
    """Return the table with indexes over expressions of its columns."""
    made(table)
    return table


@dataclass(frozen=True, slots=True)
class Case:
    """A block: the table that it copies from, its operations, and its arguments."""

    steps: tuple[Step, ...]
    table: Callable[[], sa.Table]
    arguments: dict[str, Any] = field(default_factory=dict)

    def __call__(self, op: Any) -> None:
        """Run the block."""
        table = self.table()
        with op.batch_alter_table(table.name, schema=table.schema, copy_from=table, **self.arguments) as batch_op:
            for step in self.steps:
                step(batch_op)


def batch(*steps: Step, table: Callable[[], sa.Table] = plain, **arguments: Any) -> Case:
    """Return a case."""
    return Case(steps, table, arguments)


CASES: dict[str, Case] = {
    "add": batch(lambda b: b.add_column(C("n", sa.Integer))),
    "add_always": batch(lambda b: b.add_column(C("n", sa.Integer)), recreate="always"),
    "add_before": batch(lambda b: b.add_column(C("n", sa.Integer), insert_before="a")),
    "add_before_always": batch(lambda b: b.add_column(C("n", sa.Integer), insert_before="a"), recreate="always"),
    "add_after_always": batch(lambda b: b.add_column(C("n", sa.Integer), insert_after="a"), recreate="always"),
    "add_before_after_always": batch(
        lambda b: b.add_column(C("n", sa.Integer), insert_after="a", insert_before="b"), recreate="always"
    ),
    "add_before_first": batch(lambda b: b.add_column(C("n", sa.Integer), insert_before="id"), recreate="always"),
    "add_after_last": batch(lambda b: b.add_column(C("n", sa.Integer), insert_after="c"), recreate="always"),
    "add_two": batch(
        lambda b: b.add_column(C("n", sa.Integer), insert_after="id"),
        lambda b: b.add_column(C("m", sa.Integer), insert_after="n"),
        recreate="always",
    ),
    "add_two_no_place": batch(
        lambda b: b.add_column(C("n", sa.Integer)), lambda b: b.add_column(C("m", sa.Integer)), recreate="always"
    ),
    "add_fk": batch(lambda b: b.add_column(C("n", sa.Integer, sa.ForeignKey("o.id", name="fk_o"))), recreate="always"),
    "add_fk_plain": batch(lambda b: b.add_column(C("n", sa.Integer, sa.ForeignKey("o.id", name="fk_o")))),
    "add_index": batch(lambda b: b.add_column(C("n", sa.Integer, index=True)), recreate="always"),
    "add_unique": batch(lambda b: b.add_column(C("n", sa.Integer, unique=True)), recreate="always"),
    "add_unique_auto": batch(lambda b: b.add_column(C("n", sa.Integer, unique=True))),
    "add_check": batch(
        lambda b: b.add_column(C("n", sa.Integer, sa.CheckConstraint("n > 0", name="ck_n"))), recreate="always"
    ),
    "add_bool": batch(
        lambda b: b.add_column(C("n", sa.Boolean(create_constraint=True, name="ck_n"))), recreate="always"
    ),
    "add_bool_auto": batch(lambda b: b.add_column(C("n", sa.Boolean(create_constraint=True, name="ck_n")))),
    "add_computed": batch(lambda b: b.add_column(C("n", sa.Integer, sa.Computed("b + 1", persisted=True)))),
    "add_computed_virtual": batch(lambda b: b.add_column(C("n", sa.Integer, sa.Computed("b + 1", persisted=False)))),
    "add_notnull_default": batch(lambda b: b.add_column(C("n", sa.Integer, nullable=False, server_default="1"))),
    "add_default_fn": batch(lambda b: b.add_column(C("n", sa.DateTime, server_default=sa.func.now()))),
    "add_default_fn2": batch(lambda b: b.add_column(C("n", sa.DateTime, server_default=sa.text("(datetime('now'))")))),
    "add_pk": batch(lambda b: b.add_column(C("n", sa.Integer, primary_key=True))),
    "add_comment": batch(lambda b: b.add_column(C("n", sa.Integer, comment="x"))),
    "drop": batch(lambda b: b.drop_column("c")),
    "drop_auto_indexed": batch(
        lambda b: b.drop_column("c"),
        table=lambda: plain(sa.Index("ix_c", "c"), sa.Index("ix_ac", "a", "c"), sa.Index("ix_a", "a")),
    ),
    "drop_uq": batch(lambda b: b.drop_column("c"), table=lambda: plain(sa.UniqueConstraint("a", "c", name="uq"))),
    "drop_fk": batch(
        lambda b: b.drop_column("o"), table=lambda: plain(C("o", sa.Integer, sa.ForeignKey("o.id", name="fk")))
    ),
    "drop_pk": batch(lambda b: b.drop_column("id")),
    "drop_bool": batch(
        lambda b: b.drop_column("f"), table=lambda: plain(C("f", sa.Boolean(create_constraint=True, name="ck_f")))
    ),
    "drop_check_mentions": batch(
        lambda b: b.drop_column("c"), table=lambda: plain(sa.CheckConstraint("c > 'x'", name="ck"))
    ),
    "rename": batch(lambda b: b.alter_column("c", new_column_name="d")),
    "rename_always": batch(lambda b: b.alter_column("c", new_column_name="d"), recreate="always"),
    "rename_then_drop_old": batch(
        lambda b: b.alter_column("c", new_column_name="d"), lambda b: b.drop_column("d"), recreate="always"
    ),
    "rename_constraints": batch(
        lambda b: b.alter_column("c", new_column_name="d", nullable=False),
        table=lambda: plain(
            sa.UniqueConstraint("a", "c", name="uq"),
            sa.Index("ix_c", "c"),
            sa.ForeignKeyConstraint(["c"], ["o.x"], name="fk"),
        ),
    ),
    "rename_pk": batch(lambda b: b.alter_column("id", new_column_name="key"), recreate="always"),
    "rename_index_new": batch(
        lambda b: b.alter_column("c", new_column_name="d"), lambda b: b.create_index("ix", ["d"]), recreate="always"
    ),
    "rename_uq_new": batch(
        lambda b: b.alter_column("c", new_column_name="d"), lambda b: b.create_unique_constraint("uq", ["d"])
    ),
    "rename_uq_old": batch(
        lambda b: b.alter_column("c", new_column_name="d"), lambda b: b.create_unique_constraint("uq", ["c"])
    ),
    "rename_twice": batch(
        lambda b: b.alter_column("c", new_column_name="d"), lambda b: b.alter_column("d", nullable=False)
    ),
    "rename_old_name": batch(
        lambda b: b.alter_column("c", new_column_name="d"), lambda b: b.alter_column("c", nullable=False)
    ),
    "rename_self_fk": batch(
        lambda b: b.alter_column("id", new_column_name="key"),
        recreate="always",
        table=lambda: plain(C("p", sa.Integer, sa.ForeignKey("t.id", name="fk_p"))),
    ),
    "rename_computed": batch(
        lambda b: b.alter_column("b", new_column_name="d"),
        recreate="always",
        table=lambda: plain(C("n", sa.Integer, sa.Computed("b + 1"))),
    ),
    "rename_swap": batch(
        lambda b: b.alter_column("b", new_column_name="x"),
        lambda b: b.alter_column("c", new_column_name="b"),
        lambda b: b.alter_column("x", new_column_name="c"),
        recreate="always",
    ),
    "type": batch(lambda b: b.alter_column("b", type_=sa.BigInteger())),
    "type_text": batch(lambda b: b.alter_column("b", type_=sa.Text())),
    "type_str": batch(lambda b: b.alter_column("a", type_=sa.String(50))),
    "type_numeric": batch(lambda b: b.alter_column("a", type_=sa.Numeric(10, 2))),
    "type_date": batch(lambda b: b.alter_column("a", type_=sa.Date())),
    "type_json": batch(lambda b: b.alter_column("a", type_=sa.JSON())),
    "type_bool": batch(
        lambda b: b.alter_column("b", type_=sa.Boolean(create_constraint=True, name="ck_b"), existing_type=sa.Integer())
    ),
    "type_from_bool": batch(
        lambda b: b.alter_column(
            "f", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="ck_f")
        ),
        table=lambda: plain(C("f", sa.Boolean(create_constraint=True, name="ck_f"))),
    ),
    "type_from_bool_no_existing": batch(
        lambda b: b.alter_column("f", type_=sa.Integer()),
        table=lambda: plain(C("f", sa.Boolean(create_constraint=True, name="ck_f"))),
    ),
    "type_from_bool_unnamed": batch(
        lambda b: b.alter_column("f", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True)),
        table=lambda: plain(C("f", sa.Boolean(create_constraint=True))),
    ),
    "bool_kept": batch(
        lambda b: b.alter_column("b", nullable=False),
        table=lambda: plain(
            C("f", sa.Boolean(create_constraint=True, name="ck_f")),
            C("g", sa.Boolean(create_constraint=True)),
            C("h", sa.Enum("x", "y", create_constraint=True, name="ck_h")),
        ),
    ),
    "bool_renamed": batch(
        lambda b: b.alter_column("f", new_column_name="g"),
        recreate="always",
        table=lambda: plain(C("f", sa.Boolean(create_constraint=True, name="ck_f"))),
    ),
    "enum_change": batch(
        lambda b: b.alter_column(
            "h",
            type_=sa.Enum("x", "y", "z", create_constraint=True, name="ck_h"),
            existing_type=sa.Enum("x", "y", create_constraint=True, name="ck_h"),
        ),
        table=lambda: plain(C("h", sa.Enum("x", "y", create_constraint=True, name="ck_h"))),
    ),
    "drop_bool_check": batch(
        lambda b: b.drop_constraint("ck_f", type_="check"),
        table=lambda: plain(C("f", sa.Boolean(create_constraint=True, name="ck_f"))),
    ),
    "nullable": batch(lambda b: b.alter_column("a", nullable=True)),
    "not_nullable": batch(lambda b: b.alter_column("b", nullable=False)),
    "default": batch(lambda b: b.alter_column("c", server_default="it's")),
    "default_none": batch(lambda b: b.alter_column("b", server_default=None)),
    "default_text": batch(lambda b: b.alter_column("c", server_default=sa.text("(1 + 2)"))),
    "default_fn": batch(lambda b: b.alter_column("c", server_default=sa.func.now())),
    "default_identity": batch(lambda b: b.alter_column("b", server_default=sa.Identity())),
    "default_computed": batch(lambda b: b.alter_column("b", server_default=sa.Computed("id + 1"))),
    "computed_to_none": batch(
        lambda b: b.alter_column("n", server_default=None),
        table=lambda: plain(C("n", sa.Integer, sa.Computed("b + 1"))),
    ),
    "computed_to_none2": batch(
        lambda b: b.alter_column("n", server_default=None, existing_server_default=sa.Computed("b + 1")),
        table=lambda: plain(C("n", sa.Integer, sa.Computed("b + 1"))),
    ),
    "comment": batch(lambda b: b.alter_column("a", comment="x")),
    "comment_always": batch(lambda b: b.alter_column("a", comment="x"), recreate="always"),
    "autoincrement": batch(lambda b: b.alter_column("id", autoincrement=True)),
    "autoincrement_always": batch(lambda b: b.alter_column("id", autoincrement=True), recreate="always"),
    "alter_nothing": batch(lambda b: b.alter_column("id", existing_type=sa.Integer())),
    "alter_before": batch(lambda b: b.alter_column("c", nullable=False, insert_before="a")),
    "alter_after": batch(lambda b: b.alter_column("a", nullable=True, insert_after="c")),
    "all": batch(
        lambda b: b.alter_column(
            "b", new_column_name="bb", type_=sa.Text(), nullable=False, server_default="x", comment="y"
        )
    ),
    "create_index": batch(lambda b: b.create_index("ix", ["a", "b"])),
    "create_index_always": batch(lambda b: b.create_index("ix", ["a", "b"], unique=True), recreate="always"),
    "create_index_expr_always": batch(lambda b: b.create_index("ix", [sa.text("lower(a)")]), recreate="always"),
    "create_index_where_always": batch(
        lambda b: b.create_index("ix", ["a"], sqlite_where=sa.text("b > 1")), recreate="always"
    ),
    "drop_index": batch(lambda b: b.drop_index("ix_a"), table=lambda: plain(sa.Index("ix_a", "a"))),
    "drop_index_always": batch(
        lambda b: b.drop_index("ix_a"), table=lambda: plain(sa.Index("ix_a", "a")), recreate="always"
    ),
    "indexes_kept": batch(
        lambda b: b.alter_column("b", nullable=False),
        table=lambda: plain(
            sa.Index("ix_a", "a", unique=True),
            sa.Index("ix_p", "b", sqlite_where=sa.text("b > 1")),
            sa.Index("ix_e", sa.text("lower(a)")),
            sa.Index("ix_f", sa.func.lower(sa.column("c"))),
        ),
    ),
    "index_expr_col": batch(
        lambda b: b.alter_column("b", nullable=False),
        table=lambda: with_indexes(
            plain(), lambda x: [sa.Index("ix_f", sa.func.lower(x.c.c)), sa.Index("ix_d", x.c.c.desc())]
        ),
    ),
    "index_where_col": batch(
        lambda b: b.alter_column("b", nullable=False),
        table=lambda: with_indexes(plain(), lambda x: [sa.Index("ix_f", x.c.a, sqlite_where=x.c.b > 1)]),
    ),
    "rename_index_where": batch(
        lambda b: b.alter_column("b", new_column_name="bb"),
        recreate="always",
        table=lambda: with_indexes(plain(), lambda x: [sa.Index("ix_f", x.c.a, sqlite_where=x.c.b > 1)]),
    ),
    "rename_index_expr": batch(
        lambda b: b.alter_column("c", new_column_name="cc"),
        recreate="always",
        table=lambda: with_indexes(plain(), lambda x: [sa.Index("ix_f", sa.func.lower(x.c.c))]),
    ),
    "rename_index_text": batch(
        lambda b: b.alter_column("a", new_column_name="cc"),
        recreate="always",
        table=lambda: plain(sa.Index("ix_e", sa.text("lower(a)"))),
    ),
    "drop_index_text": batch(
        lambda b: b.drop_column("a"), recreate="always", table=lambda: plain(sa.Index("ix_e", sa.text("lower(a)")))
    ),
    "rename_where_text": batch(
        lambda b: b.alter_column("b", new_column_name="cc"),
        recreate="always",
        table=lambda: plain(sa.Index("ix_p", "a", sqlite_where=sa.text("b > 1"))),
    ),
    "create_unique": batch(lambda b: b.create_unique_constraint("uq", ["a", "b"])),
    "create_unique_none": batch(lambda b: b.create_unique_constraint(None, ["a", "b"])),
    "create_unique_conflict": batch(
        lambda b: b.create_unique_constraint("uq", ["a", "b"], sqlite_on_conflict="IGNORE")
    ),
    "drop_unique": batch(
        lambda b: b.drop_constraint("uq", type_="unique"),
        table=lambda: plain(sa.UniqueConstraint("a", name="uq"), sa.UniqueConstraint("b")),
    ),
    "drop_unique_unnamed": batch(
        lambda b: b.drop_constraint("uq_t_b", type_="unique"),
        table=lambda: plain(sa.UniqueConstraint("b")),
        naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"},
    ),
    "drop_fk_unnamed": batch(
        lambda b: b.drop_constraint("fk_t_o_o", type_="foreignkey"),
        table=lambda: plain(C("o", sa.Integer, sa.ForeignKey("o.id"))),
        naming_convention={"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"},
    ),
    "drop_unnamed_convention_of_table": batch(
        lambda b: b.drop_constraint("uq_t_b", type_="unique"),
        table=lambda: plain(
            sa.UniqueConstraint("b"), md=sa.MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"})
        ),
    ),
    "convention_of_table_kept": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: plain(
            sa.UniqueConstraint("b"),
            sa.CheckConstraint("b > 1", name="pos"),
            C("o", sa.Integer, sa.ForeignKey("o.id")),
            C("f", sa.Boolean(create_constraint=True, name="f")),
            md=sa.MetaData(
                naming_convention={
                    "uq": "uq_%(table_name)s_%(column_0_name)s",
                    "pk": "pk_%(table_name)s",
                    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                    "ck": "ck_%(table_name)s_%(constraint_name)s",
                    "ix": "ix_%(column_0_label)s",
                }
            ),
        ),
    ),
    "convention_create": batch(
        lambda b: b.create_unique_constraint(None, ["b"]),
        naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"},
    ),
    "convention_create2": batch(
        lambda b: b.create_check_constraint("pos", "b > 0"),
        lambda b: b.create_foreign_key(None, "o", ["b"], ["id"]),
        naming_convention={
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        },
    ),
    "convention_kept": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: plain(
            sa.UniqueConstraint("b"), sa.CheckConstraint("b > 1", name="pos"), C("o", sa.Integer, sa.ForeignKey("o.id"))
        ),
        naming_convention={
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        },
    ),
    "create_fk": batch(
        lambda b: b.create_foreign_key(
            "fk", "o", ["b"], ["id"], ondelete="CASCADE", onupdate="SET NULL", deferrable=True, initially="DEFERRED"
        )
    ),
    "create_fk_schema": batch(lambda b: b.create_foreign_key("fk", "o", ["b"], ["id"], referent_schema="aux")),
    "create_fk_self": batch(lambda b: b.create_foreign_key("fk", "t", ["b"], ["id"])),
    "create_fk_none": batch(lambda b: b.create_foreign_key(None, "o", ["b"], ["id"])),
    "drop_fk_named": batch(
        lambda b: b.drop_constraint("fk", type_="foreignkey"),
        table=lambda: plain(
            C("o", sa.Integer, sa.ForeignKey("o.id", name="fk")),
            C("p", sa.Integer, sa.ForeignKey("p.id", name="fkp", ondelete="CASCADE")),
        ),
    ),
    "self_fk_kept": batch(
        lambda b: b.alter_column("b", nullable=False),
        table=lambda: plain(C("p", sa.Integer, sa.ForeignKey("t.id", name="fk_p"))),
    ),
    "self_fk_schema": batch(
        lambda b: b.alter_column("b", nullable=False),
        table=lambda: plain(C("p", sa.Integer, sa.ForeignKey("aux.t.id", name="fk_p")), schema="aux"),
    ),
    "fk_composite": batch(
        lambda b: b.alter_column("c", nullable=False),
        table=lambda: plain(sa.ForeignKeyConstraint(["a", "b"], ["o.x", "o.y"], name="fk", deferrable=True)),
    ),
    "create_check": batch(lambda b: b.create_check_constraint("ck", "b > 0")),
    "create_check_expr": batch(lambda b: b.create_check_constraint("ck", sa.column("a") == "x:y")),
    "drop_check": batch(
        lambda b: b.drop_constraint("ck", type_="check"),
        table=lambda: plain(sa.CheckConstraint("b > 0", name="ck"), sa.CheckConstraint("b > 1")),
    ),
    "checks_kept": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: plain(
            sa.CheckConstraint("b > 0", name="ck"),
            sa.CheckConstraint("b > 1"),
            C("k", sa.Integer, sa.CheckConstraint("k > 2", name="ck_k")),
        ),
    ),
    "check_renamed": batch(
        lambda b: b.alter_column("b", new_column_name="bb"),
        recreate="always",
        table=lambda: plain(sa.CheckConstraint("b > 0", name="ck")),
    ),
    "check_column_expr_renamed": batch(
        lambda b: b.alter_column("b", new_column_name="bb"), recreate="always", table=lambda: with_check(plain())
    ),
    "create_pk": batch(lambda b: b.create_primary_key("pk", ["a", "b"])),
    "drop_pk_constraint": batch(
        lambda b: b.drop_constraint("pk_t", type_="primary"),
        table=lambda: sa.Table(
            "t", sa.MetaData(), C("id", sa.Integer), C("a", sa.Integer), sa.PrimaryKeyConstraint("id", name="pk_t")
        ),
    ),
    "drop_create_pk": batch(
        lambda b: b.drop_constraint("pk_t", type_="primary"),
        lambda b: b.create_primary_key("pk_t", ["a"]),
        table=lambda: sa.Table(
            "t", sa.MetaData(), C("id", sa.Integer), C("a", sa.Integer), sa.PrimaryKeyConstraint("id", name="pk_t")
        ),
    ),
    "table_comment": batch(lambda b: b.create_table_comment("x")),
    "table_comment_always": batch(lambda b: b.create_table_comment("x"), recreate="always"),
    "drop_table_comment": batch(lambda b: b.drop_table_comment(existing_comment="y"), recreate="always"),
    "execute": batch(lambda b: b.alter_column("a", nullable=True), lambda b: b.execute("UPDATE t SET a = 'x'")),
    "execute_first": batch(lambda b: b.execute("UPDATE t SET a = 'x'"), lambda b: b.alter_column("a", nullable=True)),
    "always_nothing": batch(recreate="always"),
    "never": batch(lambda b: b.alter_column("a", new_column_name="aa"), recreate="never"),
    "never_type": batch(lambda b: b.alter_column("a", type_=sa.Integer()), recreate="never"),
    "reorder": batch(recreate="always", partial_reordering=[("c", "a"), ("id", "b")]),
    "reorder2": batch(
        lambda b: b.add_column(C("n", sa.Integer)), recreate="always", partial_reordering=[("id", "c", "a", "b")]
    ),
    "reorder3": batch(recreate="always", partial_reordering=[("c", "id")]),
    "table_args": batch(
        lambda b: b.alter_column("a", nullable=True),
        table_args=(sa.CheckConstraint("b > 0", name="ck"), sa.UniqueConstraint("c", name="uq_c")),
    ),
    "table_kwargs": batch(
        lambda b: b.alter_column("a", nullable=True),
        table_kwargs={"sqlite_with_rowid": False},
    ),
    "table_kwargs_strict": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: sa.Table("t", sa.MetaData(), C("id", sa.Integer, primary_key=True), C("a", sa.Text)),
        table_kwargs={"sqlite_strict": True},
    ),
    "kwargs_of_table": batch(
        lambda b: b.alter_column("a", nullable=True), table=lambda: plain(sqlite_autoincrement=True)
    ),
    "kwargs_of_table_rowid": batch(
        lambda b: b.alter_column("a", nullable=True), table=lambda: plain(sqlite_with_rowid=False)
    ),
    "prefixes": batch(lambda b: b.alter_column("a", nullable=True), table=lambda: plain(prefixes=["TEMPORARY"])),
    "reflect_args": batch(
        lambda b: b.alter_column("a", nullable=True),
        reflect_args=[C("f", sa.Boolean(create_constraint=True, name="ck_f"))],
        reflect_kwargs={"listeners": []},
    ),
    "schema": batch(
        lambda b: b.alter_column("a", nullable=True),
        lambda b: b.create_index("ix", ["a"]),
        table=lambda: plain(sa.Index("ix_b", "b"), sa.UniqueConstraint("c", name="uq"), schema="aux"),
    ),
    "schema_plain": batch(lambda b: b.add_column(C("n", sa.Integer)), table=lambda: plain(schema="aux")),
    "quoted": batch(
        lambda b: b.alter_column("Order", new_column_name="select", nullable=False),
        lambda b: b.create_unique_constraint("Uq 1", ["select"]),
        table=lambda: sa.Table(
            "My Table",
            sa.MetaData(),
            C("Key", sa.Integer, primary_key=True),
            C("Order", sa.Integer),
            sa.Index("Ix 1", "Order"),
        ),
    ),
    "quoted_default": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: plain(C("d e", sa.Text, server_default=sa.text("('x' || 'it''s')"))),
    ),
    "long": batch(lambda b: b.alter_column("a", nullable=True), table=lambda: plain(name="x" * 60)),
    "computed_kept": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: plain(C("n", sa.Integer, sa.Computed("b + 1", persisted=True))),
    ),
    "identity_kept": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: sa.Table(
            "t", sa.MetaData(), C("id", sa.Integer, sa.Identity(), primary_key=True), C("a", sa.Integer)
        ),
    ),
    "type_decorator": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: plain(
            C("j", sa.JSON),
            C("v", sa.String(3).with_variant(sa.Integer(), "sqlite")),
            C("u", sa.Uuid),
            C("x", sa.LargeBinary),
        ),
    ),
    "composite_pk": batch(
        lambda b: b.alter_column("c", nullable=True),
        table=lambda: sa.Table(
            "t",
            sa.MetaData(),
            C("x", sa.Integer, primary_key=True),
            C("y", sa.Integer, primary_key=True),
            C("c", sa.Integer, nullable=False),
        ),
    ),
    "pk_named": batch(
        lambda b: b.alter_column("c", nullable=True),
        table=lambda: sa.Table(
            "t",
            sa.MetaData(),
            C("x", sa.Integer),
            C("c", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint("x", name="pk_x"),
        ),
    ),
    "pk_on_conflict": batch(
        lambda b: b.alter_column("c", nullable=True),
        table=lambda: sa.Table(
            "t",
            sa.MetaData(),
            C("x", sa.Integer),
            C("c", sa.Integer, nullable=False, sqlite_on_conflict_not_null="FAIL"),
            sa.PrimaryKeyConstraint("x", name="pk_x", sqlite_on_conflict="FAIL"),
        ),
    ),
    "unique_flag": batch(
        lambda b: b.alter_column("a", nullable=True),
        table=lambda: plain(C("u", sa.Integer, unique=True), C("i", sa.Integer, index=True)),
    ),
    "collation": batch(
        lambda b: b.alter_column("a", nullable=True), table=lambda: plain(C("u", sa.String(5, collation="NOCASE")))
    ),
    "drop_add_same": batch(lambda b: b.drop_column("c"), lambda b: b.add_column(C("c", sa.Integer)), recreate="always"),
    "add_then_alter": batch(lambda b: b.add_column(C("n", sa.Integer)), lambda b: b.alter_column("n", nullable=False)),
    "add_then_rename": batch(
        lambda b: b.add_column(C("n", sa.Integer)),
        lambda b: b.alter_column("n", new_column_name="m"),
        recreate="always",
    ),
    "add_then_drop": batch(lambda b: b.add_column(C("n", sa.Integer)), lambda b: b.drop_column("n"), recreate="always"),
    "key_differs": batch(
        lambda b: b.alter_column("kk", nullable=False),
        table=lambda: plain(
            C("kk", sa.Integer, key="other"),
            C("f", sa.Integer, sa.ForeignKey("t.id"), key="zz"),
            sa.UniqueConstraint("other", name="u"),
        ),
    ),
    "add_everything": batch(
        lambda b: b.add_column(C("n", sa.Integer, sa.ForeignKey("o.id"), unique=True, index=True)), recreate="always"
    ),
    "add_pk_always": batch(lambda b: b.add_column(C("n", sa.Integer, primary_key=True)), recreate="always"),
    "drop_add_pk": batch(lambda b: b.drop_column("id"), lambda b: b.add_column(C("n", sa.Integer, primary_key=True))),
    "check_expr_kept": batch(
        lambda b: b.alter_column("c", nullable=True), table=lambda: with_check(plain()), recreate="always"
    ),
    "on_conflict_kept": batch(
        lambda b: b.alter_column("c", nullable=True),
        table=lambda: plain(
            C("z", sa.Integer, nullable=False, sqlite_on_conflict_not_null="FAIL"),
            sa.CheckConstraint("z > 0", name="k"),
        ),
        recreate="always",
    ),
    "rename_check_text_new": batch(
        lambda b: b.alter_column("b", new_column_name="bb"), lambda b: b.create_check_constraint("ck", "bb > 0")
    ),
    "rename_check_expr_new": batch(
        lambda b: b.alter_column("b", new_column_name="bb"),
        lambda b: b.create_check_constraint("ck", sa.column("bb") > 0),
    ),
    "rename_to_itself": batch(lambda b: b.alter_column("c", new_column_name="c"), recreate="always"),
    "add_taken": batch(lambda b: b.add_column(C("c", sa.Integer)), recreate="always"),
    "type_moments": batch(lambda b: b.alter_column("m", type_=sa.Date()), table=lambda: plain(C("m", sa.DateTime))),
    "type_moment_to_time": batch(
        lambda b: b.alter_column("m", type_=sa.Time()), table=lambda: plain(C("m", sa.DateTime))
    ),
    "exclude": batch(lambda b: b.create_exclude_constraint("ex", ("a", "=")), recreate="always"),
    "unique_deferrable": batch(lambda b: b.create_unique_constraint("uq", ["a"], deferrable=True)),
    "autoincrement_kept": batch(
        lambda b: b.alter_column("a", nullable=True), table=lambda: plain(sqlite_autoincrement=True)
    ),
    "drop_check_literal": batch(
        lambda b: b.drop_column("c"), recreate="always", table=lambda: plain(sa.CheckConstraint("a <> 'c'", name="ck"))
    ),
}
