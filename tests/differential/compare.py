"""Comparing two lists of statements, up to a written list of intended differences.

A :class:`Difference` rewrites Alembic's text into ours, with regular expressions; a :class:`Refusal` says which
operations we refuse although Alembic prints something. Whatever neither explains is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, groupby

from tests.differential.outcome import Outcome

BETWEEN = " ;; "
"""Stands between statements where several are rewritten at once."""

MOST_AT_ONCE = 3
"""How many intended differences may meet in one place."""

MOST_PLACES = 10
"""In how many places of one statement a difference may be found, and stand in some of them only."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A way in which our text differs from Alembic's on purpose.

    ``pattern`` is searched in Alembic's statements (several stand one after the other, ``;;`` between them), and
    replaced by ``ours``, a template or a function as in :func:`re.sub`, in any number of the places where it is found.
    ``added`` matches what only we say and what cannot be told from Alembic's text; it is left out of ours.
    ``name`` is a heading of ``docs/differences.md``.
    """

    name: str
    dialects: tuple[str, ...]
    pattern: str
    ours: str | Callable[[re.Match[str]], str] = r"\g<0>"
    added: str = ""

    def rewrites(self, text: str) -> Iterator[str]:
        """Yield Alembic's text as ours would be if this were the only difference: everywhere, then in some places."""
        found = list(re.finditer(self.pattern, text))
        yield self.replace(text, found)
        if 1 < len(found) <= MOST_PLACES:
            for count in range(1, len(found)):
                for chosen in combinations(found, count):
                    yield self.replace(text, chosen)

    def replace(self, text: str, found: Sequence[re.Match[str]]) -> str:
        """Return text with some matches replaced."""
        for match in reversed(found):
            new = match.expand(self.ours) if isinstance(self.ours, str) else self.ours(match)
            text = text[: match.start()] + new + text[match.end() :]
        return text

    def applies(self, theirs: str, ours: str) -> bool:
        """Tell whether this difference has a part in a place."""
        return bool(re.search(self.pattern, theirs) and (not self.added or re.search(self.added, ours)))

    def forget(self, ours: str) -> str:
        """Return our text without what only we say."""
        return re.sub(self.added, "", ours) if self.added else ours


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
        self.used: list[Difference | Refusal] = []
        self.findings: list[Finding] = []
        self.compared = 0

    def unused(self) -> list[Difference | Refusal]:
        """Return the entries of the list that nothing needed."""
        entries: list[Difference | Refusal] = [*self.differences, *self.refusals]
        return [item for item in entries if item not in self.used]

    def add(self, place: str, dialect: str, theirs: Outcome, ours: Outcome) -> None:
        """Compare one revision in one direction. What Alembic cannot render is not compared."""
        if theirs.error:
            return
        self.compared += 1
        if ours.error:
            self._refused(place, dialect, theirs, ours)
        else:
            for expected, found in hunks(in_order(theirs.statements), in_order(ours.statements)):
                self._differs(place, dialect, expected, found)

    def _refused(self, place: str, dialect: str, theirs: Outcome, ours: Outcome) -> None:
        found = [item for item in self.refusals if dialect in item.dialects and re.search(item.pattern, ours.error)]
        self.used.extend(found)
        if not found:
            self.findings.append(Finding(place, BETWEEN.join(theirs.statements), ours.error))

    def _differs(self, place: str, dialect: str, theirs: str, ours: str) -> None:
        candidates = [item for item in self.differences if dialect in item.dialects and item.applies(theirs, ours)]
        for count in range(1, min(len(candidates), MOST_AT_ONCE) + 1):
            for chosen in combinations(candidates, count):
                if explains(chosen, theirs, ours):
                    self.used.extend(chosen)
                    return
        self.findings.append(Finding(place, theirs, ours))


def explains(differences: Sequence[Difference], theirs: str, ours: str) -> bool:
    """Tell whether these differences, one after the other, turn Alembic's text into ours."""
    for difference in differences:
        ours = difference.forget(ours)
    found = [theirs]
    for difference in differences:
        found = [text for before in found for text in difference.rewrites(before)]
    return any(tidy(text) == tidy(ours) for text in found)


def tidy(text: str) -> str:
    """Return text with empty statements left out."""
    return BETWEEN.join(filter(None, (piece.strip() for piece in text.split(BETWEEN.strip()))))


def in_order(statements: Sequence[str]) -> list[str]:
    """Return statements with those that follow each other and create indexes sorted.

    A table keeps its indexes in a set, so in Alembic's output their order is another one each time.
    """
    found: list[str] = []
    for is_index, run in groupby(statements, lambda text: re.match("CREATE (UNIQUE )?INDEX ", text) is not None):
        together = list(run)
        found.extend(sorted(together) if is_index else together)
    return found


def hunks(theirs: Sequence[str], ours: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield where two lists differ, each side as one text."""
    for tag, a, b, c, d in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if tag != "equal":
            yield BETWEEN.join(theirs[a:b]), BETWEEN.join(ours[c:d])
