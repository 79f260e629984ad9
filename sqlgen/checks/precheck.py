"""What will make a script fail, or lose rows, on the database that it is for: derived from what it does to the schema.

Each change of the schema is looked at as the script's moment for it comes. Only what stands at the start can be asked
about: a column that the script itself adds has no rows to look at, and rows that an earlier step writes may be other
ones by then. The first is said in a line SKIP, the second makes a failure a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlgen.checks.compared import PLACES, is_told, parts, renamed_tables, same
from sqlgen.checks.origins import Origins
from sqlgen.checks.rows import RowChecks
from sqlgen.checks.versions import version_rows
from sqlgen.checks.watch import Moment, Places, Watch
from sqlgen.operations.model import BatchAlter, Operation, qualified
from sqlgen.questions import Check, Count, Fact, Need, Questions
from sqlgen.records import dataclass, field
from sqlgen.schema import state
from sqlgen.schema.state import Catalog, Key, Table

START = "Choose the script for this start, or bring the database there first."
THERE = "The database is not what the revisions before left: compare it with them."
CLASH = "Move it away, or drop it, if it is not needed."
GRANT = "Grant it, or run the script as another user."
VERSION = "Render the script for this version."
WRITES = {"insert": "INSERT", "update": "UPDATE", "delete": "DELETE", "merge": "UPDATE", "replace": "INSERT"}


@dataclass(slots=True)
class Precheck:
    """Derives the questions. ``starts`` are the version rows that the script expects."""

    watch: Watch
    places: Places
    questions: Questions
    versions: Need
    starts: tuple[str, ...]
    needed: dict[tuple[str, Key, str], dict[str, Any]] = field(default_factory=dict)
    made: dict[tuple[str, Key, str], dict[str, Any]] = field(default_factory=dict)
    rights: dict[tuple[str, Need | None], dict[str, Any]] = field(default_factory=dict)

    def checks(self) -> Iterator[Check]:
        """Yield the checks: server and versions, what must and must not be there, rights, rows."""
        server = self.questions.server()
        yield Fact(name="server version", subject="server", sql=server.sql, wanted=server.wanted, remedy=VERSION)
        yield from version_rows(self.questions, self.versions, self.starts, START)
        if self.starts:
            for word in ("INSERT", "UPDATE", "DELETE"):
                self.rights[(word, Need(self.versions.table, self.versions.schema))] = {}
        else:
            self.rights[("CREATE", None)] = {}
        rows = list(self.over_moments())
        yield from self.existence()
        yield from self.clashes()
        yield from self.granted()
        yield from rows

    def over_moments(self) -> Iterator[Check]:
        """Go through the moments; yield the checks of rows, and note the rest."""
        origins = Origins(self.watch.start)
        for moment in self.watch.moments:
            number = self.places.number(moment)
            place = {"step": number, "revision": moment.revision}
            self.note(moment, origins, place)
            yield from self.rows(moment, origins, place)
            origins.wrote(moment, f"[{number}] {moment.revision}")
            origins.follow(moment)

    # What must be there, and what must not.

    def note(self, moment: Moment, origins: Origins, place: dict[str, Any]) -> None:
        """Note what a moment needs, makes, and must be allowed to do."""
        before, after = moment.before, moment.after
        moved = renamed_tables(before, after)
        self.note_writes(moment, origins, place)
        for key, table in before.tables.items():
            new = after.tables.get(moved.get(key, key))
            if new is table or origins.table(key) is None:
                continue
            self.need("table", key, "", origins, place)
            self.right("DROP" if new is None else "ALTER", origins.need(key), place)
            if new is not None:
                self.note_parts(table, new, moment, origins, place)
        guarded = may_stand(moment.operation)
        for key, table in after.tables.items():
            if key not in before.tables and not guarded:
                self.make("table", key, "", place)
                if key not in moved.values():
                    self.right("CREATE", None, place)
                self.note_indexes(Table("", None, ()), table, place)
        self.note_others(before, after, place, guarded)

    def note_others(self, before: Catalog, after: Catalog, place: dict[str, Any], guarded: bool) -> None:
        """Note the types, sequences and views that a moment makes; sequences of columns are the server's own."""
        for kind in ("type", "sequence", "view"):
            old, new = getattr(before, PLACES[kind]), getattr(after, PLACES[kind])
            for key, one in new.items():
                if key not in old and getattr(one, "owner", None) is None and not guarded:
                    self.make(kind, key, "", place)
                    self.right("CREATE", None, place)
            for key in old:
                if key not in new and key in getattr(self.watch.start, PLACES[kind]):
                    self.needed.setdefault((kind, key, ""), place)

    def note_parts(self, old: Table, new: Table, moment: Moment, origins: Origins, place: dict[str, Any]) -> None:
        """Note the columns, constraints and indexes of a table that a moment needs and makes."""
        there = [one.name for one in old.columns]
        for column in old.columns:
            if not same(new.column(column.name), column):
                self.need("column", old.key, column.name, origins, place)
        for column in new.columns:
            if column.name not in there and not may_stand(moment.operation):
                self.part("column", new.key, column.name, origins, place)
        named = {(one.kind, one.name) for one in parts(new)}
        copied = isinstance(moment.operation, BatchAlter)
        for part in parts(old):
            told = part.kind == "index" or (isinstance(part.what, state.Constraint) and is_told(part.what))
            if part.kind != "column" and (part.kind, part.name) not in named and told and not copied:
                start = self.watch.start.tables.get(origins.tables[old.key])
                if start is not None and (part.kind, part.name) in {(one.kind, one.name) for one in parts(start)}:
                    self.need(part.kind, old.key, part.name, origins, place)
        for constraint in new.constraints():
            known = {one.name for one in old.constraints()}
            counts = self.questions.names_constraints and not isinstance(constraint, state.PrimaryKey)
            if counts and is_told(constraint) and constraint.name not in known:
                self.part("constraint", new.key, str(constraint.name), origins, place)
        for key in new.foreign_keys:
            if key not in old.foreign_keys and (parent := origins.need((key.schema, key.table))) is not None:
                self.right("REFERENCES", parent, place)
        self.note_indexes(old, new, place, origins)

    def note_indexes(self, old: Table, new: Table, place: dict[str, Any], origins: Origins | None = None) -> None:
        """Note the indexes that a moment makes; those of a table that it makes may only clash with other tables'."""
        known = {one.name for one in old.indexes}
        for index in new.indexes:
            if index.name is None or index.name in known or index.implicit:
                continue
            if origins is not None:
                self.part("index", new.key, str(index.name), origins, place)
                self.right("INDEX", origins.need(new.key), place)
            elif not self.questions.index_is_tables:
                self.make("index", new.key, str(index.name), place)

    def note_writes(self, moment: Moment, origins: Origins, place: dict[str, Any]) -> None:
        """Note the tables that a moment writes rows of, and the right for it."""
        for sql in moment.writes:
            words = sql.replace('"', " ").replace("`", " ").replace("[", " ").replace("]", " ").split()
            right = WRITES.get(words[0].lower()) if words else None
            for key in origins.tables if right else ():
                if key[1] in [word.partition("(")[0].rpartition(".")[2] for word in words[1:4]]:
                    self.need("table", key, "", origins, place)
                    self.right(str(right), origins.need(key), place)

    def need(self, kind: str, key: Key, part: str, origins: Origins, place: dict[str, Any]) -> None:
        """Note something that must be there, under its name at the start; not what the script made."""
        need = origins.need(key, [part] if kind == "column" else [])
        if need is not None:
            name = need.columns[0] if need.columns else part
            self.needed.setdefault((kind, (need.schema, need.table), name), place)

    def part(self, kind: str, key: Key, part: str, origins: Origins, place: dict[str, Any]) -> None:
        """Note a part of a table that is made, under the name of the table at the start."""
        need = origins.need(key)
        if need is not None:
            self.make(kind, (need.schema, need.table), part, place)

    def make(self, kind: str, key: Key, part: str, place: dict[str, Any]) -> None:
        """Note something that is made, and is not there at the start."""
        start = self.watch.start
        if not part:
            if not any(key in place_ for place_ in (start.tables, start.views, start.sequences, start.types)):
                self.made.setdefault((kind, key, ""), place)
            return
        tables = [start.tables[key]] if key in start.tables else []
        tables = list(start.tables.values()) if kind == "index" and not self.questions.index_is_tables else tables
        if not any((one.kind, one.name.lower()) == (kind, part.lower()) for table in tables for one in parts(table)):
            self.made.setdefault((kind, key, part), place)

    def right(self, word: str, need: Need | None, place: dict[str, Any]) -> None:
        """Note a right that is needed; of a table that the script makes the user is the owner."""
        if need is not None or word == "CREATE":
            self.rights.setdefault((word, need), place)

    def existence(self) -> Iterator[Check]:
        """Yield the questions whether what the script changes is there."""
        order = ("table", "view", "type", "sequence", "column", "constraint", "index")
        for (kind, (schema, name), part), place in sorted(self.needed.items(), key=lambda one: order.index(one[0][0])):
            sql = self.questions.there(kind, part or name, schema, name if part else "")
            yield Fact(
                name=f"{kind} exists", subject=subject(kind, schema, name, part), sql=sql, wanted="there", remedy=THERE,
                **place,
            )  # fmt: skip

    def clashes(self) -> Iterator[Check]:
        """Yield the questions whether the names are free that the script gives."""
        for (kind, (schema, name), part), place in self.made.items():
            sql = self.questions.exists(kind, part or name, schema, name if part else "")
            yield Count(
                name="name is free", subject=f"{kind} {subject(kind, schema, name, part)}", sql=sql,
                unit="of this name", remedy=CLASH, **place,
            )  # fmt: skip

    def granted(self) -> Iterator[Check]:
        """Yield the questions about rights."""
        told: set[tuple[str, str]] = set()
        for one, place in self.rights.items():
            for right in self.questions.rights([one]):
                if (right.name, right.subject) not in told:
                    told.add((right.name, right.subject))
                    yield Fact(
                        name=f"right: {right.name}", subject=right.subject, sql=right.sql, wanted="granted",
                        remedy=GRANT, severity=right.severity, **place,
                    )  # fmt: skip

    # Rows.

    def rows(self, moment: Moment, origins: Origins, place: dict[str, Any]) -> Iterator[Check]:
        """Yield the questions about rows that a moment's changes meet."""
        moved = renamed_tables(moment.before, moment.after)
        for key, old in moment.before.tables.items():
            new = moment.after.tables.get(moved.get(key, key))
            if new is old or origins.table(key) is None:
                continue
            checks = RowChecks(self.questions, origins, moment, old, place)
            yield from checks.dropped() if new is None else checks.changed(new)


def subject(kind: str, schema: str | None, name: str, part: str) -> str:
    """Return how a line names an object."""
    shown = qualified(name, schema)
    return f"{shown}.{part}" if kind == "column" else f"{part} on {shown}" if part else shown


def may_stand(operation: Operation | None) -> bool:
    """Tell whether an operation makes something only where it is not there."""
    return bool(getattr(operation, "if_not_exists", False))
