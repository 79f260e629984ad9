"""What the revisions of a synthetic history do, one function per kind of change.

Each function gets the maker (a source of chance and of names) and a table, or all that a revision may see, changes the
table and returns what the revision says; or None where the table gives no occasion. Every change renders with both
tools for all six databases. What Alembic cannot render offline on one of them, a comment on SQL Server, stands behind
a question for the dialect; and SQLite is told what its tables look like, because offline Alembic cannot ask.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.tables import Column, Table

NOUNS = re.findall(
    r"\w+",
    """
account agenda album archive article asset badge basket bill bond book booking branch budget bundle campaign card
carrier cart case channel chapter claim clause client clinic contract course crate credit customer delivery deposit
device dispatch doctor driver engine estate event exam export factory fare farm fee field fleet flight forecast
garage garden grant guest harbour holiday hotel invoice journal journey kitchen lease ledger lesson letter licence
loan locker market meal member message meter mission notice offer office outlet package panel parcel partner patent
patient payment permit person phone place plan plant policy port price product project promise provider quota rack
rating receipt recipe region rental report request reserve reward room route salary sample school season seat sensor
service shelf shift ship shop signal site speaker station stock store street supplier survey tariff task team tenant
theatre ticket tool tour town track trade train tram trip truck venue vessel visit voucher wage warehouse waiver
yard zone
""",
)
TEXTS = ("title", "note", "city", "contact", "summary", "remark", "colour", "origin", "label", "brand")
NUMBERS = ("quantity", "amount", "weight", "rate", "total", "stock", "capacity", "score", "distance", "height")
DAYS = ("placed_on", "due_on", "closed_on", "paid_on", "starts_on")
MOMENTS = ("seen_at", "sent_at", "changed_at", "checked_at", "made_at")
FLAGS = ("is_open", "is_hidden", "is_paid", "is_checked", "is_local")
STATES = ("new", "open", "held", "paid", "sent", "lost", "done", "void", "late", "kept")
PHRASES = ("it's wool, 100%", "don't bend", "half price: 50% off", "café and crème", 'a "fine" one', "as it was", "n/a")

COMMENTED = '("postgresql", "mysql", "mariadb", "oracle")'


@dataclass
class Change:
    """The body of a revision: its message, what goes up and down, and what the module has besides."""

    message: str
    upgrade: list[str]
    downgrade: list[str]
    module: list[str] = field(default_factory=list)


class Maker:
    """A source of chance that gives the same from the same seed, and of names that are never used twice."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.taken: set[str] = set()
        self.number = 0

    def name(self, start: str) -> str:
        """Return a new name for a constraint, an index or a type."""
        self.number += 1
        return f"{start}_{self.number}"

    def table_name(self) -> str:
        """Return a new name for a table."""
        name = "_".join(self.chance.sample(NOUNS, 2))
        if name in self.taken or len(name) > 24:
            name = self.name(name[:18])
        self.taken.add(name)
        return name

    def column(self, table: Table, kinds: str = "ttnndmf", *, added: bool = False) -> Column:
        """Return a column that the table has not got: of text, a number, a day, a moment or a flag."""
        have = {one.name for one in table.columns}
        letter = self.chance.choice(kinds)
        names = {"t": TEXTS, "n": NUMBERS, "d": DAYS, "m": MOMENTS, "f": FLAGS}[letter]
        name = self.chance.choice(names)
        if name in have:
            name = self.name(name)
        required = self.chance.random() < 0.3
        if letter == "t":
            default = '"none"' if required and (added or self.chance.random() < 0.5) else ""
            return Column(name, "text", f"sa.String({self.chance.randrange(40, 200, 20)})", not required, default)
        if letter == "n":
            default = '"0"' if required and (added or self.chance.random() < 0.5) else ""
            kind, type_ = self.chance.choice((("number", "sa.Integer()"), ("decimal", "sa.Numeric(10, 2)")))
            return Column(name, kind, type_, not required, default)
        if letter == "m" and required and not added:
            return Column(name, "moment", "sa.DateTime()", False, "sa.func.now()")
        if letter == "f" and required:
            return Column(name, "flag", "sa.Boolean()", False, "sa.false()")
        kind, type_ = {"d": ("day", "sa.Date()"), "m": ("moment", "sa.DateTime()"), "f": ("flag", "sa.Boolean()")}[
            letter
        ]
        return Column(name, kind, type_)

    def table(self, seen: list[Table]) -> Table:
        """Return a new table, with references to some of those that can be seen."""
        name = self.table_name()
        key = "serial" if self.chance.random() < 0.4 else "key"
        table = Table(name, f"pk_{name}", [Column("id", key, "sa.Integer()", False)])
        if self.chance.random() < 0.6:
            table.columns.append(Column("code", "code", f"sa.String({self.chance.randrange(20, 50, 10)})", False))
            if self.chance.random() < 0.5:
                table.uniques[self.name(f"uq_{name[:16]}")] = "code"
        for _ in range(self.chance.randint(2, 6)):
            table.columns.append(self.column(table))
        if self.chance.random() < 0.25:
            values = tuple(sorted(self.chance.sample(STATES, 4)))
            table.enum = self.name(f"{name[:16]}_state"), values
            table.columns.append(Column("state", "enum", enum_type(table), False, f'"{values[0]}"'))
        for other in self.chance.sample(seen, min(len(seen), self.chance.choice((0, 0, 1, 1, 2)))):
            self.refer(table, other)
        numbers = [one.name for one in table.free("number", "decimal")]
        if numbers and self.chance.random() < 0.4:
            table.checks[self.name(f"ck_{name[:16]}")] = numbers[0], f"{numbers[0]} >= 0"
        for column in table.free("text", "day", "moment"):
            if self.chance.random() < 0.2:
                table.indexes[self.name(f"ix_{name[:16]}")] = column.name
        return table

    def refer(self, table: Table, other: Table) -> tuple[str, Column]:
        """Give the table a column that refers to another one; return the constraint's name and the column."""
        column = Column(self.name(f"{other.name[:14]}_id"), "reference", "sa.Integer()")
        name = self.name(f"fk_{table.name[:16]}")
        table.columns.append(column)
        table.references[name] = column.name, other
        other.referred += 1
        return name, column

    def value(self, table: Table, column: Column, row: int) -> str:
        """Return the source of a value; unique for keys and codes, never below nought for numbers."""
        values: dict[str, Callable[[], str]] = {
            "key": lambda: str(row),
            "code": lambda: f'"C-{row:05d}"',
            "text": lambda: quoted(self.chance.choice(PHRASES)),
            "number": lambda: str(self.chance.randrange(1000)),
            "decimal": lambda: f'Decimal("{self.chance.randrange(1000)}.{self.chance.randrange(10, 100)}")',
            "day": lambda: f"date(20{self.chance.randint(10, 25)}, {self.chance.randint(1, 12)}, {1 + row % 28})",
            "moment": lambda: f"datetime(20{self.chance.randint(10, 25)}, {self.chance.randint(1, 12)}, 3, 4, 5, 6)",
            "flag": lambda: str(self.chance.random() < 0.5),
            "enum": lambda: f'"{self.chance.choice(table.enum[1])}"',
        }
        return values[column.kind]()


def enum_type(table: Table) -> str:
    """Return the source of the table's enum type."""
    name, values = table.enum
    return f"sa.Enum({', '.join(map(quoted, values))}, name={quoted(name)})"


def quoted(text: str) -> str:
    """Return the source of a string."""
    return json.dumps(text, ensure_ascii=False)
