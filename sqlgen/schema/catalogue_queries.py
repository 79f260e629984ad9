"""Queries that revisions write against the catalogue of the database itself, answered from what is known of the schema.

The tables of the catalogue, as far as they are modelled, are made in an in-memory database of the standard library, and
the query runs there, in the words of that database (the extra ``sqlgen[sql]`` translates it). What is not modelled is
never taken for NULL: a column that is not there is an error, and so no answer; and the query runs once for each
:class:`World` that the server may be, so that an answer that rests on something unknown comes out in several ways.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from typing import Any, ClassVar

from sqlalchemy.exc import NoSuchTableError

from ..errors import NeedsDatabase
from ..records import dataclass, replace
from .state import Catalog, ServerName
from .text.reader import words

Ask = Callable[[str, tuple[Any, ...], Mapping[str, Any]], Any]
"""Answers a method of SQLAlchemy's Inspector by its name, arguments and options. Raises NeedsDatabase."""

Rows = list[tuple[Any, ...]]
Answer = tuple[Rows, list[str]]
"""Rows, and the names of their columns."""

CatalogueTable = tuple[Sequence[str], Iterable[tuple[Any, ...]]]
"""The columns of a table and its rows, which are made when a query asks for the table."""

#: What no object is called.
UNKNOWN = "\x01unknown"
#: How many rows of other schemas are thought of at most.
MOST = 20_000
#: What a name begins with that the server made, and that nobody can tell.
MADE = "\x02made"


@dataclass(frozen=True, slots=True)
class World:
    """What a server may be like that has the schema: the name of the default schema, other objects, numbers of objects.

    ``others`` says that the catalogue has rows besides those of the schema, about which nothing is known; ``said`` are
    the texts of the query, by which such rows may go. ``is_named`` says that the name of the default schema is known.
    ``ignores_case`` says that names are compared without it,
    ``backwards`` that rows come in the other order, and names that the server makes as well.
    """

    default_schema: str
    others: bool = False
    first_number: int = 20_000
    ignores_case: bool = False
    backwards: bool = False
    said: frozenset[str] = frozenset()
    is_named: bool = True

    def made(self, name: ServerName) -> str:
        """Return what a name may be that the server makes."""
        last = ord("\uffff")
        return MADE + (f"\U0010ffff{''.join(chr(last - ord(one)) for one in name)}" if self.backwards else name)

    def cell(self, value: Any) -> Any:
        """Return what the catalogue has of a value."""
        return self.made(value) if isinstance(value, ServerName) else value

    def strangers(self, count: int) -> Iterator[tuple[str, ...]]:
        """Yield what an object in another schema may be called by ``count`` names, the schema's first.

        Raises NeedsDatabase where these are too many.
        """
        texts = sorted({UNKNOWN, *self.said}) if self.others else []
        if len(texts) ** count > MOST:
            raise NeedsDatabase("the query has too many texts")
        yield from (names for names in product(texts, repeat=count) if names[0] != self.default_schema)


@dataclass(frozen=True, slots=True)
class Shown:
    """The query that a statement such as SHOW stands for, and the names by which it shows the columns.

    ``fuller`` makes the rows that are shown of those that the query finds; it may raise NeedsDatabase.
    """

    query: str
    names: tuple[str, ...]
    fuller: Callable[[Rows], Answer] | None = None


class Catalogue:
    """The tables of one database's catalogue. ``parser`` is what the parser of queries calls the database.

    ``attached`` are the schemas that the tables live in. ``may_ignore_case`` says that names, or some of them, are
    compared without it, ``has_booleans`` that a condition has a type of its own. ``called`` are the functions, in lower
    case, that a query may call; ``words`` finds what a query against the catalogue has. ``names_made`` are texts that
    may be the name that the server made for something, ``uncertain`` ones that it compares in another way, and
    ``pattern_signs`` what LIKE takes for more than itself; ``bits`` are columns that hold true or false.
    ``shares_server`` says that the catalogue tells of other databases as well. ``source`` tells of the schema as it
    stands, and is asked each question once.
    """

    parser: ClassVar[str] = ""
    attached: ClassVar[tuple[str, ...]] = ("information_schema",)
    may_ignore_case: ClassVar[bool] = False
    has_booleans: ClassVar[bool] = False
    called: ClassVar[frozenset[str]] = frozenset()
    words: ClassVar[re.Pattern[str]] = re.compile(r"\binformation_schema\b", re.I)
    names_made: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")
    uncertain: ClassVar[re.Pattern[str]] = re.compile(r".*\s", re.S)
    pattern_signs: ClassVar[str] = ""
    bits: ClassVar[frozenset[str]] = frozenset()
    shares_server: ClassVar[bool] = False

    def __init__(self, source: Ask) -> None:
        self.source = source
        self.known: dict[tuple[Any, ...], Any] = {}

    def ask(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Return what a method of the Inspector tells."""
        key = (question, arguments, *sorted(options.items()))
        if key not in self.known:
            self.known[key] = self.source(question, arguments, options)
        return self.known[key]

    def tables(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield the tables, by names with their schemas."""
        yield from self.information_schema(world)

    def functions(self, world: World) -> Mapping[str, Callable[..., Any]]:
        """Return what a query may call."""
        return {}

    @classmethod
    def is_asked(cls, sql: str) -> bool:
        """Tell whether a text may be a query against the catalogue."""
        return cls.words.search(sql) is not None

    def folded(self, name: str) -> str:
        """Return by what names are compared, and put in order, where case does not count."""
        plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
        return plain.upper().rstrip()

    def replaced(self, part: Any, call: Callable[..., Any]) -> Any:
        """Return what a part of a query means in the words of the database in memory: itself, or ``call(name, …)``."""
        return call(DEFAULT_SCHEMA) if type(part).__name__ == "CurrentSchema" else part

    def shown(self, sql: str) -> Shown | None:
        """Return what a statement that is no SELECT asks the catalogue; None for any other."""
        return None

    # What the catalogue is made of.

    @property
    def described(self) -> Catalog:
        """The whole schema, for what no method of the Inspector tells. Raises NeedsDatabase."""
        found: Catalog = self.ask("catalog", (), {})
        return found

    def facts(self, question: str, table: str, schema: str | None) -> Any:
        """Return what a method of the Inspector tells of a table."""
        return self.ask(question, (table,), {"schema": schema})

    def places(self, world: World) -> Iterator[tuple[str | None, str]]:
        """Yield the schemas, as the Inspector and as the catalogue calls them."""
        yield None, world.default_schema

    def owned(self, world: World) -> Iterator[tuple[str | None, str, str]]:
        """Yield the tables: their schema as the Inspector calls it, and as the catalogue does, and their name."""
        for schema, shown in self.places(world):
            for name in self.ask("get_table_names", (), {"schema": schema}):
                yield schema, shown, name

    def information_schema(self, world: World) -> Iterator[tuple[str, CatalogueTable]]:
        """Yield the tables of the standard's catalogue that all have which have it."""
        tables: Rows = [(shown, name, "BASE TABLE") for _, shown, name in self.owned(world)]
        for schema, shown in self.places(world):
            tables += [(shown, name, "VIEW") for name in self.ask("get_view_names", (), {"schema": schema})]
        others: Rows = [("information_schema", UNKNOWN, "VIEW")] if world.others else []
        strangers = ((*names, kind) for names in world.strangers(2) for kind in ("BASE TABLE", "VIEW"))
        columns = ("table_schema", "table_name", "table_type")
        yield "information_schema.tables", (columns, chain(tables, others, strangers))
        yield "information_schema.columns", self.columns(world)
        yield "information_schema.table_constraints", self.constraints(world)
        yield "information_schema.key_column_usage", self.key_columns(world)
        yield "information_schema.schemata", (("schema_name",), [(shown,) for _, shown in self.places(world)])

    def columns(self, world: World) -> CatalogueTable:
        """Return the columns of all tables and views. Those of views that are not known make the answer another one."""
        rows: Rows = []
        for schema, shown, name in self.owned(world):
            for number, column in enumerate(self.facts("get_columns", name, schema), 1):
                rows.append((shown, name, column["name"], number, "YES" if column["nullable"] else "NO"))
        for schema, shown in self.places(world):
            for view in self.ask("get_view_names", (), {"schema": schema}):
                rows += [(shown, view, *column) for column in self.columns_of_view(world, view, schema)]
        strangers = ((*names, 1, "YES") for names in world.strangers(3))
        columns = ("table_schema", "table_name", "column_name", "ordinal_position", "is_nullable")
        return columns, chain(rows, strangers)

    def columns_of_view(self, world: World, view: str, schema: str | None) -> Iterator[tuple[str, int, str]]:
        """Yield name, number and is_nullable of a view's columns; what is not known is another in other worlds."""
        known = self.ask("view_columns", (view,), {"schema": schema})
        if known is None and world.others:
            yield UNKNOWN, 1, "YES"
        for number, (name, nullable) in enumerate(known or (), 1):
            yield name, number, "YES" if (world.others if nullable is None else nullable) else "NO"

    def keys(self, world: World) -> Iterator[tuple[str, str, str, str, Mapping[str, Any]]]:
        """Yield primary keys, UNIQUE constraints and foreign keys: schema, table, kind, name, facts."""
        for schema, shown, name in self.owned(world):
            key = self.facts("get_pk_constraint", name, schema)
            if key["constrained_columns"]:
                yield shown, name, "PRIMARY KEY", self.key_name(key), key
            for one in self.facts("get_unique_constraints", name, schema):
                yield shown, name, "UNIQUE", one["name"], {"constrained_columns": one["column_names"]}
            for one in self.facts("get_foreign_keys", name, schema):
                yield shown, name, "FOREIGN KEY", one["name"], one

    def key_name(self, key: Mapping[str, Any]) -> str:
        """Return the name of a primary key."""
        return str(key["name"])

    def constraints(self, world: World) -> CatalogueTable:
        """Return the constraints of all tables."""
        rows: Rows = [(shown, shown, table, name, kind) for shown, table, kind, name, _ in self.keys(world)]
        for schema, shown, table in self.owned(world):
            checks = self.facts("get_check_constraints", table, schema)
            rows += [(shown, shown, table, one["name"], "CHECK") for one in checks]
            # Some servers keep NOT NULL as a CHECK, under a name of theirs.
            rows += [(shown, shown, table, UNKNOWN, "CHECK")] if world.others else []
        kinds = ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK")
        strangers = ((names[0], *names, kind) for names in world.strangers(3) for kind in kinds)
        columns = ("constraint_schema", "table_schema", "table_name", "constraint_name", "constraint_type")
        return columns, chain(rows, strangers)

    def key_columns(self, world: World) -> CatalogueTable:
        """Return the columns of all keys."""
        rows: Rows = [
            (shown, shown, table, name, column, number)
            for shown, table, _, name, key in self.keys(world)
            for number, column in enumerate(key["constrained_columns"], 1)
        ]
        strangers = ((names[0], *names, 1) for names in world.strangers(4))
        columns = ("constraint_schema", "table_schema", "table_name", "constraint_name", "column_name")
        return (*columns, "ordinal_position"), chain(rows, strangers)


def answer(
    sql: str,
    parameters: Mapping[str, Any],
    catalogue: Catalogue,
    default_schema: str | None,
) -> Answer | None:
    """Return the rows that a query against the catalogue gives, and the names of their columns; None when not known.

    ``parameters`` are those that the query names as ``:name``; ``default_schema`` is what the Inspector's None means at
    this moment, None where only the server knows it.
    """
    try:
        shown = catalogue.shown(sql)
    except NeedsDatabase:
        return None
    translated = translate(sql if shown is None else shown.query, catalogue)
    if translated is None:
        return None
    query, booleans, literals = translated
    called = {*literals, *(value for value in parameters.values() if isinstance(value, str))}
    if any(catalogue.names_made.fullmatch(text) or catalogue.uncertain.fullmatch(text) for text in called):
        return None
    if FOLDS.search(query):
        called |= {one for text in called for one in (text.upper(), text.lower())}
    plain = World(default_schema or f"{UNKNOWN} schema", is_named=default_schema is not None)
    said = frozenset(called if catalogue.shares_server else ())
    others = [replace(plain, others=True, said=said), replace(plain, first_number=50_021)]
    if default_schema is None:
        others += [replace(plain, default_schema=name) for name in sorted(called)]
    if catalogue.may_ignore_case:
        others.append(replace(plain, ignores_case=True))
    try:
        found = [run(query, parameters, catalogue, world) for world in (plain, *others)]
        backwards = run(query, parameters, catalogue, replace(plain, backwards=True))
    except (sqlite3.Error, NeedsDatabase, NoSuchTableError):
        return None
    rows, names = found[0]
    unknown = any(isinstance(cell, str) and cell.startswith((UNKNOWN, MADE)) for row in rows for cell in row)
    if unknown or any(one != found[0] for one in found):
        return None
    ordered = " LIMIT " in query or " ORDER BY " in query
    if (backwards[0] != rows) if ordered else (Counter(backwards[0]) != Counter(rows)):
        return None
    if shown is not None and shown.fuller is not None:
        try:
            return shown.fuller(rows)
        except NeedsDatabase:
            return None
    names = names if shown is None else [*shown.names]
    return [tuple(bool(cell) if at in booleans else cell for at, cell in enumerate(row)) for row in rows], names


def translate(sql: str, catalogue: Catalogue) -> tuple[str, frozenset[int], set[str]] | None:
    """Return a query for the database in memory, which of its columns are conditions, and its literals.

    None when it has a shape that is not known, asks for all columns, or when the parser is not installed.
    """
    try:
        import sqlglot
        from sqlglot import exp
    except ImportError:
        return None
    try:
        parsed = sqlglot.parse(sql, read=catalogue.parser)
    except (sqlglot.errors.SqlglotError, LookupError, TypeError, ValueError):  # older parsers trip over some names
        return None
    query = parsed[0] if len(parsed) == 1 else None
    if not isinstance(query, exp.Select):
        return None
    for part in list(query.walk()):
        if isinstance(part, exp.National):
            part.replace(exp.Literal.string(part.name))
        meant = catalogue.replaced(part, lambda name, *given: exp.Anonymous(this=name, expressions=[*given]))
        if meant is not part:
            part.replace(meant)
    if any(not is_known(part, catalogue) for part in query.walk()):
        return None
    for name in query.find_all(exp.Identifier):
        name.set("quoted", False)  # in quotes, a name that is not there would be taken for a literal
    conditions = [
        place
        for place, column in enumerate(query.expressions)
        if isinstance(column.unalias(), exp.Predicate | exp.Not | exp.Connector)
    ]
    literals = {literal.name for literal in query.find_all(exp.Literal) if literal.is_string}
    bits = [
        place
        for place, column in enumerate(query.expressions)
        if isinstance(column.unalias(), exp.Column) and column.unalias().name.lower() in catalogue.bits
    ]
    booleans = frozenset((*conditions, *bits) if catalogue.has_booleans else bits)
    return query.sql(dialect=IN_MEMORY), booleans, literals


def is_known(part: Any, catalogue: Catalogue) -> bool:
    """Tell whether a part of a query means the same in memory as on the server, and asks for nothing unknown."""
    kind = type(part).__name__
    if kind == "Star":
        return type(part.parent).__name__ == "Count" or in_exists(part)
    if kind == "Identifier":
        return bool(part.name.replace("_", "a").isalnum())
    if kind == "Literal":
        return "\\" not in part.name  # the patterns of LIKE have other escapes
    if kind == "Anonymous":
        return part.name.lower() in (*catalogue.called, DEFAULT_SCHEMA)
    return kind in SHAPES


def in_exists(part: Any) -> bool:
    """Tell whether a part of a query stands in the list of what EXISTS looks for."""
    query = part.parent
    return type(query).__name__ == "Select" and type(query.parent).__name__ == "Exists"


#: What the parser calls the database in memory.
IN_MEMORY = "sqlite"
#: The function in whose words a query asks for the default schema.
DEFAULT_SCHEMA = "default_schema_of_world"
#: What makes other texts of those that a query says.
FOLDS = re.compile(r"\b(?:UPPER|LOWER)\(")
#: The parts of a query that are known, by the classes of the parser.
SHAPES = words(
    "Select From Join Where Table TableAlias Alias Column Paren Subquery Distinct And Or Not EQ NEQ GT GTE LT LTE Is "
    "Null In Like ILike Tuple Exists Count Lower Upper Case If Order Ordered Limit Boolean Placeholder"
)


#: The collation that does not count case.
FOLDED = "folded"


def in_order(one: str, two: str) -> int:
    """Return -1, 0 or 1, as the first of two texts is less, the same or more."""
    return (one > two) - (one < two)


def is_like(text: str | None, pattern: str | None, catalogue: Catalogue, world: World) -> bool | None:
    """Tell whether a text has the pattern of LIKE. Raises ValueError where only the server knows."""
    if text is None or pattern is None:
        return None
    if text.startswith(MADE) or any(sign in pattern for sign in catalogue.pattern_signs):
        raise ValueError(text)
    compared = catalogue.folded if world.ignores_case else str
    signs = {"%": ".*", compared("_"): "."}
    found = "".join(signs.get(sign) or re.escape(sign) for sign in compared(pattern))
    return re.fullmatch(found, compared(text), re.S) is not None


def run(query: str, parameters: Mapping[str, Any], catalogue: Catalogue, world: World) -> Answer:
    """Return what a query gives in one world."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.create_function("like", 2, lambda pattern, text: is_like(text, pattern, catalogue, world))
        connection.create_collation(FOLDED, lambda one, two: in_order(catalogue.folded(one), catalogue.folded(two)))
        for name in catalogue.attached:
            connection.execute(f"ATTACH ':memory:' AS {name}")
        functions = {DEFAULT_SCHEMA: lambda: world.default_schema, **catalogue.functions(world)}
        for name, function in functions.items():
            connection.create_function(name, -1, function)
        collation = f" COLLATE {FOLDED}" if world.ignores_case else ""
        for name, (columns, rows) in catalogue.tables(world):
            if name.rpartition(".")[2] not in query.lower():
                continue
            connection.execute(f"CREATE TABLE {name} ({', '.join(column + collation for column in columns)})")
            cells = [tuple(map(world.cell, row)) for row in (reversed([*rows]) if world.backwards else rows)]
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", cells)
        cursor = connection.execute(query, dict(parameters))
        return cursor.fetchall(), [one[0] for one in cursor.description]
    finally:
        connection.close()
