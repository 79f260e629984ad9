"""The grammar of revision symbols and ranges."""

from __future__ import annotations

import pytest

from sqlgen import errors
from sqlgen.revisions import Range, RevisionGraph, Symbol, parse_range, parse_symbol

from .histories import graph

HISTORY = (
    "aaaa1; aaaa2<aaaa1; left1<aaaa2 #left; left2<left1; left3<left2;"
    "right1<aaaa2 #right; right2<right1; side1 #side-2; side2<side1 ^left1; k"
)


@pytest.fixture(scope="module")
def made() -> RevisionGraph:
    return graph(HISTORY)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("head", (None, "head", None)),
        (" label@head ", ("label", "head", None)),
        ("+2", (None, "", 2)),
        ("-1", (None, "", -1)),
        ("label@+2", ("label", "", 2)),
        ("label@-1", ("label", "", -1)),
        ("id+2", (None, "id", 2)),
        ("label@id-10", ("label", "id", -10)),
        ("head-1", (None, "head", -1)),
        ("v1.2.3+1", (None, "v1.2.3", 1)),
        ("a-b", (None, "a-b", None)),
    ],
)
def test_parts(text: str, parts: tuple[str | None, str, int | None]) -> None:
    assert parse_symbol(text) == Symbol(text, *parts)


@pytest.mark.parametrize("text", ["", "  ", "@", "@head", "label@"])
def test_symbols_with_an_empty_part(text: str, made: RevisionGraph) -> None:
    with pytest.raises(errors.ResolutionError, match="a part of it is empty"):
        made.get(text)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("a", Range(None, "a")),
        ("a:b", Range("a", "b")),
        (":b", Range(None, "b")),
        ("a:", Range("a", None)),
        (":", Range(None, None)),
        (" a , b : c ", Range("a , b", "c")),
        ("label@base:label@head", Range("label@base", "label@head")),
    ],
)
def test_ranges(text: str, ends: Range) -> None:
    assert parse_range(text) == ends


def test_ranges_of_three_parts() -> None:
    with pytest.raises(errors.RevisionError, match="has 3 parts, and must have two: start:end"):
        parse_range("a:b:c")


def test_an_empty_range() -> None:
    with pytest.raises(errors.RevisionError, match="empty"):
        parse_range(" ")


@pytest.mark.parametrize(
    ("symbol", "ids"),
    [
        ("base", []),
        (None, []),
        ("heads", ["left3", "right2", "side2", "k"]),
        (["left3", "right"], ["left3", "right1"]),
        (["k", "base", "k"], ["k"]),
        ("aaaa2", ["aaaa2"]),
        ("k", ["k"]),
        ("side-", ["side1"]),
        ("side-2", ["side1"]),
        ("right", ["right1"]),
        ("left", ["left1"]),
        ("left@head", ["left3"]),
        ("left@heads", ["left3"]),
        ("left@base", []),
        ("left@aaaa1", ["aaaa1"]),
        ("left@left2", ["left2"]),
        ("left2@head", ["left3"]),
        ("left2@base", []),
        ("aaaa1@heads", ["left3", "right2"]),
        ("side-2@head", ["side2"]),
        ("left1+2", ["left3"]),
        ("left1+0", ["left1"]),
        ("left3-2", ["left1"]),
        ("aaaa1-1", []),
        ("base+0", []),
        ("left@aaaa2+1", ["left1"]),
        ("left@head-1", ["left2"]),
        ("left@-1", ["left2"]),
        ("left@+3", ["left1"]),
        ("left@base+3", ["left1"]),
        ("side-2-1", []),
        ("-1", ["left2", "right1", "side1"]),
    ],
)
def test_meanings(made: RevisionGraph, symbol: str | list[str] | None, ids: list[str]) -> None:
    assert [revision.id for revision in made.get_all(symbol)] == ids


@pytest.mark.parametrize(
    ("symbol", "told"),
    [
        ("zzz", "no revision 'zzz'"),
        ("lefty1", "no revision 'lefty1'. Closest: 'left1'"),
        ("kk", "no revision 'kk'. Closest: 'k'"),
        ("lefty@head", "no branch 'lefty'. Closest: 'left'"),
        ("lefty@base", "no branch 'lefty'. Closest: 'left'"),
        ("aaaa", "'aaaa' is the beginning of 2 revisions: 'aaaa1', 'aaaa2'"),
        ("rig", "'rig' is the beginning of 2 revisions: 'right1', 'right2'"),
        ("aa+1", "'aa' is the beginning of 2 revisions: 'aaaa1', 'aaaa2'"),
        ("left@right2", "revision 'right2' is not on branch 'left'"),
        ("left@side2", "revision 'side2' is not on branch 'left'"),
        ("current", "'current' asks a database"),
        ("Head", "no revision 'Head'"),
    ],
)
def test_symbols_without_a_meaning(made: RevisionGraph, symbol: str, told: str) -> None:
    with pytest.raises(errors.ResolutionError) as caught:
        made.get_all(symbol)
    assert caught.value.message.startswith(told)
    assert caught.value.hint
    assert caught.value.argument in (symbol, symbol.partition("@")[0], symbol.partition("+")[0])


def test_a_hint_for_short_ids(made: RevisionGraph) -> None:
    with pytest.raises(errors.ResolutionError) as caught:
        made.get("zz")
    assert caught.value.hint.startswith("Only ids of four or more characters can be abbreviated.")


def test_no_revisions_at_all() -> None:
    with pytest.raises(errors.ResolutionError, match="there are no revisions at all"):
        RevisionGraph().get("a1b2")


def test_many_candidates_are_cut() -> None:
    made = graph(";".join(f"same{number}" for number in range(7)))
    with pytest.raises(errors.ResolutionError, match=r"beginning of 7 revisions: 'same0', .* 'same4', …$"):
        made.get("same")


@pytest.mark.parametrize(
    ("symbol", "heads", "argument"),
    [
        ("head", ("left3", "right2", "side2", "k"), "head"),
        ("aaaa1@head", ("left3", "right2"), "aaaa1@head"),
        ("head-1", ("left3", "right2", "side2", "k"), "head"),
        ("heads", ("left3", "right2", "side2", "k"), "heads"),
    ],
)
def test_several_heads_where_one_is_meant(
    made: RevisionGraph, symbol: str, heads: tuple[str, ...], argument: str
) -> None:
    with pytest.raises(errors.MultipleHeads) as caught:
        made.get(symbol)
    assert (caught.value.heads, caught.value.argument) == (heads, argument)


@pytest.mark.parametrize(
    ("symbol", "told"),
    [
        ("aaaa1+2", "'aaaa1+2' is an ambiguous walk: aaaa2 branches into left1, right1"),
        ("+1", "'+1' is an ambiguous walk: base branches into aaaa1, side1, k"),
        ("left3+1", "'left3+1' goes 1 above left3, and there is nothing there"),
        ("left2+5", "'left2+5' goes 5 above left2, and there is only 1 there"),
        ("aaaa2-3", "'aaaa2-3' goes 3 below aaaa2, and there is only 2 there"),
        ("base-1", "'base-1' goes 1 below base, and there is nothing there"),
    ],
)
def test_walks_that_lead_nowhere(made: RevisionGraph, symbol: str, told: str) -> None:
    with pytest.raises(errors.RevisionError) as caught:
        made.get_all(symbol)
    assert caught.value.message == told


def test_a_walk_down_stops_at_a_merge() -> None:
    with pytest.raises(errors.RevisionError, match="ambiguous walk: m merges b, c"):
        graph("a; b<a; c<a; m<b,c; n<m").get("n-2")


def test_get_returns_one_or_none(made: RevisionGraph) -> None:
    found = made.get("left@head")
    assert found is made["left3"]
    assert made.get("base") is None
