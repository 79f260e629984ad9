"""Plans: the steps of a range and their version rows."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import pytest

from sqlgen import errors
from sqlgen.revisions import Plan, RevisionGraph, VersionOp, plan_downgrade, plan_stamp, plan_upgrade
from sqlgen.revisions.revision import Names

from .histories import graph

LINE = graph("a; b<a; c<b; d<c")
FORKED = graph("a; b<a #left; c<a #right; m<b,c; e<m")
TWO_BASES = graph("a; b<a; x #side; y<x ^a; z<y")
DEPENDENT = graph("a; b<a; x ^a #side; y<x ^b")

PLANS = {"upgrade": plan_upgrade, "downgrade": plan_downgrade, "stamp": plan_stamp}


def planned(made: RevisionGraph, direction: str, text: str) -> Plan:
    return PLANS[direction](made, text)


def ops(*texts: str) -> list[VersionOp]:
    """Read ``+a`` as an insert, ``-a`` as a delete, ``a>b`` as an update."""
    found: list[VersionOp] = []
    for text in texts:
        if text[0] == "+":
            found.append(("insert", text[1:]))
        elif text[0] == "-":
            found.append(("delete", text[1:]))
        else:
            old, _, new = text.partition(">")
            found.append(("update", old, new))
    return found


@pytest.mark.parametrize(
    ("made", "direction", "text", "steps"),
    [
        (LINE, "upgrade", "b", ["a", "b"]),
        (LINE, "upgrade", "head", ["a", "b", "c", "d"]),
        (LINE, "upgrade", "b:", ["c", "d"]),
        (LINE, "upgrade", ":b", ["a", "b"]),
        (LINE, "upgrade", "base:b", ["a", "b"]),
        (LINE, "upgrade", ":", ["a", "b", "c", "d"]),
        (LINE, "upgrade", "b:head", ["c", "d"]),
        (LINE, "upgrade", "+2", ["a", "b"]),
        (LINE, "upgrade", "b:+1", ["c"]),
        (LINE, "upgrade", "-1:head", ["d"]),
        (LINE, "upgrade", "head-2:head-1", ["c"]),
        (LINE, "upgrade", "a+1:c", ["c"]),
        (LINE, "upgrade", "+1:c", ["b", "c"]),
        (LINE, "upgrade", "c:c", []),
        (LINE, "upgrade", "base:base", []),
        (LINE, "upgrade", "heads:heads", []),
        (LINE, "downgrade", "b", ["d", "c"]),
        (LINE, "downgrade", "c:a", ["c", "b"]),
        (LINE, "downgrade", "base", ["d", "c", "b", "a"]),
        (LINE, "downgrade", "c:base", ["c", "b", "a"]),
        (LINE, "downgrade", "-1", ["d"]),
        (LINE, "downgrade", "c:-2", ["c", "b"]),
        (LINE, "downgrade", "head-1:a", ["c", "b"]),
        (LINE, "downgrade", "c:c", []),
        (LINE, "downgrade", "base:base", []),
        (FORKED, "upgrade", "left@head", ["a", "c", "b", "m", "e"]),
        (FORKED, "upgrade", "b,c", ["a", "c", "b"]),
        (FORKED, "upgrade", "b,c:m", ["m"]),
        (FORKED, "upgrade", "b:c", ["c"]),
        (FORKED, "downgrade", "m:b", ["m"]),
        (FORKED, "downgrade", "m:left@a", ["m", "b"]),
        (FORKED, "downgrade", "b,c:left@-1", ["b"]),
        (FORKED, "downgrade", "b,c:left@a", ["b"]),
        (FORKED, "downgrade", "e:a", ["e", "m", "b", "c"]),
        (TWO_BASES, "upgrade", "side@base:side@head", ["a", "x", "y", "z"]),
        (TWO_BASES, "upgrade", "side@base:heads", ["a", "x", "y", "z"]),
        (TWO_BASES, "upgrade", "a:side@+2", ["x", "y"]),
        (TWO_BASES, "upgrade", "a,x:z", ["y", "z"]),
        (TWO_BASES, "downgrade", "heads:side@base", ["z", "y", "x"]),
        (TWO_BASES, "downgrade", "side@head:side@-1", ["z"]),
        (DEPENDENT, "upgrade", "y:b", []),
    ],
)
def test_steps(made: RevisionGraph, direction: str, text: str, steps: list[str]) -> None:
    plan = planned(made, direction, text)
    assert [revision.id for revision in plan.revisions] == steps
    assert {step.direction for step in plan.steps} <= {direction}
    assert {step.is_upgrade for step in plan.steps} <= {direction == "upgrade"}
    assert plan.direction == direction


@pytest.mark.parametrize(
    ("made", "direction", "text", "statements"),
    [
        (LINE, "upgrade", "b", [ops("+a"), ops("a>b")]),
        (LINE, "downgrade", "b:base", [ops("b>a"), ops("-a")]),
        (FORKED, "upgrade", "m", [ops("+a"), ops("a>c"), ops("+b"), ops("-b", "c>m")]),
        (FORKED, "downgrade", "m:base", [ops("+b", "m>c"), ops("-b"), ops("c>a"), ops("-a")]),
        (FORKED, "upgrade", "b:c", [ops("+c")]),
        (TWO_BASES, "upgrade", "heads", [ops("+a"), ops("+x"), ops("-x", "a>y"), ops("y>z"), ops("+b")]),
        (TWO_BASES, "upgrade", "b:z", [ops("+x"), ops("x>y"), ops("y>z")]),
        (TWO_BASES, "downgrade", "z:x", [ops("z>y"), ops("+x", "y>a")]),
        (TWO_BASES, "downgrade", "b,z:x", [ops("z>y"), ops("y>x")]),
        (DEPENDENT, "upgrade", "x", [ops("+a"), ops("a>x")]),
        (DEPENDENT, "downgrade", "x:side@base", [ops("x>a")]),
        (LINE, "stamp", "c", [ops("+c")]),
        (LINE, "stamp", "a:c", [ops("a>c")]),
        (LINE, "stamp", "c:a", [ops("c>a")]),
        (LINE, "stamp", "a:+2", [ops("a>c")]),
        (LINE, "stamp", "c:-1", [ops("c>b")]),
        (LINE, "stamp", "+1", [ops("+a")]),
        (LINE, "stamp", "d:base", [ops("-d")]),
        (LINE, "stamp", "a:-1", [ops("-a")]),
        (LINE, "stamp", "b:b-2", [ops("-b")]),
        (TWO_BASES, "stamp", "b,x:x-1", [ops("-x")]),
        (TWO_BASES, "stamp", "b,x:side@-1", [ops("-x")]),
        (LINE, "stamp", "c:c", []),
        (TWO_BASES, "stamp", "heads", [ops("+b"), ops("+z")]),
        (TWO_BASES, "stamp", "b,z:base", [ops("-b"), ops("-z")]),
        (TWO_BASES, "stamp", "b,x:side@base", [ops("-x")]),
        (TWO_BASES, "stamp", "b:x", [ops("+x")]),
        (FORKED, "stamp", "b,c:a", [ops("-b", "c>a")]),
        (FORKED, "stamp", "a:b,c", [ops("a>b"), ops("+c")]),
        (FORKED, "stamp", "b,c:m", [ops("-b", "c>m")]),
    ],
)
def test_version_rows(made: RevisionGraph, direction: str, text: str, statements: list[list[VersionOp]]) -> None:
    plan = planned(made, direction, text)
    assert [step.version_ops for step in plan.steps] == statements


def test_rows_around_the_steps() -> None:
    plan = plan_upgrade(FORKED, "c,b:e")
    assert (plan.start, plan.end) == (("b", "c"), ("e",))
    assert [(step.before, step.after) for step in plan.steps] == [(("b", "c"), ("m",)), (("m",), ("e",))]


@pytest.mark.parametrize(("direction", "text"), [("upgrade", "c:c"), ("downgrade", "c:c"), ("stamp", "c:c")])
def test_nothing_to_do(direction: str, text: str) -> None:
    assert planned(LINE, direction, text) == Plan((), ("c",), ("c",), direction)  # type: ignore[arg-type]


def test_stamps_say_which_way_they_lead() -> None:
    assert [step.is_upgrade for step in plan_stamp(LINE, "a:c").steps] == [True]
    assert [step.is_upgrade for step in plan_stamp(LINE, "c:a").steps] == [False]
    assert [step.is_upgrade for step in plan_stamp(LINE, "c:base").steps] == [False]
    assert [step.revision.id for step in plan_stamp(LINE, "c:base").steps] == ["c"]


@pytest.mark.parametrize(
    ("made", "direction", "text", "message", "hint"),
    [
        (LINE, "upgrade", "d:b", "revision d is not an ancestor of revision b", "write b:d to upgrade"),
        (LINE, "upgrade", "head:base", "revision d is not an ancestor of revision base", "write base:d to upgrade"),
        (LINE, "downgrade", "a:c", "revision c is not an ancestor of revision a", "write c:a to downgrade"),
        (LINE, "downgrade", "base:head", "revision d is not an ancestor of revision base", "d:base to downgrade"),
        (FORKED, "upgrade", "b,c:a", "revision b, c is not an ancestor of revision a", "write a:b,c"),
        (FORKED, "downgrade", "b:c", "revision c is not an ancestor of revision b", "c is not"),
        (DEPENDENT, "downgrade", "y:b", "revision b is not an ancestor of revision y", "another branch depends"),
    ],
)
def test_ends_the_wrong_way_round(made: RevisionGraph, direction: str, text: str, message: str, hint: str) -> None:
    with pytest.raises(errors.RangeNotAncestorError) as caught:
        planned(made, direction, text)
    assert caught.value.message == message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("made", "direction", "text", "told"),
    [
        (LINE, "upgrade", "-1", "'-1' does not lead upwards, and this is an upgrade"),
        (LINE, "upgrade", "b:+0", "'+0' does not lead upwards"),
        (LINE, "downgrade", "+1", "'+1' does not lead downwards, and this is a downgrade"),
        (LINE, "upgrade", "a:b:c", "has 3 parts"),
        (LINE, "upgrade", "b:+9", "'+9' goes 9 above b, and there is only 2 there"),
        (LINE, "downgrade", "b:-9", "'-9' goes 9 below b, and there is only 2 there"),
        (LINE, "downgrade", "c:", "the downgrade 'c:' names no target"),
        (LINE, "stamp", "c:", "the stamp 'c:' names no target"),
        (LINE, "stamp", "base", "does not say which"),
        (LINE, "upgrade", "a,:c", "names a revision that is empty"),
        (LINE, "upgrade", "a,b:c", "names a, which another of them already implies"),
        (LINE, "downgrade", "a,d:base", "names a, which another of them already implies"),
        (LINE, "upgrade", "-1:+1", "both ends of -1:+1 are counted"),
        (LINE, "downgrade", "base:-1", "counts down from revisions that are applied"),
        (FORKED, "upgrade", "a:+1", "ambiguous walk: a branches into b, c"),
        (FORKED, "downgrade", "m:-1", "ambiguous walk: m merges b, c"),
        (FORKED, "downgrade", "b,c:-1", "'-1' is ambiguous: it could count from any of b, c"),
        (FORKED, "upgrade", "b,c:+1", "'+1' is ambiguous: it could count from any of b, c"),
        (TWO_BASES, "upgrade", "side@base:b", "b is not on the branch of side@base"),
        (TWO_BASES, "upgrade", "head", "'head' is not one revision: there are 2 heads, b, z"),
        (TWO_BASES, "upgrade", "nope:z", "no revision 'nope'"),
    ],
)
def test_ranges_without_a_plan(made: RevisionGraph, direction: str, text: str, told: str) -> None:
    with pytest.raises(errors.RevisionError, match=re.escape(told)):
        planned(made, direction, text)


def test_a_downgrade_goes_to_one_revision() -> None:
    with pytest.raises(errors.ResolutionError):
        plan_downgrade(FORKED, "e:b,c")
    with pytest.raises(errors.RevisionError, match="goes to one revision"):
        FORKED.iterate("e", ["b", "c"], select_for_downgrade=True)


def test_graph_methods_take_rows_in_every_form() -> None:
    forms: tuple[Names, ...] = (None, (), "base", [])
    for current in forms:
        assert [step.revision.id for step in LINE.upgrade("b", current)] == ["a", "b"]
    assert [step.revision.id for step in LINE.downgrade(None, ("b",))] == ["b", "a"]
    assert LINE.upgrade("a", "c") == []
    assert LINE.stamp(None, "c")[0].version_ops == [("delete", "c")]
    assert [step.revision.id for step in TWO_BASES.stamp(("b", "z"), ())] == ["b", "z"]


def test_steps_cannot_be_changed() -> None:
    step = plan_upgrade(LINE, "a").steps[0]
    assert hash(step) == hash(plan_upgrade(LINE, "a").steps[0])
    with pytest.raises(FrozenInstanceError):
        step.is_upgrade = False  # type: ignore[misc]
