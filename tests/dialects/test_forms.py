"""Names of databases, and what a script needs around its statements."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen import dialects
from sqlgen.errors import UnknownDialect, UsageError
from sqlgen.form import Shape

from .rendering import NAMES


def test_names() -> None:
    assert dialects.names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_names_and_aliases_find_the_class(name: str) -> None:
    found = dialects.get(name)
    assert found.name == name
    assert all(dialects.get(alias) is found for alias in found.aliases)
    assert {alias for alias, target in dialects.ALIASES.items() if target == name} == set(found.aliases)


@pytest.mark.parametrize(("word", "name"), [("PostgreSQL", "postgresql"), ("mysql+pymysql", "mysql")])
def test_case_and_driver_do_not_matter(word: str, name: str) -> None:
    assert dialects.get(word).name == name


@pytest.mark.parametrize(("word", "near"), [("postgre", "postgresql"), ("sqlservr", "mssql"), ("orcale", "oracle")])
def test_unknown_names_get_the_nearest(word: str, near: str) -> None:
    with pytest.raises(UnknownDialect, match=f"did you mean '{near}'"):
        dialects.get(word)


def test_a_version_is_a_number() -> None:
    with pytest.raises(UsageError, match="no version of Oracle"):
        dialects.get("oracle")("latest")


def test_the_list_of_names_is_cheap() -> None:
    code = "import sys, importlib.util as u; s = u.find_spec('sqlgen.dialects'); print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("name", NAMES)
def test_every_dialect_says_how_it_is_applied(name: str) -> None:
    dialect = dialects.get(name)()
    for client in type(dialect.form()).clients:
        form = dialect.form(Shape(client=client))
        assert "up.sql" in form.command("up.sql")
        assert form.preamble()
        assert form.guard([("a1",)])
        assert any("a1" in line or "version_num" in line for line in form.verdict(("a1",)))
    assert dialect.sa.driver == dialect.driver
    assert dialect.sa.paramstyle == "named"


BODY = "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END"


@pytest.mark.parametrize(
    ("name", "sql", "expected"),
    [
        ("postgresql", "SELECT 1", "SELECT 1;"),
        ("postgresql", "SELECT 1;", "SELECT 1;"),
        ("postgresql", "SELECT 1 -- one", "SELECT 1 -- one\n;"),
        ("postgresql", "SELECT 1 -- one;", "SELECT 1 -- one;\n;"),
        ("postgresql", "SELECT '--';", "SELECT '--';"),
        ("postgresql", "SELECT 1 -- one /* two */", "SELECT 1 -- one /* two */\n;"),
        ("postgresql", "SELECT 1 /* one -- two */", "SELECT 1 /* one -- two */;"),
        ("mariadb", "SELECT 1 # one */", "SELECT 1 # one */\n;"),
        ("sqlite", "SELECT 1 -- */", "SELECT 1 -- */\n;"),
        ("mssql", "SELECT 1 -- /* */", "SELECT 1 -- /* */\n;\nGO"),
        ("mysql", BODY, f"DELIMITER //\n{BODY}\n//\nDELIMITER ;"),
        ("mariadb", BODY + ";", f"DELIMITER //\n{BODY}\n//\nDELIMITER ;"),
        ("mysql", BODY + " -- //", f"DELIMITER $$\n{BODY} -- //\n$$\nDELIMITER ;"),
        ("sqlite", "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END", None),
        ("mssql", "SELECT 1", "SELECT 1;\nGO"),
        ("oracle", "SELECT 1 FROM dual;", "SELECT 1 FROM dual\n/"),
        ("oracle", "BEGIN NULL; END", "BEGIN NULL; END;\n/"),
        ("oracle", "CREATE OR REPLACE FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END;", None),
    ],
)
def test_terminate(name: str, sql: str, expected: str | None) -> None:
    end = {"oracle": "\n/", "sqlite": ";"}.get(name, "")
    assert dialects.get(name)().terminate(sql) == (expected or sql + end)


@pytest.mark.parametrize(
    ("dialect", "word", "quoted"),
    [
        ("postgresql", "collation", '"collation"'),
        ("postgresql", "concurrently", '"concurrently"'),
        ("postgresql", "lateral", '"lateral"'),
        ("postgresql", "tablesample", '"tablesample"'),
        ("mariadb", "value", "`value`"),
        ("mariadb", "portion", "`portion`"),
        ("sqlite", "nothing", '"nothing"'),
        ("sqlite", "returning", '"returning"'),
        ("mysql", "value", "value"),
    ],
)
def test_words_that_the_server_reserves_are_quoted(dialect: str, word: str, quoted: str) -> None:
    with sqlgen.capture(dialect) as captured:
        captured.op.create_table(word, sa.Column(word, sa.Integer))
        captured.op.bulk_insert(sa.table(word, sa.column(word)), [{word: 1}])
        captured.op.drop_column(word, word)
    create, insert, drop = map(str, captured.statements)
    assert create.startswith(f"CREATE TABLE {quoted} (")
    assert insert == f"INSERT INTO {quoted} ({quoted}) VALUES (1)"
    assert drop == f"ALTER TABLE {quoted} DROP COLUMN {quoted}"
