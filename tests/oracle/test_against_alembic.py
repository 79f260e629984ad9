"""Every statement equals Alembic's after white space, or the difference is on the written list."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import sqlgen
from sqlgen import dialects
from tests.oracle import differences
from tests.oracle.cases import CASES

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "library"
DIALECTS = dialects.names()
PAGE = ROOT / "docs" / "differences.md"

Statements = list[str] | dict[str, str]


@lru_cache(maxsize=1)
def alembic() -> Any:
    """Return what Alembic prints, from a process of its own."""
    command = [sys.executable, "-m", "tests.oracle.alembic_side", str(EXAMPLE / "migrations"), *DIALECTS]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def levelled(statements: Iterable[str], dialect: str, used: set[str] | None = None) -> list[str]:
    """Return statements without what may differ; note in ``used`` the rewritings that changed something."""
    found = [text.strip().removesuffix(";") for text in statements]
    for rewriting in differences.REWRITINGS:
        if dialect in rewriting.dialects:
            before, found = found, [part for text in found for part in rewriting.rewrite(text)]
            if used is not None and found != before:
                used.add(rewriting.section)
    return [" ".join(text.split()) for text in found if text.strip()]


def ours(case: str, dialect: str) -> Statements:
    try:
        with sqlgen.capture(dialect) as captured:
            CASES[case](captured.op)
            return [str(statement) for statement in captured.statements]
    except sqlgen.CommandError as error:
        return {"error": str(error)}


def same(case: str, dialect: str) -> bool:
    theirs, own = alembic()["cases"][case][dialect], ours(case, dialect)
    if isinstance(theirs, dict) or isinstance(own, dict):
        return isinstance(theirs, dict) and isinstance(own, dict)
    return levelled(theirs, dialect) == levelled(own, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", CASES)
def test_a_call_gives_what_alembic_gives(case: str, dialect: str) -> None:
    assert same(case, dialect) is not differences.expected(case, dialect), (
        f"Alembic: {alembic()['cases'][case][dialect]}\nsqlgen:  {ours(case, dialect)}"
    )


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("direction", "symbols"), [("upgrade", "base:heads"), ("downgrade", "heads:base")])
def test_the_example_gives_what_alembic_gives(dialect: str, direction: str, symbols: str) -> None:
    script = sqlgen.Project.open(EXAMPLE).script(symbols, dialect=dialect, direction=direction)
    compared = 0
    for section in script.sections:
        assert section.step is not None
        own = [statement.sql for statement in section.statements if statement.kind != "version"]
        theirs = alembic()["revisions"][section.step.revision.id][dialect][direction]
        assert levelled(own, dialect) == levelled(theirs, dialect), section.step.revision.id
        compared += len(own)
    assert compared >= 20


@pytest.mark.parametrize("way", ["upgrade", "downgrade"])
def test_version_rows_move_as_under_alembic(way: str) -> None:
    symbols = {"upgrade": "base:heads", "downgrade": "b2a80e4c97f5:base"}[way]
    command = [sys.executable, "-m", "alembic", way, symbols.removeprefix("base:"), "--sql"]
    printed = subprocess.run(command, cwd=EXAMPLE, check=True, capture_output=True, text=True).stdout
    script = sqlgen.Project.open(EXAMPLE).script(symbols, dialect="sqlite", direction=way)
    own, theirs = moves(str(script)), moves(printed)
    # Which row of a merge is updated comes from a Python set in Alembic, so that only the verbs have an order.
    assert [verb for verb, *_ in own] == [verb for verb, *_ in theirs]
    assert {id for _, *ids in own for id in ids} == {id for _, *ids in theirs for id in ids}


def moves(script: str) -> list[tuple[str, ...]]:
    """Return the writes of the version table: the verb, and the ids in the order of their meaning."""
    found = re.findall(r"^(INSERT INTO|DELETE FROM|UPDATE) alembic_version\b(.*?);$", script, re.M)
    return [(verb, *re.findall(r"'(\w+)'", rest)) for verb, rest in found]


def test_every_difference_has_its_reason_and_every_reason_a_difference() -> None:
    headings = re.findall(r"^## (.+)$", PAGE.read_text("utf-8"), re.M)
    assert sorted(headings) == sorted(differences.sections())


def test_no_rewriting_is_idle() -> None:
    used: set[str] = set()
    for case in CASES:
        for dialect in DIALECTS:
            for statements in (alembic()["cases"][case][dialect], ours(case, dialect)):
                levelled([] if isinstance(statements, dict) else statements, dialect, used)
    for way in ("upgrade", "downgrade"):
        for by_dialect in alembic()["revisions"].values():
            for dialect in DIALECTS:
                levelled(by_dialect[dialect][way], dialect, used)
    assert used == {rewriting.section for rewriting in differences.REWRITINGS}
