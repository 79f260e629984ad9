"""The cache of ``generate`` and ``check``: what makes it count, and that it tells what a whole run tells.

A run is forced to come from the cache by taking SQLAlchemy away: where anything is rendered, it ends with exit code 4.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sqlgen.review.facts import CACHE
from tests.review.conftest import SET_IN_CI, files_in

RENDERED = 4
"""The exit code of a run that wanted SQLAlchemy and did not get it."""

DRIVER = """
import sys
if {without}:
    sys.modules["sqlalchemy"] = None
from sqlgen.cli import main
main()
"""

PYPROJECT = """
[tool.sqlgen]
script_location = "migrations"
prepend_sys_path = ["."]
dialects = {{ postgresql = "15" }}
{more}
"""

ENV = """
import os
from pathlib import Path
from alembic import context
import shop.names

if Path("local.cfg").exists():
    raise RuntimeError("a local configuration")
PREFIX = os.environ.get("SHOP_PREFIX", "")
SCRIPTS = sorted(path.name for path in Path("sql").iterdir())
{more}
context.configure(dialect_name="postgresql")
with context.begin_transaction():
    context.run_migrations()
"""

FIRST = '''"""make things"""
from pathlib import Path
import sqlalchemy as sa
from alembic import op
from helper import TABLE

revision = "a1"
down_revision = None

def upgrade():
    op.create_table(TABLE, sa.Column("id", sa.Integer(), primary_key=True), sa.Column("note", sa.Text()))
    op.execute(Path("sql/seed.sql").read_text())

def downgrade():
    op.drop_table(TABLE)
'''

SECOND = '''"""tell of things"""
import sqlalchemy as sa
from alembic import op

revision = "a2"
down_revision = "a1"

def upgrade():
    op.alter_column("thing", "note", comment="new", existing_comment="old", existing_type=sa.Text())

def downgrade():
    op.alter_column("thing", "note", comment=None, existing_comment="new", existing_type=sa.Text())
'''


@dataclass
class Shop:
    """A project that reads all sorts of things, and what is done with it."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *words: str, without: bool = False, **environ: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name not in (*SET_IN_CI, "ALEMBIC_CONFIG")}
        return subprocess.run(
            [sys.executable, "-c", DRIVER.format(without=without), *words],
            cwd=self.root,
            env={**kept, **self.environ, **environ},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    def done(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        done = self.run(*words, without=False, **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def is_cached(self, *words: str, **environ: str) -> bool:
        """Tell whether a run renders nothing."""
        done = self.run(*(words or ("check",)), without=True, **environ)
        assert done.returncode in (0, RENDERED), done.stdout + done.stderr
        return done.returncode == 0

    @property
    def caches(self) -> list[Path]:
        return sorted((self.root / CACHE).glob("*.json"))


def made(root: Path, *, configured: str = "", env: str = "") -> Shop:
    shop = Shop(root)
    shop.write("pyproject.toml", PYPROJECT.format(more=configured))
    shop.write("migrations/env.py", ENV.format(more=env))
    shop.write("migrations/versions/a1.py", FIRST)
    shop.write("migrations/versions/a2.py", SECOND)
    shop.write("helper.py", 'TABLE = "thing"\n')
    shop.write("shop/__init__.py", "")
    shop.write("shop/names.py", 'NAME = "shop"\n')
    shop.write("sql/seed.sql", "INSERT INTO thing (id) VALUES (1)")
    return shop


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A project that was generated; whoever changes it puts everything back."""
    shop = made(tmp_path_factory.mktemp("kept") / "shop")
    shop.done("generate")
    return shop


@pytest.fixture
def shop(kept: Shop) -> Iterator[Shop]:
    """The same, and everything is put back."""
    before = files_in(kept.root)
    yield kept
    for name in set(files_in(kept.root)) - set(before):
        (kept.root / name).unlink()
    for folder in ("helper", "out/mine"):
        shutil.rmtree(kept.root / folder, ignore_errors=True)
    for name, data in before.items():
        if not (kept.root / name).is_file() or (kept.root / name).read_bytes() != data:
            (kept.root / name).parent.mkdir(parents=True, exist_ok=True)
            (kept.root / name).write_bytes(data)


def test_nothing_is_rendered_where_nothing_changed(kept: Shop) -> None:
    assert kept.is_cached("check")
    assert kept.is_cached("generate")
    assert (kept.root / CACHE / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("words", "environ"),
    [
        (["check"], {}),
        (["-q", "check"], {}),
        (["--color", "always", "check"], {}),
        (["check", "--json"], {}),
        (["check", "--diff"], {"GITHUB_ACTIONS": "true"}),
        (["check", "--junit", "report.xml"], {}),
        (["generate"], {}),
        (["generate", "--json"], {}),
        (["generate"], {"CI": "true"}),
    ],
    ids=lambda value: " ".join(value) or "plain",
)
def test_it_tells_what_a_whole_run_tells(shop: Shop, words: list[str], environ: dict[str, str]) -> None:
    report = shop.root / "report.xml"
    whole = shop.done(*words, "--no-cache", **environ)
    written = report.read_bytes() if report.exists() else b""
    again = shop.run(*words, without=True, **environ)
    assert (again.returncode, again.stdout, again.stderr) == (0, whole.stdout, whole.stderr)
    assert "existing_comment says" in whole.stderr
    assert (report.read_bytes() if report.exists() else b"") == written


def edited(name: str, text: str) -> Callable[[Path], object]:
    """Return what puts a text behind a file, or makes one."""

    def edit(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + text)

    return edit


def gone(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).unlink()


def renamed(name: str, other: str) -> Callable[[Path], object]:
    return lambda root: (root / name).rename(root / other)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a revision": edited("migrations/versions/a2.py", "# more\n"),
    "a new revision": edited("migrations/versions/a3.py", SECOND.replace('"a1"', '"a2"').replace('"a2"', '"a3"', 1)),
    "a revision is gone": gone("migrations/versions/a2.py"),
    "a revision has another name": renamed("migrations/versions/a2.py", "migrations/versions/a4.py"),
    "the configuration": edited("pyproject.toml", "# more\n"),
    "another configuration": edited("alembic.ini", "[alembic]\nscript_location = migrations\n"),
    "env.py": edited("migrations/env.py", "# more\n"),
    "a file that a revision reads": edited("sql/seed.sql", " -- more"),
    "a file in a folder that env.py lists": edited("sql/more.sql", ""),
    "a file that env.py looks for": edited("local.cfg", ""),
    "a module that a revision imports": edited("helper.py", "# more\n"),
    "a module that env.py imports": edited("shop/names.py", "# more\n"),
    "a package in the place of a module": edited("helper/__init__.py", 'TABLE = "other"\n'),
    "a module that hides a library's": edited("decimal.py", ""),
    "a module in a package": edited("shop/more.py", ""),
    "a script": edited("out/postgresql/upgrade.sql", "-- more\n"),
    "a script is gone": gone("out/postgresql/downgrade.sql"),
    "a file among the scripts": edited("out/postgresql/mine.sql", ""),
    "a folder among the scripts": edited("out/postgresql/mine/mine.sql", ""),
    "the sum file": edited("out/sqlgen.sum", "# more\n"),
    "the sum file is gone": gone("out/sqlgen.sum"),
    "a run that was killed": edited("out/sqlgen.sum.new", ""),
    "what a killed run left": edited("out/postgresql/.sqlgen-0123456789abcdef.tmp", ""),
    "the cache's format": lambda root: _changed_cache(root, format=0),
    "the cache is no object": lambda root: _damaged(root, b"[]"),
    "the cache is cut off": lambda root: _damaged(root, _only_cache(root).read_bytes()[:-9]),
    "the cache is no text": lambda root: _damaged(root, b"\xff\xfe\0"),
    "the cache is empty": lambda root: _damaged(root, b""),
    "the cache lacks facts": lambda root: _changed_cache(root, facts={}),
    "the cache has facts of a wrong type": lambda root: _changed_cache(root, files=3),
    "the cache is gone": lambda root: _only_cache(root).unlink(),
}


def _only_cache(root: Path) -> Path:
    return Shop(root).caches[0]


def _damaged(root: Path, data: bytes) -> None:
    _only_cache(root).write_bytes(data)


def _changed_cache(root: Path, **more: object) -> None:
    _damaged(root, json.dumps({**json.loads(_only_cache(root).read_bytes()), **more}).encode())


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_rendered(shop: Shop, change: Callable[[Path], object]) -> None:
    change(shop.root)
    assert not shop.is_cached()


@pytest.mark.parametrize(
    ("words", "environ"),
    [
        (["check"], {"SHOP_PREFIX": "x"}),
        (["check"], {"PYTHONHASHSEED": "1"}),
        (["check"], {"TZ": "Asia/Tokyo"}),
        (["check", "-x", "a=b"], {}),
        (["check", "--no-env"], {}),
        (["check", "--no-cache"], {}),
        (["-c", "pyproject.toml", "check"], {"PYTHONPATH": os.curdir}),
    ],
    ids=str,
)
def test_other_options_and_variables_are_rendered(kept: Shop, words: list[str], environ: dict[str, str]) -> None:
    assert not kept.is_cached(*words, **environ)


def test_what_does_not_matter_does_not_count(shop: Shop) -> None:
    for path in shop.root.rglob("*"):
        if CACHE not in path.parts:
            os.utime(path, (1, 1))
    for name in ("README.md", "out/README.md", "notes.txt"):
        shop.write(name, "")
    assert shop.is_cached(SOME_VARIABLE="x")


def test_findings_are_those_of_a_whole_run(shop: Shop) -> None:
    shop.write("out/postgresql/upgrade.sql", "-- mine\n")
    (shop.root / "out/postgresql/downgrade.sql").unlink()
    shop.write("out/postgresql/extra.sql", "")
    done = shop.run("check", "--json")
    kinds = [one["kind"] for one in json.loads(done.stdout)["findings"]]
    assert (done.returncode, kinds) == (1, ["edited", "missing", "unexpected"])


def test_sqlgen_and_what_it_uses_are_among_the_facts(kept: Shop) -> None:
    files = json.loads(kept.caches[0].read_bytes())["facts"]["files"]
    for end in ("sqlgen/run.py", "dialects/postgresql.py", "sqlalchemy/sql/compiler.py", "click/core.py"):
        assert any(path.endswith(f"/{end}") for path in files), end


@pytest.fixture
def copied(kept: Shop, tmp_path: Path) -> Shop:
    """A copy of the project, its cache too."""
    shutil.copytree(kept.root, tmp_path / "shop")
    return Shop(tmp_path / "shop")


def test_a_copied_folder_has_no_cache_and_a_check_makes_one(copied: Shop) -> None:
    assert not copied.is_cached()
    copied.done("check")
    assert copied.is_cached("check")
    assert copied.is_cached("generate")


def test_several_sets_of_options_have_caches_of_their_own(copied: Shop) -> None:
    shutil.rmtree(copied.root / CACHE)
    copied.done("check")
    copied.done("check", "-x", "a=b")
    assert len(copied.caches) == 2
    assert copied.is_cached("check")
    assert copied.is_cached("check", "-x", "a=b")


def test_a_place_that_cannot_be_written_is_passed_over(copied: Shop) -> None:
    shutil.rmtree(copied.root / CACHE)
    copied.write(CACHE, "a file where the folder should be")
    done = copied.done("check")
    assert CACHE not in done.stdout + done.stderr
    assert not copied.is_cached()


def test_a_ci_run_leaves_a_cache_and_writes_nothing_else(copied: Shop) -> None:
    shutil.rmtree(copied.root / CACHE)
    before = files_in(copied.root)
    copied.done("generate", CI="true", PYTHONDONTWRITEBYTECODE="1")
    assert set(files_in(copied.root)) - set(before) == {
        f"{CACHE}/.gitignore",
        copied.caches[0].relative_to(copied.root).as_posix(),
    }


@pytest.mark.parametrize("words", [["check", "--no-cache"], ["generate", "--no-cache"], ["generate", "-o", "build"]])
def test_a_run_that_is_not_meant_leaves_no_cache(copied: Shop, words: list[str]) -> None:
    shutil.rmtree(copied.root / CACHE)
    copied.done(*words)
    assert copied.caches == []


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    shop = made(tmp_path, configured="cache = false")
    shop.done("generate")
    assert shop.caches == []
    assert not shop.is_cached()


def test_findings_leave_no_cache(copied: Shop) -> None:
    shutil.rmtree(copied.root / CACHE)
    edited("out/postgresql/upgrade.sql", "-- more\n")(copied.root)
    assert copied.run("check").returncode == 1
    assert copied.caches == []


NOT_KEPT = {
    "print": 'print("hello")',
    "a warning": 'import warnings; warnings.warn("hello")',
    "a process": 'import subprocess; subprocess.run(["true"])',
    "a socket": "import socket; socket.socket().close()",
    "a file is written": 'Path("log.txt").write_text("x")',
    "a database": 'import sqlite3; sqlite3.connect("app.db").close()',
    "a failure": 'raise ValueError("no")',
    "stdin": "import sys; sys.stdin.read()",
    "dice": 'open("/dev/urandom", "rb").close()',
    "a file that changes": "import helper; os.utime(helper.__file__, (2, 2))",
}


@pytest.mark.parametrize("env", NOT_KEPT.values(), ids=NOT_KEPT)
def test_a_run_that_does_more_than_read_is_not_kept(tmp_path: Path, env: str) -> None:
    shop = made(tmp_path, env=env)
    done = shop.run("generate")
    assert done.returncode == (3 if "raise" in env else 0), done.stderr
    assert shop.caches == []


def test_all_variables_and_the_command_line_count_where_they_are_read(tmp_path: Path) -> None:
    shop = made(tmp_path, env="import sys; ALL = dict(os.environ); QUIET = '-q' in sys.argv")
    shop.done("generate")
    assert shop.is_cached("generate")
    assert not shop.is_cached("check")
    assert not shop.is_cached("generate", SOME_VARIABLE="x")


def test_files_of_releases_count(tmp_path: Path) -> None:
    shop = made(tmp_path)
    shop.done("generate")
    shop.done("release", "1.0", "--no-zip")
    shop.done("check")
    assert shop.is_cached()
    edited("out/releases/1.0/postgresql/upgrade.sql", "-- more\n")(tmp_path)
    assert shop.run("check").returncode == 1
    shutil.rmtree(tmp_path / "out/releases/1.0")
    assert not shop.is_cached()
    shop.done("check")
    assert shop.is_cached()
