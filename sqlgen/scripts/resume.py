"""The rest of a script that stopped half-way: where it stopped, and what is left.

Only where DDL commits by itself can a script stop inside a revision; elsewhere what the version table says is all that
there is, and the way on is an upgrade from there.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from sqlgen.errors import Source, UsageError, closest
from sqlgen.form import Part
from sqlgen.records import dataclass, replace
from sqlgen.revisions import Plan
from sqlgen.scripts.comments import commented
from sqlgen.scripts.contents import OTHER, first_words, table_of
from sqlgen.scripts.script import Script
from sqlgen.scripts.section import Section
from sqlgen.statement import Statement

STEP = re.compile(r"(?P<revision>\S+)(?:\s*\[|[\s:])\s*(?P<number>\d+(?:\.\d+)?)\]?")
TOLD = re.compile(r"sqlgen: (?P<revision>[^\s\[]+) \[(?P<number>\d+(?:\.\d+)?)\]")
ENDED = re.compile(r"sqlgen: now at ")
ROWS = ("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE")


@dataclass(frozen=True, slots=True)
class Stop:
    """The statement that failed, or was never reached: its revision, and its number there as the script shows it."""

    revision: str
    number: str

    @property
    def call(self) -> str:
        """The number of the call that the statement belongs to: the 3 of 3.2."""
        return self.number.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.revision} [{self.number}]"


def stop_named(text: str) -> Stop:
    """Return the stop that a user names, as ``REVISION [NUMBER]``. Raises UsageError for anything else."""
    found = STEP.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"{text!r} names no statement",
            hint="Write the revision and the number above the statement: --at 'ab12 [3]'.",
        )
    return Stop(found["revision"], found["number"])


def stop_logged(text: str, place: str) -> Stop:
    """Return the stop that the log of a client tells: the statement of the last line of progress.

    Raises UsageError for a log that has no such line, and for one of a script that came to its end.
    """
    last: Stop | None = None
    for line in text.splitlines():
        if found := TOLD.search(line):
            last = Stop(found["revision"], found["number"])
        elif ENDED.search(line) and "SELECT" not in line:
            raise UsageError(
                "the log is that of a script that came to its end", hint="There is nothing to go on with."
            ) from None
    if last is None:
        error = UsageError(
            "the log has no line of progress, such as 'sqlgen: ab12 [3]'",
            hint="Name the statement yourself: --at 'REVISION [NUMBER]'.",
        )
        error.place = Source(place)
        raise error
    return last


def read_log(path: Path) -> Stop:
    """Return the stop that a file tells. Raises UsageError, also for a file that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"the log {path} cannot be read: {(error.strerror or str(error)).lower()}") from error
    return stop_logged(text, str(path))


def place_of(script: Script, stop: Stop) -> tuple[int, int]:
    """Return the section of a stop, and how many of the revision's own statements are done by then.

    Where rows wait for a COMMIT, those that were written since the last statement that commits are not done.
    Raises UsageError for a statement that the script does not have.
    """
    ids = [section.step.revision.id if section.step else "" for section in script.sections]
    if stop.revision not in ids:
        near = closest(stop.revision, filter(None, ids))
        raise UsageError(
            f"the script has no revision {stop.revision}",
            hint=f"Did you mean {near}?" if near else f"It has {', '.join(filter(None, ids))}.",
        )
    section = script.sections[ids.index(stop.revision)]
    own = [part for part in section.parts() if not part.moves and not part.creates]
    labels = [part.label for part in own]
    if stop.number not in labels:
        raise UsageError(
            f"revision {stop.revision} has no statement [{stop.number}]",
            hint=f"It has [{labels[0]}] to [{labels[-1]}]." if any(labels) else "It has none.",
        )
    done = labels.index(stop.number)
    if script.dialect.commit and not script.dialect.begin:
        while done and writes_rows(own[done - 1].statement):
            done -= 1
    return ids.index(stop.revision), done


def writes_rows(statement: Statement) -> bool:
    """Tell whether a statement writes rows, and commits nothing."""
    return first_words(statement.sql) in ROWS


def rest(script: Script, stop: Stop) -> Script:
    """Return what is left of a script. Raises UsageError, also for a database that takes back what it has not done."""
    if script.dialect.transactional_ddl:
        raise UsageError(
            f"{script.dialect.title} has taken back what the script had not finished",
            hint="Ask the version table where it is, and go on from there: sqlgen upgrade VERSION:TARGET.",
        )
    index, done = place_of(script, stop)
    section = script.sections[index]
    assert section.step is not None
    sections = (replace(section, skip=done), *script.sections[index + 1 :])
    steps = tuple(one.step for one in sections if one.step is not None)
    plan = Plan(steps, section.step.before, script.plan.end, script.direction)
    return replace(script, plan=plan, sections=sections, name="resume.sql")


def done_before(script: Script, stop: Stop) -> list[Part]:
    """Return the statements of the stop's revision that are done, with their numbers."""
    index, done = place_of(script, stop)
    return [part for part in script.sections[index].parts() if not part.moves and not part.creates][:done]


def way_back(script: Script, stop: Stop, statements: Sequence[Statement]) -> Script:
    """Return the script that takes back what is done of the stop's revision, and leaves the version as it is."""
    index, _ = place_of(script, stop)
    step = script.sections[index].step
    assert step is not None
    plan = Plan((), step.before, step.before, script.direction)
    return replace(script, plan=plan, sections=(Section(None, statements),), name="resume.back.sql")


def remark(text: str) -> Statement:
    """Return words to the reader, as a comment among the statements."""
    return Statement("\n".join(commented(text)), verbatim=True)


def rows_written(done: Sequence[Part], gone: Container[str]) -> Iterator[str]:
    """Yield words on the statements that wrote rows, which no script can take back; not of tables that are gone."""
    for part in done:
        words = first_words(part.statement.sql)
        name = re.split(r"\W+", table_of(part.statement.sql).strip('`"[]'))[-1]
        if (words in ROWS or words == OTHER) and name not in gone:
            yield f"by hand, if need be: what [{part.label}] {part.statement.operation} did to rows is not taken back"
