"""A project from folder to script, for all databases, and the public API."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.engine.default import DefaultDialect

import sqlgen
from sqlgen.errors import CommandError, ConfigError, LoadError, RenderError, UnknownDialect
from tests.recording.projects import make_project, statements

DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")
CREATE = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.String(9)))"
ADD = "op.add_column('t', sa.Column('m', sa.Integer))\nop.create_index('ix', 't', ['m'])"


def count_runs(folder: Path, name: str) -> str:
    """Return a line that notes in a file that a module was executed."""
    return f"with open({str(folder / 'runs')!r}, 'a') as file:\n    file.write('{name} ')\n"


def test_revisions_are_executed_once_for_all_dialects(tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": "import counted_helper", "a2": "import counted_helper"})
    (tmp_path / "counted_helper.py").write_text(count_runs(tmp_path, "counted_helper"))
    for id in ("a1", "a2"):
        path = tmp_path / "mig/versions" / f"{id}.py"
        path.write_text(path.read_text() + count_runs(tmp_path, id))
    project = sqlgen.Project.open(tmp_path)
    for dialect in DIALECTS:
        project.script("heads", dialect=dialect)
    assert sorted((tmp_path / "runs").read_text().split()) == ["a1", "a2", "counted_helper"]


def test_only_the_range_is_executed(tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": "pass", "a2": "pass", "a3": "pass"})
    for id in ("a1", "a3"):
        (tmp_path / f"mig/versions/{id}.py").write_text(
            f"revision = {id!r}\ndown_revision = {None if id == 'a1' else 'a2'!r}\nraise AssertionError\n"
        )
    script = sqlgen.Project.open(tmp_path).script("a1:a2", dialect="postgresql")
    assert [section.step.revision.id for section in script.sections if section.step] == ["a2"]


SURROUNDINGS: list[dict[str, str]] = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "POSIX"},
]
PROGRAM = """
import sys, sqlgen
project = sqlgen.Project.open(sys.argv[1])
for dialect in {dialects!r}:
    for direction, range_text in (("upgrade", "heads"), ("downgrade", "heads:base"), ("stamp", "heads")):
        text = str(project.script(range_text, dialect=dialect, direction=direction))
        sys.stdout.buffer.write(text.encode())
"""
RICH = """
import datetime as dt
m = sa.MetaData()
columns = [sa.Column(f"c{n}", sa.Integer, index=True) for n in range(6)]
t = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), *columns,
             sa.Column("d", sa.DateTime(timezone=True)),
             sa.UniqueConstraint("c1", "c2", name="u"), sa.CheckConstraint("c1 > 0", name="k"))
m.create_all(op.get_bind())
utc = dt.timezone.utc
op.bulk_insert(t, [{"id": n, "d": dt.datetime(2024, 1, 1, tzinfo=utc)} for n in (1, 2)])
op.execute("UPDATE t SET c1 = 1")
"""


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": RICH, "a2": ADD})
    outputs = set()
    for number, surroundings in enumerate(SURROUNDINGS):
        folder = tmp_path / f"elsewhere{number}"
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(dialects=DIALECTS), os.path.relpath(tmp_path, folder)],
            cwd=folder,
            env={**os.environ, **surroundings},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        outputs.add(done.stdout)
    (output,) = outputs
    assert output.count(b"CREATE TABLE t") == len(DIALECTS)
    assert str(tmp_path).encode() not in output


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_public_api(tmp_path: Path, dialect: str) -> None:
    make_project(tmp_path, {"a1": CREATE, "a2": ADD})
    project = sqlgen.Project.open(str(tmp_path))
    assert [revision.id for revision in project.revisions] in (["a1", "a2"], ["a2", "a1"])
    assert [step.revision.id for step in project.plan("base:head").steps] == ["a1", "a2"]
    script = project.script("base:head", dialect=dialect)
    first = next(s for s in script.statements if s.revision == "a1" and s.kind == "ddl")
    assert str(first).startswith("CREATE TABLE t")
    assert isinstance(first.element, sa.schema.CreateTable)
    assert str(first.source) == "mig/versions/a1.py:9"
    assert first.operation == 'op.create_table("t")'
    assert str(script).endswith("\n")
    assert (script.revision_count, script.statement_count) == (2, 3)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_directions(tmp_path: Path, dialect: str) -> None:
    make_project(tmp_path, {"a1": CREATE, "a2": ADD})
    project = sqlgen.Project.open(tmp_path)
    down = project.script("head:base", dialect=dialect, direction="downgrade")
    assert [section.step.revision.id for section in down.sections if section.step] == ["a2", "a1"]
    stamp = project.script("heads", dialect=dialect, direction="stamp")
    assert {statement.kind for statement in stamp.statements} == {"version"}
    assert "CREATE TABLE" not in str(project.script("a1:a2", dialect=dialect, direction="stamp"))


def test_a_pinned_version_and_a_default_schema(tmp_path: Path) -> None:
    make_project(tmp_path, "op.execute(f'-- {op.get_bind().dialect.server_version_info[0]}')")
    project = sqlgen.Project.open(tmp_path)
    assert statements(project.script("heads", dialect="pg", server_version="12")) == ["-- 12"]
    (tmp_path / "pyproject.toml").write_text('[tool.sqlgen]\ndialects = { pg = "13" }\n')
    assert statements(sqlgen.Project.open(tmp_path).script("heads", dialect="postgresql")) == ["-- 13"]


def test_opening_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        sqlgen.Project.open(tmp_path)


def test_unknown_dialect(tmp_path: Path) -> None:
    project = sqlgen.Project.open(make_project(tmp_path, "pass"))
    with pytest.raises(UnknownDialect, match="'postgresql'"):
        project.script("heads", dialect="postgresl")


def test_a_revision_without_the_function(tmp_path: Path) -> None:
    make_project(tmp_path, "pass")
    (tmp_path / "mig/versions/a1.py").write_text("revision = 'a1'\ndown_revision = None\n")
    with pytest.raises(LoadError, match=r"has no upgrade\(\)") as caught:
        sqlgen.Project.open(tmp_path).script("heads", dialect="postgresql")
    assert str(caught.value.place) == "mig/versions/a1.py"


def test_progress_hears_of_each_step(tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": "pass", "a2": "pass"})
    heard: list[str] = []
    project = sqlgen.Project.open(tmp_path)
    project.progress = lambda name, step: heard.append(f"{name} {step.revision.id}")
    project.script("heads", dialect="mysql")
    assert heard == ["mysql a1", "mysql a2"]


def test_a_computed_header(tmp_path: Path) -> None:
    make_project(tmp_path, "pass")
    text = "import os\nfrom alembic import op\nrevision = '-'.join(['b', '1']).replace('-', '')\ndown_revision = 'a1'\n"
    (tmp_path / "mig/versions/b.py").write_text(text + "def upgrade():\n    op.execute('-- b')\n")
    project = sqlgen.Project.open(tmp_path)
    assert project.revisions.heads == ("b1",)
    assert statements(project.script("heads", dialect="postgresql")) == ["-- b"]


# sqlgen.capture


@pytest.mark.parametrize("dialect", [*DIALECTS, "pg", "default"])
def test_capture(dialect: str) -> None:
    with sqlgen.capture(dialect) as captured:
        captured.op.create_table("t", sa.Column("id", sa.Integer))
        sqlgen.op.execute("UPDATE t SET id = 1")
        from alembic import op

        op.execute(sa.text("DELETE FROM t"))
    created, updated, deleted = captured.statements
    assert str(created).startswith("CREATE TABLE t")
    assert isinstance(created.element, sa.schema.CreateTable)
    assert (str(updated), str(deleted)) == ("UPDATE t SET id = 1", "DELETE FROM t")
    assert created.source is not None
    assert (Path(created.source.path).name, created.source.line > 0) == ("test_project.py", True)
    assert captured.context.as_sql


def test_a_dialect_object() -> None:
    for given, name in ((mysql.dialect(), "mysql"), (DefaultDialect(), "default")):
        with sqlgen.capture(given) as captured:
            captured.op.execute("DELETE FROM t")
        assert captured.context.dialect.name == name


def test_options_of_capture() -> None:
    metadata = sa.MetaData(naming_convention={"pk": "pk_%(table_name)s"})
    with sqlgen.capture("postgresql", server_version="14", target_metadata=metadata, version_table="v") as captured:
        captured.op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
    assert "CONSTRAINT pk_t" in str(captured.statements[0])
    assert (captured.context.version_table, captured.context.opts["version_table"]) == ("v", "v")
    assert (captured.context.dialect.server_version_info or ())[:1] == (14,)
    assert captured.context.get_current_heads() == ()


def test_errors_of_capture() -> None:
    with pytest.raises(RenderError, match="reads rows") as caught, sqlgen.capture("mysql") as captured:
        captured.op.get_bind().scalar(sa.text("SELECT a FROM b"))
    assert caught.value.place is not None
    assert caught.value.place.path.endswith("test_project.py")


def test_an_error_that_a_capture_block_swallows_is_raised_at_its_end() -> None:
    def swallowing() -> None:
        with sqlgen.capture("mysql") as captured, suppress(CommandError):
            captured.op.get_bind().scalar(sa.text("SELECT a FROM b"))

    with pytest.raises(RenderError, match="reads rows"):
        swallowing()


def test_captures_may_be_nested() -> None:
    with sqlgen.capture("mysql") as outer:
        with sqlgen.capture("oracle") as inner:
            sqlgen.op.execute("DELETE FROM a")
        sqlgen.op.execute("DELETE FROM b")
    assert [str(s) for s in inner.statements] == ["DELETE FROM a"]
    assert [str(s) for s in outer.statements] == ["DELETE FROM b"]


@pytest.mark.parametrize("name", [name for name in sqlgen.__all__ if name != "cli"])
def test_public_names(name: str) -> None:
    assert getattr(sqlgen, name) is not None


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError):
        _ = sqlgen.nosuch
