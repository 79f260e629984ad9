"""The statements that make a whole schema, from what a shadow knows of it.

They pass the same funnel as those of revisions, so a schema has the forms, checks and lines that a script has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ..dialect import Dialect
from ..errors import NeedsDatabase, RenderError
from ..records import dataclass, replace
from ..schema.rebuilt import Making, text
from ..schema.reflected import reflected
from ..schema.shadow import Shadow
from ..schema.snapshot import Snapshot, dumped
from ..schema.words import words_of
from ..scripts import Section
from ..scripts.contents import first_words
from ..statement import Statement
from .recorder import Recorder

#: What a statement makes, and its name.
NAMED = re.compile(r"\b(?:TABLE|INDEX|VIEW|TRIGGER)\s+(?:\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|\w+)", re.I)
#: Words that begin a statement which changes more than rows.
CHANGES = ("CREATE", "ALTER", "DROP", "GRANT", "REVOKE", "COMMENT")


@dataclass(frozen=True, slots=True)
class Whole:
    """A schema as a recorder knows it after some sections of a script; a replica knows it best, as text.

    ``version_table`` is no part of it. ``beside`` are the texts that made what no catalog holds, such as extensions.
    """

    recorder: Recorder
    version_table: str
    sections: Sequence[Section] = ()
    beside: tuple[str, ...] = ()

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return self.recorder.dialect

    @property
    def shadow(self) -> Shadow:
        """The shadow schema."""
        return self.recorder.shadow

    def text(self) -> tuple[str, ...]:
        """Return the statements that make the schema, where a replica keeps it as text; else none."""
        replica = self.recorder.replica
        found = replica.schema() if replica is not None else ()
        own = re.compile(rf"CREATE TABLE ([\"`\[]?){re.escape(self.version_table)}\b", re.I)
        return tuple(one for one in found if not own.match(one))

    def texts(self) -> Iterator[Statement]:
        """Yield the statements that the author wrote as text."""
        for section in self.sections:
            yield from (one for one in section.statements if one.kind == "raw" and not one.verbatim)

    def kept(self) -> tuple[str, ...]:
        """Return the texts about what no catalog holds, in their order."""
        pattern = self.dialect.beside_schema
        found = [one.sql for one in self.texts() if pattern is not None and pattern.match(one.sql)]
        return (*self.beside, *found)

    def left_out(self) -> list[Statement]:
        """Return the statements that change something, and nothing that a schema holds: rights, owners and the like."""
        pattern = self.dialect.beside_schema
        return [
            one
            for one in self.texts()
            if first_words(one.sql).split()[0] in CHANGES
            and not (pattern is not None and pattern.match(one.sql))
            and self.shadow.read(one.sql, self.shadow) == ()
        ]

    def check(self) -> None:
        """Raise NeedsDatabase, with the place, when something exists that nobody can describe."""
        if self.recorder.replica is not None:
            if self.recorder.replica.opaque:
                names = ", ".join(sorted(self.recorder.replica.opaque))
                raise self.unknown(f"what a statement did to {names} is not known", set(self.recorder.replica.opaque))
            return
        for kind in ("table", "view", "type", "sequence"):
            for name in sorted(self.shadow.undescribed(kind)):
                raise self.unknown(f"{kind} {name!r} cannot be described", {name.lower()})
        for routine in self.shadow.catalog.routines.values():
            if not routine.text:
                raise self.unknown(f"which {routine.name!r} of several was dropped", {routine.name.lower()})
        for one in self.texts():
            if self.shadow.cannot_follow(one.sql):
                raise self.unknown("a statement cannot be followed", set(), one)

    def unknown(self, what: str, words: set[str], statement: Statement | None = None) -> NeedsDatabase:
        """Return the error for a schema that is not known whole; the last text that has the words is to blame."""
        named = [one for one in self.texts() if words and words <= words_of(one.sql)]
        culprit = statement or (named[-1] if named else None)
        error = NeedsDatabase(
            f"the schema cannot be told: {what}",
            place=culprit.source if culprit is not None else None,
            hint="Write the statement in a form that can be followed, or start behind it, from a snapshot of a "
            "database: --baseline FILE.",
        )
        error.revision = culprit.revision if culprit is not None else ""
        return error

    def snapshot(self, revisions: tuple[str, ...]) -> str:
        """Return the schema as JSON; ``revisions`` are its version rows. Raises NeedsDatabase."""
        self.check()
        dialect, catalog = self.dialect, self.shadow.catalog
        if self.recorder.replica is not None:
            catalog = reflected(sa.inspect(self.recorder.bind), (), self.version_table)
        found = Snapshot(dialect.name, dialect.version, revisions, catalog, self.kept(), self.text())
        return dumped(found, dialect)

    def statements(self, options: dict[str, Any], url: str) -> Iterator[Statement]:
        """Yield the statements that make the schema. Raises RenderError."""
        self.check()
        dialect = type(self.dialect)(self.dialect.version, self.dialect.schema)
        dialect.raw_newlines = self.dialect.raw_newlines
        recorder = Recorder(dialect, options=options, url=url)
        recorder.file = Path("schema")  # no file of anybody's: statements have no line that they come from
        try:
            for making in chain(map(beside, self.kept()), self.makings(dialect)):
                yield from self.made(recorder, making)
        finally:
            recorder.close()

    def makings(self, dialect: Dialect) -> Iterable[Making]:
        """Return what makes the schema, printed by a dialect."""
        if self.recorder.replica is None:
            return dialect.schema_makings(self.shadow.catalog)
        return [Making(" ".join(NAMED.findall(one)[:1]) or "schema", text(one)) for one in self.text()]

    def made(self, recorder: Recorder, making: Making) -> Iterable[Statement]:
        """Return the statements of one object."""
        try:
            recorder.record(making.operation)
        except RenderError as error:
            error.place, error.operation = None, making.title
            raise
        return [replace(one, operation=making.title, source=None) for one in recorder.take()]


def beside(sql: str) -> Making:
    """Return what runs a text about something that no catalog holds."""
    return Making(first_words(sql).lower(), text(sql))
