"""The end of an upgrade is where its downgrade and the schema start: nothing is replayed, nothing comes out else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.histories import History
from sqlgen.project import Project
from sqlgen.recording.replay import Replay
from sqlgen.review.both_ways import way_back
from sqlgen.review.tree import rendered
from tests.recording.projects import make_project

DIALECTS = ("postgresql", "sqlite", "mssql")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that are run, in order."""
    found: list[str] = []
    run = Replay.run

    def counted(self: Replay, step: object) -> None:
        found.append(f"{step.direction} {step.revision.id}")  # type: ignore[attr-defined]
        run(self, step)  # type: ignore[arg-type]

    monkeypatch.setattr(Replay, "run", counted)
    return found


def both(project: Project, dialect: str, **options: object) -> tuple[str, str]:
    upgrade = project.script("base:heads", dialect=dialect)
    downgrade = way_back(project, upgrade, **options)
    assert downgrade is not None
    return str(upgrade), str(downgrade)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_both_ways_are_the_same_and_nothing_is_replayed(tmp_path: Path, steps: list[str], dialect: str) -> None:
    History(30).write(tmp_path / "p")
    alone = both(Project.open(tmp_path / "p"), dialect)
    replayed = len(steps)
    steps.clear()
    project = Project.open(tmp_path / "p")
    with project.ends.wanted():
        together = both(project, dialect)
    assert together == alone
    assert (replayed, len(steps)) == (90, 60)
    assert project.ends.kept is None


def test_a_generated_tree_runs_each_revision_up_once_for_a_database(tmp_path: Path, steps: list[str]) -> None:
    History(30).write(tmp_path / "p")
    rendered(Project.open(tmp_path / "p"), DIALECTS)
    assert len(steps) == 60 * len(DIALECTS)


def test_the_schema_is_the_same_after_an_upgrade(tmp_path: Path, steps: list[str]) -> None:
    History(30).write(tmp_path / "p")
    alone = str(Project.open(tmp_path / "p").schema(dialect="postgresql"))
    project = Project.open(tmp_path / "p")
    steps.clear()
    with project.ends.wanted():
        project.script("base:heads", dialect="postgresql")
        assert str(project.schema(dialect="postgresql")) == alone
    assert len(steps) == 30


@pytest.mark.parametrize(
    "option", [{"server_version": "17"}, {"on_read": "empty"}, {"version_table": "v"}, {"tag": "t"}]
)
def test_another_run_starts_from_its_own_end(tmp_path: Path, steps: list[str], option: dict[str, str]) -> None:
    History(5).write(tmp_path / "p")
    project = Project.open(tmp_path / "p")
    with project.ends.wanted():
        both(project, "postgresql", **option)
    assert len(steps) == 15


ENV = """\
from alembic import context
down = context.get_revision_argument() is None
context.configure(dialect_name="sqlite", render_as_batch=down)
with context.begin_transaction():
    context.run_migrations()
"""


def test_an_env_that_tells_something_else_starts_from_its_own_end(tmp_path: Path, steps: list[str]) -> None:
    History(5).write(tmp_path / "p")
    (tmp_path / "p/migrations/env.py").write_text(ENV)
    project = Project.open(tmp_path / "p")
    with project.ends.wanted():
        both(project, "sqlite")
    assert len(steps) == 15


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = make_project(tmp_path, {"a1": "raise ValueError('no')"})
    project = Project.open(folder)
    with pytest.raises(Exception, match="no"), project.ends.wanted():
        project.script("base:head", dialect="sqlite")
    assert project.ends.kept is None
