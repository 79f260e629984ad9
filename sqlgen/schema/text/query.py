"""A plain query, taken apart: what its columns are, and of which tables."""

from __future__ import annotations

from ..queries import Item, Query, Source
from .reader import NotFollowed, Reader

#: Words behind which columns come that are not told by the parts before.
COMBINES = frozenset(("UNION", "INTERSECT", "EXCEPT", "MINUS", "INTO", "NATURAL", "USING"))
JOINS = ("INNER", "LEFT", "RIGHT", "FULL", "CROSS")
TAIL = ("WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "WITH")


def query_of(reader: Reader) -> Query | None:
    """Take a query to the end; None for any that is not plain."""
    try:
        return _query(reader)
    except NotFollowed:
        return None


def _query(reader: Reader) -> Query:
    if COMBINES.intersection(reader.words()):
        raise NotFollowed("the columns of the query are not those of its tables")
    reader.needs("SELECT")
    distinct = reader.takes("DISTINCT")
    reader.takes("ALL")
    start = reader.at
    reader.skip(("FROM",))
    items = tuple(_item(item) for item in reader.part(start, reader.at).items())
    reader.needs("FROM")
    start = reader.at
    sources = _sources(reader)
    where = reader.expression(TAIL) if reader.takes("WHERE") else None
    is_simple = len(sources) == 1 and not distinct and reader.is_done
    return Query(items, tuple(sources), where, is_simple)


def _item(item: Reader) -> Item:
    if item.takes("*"):
        item.ends()
        return Item(None, None, None)
    parts = [item.name()]
    while item.takes("."):
        if item.takes("*"):
            item.ends()
            return Item(parts[-1], None, None) if len(parts) == 1 else _unknown()
        parts.append(item.name())
    if len(parts) > 2:
        _unknown()
    alias = parts[-1]
    if item.takes("AS") or not item.is_done:
        alias = item.name()
    item.ends()
    return Item(parts[0] if len(parts) == 2 else None, parts[-1], alias)


def _unknown() -> Item:
    raise NotFollowed("a column is named with its schema")


def _sources(reader: Reader) -> list[Source]:
    found = [_source(reader)]
    while not reader.is_done and not any(reader.shows(word) for word in TAIL):
        if not reader.takes(","):
            reader.takes_one(JOINS)
            reader.takes("OUTER")
            reader.needs("JOIN")
        found.append(_source(reader))
        if reader.takes("ON"):
            reader.expression((*TAIL, *JOINS, "JOIN", ","))
    return found


def _source(reader: Reader) -> Source:
    name, schema = reader.qualified()
    alias = None
    ends = (*TAIL, *JOINS, "JOIN", "ON", ",")
    if reader.takes("AS") or not (reader.is_done or any(reader.shows(word) for word in ends)):
        alias = reader.name()
    if not (reader.is_done or any(reader.shows(word) for word in ends)):
        raise NotFollowed("a table is followed by what is not known")
    return Source(name, schema, alias)
