"""What a client printed when it ran a script of checks, read back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sqlgen.questions import NOTHING, SEPARATOR, STATUSES, Status
from sqlgen.records import dataclass

FIELDS = 6
PLACE = re.compile(r"(?:\[(\d+)\] )?(.*)")
VERDICT = re.compile(
    r"sqlgen: (?P<title>\S+) (?P<word>passed|FAILED): (?P<failed>-?\d+) FAIL, (?P<warned>-?\d+) WARN, "
    r"(?P<passed>-?\d+) PASS, (?P<skipped>-?\d+) SKIP, (?P<silent>-?\d+) without an answer"
)


@dataclass(frozen=True, slots=True)
class Result:
    """One line: its status, the check, step (0 for none) and revision, the object, what was found, what to do."""

    status: Status
    check: str
    step: int
    revision: str
    subject: str
    found: str
    remedy: str

    def __str__(self) -> str:
        place = f"[{self.step}] {self.revision}" if self.step else self.revision or NOTHING
        return SEPARATOR.join((self.status, self.check, place, self.subject, self.found, self.remedy))


@dataclass(frozen=True, slots=True)
class Verdict:
    """All results of a run. ``silent`` is the number of checks without an answer, None when no verdict was printed."""

    results: tuple[Result, ...]
    silent: int | None

    def of(self, status: Status) -> tuple[Result, ...]:
        """Return the results with a status."""
        return tuple(one for one in self.results if one.status == status)

    @property
    def counts(self) -> dict[Status, int]:
        """How many results there are by status."""
        found = Counter(one.status for one in self.results)
        return {status: found[status] for status in STATUSES}

    @property
    def passed(self) -> bool:
        """Whether every check was answered and none failed."""
        return self.silent == 0 and not self.of("FAIL")


def read_results(output: str) -> Verdict:
    """Return what a client printed, as data; lines that are no results, such as headings, are left out."""
    lines = output.splitlines()
    found = [VERDICT.search(line) for line in lines]
    last = next((one for one in reversed(found) if one is not None), None)
    return Verdict(tuple(_results(lines)), int(last["silent"]) if last is not None else None)


def _results(lines: list[str]) -> Iterator[Result]:
    for line in lines:
        fields = line.strip().split(SEPARATOR)
        if len(fields) == FIELDS and fields[0] in STATUSES:
            status = next(one for one in STATUSES if one == fields[0])
            place = PLACE.fullmatch(fields[2])
            step, revision = (place[1], place[2]) if place is not None else (None, fields[2])
            revision = "" if revision == NOTHING else revision
            yield Result(status, fields[1], int(step or 0), revision, fields[3], fields[4], fields[5])
