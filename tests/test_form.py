"""What may be asked of the form of a script, and what no database or client can give."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sqlgen import Project, dialects
from sqlgen.cli import main
from sqlgen.errors import ConfigError, Unsupported, UsageError
from sqlgen.form import Shape
from tests.recording.projects import make_project


@pytest.mark.parametrize(
    ("dialect", "shape", "message"),
    [
        ("postgresql", Shape(client="pqsl"), "no client 'pqsl' for PostgreSQL"),
        ("postgresql", Shape(client="sqlplus"), "no client 'sqlplus'"),
        ("postgresql", Shape(form="plain", idempotent=True), "is in blocks"),
        ("sqlite", Shape(form="block"), "SQLite has no blocks"),
        ("sqlite", Shape(idempotent=True), "SQLite has no blocks"),
        ("sqlite", Shape(schema="other"), "no schemas"),
        ("sqlite", Shape(statement_timeout=3), "no limit"),
        ("oracle", Shape(statement_timeout=3), "no limit"),
        ("mysql", Shape(transaction="all"), "commits each statement"),
        ("mariadb", Shape(transaction="per-revision"), "commits each statement"),
        ("oracle", Shape(commit="manual"), "nothing can be left open"),
        ("postgresql", Shape(commit="manual", form="block"), "left open"),
        ("mssql", Shape(commit="manual", transaction="per-revision"), "left open"),
    ],
)
def test_what_cannot_be(dialect: str, shape: Shape, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        dialects.get(dialect)().form(shape)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("dialect", "shape", "line"),
    [
        ("postgresql", Shape(lock_timeout=None), "SET lock_timeout = '0ms';"),
        ("postgresql", Shape(lock_timeout=0.25), "SET lock_timeout = '250ms';"),
        ("postgresql", Shape(statement_timeout=90), "SET statement_timeout = '90s';"),
        ("postgresql", Shape(timing=True), r"\timing on"),
        ("postgresql", Shape(client="plain"), "SET client_encoding = 'UTF8';"),
        ("postgresql", Shape(schema="Sales"), 'SET search_path = "Sales";'),
        ("mysql", Shape(lock_timeout=30), "SET LOCAL lock_wait_timeout = 30;"),
        ("mysql", Shape(statement_timeout=1.5), "SET LOCAL max_execution_time = 1500;"),
        ("mariadb", Shape(statement_timeout=1.5), "SET LOCAL max_statement_time = 1.5;"),
        ("mariadb", Shape(schema="my shop"), "USE `my shop`;"),
        ("sqlite", Shape(lock_timeout=2), ".timeout 2000"),
        ("sqlite", Shape(client="plain"), "PRAGMA busy_timeout = 5000;"),
        ("sqlite", Shape(timing=True), ".timer on"),
        ("mssql", Shape(lock_timeout=None), "SET LOCK_TIMEOUT -1;"),
        ("mssql", Shape(timing=True), "SET STATISTICS TIME ON;"),
        ("oracle", Shape(log="up.log"), "SPOOL up.log"),
        ("oracle", Shape(schema="shop"), "ALTER SESSION SET CURRENT_SCHEMA = shop"),
        ("oracle", Shape(timing=True), "SET TIMING ON"),
    ],
)
def test_the_settings_of_client_and_session(dialect: str, shape: Shape, line: str) -> None:
    assert line in "\n".join(dialects.get(dialect)().form(shape).preamble()).splitlines()


@pytest.mark.parametrize(
    ("dialect", "shape", "command"),
    [
        ("postgresql", Shape(log="up.log"), "psql -X -v ON_ERROR_STOP=1 -L up.log -d DATABASE -f up.sql"),
        ("mariadb", Shape(client="mysql", log="up.log"), "--tee=up.log DATABASE < up.sql"),
        ("sqlite", Shape(log="up.log"), "sqlite3 -bail DATABASE < up.sql > up.log 2>&1"),
        ("mssql", Shape(log="up.log"), "-i up.sql -o up.log"),
        ("mssql", Shape(client="ssms"), "Management Studio"),
        ("postgresql", Shape(commit="none"), "psql -X -1 "),
        ("postgresql", Shape(commit="manual"), r"\i up.sql"),
        ("oracle", Shape(client="sqlcl"), "sql -L USER@DATABASE @up.sql"),
    ],
)
def test_the_command_line(dialect: str, shape: Shape, command: str) -> None:
    assert command in dialects.get(dialect)().form(shape).command("up.sql")


def test_no_client_command_stands_in_a_script_for_any_client() -> None:
    for name in dialects.names():
        form = dialects.get(name)().form(Shape(client="plain", progress="statement", timing=True))
        lines = "\n".join([*form.preamble(), *form.guard([("a1",)]), *form.arrived(("b1",)), *form.verdict(("b1",))])
        first = {line.split()[0] for line in lines.splitlines() if line.strip()}
        assert not {word for word in first if word.startswith(("\\", ".")) or word in ("PROMPT", "WHENEVER", "SPOOL")}


def config(folder: Path, keys: str) -> Path:
    make_project(folder, 'op.execute("SELECT 1")')
    (folder / "pyproject.toml").write_text(f"[tool.sqlgen]\n{keys}\n")
    return folder


def test_the_configuration(tmp_path: Path) -> None:
    keys = 'form = {postgresql = "block", mariadb = "idempotent"}\nclient = {pg = "plain"}\nlock_timeout = 7\n'
    project = Project.open(config(tmp_path, keys))
    asked = project.script("heads", dialect="postgresql").form().shape
    assert (asked.form, asked.client, asked.lock_timeout) == ("block", "plain", 7.0)
    assert project.script("heads", dialect="mariadb").form().shape.idempotent
    assert project.script("heads", dialect="sqlite").form().shape.form == "plain"
    said = project.script("heads", dialect="postgresql", form="plain", lock_timeout=0).form().shape
    assert (said.form, said.lock_timeout) == ("plain", None)


@pytest.mark.parametrize(
    "keys",
    [
        'form = "blocks"',
        "form = 3",
        'transaction = {postgresql = "some"}',
        'commit = "yes"',
        'progress = "all"',
        "client = 5",
        'lock_timeout = "5s"',
        "lock_timeout = -1",
        "statement_timeout = true",
    ],
)
def test_a_wrong_configuration(tmp_path: Path, keys: str) -> None:
    with pytest.raises(ConfigError, match=rf"pyproject\.toml:2: .*{keys.split()[0]} must be"):
        Project.open(config(tmp_path, keys))


def test_clients_on_the_command_line(tmp_path: Path) -> None:
    folder = make_project(tmp_path, 'op.execute("SELECT 1")')
    place = ["-c", str(folder / "alembic.ini"), "upgrade"]
    out = tmp_path / "out"
    clients = ["--client", "plain", "--client", "sqlcl", "--client", "ssms"]
    done = CliRunner().invoke(main, [*place, "-d", "pg", "-d", "mssql", "-d", "oracle", "-o", str(out), *clients])
    assert done.exit_code == 0, done.stderr
    heads = {name: (out / name / "upgrade.sql").read_text() for name in ("postgresql", "mssql", "oracle")}
    assert all("any client" in head for head in heads.values())  # each takes the first that it knows
    wrong = CliRunner().invoke(main, [*place, "-d", "pg", "--client", "sqlplus"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "no client 'sqlplus' for postgresql" in wrong.stderr
    assert "Did you mean 'psql'?" in wrong.stderr
    both = CliRunner().invoke(main, [*place, "-d", "sqlite", "--idempotent"])
    assert (both.exit_code, both.stdout) == (2, "")


@pytest.mark.parametrize("dialect", ["postgresql", "mssql"])
def test_a_revision_that_is_cut_cannot_be_run_again(tmp_path: Path, dialect: str) -> None:
    """Its first part would be applied twice: the version moves with the last."""
    body = 'op.create_table("t", sa.Column("a", sa.Integer))\nwith op.get_context().autocommit_block():\n'
    project = Project.open(make_project(tmp_path, body + '    op.execute("UPDATE STATISTICS t")\n'))
    with pytest.raises(Unsupported, match=r"a1\.py:9: op.create_table.* cannot be run again"):
        str(project.script("heads", dialect=dialect, idempotent=True))
    assert "UPDATE STATISTICS" in str(project.script("heads", dialect=dialect, form="block"))
