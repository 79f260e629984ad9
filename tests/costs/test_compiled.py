"""What is done once per revision, or once for all databases: counted, so that no gain is lost."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.histories import History, write_tables
from sqlgen.project import Project
from tests.costs.counting import calls


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder, 40)
    return folder


def test_a_table_is_compiled_and_described_once(tables: Path) -> None:
    counted = calls(lambda: Project.open(tables).script("base:head", dialect="postgresql"))
    made = {name.rpartition(".")[2]: count for name, count in counted.items() if not name.startswith("schema_ops")}
    assert made["visit_create_table"] == 41, "40 tables and the version table"
    described = [count for name, count in counted.items() if name in ("described.table", "described.Describer.table")]
    assert described == [41]


def test_nothing_is_asked_of_the_twin_and_the_catalogue(tables: Path) -> None:
    counted = calls(lambda: Project.open(tables).script("base:head", dialect="postgresql"))
    rooms = {name.partition(".")[0] for name in counted}
    assert not rooms & {"database", "queries", "catalogue_queries", "postcheck", "precheck", "watch", "snapshot"}


def test_the_headers_are_read_once_and_no_module_is_run(tmp_path: Path) -> None:
    History(50).write(tmp_path / "p")
    project = Project.open(tmp_path / "p")
    counted = calls(lambda: [*project.revisions, *project.revisions, project.plan("base:heads")])
    reads = sum(count for name, count in counted.items() if name == "headers.read_file")
    assert reads == 50
    assert not [name for name in counted if name.startswith("modules.")]


def test_no_table_stays_in_memory(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlgen.compiler.MOST_TYPES", 0)

    def alive() -> int:
        gc.collect()
        return sum(isinstance(one, sa.Table) for one in gc.get_objects())

    Project.open(tables).script("base:head", dialect="postgresql")
    before = alive()  # those that SQLAlchemy itself made
    project = Project.open(tables)
    project.keeps_elements = False
    script = project.script("base:head", dialect="postgresql")
    assert script.counts["CREATE TABLE"] == 40
    assert alive() <= before + 1, "the version table"


def test_nothing_is_spooled_per_revision(tmp_path: Path) -> None:
    made = []
    for size in (20, 60):
        History(size).write(tmp_path / str(size))
        project = Project.open(tmp_path / str(size))
        counted = calls(partial(project.script, "base:heads", dialect="postgresql"))
        made.append(counted["spool.Spool.__init__"])
    assert made[0] == made[1]


def test_plain_columns_are_not_built_anew(tables: Path) -> None:
    copied = []

    def counted(self: sa.Column[object], **options: object) -> sa.Column[object]:
        copied.append(self)
        return own(self, **options)

    own = sa.Column._copy
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa.Column, "_copy", counted)
        Project.open(tables).script("base:head", dialect="postgresql")
    assert copied, "columns of an Enum, or with a foreign key"
    assert not [one for one in copied if not one.foreign_keys and not isinstance(one.type, (sa.Enum, sa.Boolean))]
