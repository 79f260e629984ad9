"""``alembic.context`` as env.py and revisions find it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sqlgen.errors import CommandError, LoadError, RenderError
from sqlgen.recording.environment import context
from tests.recording.projects import make_project, render, rendered, statements

ENV = """\
from alembic import context
config = context.config
def offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"){options})
    with context.begin_transaction():
        context.run_migrations({arguments})
def online():
    raise AssertionError("online was run")
if context.is_offline_mode():
    offline()
else:
    online()
"""
NOTE = "op.execute('-- ' + str({0}))"


def env(options: str = "", arguments: str = "", before: str = "", after: str = "") -> str:
    """Return an env.py with options for configure() and arguments for run_migrations()."""
    text = ENV.format(options=f", {options}" if options else "", arguments=arguments)
    return f"{before}\n{text}\n{after}\n"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("context.is_offline_mode()", "True"),
        ("context.requires_connection()", "False"),
        ("context.is_transactional_ddl()", "True"),
        ("context.get_context() is op.get_context()", "True"),
        ("context.get_bind() is op.get_bind()", "True"),
        ("context.get_impl() is op.get_context().impl", "True"),
        ("context.get_tag_argument()", "release"),
        ("context.get_x_argument()", "['a=1', 'b', 'c=x=y']"),
        ("context.get_x_argument(as_dictionary=True)", "{'a': '1', 'b': '', 'c': 'x=y'}"),
        ("context.get_head_revision()", "a1"),
        ("context.get_head_revisions()", "('a1',)"),
        ("context.get_starting_revision_argument()", "None"),
        ("context.get_revision_argument()", "a1"),
        ("context.config.config_ini_section", "alembic"),
        ("context.config.get_main_option('own')", "value of a"),
        ("context.config.get_main_option('none', 'fallback')", "fallback"),
        ("context.config.get_section('alembic')['own']", "value of a"),
        ("context.config.get_section('nosuch', {})", "{}"),
        ("context.config.get_section_option('alembic', 'own')", "value of a"),
        ("context.config.get_alembic_option('own')", "value of a"),
        ("context.config.get_alembic_boolean_option('yes')", "True"),
        ("context.config.attributes.get('connection')", "None"),
        ("context.config.attributes.setdefault('k', 5)", "5"),
        ("context.config.cmd_opts", "None"),
        ("context.config.set_main_option('own', 'new') or context.config.get_main_option('own')", "new"),
        ("context.config.config_file_name.endswith('alembic.ini')", "True"),
        ("context.script.get_heads()", "['a1']"),
        ("context.script.get_current_head()", "a1"),
        ("context.script.get_revision('a1').revision", "a1"),
        ("[r.revision for r in context.script.walk_revisions()]", "['a1']"),
        ("op.get_context().as_sql", "True"),
        ("op.get_context().dialect.name", "postgresql"),
        ("op.get_context().impl.transactional_ddl", "True"),
        ("op.get_context().impl.as_sql", "True"),
        ("op.get_context().impl.dialect is op.get_bind().dialect", "True"),
        ("op.get_context().bind is op.get_context().connection", "True"),
        ("op.get_context().script is context.script", "True"),
        ("op.get_context().config is context.config", "True"),
        ("op.get_context().opts['compare_type']", "True"),
        ("op.get_context().output_buffer.write('')", "0"),
        ("op.get_context().on_version_apply_callbacks", "()"),
        ("op.get_context().get_current_revision()", "None"),
        ("op.get_context().get_current_heads()", "()"),
        ("op.get_context().environment_context.is_offline_mode()", "True"),
    ],
)
def test_members(tmp_path: Path, expression: str, value: str) -> None:
    make_project(
        tmp_path, NOTE.format(expression), env=env("compare_type=True"), ini="own = value of %%a\nyes = true\n"
    )
    script = render(tmp_path, tag="release", x=("a=1", "b", "c=x=y"))
    assert statements(script) == [f"-- {value.replace('value of a', 'value of %a')}"]


def test_printing_goes_to_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rendered(tmp_path, "context.config.print_stdout('%s apples', 3)\ncontext.config.stdout.write('pears')")
    out, err = capsys.readouterr()
    assert (out, err) == ("", "3 apples\npears")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("", "CREATE TABLE IF NOT EXISTS alembic_version ("),
        ("version_table='v'", "CREATE TABLE IF NOT EXISTS v ("),
        ("version_table='v'", "CONSTRAINT v_pkc PRIMARY KEY (version_num)"),
        ("version_table='v'", "INSERT INTO v (version_num) VALUES ('a1')"),
        ("version_table_schema='s'", "CREATE TABLE IF NOT EXISTS s.alembic_version ("),
        ("version_table_schema='s'", "INSERT INTO s.alembic_version (version_num) VALUES ('a1')"),
        ("version_table='Odd name'", 'INSERT INTO "Odd name" (version_num) VALUES'),
    ],
)
def test_version_table(tmp_path: Path, options: str, text: str) -> None:
    make_project(tmp_path, "pass", env=env(options))
    assert text in str(render(tmp_path))


def test_version_table_without_primary_key(tmp_path: Path) -> None:
    make_project(tmp_path, "pass", env=env("version_table_pk=False"))
    assert "PRIMARY KEY" not in str(render(tmp_path))


def test_a_long_id_widens_the_version_column(tmp_path: Path) -> None:
    make_project(tmp_path, {"a" * 40: "pass"})
    assert "VARCHAR(40)" in str(render(tmp_path))


CHAIN = {"a1": "op.execute('DELETE FROM one')", "a2": "op.execute('DELETE FROM two')"}


@pytest.mark.parametrize(
    ("dialect", "options", "begins"),
    [
        ("postgresql", "", 1),
        ("postgresql", "transaction_per_migration=True", 2),
        ("postgresql", "transactional_ddl=False", 0),
        ("mssql", "", 1),
        ("mysql", "", 0),
    ],
)
def test_transactions(tmp_path: Path, dialect: str, options: str, begins: int) -> None:
    make_project(tmp_path, CHAIN, env=env(options))
    lines = str(render(tmp_path, dialect)).splitlines()
    assert len([line for line in lines if line in ("BEGIN;", "BEGIN TRANSACTION;")]) == begins


def test_options_of_the_caller_win(tmp_path: Path) -> None:
    make_project(tmp_path, CHAIN, env=env("version_table='theirs', transaction_per_migration=True"))
    script = str(render(tmp_path, version_table="mine", transaction_per_migration=False))
    assert "INSERT INTO mine" in script
    assert "theirs" not in script
    assert script.count("BEGIN;") == 1


@pytest.mark.parametrize("block", ["op.get_context().autocommit_block()", "context.get_context().autocommit_block()"])
def test_autocommit_block(tmp_path: Path, block: str) -> None:
    body = f"op.execute('DELETE FROM one')\nwith {block}:\n    op.execute('VACUUM')\nop.execute('DELETE FROM two')"
    make_project(tmp_path, body, env=env())
    script = render(tmp_path)
    assert [s.transactional for s in script.statements if s.kind == "raw"] == [True, False, True]
    lines = [line for line in str(script).splitlines() if line in ("BEGIN;", "COMMIT;", "VACUUM;")]
    assert lines == ["BEGIN;", "COMMIT;", "VACUUM;", "BEGIN;", "COMMIT;"]


@pytest.mark.parametrize("call", ["context.static_output", "context.get_impl().static_output"])
def test_static_output(tmp_path: Path, call: str) -> None:
    script = render(make_project(tmp_path, f"{call}('-- as it is')"))
    assert "\n-- as it is\n" in str(script)
    assert "-- as it is;" not in str(script)


def test_execute_around_the_migrations(tmp_path: Path) -> None:
    text = ENV.format(options="", arguments="").replace(
        "        context.run_migrations()",
        "        context.execute('SET role owner')\n"
        "        context.run_migrations()\n"
        "        context.execute('RESET role')",
    )
    make_project(tmp_path, CHAIN, env=text)
    assert statements(render(tmp_path)) == ["SET role owner", "DELETE FROM one", "DELETE FROM two", "RESET role"]


def test_arguments_of_run_migrations_reach_the_revisions(tmp_path: Path) -> None:
    make_project(
        tmp_path, NOTE.format("tenant + str(n)"), env=env(arguments="tenant='t', n=1"), parameters="tenant, n=0"
    )
    assert statements(render(tmp_path)) == ["-- t1"]


CALLBACK = """
def applied(ctx, step, heads, run_args, **kw):
    ctx.execute(f"-- {step.up_revision_id} {step.is_upgrade} {step.is_stamp} {step.is_migration} "
                f"{sorted(heads)} {run_args} {list(step.source_revision_ids)} {list(step.destination_revision_ids)}")
"""


def test_on_version_apply(tmp_path: Path) -> None:
    make_project(
        tmp_path, {"a1": "pass", "a2": "pass"}, env=env("on_version_apply=applied", before=CALLBACK), parameters="**kw"
    )
    script = render(tmp_path)
    assert statements(script) == [
        "-- a1 True False True ['a1'] {} [] ['a1']",
        "-- a2 True False True ['a2'] {} ['a1'] ['a2']",
    ]
    first = [s.sql.split()[0] for s in script.sections[0].statements]
    assert first == ["CREATE", "INSERT", "--"]


def test_naming_convention(tmp_path: Path) -> None:
    before = "import sqlalchemy as sa\nm = sa.MetaData(naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s'})"
    body = "op.create_table('t', sa.Column('a', sa.Integer, unique=True))"
    make_project(tmp_path, body, env=env("target_metadata=m", before=before))
    assert "CONSTRAINT uq_t_a UNIQUE (a)" in statements(render(tmp_path))[0]


def test_heads_move_with_the_run(tmp_path: Path) -> None:
    heads = NOTE.format("op.get_context().get_current_revision()")
    make_project(tmp_path, {"a1": heads, "a2": heads, "a3": heads}, env=env())
    assert statements(render(tmp_path)) == ["-- None", "-- a1", "-- a2"]
    assert statements(render(tmp_path, range_text="a1:a3")) == ["-- a1", "-- a2"]


def test_the_dialect_asked_for_wins_over_the_url(tmp_path: Path) -> None:
    make_project(
        tmp_path, NOTE.format("op.get_bind().dialect.name"), env=env(), ini="sqlalchemy.url = nosuch+x://h/d\n"
    )
    for dialect in ("oracle", "mysql"):
        assert statements(render(tmp_path, dialect)) == [f"-- {dialect}"]


SAME = "from alembic import context\n"
REFUSING: list[tuple[str, str]] = [
    ("raise NotImplementedError('no offline mode')", "no offline mode"),
    ("if context.is_offline_mode():\n    raise RuntimeError('cannot')", "cannot"),
    ("if context.is_offline_mode():\n    raise Exception('cannot')", "cannot"),
    ("import sqlalchemy as sa\nsa.create_engine('sqlite:///app.db').connect()", "tried to connect"),
    (
        "import sqlalchemy as sa\n"
        "engine = sa.engine_from_config(context.config.get_section('alembic'), prefix='sqlalchemy.')\n"
        "with engine.connect() as connection:\n"
        "    context.configure(connection=connection)\n"
        "    context.run_migrations()",
        "tried to connect",
    ),
    (
        "import asyncio\nimport sqlalchemy as sa\n"
        "async def online():\n"
        "    engine = sa.create_engine('sqlite:///app.db')\n"
        "    with engine.connect() as connection:\n"
        "        context.configure(connection=connection)\n"
        "asyncio.run(online())",
        "tried to connect",
    ),
]


@pytest.mark.parametrize(("text", "reason"), REFUSING)
def test_an_env_without_offline_mode_is_told_and_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make_project(tmp_path, CHAIN, env=SAME + text, ini="sqlalchemy.url = sqlite:///app.db\n")
    warnings: list[str] = []
    assert statements(render(tmp_path, warn=warnings.append)) == ["DELETE FROM one", "DELETE FROM two"]
    (warning,) = warnings
    assert warning.startswith("mig/env.py:")
    assert reason in warning
    assert "rendering without it" in warning
    assert not (tmp_path / "app.db").exists()


def test_an_env_without_offline_mode_whose_driver_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    text = "import sqlalchemy as sa\nengine = sa.create_engine('postgresql+psycopg2://h/d')"
    make_project(tmp_path, CHAIN, env=SAME + text)
    warnings: list[str] = []
    assert len(statements(render(tmp_path, "oracle", warn=warnings.append))) == 2
    assert warnings[0].startswith("mig/env.py:3: env.py cannot run offline")
    assert "psycopg2" in warnings[0]


def test_a_missing_driver_elsewhere_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    (tmp_path / "database_of_app.py").write_text(
        "import sqlalchemy as sa\nsa.create_engine('postgresql+psycopg2://h/d')"
    )
    make_project(tmp_path, CHAIN, env="import database_of_app\n" + env())
    with pytest.raises(LoadError, match="psycopg2"):
        render(tmp_path)


def test_what_an_env_configured_before_it_gave_up_counts(tmp_path: Path) -> None:
    make_project(tmp_path, "pass", env=SAME + "context.configure(version_table='v')\nraise NotImplementedError")
    assert "INSERT INTO v" in str(render(tmp_path))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("import nosuch_module.part", 2, "module 'nosuch_module"),
        ("x = 1\nx.y", 3, "AttributeError"),
        ("def f(:", 2, "not valid Python"),
        ("import sys\nsys.exit(1)", 3, "SystemExit"),
        ("context.configure()\ncontext.run_migrations()\nraise RuntimeError('late')", 4, "late"),
    ],
)
def test_an_env_that_fails(tmp_path: Path, text: str, line: int, message: str) -> None:
    make_project(tmp_path, "pass", env=SAME + text)
    with pytest.raises(LoadError) as caught:
        render(tmp_path)
    assert str(caught.value.place) == f"mig/env.py:{line}"
    assert message in caught.value.message
    assert "--no-env" in caught.value.hint
    assert statements(render(tmp_path, use_env=False)) == []


def test_an_env_that_runs_nothing(tmp_path: Path) -> None:
    make_project(tmp_path, CHAIN, env=SAME + "context.configure(version_table='v')")
    assert len(statements(render(tmp_path))) == 2


STYLES = {
    "attributes": "connection = config.attributes.get('connection', None)\nassert connection is None",
    "file config": "from logging.config import fileConfig\n"
    "if config.config_file_name:\n    fileConfig(config.config_file_name)",
    "set option": "config.set_main_option('sqlalchemy.url', 'postgresql://u:p%%40@h/d')",
    "x": "assert context.get_x_argument(as_dictionary=True).get('db') is None",
    "opts": "assert not getattr(config.cmd_opts, 'autogenerate', False)",
}
LOGGING = """
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(message)s
"""


@pytest.mark.parametrize("style", STYLES)
def test_env_styles(tmp_path: Path, style: str) -> None:
    before = f"from alembic import context\nconfig = context.config\n{STYLES[style]}"
    make_project(tmp_path, CHAIN, env=env(before=before), ini=LOGGING)
    assert statements(render(tmp_path)) == ["DELETE FROM one", "DELETE FROM two"]


@pytest.mark.parametrize("body", ["op.get_context().run_migrations()", "context.nosuch", "op.get_context().nosuch()"])
def test_what_a_revision_must_not_do(tmp_path: Path, body: str) -> None:
    with pytest.raises(CommandError) as caught:
        rendered(tmp_path, body)
    assert str(caught.value.place) == "mig/versions/a1.py:9"


def test_several_rows_have_no_current_revision(tmp_path: Path) -> None:
    versions = make_project(tmp_path, {"a1": "pass"}) / "mig" / "versions"
    (versions / "b1.py").write_text("revision = 'b1'\ndown_revision = None\ndef upgrade(): pass\n")
    text = "revision = 'c1'\ndown_revision = ('a1', 'b1')\nfrom alembic import op\n"
    (versions / "c1.py").write_text(text + "def upgrade():\n    op.get_context().get_current_revision()\n")
    with pytest.raises(CommandError, match="2 revisions here: a1, b1"):
        render(tmp_path)


def test_context_outside_of_a_run() -> None:
    with pytest.raises(CommandError, match="outside of a run"):
        context.is_offline_mode()


CONNECT = "sa.create_engine('sqlite:///app.db').connect()"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (CONNECT, 9),
        (f"try:\n    {CONNECT}\nexcept Exception:\n    pass", 10),
        ("import looking_helper\nlooking_helper.look()", 10),
        ("with sa.create_engine('sqlite:///app.db').begin() as c:\n    pass", 9),
        (
            "from sqlalchemy.orm import Session\n"
            "Session(sa.create_engine('sqlite:///app.db')).execute(sa.text('SELECT 1'))",
            10,
        ),
    ],
)
def test_a_revision_that_connects_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, line: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "looking_helper.py").write_text(f"import sqlalchemy as sa\ndef look():\n    {CONNECT}\n")
    with pytest.raises(RenderError, match="tried to connect") as caught:
        rendered(tmp_path, body)
    assert str(caught.value.place) == f"mig/versions/a1.py:{line}"
    assert not (tmp_path / "app.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_allowed(tmp_path: Path, url: str) -> None:
    body = f"e = sa.create_engine({url!r})\nwith e.connect() as c:\n    n = c.scalar(sa.text('SELECT 5'))\ne.dispose()"
    body = f"{body}\n{NOTE.format('n')}"
    assert rendered(tmp_path, body) == ["-- 5"]


def test_connections_are_free_again_afterwards(tmp_path: Path) -> None:
    rendered(tmp_path, "pass")
    engine: Any = sa.create_engine(f"sqlite:///{tmp_path}/own.db")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
    engine.dispose()
