"""The shadow schema: which tables, types and sequences exist at this moment of a run.

It follows what the script itself does. Of a database that stood before the script's start it knows nothing, and says
so; from the base, everything is known, because the database is empty there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.sql.elements import ClauseElement

from ..errors import CommandError, NeedsDatabase
from ..operations.model import (
    UNSET,
    BatchAlter,
    BulkInsert,
    CreateTable,
    DropTable,
    Operation,
    RenameTable,
)
from ..records import dataclass, field, replace
from . import rows, state
from .answers import PER_TABLE, Answers, arguments_of
from .changes import CopyTable, CreateType, DropType, SetDefaultSchema
from .columns import NotFollowedError
from .fates import Fates, fates
from .follow import Follower, target_of
from .meant import meant
from .names import split_name
from .shared import ByName
from .state import Catalog
from .words import (
    FILLED,
    INSERTS,
    LEADING,
    MOVES,
    NO_TRIGGER,
    PROGRAM,
    RENAME,
    RUNS,
    SELECTED_INTO,
    SEPARATED,
    TEXT,
    TRIGGER,
    TRIGGER_ON,
    UNCHANGING,
    adds_no_rows,
    only_defines,
    words_of,
)

ELEMENTS: Mapping[str, tuple[str, bool]] = {
    "create_table": ("table", True),
    "drop_table": ("table", False),
    "create_enum_type": ("type", True),
    "drop_enum_type": ("type", False),
    "create_domain_type": ("type", True),
    "drop_domain_type": ("type", False),
    "create_sequence": ("sequence", True),
    "drop_sequence": ("sequence", False),
}
KINDS = {"has_table": ("table", "view"), "has_type": ("type",), "has_sequence": ("sequence",)}
#: Where the catalog keeps what exists by name.
PLACES = {"table": "tables", "type": "types", "sequence": "sequences", "view": "views"}

Key = tuple[str, str | None, str]


@dataclass(slots=True)
class Shadow:
    """Which objects exist, by kind (``table``, ``view``, ``type``, ``sequence``), schema and name, and what they are.

    ``catalog`` describes the objects whose every change is understood. ``follower`` changes it as the database's server
    does, ``answers`` tells of it as SQLAlchemy's reflection does, ``read`` says what text changes, or None
    where that cannot be followed. ``from_base`` says that the run starts with an empty database.
    ``assume`` answers about the unknown: None raises NeedsDatabase, True and False are taken for the answer, as
    when ``create_all`` asks before it creates. ``history`` replays what came before the start, and is called once,
    when something asks for what only it can tell. ``opaque`` are words of text that could not be followed; ``empty``
    are the tables that the run made and put nothing into; ``triggers`` says that writing one may fill another;
    ``watched`` maps a trigger to its table, or to "" when it is gone.
    ``versions`` is the version table, which is no part of the catalog. ``since`` is what happened since the start,
    while the history may still be asked for. ``strict`` says that an operation on what certainly does not exist is an
    error, see :mod:`sqlgen.schema.missing`; ``fates`` tells what became of objects, and ``revision`` is the one that
    runs. ``extended`` says that a text may have brought in objects that nobody lists. ``indexes`` knows the names of
    indexes.
    """

    follower: Follower
    answers: Answers
    read: Callable[[str, Any], tuple[Operation, ...] | None] = lambda _sql, _known: None
    from_base: bool = True
    assume: bool | None = None
    history: Callable[[], Shadow] | None = None
    known: dict[Key, bool] = field(default_factory=dict)
    failure: CommandError | None = None
    opaque: set[str] = field(default_factory=set)
    empty: set[Key] = field(default_factory=set)
    triggers: bool = False
    watched: dict[str, str] = field(default_factory=dict)
    catalog: Catalog = field(default_factory=Catalog)
    since: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    strict: bool = False
    versions: state.Table | None = None
    fates: Fates = field(default_factory=dict)
    revision: str = ""
    extended: bool = False
    indexes: ByName[state.Key, state.Table] = field(default_factory=lambda: ByName(state.index_names))

    def key(self, kind: str, name: str, schema: str | None) -> Key:
        """Return the key of an object; the default schema and none at all are the same."""
        return kind, *self.follower.key(name, schema)

    def copy(self) -> Shadow:
        """Return the same knowledge, on its own from here on."""
        return replace(
            self,
            known=dict(self.known),
            opaque=set(self.opaque),
            empty=set(self.empty),
            watched=dict(self.watched),
            since=[*self.since],
            fates=dict(self.fates),
        )

    # What happens.

    def _happened(self, what: str, *arguments: Any) -> None:
        """Keep what happens, to be told once more after the history."""
        if self.history is not None:
            self.since.append((what, arguments))

    def element(self, element: ClauseElement) -> None:
        """Apply a DDL element that the script runs."""
        if getattr(element, "if_not_exists", False):
            self.remember()
        self._happened("element", element)
        self._element(element)

    def _element(self, element: ClauseElement) -> None:
        found = ELEMENTS.get(element.__visit_name__)
        if found is None:
            return
        target: Any = element.element  # type: ignore[attr-defined]
        key = self.key(found[0], str(target.name), target.schema)
        guarded = getattr(element, "if_not_exists", False)
        certain = (key in self.known or self.from_base) and key[2].lower() not in self.opaque
        if guarded and certain and self.known.get(key):
            return  # it stands already, as it is
        before = self.catalog
        self._set(*found, str(target.name), target.schema)
        if guarded and not certain:
            self.empty.discard(key)
        else:
            self.catalog = self.follower.element(before, element)
            self._settle(before)

    def directly(self, element: ClauseElement, sql: str) -> None:
        """Apply a DDL element that is no part of an operation; ``sql`` is its text."""
        self._happened("directly", element, sql)
        if element.__visit_name__ in ELEMENTS:
            return
        try:
            self.catalog = self.follower.element(self.catalog, element)
        except NotFollowedError:
            self._forget(sql)

    def applied(self, operation: Operation) -> None:
        """Apply an operation that has been rendered."""
        self._happened("applied", operation)
        self._apply(operation)
        self.fates |= fates(operation, self.follower.key, self.revision)

    def _apply(self, operation: Operation) -> None:
        match operation:
            case RenameTable():
                self.rename(operation.table_name, operation.schema, operation.new_table_name)
            case BatchAlter():
                for inner in operation.operations:
                    self._apply(inner)
            case BulkInsert():
                if operation.rows:
                    self.filled(operation.table.name, getattr(operation.table, "schema", None))
            case _:
                self._change(operation)

    def _change(self, operation: Operation) -> None:
        before = self.catalog
        try:
            self.catalog = self.follower.applied(before, operation)
        except NotFollowedError:
            name, schema = target_of(operation)
            gone = before.tables if name is None else [self.follower.key(name, schema)]
            self.catalog = before.without("tables", *gone)
            self._settle(before)
        else:
            self._settle(before, tables=True)

    def _settle(self, before: Catalog, tables: bool = False) -> None:
        """Let the names that exist follow what a change made and dropped along; those of tables, where all is told."""
        for kind, place in PLACES.items():
            old, new = getattr(before, place), getattr(self.catalog, place)
            if (kind == "table" and not tables) or old is new:
                continue
            for key in new.differing(old):
                if (present := key in new) != (key in old):
                    self.known.update({(kind, *key): present})

    def _forget(self, sql: str) -> None:
        """Forget the description of every table that a text names; of all tables when it may run more text."""
        words = words_of(sql)
        if words & RUNS:
            words |= {name.lower() for _, name in self.catalog.tables}
        self.catalog = self.catalog.without("tables", *(key for key in self.catalog.tables if key[1].lower() in words))

    def _set(self, kind: str, present: bool, name: str, schema: str | None) -> None:
        key = self.key(kind, name, schema)
        self.known[key] = present
        self.catalog = self.catalog.without(PLACES[kind], key[1:])
        if kind == "table" and not present and self.watched:
            self.watched = {trigger: on for trigger, on in self.watched.items() if on != name.lower()}
        (self.empty.add if present and kind == "table" else self.empty.discard)(key)

    def text(self, sql: str) -> None:
        """Apply a statement of the author's; what cannot be followed makes every word in it unknown."""
        self._happened("text", sql)
        sql = LEADING.sub("", sql, count=1) if LEADING.match(sql) else sql
        self.extended = self.extended or self.follower.brings_objects(sql)
        if found := SELECTED_INTO.match(sql):
            self._set("table", True, *split_name(found["name"]))
            self.filled(*split_name(found["name"]))
            return
        changes = self.meant(sql)
        if changes is not None:
            self.change(changes)
            for change in changes:
                self.fates |= fates(change, self.follower.key, self.revision)
            if found := INSERTS.match(sql):
                self.filled(*split_name(found["name"]))
            else:
                self._rows_of(sql)
            return
        if not only_defines(sql) and (SEPARATED.search(sql) or not UNCHANGING.match(sql)):
            self._forget(sql)
        if SEPARATED.search(sql):
            self._unknown(sql)
            return
        for pattern, kind, present in TEXT:
            found = pattern.match(sql)
            if found and (present or "," not in sql[found.end() :]):
                self._set(kind, present, *split_name(found["name"]))
                if FILLED.search(sql):
                    self.filled(*split_name(found["name"]))
                return
        if found := INSERTS.match(sql):
            self.filled(*split_name(found["name"]))
            return
        if found := RENAME.match(sql):
            self.rename(*split_name(found["name"]), split_name(found["new"])[0])
        else:
            self._unknown(sql)

    def meant(self, sql: str) -> tuple[Operation, ...] | None:
        """Return what a statement of text SQL changes, as it is meant at this moment; None when that is not known."""
        changes = self.read(LEADING.sub("", sql, count=1) if LEADING.match(sql) else sql, self)
        return None if changes is None else meant(changes, self.catalog, self.follower.key)

    def change(self, changes: tuple[Operation, ...]) -> None:
        """Apply what a statement of text SQL was understood to do."""
        for change in changes:
            match change:
                case CreateTable():
                    self._element(sa_schema.CreateTable(change.table, if_not_exists=change.if_not_exists))
                case DropTable():
                    self._element(sa_schema.DropTable(change.table, if_exists=change.if_exists))
                case SetDefaultSchema():
                    self.follower.set_schema(change.schemas[0] if change.schemas else None, local=change.is_local)
                    self.answers.current_schema = self.follower.current_schema
                case CopyTable():
                    self._apply(change)  # where the table that it copies is not known, there is one all the same
                    self.known[self.key("table", change.table_name, change.schema)] = True
                case CreateType() | DropType():
                    self._apply(change)
                    self._set("type", isinstance(change, CreateType), change.name, change.schema)
                case _:
                    self._apply(change)

    def transaction_ended(self) -> None:
        """Take back what text set until the end of the transaction."""
        self._happened("transaction_ended")
        self.follower.end_transaction()
        self.answers.current_schema = self.follower.current_schema

    def _unknown(self, sql: str) -> None:
        if MOVES.search(sql) and not only_defines(sql):
            self.opaque |= words_of(sql)
        self._rows_of(sql)

    def _rows_of(self, sql: str) -> None:
        """Note what a statement of text SQL may do to rows."""
        self.triggers = self.triggers or bool(TRIGGER.match(sql))
        if found := TRIGGER_ON.match(sql):
            self.watched[split_name(found["trigger"])[0].lower()] = split_name(found["name"])[0].lower()
        elif found := NO_TRIGGER.match(sql):
            self.watched[split_name(found["name"])[0].lower()] = ""
        if sql.strip() and not PROGRAM.match(sql) and (SEPARATED.search(sql) or not adds_no_rows(sql)):
            self.empty.clear()

    def rename(self, old: str, schema: str | None, new: str) -> None:
        """Give a table another name."""
        was_empty = self.is_empty(old, schema)
        operation = RenameTable(table_name=old, schema=schema, new_table_name=new)
        before = self.catalog
        try:
            after = self.follower.applied(before, operation)
        except NotFollowedError:
            after = None
        self._set("table", False, old, schema)
        self._set("table", True, new, schema)
        if after is not None:
            self.catalog = after
            self._settle(before)
        if not was_empty:
            self.filled(new, schema)

    def filled(self, name: str, schema: str | None) -> None:
        """Note that a table may have rows from now on; with triggers about, every table may."""
        if self.triggers:
            self.empty.clear()
        self.empty.discard(self.key("table", name, schema))

    # What is asked.

    def is_empty(self, name: str, schema: str | None) -> bool:
        """Tell whether a table certainly has no rows."""
        return self.key("table", name, schema) in self.empty and name.lower() not in self.opaque

    def rows(self, sql: str, select: Any) -> rows.Rows | None:
        """Return the rows of a SELECT, given as text and as SQLAlchemy's object if it is one; None when unknown."""
        if select is None:
            return rows.text_rows(sql, self.is_empty)
        return rows.select_rows(select, self.is_empty)

    def hits_nothing(self, sql: str, element: Any) -> bool:
        """Tell whether an UPDATE or DELETE certainly hits no row."""
        return rows.untouched(sql, element, self.is_empty)

    def answer(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Answer a reflection method of a SQLAlchemy dialect by its name. Raises NeedsDatabase.

        Our own are ``has_trigger``, whether text made a trigger on this table, ``is_empty`` for its rows, ``catalog``.
        """
        if question == "is_empty":
            return self.is_empty(str(arguments[0]), None)
        if question == "has_trigger":
            self.remember()
            return str(arguments[0]).lower() in self.watched.values()
        if question in KINDS:
            name, schema = arguments_of(arguments, options)
            return any(self.exists(kind, name, schema) for kind in KINDS[question])
        about = question.removeprefix("get_multi_").removeprefix("get_")
        if about in PER_TABLE:
            return self.describe(question, arguments, options)
        self.remember()
        if not self.from_base or self.opaque:
            raise self.unanswered(question, arguments)
        if question == "catalog":
            if any(map(self.undescribed, PLACES)):
                raise self.unanswered(question, arguments)
            return self._seen()
        if question == "get_table_names":
            return self.names("table", options.get("schema", arguments[0] if arguments else None))
        if self.undescribed("view") and "view" in question:
            raise self.unanswered(question, arguments)
        return self.answers.answer(self._seen(), question, arguments, options)

    def unanswered(self, question: str, arguments: tuple[Any, ...]) -> NeedsDatabase:
        """Return the error for a question that nobody can answer."""
        subject = f"{arguments[0]!r}" if arguments and isinstance(arguments[0], str) else ""
        return NeedsDatabase(
            f"the revision inspects the schema: {question}({subject}) cannot be answered with no database",
            hint="Say in the revision what is known, or guard it with context.is_offline_mode().",
        )

    def undescribed(self, kind: str) -> list[str]:
        """Return the names of what exists and is not described."""
        there = getattr(self.catalog, PLACES[kind])
        return [key[2] for key, present in self.known.items() if present and key[0] == kind and key[1:] not in there]

    def describe(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Answer a question about one table, or, as ``get_multi_…``, about several. Raises NeedsDatabase."""
        if not question.startswith("get_multi_"):
            return self.answers.answer(self._read_by(question, arguments, options), question, arguments, options)
        schema = options.get("schema", arguments[0] if arguments else None)
        names = options.get("filter_names") or self.answer("get_table_names", (schema,), {})
        for name in names:
            if self.exists("table", name, schema):
                self.check_described(question, name, schema)
        return self.answers.answer(self._seen(), question, arguments, options)

    def _read_by(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Catalog:
        """Return the schema by which an Inspector tells of a table: where it reads a table once, as it was then."""
        name, schema = arguments_of(arguments, options)
        kept: dict[Any, Any] = options.get("info_cache", {}) if self.answers.reads_once else {}
        read: Catalog | None = kept.get((name, schema))
        if read is None:
            self.check_described(question, name, schema)
            read = kept[name, schema] = self._seen()
        return read

    def check_described(self, question: str, name: str, schema: str | None) -> None:
        """Raise NoSuchTableError when there is no such table or view, NeedsDatabase when it is not described."""
        kind = next((kind for kind in ("table", "view") if self.exists(kind, name, schema)), None)
        if kind is None:
            raise NoSuchTableError(name)
        if self.follower.key(name, schema) not in getattr(self._seen(), PLACES[kind]):
            raise NeedsDatabase(
                f"the revision inspects the schema: {question}({name!r}) cannot be answered with no database",
                hint="The table was not made by this script alone. Say in the revision what is known, or guard it with "
                "context.is_offline_mode().",
            )

    def table(self, name: str, schema: str | None) -> state.Table | None:
        """Return a table as it is at this moment; None when it is not described."""
        self.remember()
        return self.catalog.tables.get(self.follower.key(name, schema))

    def column(self, table: str, name: str, schema: str | None) -> state.Column | None:
        """Return a column as it is at this moment; None when its table is not described."""
        found = self.table(table, schema)
        return found.column(name) if found else None

    def comment(self, table: str, schema: str | None) -> Any:
        """Return a table's comment, None for none; UNSET when the table is not described."""
        found = self.table(table, schema)
        return found.comment if found else UNSET

    def table_of_index(self, name: str, schema: str | None) -> str | None:
        """Return the only described table that has an index of this name; None when there is none, or more."""
        self.remember()
        wanted = self.follower.key("", schema)[0]
        found = [
            table.name
            for table in self.catalog.tables.values()
            if table.schema == wanted and any(index.name == name for index in table.indexes)
        ]
        return found[0] if len(found) == 1 else None

    def start_from(self, catalog: Catalog) -> None:
        """Take a schema for the one that stands at the start; of its rows nothing is known."""
        self.catalog, self.from_base = catalog, True
        self.known |= {(kind, *key): True for kind, place in PLACES.items() for key in getattr(catalog, place)}
        self.triggers = self.triggers or bool(catalog.triggers)
        self.watched |= {one.name.lower(): one.table.lower() for one in catalog.triggers.values()}

    def cannot_follow(self, sql: str) -> bool:
        """Tell whether a text may change the schema in a way that cannot be followed."""
        sql = LEADING.sub("", sql, count=1) if LEADING.match(sql) else sql
        if self.read(sql, self) is not None or (INSERTS.match(sql) and not SEPARATED.search(sql)):
            return False
        return SEPARATED.search(sql) is not None or not UNCHANGING.match(sql)

    def remember(self) -> None:
        """Replay the history, once, and take over what it knows.

        A history that cannot be replayed is an error for a revision that asks; where the answer is assumed anyway, it
        is unknown.
        """
        try:
            self._replay()
        except CommandError:
            if self.assume is None:
                raise

    def _replay(self) -> None:
        if self.failure is not None:
            raise self.failure
        if self.history is None:
            return
        history, self.history = self.history, None
        try:
            past = history()
        except CommandError as error:
            self.failure = error
            raise
        self.known, self.catalog, self.opaque = dict(past.known), past.catalog, set(past.opaque)
        self.from_base, self.triggers = past.from_base, past.triggers
        self.watched = dict(past.watched)
        self.strict, self.fates = past.strict, {**past.fates, **self.fates}
        self.extended = self.extended or past.extended
        self.empty.clear()  # others have written into what stood at the start
        since, self.since = self.since, []
        for what, arguments in since:
            getattr(self, what)(*arguments)

    def keep_versions(self, table: sa.Table) -> None:
        """Let the version table stand: the script makes it first, and no revision has to know of it."""
        self.versions = self.follower.create_table(Catalog(), table).tables[self.follower.key(table.name, table.schema)]

    def _keeps_versions(self, name: str, schema: str | None) -> bool:
        """Tell whether a name is that of the version table."""
        return self.versions is not None and self.follower.key(name, schema) == self.versions.key

    def _seen(self) -> Catalog:
        """Return the catalog as a revision sees it: with the version table."""
        return self.catalog if self.versions is None else self.catalog.put(self.versions)

    def has_table(self, name: str, schema: str | None) -> bool | None:
        """Tell whether a table exists, for text that does something only then; None when nobody knows."""
        try:
            return self.exists("table", name, schema)
        except CommandError:
            return None

    def primary_key(self, name: str, schema: str | None) -> tuple[str, ...] | None:
        """Return the columns of a table's primary key; None when nobody knows."""
        table = self.catalog.tables.get(self.follower.key(name, schema))
        return table.primary_key.columns if table is not None and table.primary_key is not None else None

    def exists(self, kind: str, name: str, schema: str | None) -> bool:
        """Tell whether an object exists at this moment. Raises NeedsDatabase when nobody knows."""
        if self.key(kind, name, schema) not in self.known and not self._keeps_versions(name, schema):
            self.remember()
        present = self.known.get(self.key(kind, name, schema))
        if present is None and kind == "table" and self._keeps_versions(name, schema):
            return True
        if present is not None and name.lower() not in self.opaque:
            return present
        if self.from_base and name.lower() not in self.opaque:
            return False
        if self.assume is not None:
            return self.assume
        where = "raw SQL may have made or dropped it" if self.from_base else "the script does not start at the base"
        raise NeedsDatabase(
            f"the revision asks whether {kind} {name!r} exists, and {where}",
            hint="Start the range at 'base', or say in the revision what is known.",
        )

    def names(self, kind: str, schema: str | None) -> list[str]:
        """Return the sorted names of a kind in one schema."""
        wanted = self.key(kind, "", schema)[1]
        own = [self.versions.name] if kind == "table" and self.versions and self.versions.schema == wanted else []
        known = [name for (k, s, name), present in self.known.items() if present and (k, s) == (kind, wanted)]
        return sorted({*known, *own})
