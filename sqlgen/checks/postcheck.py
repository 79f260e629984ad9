"""What the catalogue must tell after a script: a question for each object that it touched, or for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from sqlgen.checks.compared import PLACES, Part, is_told, parts, same
from sqlgen.checks.versions import version_rows
from sqlgen.checks.watch import Moment, Places, Watch
from sqlgen.errors import CommandError
from sqlgen.operations.model import qualified
from sqlgen.questions import Check, Count, Fact, Need, Questions, Stated, Told
from sqlgen.records import dataclass, field
from sqlgen.schema import state
from sqlgen.schema.state import Catalog, Key, Table
from sqlgen.statement import Statement

LOOK = "Look whether the script ran to its end; else compare with the revision."
VERSION = "Look whether the script ran to its end."

#: An object: its kind, its key, and the kind and name of a part of a table, or two empty words.
Item = tuple[str, Key, str, str]


@dataclass(slots=True)
class Postcheck:
    """Derives the questions. ``whole`` asks about objects too that the script leaves alone.

    ``ends`` are the version rows afterwards; ``texts`` the statements that the author wrote as text.
    """

    watch: Watch
    places: Places
    questions: Questions
    versions: Need
    ends: tuple[str, ...]
    texts: Sequence[Statement] = ()
    whole: bool = False
    touched: dict[Item, Moment] = field(default_factory=dict)

    def checks(self) -> Iterator[Check]:
        """Yield the checks: versions, what is there, what is gone, what nobody can tell."""
        for moment in self.watch.moments:
            for item in changed(moment.before, moment.after):
                self.touched[item] = moment
        yield from version_rows(self.questions, self.versions, self.ends, VERSION)
        yield from self.tables()
        yield from self.others()
        yield from self.gone()
        yield from self.unknown()

    def at(self, item: Item) -> dict[str, Any]:
        """Return the place of the last change of an object."""
        moment = self.touched.get(item)
        return {"step": self.places.number(moment), "revision": moment.revision} if moment is not None else {}

    def asked(self, item: Item) -> bool:
        """Tell whether an object is asked about."""
        return self.whole or item in self.touched

    # What is there.

    def tables(self) -> Iterator[Check]:
        """Yield the questions about tables and their parts."""
        for key, table in sorted(self.watch.last.tables.items(), key=lambda one: (one[0][0] or "", one[0][1])):
            shown = qualified(table.name, table.schema)
            item: Item = ("table", key, "", "")
            if self.asked(item):
                yield from self.told("table", shown, item, partial(self.questions.table, table))
            for part in parts(table):
                item = ("table", key, part.kind, part.name)
                if self.asked(item):
                    name, subject = kind_of(part), f"{shown}.{part.name}" if part.kind == "column" else part.name
                    subject = subject if part.kind == "column" else f"{subject} on {shown}"
                    yield from self.told(name, subject, item, self.question(table, part))

    def question(self, table: Table, part: Part) -> Callable[[], Told]:
        """Return what asks about a part of a table."""
        questions, what = self.questions, part.what
        match what:
            case state.Column():
                return partial(questions.column, table, what)
            case state.Index():
                return partial(questions.index, table, what)
            case state.PrimaryKey() | state.Unique():
                return partial(questions.key, table, what)
            case state.ForeignKey():
                return partial(questions.foreign_key, table, what)
            case state.Check():
                return partial(questions.check, table, what)
            case state.Exclude():
                return partial(questions.exclude, table, what)
        raise TypeError(type(what).__name__)

    def told(self, name: str, subject: str, item: Item, ask: Callable[[], Told]) -> Iterator[Check]:
        """Yield the question about an object, and what it does not compare."""
        place = self.at(item)
        told = ask()
        wanted = told.wanted or self.by_replica(told.sql)
        if wanted is None:
            yield Stated(name=name, subject=subject, status="SKIP", found="what it is like is not known", **place)
            return
        yield Fact(name=name, subject=subject, sql=told.sql, wanted=wanted, remedy=LOOK, **place)
        if told.unsure:
            why = f"{told.unsure} is not compared: how the server words it is not known for certain"
            yield Stated(name=name, subject=subject, status="SKIP", found=why, **place)

    def by_replica(self, sql: str) -> str | None:
        """Return what the replica answers to a question; None when it does not know, or there is none."""
        recorder = self.watch.recorder
        if recorder is None or recorder.replica is None:
            return None
        found = recorder.replica.read(sql, lambda _: None)
        value = found.rows[0][0] if found is not None and found.rows else None
        return None if value is None else str(value)

    def others(self) -> Iterator[Check]:
        """Yield the questions about types, sequences, views and triggers."""
        last = self.watch.last
        for kind, place in PLACES.items():
            for key, one in sorted(getattr(last, place).items(), key=lambda pair: (pair[0][0] or "", pair[0][1])):
                item: Item = (kind, key, "", "")
                if not self.asked(item) or getattr(one, "owner", None) is not None:
                    continue  # the sequence of a column is seen in its default
                shown = qualified(one.name, one.schema)
                if isinstance(one, state.Enumeration):
                    yield from self.told("enum", shown, item, partial(self.questions.enumeration, one))
                elif kind == "routine":
                    why = "programs are not compared"
                    yield Stated(name=kind, subject=shown, status="SKIP", found=why, **self.at(item))
                else:
                    table = str(getattr(one, "table", ""))
                    sql = self.questions.there(kind, one.name, one.schema, table)
                    yield Fact(name=kind, subject=shown, sql=sql, wanted="there", remedy=LOOK, **self.at(item))

    # What is gone.

    def gone(self) -> Iterator[Check]:
        """Yield the questions about what was there before a step, and is not there at the end."""
        last = self.watch.last
        there = {item_folded(item) for item in contents(last)}
        for item in self.touched:
            kind, key, part, name = item
            if kind == "routine" or item_folded(item) in there or (part and key not in last.tables):
                continue
            if not part and any((key[0], key[1]) in place for place in (last.tables, last.views, last.sequences)):
                continue
            if part == "constraint" and not self.was_told(item):
                continue
            shown = qualified(key[1], key[0])
            if not part and not self.is_gone(kind, key):
                why = "what became of it is not known"
                yield Stated(name=f"{kind} gone", subject=shown, status="SKIP", found=why, **self.at(item))
                continue
            subject = f"{shown}.{name}" if part == "column" else f"{name} on {shown}" if part else shown
            yield self.absent(part or kind, subject, item)

    def is_gone(self, kind: str, key: Key) -> bool:
        """Tell whether an object is certainly gone: text that cannot be followed makes it unknown."""
        recorder = self.watch.recorder
        if recorder is None or kind not in ("table", "view", "type", "sequence"):
            return True
        try:
            return not recorder.shadow.exists(kind, key[1], key[0])
        except CommandError:
            return False

    def was_told(self, item: Item) -> bool:
        """Tell whether the name of a constraint that went was the server's."""
        moment = self.touched[item]
        table = moment.before.tables.get(item[1])
        found = [one.what for one in parts(table) if (one.kind, one.name) == item[2:]] if table is not None else []
        return all(isinstance(one, state.Constraint) and is_told(one) for one in found)

    def absent(self, kind: str, subject: str, item: Item) -> Check:
        """Return the question whether an object is gone."""
        _, (schema, name), _, part = item
        table = name if part else ""
        if kind == "trigger":
            found = self.touched[item].before.triggers.get(item[1])
            table = found.table if found is not None else ""
        return Count(
            name=f"{kind} gone",
            subject=subject,
            sql=self.questions.exists(kind, part or name, schema, table),
            unit="still there",
            remedy=LOOK,
            **self.at(item),
        )

    # What nobody can tell.

    def unknown(self) -> Iterator[Check]:
        """Yield a line for each object that is not described, and each text that could not be followed."""
        recorder = self.watch.recorder
        assert recorder is not None
        shadow = recorder.shadow
        if recorder.replica is not None:
            for name in sorted(recorder.replica.opaque):
                yield Stated(name="object", subject=name, status="SKIP", found="a statement about it cannot be judged")
            return
        for kind in ("table", "view", "type", "sequence"):
            for name in sorted(shadow.undescribed(kind)):
                yield Stated(
                    name=kind, subject=name, status="SKIP", found="it is made, and what it is like is not known"
                )
        for one in self.texts:
            if shadow.cannot_follow(one.sql):
                found = "what this text does to the schema cannot be followed"
                subject = " ".join(one.sql.split())[:60]
                yield Stated(name="text", subject=subject, status="SKIP", found=found, revision=one.revision)


def kind_of(part: Part) -> str:
    """Return what a part of a table is called."""
    match part.what:
        case state.PrimaryKey():
            return "primary key"
        case state.ForeignKey():
            return "foreign key"
        case state.Constraint():
            return type(part.what).__name__.lower()
    return part.kind


def contents(catalog: Catalog, beside: Catalog | None = None) -> dict[Item, Any]:
    """Return the objects of a schema, each with what it is; of a table itself that is its comment.

    Objects that are the very same in the schema ``beside`` are left out.
    """
    found: dict[Item, Any] = {}
    for key, table in catalog.tables.items():
        if beside is None or beside.tables.get(key) is not table:
            found[("table", key, "", "")] = table.comment
            found |= {("table", key, part.kind, part.name): part.what for part in parts(table)}
    for kind, place in PLACES.items():
        others = {} if beside is None else getattr(beside, place)
        found |= {
            (kind, key, "", ""): one for key, one in getattr(catalog, place).items() if others.get(key) is not one
        }
    return found


def changed(before: Catalog, after: Catalog) -> Iterator[Item]:
    """Yield the objects that a moment made, changed or dropped."""
    if before is after:
        return
    old, new = contents(before, after), contents(after, before)
    for item, what in new.items():
        if item not in old or not same(old[item], what):
            yield item
    yield from (item for item in old if item not in new)


def item_folded(item: Item) -> tuple[str, ...]:
    """Return an object by its names in lower case: another case alone is no other object everywhere."""
    kind, (schema, name), part, of_part = item
    return kind, schema or "", name.lower(), part, of_part.lower()
