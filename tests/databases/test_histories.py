"""The synthetic histories are valid: scripts of both directions run in each database's own client."""

from __future__ import annotations

from pathlib import Path

from bench.histories import History
from sqlgen import Project
from tests.databases.clients import Client


def test_a_history_goes_up_and_comes_back(client: Client, tmp_path: Path) -> None:
    history = History(100, seed=3)
    history.write(tmp_path)
    project, database = Project.open(tmp_path), client.fresh_database()
    database.run_script(str(project.script("base:head", dialect=client.dialect))).check()
    assert database.versions() == [history.ids[-1]]
    assert len(database.tables()) > 10
    database.run_script(str(project.script("head:base", dialect=client.dialect, direction="downgrade"))).check()
    assert database.versions() == []
    assert set(database.tables()) <= {"alembic_version"}
