"""Revisions of ours and of the example project: our statements are Alembic's, or the list says why not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from sqlgen.project import Project
from tests.differential.compare import Comparison
from tests.differential.intended import DIFFERENCES, REFUSALS, names
from tests.differential.outcome import DIALECTS, DIRECTIONS, Key, Outcome
from tests.differential.process import ROOT
from tests.differential.sides import by_alembic, by_sqlgen, chain

# What both sides make of the revisions is worked out once per process.
pytestmark = pytest.mark.xdist_group("differential")

REVISIONS = sorted((Path(__file__).parent / "revisions").glob("*.py"))
EXAMPLE = ROOT / "examples" / "library"
PAGE = ROOT / "docs" / "differences.md"


@cache
def ours() -> dict[Key, Outcome]:
    return by_sqlgen(REVISIONS, DIALECTS)


@cache
def theirs() -> dict[Key, Outcome]:
    return by_alembic(REVISIONS, DIALECTS)


@cache
def compared() -> Comparison:
    comparison = Comparison(DIFFERENCES, REFUSALS)
    for (stem, direction, dialect), outcome in theirs().items():
        comparison.add(f"{stem} {direction} {dialect}", dialect, outcome, ours()[stem, direction, dialect])
    return comparison


def test_every_difference_is_intended() -> None:
    assert "\n".join(map(str, compared().findings)) == ""
    assert compared().compared > 800


def test_every_entry_is_needed() -> None:
    assert compared().unused() == []


def test_every_entry_has_its_reason() -> None:
    headings = re.findall(r"^#{2,3} (.+)$", PAGE.read_text("utf-8"), re.M)
    assert sorted(names().difference(headings)) == []
    assert len(headings) == len(set(headings))


ELSEWHERE = {
    "Whole chains of real projects": "tests/projects/whole.py",
    "The version table": "tests/differential/test_versions.py",
    "Autocommit blocks": "Alembic's side leaves its COMMIT and BEGIN out",
    "Tables that are copied on SQLite": "tests/dialects/test_batch_against_alembic.py",
    "CHECKs come and go with their types": "tests/dialects/test_types_and_events.py",
    "Foreign keys of new columns on SQLite": "Alembic fails there, so there is nothing to compare",
    "Constraints are dropped by their kind": "tests/dialects/operations",
    "Names that only the server knows": "tests/dialects/test_unforetold_names.py",
    "Rows that a revision reads": "tests/databases/test_reads.py",
    "What MySQL and MariaDB tell": "tests/schema/answers",
    "What MySQL and MariaDB tell of views": "tests/databases/test_shown_views.py",
    "What is not there, or is there already": "tests/schema/test_missing.py",
    "What is told wrong": "tests/recording/test_contradictions.py",
    "What revisions learn of a PostgreSQL schema": "tests/schema/words",
}
"""Headings of the page that no entry is about, and why."""


def test_every_heading_has_its_entries() -> None:
    headings = re.findall(r"^#{2,3} (.+)$", PAGE.read_text("utf-8"), re.M)
    assert sorted(set(headings) - names() - set(ELSEWHERE)) == []


def test_every_revision_renders_somewhere() -> None:
    rendered = {stem for (stem, _, _), outcome in ours().items() if outcome.statements}
    assert rendered == {path.stem for path in REVISIONS}


@cache
def example_by_alembic() -> dict[Key, Outcome]:
    files = [revision.path for revision in Project.open(EXAMPLE).revisions if revision.path]
    return by_alembic(files, DIALECTS, [EXAMPLE])


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_example_differs_only_as_intended(dialect: str, direction: str) -> None:
    found = chain(Project.open(EXAMPLE), dialect, direction)
    comparison = Comparison(DIFFERENCES, REFUSALS)
    for stem, outcome in found.outcomes():
        comparison.add(stem, dialect, example_by_alembic()[stem, direction, dialect], outcome)
    assert found.failures == {}
    assert "\n".join(map(str, comparison.findings)) == ""
    assert comparison.compared >= 8
