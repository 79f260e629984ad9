"""One revision's part of a script: its banner, its statements, its version rows."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from sqlgen.errors import Source
from sqlgen.form import Part, shown
from sqlgen.records import dataclass, replace
from sqlgen.revisions import Revision, Step
from sqlgen.scripts.comments import commented, one_line, two_parts
from sqlgen.statement import VERSION_ROW, Statement
from sqlgen.statements import outlines

RULE = "=" * 94
LONGEST_QUERY = 200
"""Characters of a query that are shown."""
MOVE = "version: "
"""How the comment above a write of version rows begins."""
TITLES = {"upgrade": "Revision", "downgrade": "Downgrade of", "stamp": "Stamp"}

_BOILERPLATE = re.compile(r"\s*(Revision ID|Revises|Create Date):")


@dataclass(frozen=True, slots=True)
class AssumedRead:
    """A read that was taken for empty: the query on one line, its place, and the revision's id."""

    query: str
    place: Source | None
    revision: str

    def __str__(self) -> str:
        return one_line(f"{self.place or self.revision}: {self.query[:LONGEST_QUERY]}")

    @property
    def comment(self) -> str:
        """What the script says where it happened."""
        return "\n".join(commented(f"READ TAKEN FOR EMPTY (--on-read=empty) at {self}"))


@dataclass(frozen=True, slots=True)
class Section:
    """The statements of one step, its writes of version rows (kind ``version``) among them.

    ``step`` is None for what env.py ran before or after the migrations. ``assumed`` are the reads that were taken for
    empty; a ``manual`` section has no statements, because Alembic runs its revision. The first ``skip`` of the
    revision's own statements are done already; the others keep their numbers.
    """

    step: Step | None
    statements: Sequence[Statement]
    assumed: tuple[AssumedRead, ...] = ()
    manual: bool = False
    skip: int = 0

    @property
    def todo(self) -> Sequence[Statement]:
        """The statements that the script still has: all, without the revision's own that are done already."""
        return [part.statement for part in self.parts()] if self.skip else self.statements

    def banner(self, position: int, total: int) -> str:
        """Return the comment above the section; empty for one without a step.

        It tells the revision, its message, where among the revisions it stands (unless it is the only one), its
        file, and what its author wrote in the docstring.
        """
        if self.step is None:
            return ""
        revision = self.step.revision
        message, story = told(revision)
        title = f"{TITLES[self.step.direction]} {revision.id}" + (f" · {message}" if message else "")
        place = f"{position} of {total}" if total > 1 else ""
        lines = [*commented(RULE), *commented(two_parts(one_line(title), place))]
        if revision.shown_path:
            lines += commented(one_line(revision.shown_path))
        if story:
            lines += ["--", *commented(story)]
        return "\n".join([*lines, *commented(RULE)])

    def parts(self) -> Iterator[Part]:
        """Yield the statements that are left, with their comments and their roles."""
        done, skipped = 0, False
        comment: tuple[str, ...] = ()
        for part in self.all_parts():
            comment = part.comment or comment
            if done < self.skip and not (part.moves or part.creates):
                done, skipped = done + 1, True
                continue
            yield part if part.comment or not skipped or part.statement.verbatim else replace(part, comment=comment)
            skipped = False

    def all_parts(self) -> Iterator[Part]:
        """Yield the statements with their comments and their roles.

        Numbers start anew in every section, so that a statement keeps its number when an earlier revision
        changes. A statement that the same call made as the one before it has no comment of its own, and ``3.2`` for
        its number in the log.
        """
        for statement, (number, inner, version, begins) in zip(self.statements, self._calls(), strict=True):
            comment: list[str] = []
            if begins:
                comment = commented(version or _numbered(number, statement, self._place(statement.source)))
                comment += self._further(number, statement)
            moves = version.startswith(MOVE)
            label = "" if version or statement.verbatim else f"{number}{f'.{inner}' if inner > 1 else ''}"
            yield Part(tuple(comment), statement, label, moves, bool(version) and not moves)

    def _further(self, number: int, statement: Statement) -> Iterator[str]:
        """Yield a comment for each further call whose work a statement does, below its first one."""
        for call, source in statement.also:
            indent = " " * len(f"[{number}] ")
            yield from commented(two_parts(indent + one_line(call), one_line(self._place(source))))

    def _calls(self) -> Iterator[tuple[int, int, str, bool]]:
        """Yield per statement its number, its place in the call, what it does to the version table, if a call begins.

        Statements about the version table have no number of their own.
        """
        number = inner = 0
        last_call: object = None
        for statement, version in zip(outlines(self.statements), self._version_comments(), strict=True):
            call = _call(statement, version)
            begins = not statement.verbatim and call != last_call
            number, inner = (number + (not version), 1) if begins else (number, inner + 1)
            last_call = call
            yield number, inner, version, begins

    def own_numbers(self) -> list[int]:
        """Return the numbers of the statements that are the revision's own."""
        return [number for number, _, version, _ in self._calls() if not version]

    def _place(self, source: Source | None) -> str:
        """Return ``file:line``; the folder is left out for the file that the banner names in full."""
        if source and self.step and source.path == self.step.revision.shown_path:
            return str(replace(source, path=source.path.rpartition("/")[2]))
        return str(source or "")

    def _version_comments(self) -> Iterator[str]:
        """Yield for each statement what it does to the version table, empty for the revision's own statements.

        The last of them are the step's rows; one before these makes the table, or drops it.
        """
        others = sum(statement.kind == "version" for statement in outlines(self.statements))
        others -= len(self.step.version_ops) if self.step else 0
        for statement in outlines(self.statements):
            if statement.kind != "version":
                yield ""
                continue
            if self.step:
                yield "version table" if others > 0 else f"{MOVE}{_move(self.step)}"
            else:
                yield f"{MOVE}that of the schema" if statement.operation == VERSION_ROW else "version table"
            others -= 1


def told(revision: Revision) -> tuple[str, str]:
    """Return the message of a revision and the rest of its docstring, without what the file template put there."""
    lines = [line.rstrip() for line in revision.doc.splitlines() if not _BOILERPLATE.match(line)]
    message = lines[0].strip() if lines else ""
    story = textwrap.dedent("\n".join(lines[1:])).strip("\n")
    return message, re.sub(r"\n{3,}", "\n\n", story)


def shown_rows(rows: tuple[str, ...]) -> str:
    """Return version rows for a reader: ``a, b``, or ``base`` when there are none."""
    return one_line(shown(rows))


def _move(step: Step) -> str:
    return f"{shown_rows(step.before)} → {shown_rows(step.after)}"


def _call(statement: Statement, version: str) -> object:
    """Return what two statements share that one call made; unique when nothing is known about the call."""
    if version:
        return version
    known = statement.operation or statement.source
    return (statement.operation, statement.source) if known and not statement.verbatim else object()


def _numbered(number: int, statement: Statement, place: str) -> str:
    """Return ``[3] op.create_table("invoice")`` with the place of the call at a fixed column."""
    return two_parts(one_line(f"[{number}] {statement.operation}"), one_line(place))
