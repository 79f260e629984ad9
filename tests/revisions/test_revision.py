"""One revision as data."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from sqlgen.errors import RevisionError
from sqlgen.revisions import Revision


@pytest.mark.parametrize(
    ("given", "down", "down_revision"),
    [
        (None, (), None),
        ("a", ("a",), "a"),
        (("a",), ("a",), "a"),
        (["a", "b"], ("a", "b"), ("a", "b")),
        (("b", "a", "b"), ("b", "a"), ("b", "a")),
        ((), (), None),
        ({"b", "a"}, ("a", "b"), ("a", "b")),
    ],
)
def test_parents_are_always_a_tuple(given: Any, down: tuple[str, ...], down_revision: object) -> None:
    revision = Revision("x", given)
    assert revision.down == down
    assert revision.down_revision == down_revision


def test_positions_and_names_of_the_constructor() -> None:
    by_position = Revision("x", "a", "b", "label")
    by_name = Revision(revision="x", down_revision="a", depends_on=["b"], branch_labels=("label",))
    assert by_position == by_name
    assert (by_name.id, by_name.revision, by_name.depends_on, by_name.branch_labels) == (
        "x",
        "x",
        ("b",),
        ("label",),
    )
    assert str(by_name) == "x"
    assert len({by_position, by_name}) == 1


def test_a_revision_cannot_be_changed() -> None:
    revision = Revision("x")
    with pytest.raises(FrozenInstanceError):
        revision.id = "y"  # type: ignore[misc]


def test_docstring() -> None:
    revision = Revision("x", doc="\nadd users \n\nmore\n\nRevision ID: x\nCreate Date: 2024-01-02 03:04:05\n")
    assert revision.message == "add users"
    assert revision.create_date == "2024-01-02 03:04:05"
    assert revision.doc.startswith("add users")
    assert revision.doc.endswith("03:04:05")


def test_no_docstring() -> None:
    revision = Revision("x")
    assert (revision.doc, revision.message, revision.create_date) == ("", "", "")
    assert (revision.path, revision.shown_path, revision.place) == (None, "", None)


@pytest.mark.parametrize("id", ["a-b", "a+1", "label@a", "a:b", "", "  ", None, 5])
def test_ids_that_cannot_be_addressed(id: Any) -> None:
    with pytest.raises(RevisionError, match="revision id") as caught:
        Revision(id, path=Path("versions/bad.py"), line=7)
    assert str(caught.value).startswith("versions/bad.py:7: ")


@pytest.mark.parametrize("variable", ["down_revision", "depends_on", "branch_labels"])
def test_names_that_are_no_text(variable: str) -> None:
    wrong: dict[str, Any] = {variable: (1, "a")}
    with pytest.raises(RevisionError, match=f"{variable} holds 1"):
        Revision("x", **wrong)
    number: dict[str, Any] = {variable: 5}
    with pytest.raises(RevisionError, match=f"{variable} holds 5"):
        Revision("x", **number)
