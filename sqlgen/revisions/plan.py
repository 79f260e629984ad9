"""From a range on the command line to the steps of a script.

::

    plan_upgrade(graph, "a:c")          from the version row a up to c; "c" alone starts at the empty database
    plan_downgrade(graph, "c:a")        from c down to a; "a" alone starts at all heads
    plan_stamp(graph, "a:c")            write c in place of a, without running anything

A range whose ends are the wrong way round is an error, never an empty script; one whose target is reached
already is an empty plan.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlgen.errors import RangeNotAncestorError, RevisionError
from sqlgen.records import dataclass
from sqlgen.revisions.graph import RevisionGraph, shown
from sqlgen.revisions.revision import Names, Revision
from sqlgen.revisions.steps import Direction, Rows, Step, VersionOp
from sqlgen.revisions.symbols import Range, parse_range, split_list

__all__ = ["Plan", "Step", "VersionOp", "plan_downgrade", "plan_stamp", "plan_upgrade", "reordered"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a script does: its steps in order, and the sorted version rows at its start and end."""

    steps: tuple[Step, ...]
    start: tuple[str, ...]
    end: tuple[str, ...]
    direction: Direction

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions of the steps, in their order."""
        return tuple(step.revision for step in self.steps)


def reordered(graph: RevisionGraph, plan: Plan, ids: Iterable[str]) -> Plan:
    """Return an upgrade or downgrade with its steps in another order, in which none stands before what it needs.

    The version rows between the steps are those of the new order; start and end are the same.
    """
    rows = Rows(graph.lineage, plan.start)
    for id in ids:
        rows.upgrade(id) if plan.direction == "upgrade" else rows.downgrade(id)
    return Plan(tuple(rows.steps), plan.start, plan.end, plan.direction)


def plan_upgrade(graph: RevisionGraph, range_text: str) -> Plan:
    """Return the plan of an upgrade ``start:target``; ``target`` alone starts at the base, ``start:`` ends at heads.

    Several starts are separated by commas; ``+2`` counts from the start. Raises RangeNotAncestorError for a
    target that the start has passed, and what ``RevisionGraph.upgrade`` raises.
    """
    ends = parse_range(range_text)
    target = _listed(ends.upper or "heads")
    current = _start(graph, ends, "base")
    start = graph.rows(current)
    _refuse_passed(graph, target, start)
    steps = graph.upgrade(target, current)
    if not steps and _branch(graph, current) and not start:
        raise RevisionError(
            f"the range {range_text!r} holds no revision: {shown(target)} is not on the branch of {shown(current)}",
            hint="Start at 'base', or name a target on that branch.",
        )
    return _plan(steps, start, "upgrade")


def plan_downgrade(graph: RevisionGraph, range_text: str) -> Plan:
    """Return the plan of a downgrade ``start:target``; ``target`` alone starts at all heads.

    Raises RevisionError when no target is named (taking everything back must be said: ``base``),
    RangeNotAncestorError for a target that is not under the start, and what ``RevisionGraph.downgrade`` raises.
    """
    ends = parse_range(range_text)
    if ends.upper is None:
        raise RevisionError(
            f"the downgrade {range_text!r} names no target", hint=f"Say {ends.lower or 'heads'}:base for all the way."
        )
    start = graph.rows(_start(graph, ends, "heads"))
    try:
        steps = graph.downgrade(ends.upper, start)
    except RangeNotAncestorError as error:
        error.hint = _swapped_downgrade(graph, ends.upper, start) or error.hint
        raise
    return _plan(steps, start, "downgrade")


def plan_stamp(graph: RevisionGraph, range_text: str) -> Plan:
    """Return the plan of a stamp ``start:target``; targets and starts can be several, separated by commas.

    A target alone starts at the empty version table. Raises RevisionError when no target is named or the base
    is the target of no start, and what ``RevisionGraph.stamp`` raises.
    """
    ends = parse_range(range_text)
    if ends.upper is None:
        raise RevisionError(f"the stamp {range_text!r} names no target", hint="Say start:target.")
    start = graph.rows(_start(graph, ends, "base"))
    steps = graph.stamp(_listed(ends.upper), start)
    if not steps and not start and ends.lower is None:
        raise RevisionError(
            f"stamp {range_text!r} deletes the rows of the version table, and does not say which",
            hint=f"Say where the database is, as in heads:{ends.upper}",
        )
    return _plan(steps, start, "stamp")


def _plan(steps: list[Step], start: tuple[str, ...], direction: Direction) -> Plan:
    first = tuple(sorted(start))
    return Plan(tuple(steps), first, steps[-1].after if steps else first, direction)


def _listed(text: str) -> str | list[str]:
    """Return ``a,b`` as a list, one symbol as itself."""
    return split_list(text) if "," in text else text


def _start(graph: RevisionGraph, ends: Range, default: str) -> str | list[str]:
    """Return the symbols of the start; ``-2`` counts down from the target and becomes an id."""
    start = _listed(ends.lower or default)
    if not isinstance(start, str):
        return start
    symbol = graph.symbols.parse(start)
    if not symbol.is_relative or (symbol.steps or 0) > 0:
        return start
    if ends.upper and graph.symbols.parse(ends.upper).is_relative:
        raise RevisionError(
            f"both ends of {start}:{ends.upper} are counted, and nothing says from where",
            hint="Name one end, as in head-2:head",
        )
    counted = graph.symbols.downgrade_target(start, graph.symbols.many(_listed(ends.upper or "heads")))[1]
    return counted or "base"


def _branch(graph: RevisionGraph, current: Names) -> bool:
    return isinstance(current, str) and graph.symbols.parse(current).branch is not None


def _refuse_passed(graph: RevisionGraph, target: Names, start: tuple[str, ...]) -> None:
    """Raise RangeNotAncestorError for an upgrade to what lies under its start."""
    targets = graph.symbols.upgrade_targets(target, start)
    below = graph.lineage.ancestors(start, dependencies=False)
    passed = [id for id in targets if id in below and id not in start]
    if not passed and (targets or not start):
        return
    above, under = shown(start), shown(passed)
    raise RangeNotAncestorError(
        above,
        under,
        hint=f"{under} is below {above}: write {under.replace(' ', '')}:{above.replace(' ', '')} to upgrade, "
        "or use downgrade.",
    )


def _swapped_downgrade(graph: RevisionGraph, target: str, start: tuple[str, ...]) -> str:
    """Return the hint for a downgrade to what lies over its start, else the empty string."""
    floor = graph.symbols.downgrade_target(target, start)[1]
    if floor is None or not graph.lineage.ancestors([floor]).issuperset(start):
        return ""
    above = shown(start)
    return f"{floor} is above {above}: write {floor}:{above.replace(' ', '')} to downgrade, or use upgrade."
