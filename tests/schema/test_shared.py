"""Versions of a mapping are what a dictionary would be, in the same order, and share what is the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sqlgen.schema.shared import ByName, Shared

KEYS = st.integers(0, 40)
STEPS = st.lists(st.tuples(st.booleans(), KEYS, st.integers(0, 3)), max_size=150)


def versions(steps: list[tuple[bool, int, int]]) -> list[tuple[Shared[int, int], dict[int, int]]]:
    """Return each version after a step, beside the dictionary that it must be like."""
    shared, plain = Shared[int, int](), dict[int, int]()
    found = [(shared, plain)]
    for puts, key, value in steps:
        plain = dict(plain)
        if puts:
            shared, plain[key] = shared.put(key, value), value
        else:
            shared = shared.without([key])
            plain.pop(key, None)
        found.append((shared, plain))
    return found


@given(STEPS)
def test_a_version_is_what_a_dictionary_is(steps: list[tuple[bool, int, int]]) -> None:
    for shared, plain in versions(steps):
        assert list(shared.items()) == list(plain.items())
        assert len(shared) == len(plain)
        assert shared == plain
        for key in range(42):
            assert (key in shared, shared.get(key, "none")) == (key in plain, plain.get(key, "none"))


@given(STEPS, st.data())
def test_what_differs_between_two_versions_is_told(steps: list[tuple[bool, int, int]], data: st.DataObject) -> None:
    made = versions(steps)
    (one, first), (two, second) = data.draw(st.sampled_from(made)), data.draw(st.sampled_from(made))
    differ = {key for key in {*first, *second} if first.get(key) != second.get(key)}
    assert differ <= {*one.differing(two)}


@given(STEPS, st.data())
def test_names_are_known_from_any_version_to_any_other(steps: list[tuple[bool, int, int]], data: st.DataObject) -> None:
    made = versions(steps)
    named = ByName[int, int](lambda value: [value, value % 2, value])
    for shared, plain in data.draw(st.lists(st.sampled_from(made), max_size=6)):
        names: dict[int, set[int]] = {}
        for key, value in plain.items():
            for name in (value, value % 2):
                names.setdefault(name, set()).add(key)
        assert named.at(shared) == names


def test_without_what_is_not_there_nothing_changes() -> None:
    shared = Shared({1: "a"})
    assert shared.without([2]) is shared


def test_a_version_costs_the_root_of_what_there_is() -> None:
    def copied(count: int) -> int:
        shared, total = Shared[int, int](), 0
        for key in range(count):
            before = shared
            shared = shared.put(key, 0)
            total += len(shared.base) if shared.base is not before.base else len(shared.over)
        return total

    # Four times as many: sixteen times the work if every version were a copy, eight if it is as it should be.
    assert copied(8000) < 10 * copied(2000)
