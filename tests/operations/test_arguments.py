from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen.errors import RenderError

from .funnel import made

Call = Callable[[Any], Any]
TABLE = sa.table("t", sa.column("a"))

WRONG: list[tuple[Call, str]] = [
    (lambda op: op.bulk_insert(TABLE, {"a": 1}), "list of dictionaries, not dict"),
    (lambda op: op.bulk_insert(TABLE, ({"a": 1},)), "list of dictionaries, not tuple"),
    (lambda op: op.bulk_insert(TABLE, [{"a": 1}, ("a", 1)]), "row 2 is tuple"),
    (lambda op: op.bulk_insert(TABLE, [{"a": 1, "b": 2}]), "row 1 has 'b', which is no column of 't'"),
    (lambda op: op.bulk_insert("t", [{"a": 1}]), "needs a sqlalchemy table, not str 't'"),
    (lambda op: op.add_column("t", "c"), "needs a sqlalchemy.Column, not str 'c'"),
    (lambda op: op.add_column("t", sa.column("c")), "needs a sqlalchemy.Column, not ColumnClause"),
    (lambda op: op.add_column(TABLE, sa.Column("c", sa.Integer)), "needs the name of a table as a string"),
    (lambda op: op.add_column("t", sa.Column("c", sa.Integer), foo=1), "unexpected keyword argument 'foo'"),
    (lambda op: op.create_table("t", "c"), "needs columns, constraints and indexes, not str 'c'"),
    (lambda op: op.create_table("t", foo=1), "got 'foo'"),
    (lambda op: op.drop_table("t", foo=1), "got 'foo'"),
    (lambda op: op.create_index("ix", "t", "abc"), "needs a list for 'columns', not str 'abc'"),
    (lambda op: op.create_index("ix", "t", []), "at least one column in 'columns'"),
    (lambda op: op.create_index("ix", "t", ["a"], foo=1), "got 'foo'"),
    (lambda op: op.drop_index("ix", "t", foo=1), "got 'foo'"),
    (lambda op: op.create_unique_constraint("uq", "t", "abc"), "needs a list for 'columns'"),
    (lambda op: op.create_primary_key("pk", "t", "abc"), "needs a list for 'columns'"),
    (lambda op: op.create_check_constraint("ck", "t", 5), "needs text or an SQL expression, not 5"),
    (
        lambda op: op.create_foreign_key("fk", "t", None, ["a"], ["b"]),
        "needs the name of a table as a string, not None",
    ),
    (lambda op: op.create_foreign_key("fk", "t", "o", "a", ["b"]), "needs a list for 'local_cols'"),
    (lambda op: op.create_exclude_constraint("ex", "t"), "at least one column in 'elements'"),
    (lambda op: op.create_exclude_constraint("ex", "t", "a"), "needs pairs of a column and an operator"),
    (lambda op: op.create_exclude_constraint("ex", "t", ("a", "="), foo=1), "unexpected keyword argument 'foo'"),
    (lambda op: op.drop_constraint("c", "t", "fk"), "type_ is one of check, foreignkey, primary, unique or None"),
    (lambda op: op.drop_constraint("c", "t", tablename="t"), "unexpected keyword argument 'tablename'"),
    (lambda op: op.alter_column("t", "c", _type=sa.Integer()), "'_type'; did you mean 'type_'"),
    (lambda op: op.alter_column("t", "c", nosuchdialect_option=1), "'nosuchdialect_option'"),
    (lambda op: op.drop_column("t", "c", ifexists=True), "'ifexists'; did you mean 'if_exists'"),
    (lambda op: op.execute(5), "needs a string or a SQLAlchemy statement, not int 5"),
    (lambda op: op.execute(None), "needs a string or a SQLAlchemy statement, not None"),
    (lambda op: op.execute("SELECT :a", {"a": 1}), "positional argument"),
    (lambda op: op.rename_table("t", None), "needs the name of a table as a string, not None"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_a_wrong_argument_is_a_type_error_and_records_nothing(call: Call, message: str) -> None:
    op, operations = made()
    with pytest.raises(TypeError) as caught:
        call(op)
    assert message in str(caught.value)
    assert operations == []


NAMELESS: list[Call] = [
    lambda op: op.drop_constraint(None, "t", "unique"),
    lambda op: op.drop_constraint(None, "t"),
    lambda op: op.drop_index(None, "t"),
]


@pytest.mark.parametrize("call", NAMELESS)
def test_what_has_no_name_cannot_be_dropped(call: Call) -> None:
    op, operations = made()
    with pytest.raises(RenderError, match="name"):
        call(op)
    assert operations == []


def test_a_primary_key_needs_no_name_to_be_dropped() -> None:
    op, operations = made()
    op.drop_constraint(None, "t", "primary")
    assert (operations[0].constraint.name, operations[0].type_) == (None, "primary")


def test_what_is_known_of_a_dropped_column_is_kept() -> None:
    op, operations = made()
    op.drop_column("t", "c", existing_type=sa.Integer, existing_nullable=False)
    assert repr(operations[0].options) == "{'existing_type': Integer(), 'existing_nullable': False}"
