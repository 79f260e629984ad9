"""What is done once per revision, or once for all databases: counted, so that no gain is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

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
