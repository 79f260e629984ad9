"""Tables of a synthetic history: what stands at a moment, and how a revision writes it down."""

from __future__ import annotations

from dataclasses import dataclass, field

INDENT = "    "


@dataclass(frozen=True)
class Column:
    """A column as source: its type and server default are what stands in the revision.

    Its kind tells what may become of it; ``key`` is a key that rows bring with them, ``serial`` one from the server.
    """

    name: str
    kind: str
    type: str
    nullable: bool = True
    default: str = ""

    @property
    def required(self) -> bool:
        """Whether a row must have a value for it."""
        return not self.nullable and not self.default

    def source(self) -> str:
        """Return the call that describes the column."""
        default = f", server_default={self.default}" if self.default else ""
        key = ", autoincrement=False" if self.kind == "key" else ""
        return f'sa.Column("{self.name}", {self.type}{default}{key}, nullable={self.nullable})'


@dataclass
class Table:
    """A table and what hangs on it; each constraint and index by its name."""

    name: str
    key: str
    columns: list[Column]
    uniques: dict[str, str] = field(default_factory=dict)
    checks: dict[str, tuple[str, str]] = field(default_factory=dict)
    references: dict[str, tuple[str, Table]] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)
    enum: tuple[str, tuple[str, ...]] = ("", ())
    referred: int = 0
    rows: int = 0

    def used(self) -> set[str]:
        """Return the columns that a constraint or an index names, the key among them."""
        named = {column for column, _ in (*self.checks.values(), *self.references.values())}
        return named | {"id", *self.uniques.values(), *self.indexes.values()}

    def free(self, *kinds: str) -> list[Column]:
        """Return the columns that may change, of these kinds or of any."""
        used = self.used()
        return [one for one in self.columns if one.name not in used and (not kinds or one.kind in kinds)]

    def replace(self, old: Column, *new: Column) -> None:
        """Put other columns in the place of one, or none."""
        where = self.columns.index(old)
        self.columns[where : where + 1] = new

    def parts(self) -> list[str]:
        """Return what ``op.create_table`` gets behind the name: columns and constraints."""
        return [
            *(column.source() for column in self.columns),
            *(
                f'sa.ForeignKeyConstraint(["{column}"], ["{other.name}.id"], name="{name}")'
                for name, (column, other) in self.references.items()
            ),
            f'sa.PrimaryKeyConstraint("id", name="{self.key}")',
            *(f'sa.UniqueConstraint("{column}", name="{name}")' for name, column in self.uniques.items()),
            *(f'sa.CheckConstraint("{text}", name="{name}")' for name, (_, text) in self.checks.items()),
        ]

    def create(self) -> list[str]:
        """Return the statements that make the table and its indexes."""
        made = call("op.create_table", f'"{self.name}"', *self.parts())
        return [*made, *(create_index(name, self.name, column) for name, column in self.indexes.items())]

    def copied(self, function: str) -> list[str]:
        """Return a function that describes the table as it stands, for SQLite, which alters by copying."""
        indexes = [f'sa.Index("{name}", "{column}")' for name, column in self.indexes.items()]
        table = call("return sa.Table", f'"{self.name}"', "sa.MetaData()", *self.parts(), *indexes)
        return ["", "", f"def {function}() -> sa.Table:", *indented(table)]


def call(function: str, *arguments: str) -> list[str]:
    """Return the lines of a call with one argument on each."""
    return [f"{function}(", *(f"{INDENT}{one}," for one in arguments), ")"]


def create_index(name: str, table: str, column: str) -> str:
    """Return the call that makes an index."""
    return f'op.create_index("{name}", "{table}", ["{column}"])'


def drop_index(name: str, table: str) -> str:
    """Return the call that removes an index."""
    return f'op.drop_index("{name}", table_name="{table}")'


def indented(lines: list[str]) -> list[str]:
    """Return the lines one step to the right."""
    return [f"{INDENT}{line}" if line else line for line in lines]


def batch(table: str, function: str, *lines: str) -> list[str]:
    """Return a batch of changes: ALTER statements where the database has them, a copy of the table on SQLite."""
    return [f'with op.batch_alter_table("{table}", copy_from={function}()) as batch:', *indented(list(lines))]
