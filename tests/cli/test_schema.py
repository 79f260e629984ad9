"""``schema``, ``snapshot`` and ``--baseline``: what they print, and what they say of wrong use."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sqlgen.cli import main
from tests.recording.projects import make_project

TABLE = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))'
DROP_IF = 'if sa.inspect(op.get_bind()).has_table("t"): op.drop_table("t")'
BROKEN = "raise RuntimeError('no such service')"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    return make_project(tmp_path, {"a1": TABLE, "a2": "op.drop_column('t', 'a')", "a3": DROP_IF})


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def snapshot_of(revision: str, dialect: str = "postgresql") -> str:
    file = f"{revision}.json"
    assert run("schema", revision, "-d", dialect, "--json", "-o", file, "-q").exit_code == 0
    return file


def test_schema_prints_one_script(folder: Path) -> None:
    found = run("schema", "a1", "-d", "postgresql")
    assert found.exit_code == 0
    assert "schema.sql · PostgreSQL 15 · at a1\n" in found.stdout
    assert found.stdout.count("CREATE TABLE") == 3  # the header counts one, the version table is another
    assert "VALUES ('a1')" in found.stdout
    assert run("schema", "a1", "-d", "postgresql").stdout == found.stdout


def test_schema_of_every_dialect_goes_into_a_folder(folder: Path) -> None:
    found = run("schema", "-d", "all", "-o", "out")
    assert found.exit_code == 0
    names = ["mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite"]
    assert sorted(path.parent.name for path in Path("out").glob("*/schema.sql")) == names
    assert run("schema", "-d", "all").exit_code == 2
    assert run("schema", "-d", "all", "--json", "-o", "out").exit_code == 0
    assert sorted(path.parent.name for path in Path("out").glob("*/schema.json")) == names


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "sqlite", "mssql", "oracle"])
def test_a_baseline_stands_for_the_revisions_before(folder: Path, dialect: str) -> None:
    file = snapshot_of("a2", dialect)
    found = run("upgrade", "a2:a3", "-d", dialect, "--baseline", file)
    assert found.exit_code == 0, found.stderr
    assert "DROP TABLE t" in found.stdout
    assert run("upgrade", "a2:a3", "-d", dialect).stdout == found.stdout


def test_with_a_baseline_no_older_revision_is_executed(folder: Path) -> None:
    file = snapshot_of("a2")
    (folder / "mig/versions/a1.py").write_text('revision = "a1"\ndown_revision = None\nimport no_such_package\n')
    assert run("upgrade", "a2:a3", "-d", "pg", "--baseline", file).exit_code == 0
    assert run("downgrade", "a2:a2", "-d", "pg", "--baseline", file).exit_code == 0


def test_a_range_that_asks_nothing_executes_no_older_revision(folder: Path) -> None:
    (folder / "mig/versions/a1.py").write_text('revision = "a1"\ndown_revision = None\nimport no_such_package\n')
    assert run("upgrade", "a1:a2", "-d", "pg").exit_code == 0


def test_a_history_that_cannot_be_replayed_names_revision_and_baseline(folder: Path) -> None:
    path = folder / "mig/versions/a1.py"
    path.write_text(path.read_text().replace(TABLE, BROKEN))
    found = run("upgrade", "a2:a3", "-d", "pg")
    assert found.exit_code == 3
    assert "a1.py" in found.stderr
    assert "the history before a2 cannot be replayed" in found.stderr
    assert "--baseline FILE" in found.stderr


def test_a_baseline_below_the_start_is_where_the_history_begins(folder: Path) -> None:
    file = snapshot_of("a1")
    (folder / "mig/versions/a1.py").write_text('revision = "a1"\ndown_revision = None\nimport no_such_package\n')
    found = run("upgrade", "a2:a3", "-d", "pg", "--baseline", file)
    assert found.exit_code == 0, found.stderr
    assert "DROP TABLE t" in found.stdout


def test_a_chain_that_starts_from_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with sqlite3.connect("old.db") as database:
        database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9))")
    assert run("snapshot", "--url", "sqlite:///old.db", "-o", "old.json").exit_code == 0
    make_project(tmp_path, {"a1": "with op.batch_alter_table('t') as b: b.alter_column('a', nullable=False)"})
    found = run("upgrade", "-d", "sqlite", "--baseline", "old.json")
    assert found.exit_code == 0, found.stderr
    assert "a VARCHAR(9) NOT NULL" in found.stdout
    whole = run("schema", "-d", "sqlite", "--baseline", "old.json")
    assert whole.exit_code == 0, whole.stderr
    assert "a VARCHAR(9) NOT NULL" in whole.stdout


def test_the_configuration_names_a_baseline(folder: Path) -> None:
    snapshot_of("a2")
    (folder / "pyproject.toml").write_text('[tool.sqlgen]\nbaseline = { postgresql = "a2.json" }\n')
    (folder / "mig/versions/a1.py").write_text('revision = "a1"\ndown_revision = None\nimport no_such_package\n')
    found = run("upgrade", "a2:a3", "-d", "pg")
    assert found.exit_code == 0, found.stderr
    assert "DROP TABLE t" in found.stdout


WRONG = {
    "missing": (None, "the baseline cannot be read"),
    "no JSON": ("CREATE TABLE", "not JSON"),
    "a list": ("[]", "must be an object"),
    "other JSON": ('{"name": "x"}', "no snapshot"),
    "other format": ('{"format": 9, "dialect": "postgresql"}', "format 9"),
    "other dialect": ('{"format": 1, "dialect": "mysql"}', "'mysql'"),
    "unknown key": ('{"format": 1, "dialect": "postgresql", "revisions": [], "tabels": []}', "is 'tables' meant"),
    "no revisions": ('{"format": 1, "dialect": "postgresql"}', "'revisions' is missing"),
    "other revision": ('{"format": 1, "dialect": "postgresql", "revisions": ["a3"]}', "is of revision a3"),
    "bad table": (
        '{"format": 1, "dialect": "postgresql", "revisions": ["a2"], "tables": [{"name": 3}]}',
        "must be a string",
    ),
    "bad type": (
        '{"format": 1, "dialect": "postgresql", "revisions": ["a2"], "tables": [{"name": "t", "columns": '
        '[{"name": "a", "type": "varchar(((" }]}]}',
        "is not known",
    ),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_baseline_is_told(folder: Path, text: str | None, said: str) -> None:
    if text is not None:
        Path("wrong.json").write_text(text)
    found = run("upgrade", "a2:a3", "-d", "pg", "--baseline", "wrong.json")
    assert found.exit_code == 2, found.stderr
    assert "wrong.json" in found.stderr or "revision a3" in found.stderr
    assert said in found.stderr
    assert "hint:" in found.stderr


def test_wrong_uses_of_schema(folder: Path) -> None:
    assert "is a range" in run("schema", "a1:a2", "-d", "pg").stderr
    assert run("schema", "nosuch", "-d", "pg").exit_code == 2
    assert run("schema", "-d", "nosuch").exit_code == 2


def test_a_schema_that_cannot_be_followed_names_the_line(folder: Path) -> None:
    path = folder / "mig/versions/a2.py"
    path.write_text(path.read_text().replace("op.drop_column('t', 'a')", 'op.execute("ALTER TABLE t FROBNICATE")'))
    found = run("schema", "a2", "-d", "pg")
    assert found.exit_code == 3
    assert "a2.py:9" in found.stderr


def test_snapshot_reads_a_database_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with sqlite3.connect("x.db") as database:
        database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x')")
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('a7')")
    before = Path("x.db").read_bytes()
    found = run("snapshot", "--url", "sqlite:///x.db")
    facts = json.loads(found.stdout)
    assert facts["revisions"] == ["a7"]
    assert [table["name"] for table in facts["tables"]] == ["t"]
    assert facts["text"] == ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x')"]
    assert Path("x.db").read_bytes() == before


WRONG_URLS = {
    "no URL": ("nonsense", "cannot be read"),
    "no dialect": ("nosuch://host/x", "there is no dialect"),
    "no file": ("sqlite:///none.db", "there is no file"),
    "no driver": ("oracle+nosuch://me:secret@host/x", "sqlgen-migrations[oracle]"),
    "no server": ("mysql://me:secret@127.0.0.1:1/x", "cannot be read"),
}


@pytest.mark.parametrize(("url", "said"), WRONG_URLS.values(), ids=WRONG_URLS.keys())
def test_a_database_that_cannot_be_read_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("snapshot", "--url", url)
    assert found.exit_code == 2, found.stderr
    assert said in found.stderr
    assert "secret" not in found.stderr
    assert not list(tmp_path.iterdir())
