"""Views on MySQL and MariaDB: which columns they have, and whether all that they read is there.

The servers keep the names of tables and columns in a view, with ``*`` written out, and find them anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from sqlalchemy.types import NullType

from ..records import replace
from ..schema import state
from ..schema.state import Catalog, Key
from .mysql_origins import Of, Origin, Within
from .mysql_queries import Find, Selected, selected

MakeKey = Callable[[str, "str | None"], Key]
#: Where a view's column keeps what it comes from: an origin for each part of a UNION.
OF = "of"


def worked_out(catalog: Catalog, view: state.View, key: MakeKey) -> tuple[state.View, bool]:
    """Return a new view with its columns and its query in MariaDB's words, as far as these are certain.

    And whether every column has a name that was told, not one that is made of an expression.
    """
    find = finder(catalog, key)
    found = selected(view.definition, find, view.columns)
    certain = found.text is not None and rereads(found.text, find)
    view = replace(view, shape=shape(found), worded=found.text if certain else None)
    return view, found.is_told or bool(view.columns)


def finder(catalog: Catalog, key: MakeKey) -> Find:
    """Return what finds the tables and views of a catalog with their columns."""

    def find(name: str) -> tuple[Key, tuple[str, ...]] | None:
        place = key(name, None)
        table, view = catalog.tables.get(place), catalog.views.get(place)
        columns = table.columns if table is not None else view.shape if view is not None else None
        return None if columns is None else (place, tuple(column.name for column in columns))

    return find


def shape(found: Selected) -> tuple[state.Column, ...] | None:
    """Return the columns of a view; None where they are not known."""
    if not found.columns:
        return None
    return tuple(state.Column(name, NullType(), options={OF: origins}) for name, origins in found.columns)


def rereads(worded: str, find: Find) -> bool:
    """Tell whether a query in the server's words is still the same when it is read, as the server does each time."""
    return selected(worded, find).text == worded


def stands(catalog: Catalog, view: state.View, key: MakeKey) -> bool:
    """Tell whether all that a view reads, as far as it is known, is still there as it was."""
    find = finder(catalog, key)
    if view.worded is None:
        now = dict(selected(view.definition, find, view.columns).columns or ())
        stay = all(now.get(one.name) == one.options[OF] for one in view.shape or ())
        return stay and all(is_there(catalog, one, key) for one in origins(view))
    read: list[Key] = []

    def noted(name: str) -> tuple[Key, Sequence[str]] | None:
        found = find(name)
        read.extend([found[0]] if found is not None else [])
        return found

    return rereads(view.worded, noted) and all(
        stands(catalog, catalog.views[one], key) for one in read if one in catalog.views
    )


def origins(view: state.View) -> Iterator[Of]:
    """Yield the columns of tables and views that a view shows."""
    found: list[Origin] = list(chain.from_iterable(column.options[OF] for column in view.shape or ()))
    while found:
        one = found.pop()
        if isinstance(one, Of):
            yield one
        elif isinstance(one, Within):
            found += one.origins


def is_there(catalog: Catalog, origin: Of, key: MakeKey) -> bool:
    """Tell whether a column that a view shows is still there."""
    table, view = catalog.tables.get(origin.key), catalog.views.get(origin.key)
    if table is not None:
        return table.column(origin.column) is not None
    return (
        view is not None
        and origin.column in [column.name for column in view.shape or ()]
        and stands(catalog, view, key)
    )
