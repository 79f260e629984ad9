from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint as AddConstraintDDL
from sqlalchemy.schema import conv
from sqlalchemy.sql.elements import quoted_name

from sqlgen.errors import RenderError
from sqlgen.operations import Operations, model
from sqlgen.operations.model import UNSET, Operation

from .funnel import CollectingFunnel, flat, made, table_text

Call = Callable[[Any], Any]

PLAIN: list[tuple[Call, type[Operation], dict[str, Any]]] = [
    (lambda op: op.rename_table("a", "b", schema="s"), model.RenameTable, {"subject": "s.a", "new_table_name": "b"}),
    (lambda op: op.drop_table("t", schema="s", if_exists=True), model.DropTable, {"subject": "s.t", "if_exists": True}),
    (lambda op: op.drop_table("t"), model.DropTable, {"subject": "t", "if_exists": False}),
    (
        lambda op: op.create_table_comment("t", "new", existing_comment="old", schema="s"),
        model.SetTableComment,
        {"comment": "new", "existing_comment": "old", "schema": "s"},
    ),
    (
        lambda op: op.drop_table_comment("t", existing_comment="old"),
        model.DropTableComment,
        {"existing_comment": "old", "schema": None},
    ),
    (
        lambda op: op.drop_column("t", "c", mssql_drop_default=True, if_exists=True),
        model.DropColumn,
        {"column_name": "c", "if_exists": True, "options": {"mssql_drop_default": True}},
    ),
    (
        lambda op: op.execute("SELECT 1", execution_options={"a": 1}),
        model.Execute,
        {"statement": "SELECT 1", "execution_options": {"a": 1}},
    ),
    (
        lambda op: op.drop_index("ix", "t", schema="s", if_exists=True),
        model.DropIndex,
        {"subject": "ix", "table_name": "t", "schema": "s", "if_exists": True},
    ),
    (lambda op: op.drop_index("ix"), model.DropIndex, {"table_name": None, "schema": None}),
    (
        lambda op: op.drop_constraint("c", "t", "check", schema="s", if_exists=True),
        model.DropConstraint,
        {"type_": "check", "schema": "s", "table_name": "t", "if_exists": True},
    ),
    (
        lambda op: op.add_column("t", sa.Column("c", sa.Integer), if_not_exists=True, inline_references=True),
        model.AddColumn,
        {"subject": "t.c", "if_not_exists": True, "inline_references": True, "inline_primary_key": False},
    ),
    (
        lambda op: op.add_column(
            "t", sa.Column("c", sa.Integer, primary_key=True), schema="s", inline_primary_key=True
        ),
        model.AddColumn,
        {"subject": "s.t.c", "schema": "s", "inline_primary_key": True},
    ),
    (
        lambda op: op.create_index("ix", "t", ["a"], if_not_exists=True),
        model.CreateIndex,
        {"subject": "ix", "if_not_exists": True},
    ),
]


@pytest.mark.parametrize(("call", "kind", "fields"), PLAIN)
def test_a_call_becomes_an_operation(call: Call, kind: type[Operation], fields: dict[str, Any]) -> None:
    op, operations = made()
    call(op)
    assert [type(operation) for operation in operations] == [kind]
    assert {name: getattr(operations[0], name) for name in fields} == fields


ALTER: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {},
        {"comment": UNSET, "server_default": UNSET, "existing_server_default": UNSET, "nullable": None, "type_": None},
    ),
    ({"server_default": None, "comment": None}, {"server_default": None, "comment": None}),
    ({"server_default": "x", "nullable": False}, {"server_default": "x", "nullable": False}),
    (
        {"existing_server_default": None, "existing_comment": "c"},
        {"existing_server_default": None, "existing_comment": "c"},
    ),
    ({"new_column_name": "d", "schema": "s"}, {"new_column_name": "d", "schema": "s"}),
    (
        {"autoincrement": True, "existing_autoincrement": False},
        {"autoincrement": True, "existing_autoincrement": False},
    ),
    ({"postgresql_using": "c::int"}, {"options": {"postgresql_using": "c::int"}, "autoincrement": None}),
    ({"existing_nullable": True, "nullable": True}, {"existing_nullable": True, "nullable": True}),
]


@pytest.mark.parametrize(("arguments", "fields"), ALTER)
def test_alter_column_tells_given_from_not_given(arguments: dict[str, Any], fields: dict[str, Any]) -> None:
    op, operations = made()
    op.alter_column("t", "c", **arguments)
    assert {name: getattr(operations[0], name) for name in fields} == fields


def test_alter_column_takes_types_as_classes() -> None:
    op, operations = made()
    op.alter_column("t", "c", type_=sa.Integer, existing_type=sa.String(5))
    assert (repr(operations[0].type_), repr(operations[0].existing_type)) == ("Integer()", "String(length=5)")


def test_alter_column_knows_the_checks_of_both_types() -> None:
    op, operations = made({"ck": "ck_%(table_name)s_%(constraint_name)s"})
    flag = sa.Boolean(create_constraint=True, name="flag")
    choice = sa.Enum("a", name="choice", native_enum=False, create_constraint=True)
    op.alter_column("t", "c", type_=flag, existing_type=choice, new_column_name="d")
    names = [check.name for check in (*operations[0].existing_checks, *operations[0].new_checks)]
    assert names == ["ck_t_choice", "ck_t_flag"]


def test_the_checks_of_a_type_that_stays_are_left_alone() -> None:
    op, operations = made()
    op.alter_column("t", "c", nullable=True, existing_type=sa.Boolean(create_constraint=True, name="flag"))
    assert operations[0].existing_checks == ()


def test_create_table_returns_the_table_that_it_records() -> None:
    op, operations = made()
    table = op.create_table("t", sa.Column("a", sa.Integer), schema="s", comment="c", info={"k": 1}, if_not_exists=True)
    assert operations[0].table is table
    assert (table.fullname, table.comment, table.info, operations[0].if_not_exists) == ("s.t", "c", {"k": 1}, True)


def test_create_table_keeps_everything_of_its_columns() -> None:
    op, _ = made()
    column = sa.Column("a", sa.String(7), index=True, comment="x", info={"k": 1}, server_default="y", nullable=False)
    copied = op.create_table("t", column, sa.Column("b", sa.Integer, unique=True), prefixes=["TEMPORARY"]).c.a
    assert (copied.type.length, copied.comment, copied.info, copied.nullable) == (7, "x", {"k": 1}, False)
    assert table_text(copied.table) == (
        "CREATE TEMPORARY TABLE t ( a VARCHAR(7) DEFAULT 'y' NOT NULL, b INTEGER, UNIQUE (b) ); "
        "CREATE INDEX ix_t_a ON t (a)"
    )


def test_none_among_the_columns_is_left_out() -> None:
    op, _ = made()
    assert op.create_table("t", None, sa.Column("a", sa.Integer), None).c.keys() == ["a"]


FOREIGN_KEYS = [
    ("o.id", None, "REFERENCES o (id)"),
    ("o", None, "REFERENCES o (c)"),
    ("s2.o.id", "s", "REFERENCES s2.o (id)"),
    ("db.s2.o.id", None, 'REFERENCES "db.s2".o (id)'),
    ("t.id", None, "REFERENCES t (id)"),
    ("s.t.id", "s", "REFERENCES s.t (id)"),
    ("t.id", "s", "REFERENCES t (id)"),
]


@pytest.mark.parametrize(("target", "schema", "expected"), FOREIGN_KEYS)
def test_foreign_keys_by_name_compile(target: str, schema: str | None, expected: str) -> None:
    op, operations = made()
    table = op.create_table(
        "t", sa.Column("id", sa.Integer), sa.Column("c", sa.Integer, sa.ForeignKey(target)), schema=schema
    )
    assert expected in table_text(table)
    op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey(target)), schema=schema)
    (constraint,) = operations[1].column.table.foreign_key_constraints
    assert expected in flat(AddConstraintDDL(constraint))


def test_foreign_keys_by_object_use_the_name_and_not_the_key() -> None:
    op, _ = made()
    other = sa.Table("o", sa.MetaData(), sa.Column("id", sa.Integer, key="other_key"), schema="s")
    table = op.create_table(
        "t",
        sa.Column("a", sa.Integer, sa.ForeignKey(other.c.other_key)),
        sa.Column("b", sa.Integer, sa.ForeignKey("o.id", link_to_name=True)),
        sa.ForeignKeyConstraint(["b"], [other.c.other_key], name="named"),
    )
    assert table_text(table).count("REFERENCES s.o (id)") == 2


def test_a_table_may_not_point_to_a_column_of_its_own_that_it_lacks() -> None:
    op, _ = made()
    table = op.create_table("t", sa.Column("c", sa.Integer, sa.ForeignKey("t.nope")))
    with pytest.raises(sa.exc.NoReferencedColumnError):
        table_text(table)
    assert table.c.keys() == ["c"]


CONSTRAINTS: list[tuple[Call, str]] = [
    (lambda op: op.create_primary_key("pk", "t", ["a", "b"], schema="s"), "s.t ADD CONSTRAINT pk PRIMARY KEY (a, b)"),
    (
        lambda op: op.create_unique_constraint("uq", "t", ["a"], deferrable=True, initially="DEFERRED"),
        "t ADD CONSTRAINT uq UNIQUE (a) DEFERRABLE INITIALLY DEFERRED",
    ),
    (lambda op: op.create_unique_constraint(None, "t", ("a",)), "t ADD UNIQUE (a)"),
    (lambda op: op.create_check_constraint("ck", "t", "a > 1", schema="s"), "s.t ADD CONSTRAINT ck CHECK (a > 1)"),
    (lambda op: op.create_check_constraint("ck", "t", sa.column("a") > 5), "t ADD CONSTRAINT ck CHECK (a > 5)"),
    (
        lambda op: op.create_check_constraint("ck", "t", sa.Table("o", sa.MetaData(), sa.Column("x")).c.x.is_(None)),
        "t ADD CONSTRAINT ck CHECK (x IS NULL)",
    ),
    (
        lambda op: op.create_foreign_key("fk", "t", "t", ["a"], ["b"], source_schema="s", referent_schema="s"),
        "s.t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES s.t (b)",
    ),
    (
        lambda op: op.create_foreign_key(
            "fk", "t", "o", ["a"], ["b"], onupdate="CASCADE", ondelete="SET NULL", match="FULL", use_alter=True
        ),
        "t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES o (b) MATCH FULL ON DELETE SET NULL ON UPDATE CASCADE",
    ),
    (
        lambda op: op.create_foreign_key("fk", "t", "odd.name", ["a"], ["b"]),
        't ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES "odd.name" (b)',
    ),
]


@pytest.mark.parametrize(("call", "expected"), CONSTRAINTS)
def test_constraints_compile(call: Call, expected: str) -> None:
    op, operations = made()
    call(op)
    assert flat(AddConstraintDDL(operations[0].constraint)) == f"ALTER TABLE {expected}"
    assert operations[0].constraint.table.schema == operations[0].schema


def test_a_constraint_knows_its_call() -> None:
    op, operations = made()
    op.create_check_constraint("ck", "t", "a > 1", schema="s")
    assert operations[0].describe() == 'op.create_check_constraint("ck", "s.t")'


INDEXES: list[tuple[list[Any], dict[str, Any], str]] = [
    (["a", "b"], {"schema": "s"}, "CREATE INDEX ix ON s.t (a, b)"),
    ([sa.text("lower(a)")], {"unique": True}, "CREATE UNIQUE INDEX ix ON t (lower(a))"),
    ([sa.func.lower(sa.column("a")), sa.column("b").desc()], {}, "CREATE INDEX ix ON t (lower(a), b DESC)"),
    ([sa.Table("o", sa.MetaData(), sa.Column("x")).c.x], {}, "CREATE INDEX ix ON t (x)"),
    ([quoted_name("a", True)], {}, 'CREATE INDEX ix ON t ("a")'),
]


@pytest.mark.parametrize(("columns", "arguments", "expected"), INDEXES)
def test_indexes_compile(columns: list[Any], arguments: dict[str, Any], expected: str) -> None:
    op, operations = made()
    op.create_index("ix", "t", columns, **arguments)
    assert flat(sa.schema.CreateIndex(operations[0].index)) == expected


def test_options_for_dialects_stay_on_the_objects() -> None:
    op, operations = made()
    op.create_index("ix", "t", ["a"], postgresql_using="gin", postgresql_include=["b"], mysql_length=5)
    op.drop_index("ix", "t", postgresql_concurrently=True)
    op.create_foreign_key("fk", "t", "o", ["a"], ["b"], postgresql_not_valid=True)
    op.create_table("t", sa.Column("a", sa.Integer), mysql_engine="InnoDB")
    created, dropped, foreign_key, table = operations
    assert created.index.kwargs["postgresql_using"] == "gin"
    assert created.index.table.c.keys() == ["a", "b"]
    assert dropped.index.kwargs["postgresql_concurrently"] is True
    assert foreign_key.constraint.dialect_kwargs["postgresql_not_valid"] is True
    assert table.table.kwargs["mysql_engine"] == "InnoDB"


def test_exclude_constraints_keep_their_elements() -> None:
    op, operations = made()
    elements = [("a", "="), (sa.text("lower(b)"), "&&")]
    op.create_exclude_constraint("ex", "t", *elements, where="a > 1", using="spgist", schema="s", ops={"a": "o"})
    constraint = operations[0].constraint
    assert [(str(part), operator) for part, _, operator in constraint._render_exprs] == [
        ("t.a", "="),
        ("lower(b)", "&&"),
    ]
    assert (str(constraint.where), constraint.using, constraint.ops, constraint.table.fullname) == (
        "a > 1",
        "spgist",
        {"a": "o"},
        "s.t",
    )


def test_bulk_insert_keeps_the_rows() -> None:
    op, operations = made()
    table = sa.table("t", sa.column("a"))
    op.bulk_insert(table, [{"a": 1}, {"a": 2}], multiinsert=False)
    op.bulk_insert(table, [])
    assert (operations[0].table, operations[0].rows, operations[0].multiinsert) == (table, ({"a": 1}, {"a": 2}), False)
    assert operations[1].rows == ()


def test_f_marks_a_name_as_final() -> None:
    assert isinstance(made()[0].f("x"), conv)


def test_bind_context_and_impl_come_from_the_funnel() -> None:
    funnel = CollectingFunnel()
    op = Operations(funnel)
    assert op.get_bind() is funnel.bind
    assert op.get_context() is op.migration_context is funnel.context
    assert op.impl is funnel.context.impl


def test_operations_can_be_made_of_a_migration_context() -> None:
    funnel = CollectingFunnel()
    Operations(funnel.context).execute("SELECT 1")
    assert len(funnel.operations) == 1


def test_operations_cannot_be_made_of_anything() -> None:
    with pytest.raises(TypeError, match="needs the migration context"):
        Operations(object())  # type: ignore[arg-type]


def test_run_async_is_refused() -> None:
    async def work() -> None:
        """Do nothing."""

    with pytest.raises(RenderError, match=r"op\.run_async\(.*work\) cannot be rendered"):
        made()[0].run_async(work)


def test_an_unknown_function_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(AttributeError, match="no function 'create_tabel'; did you mean 'create_table'"):
        made()[0].create_tabel("t")
