"""Where the tables and columns of a moment come from: what they were called at the start, and who wrote them since."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlgen.checks.compared import renamed_columns, renamed_tables
from sqlgen.checks.watch import Moment
from sqlgen.questions import Need
from sqlgen.records import dataclass, field
from sqlgen.schema.state import Catalog, Key, Table

WORD = re.compile(r"\w+")
#: Words that begin statements which write the rows of the tables that they name, and of no other.
PLAIN_WRITES = ("insert", "update", "delete", "merge", "replace", "with", "truncate")


@dataclass(slots=True)
class Origins:
    """Follows names from moment to moment. ``tables`` maps keys of now to keys of the start, ``columns`` likewise.

    ``written`` says at which place a table, by its key at the start, was first written by the script.
    """

    start: Catalog
    tables: dict[Key, Key] = field(default_factory=dict)
    columns: dict[tuple[Key, str], str] = field(default_factory=dict)
    written: dict[Key, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with all that stands at the start."""
        self.tables = {key: key for key in self.start.tables}
        self.columns = {(key, one.name): one.name for key, table in self.start.tables.items() for one in table.columns}

    def table(self, key: Key) -> Table | None:
        """Return a table of now as it stood at the start; None for one that the script made."""
        found = self.tables.get(key)
        return None if found is None else self.start.tables[found]

    def names(self, key: Key, columns: Iterable[str]) -> tuple[str, ...] | None:
        """Return the names that columns of now had at the start; None when one of them was not there."""
        found = [self.columns.get((key, column)) for column in columns]
        return None if None in found else tuple(map(str, found))

    def need(self, key: Key, columns: Iterable[str] = ()) -> Need | None:
        """Return a table with columns under their names at the start; None when not all was there."""
        table, names = self.table(key), self.names(key, columns)
        return None if table is None or names is None else Need(table.name, table.schema, names)

    def wrote(self, moment: Moment, place: str) -> None:
        """Note which tables the statements of a moment may write; a program may write any."""
        for sql in moment.writes:
            words = [word.lower() for word in WORD.findall(sql)]
            named = set(words) if words and words[0] in PLAIN_WRITES else None
            for key, old in self.tables.items():
                if named is None or set(WORD.findall(key[1].lower())) <= named:
                    self.written.setdefault(old, place)
                    self.cascade(key, place)

    def cascade(self, key: Key, place: str) -> None:
        """Note the tables whose rows go or change with those of another."""
        for other, table in self.start.tables.items():
            acts = any(
                one.table == key[1] and (one.options.get("ondelete") or one.options.get("onupdate"))
                for one in table.foreign_keys
            )
            if acts and other not in self.written:
                self.written[other] = place
                self.cascade(other, place)

    def follow(self, moment: Moment) -> None:
        """Go behind a moment."""
        before, after = moment.before, moment.after
        moved = renamed_tables(before, after)
        for key in before.tables:
            target = moved.get(key, key)
            if target not in after.tables:
                self.tables.pop(key, None)
            elif target != key or before.tables[key] is not after.tables[target]:
                self.follow_table(before.tables[key], after.tables[target], moment)

    def follow_table(self, old: Table, new: Table, moment: Moment) -> None:
        """Go behind what happened to a table."""
        renamed = renamed_columns(old, new, moment.operation)
        here = {one.name for one in new.columns}
        kept = {}
        for column in old.columns:
            name, origin = renamed.get(column.name, column.name), self.columns.pop((old.key, column.name), None)
            if origin is not None and name in here:
                kept[(new.key, name)] = origin
        self.columns |= kept
        if new.key != old.key and (origin_key := self.tables.pop(old.key, None)) is not None:
            self.tables[new.key] = origin_key
