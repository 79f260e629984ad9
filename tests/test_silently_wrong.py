"""What Alembic's offline mode gets wrong and ends with 0: here each is right, or an error.

The list was measured with Alembic 1.20.1 on SQLAlchemy 2.0 and 2.1. Most tests ask Alembic too, so that an entry that
it has mended shows itself.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column

import sqlgen
from sqlgen.errors import Unsupported
from tests.dialects.rendering import NAMES, Call, by_alembic, rendered

EXAMPLE = Path(__file__).parents[1] / "examples" / "library"
ZONED = dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def given_values(op: Any) -> None:
    op.get_bind().execute(sa.text("UPDATE t SET a = :a"), {"a": "x"})


def colons(op: Any) -> None:
    op.execute("UPDATE t SET a = '{\"a\":true}'")


def python_default(op: Any) -> None:
    table = sa.Table("t", sa.MetaData(), Column("a", sa.Integer), Column("b", sa.String(5), default="x"))
    op.execute(table.insert().values(a=1))


def options_for_mysql(op: Any) -> None:
    op.create_table("t", Column("a", sa.String(50)), mysql_engine="InnoDB")
    op.create_index("ix", "t", ["a"], mysql_length={"a": 9})


def reference(op: Any) -> None:
    op.add_column("t", Column("c", sa.Integer, sa.ForeignKey("o.id", name="fk")), inline_references=True)


def known_index(op: Any) -> None:
    op.create_table("t", Column("a", sa.Integer), sa.Index("ix", "a"))
    op.drop_index("ix")


def losing(op: Any) -> None:
    op.create_table("t", Column("b", sa.String(20), server_default="x", nullable=False, comment="co"))
    op.alter_column("t", "b", type_=sa.String(50))


@pytest.mark.parametrize("dialect", NAMES)
def test_values_given_at_execution_are_written(dialect: str) -> None:
    assert "a=NULL" in by_alembic(dialect, given_values).replace(" ", "")
    assert rendered(dialect, given_values) == ["UPDATE t SET a = 'x'"]


@pytest.mark.parametrize("dialect", NAMES)
def test_colons_in_text_stay(dialect: str) -> None:
    assert "NULL" in by_alembic(dialect, colons)
    assert rendered(dialect, colons) == ["UPDATE t SET a = '{\"a\":true}'"]


@pytest.mark.parametrize("dialect", NAMES)
def test_defaults_of_python_are_written(dialect: str) -> None:
    assert "NULL" in by_alembic(dialect, python_default)
    assert rendered(dialect, python_default) == ["INSERT INTO t (a, b) VALUES (1, 'x')"]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "mssql"])
def test_an_index_is_never_dropped_on_no_table(dialect: str) -> None:
    assert "ON no_table" in by_alembic(dialect, lambda op: op.drop_index("ix"))
    with pytest.raises(Unsupported, match="must know the table of index ix"):
        rendered(dialect, lambda op: op.drop_index("ix"))
    assert rendered(dialect, known_index)[-1] == "DROP INDEX ix ON t"


@pytest.mark.parametrize("dialect", ["mssql", "oracle"])
def test_inline_references_keep_their_key(dialect: str) -> None:
    assert "REFERENCES" not in by_alembic(dialect, reference)
    assert "CONSTRAINT fk REFERENCES o (id)" in rendered(dialect, reference)[0]


UNCONDITIONAL: dict[str, tuple[Call, tuple[str, ...], tuple[str, ...]]] = {
    "add_column": (
        lambda op: op.add_column("t", Column("c", sa.Integer), if_not_exists=True),
        ("mssql", "oracle"),
        ("mysql", "sqlite"),
    ),
    "create_index": (
        lambda op: op.create_index("ix", "t", ["a"], if_not_exists=True),
        ("mssql", "oracle"),
        ("mysql",),
    ),
    "create_table": (
        lambda op: op.create_table("t", Column("a", sa.Integer), if_not_exists=True),
        (),
        ("mssql", "oracle"),
    ),
    "drop_constraint": (
        lambda op: op.drop_constraint("uq", "t", type_="unique", if_exists=True),
        ("mysql", "mariadb"),
        (),
    ),
}
"""Operation -> call, where Alembic leaves the condition out, and where it prints one that the server lacks."""


@pytest.mark.parametrize("operation", UNCONDITIONAL)
def test_conditions_are_kept_or_refused(operation: str) -> None:
    call, dropped, printed = UNCONDITIONAL[operation]
    assert all("EXISTS" not in by_alembic(dialect, call) for dialect in dropped)
    assert all("EXISTS" in by_alembic(dialect, call) for dialect in printed)
    for dialect in (*dropped, *printed):
        try:
            found = " ".join(rendered(dialect, call))
        except Unsupported:
            continue
        native = "IF NOT EXISTS" in found or "IF EXISTS" in found
        assert native is (dialect == "mariadb")
        assert native or any(word in found for word in ("PREPARE", "IF ", "EXCEPTION"))


def test_options_for_mysql_count_on_mariadb() -> None:
    assert "InnoDB" not in by_alembic("mariadb", options_for_mysql)
    table, index = rendered("mariadb", options_for_mysql)
    assert table.endswith("ENGINE=InnoDB")
    assert index == "CREATE INDEX ix ON t (a(9))"


def test_sqlite_gets_no_syntax_of_postgresql() -> None:
    call: Call = lambda op: op.alter_column("t", "c", nullable=False)  # noqa: E731
    assert "SET NOT NULL" in by_alembic("sqlite", call)
    with pytest.raises(Unsupported):
        rendered("sqlite", call)


def test_oracle_returns_into_no_variable() -> None:
    assert "RETURNING" not in str(sqlgen.Project.open(EXAMPLE).script("base:head", dialect="oracle"))
    table = sa.Table("t", sa.MetaData(), Column("id", sa.Integer, primary_key=True), Column("a", sa.Integer))
    assert ":ret_0" in by_alembic("oracle", lambda op: op.execute(table.insert().values(a=1)))
    assert rendered("oracle", lambda op: op.execute(table.insert().values(a=1))) == ["INSERT INTO t (a) VALUES (1)"]


def test_a_backslash_on_postgresql_is_one() -> None:
    table = sa.table("t", sa.column("a", sa.String))
    (sql,) = rendered("postgresql", lambda op: op.bulk_insert(table, [{"a": "C:\\x"}]))
    assert sql.endswith(r"(E'C:\\x')")


@pytest.mark.parametrize("dialect", NAMES)
def test_a_moment_with_a_zone_is_what_the_driver_stores(dialect: str) -> None:
    table = sa.table("t", sa.column("a", sa.DateTime(timezone=True)))
    (sql,) = [one for one in rendered(dialect, lambda op: op.bulk_insert(table, [{"a": ZONED}])) if "INTO" in one]
    kept = "+02:00" in sql
    assert kept is (dialect in ("postgresql", "mssql", "oracle")), "the drivers of the others leave the offset out"


@pytest.mark.parametrize("dialect", NAMES)
def test_tabs_stay_tabs(dialect: str) -> None:
    table = sa.table("t", sa.column("a", sa.String))
    call: Call = lambda op: op.bulk_insert(table, [{"a": "x\ty"}])  # noqa: E731
    assert "'x y'" in by_alembic(dialect, call)
    found = " ".join(rendered(dialect, call))
    assert any(tab in found for tab in (r"x\ty", "char(9)", "CHAR(9)", "CHR(9)"))


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "mssql"])
def test_a_change_of_type_loses_nothing(dialect: str) -> None:
    assert "NOT NULL" not in by_alembic(dialect, lambda op: op.alter_column("t", "b", type_=sa.String(50)))
    (change,) = [one for one in rendered(dialect, losing)[1:] if one.startswith("ALTER TABLE t")]
    assert "VARCHAR(50) NOT NULL" in change
    assert dialect == "mssql" or change.endswith("DEFAULT 'x' COMMENT 'co'")


@pytest.mark.parametrize("symbols", ["head:base", "head:head-2"])
def test_a_reversed_range_is_an_error(symbols: str) -> None:
    with pytest.raises(sqlgen.CommandError):
        sqlgen.Project.open(EXAMPLE).script(symbols, dialect="postgresql", direction="upgrade")


def test_a_failure_leaves_no_half_script(tmp_path: Path) -> None:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n", encoding="utf-8")
    (versions / "a1.py").write_text(
        "from alembic import op\nrevision = 'a1'\ndown_revision = None\n"
        "def upgrade():\n    op.execute('SELECT 1')\n    op.drop_index('ix')\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "sqlgen", "upgrade", "base:head", "-d", "mysql"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "a1.py:6" in done.stderr


def test_no_order_of_a_set_decides() -> None:
    command = [sys.executable, "-m", "sqlgen", "downgrade", "heads:base", "-d", "postgresql"]
    found = {
        subprocess.run(
            command, cwd=EXAMPLE, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": str(seed)}
        ).stdout
        for seed in range(4)
    }
    assert len(found) == 1


def test_identity_insert_stands_where_it_is_needed() -> None:
    table = sa.Table("t", sa.MetaData(), Column("a", sa.Integer), Column("b", sa.Integer))
    call: Call = lambda op: op.bulk_insert(table, [{"a": 1, "b": 2}])  # noqa: E731
    assert "IDENTITY_INSERT" in by_alembic("mssql", call)
    assert rendered("mssql", call) == ["INSERT INTO t (a, b) VALUES (1, 2)"]


@pytest.mark.parametrize("facts", [{"deferrable": True}, {"match": "FULL"}])
def test_sql_server_gets_no_clauses_that_it_lacks(facts: dict[str, Any]) -> None:
    call: Call = lambda op: op.create_foreign_key("fk", "t", "o", ["a"], ["id"], **facts)  # noqa: E731
    assert any(word in by_alembic("mssql", call) for word in ("DEFERRABLE", "MATCH"))
    with pytest.raises(Unsupported):
        rendered("mssql", call)


def test_concurrently_never_stands_in_a_transaction() -> None:
    with sqlgen.capture("postgresql") as captured:
        captured.op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
        table = sa.Table("u", sa.MetaData(), Column("a", sa.Integer))
        sa.Index("iy", table.c.a, postgresql_concurrently=True).create(captured.op.get_bind())
        table.drop(captured.op.get_bind(), checkfirst=False)
    assert [statement.transactional for statement in captured.statements] == [False, False, True]
