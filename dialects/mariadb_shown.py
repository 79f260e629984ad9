"""What of a table MariaDB shows in words that are certain: SHOW COLUMNS, and whether SHOW CREATE TABLE is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..schema import state
from ..schema.state import Table
from .mysql_printed import string_value
from .mysql_shown import WORDS, Shown
from .mysql_words import NOW, ON_UPDATE, Worded, closes, literal_value

#: Stands for what is not certain.
UNCERTAIN = object()
#: The options of a table whose place in SHOW CREATE TABLE is known.
OPTIONS = frozenset(("engine", "charset", "collate", "comment", *(name for name, _ in WORDS)))


def columns(shown: Shown, table: Table, *, is_full: bool) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return names and rows of SHOW COLUMNS, up to the first column that is not certain for all."""
    return certain([tuple(cells(shown, table, column, is_full=is_full)) for column in table.columns], is_full=is_full)


def view_columns(described: list[tuple[Any, ...]], *, is_full: bool) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the same of a view, of which this is what DESCRIBE shows; the collations are not known."""
    return certain([(*row[:2], *([UNCERTAIN] if is_full else []), *row[2:]) for row in described], is_full=is_full)


def certain(rows: list[tuple[Any, ...]], *, is_full: bool) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return names and rows up to the first column that is not certain for all."""
    names = ["Field", "Type", *(["Collation"] if is_full else []), "Null", "Key", "Default", "Extra"]
    known = min((row.index(UNCERTAIN) for row in rows if UNCERTAIN in row), default=len(names))
    return names[:known], [row[:known] for row in rows]


def cells(shown: Shown, table: Table, column: state.Column, *, is_full: bool) -> Iterator[Any]:
    """Yield what SHOW COLUMNS shows of one column."""
    worded = shown.type(column)
    yield column.name
    yield worded.text
    if is_full:
        yield collation(shown, table, column, worded)
    yield "YES" if column.nullable else "NO"
    yield key(table, column)
    yield default(shown, column, worded)
    yield extra(shown, column)


def collation(shown: Shown, table: Table, column: state.Column, worded: Worded) -> Any:
    """Return the collation of a column; that of the database is not known."""
    if not worded.textual:
        return None
    told = shown.told(table)
    if shown.is_json(column) or not (worded.charset or worded.collation or told.get("charset") or told.get("collate")):
        return UNCERTAIN
    found = shown.words.resolved(worded.charset, worded.collation)
    return (found or shown.charset(table))[1]


def key(table: Table, column: state.Column) -> Any:
    """Return how a column takes part in keys: sql_show.cc and table.cc of the server, and its manual, SHOW COLUMNS."""
    if any(plain(index) is None for index in table.indexes):
        return UNCERTAIN
    uniques = [one.columns for one in table.uniques] + [one.columns for one in table.indexes if one.unique]
    if table.primary_key is not None:
        if column.name in table.primary_key.columns:
            return "PRI"
    elif any(all(not part.nullable for part in table.columns if part.name in names) for names in uniques):
        return UNCERTAIN  # the first of them stands for the primary key
    if (column.name,) in uniques:
        return "UNI"
    firsts = [names[:1] for names in uniques] + [one.columns[:1] for one in table.indexes]
    return "MUL" if (column.name,) in firsts else ""


def plain(index: state.Index) -> state.Index | None:
    """Return an index if it is one over whole columns; None for any other."""
    told = {key.partition("_")[2] for key in index.options} - {"using"}
    return None if told or any(part.column is None for part in index.parts) else index


def default(shown: Shown, column: state.Column, worded: Worded) -> Any:
    """Return the default of a column, without the quotes of a text; an expression is not certain."""
    if column.default is None:
        return UNCERTAIN if worded.base == "timestamp" and not column.nullable else None
    found = ON_UPDATE.fullmatch(column.default)
    text = (found[1] or "NULL" if found else column.default).strip()
    if text.upper() == "NULL":
        return None
    if NOW.fullmatch(text):
        return shown.words.now(text)
    printed = shown.words.default(worded, text, ())
    unlike = worded.base.endswith(("text", "blob", "json", "binary")) or "zerofill" in worded.attributes
    if unlike or literal_value(text) is None:
        return UNCERTAIN
    return string_value(printed) if printed.startswith("'") else printed


def extra(shown: Shown, column: state.Column) -> Any:
    """Return what SHOW COLUMNS tells of a column besides."""
    if column.options:
        return UNCERTAIN
    if column.computed is not None:
        return "STORED GENERATED" if column.computed.persisted else "VIRTUAL GENERATED"
    found = ON_UPDATE.fullmatch(column.default or "")
    if found:
        return f"on update {shown.words.now(found[2].strip())}"
    return "auto_increment" if column.autoincrement and column.default is None else ""


def is_certain(shown: Shown, table: Table, *, is_empty: bool) -> bool:
    """Tell whether SHOW CREATE TABLE is known to the letter; ``is_empty`` says that no row was put in.

    The character set of the database is not known, and rows move the number behind AUTO_INCREMENT.
    """
    told, names = shown.told(table), tuple(one.name for one in table.columns)
    if not (told.get("charset") or told.get("collate")) or not set(told) <= OPTIONS:
        return False
    if any(column.autoincrement for column in table.columns) and not is_empty:
        return False
    if any(plain(index) is None for index in table.indexes) or not shown.knows_order(table):
        return False
    expressions = [one.sqltext for one in table.checks]
    for column in table.columns:
        if column.options or (shown.type(column).base == "timestamp" and column.default is None):
            return False
        expressions += [column.computed.sqltext] if column.computed is not None else []
        expressions += [] if column.default is None else defaults(column.default)
    return all(shown.words.printer.knows(one, names) for one in expressions)


def defaults(sql: str) -> list[str]:
    """Return the expression in a default; none for a literal or the current time."""
    found = ON_UPDATE.fullmatch(sql)
    text = (found[1] or "NULL" if found else sql).strip()
    while text.startswith("(") and closes(text):
        text = text[1:-1].strip()
    return [] if text.upper() == "NULL" or NOW.fullmatch(text) or literal_value(text) is not None else [text]
