"""The small database in which the twin keeps rows: one temporary database of the standard library's.

Its comparisons of text are those of the target where they are certain; where they are not, it says so.
"""

from __future__ import annotations

import decimal
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .facts import RowFacts
from .values import MARK, NotKnown

SAME, ORDER = "twin", "twin_order"
"""Names of the two collations: for equality, which some order comes with, and for an order that counts."""

COMPARED = frozenset("tzmDu")
"""Codes of values whose text compares as they do."""


class Database:
    """Runs statements on the twin's database. ``run`` raises NotKnown for a doubtful comparison and for any error."""

    def __init__(self, facts: RowFacts) -> None:
        self.facts = facts
        self.doubt = ""
        self.connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self.connection.create_collation(SAME, self._same)
        self.connection.create_collation(ORDER, self._order)
        functions: tuple[tuple[str, int, Callable[..., Any]], ...] = (
            ("lower", 1, lambda text: self._plain(text, str.lower)),
            ("upper", 1, lambda text: self._plain(text, str.upper)),
            ("length", 1, lambda text: self._plain(text, len)),
            ("like", 2, self._like),
            ("like", 3, self._like),
        )
        for name, count, function in functions:
            self.connection.create_function(name, count, function, deterministic=True)

    def run(self, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Run a statement and return all its rows."""
        self.doubt = ""
        try:
            rows = self.connection.execute(sql, values).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            raise NotKnown(self.doubt or str(error)) from error
        if self.doubt:
            raise NotKnown(self.doubt)
        return rows

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement that returns nothing with many sets of values."""
        try:
            self.connection.executemany(sql, values)
        except (sqlite3.Error, OverflowError) as error:
            raise NotKnown(str(error)) from error

    # Comparisons.

    def _doubtful(self, why: str) -> int:
        self.doubt = self.doubt or why
        return -1

    def _same(self, one: str, other: str) -> int:
        if one == other:
            return 0
        if one[:1] == MARK or other[:1] == MARK:
            return self._marked(one, other)
        if self.facts.folds_case and self._may_be_equal(one, other):
            if one.isascii() and other.isascii() and one.lower() == other.lower():
                return 0
            return self._doubtful(f"whether {one!r} and {other!r} are the same by the server's collation")
        return -1 if one < other else 1

    @staticmethod
    def _may_be_equal(one: str, other: str) -> bool:
        first, second = _base(one), _base(other)
        return first == second or not (first.isascii() and second.isascii())

    def _order(self, one: str, other: str) -> int:
        if one == other:
            return 0
        if one[:1] == MARK or other[:1] == MARK:
            return self._marked(one, other)
        if self.facts.folds_case:
            one, other = one.lower(), other.lower()
            if one == other and one.isascii():
                return 0
        for first, second in zip(one, other, strict=False):
            if first != second:
                if not _comparable(first, second):
                    return self._doubtful("the order of texts, which depends on the server's collation")
                return -1 if first < second else 1
        return -1 if len(one) < len(other) else 1

    def _marked(self, one: str, other: str) -> int:
        code = one[1:2]
        if one[:1] != MARK or other[:1] != MARK or code != other[1:2]:
            return self._doubtful("values of different kinds are compared")
        if code == "d":
            first, second = decimal.Decimal(one[2:]), decimal.Decimal(other[2:])
            return (first > second) - (first < second)
        if code not in COMPARED:
            return self._doubtful("values are compared that only the server can compare")
        return -1 if one < other else 1

    # Functions.

    def _plain(self, text: Any, function: Callable[[str], Any]) -> Any:
        if text is None:
            return None
        if not isinstance(text, str) or not text.isascii() or text[:1] == MARK or text[-1:] == " ":
            self._doubtful("what a function makes of this text")
            return None
        return function(text)

    def _like(self, pattern: Any, text: Any, escape: str = "") -> int | None:
        if pattern is None or text is None:
            return None
        folds = self.facts.folds_case
        if (
            not (isinstance(pattern, str) and isinstance(text, str))
            or MARK in pattern + text[:1]
            or (not escape and "\\" in pattern)
            or (self.facts.like_classes and "[" in pattern)
            or (folds and not (pattern.isascii() and text.isascii() and text[-1:] != " "))
        ):
            self._doubtful("what LIKE makes of this text")
            return 0
        if folds:
            pattern, text = pattern.lower(), text.lower()
        return int(_matches(_pattern(pattern, escape), text))


def _base(text: str) -> str:
    """Return text without case, accents and blanks at its end."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(one for one in plain if not unicodedata.combining(one)).casefold().rstrip(" ")


def _comparable(one: str, other: str) -> bool:
    """Tell whether every usual collation puts two different characters in the order of their codes."""
    pair = one + other
    if not pair.isascii() or not pair.isalnum():
        return False
    letters = [character for character in pair if character.isalpha()]
    return all(map(str.islower, letters)) or all(map(str.isupper, letters))


def _pattern(text: str, escape: str) -> list[str]:
    """Return a LIKE pattern as a list of characters: ``%`` and ``_`` stand for themselves when two characters long."""
    found: list[str] = []
    characters = iter(text)
    for character in characters:
        if escape and character == escape:
            found.append(next(characters, ""))
        else:
            found.append(f"{character}*" if character in "%_" else character)
    return found


def _matches(pattern: list[str], text: str) -> bool:
    """Tell whether text fits a pattern."""
    reached = {0}
    for part in pattern:
        if part == "%*":
            reached = set(range(min(reached), len(text) + 1)) if reached else reached
        else:
            reached = {place + 1 for place in reached if place < len(text) and part in ("_*", text[place])}
    return len(text) in reached
