"""Writing a script from its top to its bottom: the header, the guard, the sections in their form, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

from sqlgen.dialect import Dialect
from sqlgen.form import Block, Form, Part, Rows, starts
from sqlgen.records import replace
from sqlgen.revisions import Direction, Plan
from sqlgen.scripts.comments import commented, one_line, without_substitution
from sqlgen.scripts.contents import Contents
from sqlgen.scripts.section import Section, shown_rows
from sqlgen.scripts.transactions import Transactions
from sqlgen.statement import Statement

MOST_TABLES = 40
"""Names in the header's list; a longer list is no help to anybody."""


class Written(Protocol):
    """What a script is to the one who writes it."""

    @property
    def dialect(self) -> Dialect:
        """The dialect."""

    @property
    def plan(self) -> Plan:
        """The plan."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections, in order."""

    @property
    def direction(self) -> Direction:
        """The direction of the plan."""

    @property
    def file_name(self) -> str:
        """The name of the file."""

    @property
    def revision_count(self) -> int:
        """The number of revisions."""

    @property
    def contents(self) -> Contents:
        """What the statements are."""

    @property
    def transaction(self) -> str:
        """What is one transaction."""

    def form(self) -> Form:
        """Return what writes the form."""


class Writer:
    """Writes one script once."""

    def __init__(self, script: Written) -> None:
        self.script = script
        self.form = script.form()
        mode = script.transaction
        self.transactions = Transactions(self.form, enabled=mode != "none", per_section=mode == "per-revision")
        self.rows: Rows = script.plan.start
        self.has_table = bool(script.plan.start)

    def blocks(self) -> Iterator[str]:
        """Yield what stands between empty lines, from top to bottom.

        Raises UsageError and Unsupported where the form cannot hold the script.
        """
        form, end = self.form, self.script.plan.end
        yield self.header()
        yield "\n".join(form.preamble())
        yield from self.guard()
        yield from filter(None, self.in_blocks() if form.is_block else self.plain())
        if self.has_table:
            yield "\n".join(form.verdict(end, is_open=self.transactions.is_open))

    def guard(self) -> Iterator[str]:
        """Yield what refuses a database that is not where the script starts."""
        states = self.states()
        remark = commented(f"Guard: nothing is changed unless the database is at {one_line(starts(states))}.")
        for number, block in enumerate(filter(None, self.form.guard(states))):
            yield block if number else "\n".join([*remark, block])

    def states(self) -> tuple[Rows, ...]:
        """Return the version rows that the script may begin with."""
        plan = self.script.plan
        after = (step.after for step in plan.steps) if self.form.shape.idempotent else ()
        return tuple(dict.fromkeys((plan.start, *after)))

    def header(self) -> str:
        """Return the comment at the top."""
        script, plan = self.script, self.script.plan
        many = f"{script.revision_count} revision{'' if script.revision_count == 1 else 's'}"
        way = f"{shown_rows(plan.start)} → {shown_rows(plan.end)} ({many})"
        if script.direction == "schema":
            way = f"at {shown_rows(plan.end)}"
        server = f"{script.dialect.title} {script.dialect.version}".strip()
        contents = script.contents
        counts = ", ".join(f"{number} {words}" for words, number in contents.counts.items())
        texts = (
            f"{script.file_name} · {server} · {without_substitution(way)}",
            f"{origin(script.direction)}; do not edit. Apply from a shell with:",
            f"    {self.form.command(script.file_name)}",
            f"Contents: {counts or 'version rows only'}",
            *tables_line(contents.tables),
            *(("May be run again: what is there already is skipped.",) if self.form.shape.idempotent else ()),
            *self.form.cautions(),
        )
        return "\n".join(line for text in texts for line in commented(text))

    # The plain form.

    def plain(self) -> Iterator[str]:
        """Yield the sections' blocks with the transactions around them."""
        position = 0
        if self.has_table:
            yield "\n".join(() if self.transactions.enabled else self.first_look())
        for section in self.script.sections:
            position += section.step is not None
            yield from self.plain_section(section, position)
        yield from self.transactions.close()

    def first_look(self) -> tuple[str, ...]:
        """Return what looks at the version table once more, before the first statement of a revision's."""
        locked = self.transactions.is_open or self.form.shape.commit == "none"
        return self.form.still(self.rows) if locked else self.form.unlocked(self.rows)

    def plain_section(self, section: Section, position: int) -> Iterator[str]:
        """Yield one section; the transaction that its first statement needs begins above the banner."""
        todo = section.todo
        if todo:
            yield from self.ahead(todo[0])
        yield section.banner(position, self.script.revision_count)
        revision = section.step.revision.id if section.step else ""
        for number, (part, is_last_move) in enumerate(marked(section.parts())):
            if number:
                yield from self.ahead(part.statement)
            yield "\n".join([*part.comment, self.plain_text(part, revision)])
            if part.creates and not self.has_table:
                self.has_table = True
                yield "\n".join(self.first_look())
            if is_last_move:
                self.has_table = True
                self.rows = section.step.after if section.step else self.script.plan.end
                yield "\n".join(self.form.arrived(self.rows))
        yield from self.transactions.after_section(wrote=bool(section.statements))

    def ahead(self, statement: Statement) -> Iterator[str]:
        """Yield what must stand before a statement: the beginning or the end of a transaction."""
        why = self.form.needs_commit(statement) if self.transactions.is_open else ""
        if why:
            yield "\n".join(commented(why))
        yield from self.transactions.before(statement, self.known_rows, anew=bool(why) or statement.anew)

    @property
    def known_rows(self) -> Rows | None:
        """The rows of the version table, None before it is made."""
        return self.rows if self.has_table else None

    def plain_text(self, part: Part, revision: str) -> str:
        """Return a statement with what must stand around it."""
        form, statement = self.form, part.statement
        if statement.verbatim:
            return statement.sql
        if part.creates:
            return form.made(statement.sql)
        label = label_of(part, revision)
        return form.done(statement, label, form.finish(statement.sql), inside=self.transactions.is_open)

    # The block form.

    def in_blocks(self) -> Iterator[str]:
        """Yield a block for each revision; what env.py runs around them stands between."""
        form, position, number = self.form, 0, 0
        for section in self.script.sections:
            if section.step is None and self.script.direction != "schema":
                yield from self.plain_section(section, position)
                yield from self.transactions.close()
                continue
            position += section.step is not None
            yield section.banner(position, self.script.revision_count)
            before = self.rows
            self.rows = section.step.after if section.step else self.script.plan.end
            for inside, run in groupby(section.parts(), lambda part: self.form.holds(part.statement)):
                revision = section.step.revision.id if section.step else ""
                parts = [replace(part, label=label_of(part, revision)) for part in run]
                if not inside:
                    yield from (self.form.between(part, before) for part in parts)
                    continue
                number += 1
                self.has_table = True
                moves = any(part.moves for part in parts)
                if form.shape.idempotent and not moves and any(part.label for part in parts):
                    raise form.out_of_place(
                        parts[-1].statement,
                        "cannot be run again: what stands outside of transactions comes between it and its version",
                        "Give that a revision of its own, or leave out --idempotent.",
                    )
                block = Block(number, revision, before, self.rows, parts, moves)
                held = (self.form.held(part) for part in parts if not part.creates)
                yield "\n".join([self.form.opened(block), *held, self.form.closed(block)])


def label_of(part: Part, revision: str) -> str:
    """Return the label of a part with its revision; empty for what is none of a revision's."""
    return f"{revision} [{part.label}]" if part.label and revision else ""


def marked(parts: Iterable[Part]) -> Iterator[tuple[Part, bool]]:
    """Yield each part, and whether it is the last that moves the version."""
    held: Part | None = None
    for part in parts:
        if held is not None:
            yield held, held.moves and not part.moves
        held = part
    if held is not None:
        yield held, held.moves


def tables_line(names: Sequence[str]) -> tuple[str, ...]:
    """Return the header's list of tables; nothing for none."""
    if not names:
        return ()
    more = f" and {len(names) - MOST_TABLES} more" if len(names) > MOST_TABLES else ""
    return (f"Tables touched: {', '.join(names[:MOST_TABLES])}{more}",)


def origin(direction: str) -> str:
    """Return the words in the header that tell what a script was made of."""
    if direction == "schema":
        return "The whole schema, without rows, for an empty database; generated by sqlgen"
    return "Generated by sqlgen from the revision files named below"
