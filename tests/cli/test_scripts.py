"""What the three script commands make of their options. The rendering itself is replaced by a stand-in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from sqlgen.errors import Source, UnknownDialect, Unsupported
from sqlgen.revisions import Plan
from tests.cli.conftest import Run

ALIASES = {"pg": "postgresql", "postgres": "postgresql", "sqlserver": "mssql"}
NAMES = ("postgresql", "mysql", "mssql")


@dataclass
class StandIn:
    """Stands in for the project, the dialects and the files; remembers what it was asked."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    written: dict[str, Any] = field(default_factory=dict)
    progress: Callable[..., None] | None = None
    modules: SimpleNamespace = field(default_factory=SimpleNamespace)
    ends: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(wanted=nullcontext))

    def get(self, word: str) -> SimpleNamespace:
        name = ALIASES.get(word, word)
        if name not in NAMES:
            raise UnknownDialect(f"no dialect {word!r}")
        return SimpleNamespace(name=name)

    def open(self, *_: object, **options: Any) -> StandIn:
        self.opened.append(options)
        return self

    def script(self, range_text: str, *, dialect: str, direction: str, tag: str | None) -> Any:
        if range_text == "broken":
            raise Unsupported("no such thing", place=Source("mig/versions/a1.py", 7), hint="do it by hand")
        if range_text == "warned":
            self.opened[-1]["warn"]("env.py was left out")
        self.asked.append((range_text, dialect, direction, tag))
        return FakeScript(dialect)

    def write_scripts(self, folder: Path, scripts: Sequence[Any], per_revision: bool) -> list[Path]:
        self.written = {"folder": folder, "per_revision": per_revision}
        return [folder / script.dialect.name / "upgrade.sql" for script in scripts]

    def write_file(self, path: Path, text: Iterable[str]) -> bool:
        self.written = {"file": path, "text": "".join(text)}
        return True


class FakeScript:
    statement_count = 1
    revision_count = 2
    plan = Plan((), (), (), "upgrade")
    assumed = ()
    manual = ()

    def __init__(self, name: str) -> None:
        self.dialect = SimpleNamespace(name=name)

    def pieces(self) -> Iterator[str]:
        yield f"-- {self.dialect.name}: "
        yield "grüße\n"


def module(name: str, **members: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(members)
    return made


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, folder: Path) -> StandIn:
    stand_in = StandIn()
    for fake in (
        module("sqlgen.project", Project=SimpleNamespace(open=stand_in.open)),
        module("sqlgen.dialects", get=stand_in.get, names=lambda: NAMES),
        module("sqlgen.scripts.files", write_file=stand_in.write_file),
        module("sqlgen.scripts.texts", write_scripts=stand_in.write_scripts),
    ):
        monkeypatch.setitem(sys.modules, fake.__name__, fake)
    return stand_in


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("upgrade -d pg", ("heads", "postgresql", "upgrade", None)),
        ("upgrade a1:+1 -d mysql --tag t --sql", ("a1:+1", "mysql", "upgrade", "t")),
        ("downgrade -1 -d sqlserver", ("-1", "mssql", "downgrade", None)),
        ("downgrade head:-2 -d mssql", ("head:-2", "mssql", "downgrade", None)),
        ("downgrade -2:base -d mssql", ("-2:base", "mssql", "downgrade", None)),
        ("stamp -d mysql", ("heads", "mysql", "stamp", None)),
        ("stamp a2 b1 -d mysql", ("a2,b1", "mysql", "stamp", None)),
        ("stamp a1:a2 -d pg -d postgres -d postgresql", ("a1:a2", "postgresql", "stamp", None)),
    ],
)
def test_what_is_rendered(run: Run, backend: StandIn, words: str, asked: tuple[str, ...]) -> None:
    result = run(*words.split())
    assert result.exit_code == 0, result.stderr
    assert backend.asked == [asked]
    assert result.stdout_bytes == f"-- {asked[1]}: grüße\n".encode()
    assert result.stderr == f"{asked[1]}: 1 statement, 2 revisions -> stdout\n"


@pytest.mark.parametrize("words", ["-d all", "-d pg -d mysql -d mssql", "-d postgresql -d all"])
def test_a_folder_for_several(run: Run, backend: StandIn, words: str) -> None:
    result = run("upgrade", *words.split(), "-o", "out/")
    assert [dialect for _, dialect, _, _ in backend.asked] == list(NAMES)
    assert backend.written == {"folder": Path("out"), "per_revision": True}
    assert result.stdout == ""
    assert result.stderr == (
        "postgresql: 1 statement, 2 revisions -> out/postgresql/upgrade.sql\n"
        "mysql:      1 statement, 2 revisions -> out/mysql/upgrade.sql\n"
        "mssql:      1 statement, 2 revisions -> out/mssql/upgrade.sql\n"
    )


def test_options_reach_the_project(run: Run, backend: StandIn) -> None:
    run("-x", "a=1", "upgrade", "-d", "pg", "-x", "b", "--no-env", "--tag", "t")
    opened = backend.opened[0]
    assert (opened["x"], opened["tag"], opened["use_env"]) == (("a=1", "b"), "t", False)


@pytest.mark.parametrize("words", [[], ["--raw-newlines"]])
def test_raw_newlines_reach_the_project(run: Run, backend: StandIn, words: list[str]) -> None:
    run("upgrade", "-d", "pg", *words)
    assert backend.opened[0]["config"].raw_newlines is bool(words)


def test_no_per_revision(run: Run, backend: StandIn) -> None:
    run("upgrade", "-d", "pg", "-o", "out", "--no-per-revision")
    assert backend.written == {"folder": Path("out"), "per_revision": False}


def test_one_file(run: Run, backend: StandIn) -> None:
    result = run("upgrade", "-d", "pg", "-o", "some/up.sql")
    assert backend.written == {"file": Path("some/up.sql"), "text": "-- postgresql: grüße\n"}
    assert (result.stdout, result.stderr) == ("", "postgresql: 1 statement, 2 revisions -> some/up.sql\n")


def test_quiet(run: Run, backend: StandIn) -> None:
    result = run("upgrade", "-q", "-d", "pg")
    assert (len(backend.asked), result.stderr) == (1, "")


def test_json(run: Run, backend: StandIn) -> None:
    result = run("upgrade", "a1:m1", "-d", "pg", "-d", "mysql", "-o", "out", "--json", "-q")
    assert len(backend.asked) == 2
    assert json.loads(result.stdout)[1] == {
        "dialect": "mysql",
        "direction": "upgrade",
        "range": "a1:m1",
        "statements": 1,
        "revisions": 2,
        "reads_taken_for_empty": [],
        "left_to_alembic": [],
        "files": ["out/mysql/upgrade.sql"],
    }


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("upgrade", "no dialect is given", "-d postgresql"),
        ("upgrade -d postgresq", "no dialect 'postgresq'", "Did you mean 'postgresql'?"),
        ("upgrade -d zzzz", "no dialect 'zzzz'", "postgresql, mysql, mssql"),
        ("upgrade -d all", "3 scripts (postgresql, mysql, mssql) cannot all go to stdout", "-o out/"),
        ("upgrade -d all -o -", "cannot all go to stdout", "-o out/"),
        ("upgrade -d all -o up.sql", "cannot all go to up.sql", "-o out/"),
        ("upgrade -d pg --per-revision", "--per-revision writes several files", "-o out/"),
        ("upgrade -d pg --per-revision -o a.sql", "not to a.sql", "-o out/"),
        ("upgrade -d pg --json", "cannot both go to stdout", "-o out/"),
    ],
)
def test_options_that_do_not_fit(run: Run, backend: StandIn, words: str, message: str, hint: str) -> None:
    result = run(*words.split())
    assert (result.exit_code, result.stdout, backend.asked) == (2, "", [])
    assert message in result.stderr
    assert hint in result.stderr


@pytest.mark.usefixtures("backend")
def test_an_error_of_rendering(run: Run) -> None:
    result = run("upgrade", "broken", "-d", "pg")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "sqlgen: error: mig/versions/a1.py:7: no such thing\n  hint: do it by hand\n"


def test_dialects_and_folder_of_the_configuration(run: Run, backend: StandIn, folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.sqlgen]\ndialects = { pg = "15", mysql = "" }\nout = "sql"\n')
    result = run("upgrade")
    assert [dialect for _, dialect, _, _ in backend.asked] == ["postgresql", "mysql"]
    assert backend.written["folder"] == folder / "sql"
    assert "-> sql/mysql/upgrade.sql\n" in result.stderr
    assert run("upgrade", "-d", "pg", "-o", "-").stdout == "-- postgresql: grüße\n"


@pytest.mark.parametrize(("url", "code"), [("postgres+psycopg2://u@h/db", 0), ("driver://user@host/db", 2), ("", 2)])
def test_the_url_may_name_the_dialect(run: Run, backend: StandIn, folder: Path, url: str, code: int) -> None:
    with (folder / "alembic.ini").open("a") as file:
        file.write(f"sqlalchemy.url = {url}\n")
    result = run("upgrade")
    assert result.exit_code == code
    assert len(backend.asked) == (1 if code == 0 else 0)
    assert ("postgresql is taken from sqlalchemy.url" in result.stderr) is (code == 0)


@pytest.mark.usefixtures("backend")
def test_warnings_are_told_even_when_quiet(run: Run) -> None:
    assert run("upgrade", "-q", "warned", "-d", "pg").stderr == "sqlgen: warning: env.py was left out\n"
