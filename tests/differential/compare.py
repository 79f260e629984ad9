"""Comparing two lists of statements, up to a written list of intended differences.

A :class:`Difference` rewrites Alembic's text into ours, with regular expressions; a :class:`Refusal` says which
operations we refuse although Alembic prints something. Whatever neither explains is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from tests.differential.outcome import Outcome

BETWEEN = " ;; "
"""Stands between statements where several are rewritten at once."""

MOST_AT_ONCE = 4
"""How many intended differences may meet in one place."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A way in which our text differs from Alembic's on purpose.

    ``pattern`` is searched in Alembic's statements (several stand one after the other, ``;;`` between them), and
    replaced by ``ours``, a template or a function as in :func:`re.sub`. ``name`` is the heading in
    ``docs/differences.md``.
    """

    name: str
    dialects: tuple[str, ...]
    pattern: str
    ours: str | Callable[[re.Match[str]], str]

    def rewrite(self, text: str) -> str:
        """Return Alembic's text as ours would be if this were the only difference."""
        return re.sub(self.pattern, self.ours, text)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What we refuse on purpose, though Alembic prints it: ``pattern`` is searched in our error."""

    name: str
    dialects: tuple[str, ...]
    pattern: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference that nothing explains."""

    place: str
    theirs: str
    ours: str

    def __str__(self) -> str:
        return f"{self.place}\n  Alembic: {self.theirs}\n  sqlgen:  {self.ours}"


class Comparison:
    """Compares outcomes and notes which intended differences were met."""

    def __init__(self, differences: Sequence[Difference], refusals: Sequence[Refusal]) -> None:
        self.differences = differences
        self.refusals = refusals
        self.used: set[str] = set()
        self.findings: list[Finding] = []
        self.compared = 0

    def add(self, place: str, dialect: str, theirs: Outcome, ours: Outcome) -> None:
        """Compare one revision in one direction. What Alembic cannot render is not compared."""
        if theirs.error:
            return
        self.compared += 1
        if ours.error:
            self._refused(place, dialect, theirs, ours)
        else:
            for expected, found in hunks(theirs.statements, ours.statements):
                self._differs(place, dialect, expected, found)

    def _refused(self, place: str, dialect: str, theirs: Outcome, ours: Outcome) -> None:
        found = [item for item in self.refusals if dialect in item.dialects and re.search(item.pattern, ours.error)]
        self.used.update(item.name for item in found)
        if not found:
            self.findings.append(Finding(place, BETWEEN.join(theirs.statements), ours.error))

    def _differs(self, place: str, dialect: str, theirs: str, ours: str) -> None:
        candidates = [d for d in self.differences if dialect in d.dialects and re.search(d.pattern, theirs)]
        for count in range(1, min(len(candidates), MOST_AT_ONCE) + 1):
            for chosen in combinations(candidates, count):
                if tidy(rewritten(theirs, chosen)) == tidy(ours):
                    self.used.update(item.name for item in chosen)
                    return
        self.findings.append(Finding(place, theirs, ours))


def rewritten(text: str, differences: Sequence[Difference]) -> str:
    """Return text after several rewrites, in the order of the list."""
    for difference in differences:
        text = difference.rewrite(text)
    return text


def tidy(text: str) -> str:
    """Return text with empty statements left out."""
    return BETWEEN.join(filter(None, (piece.strip() for piece in text.split(BETWEEN.strip()))))


def hunks(theirs: Sequence[str], ours: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield where two lists differ, each side as one text."""
    for tag, a, b, c, d in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if tag != "equal":
            yield BETWEEN.join(theirs[a:b]), BETWEEN.join(ours[c:d])
