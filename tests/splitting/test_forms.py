"""What a statement of the author's looks like in a script, and in which transaction it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sqlgen
from sqlgen import dialects
from sqlgen.errors import RenderError, Unsupported
from tests.recording.projects import FIRST_LINE, make_project, render, statements

LONG = ", ".join(f"'{number:0200d}'" for number in range(30))


@pytest.mark.parametrize(
    ("name", "sql", "expected"),
    [
        ("postgresql", "SELECT a[1:PORT], b::int", "SELECT a[1: PORT], b::int;"),
        ("postgresql", "SELECT a[:x], ':y', $$:z$$, \":q\" -- :r", "SELECT a[: x], ':y', $$:z$$, \":q\" -- :r\n;"),
        ("postgresql", "SELECT f(a := 1), a[1:2]", "SELECT f(a := 1), a[1:2];"),
        ("mariadb", "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET @a = ';'", None),
        ("mariadb", "SELECT 1; SELECT '//'", "DELIMITER $$\nSELECT 1; SELECT '//'\n$$\nDELIMITER ;"),
        ("mysql", "SELECT 1; SELECT '$$1///$$$$'", "DELIMITER $$2\nSELECT 1; SELECT '$$1///$$$$'\n$$2\nDELIMITER ;"),
        ("mariadb", "SELECT 1 # a;b", "SELECT 1 # a;b\n;"),
        (
            "mariadb",
            "CREATE PACKAGE k AS BEGIN END; END;",
            "DELIMITER //\nCREATE PACKAGE k AS BEGIN END; END\n//\nDELIMITER ;",
        ),
        ("mssql", "CREATE PROCEDURE p AS SELECT 1;", "CREATE PROCEDURE p AS SELECT 1;\nGO"),
        ("mssql", "SELECT 1 -- GO", "SELECT 1 -- GO\n;\nGO"),
        ("oracle", "SELECT 200 -\n  100 FROM dual", "SELECT 200\n  - 100 FROM dual\n/"),
        ("oracle", "-- a;\n-- ---\nSELECT 1 FROM dual", "-- a; ·\n-- --- ·\nSELECT 1 FROM dual\n/"),
        ("oracle", "/*a;\nb*/ SELECT /*+ h */ 1 FROM dual", "/* a; ·\nb*/ SELECT /*+ h */ 1 FROM dual\n/"),
        ("oracle", "BEGIN NULL; END; -- done", "BEGIN NULL; END; -- done\n/"),
        ("oracle", "BEGIN NULL; END -- done", "BEGIN NULL; END -- done\n;\n/"),
        ("oracle", "WITH FUNCTION f RETURN INT IS BEGIN RETURN 1; END; SELECT f FROM dual;", None),
    ],
)
def test_terminate(name: str, sql: str, expected: str | None) -> None:
    end = {"oracle": "\n/"}.get(name, ";")
    assert dialects.get(name)().terminate(sql) == (expected or sql.rstrip(";") + end)


def test_long_lines_are_folded_for_one_client() -> None:
    sql = f"INSERT INTO t VALUES ({LONG})"
    written = dialects.get("oracle")().terminate(sql)
    assert max(len(line.encode()) for line in written.splitlines()) <= 2499
    assert len(written.splitlines()) == 4
    assert " ".join(written.split()) == f"{sql} /"


@pytest.mark.parametrize(
    ("name", "written"), [("mysql", r"'a\r" + "\n" + r"b\\\r'"), ("mariadb", r"'a\r" + "\n" + r"b\\\r'")]
)
def test_carriage_returns_in_literals(name: str, written: str) -> None:
    found = [one.sql for one in dialects.get(name)().texts("SELECT\r\n'a\r\nb\\\\\r', `a\r\nb`")]
    assert found == [f"SELECT\r\n{written}, `a\r\nb`"]


@pytest.mark.parametrize(
    "call",
    [
        "op.execute({!r})",
        "op.execute(sa.text({!r}))",
        "op.get_bind().execute(sa.text({!r}))",
        "op.get_bind().exec_driver_sql({!r})",
        "op.execute(sa.DDL({!r}))",
    ],
)
def test_statements_of_one_text_share_a_number(tmp_path: Path, call: str) -> None:
    body = call.format("DELETE FROM t; DELETE FROM u; DELETE FROM v") + "\nop.execute('DELETE FROM w')"
    script = render(make_project(tmp_path, body))
    assert statements(script) == [f"DELETE FROM {name}" for name in "tuvw"]
    assert {(one.source.line if one.source else 0) for one in script.statements if one.kind != "version"} == {
        FIRST_LINE,
        FIRST_LINE + 1,
    }
    assert re.findall(r"^-- \[(\d)\]", str(script), re.M) == ["1", "2"]


def test_a_refusal_names_its_place(tmp_path: Path) -> None:
    for number, call in enumerate(["op.execute({!r})", "op.get_bind().execute(sa.text({!r}))"]):
        with pytest.raises(RenderError, match=r"a1\.py:10: revision a1: ") as caught:
            render(make_project(tmp_path / str(number), "pass\n" + call.format("SELECT 1; SELECT 'a")))
        assert caught.value.hint


OUTSIDE = {
    "postgresql": [
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "create unique index concurrently i ON t (a)",
        "-- why\nDROP INDEX CONCURRENTLY i",
        "REINDEX TABLE CONCURRENTLY t",
        "REINDEX (CONCURRENTLY) TABLE t",
        "VACUUM FULL t",
        "CREATE DATABASE d",
        "DROP DATABASE d",
        "CREATE TABLESPACE s LOCATION '/x'",
        "ALTER SYSTEM SET a = 1",
        "ALTER TABLE t DETACH PARTITION u CONCURRENTLY",
    ],
    "sqlite": [
        "VACUUM",
        "PRAGMA foreign_keys = ON",
        "PRAGMA main.foreign_keys(0)",
        "PRAGMA journal_mode=WAL",
        "DETACH d",
    ],
    "mssql": [
        "CREATE DATABASE d",
        "ALTER DATABASE d SET READ_COMMITTED_SNAPSHOT ON",
        "CREATE FULLTEXT INDEX ON t (a) KEY INDEX i",
    ],
}
INSIDE = {
    "postgresql": [
        "CREATE INDEX i ON t (a)",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "ALTER TYPE t ADD VALUE 'x'",
        "ANALYZE",
        "CLUSTER t USING i",
    ],
    "sqlite": ["PRAGMA user_version = 3", "PRAGMA foreign_keys", "ANALYZE"],
    "mssql": ["CREATE TABLE t (a INT)", "ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 1"],
    "mysql": ["CREATE DATABASE d"],
    "oracle": ["ALTER SYSTEM SET a = 1"],
}


@pytest.mark.parametrize(("name", "sql"), [(name, sql) for name, texts in OUTSIDE.items() for sql in texts])
def test_what_stands_outside_a_transaction(name: str, sql: str) -> None:
    (found,) = dialects.get(name)().texts(sql)
    assert not found.transactional


@pytest.mark.parametrize(("name", "sql"), [(name, sql) for name, texts in INSIDE.items() for sql in texts])
def test_what_stands_inside_a_transaction(name: str, sql: str) -> None:
    (found,) = dialects.get(name)().texts(sql)
    assert found.transactional


@pytest.mark.parametrize(("version", "expected"), [("11", False), ("12", True), ("15", True)])
def test_new_values_of_an_enum(version: str, expected: bool) -> None:
    (found,) = dialects.get("postgresql")(version).texts("ALTER TYPE app.\"mood\" ADD VALUE IF NOT EXISTS 'x'")
    assert found.transactional is expected


def words(script: object) -> list[str]:
    """Return the first words of a script's lines without the form: preamble, guard, checks, verdict, and comments."""
    text = re.sub(r"^DO \$sqlgen\$.*?^END \$sqlgen\$;$", "", str(script), flags=re.M | re.S)
    lines = [line.split()[0] for line in text.splitlines() if line and not line.startswith("--")]
    return [word.strip(";") for word in lines if word not in (r"\set", r"\encoding", "SET", r"\echo", "LOCK")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "'DELETE FROM t; COMMIT; VALUES (1); BEGIN; UPDATE t'",
            "BEGIN DELETE COMMIT VALUES BEGIN UPDATE UPDATE COMMIT",
        ),
        ("'COMMIT', 'VALUES (1)', 'BEGIN;', 'DELETE FROM t'", "VALUES BEGIN DELETE UPDATE COMMIT"),
        ("'DELETE FROM t', 'COMMIT', 'begin', 'TRUNCATE t'", "BEGIN DELETE COMMIT BEGIN TRUNCATE UPDATE COMMIT"),
        ("'DELETE FROM t', 'END TRANSACTION', 'TRUNCATE t'", "BEGIN DELETE COMMIT TRUNCATE BEGIN UPDATE COMMIT"),
        ("'BEGIN; DELETE FROM t; COMMIT;'", "BEGIN DELETE UPDATE COMMIT"),
        ("'SAVEPOINT s; ROLLBACK TO SAVEPOINT s'", "BEGIN SAVEPOINT ROLLBACK UPDATE COMMIT"),
        ("'VACUUM', 'DELETE FROM t'", "VACUUM BEGIN DELETE UPDATE COMMIT"),
    ],
)
def test_a_commit_of_the_author(tmp_path: Path, body: str, expected: str) -> None:
    make_project(tmp_path, {"a1": "pass", "a2": f"for text in ({body},):\n    op.execute(text)"})
    assert " ".join(words(render(tmp_path, range_text="a1:a2"))) == expected


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("postgresql", "ROLLBACK"),
        ("sqlite", "ROLLBACK TRANSACTION"),
        ("mssql", "COMMIT"),
        ("mssql", "BEGIN TRAN"),
        ("postgresql", "COMMIT AND CHAIN"),
        ("postgresql", "BEGIN ISOLATION LEVEL SERIALIZABLE"),
    ],
)
def test_what_a_script_with_transactions_cannot_hold(tmp_path: Path, name: str, sql: str) -> None:
    with pytest.raises(Unsupported, match="meddles with the transaction") as caught:
        render(make_project(tmp_path, f"op.execute({sql!r})"), name)
    assert "autocommit_block" in caught.value.hint


@pytest.mark.parametrize("name", ["mysql", "mariadb", "oracle"])
def test_where_the_script_has_no_transactions_they_pass(name: str) -> None:
    with sqlgen.capture(name) as captured:
        captured.op.execute("COMMIT")
    assert [str(one) for one in captured.statements] == ["COMMIT"]


def test_without_transactional_ddl_they_pass() -> None:
    with sqlgen.capture("postgresql", transactional_ddl=False) as captured:
        captured.op.execute("BEGIN; DELETE FROM t; ROLLBACK")
    assert [str(one) for one in captured.statements] == ["BEGIN", "DELETE FROM t", "ROLLBACK"]
