"""The comparer itself: what it must find, and what it must let pass."""

from __future__ import annotations

import pytest

from tests.differential.compare import Comparison, Difference, Refusal
from tests.differential.outcome import Outcome

DATE = Difference("types", ("mssql",), "DATETIME", "DATE")
NO_KEY = Difference("keys", ("mssql",), " OUTPUT inserted", "")
GUARD = Difference("guards", ("mssql",), "^SET", added=r"^IF \w+ ")
REFUSED = Refusal("refused", ("mssql",), "^Unsupported: no IF")
ALL = (DATE, NO_KEY, GUARD)


def compared(theirs: Outcome, ours: Outcome, dialect: str = "mssql") -> Comparison:
    comparison = Comparison(ALL, [REFUSED])
    comparison.add("somewhere", dialect, theirs, ours)
    return comparison


@pytest.mark.parametrize(
    ("theirs", "ours", "used"),
    [
        ((), (), []),
        (("a", "b"), ("a", "b"), []),
        (("x DATETIME",), ("x DATE",), [DATE]),
        (("x DATETIME, y DATETIME",), ("x DATE, y DATETIME",), [DATE]),
        (("INSERT OUTPUT inserted DATETIME",), ("INSERT DATE",), [DATE, NO_KEY]),
        (("SET x ON",), ("IF needed SET x ON",), [GUARD]),
    ],
)
def test_what_is_explained(theirs: tuple[str, ...], ours: tuple[str, ...], used: list[Difference]) -> None:
    found = compared(Outcome(theirs), Outcome(ours))
    assert found.findings == []
    assert found.used == used


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (("a",), ()),
        ((), ("a",)),
        (("a", "b"), ("b", "a")),
        (("x DATETIME",), ("x TIMESTAMP",)),
        (("x DATE",), ("x DATETIME",)),
        (("SET x ON",), ("IF needed SET y ON",)),
    ],
)
def test_what_is_found(theirs: tuple[str, ...], ours: tuple[str, ...]) -> None:
    found = compared(Outcome(theirs), Outcome(ours))
    assert found.findings
    assert found.used == []


def test_an_entry_counts_for_its_dialects_only() -> None:
    assert len(compared(Outcome(("x DATETIME",)), Outcome(("x DATE",)), "oracle").findings) == 1


def test_what_alembic_cannot_render_is_not_compared() -> None:
    found = compared(Outcome(error="boom"), Outcome(("a",)))
    assert (found.compared, found.findings) == (0, [])


def test_refusals_are_listed_too() -> None:
    assert compared(Outcome(("a",)), Outcome(error="Unsupported: no IF here")).findings == []
    assert len(compared(Outcome(("a",)), Outcome(error="Unsupported: something else")).findings) == 1


def test_idle_entries_are_named() -> None:
    assert compared(Outcome(("x DATETIME",)), Outcome(("x DATE",))).unused() == [NO_KEY, GUARD, REFUSED]
