"""The catalogue of Oracle, as far as revisions ask it: Database Reference 19c, "Static Data Dictionary Views".

Each view is described on the page of its name there, such as "ALL_CONSTRAINTS". No server was asked. Names stand in
upper case, unless they were made in quotes, and are compared as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from sqlalchemy.dialects.oracle.base import OracleDialect

from ..errors import NeedsDatabase
from ..schema import state
from ..schema.catalogue_queries import DEFAULT_SCHEMA, UNKNOWN, Catalogue, CatalogueTable, Rows, World

#: ALL_CONSTRAINTS, constraint_type.
LETTERS: dict[type[Any], str] = {state.PrimaryKey: "P", state.Unique: "U", state.ForeignKey: "R", state.Check: "C"}
#: What SYS_CONTEXT('USERENV', …) may be asked.
CONTEXTS = frozenset(("current_schema", "session_user", "current_user"))

DICTIONARY: Any = OracleDialect()


def kept(name: Any) -> Any:
    """Return a name as the dictionary has it; one that the server makes as it is."""
    return name if name is None or isinstance(name, state.ServerName) else str(DICTIONARY.denormalize_name(name))


class OracleCatalogue(Catalogue):
    """USER_ and ALL_ views of tables, columns, indexes, constraints, sequences and views."""

    parser = "oracle"
    attached = ()
    shares_server = True
    called = frozenset(("sys_context",))
    words = re.compile(
        r"\b(user|all)_(tables|tab_columns|indexes|ind_columns|constraints|cons_columns|sequences|views)\b", re.I
    )
    names_made = re.compile(r"(SYS|ISEQ|BIN)[_$].*", re.I | re.S)
    uncertain = re.compile("")  # an empty text is NULL

    def replaced(self, part: Any, call: Callable[..., Any]) -> Any:
        """Return the name of the schema at hand for USER and for what SYS_CONTEXT tells of it."""
        if type(part).__name__ == "Column" and part.name.lower() == "user" and not part.table:
            return call(DEFAULT_SCHEMA)
        if type(part).__name__ == "Anonymous" and part.name.lower() == "sys_context":
            told = [one.name.lower() for one in part.expressions]
            if len(told) == 2 and told[0] == "userenv" and told[1] in CONTEXTS:
                return call(DEFAULT_SCHEMA)
        return super().replaced(part, call)

    def tables(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield the views. Raises NeedsDatabase where the session has another schema than the user's."""
        if world.is_named:
            raise NeedsDatabase("the views USER_… are those of the user, and not of the schema at hand")
        yield "dual", (("dummy",), [("X",)])
        for name, owner, numbers, (columns, rows) in self.views(world):
            others: Rows = [(UNKNOWN,) * len(columns)] if world.others else []
            rows = [*rows, *others]
            yield f"user_{name}", (columns, rows)
            told = [at for at, column in enumerate(columns) if column not in numbers]
            mine: Rows = [(world.default_schema, *(row[at] for at in told)) for row in rows]
            yield f"all_{name}", ((owner, *(columns[at] for at in told)), chain(mine, world.strangers(1 + len(told))))

    def views(self, world: World) -> Iterator[tuple[str, str, tuple[str, ...], CatalogueTable]]:
        """Yield what USER_ and ALL_ views have: name, the owner's column, columns of numbers, and the rows.

        ALL_ views are without the numbers: which ones there are in other schemas, nobody can think of.
        """
        found = self.described
        tables = [one for (schema, _), one in sorted(found.tables.items(), key=str) if schema is None]
        views: Rows = [(kept(name),) for schema, name in found.views if schema is None]
        sequences: Rows = [(kept(name),) for schema, name in found.sequences if schema is None]
        yield "tables", "owner", (), (("table_name",), [(kept(one.name),) for one in tables])
        yield "views", "owner", (), (("view_name",), views)
        yield "sequences", "sequence_owner", (), (("sequence_name",), sequences)
        columns: Rows = [
            (kept(table.name), kept(column.name), "Y" if column.nullable else "N", number)
            for table in tables
            for number, column in enumerate(table.columns, 1)
        ]
        columns += [(view, UNKNOWN, "Y", 1) for (view,) in views] if world.others else []
        named: tuple[str, ...] = ("table_name", "column_name", "nullable", "column_id")
        yield "tab_columns", "owner", ("column_id",), (named, columns)
        yield "indexes", "owner", (), self.indexes(world, tables)
        named = ("table_name", "index_name", "column_name", "column_position")
        yield "ind_columns", "index_owner", ("column_position",), (named, self.index_columns(world, tables))
        yield "constraints", "owner", (), self.letters(world, tables)
        named = ("table_name", "constraint_name", "column_name", "position")
        yield "cons_columns", "owner", ("position",), (named, self.constraint_columns(world, tables))

    def indexes(self, world: World, tables: list[state.Table]) -> CatalogueTable:
        """Return the indexes; a key has one of its own unless another one does for it, and so may a LOB."""
        rows: Rows = []
        for table in tables:
            name = kept(table.name)
            rows += [(name, kept(one.name), "UNIQUE" if one.unique else "NONUNIQUE") for one in table.indexes]
            if world.others:
                rows += [(name, kept(one.name), "UNIQUE") for one in keys(table)]
                rows += [(name, UNKNOWN, "UNIQUE")]
        return ("table_name", "index_name", "uniqueness"), rows

    def index_columns(self, world: World, tables: list[state.Table]) -> Rows:
        """Return the parts of indexes; an expression, and a column in descending order, has a name of the server's."""
        rows: Rows = []
        for table in tables:
            for index in table.indexes:
                for number, part in enumerate(index.parts, 1):
                    plain = part.column is not None and "desc" not in part.order
                    made = state.ServerName("index", table.name, None, (str(number),))
                    rows.append((kept(table.name), kept(index.name), kept(part.column) if plain else made, number))
            for key in keys(table) if world.others else ():
                rows += [(kept(table.name), kept(key.name), kept(name), at) for at, name in enumerate(key.columns, 1)]
            rows += [(kept(table.name), UNKNOWN, UNKNOWN, 1)] if world.others else []
        return rows

    def letters(self, world: World, tables: list[state.Table]) -> CatalogueTable:
        """Return the constraints. NOT NULL is one too, and dropped tables in the recycle bin keep theirs."""
        rows: Rows = []
        for table in tables:
            rows += [(kept(table.name), kept(one.name), LETTERS[type(one)]) for one in constraints(table)]
            rows += [(kept(table.name), UNKNOWN, "C")] if world.others else []
        return ("table_name", "constraint_name", "constraint_type"), rows

    def constraint_columns(self, world: World, tables: list[state.Table]) -> Rows:
        """Return the columns of keys; those of a CHECK, NOT NULL among them, are not known."""
        rows: Rows = []
        for table in tables:
            for one in constraints(table):
                if not isinstance(one, state.Check):
                    places = enumerate(one.columns, 1)
                    rows += [(kept(table.name), kept(one.name), kept(name), at) for at, name in places]
                elif world.others:
                    rows += [(kept(table.name), kept(one.name), kept(column.name), None) for column in table.columns]
            made = [state.ServerName("check", table.name, None, (column.name,)) for column in table.columns]
            if world.others:
                rows += [(kept(table.name), name, kept(name.columns[0]), None) for name in made]
        return rows


def keys(table: state.Table) -> list[state.Constraint]:
    """Return the primary key and the UNIQUE constraints of a table."""
    return [one for one in table.constraints() if isinstance(one, state.PrimaryKey | state.Unique)]


def constraints(table: state.Table) -> list[state.Constraint]:
    """Return the constraints of a table, of the kinds that have a letter."""
    return [one for one in table.constraints() if type(one) in LETTERS and one.name is not None]
