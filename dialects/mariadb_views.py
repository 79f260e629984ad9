"""The columns of a view on MariaDB: each is a column of a table, as the table has it when somebody asks.

The server keeps the names of tables and columns in a view, with ``*`` written out, and finds them anew each time. It
shows the types and defaults of the table, and an AUTO_INCREMENT as the default 0 (measured with 10.11).
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import NeedsDatabase
from ..records import replace
from ..schema import state
from ..schema.queries import Item, Query
from ..schema.state import Catalog, Key, Table
from ..schema.text.reader import words
from .mariadb_shown import UNCERTAIN, default
from .mysql_shown import Shown

#: Where a view's column keeps which column it is: the key of the table, and the name there.
OF = "of"
#: Words that mean no column of that name (the manual, "Reserved Words" and "Date & Time Functions").
NO_COLUMNS = words(
    "null true false default user current_user current_role current_date current_time current_timestamp localtime "
    "localtimestamp utc_date utc_time utc_timestamp"
)


def with_shape(catalog: Catalog, view: state.View, query: Query | None, key: Key | None) -> state.View:
    """Return a view with its columns, where its query picks plain columns of one table; ``key`` is the table's."""
    table = catalog.tables.get(key) if key is not None else None
    if query is None or table is None or not query.is_simple:
        return view
    called = query.sources[0].alias or query.sources[0].name
    picks = [one for item in query.items for one in picked(item, table, called)]
    names = [*view.columns, *(name for _, name in picks[len(view.columns) :])]
    if None in [column for column, _ in picks] or len(names) != len(picks):
        return view
    if len({name.lower() for name in names}) != len(names):
        return view
    columns = [column for column, _ in picks if column is not None]
    return replace(
        view,
        shape=tuple(
            state.Column(name, column.type, options={OF: (table.key, column.name)})
            for column, name in zip(columns, names, strict=True)
        ),
    )


def picked(item: Item, table: Table, called: str) -> Iterator[tuple[state.Column | None, str]]:
    """Yield the columns that a part of a query stands for, with their names; None for what is no column for sure."""
    if item.table not in (None, called):
        yield None, ""
    elif item.column is None:
        yield from ((column, column.name) for column in table.columns)
    else:
        is_word = item.column.lower() in NO_COLUMNS and item.table is None
        yield None if is_word else table.column(item.column), item.alias or item.column


def described(catalog: Catalog, view: state.View, shown: Shown) -> list[tuple[str, str, str, str, str | None, str]]:
    """Return what DESCRIBE shows of a view. Raises NeedsDatabase where that is not certain."""
    rows: list[tuple[str, str, str, str, str | None, str]] = []
    for one in view.shape or ():
        key, name = one.options[OF]
        column = catalog.tables[key].column(name) if key in catalog.tables else None
        if column is None:
            raise NeedsDatabase(
                f"the revision inspects the columns of view {view.name!r}, which is not valid any more",
                hint="Make the view anew before, or name the columns in the revision.",
            )
        worded = shown.type(column)
        counts = column.autoincrement and column.default is None
        value = "0" if counts else default(shown, column, worded)
        if value is UNCERTAIN:
            raise NeedsDatabase(
                f"the revision inspects the columns of view {view.name!r}; how the server words a default is not known",
                hint="Name the columns in the revision.",
            )
        rows.append((one.name, worded.text, "YES" if column.nullable else "NO", "", value, ""))
    return rows
