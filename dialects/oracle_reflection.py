"""What SQLAlchemy's reflection finds on Oracle, by its ``dialects/oracle/base.py`` and the vendor's views ``all_…``.

No server was asked. Names are in lower case where the server keeps them in upper case, as SQLAlchemy tells them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..errors import Unsupported
from ..schema import state
from ..schema.answers import Answers, Facts, by_name
from ..schema.raw_sql import type_named
from ..schema.state import Table

#: SQLAlchemy 2.0 tells the options that only Oracle has under these names, 2.1 with the dialect's before them.
PREFIX = "" if sa.__version__.startswith("2.0.") else "oracle_"


class OracleAnswers(Answers):
    """Answers as SQLAlchemy's Oracle dialect does."""

    foreign_key_options = ("ondelete",)

    def column(self, table: Table, column: state.Column) -> Facts:
        """Return one column."""
        facts = super().column(table, column)
        del facts["autoincrement"]
        return facts

    def type(self, column: state.Column) -> TypeEngine[Any]:
        """Return the type that the server has for a column; where nobody can tell, the dialect's own form."""
        dialect: Any = self.wording
        try:
            return type_named(str(dialect.sa.type_compiler_instance.process(column.type)), dialect)
        except Unsupported:
            return column.type.dialect_impl(self.wording.sa)

    def computed(self, computed: state.Computed) -> Facts:
        """Return what computes a column; it is never stored."""
        return {"sqltext": self.expression(computed.sqltext)}

    def identity(self, column: state.Column) -> Facts:
        """Return the options of an identity column."""
        told = dict(column.identity or {})
        own = {PREFIX + name: bool(told.pop(name, None)) for name in ("on_null", "order")}
        return {**told, **own}

    def key_options(self, key: state.ForeignKey) -> Facts:
        """Return what a foreign key does on delete, unless that is nothing."""
        found = {name: str(value).upper() for name, value in super().key_options(key).items()}
        return {name: value for name, value in found.items() if value not in ("NO ACTION", "RESTRICT")}

    def unique_constraints(self, table: Table) -> list[Facts]:
        """Return the UNIQUE constraints, each with the index of its name."""
        return [{**one, "duplicates_index": one["name"]} for one in super().unique_constraints(table)]

    def indexes(self, table: Table) -> list[Facts]:
        """Return the indexes, those of UNIQUE constraints among them."""
        uniques = [state.Index(one.name, tuple(map(state.Part, one.columns)), True) for one in table.uniques]
        return [self.index(one) for one in by_name((*uniques, *table.indexes))]

    def index(self, index: state.Index) -> Facts:
        """Return one index; a column in descending order is an expression to the server."""
        names = [None if "desc" in part.order else part.column for part in index.parts]
        options: Facts = {}
        if index.options.get("oracle_bitmap"):
            options["oracle_bitmap"] = True
        if compress := index.options.get("oracle_compress"):
            options["oracle_compress"] = len(names) if compress is True else compress
        facts: Facts = {
            "name": index.name,
            "column_names": names,
            "dialect_options": options,
            "unique": index.unique,
        }
        if None in names:
            facts["expressions"] = [name or self.part(part) for name, part in zip(names, index.parts, strict=True)]
            sorting = {self.part(part): ("desc",) for part in index.parts if "desc" in part.order}
            facts |= {"column_sorting": sorting} if sorting else {}
        return facts

    def part(self, part: state.Part) -> str:
        """Return a part of an index that is an expression to the server, a column in its quotes."""
        if part.column is None:
            return self.expression(str(part.expression))
        return f'"{self.wording.sa.denormalize_name(part.column)}"'
