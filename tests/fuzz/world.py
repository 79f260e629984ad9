"""What a step is drawn from: chance, the schema so far, and the rules of the database at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from sqlgen.operations import BatchOperations, Operations
from tests.fuzz.chance import Chance
from tests.fuzz.kinds import KINDS, Kind
from tests.fuzz.model import Column, Schema, Table
from tests.fuzz.words import TEXTS, fresh_name

USUAL = ("integer", "string", "text", "datetime")
LONG = ("text", "unicode_text", "binary")


@dataclass(frozen=True)
class Rules:
    """How a database differs from the others, as far as it decides which steps are valid.

    ``rebuilds``: a table is changed by copying it. ``follows_names``: expressions follow a column that is renamed.
    ``long_keys``: keys can hold texts of any length. ``ties_indexes``: a foreign key needs an index on its column.
    ``repeats``: the revision must tell all of a column to change anything of it.
    """

    dialect: str
    schemas: tuple[str | None, ...] = (None,)
    rebuilds: bool = False
    follows_names: bool = True
    long_keys: bool = True
    expressions: bool = True
    ties_indexes: bool = False
    repeats: bool = False


RULES = {
    "postgresql": Rules("postgresql", schemas=(None, None, "Fuzz 100%")),
    "mariadb": Rules("mariadb", follows_names=False, long_keys=False, expressions=False, ties_indexes=True),
    "sqlite": Rules("sqlite", rebuilds=True),
}


@dataclass(frozen=True)
class Call:
    """One call of a function of ``op``; ``inner`` are the calls inside a batch block."""

    function: str
    arguments: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)
    inner: tuple[Call, ...] = ()

    def run(self, op: Operations | BatchOperations) -> None:
        """Make the call."""
        if self.function != "batch_alter_table":
            getattr(op, self.function)(*self.arguments, **self.options)
            return
        with op.batch_alter_table(*self.arguments, **self.options) as block:
            for call in self.inner:
                call.run(block)

    def __str__(self) -> str:
        shown = [*map(shown_value, self.arguments), *(f"{k}={shown_value(v)}" for k, v in self.options.items())]
        lines = [f"{self.function}({', '.join(shown)})", *(f"    {call}" for call in self.inner)]
        return "\n".join(lines)


def shown_value(value: Any) -> str:
    """Return a value of a call for the reader of a failure."""
    if isinstance(value, sa.TextClause):
        return f"text({value.text!r})"
    if isinstance(value, sa.Table):
        return f"Table({value.name!r}, {', '.join(map(shown_value, value.columns))}, {sorted(map(str, value.indexes))})"
    return repr(value)


@dataclass
class World:
    """The material of one step. ``focus`` is the table of a batch block; ``quote`` quotes a name."""

    chance: Chance
    schema: Schema
    rules: Rules
    preparer: Any
    focus: Table | None = None

    def quote(self, name: str) -> str:
        """Return a name in quotes of the database's."""
        return str(self.preparer.quote_identifier(name))

    def named(self, name: str) -> str:
        """Return a quoted name for ``sa.text()``, which takes a colon for a parameter."""
        return self.quote(name).replace(":", "\\:")

    def table(self, fits: Callable[[Table], bool] = lambda _table: True) -> Table:
        """Return a table that fits. Raises Impossible."""
        tables = [self.focus] if self.focus is not None else self.schema.tables.values()
        return self.chance.pick([table for table in tables if fits(table)], key=lambda table: table.place)

    def column(self, table: Table, fits: Callable[[Column], bool] = lambda _column: True) -> Column:
        """Return a column that fits. Raises Impossible."""
        return self.chance.pick([one for one in table.columns.values() if fits(one)], key=lambda one: one.name)

    def kind(self, fits: Callable[[Kind], bool] = lambda _kind: True) -> Kind:
        """Return a kind of columns that this database has. Raises Impossible."""
        fitting = [one for one in KINDS.values() if self.rules.dialect in one.databases and fits(one)]
        usual = [one for one in fitting if one.name in USUAL]
        return self.chance.pick(usual if usual and self.chance.of(0.4) else fitting)

    def comment(self) -> str:
        """Return a comment; MariaDB keeps comments in a character set without emoji."""
        four_bytes = self.rules.dialect == "mariadb"
        return self.chance.pick([one for one in TEXTS if one and not (four_bytes and max(one) > "\uffff")])

    def keyable(self, column: Column) -> bool:
        """Tell whether keys and plain indexes can hold a column."""
        return column.kind.keyable or (self.rules.long_keys and column.kind.name in LONG)

    def new_name(self, taken: Iterable[str], prefix: str = "") -> str:
        """Return a new name for a table or column."""
        return fresh_name(self.chance, [*taken], prefix)

    def object_name(self, prefix: str) -> str:
        """Return a new name for a constraint or an index, one that was never used."""
        name = fresh_name(self.chance, self.schema.used, prefix)
        self.schema.used.add(name)
        return name

    def schema_options(self, table: Table, keyword: str = "schema") -> dict[str, Any]:
        """Return the argument for the table's schema, where it is in one."""
        return {keyword: table.schema} if table.schema else {}
