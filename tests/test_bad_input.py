"""What a user gets for what cannot work: one sentence with its place, a way on, and nothing half-written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sqlgen.cli import main
from tests.databases.clients import Client
from tests.databases.conftest import client as client
from tests.databases.conftest import mariadb as mariadb
from tests.databases.conftest import postgresql as postgresql
from tests.databases.conftest import sqlite as sqlite
from tests.recording.projects import make_project

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process, inside the project."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "ALEMBIC_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words: CliRunner().invoke(main, list(words))


def check(result: Result, code: int, *parts: str) -> None:
    """Assert an exit code, and that stderr has an error with all parts; stdout has nothing."""
    assert result.exit_code == code, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("sqlgen: error: ")
    assert "Traceback" not in result.stderr
    assert [part for part in parts if part not in result.stderr] == []


def branched(folder: Path) -> Path:
    """Write a project with revisions abc1 -> abc2 and a second head xyz9 on abc1."""
    make_project(folder, {"abc1": "op.execute('x')", "abc2": "op.execute('x')"})
    text = "revision = 'xyz9'\ndown_revision = 'abc1'\ndef upgrade(): pass\ndef downgrade(): pass\n"
    (folder / "mig/versions/xyz9.py").write_text(text)
    return folder


@pytest.mark.parametrize("output", [None, "out", "out/one.sql"])
@pytest.mark.parametrize(
    ("command", "parts"),
    [
        ("upgrade zzz", ("'zzz'",)),
        ("upgrade abc3", ("'abc3'", "abc")),
        ("upgrade abc", ("'abc'", "abc1", "abc2")),
        ("upgrade abc2:abc1", ("abc2", "abc1", "hint")),
        ("downgrade abc1:abc2", ("abc1", "abc2")),
        ("upgrade head", ("2 heads", "abc2, xyz9", "heads")),
        ("upgrade a:b:c", ("a:b:c",)),
        ("upgrade +9", ("+9",)),
        ("upgrade nosuch@head", ("nosuch",)),
        ("stamp zzz", ("'zzz'",)),
    ],
)
def test_ranges(run: Run, tmp_path: Path, command: str, output: str | None, parts: tuple[str, ...]) -> None:
    branched(tmp_path)
    words = [*command.split(), "-d", "postgresql", *(["-o", output] if output else [])]
    check(run(*words), 2, *parts)
    assert not (tmp_path / "out").exists()


def test_a_partial_id_is_enough_when_one_revision_has_it(run: Run, tmp_path: Path) -> None:
    branched(tmp_path)
    result = run("upgrade", "xyz", "-d", "pg")
    assert result.exit_code == 0
    assert "'xyz9'" in result.stdout


def header(id: str, down: str) -> str:
    """Return the text of a revision file."""
    return f"revision = {id!r}\ndown_revision = {down}\ndef upgrade(): pass\ndef downgrade(): pass\n"


@pytest.mark.parametrize("command", ["heads", "history", "upgrade heads -d pg"])
@pytest.mark.parametrize(
    ("files", "parts"),
    [
        ({"one": ("a1", "'b1'"), "two": ("b1", "'a1'")}, ("Cycle", "a1", "b1")),
        ({"one": ("a1", "'a1'")}, ("loop", "a1")),
        ({"one": ("a1", "None"), "two": ("a1", "None")}, ("a1", "mig/versions/one.py", "mig/versions/two.py")),
        ({"one": ("b1", "'gone'")}, ("mig/versions/one.py", "gone")),
    ],
)
def test_graphs(
    run: Run, tmp_path: Path, command: str, files: dict[str, tuple[str, str]], parts: tuple[str, ...]
) -> None:
    make_project(tmp_path, {})
    for name, (id, down) in files.items():
        (tmp_path / f"mig/versions/{name}.py").write_text(header(id, down))
    check(run(*command.split()), 3, *parts)


RAISING = {
    "op.execute('DROP TABLE fine')\nraise KeyError('what')": (10, "KeyError: 'what'"),
    "op.execute('DROP TABLE fine')\nimport nosuch_module": (10, "nosuch_module"),
    "op.create_table('t', 5)": (9, "create_table() needs columns"),
    "op.add_column('t', sa.Column('x', sa.Integer), nosuch=1)": (9, "nosuch"),
    "op.nosuch('t')": (9, "nosuch"),
    "op.drop_constraint('c')": (9, "drop_constraint"),
    "op.get_bind().execute(sa.text('SELECT a FROM b')).scalar()": (9, "reads rows: SELECT a FROM b"),
    "def inner():\n    op.create_table(None)\ninner()": (10, "create_table"),
    "op.bulk_insert(sa.table('t', sa.column('a')), [{'a': object()}])": (9, 'op.bulk_insert("t")'),
}


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "oracle"])
@pytest.mark.parametrize("body", RAISING)
def test_revisions_that_raise(run: Run, tmp_path: Path, dialect: str, body: str) -> None:
    make_project(tmp_path, {"a1": "op.execute('CREATE TABLE fine (id INTEGER)')", "a2": body})
    line, message = RAISING[body]
    check(run("upgrade", "-d", dialect), 3, f"mig/versions/a2.py:{line}: ", "revision a2", message)


def test_a_failing_revision_leaves_the_old_files(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": "op.execute('CREATE TABLE fine (id INTEGER)')", "a2": "raise KeyError"})
    assert run("upgrade", "a1", "-d", "all", "-o", "out").exit_code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    check(run("upgrade", "-d", "all", "-o", "out"), 3, "a2.py:9")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("def upgrade(:\n    pass\n", ":4", "not valid Python"),
        ("import nosuch_package\n", ":4", "module 'nosuch_package' is not installed here"),
        ("x = 1\nx.y\n", ":5", "AttributeError"),
        ("def upgrade():\npass\n", ":5", "not valid Python"),
    ],
)
def test_revisions_that_cannot_be_loaded(run: Run, tmp_path: Path, text: str, place: str, message: str) -> None:
    make_project(tmp_path, "pass")
    (tmp_path / "mig/versions/a2.py").write_text(f"# first\nrevision = 'a2'\ndown_revision = 'a1'\n{text}")
    check(run("upgrade", "-d", "pg"), 3, f"mig/versions/a2.py{place}: ", message)


def test_a_revision_that_is_not_utf_8(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path, "pass")
    (tmp_path / "mig/versions/a2.py").write_bytes(b'"""caf\xe9"""\nrevision = "a2"\ndown_revision = "a1"\n')
    check(run("upgrade", "-d", "pg"), 3, "mig/versions/a2.py", "UTF-8", "hint: ")


def test_a_revision_that_declares_its_encoding(run: Run, tmp_path: Path) -> None:
    make_project(tmp_path, {})
    text = '# coding: latin-1\n"""café"""\nrevision = "a1"\ndown_revision = None\ndef upgrade(): pass\n'
    (tmp_path / "mig/versions/a1.py").write_bytes(text.encode("latin-1"))
    result = run("upgrade", "-d", "pg")
    assert result.exit_code == 0, result.stderr
    assert "café" in result.stdout


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("import nosuch_app\n", 1, "module 'nosuch_app'"),
        ("x = 1\nraise KeyError('x')\n", 2, "KeyError"),
        ("def f(:\n", 1, "not valid Python"),
    ],
)
def test_an_env_that_raises(run: Run, tmp_path: Path, text: str, line: int, message: str) -> None:
    make_project(tmp_path, "pass", env=text)
    check(run("upgrade", "-d", "pg"), 3, f"mig/env.py:{line}: ", message, "--no-env")
    assert run("upgrade", "-d", "pg", "--no-env").exit_code == 0


@pytest.mark.parametrize(("word", "near"), [("postgresq", "postgresql"), ("sqllite", "sqlite"), ("mongo", "Known are")])
def test_unknown_dialect(run: Run, tmp_path: Path, word: str, near: str) -> None:
    make_project(tmp_path, "pass")
    check(run("upgrade", "-d", word), 2, repr(word), near)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"no section here\n", "alembic.ini"),
        (b"[alembic]\nscript_location = caf\xe9\n", "alembic.ini"),
        (b"[alembic]\nscript_location = nosuch_folder\n", "nosuch_folder"),
        (b"[alembic]\nx = 1\n", "script_location"),
        (b"[alembic]\nscript_location = %(nosuch)s\n", "nosuch"),
    ],
)
def test_unreadable_configuration(run: Run, tmp_path: Path, data: bytes, part: str) -> None:
    (tmp_path / "alembic.ini").write_bytes(data)
    check(run("upgrade", "-d", "pg"), 2, part)


def test_no_configuration(run: Run) -> None:
    check(run("upgrade", "-d", "pg"), 2, "hint: ")
    check(run("-c", "nosuch.ini", "heads"), 2, "nosuch.ini")


@pytest.mark.parametrize("output", ["file", "file/below", "file/one.sql"])
def test_a_file_in_the_place_of_the_folder(run: Run, tmp_path: Path, output: str) -> None:
    make_project(tmp_path, "pass")
    (tmp_path / "file").write_text("mine")
    check(run("upgrade", "-d", "pg", "-o", output), 2, "cannot write", "hint: A file stands where a folder should be")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    make_project(tmp_path, {"a1": "op.execute('one')", "a2": "op.execute('two')"})
    assert run("upgrade", "a1", "-d", "pg", "-o", "out").exit_code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    owner: object = os if failing == "fsync" else Path
    monkeypatch.setattr(owner, failing, full)
    check(run("upgrade", "-d", "pg", "-o", "out"), 2, "cannot write", "no space left", "hint: Make room")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


HOSTILE = [
    "first\n.shell touch PWNED\n\\! touch PWNED",
    "*/ CREATE TABLE pwned (id INT); /*",
    "first\r.shell touch PWNED\r\\! touch PWNED",
    "first\u2028.shell touch PWNED\x85\\! touch PWNED",
    "ends with a backslash \\",
    "'; CREATE TABLE pwned (id INT); --",
    "&name :name ${name} $(name) `name` %name% /",
    "first\nGO\n/\nCREATE TABLE pwned (id INT);\nDELIMITER //",
]


@pytest.mark.parametrize("where", ["message", "story"])
def test_hostile_docstrings_do_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Client, where: str
) -> None:
    make_project(tmp_path, {})
    down: str | None = None
    for number, text in enumerate(HOSTILE):
        doc = text if where == "message" else f"A title\n\n{text}"
        body = f"from alembic import op\ndef upgrade():\n    op.execute('CREATE TABLE good{number} (id INT)')\n"
        lines = f"__doc__ = {doc!r}\n" if number % 2 else f"{doc!r}\n"
        (tmp_path / f"mig/versions/a{number}.py").write_text(
            f"{lines}revision = 'a{number}'\ndown_revision = {down!r}\n{body}", encoding="utf-8"
        )
        down = f"a{number}"
    result = run("upgrade", "-d", client.dialect, "-o", "out")
    assert result.exit_code == 0, result.stderr
    database = client.fresh_database()
    monkeypatch.chdir(tmp_path / "out")
    done = database.run_file(tmp_path / "out" / client.dialect / "upgrade.sql").check()
    assert "error" not in done.stderr.lower()
    good = [f"good{number}" for number in range(len(HOSTILE))]
    assert database.tables() == ["alembic_version", *good]
    assert database.versions() == [down]
    assert not list(tmp_path.rglob("PWNED"))
    assert not any((folder / "PWNED").exists() for folder in (database.scratch(), Path.home()))
