"""A script: what one run of revisions becomes on one database, and its text.

From top to bottom: a comment that tells what this is and how to apply it; the settings of the client; the guard;
the sections, one per revision, inside transactions where the database has them for DDL; the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeAlias

from sqlgen.dialect import Dialect
from sqlgen.revisions import Direction, Plan, Step
from sqlgen.scripts.comments import commented, without_substitution
from sqlgen.scripts.contents import count, is_counted
from sqlgen.scripts.format import laid_out
from sqlgen.scripts.names import revision_stem
from sqlgen.scripts.section import AssumedRead, Section, shown_rows
from sqlgen.scripts.transactions import Transactions
from sqlgen.statement import Statement
from sqlgen.statements import outlines

FOLDER = "revisions"
"""Where the files of single revisions are, beside the script of the whole run."""

Sections: TypeAlias = tuple[Section, ...]

# The verdict is no comment but a command of the client, and clients look for quotes, backticks and variables in it.
_UNSPEAKABLE = re.compile(r"[^\w., ]")


@dataclass(frozen=True, slots=True)
class ScriptOptions:
    """What env.py and the command line say about the shape of a script.

    ``transactional_ddl`` overrides the dialect's own answer; ``transaction_per_migration`` commits after each
    revision; ``batch_separator`` stands in the place of the dialect's own, if it has one; ``depth`` is the longest
    distance of each revision from the base, for file names.
    """

    transactional_ddl: bool | None = None
    transaction_per_migration: bool = False
    batch_separator: str | None = None
    depth: Mapping[str, int] = field(default_factory=dict)


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
    def statements(self) -> tuple[Statement, ...]:
        """Every statement in its order, version rows included; all of them in memory."""
        return tuple(self._each_statement())

    def _each_statement(self) -> Iterator[Statement]:
        return (statement for section in self.sections for statement in section.statements)

    @property
    def statement_count(self) -> int:
        """How many statements the revisions (and env.py) make; version rows are not among them."""
        return sum(is_counted(statement) for section in self.sections for statement in outlines(section.statements))

    @property
    def revision_count(self) -> int:
        """How many revisions the script applies, takes back or stamps."""
        return len(self.plan.steps)

    @property
    def counts(self) -> Mapping[str, int]:
        """The revisions' statements by their first words: ``{"CREATE TABLE": 2, "INSERT": 1}``."""
        return count(self._each_statement())

    @property
    def assumed(self) -> tuple[AssumedRead, ...]:
        """The reads of unknown rows that were taken for empty."""
        return tuple(read for section in self.sections if not section.manual for read in section.assumed)

    @property
    def manual(self) -> tuple[Step, ...]:
        """The steps that are left to Alembic: the script must be cut around them."""
        return tuple(section.step for section in self.sections if section.manual and section.step is not None)

    @property
    def guard(self) -> tuple[str, ...]:
        """What refuses a database that is not where the script starts, as blocks of text."""
        return ()

    def __str__(self) -> str:
        return "".join(self.pieces())

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces, none larger than a statement with its comment; joined they are ``str(script)``.

        Blocks have an empty line between them, and the text ends in one line end, whatever ends the last block.
        """
        held = ""
        for block in self._blocks():
            text = block.rstrip("\n")
            if text:
                yield held + text
                held = ""
            held += block[len(text) :] + "\n\n"
        yield "\n"

    def _blocks(self) -> Iterator[str]:
        """Yield what stands between empty lines, from top to bottom."""
        top = (self._header(), "\n".join(self.dialect.preamble()), *self.guard)
        return filter(None, chain(top, self._body(), (self._verdict(),)))

    def per_revision(self) -> tuple[tuple[str, Script], ...]:
        """Return a file name and a script for each step, in the order in which they must be applied.

        What env.py runs around the migrations stands in each of them, as if the steps were run one by one; the
        version table is made in the first only, and dropped in the last.
        """
        before, parts, after = _by_step(self.sections)
        later, earlier = _without_version_table(before), _without_version_table(after)
        last = len(parts) - 1
        return tuple(
            self._one_step(step, (*(later if index else before), *mine, *(earlier if index < last else after)))
            for index, (step, mine) in enumerate(parts)
            if not any(section.manual for section in mine)
        )

    def _one_step(self, step: Step, sections: Sections) -> tuple[str, Script]:
        depth = self.options.depth.get(step.revision.id, 0)
        name = f"{depth:04d}_{revision_stem(step.revision)}.{self.direction}.sql"
        plan = Plan((step,), step.before, step.after, self.direction)
        return f"{FOLDER}/{name}", replace(self, plan=plan, sections=sections, name=name)

    def _header(self) -> str:
        """Return the comment at the top."""
        many = f"{self.revision_count} revision{'' if self.revision_count == 1 else 's'}"
        way = f"{shown_rows(self.plan.start)} → {shown_rows(self.plan.end)} ({many})"
        if self.direction == "schema":
            way = f"at {shown_rows(self.plan.end)}"
        server = f"{self.dialect.title} {self.dialect.version}".strip()
        contents = ", ".join(f"{number} {words}" for words, number in self.counts.items())
        return "\n".join(
            line
            for text in (
                f"{self.file_name} · {server} · {without_substitution(way)}",
                f"{self._origin()}; do not edit. Apply from a shell with:",
                f"    {self.dialect.apply_command(self.file_name)}",
                f"Contents: {contents or 'version rows only'}",
            )
            for line in commented(text)
        )

    def _origin(self) -> str:
        """Return the words in the header that tell what this was made of."""
        if self.direction == "schema":
            return "The whole schema, without rows, for an empty database; generated by sqlgen"
        return "Generated by sqlgen from the revision files named below"

    def _body(self) -> Iterator[str]:
        """Yield the sections' blocks with the transactions around them."""
        asked = self.options.transactional_ddl
        transactions = Transactions(
            self._command(self.dialect.begin),
            self._command(self.dialect.commit),
            enabled=self.dialect.transactional_ddl if asked is None else asked,
            per_section=self.options.transaction_per_migration,
        )
        position = 0
        for section in self.sections:
            position += section.step is not None
            yield from self._section(section, position, transactions)
        yield from transactions.close()

    def _section(self, section: Section, position: int, transactions: Transactions) -> Iterator[str]:
        """Yield one section; the transaction that its first statement needs begins above the banner."""
        if section.statements:
            first = section.statements[0]
            yield from transactions.before(transactional=first.transactional, anew=first.anew)
        yield section.banner(position, self.revision_count)
        for number, block in enumerate(section.blocks(self._command)):
            yield from transactions.before(transactional=block.transactional, anew=block.anew and number > 0)
            yield block.text
        yield from transactions.after_section(wrote=bool(section.statements))

    def _command(self, sql: str) -> str:
        """Return a statement with its terminator, and with the separator that was asked for; empty for nothing."""
        text = self.dialect.terminate(laid_out(sql, self.dialect.syntax)) if sql else ""
        own, asked = self.dialect.batch_separator, self.options.batch_separator
        if asked is None or not own or not text.endswith(f"\n{own}"):
            return text
        return f"{text.removesuffix(own)}{asked}".rstrip("\n")

    def _verdict(self) -> str:
        """Return the lines at the end that tell the reader of the client's output where the database is now."""
        return "\n".join(self.dialect.verdict(f"sqlgen: now at {_UNSPEAKABLE.sub('_', shown_rows(self.plan.end))}"))


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
