"""SQL Server and Oracle: names that only the server knows, and what reflection tells.

No server of these two is here. What is expected has the shapes that SQLAlchemy's
dialects build from the vendors' views.
"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
import sqlglot
from sqlalchemy.dialects import oracle

import sqlgen
from sqlgen.errors import NeedsDatabase
from sqlgen.schema.state import ServerName

DIALECTS = ["mssql", "oracle"]
OLD = sa.__version__.startswith("2.0.")


def make(op: Any, **options: Any) -> sa.Inspector:
    """Make two tables whose keys have no names, and return an inspector."""
    op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, sa.Identity(start=5), primary_key=True),
        sa.Column("a", sa.String(20), server_default="x", comment="words"),
        sa.Column("b", sa.Integer, sa.ForeignKey("p.id", ondelete="CASCADE"), server_default=sa.text("3")),
        sa.Column("n", sa.Numeric(10, 2), nullable=False),
        sa.Column("c", sa.Integer, sa.Computed("b + 1")),
        sa.Column("d", sa.Float, server_default=sa.func.current_timestamp()),
        sa.UniqueConstraint("a", "b"),
        sa.CheckConstraint("b > 0", name="ck"),
        comment="a table",
    )
    op.create_index("ix", "t", [sa.text("n")] if options.get("expression") else ["n"], **options.get("index", {}))
    found: sa.Inspector = sa.inspect(op.get_bind())
    return found


def test_columns_of_sql_server() -> None:
    with sqlgen.capture("mssql") as captured:
        columns = make(captured.op).get_columns("t")
    told = [(one["name"], repr(one["type"]), one["nullable"], one["default"]) for one in columns]
    assert told == [
        ("id", "INTEGER()", False, None),
        ("a", "VARCHAR(length=20)", True, "('x')"),
        ("b", "INTEGER()", True, "((3))"),
        ("n", "NUMERIC(precision=10, scale=2)", False, None),
        ("c", "INTEGER()", True, None),
        ("d", "FLOAT(precision=53)", True, "(getdate())"),
    ]
    assert columns[0]["identity"] == {"start": 5, "increment": 1}
    assert [one["name"] for one in columns if one["autoincrement"]] == ["id"]
    assert columns[1]["comment"] == "words"
    assert columns[4]["computed"] == {"sqltext": "(b + 1)", "persisted": False}


def test_columns_of_oracle() -> None:
    with sqlgen.capture("oracle") as captured:
        columns = make(captured.op).get_columns("t")
    told = [(one["name"], repr(one["type"]), one["nullable"], one["default"]) for one in columns]
    assert told == [
        ("id", "INTEGER()", False, None),
        ("a", "VARCHAR(length=20)", True, "'x'"),
        ("b", "INTEGER()", True, "3"),
        ("n", repr(oracle.NUMBER(10, 2)), False, None),  # type: ignore[no-untyped-call]
        ("c", "INTEGER()", True, None),
        ("d", repr(sa.DOUBLE_PRECISION()), True, "CURRENT_TIMESTAMP"),
    ]
    prefix = "" if OLD else "oracle_"
    assert columns[0]["identity"] == {
        "always": False,
        "start": 5,
        "increment": 1,
        "minvalue": 1,
        "maxvalue": 9999999999999999999999999999,
        "cycle": False,
        "cache": 20,
        f"{prefix}on_null": False,
        f"{prefix}order": False,
    }
    assert "autoincrement" not in columns[0]
    assert columns[4]["computed"] == {"sqltext": "b + 1"}


def test_constraints_and_indexes_of_sql_server() -> None:
    index = {"mssql_where": sa.text("n > 1"), "mssql_include": ["a"], "unique": True}
    with sqlgen.capture("mssql") as captured:
        found = make(captured.op, index=index)
        assert found.get_pk_constraint("t")["dialect_options"] == {"mssql_clustered": True}
        assert found.get_foreign_keys("t")[0]["options"] == {"ondelete": "CASCADE"}
        unique, made = found.get_indexes("t")
        assert (unique["column_names"], unique["unique"]) == (["a", "b"], True)
        assert made["dialect_options"] == {"mssql_include": ["a"], "mssql_clustered": False, "mssql_where": "(n > 1)"}
        assert made.get("include_columns") == (["a"] if OLD else None)
        assert found.get_table_comment("t") == {"text": "a table"}
        for question in (found.get_unique_constraints, found.get_check_constraints):
            with pytest.raises(NotImplementedError):
                question("t")
        assert sa.Table("t", sa.MetaData(), autoload_with=captured.op.get_bind()).c.id.identity is not None


def test_constraints_and_indexes_of_oracle() -> None:
    with sqlgen.capture("oracle") as captured:
        found = make(captured.op, index={"oracle_compress": 1})
        key = found.get_foreign_keys("t")[0]
        assert (key["referred_table"], key["options"]) == ("p", {"ondelete": "CASCADE"})
        (unique,) = found.get_unique_constraints("t")
        assert unique["duplicates_index"] == unique["name"]
        assert {one["name"]: one["dialect_options"] for one in found.get_indexes("t")} == {
            unique["name"]: {},
            "ix": {"oracle_compress": 1},
        }
        assert found.get_check_constraints("t") == [{"name": "ck", "sqltext": "b > 0"}]


def names(found: sa.Inspector) -> dict[str, Any]:
    """Return what the inspector tells as names of the keys of ``t``, by their kind."""
    unique = next(one for one in found.get_indexes("t") if one["unique"])
    return {
        "primary": found.get_pk_constraint("t")["name"],
        "foreignkey": found.get_foreign_keys("t")[0]["name"],
        "unique": unique["name"],
    }


@pytest.mark.parametrize("kind", ["primary", "foreignkey", "unique"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_script_looks_up_what_the_server_named(dialect: str, kind: str) -> None:
    with sqlgen.capture(dialect) as captured:
        name = names(make(captured.op))[kind]
        assert isinstance(name, ServerName)
        count = len(captured.statements)
        captured.op.drop_constraint(name, "t", type_=kind)
        (statement,) = captured.statements[count:]
        gone = {"primary": "get_pk_constraint", "foreignkey": "get_foreign_keys", "unique": "get_indexes"}[kind]
        left = getattr(sa.inspect(captured.op.get_bind()), gone)("t")
    assert str(name) not in str(left)
    columns = {"primary": ["id"], "foreignkey": ["b"], "unique": ["a", "b"]}[kind]
    if dialect == "mssql":
        listed = ", ".join(f"N'{column}'" for column in columns)
        assert "c.is_system_named = 1" in statement.sql
        assert f"IN ({listed})) = {len(columns)}" in statement.sql
        assert "IF @@ROWCOUNT <> 1 THROW" in statement.sql
        query = statement.sql[statement.sql.index("SELECT") : statement.sql.index(";\nIF")]
        assert sqlglot.parse_one(query, dialect="tsql")
    else:
        listed = ", ".join(f"'{column.upper()}'" for column in columns)
        assert f"IN ({listed})) = {len(columns)}" in statement.sql
        query = statement.sql[statement.sql.index("SELECT") : statement.sql.index(";\n    EXECUTE")]
        assert sqlglot.parse_one(query.replace(" INTO sqlgen_name", ""), dialect="oracle")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_name_follows_table_and_column(dialect: str) -> None:
    with sqlgen.capture(dialect) as captured:
        found = make(captured.op)
        captured.op.rename_table("t", "u")
        captured.op.alter_column("u", "b", new_column_name="bb", existing_type=sa.Integer)
        name: Any = sa.inspect(captured.op.get_bind()).get_foreign_keys("u")[0]["name"]
    assert found is not None
    assert (name.table, name.columns) == ("u", ("bb",))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_such_a_name_stands_in_no_other_text(dialect: str) -> None:
    complaint = r"only the server knows the name of the unique constraint of t \(a, b\)"
    with pytest.raises(NeedsDatabase, match=complaint), sqlgen.capture(dialect) as captured:
        captured.op.execute(f"ALTER TABLE t DROP CONSTRAINT {names(make(captured.op))['unique']}")


def test_a_default_goes_by_the_name_that_text_gave_it() -> None:
    with sqlgen.capture("mssql") as captured:
        op = captured.op
        make(op)
        op.execute("CREATE TABLE u (a int CONSTRAINT df_a DEFAULT 3, b int, c int)")
        op.execute("ALTER TABLE u ADD CONSTRAINT df_b DEFAULT 0 FOR b")
        count = len(captured.statements)
        op.drop_column("u", "a")
        op.alter_column("u", "b", server_default=sa.text("5"))
        op.alter_column("u", "b", server_default=None)
        op.drop_column("u", "c")
        found = [one.sql for one in captured.statements[count:]]
    assert found[:4] == [
        "ALTER TABLE u DROP CONSTRAINT df_a",
        "ALTER TABLE u DROP COLUMN a",
        "ALTER TABLE u DROP CONSTRAINT df_b",
        "ALTER TABLE u ADD DEFAULT 5 FOR b",
    ]
    assert "sys.default_constraints" in found[4]
    assert found[5:] == ["ALTER TABLE u DROP COLUMN c"]
