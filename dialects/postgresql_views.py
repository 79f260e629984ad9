"""What PostgreSQL makes of a view: its columns, and its query in the words of ``pg_get_viewdef()``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..records import dataclass, replace
from ..schema import state
from ..schema.queries import Item, Query, Source
from ..schema.state import Catalog, Key
from .postgresql_deparse import Deparse
from .postgresql_expressions import Reader, UnknownFormError
from .postgresql_type_names import quoted
from .postgresql_words import Words

#: Names that mean no column unless they are quoted (manual, 9.26 and 9.9.5).
NO_COLUMNS = frozenset(("user", "null", "true", "false", "default", "localtime", "localtimestamp"))
NO_COLUMN_BEGINS = ("current_", "session_", "system_")
UNQUALIFIED = (16,)
"""Since this version the columns of a single table go without its name (release notes 16, E.1.3.4)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A source of a query with its columns."""

    source: Source
    table: state.Table

    @property
    def name(self) -> str:
        """What the query calls it."""
        return self.source.alias or self.source.name


@dataclass(frozen=True, slots=True)
class Views:
    """Works out new views; ``key`` makes the key of a name, and ``words`` tell of types."""

    words: Words
    key: Callable[[str, str | None], Key]
    version: tuple[int, ...]

    def worked_out(self, catalog: Catalog, view: state.View, query: Query | None) -> state.View:
        """Return a view with its columns and its query in the server's words, as far as they are certain."""
        found = [self.found(catalog, source) for source in query.sources] if query is not None else [None]
        tables = [one for one in found if one is not None]
        if query is None or len(tables) < len(found) or len({one.name for one in tables}) < len(tables):
            return view
        try:
            columns = [(one, column, name) for item in query.items for one, column, name in picked(item, tables)]
        except UnknownFormError:
            return view
        names = [*view.columns, *(name for _, _, name in columns[len(view.columns) :])]
        if len(names) != len(columns) or len(set(names)) != len(names):
            return view
        shape = tuple(shown(column, name) for (_, column, _), name in zip(columns, names, strict=True))
        picks = [(column.name, name) for (_, column, _), name in zip(columns, names, strict=True)]
        return replace(view, shape=shape, worded=self.worded(catalog, query, tables[0], picks))

    def found(self, catalog: Catalog, source: Source) -> Found | None:
        """Return a source with its columns; None when they are not known."""
        key = self.key(source.name, source.schema)
        if key in catalog.tables:
            table = catalog.tables[key]
            inherits = any(option.endswith("_inherits") for option in table.options)
            return None if inherits else Found(source, table)
        view = catalog.views.get(key)
        if view is None or view.shape is None:
            return None
        return Found(source, state.Table(view.name, view.schema, view.shape))

    def worded(self, catalog: Catalog, query: Query, one: Found, picks: list[tuple[str, str]]) -> str | None:
        """Return a query of one table in the server's words; None where these are not certain."""
        if not query.is_simple or (query.where is not None and self.version < UNQUALIFIED):
            return None
        before = f"{quoted(one.name)}." if self.version < UNQUALIFIED else ""
        items = [
            f"{before}{quoted(column)}" + (f" AS {quoted(name)}" if name != column else "") for column, name in picks
        ]
        schema = f"{quoted(one.table.schema)}." if one.table.schema is not None else ""
        alias = f" {quoted(one.source.alias)}" if one.source.alias is not None else ""
        text = " SELECT " + ",\n    ".join(items) + f"\n   FROM {schema}{quoted(one.table.name)}{alias}"
        if query.where is None:
            return f"{text};"
        try:
            analysis = self.words.analysis(self.words.column_types(one.table, catalog))
            return f"{text}\n  WHERE {Deparse(pretty=False).text(analysis.typed(Reader(query.where).parsed()))};"
        except UnknownFormError:
            return None


def picked(item: Item, tables: list[Found]) -> Iterator[tuple[Found, state.Column, str]]:
    """Yield the columns that a part of a query stands for. Raises UnknownFormError where that is not certain."""
    of = [one for one in tables if item.table in (None, one.name)]
    if not of:
        raise UnknownFormError(str(item.table))
    if item.column is None:
        yield from ((one, column, column.name) for one in of for column in one.table.columns)
        return
    found = [(one, column) for one in of for column in one.table.columns if column.name == item.column]
    if len(found) != 1 or item.column in NO_COLUMNS or item.column.startswith(NO_COLUMN_BEGINS):
        raise UnknownFormError(item.column)
    yield (*found[0], item.alias or item.column)


def shown(column: state.Column, name: str) -> state.Column:
    """Return a table's column as a view has it: with its type alone."""
    return state.Column(name, column.type)
