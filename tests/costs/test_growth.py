"""Rendering grows with the number of revisions, and no faster: calls are counted at two sizes.

Graph and plans are counted in ``tests/revisions/test_scale.py``.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from bench.histories import History
from sqlgen.project import Project
from tests.costs.counting import calls

SMALL, TIMES = 120, 4


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    found = {}
    for size in (SMALL, SMALL * TIMES):
        found[size] = tmp_path_factory.mktemp(f"history{size}")
        History(size).write(found[size])
    return found


def grown(small: Counter[str], large: Counter[str]) -> dict[str, tuple[int, int]]:
    """Return the functions that are called far more than so many times as often, with how often they are.

    What a revision does is drawn, so that some things come more often than others; work that grows with the square
    comes sixteen times as often.
    """
    most = TIMES * 2
    return {name: (small[name], count) for name, count in large.items() if count > 2000 and count > most * small[name]}


@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_a_script_grows_with_the_revisions(folders: dict[int, Path], dialect: str) -> None:
    def render(folder: Path) -> Counter[str]:
        project = Project.open(folder)
        return calls(lambda: sum(map(len, project.script("base:heads", dialect=dialect).pieces())))

    render(folders[SMALL])  # what is imported and compiled once
    small, large = (render(folder) for folder in folders.values())
    assert grown(small, large) == {}
    assert sum(large.values()) < TIMES * 1.3 * sum(small.values())


def test_checks_ask_a_replica_for_what_changed(tmp_path: Path) -> None:
    asked = []
    for size in (20, 80):
        History(size).write(tmp_path / str(size))
        project = Project.open(tmp_path / str(size))
        counted = calls(partial(project.checks, "base:heads", dialect="sqlite"))
        asked.append((counted["reflected.table"], counted["watch.Watch.catalog"]))
    (few, moments), (many, more) = asked
    assert few < 3 * moments
    assert many < 3 * more, "not all tables at each moment"
