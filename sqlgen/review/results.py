"""What the commands tell of a tree: the result of a check, the outcome of a run that writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..records import dataclass
from .findings import Finding

if TYPE_CHECKING:
    from .patches import Change

LAYOUT_ONLY = "layout only, the statements are the same"


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found; ``changes`` are the files that differ, for a diff; ``files`` are the names of the tree."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many files the tree has."""
        return len(self.files)

    @property
    def command(self) -> str:
        """The one command that mends it, or the first of several; empty when all is well."""
        return next((one.command for one in self.findings if one.command), "")

    def totals(self) -> Iterator[str]:
        """Yield what the findings come to, in a sentence or two."""
        yield f"{len(self.findings)} finding{'' if len(self.findings) == 1 else 's'}"
        stale = [one for one in self.findings if one.kind == "stale" and one.dialect]
        if stale:
            layout = sum(one.message == LAYOUT_ONLY for one in stale)
            yield f"{layout} of {self.total} files change in layout only, {len(stale) - layout} in statements"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: the files that it wrote and removed, by their names, and those that it left as they were."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What the summary says about a dialect."""

    statements: int
    revisions: int
