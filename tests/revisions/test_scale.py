"""Plans do not depend on hash seeds, and work grows with the history, not with its square."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from sqlgen.revisions import Revision, RevisionGraph, plan_downgrade, plan_upgrade

PROGRAM = """
from sqlgen.revisions import Revision, RevisionGraph, plan_downgrade, plan_stamp, plan_upgrade
made = [Revision("base0"), Revision("side0", branch_labels={"side", "lateral", "edge"})]
made += [Revision(f"fork{n}", "base0", {"side0"} if n % 2 else None, f"label{n}") for n in range(9)]
made += [Revision("merge", {f"fork{n}" for n in range(8)}), Revision("late", "side0", {"fork1", "fork3", "fork5"})]
graph = RevisionGraph(made)
print([item.id for item in graph], graph.heads, graph.real_heads, graph.bases)
print([graph.branch_labels(item.id) for item in graph])
for plan in (plan_upgrade(graph, "heads"), plan_downgrade(graph, "base"), plan_stamp(graph, "merge,late,fork8:base0")):
    for step in plan.steps:
        print(step.revision.id, step.before, step.after, step.version_ops)
"""


def printed(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_plans_are_the_same_under_every_hash_seed() -> None:
    first = printed("0")
    assert "merge" in first
    assert {printed("1"), printed("4242")} == {first}


def lines_executed(work: Callable[[], object]) -> int:
    """Count the lines of our code that run, comprehensions included."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += 1
        return trace if "revisions" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def line_of(size: int) -> list[Revision]:
    """A line with a label on every tenth revision, and a merged fork on every other tenth."""
    made = [Revision("r0")]
    for number in range(1, size):
        labels = f"label{number}" if number % 10 == 0 else ()
        if number % 10 == 5:
            made.append(Revision(f"fork{number}", f"r{number - 1}"))
        parents = [f"r{number - 1}", f"fork{number - 1}"] if number % 10 == 6 else f"r{number - 1}"
        made.append(Revision(f"r{number}", parents, branch_labels=labels))
    return made


def star_of(size: int) -> list[Revision]:
    """Many branches from one revision, each depending on the one before."""
    made = [Revision("r0")]
    made += [
        Revision(f"r{number}", "r0", f"label{number - 1}" if number > 1 else None, f"label{number}")
        for number in range(1, size)
    ]
    return made


def use(made: list[Revision]) -> None:
    graph = RevisionGraph(made)
    plan_upgrade(graph, "heads")
    plan_downgrade(graph, "base")
    graph.depth(made[-1].id)


@pytest.mark.parametrize("shape", [line_of, star_of])
def test_work_grows_with_the_history(shape: Callable[[int], list[Revision]]) -> None:
    small, large = shape(2000), shape(4000)
    assert lines_executed(lambda: use(large)) < 2.1 * lines_executed(lambda: use(small))


def test_labels_of_a_long_line_are_shared() -> None:
    graph = RevisionGraph(
        [Revision("r0", None, None, "label"), *(Revision(f"r{n}", f"r{n - 1}") for n in range(1, 50))]
    )
    assert graph.branch_labels("r49") is graph.branch_labels("r1")
    assert graph.branch_labels("r49") == ("label",)


def test_long_lines_need_no_recursion() -> None:
    depth = sys.getrecursionlimit() * 3
    graph = RevisionGraph([Revision("r0"), *(Revision(f"r{n}", f"r{n - 1}") for n in range(1, depth))])
    assert len(plan_upgrade(graph, "head").steps) == depth
    assert graph.depth(f"r{depth - 1}") == depth


def test_reading_revisions_needs_no_sqlalchemy() -> None:
    code = "import sys, sqlgen.revisions; print([name for name in ('sqlalchemy', 'alembic') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
