"""Choices that depend on a number only, and do not change when an unrelated option disappears."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Impossible(Exception):
    """The step that was drawn has nothing to work on."""


class Chance:
    """Draws for one step.

    An option wins by the lot that its name draws. So when a sequence is shortened to find out which steps a failure
    needs, the steps that are left mostly choose what they chose before.
    """

    def __init__(self, number: int) -> None:
        self._random = random.Random(number)

    def of(self, share: float) -> bool:
        """Return True in this share of all cases."""
        return self._random.random() < share

    def number(self, low: int, high: int) -> int:
        """Return a number between two, both included."""
        return self._random.randint(low, high)

    def pick(self, options: Iterable[T], key: Callable[[T], Any] = str) -> T:
        """Return one option. Raises Impossible when there is none."""
        draw = self._random.random()
        lots = [(random.Random(f"{draw} {key(option)}").random(), option) for option in options]
        if not lots:
            raise Impossible
        return min(lots, key=lambda lot: lot[0])[1]

    def some(self, options: Sequence[T], least: int, most: int, key: Callable[[T], Any] = str) -> list[T]:
        """Return a few different options in random order. Raises Impossible when there are too few."""
        left, chosen = list(options), []
        for _ in range(self.number(least, most)):
            if not left:
                break
            chosen.append(self.pick(left, key))
            left.remove(chosen[-1])
        if len(chosen) < least:
            raise Impossible
        return chosen
