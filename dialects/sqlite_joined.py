"""When the copies of several blocks of changes become one copy: where values come from, and what rows must satisfy.

What the table, its indexes and triggers look like afterwards is no question here: it is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ..copying import Flow
from ..records import dataclass
from .sqlite_before import CopiedColumn
from .sqlite_parts import Part, Written, WrittenIndex, mentioned
from .sqlite_table import Clause
from .sqlite_text import CONSTANT

#: Clauses of a column that a row may fail: a stored expression may as well.
DEMANDING = ("not null", "primary", "unique", "check", "references", "generated")
#: Words in a declared type, and what kind of values it makes of others (sqlite.org/datatype3.html, 3.1).
AFFINITIES = (
    (("INT",), "integer"),
    (("CHAR", "CLOB", "TEXT"), "text"),
    (("BLOB",), "blob"),
    (("REAL", "FLOA", "DOUB"), "real"),
)
CAST = "CAST({} AS "


def affinity(type_: str) -> str:
    """Return what a column of a declared type does with values; ANY of a STRICT table is alone with NUMERIC there."""
    found = (kind for words, kind in AFFINITIES if any(word in type_.upper() for word in words))
    return next(found, "numeric") if type_ else "blob"


def flow(
    column: CopiedColumn, source: str | None, template: str, before: Mapping[str, str], fill: str | None = None
) -> Flow:
    """Return where the values of a column come from.

    ``before`` are the declared types before the copy, as far as they are certain; ``fill`` is the SQL of a new column.
    """
    after = affinity(column.text.type)
    if column.text.has("generated"):
        return Flow(None, "computed", "", after)
    if fill is not None or source is None:
        return Flow(None, value_of(column.text.clauses) if fill is None else constant(fill, "value"), "", after)
    known = affinity(before[source]) if source in before else ""
    return Flow(source, f"{CAST}{after})" if template.startswith(CAST) else template, known, after)


def value_of(clauses: Iterable[Clause]) -> str:
    """Return the value that a new column has by its clauses."""
    texts = [one.text for one in clauses if one.kind == "default"]
    return constant(texts[0][len("DEFAULT") :], "default") if texts else "NULL"


def constant(sql: str, kind: str) -> str:
    """Return SQL that is a constant; any other together with ``kind``: a default need not mean what a value does."""
    bare = sql.strip().lstrip("( ").rstrip(") ")
    return bare if CONSTANT.fullmatch(sql.strip()) else f"{kind} {sql.strip()}"


Item = Clause | Part | Written | WrittenIndex


@dataclass(frozen=True, slots=True)
class Demand:
    """What rows must satisfy: a clause of ``column``, or a constraint or an index of the table.

    An index that is not unique counts too: its expression may fail. ``kinds`` are the columns that it names, and how
    these keep and compare values: the same words mean something else for a column of another type.
    """

    item: Item
    column: str
    kinds: frozenset[tuple[str, str]]

    @property
    def key(self) -> tuple[tuple[str, ...], str] | None:
        """The columns of a foreign key and the table that it points to, in lower case; None for anything else."""
        item = self.item.clause if isinstance(self.item, Written) else self.item
        if isinstance(item, Clause) and item.kind == "references":
            return lowered(item.columns), item.target.lower()
        if isinstance(item, Part) and isinstance(item.item, sa.ForeignKeyConstraint):
            return lowered(item.column_names()), target_of(item.item)
        return None


def demands(columns: Iterable[CopiedColumn], items: Iterable[Item | None], *, strict: bool) -> list[Demand]:
    """Return what rows must satisfy at one moment; the types of the columns too where the table is STRICT."""
    known = list(columns)
    kinds = {column.name: kind_of(column) for column in known}
    found = [
        Demand(one, column.name, frozenset() if one.kind == "not null" else named(kinds, [column.name, one.text]))
        for column in known
        for one in column.text.clauses
        if one.kind in DEMANDING
    ]
    found += [Demand(one, "", named(kinds, words_of(one))) for one in items if one is not None]
    if strict:
        found += [Demand(Clause("type", one.text.type), one.name, frozenset()) for one in known]
    return found


def kind_of(column: CopiedColumn) -> str:
    """Return how a column keeps and compares values; INTEGER alone may be the row's number, and nothing else then."""
    rules = (one.text for one in column.text.clauses if one.kind == "collate")
    type_ = column.text.type.upper()
    return " ".join([type_ if type_ == "INTEGER" else affinity(type_), *rules])


def words_of(item: Item) -> list[str]:
    """Return the names and texts in a constraint or an index."""
    if isinstance(item, Clause):
        return [item.text]
    if isinstance(item, Written):
        return [item.clause.text]
    if isinstance(item, WrittenIndex):
        return [item.sql]
    return item.texts() if isinstance(item.item, (sa.CheckConstraint, sa.Index)) else item.column_names()


def named(kinds: Mapping[str, str], texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Return the columns that are named in texts, with their kinds."""
    whole = " ".join(texts)
    return frozenset((name, kind) for name, kind in kinds.items() if mentioned(name, whole))


def are_kept(moments: Sequence[list[Demand]]) -> bool:
    """Tell whether one copy refuses the rows that a copy per moment would refuse: ``moments`` begin before the first.

    What a moment demands anew must stand at the end. And no foreign key may go and come back: rows that point to
    missing rows are not the script's fault where the key was there before, and are where it is new.
    """
    start, *between, end = moments
    pointing = {one.key for one in start} & {one.key for one in end} - {None}
    return all(
        all(one in end or one in start for one in demanded) and pointing <= {one.key for one in demanded}
        for demanded in between
    )


def lowered(names: Iterable[str]) -> tuple[str, ...]:
    """Return names in lower case."""
    return tuple(name.lower() for name in names)


def target_of(key: Any) -> str:
    """Return the table that a foreign key of SQLAlchemy's points to, in lower case."""
    owner, _, _ = key.elements[0].target_fullname.rpartition(".")
    return str(owner).rpartition(".")[2].lower()
