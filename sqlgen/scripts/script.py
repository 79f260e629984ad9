"""A script: what one run of revisions becomes on one database, and its text.

From top to bottom: a comment that tells what this is and how to apply it; the settings of the client; the guard;
the sections, one per revision, inside transactions where the database has them for DDL; the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from sqlgen.dialect import Dialect
from sqlgen.form import Form, Shape, Versions
from sqlgen.records import dataclass, field, replace
from sqlgen.revisions import Direction, Plan, Step
from sqlgen.scripts.contents import Contents, contents, is_counted
from sqlgen.scripts.format import laid_out
from sqlgen.scripts.names import revision_file
from sqlgen.scripts.section import AssumedRead, Section
from sqlgen.scripts.writer import Writer
from sqlgen.statement import Statement
from sqlgen.statements import Statements, outlines

FOLDER = "revisions"
"""Where the files of single revisions are, beside the script of the whole run."""

Sections: TypeAlias = tuple[Section, ...]

FiledStep: TypeAlias = tuple[Step, tuple[tuple[Statement, ...], tuple[Statement, ...]]]
"""A step in the order of the files: what makes the version table before it, and what moves the rows after it."""


@dataclass(frozen=True, slots=True)
class ScriptOptions:
    """What env.py and the command line say about the shape of a script.

    ``transactional_ddl`` overrides the dialect's own answer; ``transaction_per_migration`` commits after each
    revision; ``batch_separator`` stands in the place of the dialect's own, if it has one; ``shape`` is the form that
    was asked for, ``versions`` the version table; ``depth`` is the longest distance of each revision from the base,
    for file names, and ``filed`` the steps in the order of these names, where that is another than the plan's.
    """

    transactional_ddl: bool | None = None
    transaction_per_migration: bool = False
    batch_separator: str | None = None
    shape: Shape = field(default_factory=Shape)
    versions: Versions = field(default_factory=Versions)
    depth: Mapping[str, int] = field(default_factory=dict)
    filed: Mapping[str, FiledStep] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """The sections of a plan on one dialect; ``str()`` is the .sql file, with LF and one newline at its end.

    ``name`` is the file's own name where it is not that of the direction.
    """

    dialect: Dialect
    plan: Plan
    sections: Sections
    options: ScriptOptions = field(default_factory=ScriptOptions)
    name: str = ""

    @property
    def direction(self) -> Direction:
        """``upgrade``, ``downgrade`` or ``stamp``."""
        return self.plan.direction

    @property
    def file_name(self) -> str:
        """The name of the file: ``upgrade.sql`` and so on, or that of a single revision."""
        return self.name or f"{self.direction}.sql"

    @property
    def transaction(self) -> str:
        """``all``, ``per-revision`` or ``none``: what was asked for, else what env.py says, else the dialect's own."""
        options = self.options
        own = self.dialect.transactional_ddl if options.transactional_ddl is None else options.transactional_ddl
        said = ("per-revision" if options.transaction_per_migration else "all") if own else "none"
        return options.shape.transaction or said

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement in its order, version rows included; all of them in memory."""
        return tuple(self._each_statement())

    def _each_statement(self) -> Iterator[Statement]:
        return (statement for section in self.sections for statement in section.todo)

    @property
    def statement_count(self) -> int:
        """How many statements the revisions (and env.py) make; version rows are not among them."""
        return sum(is_counted(statement) for section in self.sections for statement in outlines(section.todo))

    @property
    def revision_count(self) -> int:
        """How many revisions the script applies, takes back or stamps."""
        return len(self.plan.steps)

    @property
    def counts(self) -> Mapping[str, int]:
        """The revisions' statements by their first words: ``{"CREATE TABLE": 2, "INSERT": 1}``."""
        return self.contents.counts

    @property
    def contents(self) -> Contents:
        """What the revisions' statements are, and which tables they touch."""
        return contents(self._each_statement())

    @property
    def assumed(self) -> tuple[AssumedRead, ...]:
        """The reads of unknown rows that were taken for empty."""
        return tuple(read for section in self.sections if not section.manual for read in section.assumed)

    @property
    def manual(self) -> tuple[Step, ...]:
        """The steps that are left to Alembic: the script must be cut around them."""
        return tuple(section.step for section in self.sections if section.manual and section.step is not None)

    def form(self) -> Form:
        """Return what writes the form of this script, once. Raises UsageError for a shape that cannot be."""
        return self.dialect.form_class(self.dialect, self.options.shape, self.options.versions, self._finished)

    def __str__(self) -> str:
        return "".join(self.pieces())

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces, none larger than a statement with its comment; joined they are ``str(script)``.

        Blocks have an empty line between them, and the text ends in one line end, whatever ends the last block.
        Raises UsageError and Unsupported where the form that was asked for cannot hold the script.
        """
        held = ""
        for block in Writer(self).blocks():
            text = block.rstrip("\n")
            if text:
                yield held + text
                held = ""
            held += block[len(text) :] + "\n\n"
        yield "\n"

    def per_revision(self) -> tuple[tuple[str, Script], ...]:
        """Return a file name and a script for each step, in the order in which they must be applied.

        What env.py runs around the migrations stands in each of them, as if the steps were run one by one; the
        version table is made in the first only, and dropped in the last. The order is that of the names; where the
        plan has branches, it is another than the script's.
        """
        before, parts, after = _by_step(self.sections)
        if self.options.filed:
            places = {id: place for place, id in enumerate(self.options.filed)}
            parts = sorted((self._filed(*part) for part in parts), key=lambda part: places[part[0].revision.id])
        later, earlier = _without_version_table(before), _without_version_table(after)
        last = len(parts) - 1
        return tuple(
            self._one_step(step, (*(later if index else before), *mine, *(earlier if index < last else after)))
            for index, (step, mine) in enumerate(parts)
            if not any(section.manual for section in mine)
        )

    def _filed(self, step: Step, sections: Sections) -> tuple[Step, Sections]:
        """Return a step and its sections as they are in the order of the files, with other version rows."""
        step, versions = self.options.filed[step.revision.id]
        first, *rest = sections
        own = [one for one in first.statements if one.kind != "version"]
        moved = replace(first, step=step, statements=Statements.joined((*versions[:1], own, *versions[1:])))
        return step, (moved, *rest)

    def _one_step(self, step: Step, sections: Sections) -> tuple[str, Script]:
        depth = self.options.depth.get(step.revision.id, 0)
        name = revision_file(depth, step.revision, self.direction)
        plan = Plan((step,), step.before, step.after, self.direction)
        return f"{FOLDER}/{name}", replace(self, plan=plan, sections=sections, name=name)

    def _finished(self, sql: str) -> str:
        """Return a statement with its terminator, and with the separator that was asked for; empty for nothing."""
        text = self.dialect.terminate(laid_out(sql, self.dialect.syntax)) if sql else ""
        own, asked = self.dialect.batch_separator, self.options.batch_separator
        if asked is None or not own or not text.endswith(f"\n{own}"):
            return text
        return f"{text.removesuffix(own)}{asked}".rstrip("\n")


def _by_step(sections: Sections) -> tuple[Sections, list[tuple[Step, Sections]], Sections]:
    """Return what env.py ran before all steps, each step with its sections, and what env.py ran after them.

    What it ran between two steps goes with the first of them.
    """
    starts = [index for index, section in enumerate(sections) if section.step]
    if not starts:
        return sections, [], ()
    end = starts[-1] + 1
    parts = [
        (step, sections[start:stop])
        for start, stop in zip(starts, [*starts[1:], end], strict=True)
        if (step := sections[start].step)
    ]
    return sections[: starts[0]], parts, sections[end:]


def _without_version_table(sections: Sections) -> Sections:
    """Return sections without the statements of the version table, leaving out those that then are empty."""
    kept = (
        replace(section, statements=tuple(one for one in section.statements if one.kind != "version"))
        for section in sections
    )
    return tuple(section for section in kept if section.statements)
