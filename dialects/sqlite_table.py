"""The text of a CREATE TABLE of SQLite, taken apart so that one clause can change and all others stay as they are.

The database keeps the author's own text (sqlite.org/schematab.html), and only this text has everything: collations,
ON CONFLICT, STRICT, expressions, names of constraints. Grammar: sqlite.org/lang_createtable.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..errors import Unsupported
from ..records import dataclass, replace
from ..splitting import Token, tokens
from .sqlite_text import SYNTAX

KINDS = {
    "PRIMARY": "primary",
    "NOT": "not null",
    "NULL": "null",
    "UNIQUE": "unique",
    "CHECK": "check",
    "DEFAULT": "default",
    "COLLATE": "collate",
    "REFERENCES": "references",
    "FOREIGN": "references",
    "GENERATED": "generated",
    "AS": "generated",
}
TABLE_STARTS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})
STARTS = frozenset({"CONSTRAINT", *KINDS} - {"FOREIGN"})
#: The order in which SQLAlchemy prints clauses; a new one is put there.
RANKS = ("collate", "default", "null", "not null", "primary", "generated", "unique", "check", "references")
VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\b", re.I)


def unquoted(name: str) -> str:
    """Return a name as it is meant."""
    first = name[:1]
    if first == "[":
        return name[1:-1]
    return name[1:-1].replace(first * 2, first) if first in ('"', "`", "'") else name


@dataclass(frozen=True, slots=True)
class Clause:
    """A constraint: a clause of a column, or one that stands by itself.

    ``columns`` are those of the table that it is over, as far as it lists them; ``target`` is the table that a foreign
    key points to, ``targets`` the columns there (empty for its primary key). ``of_type`` says that it is the CHECK of
    a column's type, which comes and goes with it.
    """

    kind: str
    text: str
    name: str | None = None
    columns: tuple[str, ...] = ()
    target: str = ""
    targets: tuple[str, ...] = ()
    of_type: bool = False

    def is_over(self, column: str) -> bool:
        """Tell whether a column is among those that it lists."""
        return column.lower() in (name.lower() for name in self.columns)


@dataclass(frozen=True, slots=True)
class ColumnText:
    """The definition of a column: its name as it is meant and as it was written, its type, its clauses."""

    name: str
    written: str
    type: str
    clauses: tuple[Clause, ...] = ()

    def __str__(self) -> str:
        return " ".join(filter(None, (self.written, self.type, *(clause.text for clause in self.clauses))))

    def has(self, kind: str) -> bool:
        """Tell whether it has a clause of this kind."""
        return any(clause.kind == kind for clause in self.clauses)

    def without(self, *kinds: str) -> ColumnText:
        """Return it without clauses of these kinds."""
        return replace(self, clauses=tuple(one for one in self.clauses if one.kind not in kinds))

    def with_clause(self, clause: Clause) -> ColumnText:
        """Return it with one more clause, at its place."""
        rank = RANKS.index(clause.kind)
        later = (n for n, one in enumerate(self.clauses) if RANKS.index(one.kind) > rank)
        place = next(later, len(self.clauses))
        return replace(self, clauses=(*self.clauses[:place], clause, *self.clauses[place:]))


@dataclass(frozen=True, slots=True)
class TableText:
    """A table: what stands between CREATE and TABLE, its columns, its constraints, what stands behind."""

    columns: tuple[ColumnText, ...]
    constraints: tuple[Clause, ...] = ()
    options: str = ""
    prefix: str = ""


def column_text(sql: str) -> ColumnText:
    """Return a definition of a column, taken apart."""
    return _column(_items(list(tokens(sql, SYNTAX)))[0], sql)


def clause_text(sql: str) -> Clause:
    """Return a constraint that stands by itself, taken apart."""
    return next(_constraints(_items(list(tokens(sql, SYNTAX)))[0], sql))


def parsed(sql: str) -> TableText:
    """Return a CREATE TABLE, taken apart. Raises Unsupported for what is no plain table."""
    if VIRTUAL.match(sql):
        raise Unsupported("a virtual table cannot be copied", hint="Make it anew with op.execute.")
    sql = _without_comments(sql)
    found = list(tokens(sql, SYNTAX))
    opening = next((n for n, token in enumerate(found) if token.kind == "opens"), None)
    if opening is None:
        raise Unsupported(f"this is no table that can be copied: {sql[:80]}")
    closing = _closing(found, opening)
    columns: list[ColumnText] = []
    constraints: list[Clause] = []
    for item in _items(found[opening + 1 : closing]):
        if _word(item[0]) in TABLE_STARTS:
            constraints += _constraints(item, sql)
        else:
            columns.append(_column(item, sql))
    return TableText(tuple(columns), tuple(constraints), sql[found[closing].end :].strip())


def index_columns(sql: str) -> tuple[tuple[str, ...], int]:
    """Return the columns that stand by themselves in a CREATE INDEX, and where its parentheses open."""
    found = list(tokens(sql, SYNTAX))
    opening = next(n for n, token in enumerate(found) if token.kind == "opens")
    items = _items(found[opening + 1 : _closing(found, opening)])
    plain = (one for one in items if all(_word(token) in ("COLLATE", "ASC", "DESC") for token in one[1:2]))
    return tuple(unquoted(one[0].text) for one in plain if one[0].kind in ("word", "name")), found[opening].start


def _without_comments(sql: str) -> str:
    """Return text with blanks for comments: one would swallow what is put behind it."""
    for token in tokens(sql, SYNTAX, words=False):
        if token.kind == "comment":
            sql = sql[: token.start] + " " * (token.end - token.start) + sql[token.end :]
    return sql


def _word(token: Token) -> str:
    return token.text.upper() if token.kind == "word" else ""


def _closing(found: Sequence[Token], opening: int) -> int:
    """Return the place of the parenthesis that closes the one at a place."""
    depth = 0
    for number in range(opening, len(found)):
        depth += (found[number].kind == "opens") - (found[number].kind == "closes")
        if depth == 0:
            return number
    raise Unsupported("a parenthesis is never closed")


def _items(found: Sequence[Token]) -> list[list[Token]]:
    """Return tokens, split at the commas outside parentheses."""
    items: list[list[Token]] = [[]]
    depth = 0
    for token in found:
        depth += (token.kind == "opens") - (token.kind == "closes")
        if token.text == "," and not depth:
            items.append([])
        else:
            items[-1].append(token)
    return items


def _column(item: list[Token], sql: str) -> ColumnText:
    starts = list(_starts(item, STARTS, 1))
    end = starts[0] if starts else len(item)
    type_ = sql[item[1].start : item[end - 1].end] if end > 1 else ""
    name = unquoted(item[0].text)
    clauses = tuple(_clause(item[begin:stop], sql, (name,)) for begin, stop in pairwise([*starts, len(item)]))
    return ColumnText(name, item[0].text, type_, clauses)


def _constraints(item: list[Token], sql: str) -> Iterator[Clause]:
    """Yield the constraints in an item of a table: commas between them may be left out."""
    starts = list(_starts(item, TABLE_STARTS, 0))
    for begin, stop in pairwise([*starts, len(item)]):
        yield _clause(item[begin:stop], sql, ())


def _starts(item: list[Token], words: frozenset[str], first: int) -> Iterator[int]:
    """Yield the places where clauses begin."""
    depth, named = 0, -1
    for number, token in enumerate(item):
        depth += (token.kind == "opens") - (token.kind == "closes")
        word, before = _word(token), _word(item[number - 1]) if number else ""
        if depth or number < first or word not in words or number <= named:
            continue
        if before in ("DEFAULT", "COLLATE", "REFERENCES") or (before in ("NOT", "SET") and word in ("NULL", "DEFAULT")):
            continue
        if (word == "AS" and before == "ALWAYS") or (word == "NOT" and _word(_at(item, number + 1)) != "NULL"):
            continue
        if word == "CONSTRAINT":
            named = number + 2  # its name, and the word that tells the kind
        yield number


def _at(item: list[Token], number: int) -> Token:
    return item[number] if number < len(item) else Token("end", "", 0, 0)


def _clause(item: list[Token], sql: str, columns: tuple[str, ...]) -> Clause:
    text = sql[item[0].start : item[-1].end]
    name = unquoted(item[1].text) if _word(item[0]) == "CONSTRAINT" else None
    rest = item[2:] if name is not None else item
    word = _word(rest[0]) if rest else ""
    if word not in KINDS:
        raise Unsupported(f"a clause of the table's definition is not understood: {text[:80]}")
    kind, target = KINDS[word], ""
    targets: tuple[str, ...] = ()
    if not columns and kind in ("primary", "unique", "references"):
        columns = _names(rest, 0)
    if kind == "references":
        place = next(n for n, token in enumerate(rest) if _word(token) == "REFERENCES")
        target = unquoted(rest[place + 1].text)
        targets = _names(rest, place + 2) if _at(rest, place + 2).kind == "opens" else ()
    return Clause(kind, text, name, columns, target, targets)


def _names(item: list[Token], start: int) -> tuple[str, ...]:
    """Return the names in the first parentheses from a place on."""
    opening = next(n for n, token in enumerate(item) if n >= start and token.kind == "opens")
    inside = item[opening + 1 : _closing(item, opening)]
    return tuple(unquoted(one[0].text) for one in _items(inside) if one)
