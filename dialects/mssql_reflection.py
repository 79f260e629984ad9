"""What SQLAlchemy's reflection finds on SQL Server, by its ``dialects/mssql/base.py`` and the vendor's views ``sys.…``.

No server was asked. The collation of a text column is the database's, which is not known here and not told.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..errors import Unsupported
from ..schema import state
from ..schema.answers import Answers, Facts
from ..schema.raw_sql import type_named
from ..schema.state import Table

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
CALL = re.compile(r"\w+\(\)")
WORDS = {"CURRENT_TIMESTAMP": "getdate()"}
#: SQLAlchemy 2.0 tells the included columns twice.
SAYS_INCLUDED = sa.__version__.startswith("2.0.")


class SQLServerAnswers(Answers):
    """Answers as SQLAlchemy's SQL Server dialect does."""

    foreign_key_options = ("onupdate", "ondelete")

    def type(self, column: state.Column) -> TypeEngine[Any]:
        """Return the type that the server has for a column."""
        return shown_type(self.wording, column.type)

    def default(self, table: Table, column: state.Column) -> str | None:
        """Return a default in the parentheses that the server keeps around it, two for a number."""
        if column.default is None:
            return None
        text = column.default.strip()
        text = WORDS.get(text.upper(), text.lower() if CALL.fullmatch(text) else text)
        return f"(({text}))" if NUMBER.fullmatch(text) else f"({text})"

    def column(self, table: Table, column: state.Column) -> Facts:
        """Return one column."""
        return {**super().column(table, column), "autoincrement": column.identity is not None}

    def expression(self, text: str) -> str:
        """Return an expression in the parentheses that the server keeps around it."""
        return f"({text})"

    def pk_constraint(self, table: Table) -> Facts:
        """Return the primary key, which is clustered unless told otherwise, or another index is."""
        facts = super().pk_constraint(table)
        key = table.primary_key
        if key is None:
            return facts
        others: list[Any] = [*table.uniques, *table.indexes]
        clustered = key.options.get("mssql_clustered")
        if clustered is None:
            clustered = not any(one.options.get("mssql_clustered") for one in others)
        return {**facts, "dialect_options": {"mssql_clustered": clustered}}

    def key_options(self, key: state.ForeignKey) -> Facts:
        """Return what a foreign key does on update and delete, unless that is nothing."""
        found = {name: str(value).upper() for name, value in super().key_options(key).items()}
        return {name: value for name, value in found.items() if value not in ("NO ACTION", "RESTRICT")}

    def indexes(self, table: Table) -> list[Facts]:
        """Return the indexes, those of UNIQUE constraints first; nothing tells them from one another."""
        uniques = [
            state.Index(one.name, tuple(map(state.Part, one.columns)), True, one.options) for one in table.uniques
        ]
        return [self.index(one) for one in (*uniques, *table.indexes)]

    def index(self, index: state.Index) -> Facts:
        """Return one index."""
        told = index.options
        included = list(told.get("mssql_include", ()))
        options: Facts = {"mssql_include": included, "mssql_clustered": bool(told.get("mssql_clustered"))}
        if told.get("mssql_columnstore"):
            options["mssql_columnstore"] = True
        if told.get("mssql_where"):
            options["mssql_where"] = self.expression(str(told["mssql_where"]))
        columns = [] if options["mssql_clustered"] and told.get("mssql_columnstore") else list(index.columns)
        facts = {"name": index.name, "column_names": columns, "unique": index.unique, "dialect_options": options}
        return {**facts, "include_columns": included} if SAYS_INCLUDED else facts

    def unique_constraints(self, table: Table) -> NoReturn:
        """Raise NotImplementedError, as SQLAlchemy's dialect does."""
        raise NotImplementedError

    check_constraints = table_options = unique_constraints


def shown_type(wording: Any, type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type by which reflection shows a column of a type; where nobody can tell, the dialect's own form."""
    text = str(wording.sa.type_compiler_instance.process(type_))
    plain, _, collation = text.partition(" COLLATE ")
    try:
        found = type_named(plain, wording)
    except Unsupported:
        return type_.dialect_impl(wording.sa)
    if collation:
        found.collation = collation  # type: ignore[attr-defined]
    return found
