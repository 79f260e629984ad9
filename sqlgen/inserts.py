"""Rows of ``op.bulk_insert`` as INSERT statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql import functions, visitors
from sqlalchemy.sql.elements import ClauseElement

from .compiler import OfflineDialect
from .errors import LiteralError
from .records import dataclass
from .values import PLAIN, Row, ValueWriter

#: Rows that are written at once.
AT_ONCE = 250
#: Between two rows of one statement.
BETWEEN = ",\n    "
#: Functions that look at no row; every other may be the author's own, and do so.
ROWWISE: tuple[type[ClauseElement], ...] = (
    functions.next_value,
    functions.now,
    functions.AnsiFunction,
    functions.coalesce,
    functions.concat,
)
PURE = ("abs", "ceil", "floor", "length", "lower", "nullif", "replace", "round", "substr", "substring", "trim", "upper")


@dataclass(frozen=True, slots=True)
class InsertForm:
    """How one database takes rows.

    A statement ends before it has more than ``rows`` rows or ``size`` bytes; a larger row stands alone. No server takes
    a statement of more than ``largest`` bytes. ``empty`` is what follows the table's name for a row without values.
    ``kind`` is given where a server makes the literals of a column agree on one type: it tells what the server takes a
    literal for, ``""`` for what agrees with everything. ``rowwise`` are the expressions that may stand among several
    rows, because they look at none.
    """

    rows: int
    size: int
    largest: int
    empty: str
    kind: Callable[[str], str] | None = None
    rowwise: tuple[type[ClauseElement], ...] = ROWWISE


class WrittenRow(NamedTuple):
    """A row as it stands in VALUES, and what decides which statement it goes into.

    ``place`` is where the row stands in the author's list, from 0; ``alone`` says that it has a statement of its own.
    """

    place: int
    text: str
    size: int
    kinds: tuple[str, ...]
    alone: bool


def insert_statements(
    dialect: OfflineDialect, table: Any, rows: Iterable[tuple[int, Row]], form: InsertForm
) -> Iterator[str]:
    """Yield INSERT statements without terminator, as soon as each is full; rows come with their places in the list.

    Consecutive rows with the same keys share a statement, so the order of the rows stays. A row without any value
    becomes an ``empty`` insert of all defaults. Defaults on the Python side are applied to keys that a row lacks. A
    row with an expression that may read what the rows before it wrote has a statement of its own.

    Raises LiteralError, with the place of the row, for a value that cannot be written, and for a row that is larger
    than any statement may be.
    """
    target = dialect.identifier_preparer.format_table(table)
    for keys, group in groupby(rows, key=_key_finder(table)):
        columns = [table.c[key] for key in keys]
        if not columns:
            yield from (f"INSERT INTO {target} {form.empty}" for _ in group)
            continue
        names = ", ".join(dialect.identifier_preparer.quote(column.name) for column in columns)
        head = f"INSERT INTO {target} ({names}) VALUES"
        yield from _packed(head, _written(dialect, columns, group, form), form)


def _packed(head: str, rows: Iterator[WrittenRow], form: InsertForm) -> Iterator[str]:
    """Yield the statements for rows of one shape: one row beside its VALUES, several one below the other."""
    part: list[WrittenRow] = []
    used = head_size = byte_count(head)
    kinds: tuple[str, ...] = ()
    for row in rows:
        if head_size + row.size > form.largest:
            raise LiteralError(
                f"{_place(row.place)} takes {head_size + row.size:,} bytes, and one statement at most {form.largest:,}",
                hint="Insert the row without its largest value, and load that with a program.",
            )
        joined = _agreed(kinds, row.kinds) if part and not part[-1].alone and not row.alone else None
        if part and (joined is None or len(part) == form.rows or used + row.size > form.size):
            yield _statement(head, part)
            part, used, joined = [], head_size, row.kinds
        part.append(row)
        used += row.size + len(BETWEEN)
        kinds = row.kinds if joined is None else joined
    if part:
        yield _statement(head, part)


def _statement(head: str, rows: Sequence[WrittenRow]) -> str:
    return f"{head} {rows[0].text}" if len(rows) == 1 else f"{head}\n    " + BETWEEN.join([row.text for row in rows])


def _written(
    dialect: OfflineDialect, columns: Sequence[Any], rows: Iterable[tuple[int, Row]], form: InsertForm
) -> Iterator[WrittenRow]:
    """Yield rows of one shape as text. Raises LiteralError with the place of the row."""
    writers = [ValueWriter(dialect, column) for column in columns]
    kind = form.kind if form.rows > 1 else None
    computed = {column.key for column in columns if reads_rows(_sql_default(column), form.rowwise)}
    rest = iter(rows)
    while part := list(islice(rest, AT_ONCE)):
        for (place, row), cells in zip(part, _cells(writers, part), strict=False):
            text = f"({', '.join(cells)})"
            kinds = tuple(map(kind, cells)) if kind is not None else ()
            plain = PLAIN.issuperset(map(type, row.values()))
            alone = not plain and any(reads_rows(value, form.rowwise) for value in row.values())
            alone = alone or (bool(computed) and any(key not in row for key in computed))
            yield WrittenRow(place, text, byte_count(text), kinds, alone)


def _cells(writers: Sequence[ValueWriter], rows: Sequence[tuple[int, Row]]) -> Iterator[Sequence[str]]:
    """Yield the values of each row as SQL: written by columns where that is certainly the same, else by rows.

    A default of the author's may count its calls, and an error names the first row that has one.
    """
    keys = {writer.column.key for writer in writers}
    if all(row.keys() >= keys for _, row in rows):
        with suppress(LiteralError):
            yield from zip(*[writer.values([row for _, row in rows]) for writer in writers], strict=True)
            return
    for place, row in rows:
        try:
            yield [writer.value(row) for writer in writers]
        except LiteralError as error:
            raise LiteralError(f"{_place(place)}: {error.message}", hint=error.hint) from error


def _place(place: int) -> str:
    return f"row {place + 1} (rows[{place}])"


def _agreed(kinds: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the kinds of literals in two rows together; None when they differ in a column."""
    if kinds == others:
        return kinds
    if any(one and other and one != other for one, other in zip(kinds, others, strict=True)):
        return None
    return tuple(one or other for one, other in zip(kinds, others, strict=True))


def byte_count(text: str) -> int:
    """Return the size of text in UTF-8; half of a surrogate pair, which is refused elsewhere, counts as three bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def reads_rows(value: Any, rowwise: tuple[type[ClauseElement], ...] = ROWWISE) -> bool:
    """Tell whether a value is an expression that may look at what the rows before it wrote."""
    if isinstance(value, ClauseElement):
        return any(_may_read(part, rowwise) for part in visitors.iterate(value))
    return hasattr(value, "__clause_element__") and reads_rows(value.__clause_element__(), rowwise)


def _may_read(part: Any, rowwise: tuple[type[ClauseElement], ...]) -> bool:
    """Tell of one part of an expression whether it may read rows: a query, text with a call, an unknown function."""
    if isinstance(part, functions.FunctionElement):
        return not isinstance(part, rowwise) and getattr(part, "name", "").lower() not in PURE
    return isinstance(part, sa.sql.expression.SelectBase) or (isinstance(part, sa.TextClause) and "(" in part.text)


def _sql_default(column: Any) -> Any:
    """Return the SQL expression that SQLAlchemy would insert where a row has no value, None when it is none."""
    default: Any = getattr(column, "default", None)
    if isinstance(default, sa.Sequence):
        return default.next_value()
    return default.arg if default is not None and default.is_clause_element else None


def _key_finder(table: Any) -> Callable[[tuple[int, Row]], tuple[str, ...]]:
    """Return a function from a row to the keys of the columns that its INSERT names, in the table's order."""
    defaults = {key for key, column in table.c.items() if getattr(column, "default", None) is not None}
    known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def find(numbered: tuple[int, Row]) -> tuple[str, ...]:
        given = tuple(numbered[1])
        if given not in known:
            wanted = defaults.union(given)
            known[given] = tuple(key for key in table.c.keys() if key in wanted)  # noqa: SIM118
        return known[given]

    return find
