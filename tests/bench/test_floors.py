"""The floors do the work that they tell of, and each stage more than the one before."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from bench.floors import DATABASES, STAGES, perform, stage_command
from bench.histories import History, write_tables
from bench.works import FIVE

ROOT = Path(__file__).parents[2]

REVISION = """\
from pathlib import Path
import sqlalchemy as sa
from alembic import context, op
revision = "{id}"
down_revision = {down!r}
depends_on = None
def upgrade():
    with Path({log!r}).open("a") as file:
        print("{id}", file=file)
    first = op.create_table("{id}_first", sa.Column("id", sa.Integer, primary_key=True))
    {middle}
    op.create_table("{id}_second", sa.Column("moment", sa.DateTime()))
    op.bulk_insert(first, [{{"id": 1}}])
"""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("floors") / "p"
    History(40).write(folder)
    return folder


@pytest.fixture
def no_alembic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "alembic", sys.modules["bench"])  # put back when the test is over


@pytest.mark.parametrize("databases", DATABASES)
@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_ends_well(history: Path, stage: str, databases: str) -> None:
    done = subprocess.run(
        stage_command(stage, history, databases), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.usefixtures("no_alembic")
def test_the_last_stage_compiles_every_table(tmp_path: Path) -> None:
    write_tables(tmp_path / "p", 10)
    for found in perform("text", tmp_path / "p", FIVE).texts.values():
        assert [text.split()[:2] for text in found].count(["CREATE", "TABLE"]) == 10


@pytest.mark.usefixtures("no_alembic")
def test_five_databases_get_what_each_gets_alone(history: Path) -> None:
    together = perform("text", history, FIVE)
    assert tuple(together.texts) == FIVE
    assert together.texts == perform("text", history, FIVE, apart=True).texts
    for name, found in together.texts.items():
        assert found == perform("text", history, (name,)).texts[name]
    assert len(set(map(tuple, together.texts.values()))) == len(FIVE)
    assert 0 < len(together.asking) < 40


@pytest.mark.parametrize(
    "ask", ["op.get_bind()", "name = context.get_context().dialect.name", "op.get_bind().execute('SELECT 1')"]
)
@pytest.mark.usefixtures("no_alembic")
def test_only_a_revision_that_asks_runs_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: str) -> None:
    versions, log = tmp_path / "migrations/versions", tmp_path / "calls.txt"
    versions.mkdir(parents=True)
    for id, down, middle in (("a1", None, "pass"), ("a2", "a1", ask), ("a3", "a2", "pass")):
        text = REVISION.format(id=id, down=down, middle=middle, log=str(log))
        (versions / f"{id}.py").write_text(text, encoding="utf-8")
    built: list[str] = []
    table = sqlalchemy.Table

    def noted(name: str, *items: Any, **more: Any) -> Any:
        built.append(name)
        return table(name, *items, **more)

    monkeypatch.setattr(sqlalchemy, "Table", noted)
    operations = perform("text", tmp_path, FIVE)
    assert operations.asking == ["a2"]
    assert log.read_text(encoding="utf-8").split() == ["a1", *["a2"] * 5, "a3"]
    # What comes before the question is built once, what comes after it for each database.
    assert Counter(built) == Counter(a1_first=1, a1_second=1, a2_first=1, a2_second=5, a3_first=1, a3_second=1)
    for name, texts in operations.texts.items():
        assert sum(text.count("CREATE TABLE") for text in texts) == 6
        assert texts.count("INSERT INTO a2_first VALUES (1)") == 1
        assert texts.count("SELECT 1") == ask.count("SELECT")
        assert texts == perform("text", tmp_path, (name,)).texts[name]
    log.unlink()
    perform("constructs", tmp_path, FIVE, apart=True)
    assert log.read_text(encoding="utf-8").split() == [id for id in ("a1", "a2", "a3") for _ in FIVE]
