"""Alembic's import names while projects are loaded: with Alembic installed, and without."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path

import pytest

import sqlgen
from sqlgen.errors import CommandError, RenderError
from tests.recording.projects import make_project, rendered

#: Hides an installed Alembic from the process that runs it first.
HIDE = """
import sys
class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "alembic":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hide())
"""
INSTALLED = [pytest.param("", id="installed"), pytest.param(HIDE, id="hidden")]
RENDER = """
import sqlgen
print(*[s for s in sqlgen.Project.open(".").script("heads", dialect="postgresql").statements if s.kind != "version"])
"""


def python(folder: Path, *parts: str) -> str:
    """Run a program in a process of its own and return what it prints."""
    code = "\n".join(textwrap.dedent(part) for part in parts)
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LIBRARY = """
from alembic import op, context, autogenerate, util
from alembic.op import execute
import alembic.op
import alembic.operations as operations_package
from alembic.autogenerate import renderers, comparators, rewriter, produce_migrations, compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.rewriter import Rewriter
from alembic.autogenerate.compare import comparators as same
from alembic.command import upgrade
from alembic.config import Config, CommandLine
from alembic.ddl.base import AddColumn, alter_table, visit_add_column
from alembic.ddl.impl import DefaultImpl
from alembic.ddl.mysql import MySQLImpl
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.ddl.sqlite import SQLiteImpl
from alembic.environment import EnvironmentContext
from alembic.migration import MigrationContext
from alembic.operations import BatchOperations, MigrateOperation, Operations, ops
from alembic.operations.ops import CreateTableOp, MigrationScript, UpgradeOps
from alembic.runtime.environment import EnvironmentContext as same_environment
from alembic.runtime.migration import MigrationContext as same_context
from alembic.runtime.plugins import Plugin
from alembic.script import ScriptDirectory, write_hooks
from alembic.script.base import Script
from alembic.script.revision import ResolutionError, RevisionError
from alembic.util import CommandError, Dispatcher, DispatchPriority, PriorityDispatchResult, to_list
from alembic.util.exc import CommandError as same_error
from alembic.util.messaging import obfuscate_url_pw

assert alembic.op is op and CommandError is same_error and issubclass(ResolutionError, Exception)
assert EnvironmentContext is same_environment and MigrationContext is same_context

class ClickhouseImpl(DefaultImpl):
    __dialect__ = "clickhouse"

class Mine(PostgresqlImpl):
    __dialect__ = "postgresql"
    def compare_type(self, *arguments):
        return super().compare_type(*arguments)

class Tables(EnvironmentContext):
    pass

@Operations.register_operation("create_view")
class CreateView(MigrateOperation):
    def __init__(self, name):
        self.name = name
    @classmethod
    def create_view(cls, operations, name):
        return operations.invoke(cls(name))
    def reverse(self):
        return self

@Operations.implementation_for(CreateView)
def create_view(operations, operation):
    operations.execute(f"CREATE VIEW {operation.name}")

@renderers.dispatch_for(CreateView)
def render_view(context, op):
    return "op.create_view()"

@comparators.dispatch_for("schema", priority=DispatchPriority.LAST)
def compare(context, upgrade_ops, schemas):
    return PriorityDispatchResult.STOP

def setup(plugin: Plugin):
    plugin.add_autogenerate_comparator(compare, "schema")

@write_hooks.register("black")
def hook(filename, options):
    raise AssertionError("nothing is written")

writer = Rewriter()

@writer.rewrites(ops.CreateTableOp)
def order(context, revision, op):
    return op

writer = writer.chain(rewriter.Rewriter())
from typing import List
Hints = List[AutogenContext]
"""


@pytest.mark.parametrize("hide", INSTALLED)
def test_a_library_that_extends_alembic(tmp_path: Path, hide: str) -> None:
    body = "import library\nop.create_view('v')\nlibrary.execute('-- helper')\nlibrary.op.execute('-- helper too')"
    make_project(tmp_path, body)
    (tmp_path / "library.py").write_text(LIBRARY)
    assert python(tmp_path, hide, RENDER) == "CREATE VIEW v -- helper -- helper too"


@pytest.mark.parametrize("hide", INSTALLED)
def test_a_package_of_helpers(tmp_path: Path, hide: str) -> None:
    body = "from migration_helpers import add, whoami\nadd('t')\nwhoami()\nfrom alembic.op import create_table\n"
    body += "create_table('x', sa.Column('id', sa.Integer))"
    make_project(tmp_path, {"a1": body, "a2": body.replace("'x'", "'y'")})
    package = tmp_path / "migration_helpers"
    package.mkdir()
    (package / "__init__.py").write_text("from .tables import add\nfrom .who import whoami\n")
    (package / "tables.py").write_text("from alembic import op\ndef add(name):\n    op.execute(f'-- {name}')\n")
    text = "from alembic import context, op\ndef whoami():\n    op.execute(f'-- {context.is_offline_mode()}')\n"
    (package / "who.py").write_text(text)
    found = python(tmp_path, hide, RENDER)
    assert found.count("-- t -- True CREATE TABLE") == 2


def test_errors_of_alembic_are_ours() -> None:
    with sqlgen.capture("postgresql"):
        served: object = import_module("alembic.util").CommandError
    assert served is CommandError


@pytest.mark.parametrize(
    "body",
    [
        "from alembic.autogenerate import compare_metadata\ncompare_metadata(None, None)",
        "from alembic import command\ncommand.upgrade(None, 'head')",
        "from alembic.autogenerate.api import AutogenContext\nAutogenContext(None)",
        "from alembic.util import err\nerr('no')",
    ],
)
def test_what_cannot_work_says_so(tmp_path: Path, body: str) -> None:
    with pytest.raises(RenderError, match="needs Alembic itself") as caught:
        rendered(tmp_path, body)
    assert str(caught.value.place) == "mig/versions/a1.py:10"
    assert caught.value.hint


def test_the_modules_of_an_embedding_program_stay(tmp_path: Path) -> None:
    make_project(tmp_path, "from alembic.operations import ops\nop.execute('-- ours')")
    assert (
        python(
            tmp_path,
            """
            import sys
            import alembic, alembic.command, alembic.op
            from alembic.migration import MigrationContext
            from alembic.operations import Operations
            import sqlalchemy as sa
            before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "alembic"}
            path, finders = list(sys.path), list(sys.meta_path)
            """,
            RENDER,
            """
            after = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "alembic"}
            assert before == after, set(before) ^ set(after)
            assert (path, finders) == (sys.path, sys.meta_path)
            assert alembic.op is sys.modules["alembic.op"] and alembic.__file__
            from alembic.autogenerate import compare_metadata
            with sa.create_engine("sqlite://").connect() as connection:
                context = MigrationContext.configure(connection)
                Operations(context).create_table("t", sa.Column("id", sa.Integer))
                print(sa.inspect(connection).get_table_names(), compare_metadata(context, sa.MetaData())[0][0])
            """,
        )
        == "-- ours\n['t'] remove_table"
    )


def test_alembic_can_be_imported_after_a_run(tmp_path: Path) -> None:
    make_project(tmp_path, "from alembic.util import CommandError\nop.execute('-- ours')")
    after = "import alembic, alembic.command\nprint(bool(alembic.__file__), alembic.command.__name__)"
    assert python(tmp_path, RENDER, RENDER, after) == "-- ours\n-- ours\nTrue alembic.command"


def test_an_error_leaves_the_modules_as_they_were(tmp_path: Path) -> None:
    before = {name for name in sys.modules if name.partition(".")[0] == "alembic"}
    with pytest.raises(CommandError):
        rendered(tmp_path, "1 / 0")
    assert {name for name in sys.modules if name.partition(".")[0] == "alembic"} == before


@pytest.mark.parametrize("hide", INSTALLED)
def test_serve_alembic(tmp_path: Path, hide: str) -> None:
    code = """
    import sys
    import sqlgen
    sqlgen.serve_alembic()
    sqlgen.serve_alembic()
    finders = [finder for finder in sys.meta_path if type(finder).__name__ == "Served"]
    from alembic import op, context
    import alembic.op
    from alembic.util import CommandError
    assert alembic.op is op and CommandError is sqlgen.CommandError
    with sqlgen.capture("oracle") as captured:
        op.execute("DELETE FROM t")
        sqlgen.op.execute("DELETE FROM u")
    from alembic import op as again
    print(len(finders), again is op, *captured.statements)
    """
    assert python(tmp_path, hide, code) == "1 True DELETE FROM t DELETE FROM u"


def test_serving_takes_the_place_of_an_installed_alembic(tmp_path: Path) -> None:
    code = """
    import alembic, alembic.op
    import sqlgen
    sqlgen.serve_alembic()
    import alembic.op as served
    print(served is not alembic.op, type(served).__name__)
    """
    assert python(tmp_path, code) == "True ServedModule"
