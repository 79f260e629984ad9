"""A plain query as data: what its columns are, and of which tables."""

from __future__ import annotations

from ..records import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A column of a query's: ``column`` of ``table``, or every column where that is None, under the name ``alias``."""

    table: str | None
    column: str | None
    alias: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """A table or view of a query's; ``alias`` is what the query calls it, where it gives a name."""

    name: str
    schema: str | None
    alias: str | None


@dataclass(frozen=True, slots=True)
class Query:
    """SELECT of plain columns. ``where`` is the condition; ``is_simple`` says that nothing else follows one table."""

    items: tuple[Item, ...]
    sources: tuple[Source, ...]
    where: str | None
    is_simple: bool
