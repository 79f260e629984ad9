"""The graph: its shape, its order, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from sqlgen import errors
from sqlgen.revisions import Revision, RevisionGraph

from .histories import graph

FORKED = "a; b<a; c1<b #left; c2<c1; d1<b #right; d2<d1; m<c2,d2; other #side; x<other ^d1"


def test_shape() -> None:
    made = graph(FORKED)
    assert made.heads == ("m", "x")
    assert made.real_heads == ("m", "x")
    assert made.bases == ("a", "other")
    assert made.branch_points == ("b",)
    assert made.merge_points == ("m",)
    assert made.children("b") == ("c1", "d1")
    assert made.children("d1") == ("d2",)
    assert made.children("d1", dependencies=True) == ("d2", "x")
    assert made.parents("x") == ("other",)
    assert made.parents("x", dependencies=True) == ("other", "d1")
    assert made.ancestors("d2") == ("d1", "b", "a")
    assert set(made.ancestors("x")) == {"other", "d1", "b", "a"}
    assert made.ancestors("x", dependencies=False) == ("other",)
    assert made.descendants("d1") == ("m", "d2", "x")
    assert made.descendants("d1", dependencies=False) == ("m", "d2")
    assert len(made) == 9
    assert "m" in made
    assert "zzz" not in made
    assert made["x"].depends_on == ("d1",)


def test_heads_and_real_heads_differ_by_dependencies() -> None:
    made = graph("a; b; c<b ^a")
    assert made.heads == ("a", "c")
    assert made.real_heads == ("c",)


def test_newest_first_and_parents_first() -> None:
    made = graph(FORKED)
    order = [revision.id for revision in made]
    assert order == ["m", "c2", "c1", "d2", "x", "other", "d1", "b", "a"]
    assert [revision.id for revision in made.topological()] == order[::-1]


def test_depth_is_the_longest_way_from_the_base() -> None:
    made = graph(FORKED)
    assert {id: made.depth(id) for id in ("a", "b", "c1", "d2", "m", "other", "x")} == {
        "a": 1,
        "b": 2,
        "c1": 3,
        "d2": 4,
        "m": 5,
        "other": 1,
        "x": 4,
    }


def test_an_empty_graph() -> None:
    made = RevisionGraph([])
    assert (made.heads, made.bases, list(made), made.get_all("heads"), made.get("head")) == ((), (), [], (), None)
    assert made.upgrade("heads", ()) == []


def test_a_label_covers_its_branch() -> None:
    made = graph("a; b<a; c1<b; c2<c1 #left; c3<c2; d1<b #right; m<c3,d1; n<m #top")
    assert {id: made.branch_labels(id) for id in ("a", "b", "c1", "c2", "c3", "d1", "m", "n")} == {
        "a": (),
        "b": (),
        "c1": ("left",),
        "c2": ("left",),
        "c3": ("left",),
        "d1": ("right",),
        "m": ("left", "right"),
        "n": ("left", "right", "top"),
    }
    assert made.labels == {"left": "c2", "right": "d1", "top": "n"}


@pytest.mark.parametrize(
    ("text", "parents"),
    [
        ("abcd1; x ^abcd1", ("abcd1",)),
        ("abcd1; x ^abcd", ("abcd1",)),
        ("abcd1; x ^ab", ("abcd1",)),
        ("abcd1 #label; x ^label", ("abcd1",)),
        ("abcd1 #label; b<abcd1; x<b ^label", ("b", "abcd1")),
        ("abcd1 #label; x<abcd1 ^label", ("abcd1",)),
    ],
)
def test_depends_on_names_ids_beginnings_and_labels(text: str, parents: tuple[str, ...]) -> None:
    assert graph(text).parents("x", dependencies=True) == parents


def test_two_files_with_one_id() -> None:
    with pytest.raises(errors.DuplicateRevision) as caught:
        RevisionGraph([Revision("a", path=Path("v/one.py")), Revision("a", path=Path("v/two.py"), line=3)])
    assert str(caught.value) == "v/two.py:3: two revisions have the id 'a': v/one.py and v/two.py"


@pytest.mark.parametrize(
    ("revision", "told"),
    [
        (Revision("b", "abcf", path=Path("v/b.py")), "v/b.py: down_revision 'abcf' of revision 'b' is in no file"),
        (Revision("b", None, "abcf"), "depends_on 'abcf' of revision 'b' is in no file"),
    ],
)
def test_missing_parents(revision: Revision, told: str) -> None:
    with pytest.raises(errors.MissingParent) as caught:
        RevisionGraph([Revision("abcd"), revision])
    assert str(caught.value) == f"{told}. Closest: 'abcd'"


def test_a_parent_must_be_written_in_full() -> None:
    with pytest.raises(errors.MissingParent):
        graph("abcd1; x<abcd")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a #one; b<a #one", "branch label 'one' of revision 'b' already belongs to revision 'a'"),
        ("a #b; b<a", "branch label 'b' of revision 'a' already is the id of a revision"),
        ("abcd1; abcd2; x ^abcd", "depends_on 'abcd' of revision 'x' could be abcd1, abcd2"),
    ],
)
def test_names_that_mean_two_things(text: str, told: str) -> None:
    with pytest.raises(errors.RevisionError, match=told):
        graph(text)


@pytest.mark.parametrize(
    ("text", "error", "members"),
    [
        ("a<a", errors.LoopDetected, ("a",)),
        ("a; b<a ^b", errors.DependencyLoopDetected, ("b",)),
        ("a #me ^me", errors.DependencyLoopDetected, ("a",)),
        ("a<c; b<a; c<b", errors.CycleDetected, ("a", "c", "b")),
        ("base; a<base,c; b<a; c<b; top<c; tip<top", errors.CycleDetected, ("a", "c", "b")),
        ("a ^b; b<a; c<b", errors.DependencyCycleDetected, ("a", "b")),
        ("a; b<a ^y; x; y<x ^b; z<y", errors.DependencyCycleDetected, ("b", "y")),
    ],
)
def test_cycles(text: str, error: type[errors.CycleDetected], members: tuple[str, ...]) -> None:
    with pytest.raises(errors.CycleDetected) as caught:
        graph(text)
    assert type(caught.value) is error
    assert caught.value.revisions == members


def test_a_cycle_names_a_file() -> None:
    with pytest.raises(errors.CycleDetected) as caught:
        RevisionGraph([Revision("a", "b", path=Path("v/a.py"), line=2), Revision("b", "a")])
    assert str(caught.value) == "v/a.py:2: Cycle is detected in revisions (a, b)"


@pytest.mark.parametrize(
    ("upper", "lower", "flags", "found"),
    [
        ("c2", "base", {}, ["c2", "c1", "b", "a"]),
        ("c2", "b", {}, ["c2", "c1"]),
        ("c2", "b", {"inclusive": True}, ["c2", "c1", "b"]),
        ("m", "d1", {}, ["m", "d2"]),
        ("m", "d1", {"implicit_base": True}, ["m", "c2", "c1", "d2"]),
        ("x", "other", {}, ["x"]),
        ("x", "other", {"implicit_base": True}, ["x", "d1", "b", "a"]),
        ("heads", "side@base", {}, ["x", "other", "d1", "b", "a"]),
        ("c2", "-1", {}, ["c2"]),
        ("c2", "-99", {}, ["c2", "c1", "b", "a"]),
        ("m", "b", {"select_for_downgrade": True}, ["m", "c2", "c1", "d2", "d1"]),
        (("m", "x"), "d1", {"select_for_downgrade": True}, ["m", "d2"]),
        (("m", "x"), "right@b", {"select_for_downgrade": True}, ["m", "d2", "x", "d1"]),
        (("m", "x"), "side@base", {"select_for_downgrade": True}, ["x", "other"]),
        (("m", "x"), "d1", {"select_for_downgrade": True, "inclusive": True}, ["m", "d2", "x", "d1"]),
    ],
)
def test_iterate(upper: str | tuple[str, ...], lower: str, flags: dict[str, bool], found: list[str]) -> None:
    assert [revision.id for revision in graph(FORKED).iterate(upper, lower, **flags)] == found


@pytest.mark.parametrize(("upper", "lower", "down"), [("c2", "d1", False), ("a", "b", False), ("c2", "d1", True)])
def test_iterate_between_ends_that_are_not_on_one_line(upper: str, lower: str, down: bool) -> None:
    with pytest.raises(errors.RangeNotAncestorError):
        graph(FORKED).iterate(upper, lower, select_for_downgrade=down)
