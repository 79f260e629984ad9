"""What happens to a schema while revisions run, moment by moment: what checks are derived from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from sqlgen.errors import CommandError
from sqlgen.operations.model import BulkInsert, Operation
from sqlgen.recording.recorder import Recorder
from sqlgen.records import dataclass, field, replace
from sqlgen.schema.reflected import reflected
from sqlgen.schema.replica import Replica
from sqlgen.schema.shared import Shared
from sqlgen.schema.state import Catalog, Key, Table
from sqlgen.scripts import Section
from sqlgen.scripts.contents import first_words
from sqlgen.statement import Statement

#: Words that begin statements which change the schema, or nothing.
SCHEMA_WORDS = ("CREATE", "ALTER", "DROP", "COMMENT", "RENAME", "SET", "GRANT", "REVOKE", "PRAGMA", "SELECT", "USE")

#: A statement that changes rows and nothing else.
PLAIN_WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """What one call of a revision did: the schema before and after, and the statements that write rows.

    ``first`` is the place of its first statement among those of the revision.
    """

    revision: str
    first: int
    operation: Operation | None
    before: Catalog
    after: Catalog
    writes: tuple[str, ...] = ()


@dataclass(slots=True)
class Reflected:
    """The schema as a replica tells it.

    A table is asked for anew only when its text has changed, or that of a table it points to.
    ``texts`` are those of the last time, ``told`` the tables as reflection told them, and ``settled`` what they and
    their descriptions by the follower of the script came to.
    """

    recorder: Recorder
    replica: Replica
    version_table: str
    catalog: Catalog = field(default_factory=Catalog)
    texts: dict[str, list[str]] = field(default_factory=dict)
    told: Mapping[Key, Table] = field(default_factory=dict)
    settled: dict[Key, tuple[Table, Table | None, Table]] = field(default_factory=dict)

    def now(self) -> Catalog:
        """Return the schema as it is now. Tables that did not change are the same objects as before."""
        texts = self.replica.texts()
        if texts != self.texts:
            known = self.unchanged(texts)
            self.texts, followed = texts, self.recorder.shadow.catalog
            try:
                found = reflected(sa.inspect(self.recorder.bind), (), self.version_table, known)
                self.told = found.tables
            except CommandError:
                self.recorder.error = None
                found, self.told = followed, {}
            tables = {key: self.table(key, table, followed.tables.get(key)) for key, table in found.tables.items()}
            self.catalog = replace(found, tables=Shared(tables))
        return self.catalog

    def unchanged(self, texts: Mapping[str, list[str]]) -> dict[Key, Table]:
        """Return the tables that reflection would tell as it did."""
        changed = {name for name in {*texts, *self.texts} if texts.get(name) != self.texts.get(name)}
        return {
            key: table
            for key, table in self.told.items()
            if key[1].lower() not in changed and not any(one.table.lower() in changed for one in table.foreign_keys)
        }

    def table(self, key: Key, told: Table, described: Table | None) -> Table:
        """Return a table with what reflection does not see: expressions, and constraints of odd names."""
        kept = self.settled.get(key)
        if kept is not None and kept[0] is told and kept[1] is described:
            return kept[2]
        made = told if described is None else completed(told, described)
        before = self.catalog.tables.get(key)
        made = before if before is not None and repr(before) == repr(made) else made
        self.settled[key] = told, described, made
        return made


@dataclass(slots=True)
class Watch:
    """Keeps the moments of a run; a recorder calls it after each operation, and each statement that is none's."""

    version_table: str = ""
    recorder: Recorder | None = None
    start: Catalog = field(default_factory=Catalog)
    last: Catalog = field(default_factory=Catalog)
    moments: list[Moment] = field(default_factory=list)
    _seen: int = 0
    _reflected: Reflected | None = None

    def begin(self, recorder: Recorder, version_table: str) -> None:
        """Take the schema at the start. Raises what the history raises."""
        recorder.shadow.remember()
        if recorder.replica is not None:
            recorder.replica.remember()
        self.recorder, self.version_table = recorder, version_table
        self.start = self.last = self.catalog()
        self._seen = len(recorder.statements)
        recorder.watch = self.happened

    def catalog(self) -> Catalog:
        """Return the schema as it is now: a replica's own reflection where there is one."""
        recorder = self.recorder
        assert recorder is not None
        if recorder.replica is None:
            return recorder.shadow.catalog
        self._reflected = self._reflected or Reflected(recorder, recorder.replica, self.version_table)
        return self._reflected.now()

    def happened(self, operation: Operation | None) -> None:
        """Keep what happened since the last call; a rollback to a savepoint takes moments back."""
        recorder = self.recorder
        assert recorder is not None
        count = len(recorder.statements)
        revision = recorder.revision
        if count < self._seen or (self.moments and self.moments[-1].revision != revision):
            while self.moments and self.moments[-1].revision == revision and self.moments[-1].first >= count:
                self.last = self.moments.pop().before
            self._seen = min(count, self._seen) if self.moments and self.moments[-1].revision == revision else 0
        writes = tuple(self.writes(recorder, operation, self._seen, count))
        before = self.last
        if len(writes) < count - self._seen or not all(map(PLAIN_WRITE.match, writes)):
            self.last = self.catalog()
        if before is not self.last or writes:
            self.moments.append(Moment(revision, self._seen, operation, before, self.last, writes))
        self._seen = count

    @staticmethod
    def writes(recorder: Recorder, operation: Operation | None, first: int, last: int) -> Iterator[str]:
        """Yield the statements that may write rows."""
        if isinstance(operation, BulkInsert):
            yield f"INSERT INTO {operation.table.fullname}"
            return
        for number in range(first, last):
            statement: Statement = recorder.statements[number]
            if statement.kind != "ddl" and first_words(statement.sql).split()[0] not in SCHEMA_WORDS:
                yield statement.sql


def completed(table: Table, described: Table) -> Table:
    """Return a table as reflection tells it, with what only the follower of the script knows."""
    told = {one.name for one in table.indexes}
    left_out = [
        one
        for one in described.indexes
        if one.name not in told and any(part.expression is not None for part in one.parts)
    ]
    return replace(
        table,
        indexes=(*table.indexes, *left_out),
        uniques=max(table.uniques, described.uniques, key=len),
        checks=max(table.checks, described.checks, key=len),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Where the statements of revisions stand in a script: their numbers, by revision and place in the revision."""

    numbers: dict[str, Sequence[int]]

    @classmethod
    def of(cls, sections: Sequence[Section]) -> Places:
        """Return the numbers of the statements that are the revisions' own."""
        return cls({one.step.revision.id: one.own_numbers() for one in sections if one.step is not None})

    def number(self, moment: Moment) -> int:
        """Return the number of a moment's first statement; 0 where it has none."""
        found = self.numbers.get(moment.revision, ())
        return found[moment.first] if moment.first < len(found) else 0
