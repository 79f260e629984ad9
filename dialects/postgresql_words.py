"""Defaults, conditions and types of a PostgreSQL schema in the words of its catalog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.types import TypeEngine

from ..records import replace
from ..schema import state
from ..schema.described import Wording
from ..schema.state import Catalog, Table
from .postgresql_deparse import Deparse
from .postgresql_expressions import Reader, UnknownFormError
from .postgresql_type_names import TypeName, parsed_type
from .postgresql_wording import Analysis


class Words:
    """Words SQL as the server's catalog does, where the form is known; else it stays as the author wrote it."""

    def __init__(self, wording: Wording, default_schema: str | None) -> None:
        self.wording = wording
        self.default_schema = default_schema

    def type(self, type_: TypeEngine[Any]) -> TypeName:
        """Return a type by the name that the server shows."""
        found = parsed_type(type_.compile(dialect=self.wording.sa))
        return replace(found, schema=None) if found.schema == self.default_schema else found

    def column_types(self, table: Table, catalog: Catalog) -> Mapping[str, TypeName | None]:
        """Return the types of columns; None for a domain, whose operators are those of another type."""
        return {one.name: self.plain_type(one.type, catalog) for one in table.columns}

    def plain_type(self, type_: TypeEngine[Any], catalog: Catalog) -> TypeName | None:
        """Return a type, None for a domain."""
        found = self.type(type_)
        is_domain = isinstance(catalog.types.get((found.schema, found.base)), state.Domain)
        return None if is_domain or isinstance(type_, DOMAIN) else found

    def analysis(self, types: Mapping[str, TypeName | None]) -> Analysis:
        """Return what gives types to the parts of an expression over columns of these types."""
        return Analysis(types, self.wording.sa.server_version_info, self.default_schema)

    def default(self, text: str, type_: TypeEngine[Any]) -> str | None:
        """Return a default as ``pg_get_expr()`` shows it; NULL is none at all."""
        base: Any = type_
        while isinstance(base, DOMAIN):
            base = base.data_type
        try:
            full = self.type(base)
            target = full.plain
            analysis = self.analysis({})
            typed = analysis.typed(Reader(text).parsed())
            if typed.kind == "const" and typed.word == "NULL" and not full.arguments:
                return None
            if typed.type is None:
                typed = analysis.coerced(typed, target)
            return Deparse(pretty=False).text(typed)
        except UnknownFormError:
            return text

    def expression(self, text: str, types: Mapping[str, TypeName | None], pretty: bool, target: Any = None) -> str:
        """Return an expression over columns as the server shows it, with all parentheses or with few."""
        try:
            analysis = self.analysis(types)
            typed = analysis.typed(Reader(text).parsed())
            if typed.type is None:
                typed = analysis.coerced(typed, target or TypeName("text"))
            return Deparse(pretty).text(typed)
        except UnknownFormError:
            return text

    def knows(self, text: str, types: Mapping[str, TypeName | None]) -> bool:
        """Tell whether the form of an expression is known, so that its words are the server's."""
        try:
            self.analysis(types).typed(Reader(text).parsed())
        except UnknownFormError:
            return False
        return True

    def settled(self, table: Table, column: str, catalog: Catalog) -> Table:
        """Return a table whose expressions over a column are in the words that go with the column's type so far."""
        types: dict[str, TypeName | None] = {}

        def worded(text: str) -> str:
            types.update(types or self.column_types(table, catalog))
            return self.expression(text, types, pretty=False)

        def index(one: state.Index) -> state.Index:
            parts = tuple(
                part if part.expression is None else replace(part, expression=worded(part.expression))
                for part in one.parts
            )
            where = one.options.get("postgresql_where")
            options = one.options if where is None else {**one.options, "postgresql_where": worded(where)}
            return replace(one, parts=parts, options=options)

        checks = tuple(one if one.type_bound else replace(one, sqltext=worded(one.sqltext)) for one in table.checks)
        return replace(table, checks=checks, indexes=tuple(map(index, table.indexes)))
