"""The query of a view: its columns, on MySQL too, and how MariaDB keeps and shows it.

MariaDB names every column with its table, joins tables in pairs, and writes ``*`` out. Measured with 10.11;
``tests/databases/test_shown_views.py`` compares. What is not in the grammar here is not known: USING and NATURAL, names
with a schema, windows, WITH.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy

from ..records import dataclass, replace
from ..schema.state import Key
from ..schema.text.reader import words
from .mysql_origins import COLUMN, Of, Origin, Pick, Source, Within, origin_of
from .mysql_printed import SEARCH, Item, Printer, Reader, UnreadableError, quoted, string_value

PRINTER = Printer(mysql=False)
JOINS = ("JOIN", "INNER", "CROSS", "LEFT", "RIGHT", "STRAIGHT_JOIN")
TAIL = ("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "WITH")
#: Words that stand for no alias behind a table or an item.
NO_ALIAS = frozenset(
    (*JOINS, *TAIL, "FROM", "NATURAL", "ON", "USING", "INTERSECT", "EXCEPT", "MINUS", "FOR", "LOCK", "PROCEDURE")
) | frozenset(("INTO", "FORCE", "USE", "IGNORE", "WINDOW", "PARTITION", "OVER", "OFFSET", "FETCH", "ASC", "DESC"))
#: Words that mean no column of that name (the manual, "Reserved Words" and "Date & Time Functions").
NO_COLUMNS = words(
    "null true false default current_user current_role current_date current_time current_timestamp localtime "
    "localtimestamp utc_date utc_time utc_timestamp"
)
#: What makes other columns of a query than its items say, where the grammar here does not come to it.
COMBINES = frozenset(("UNION", "INTERSECT", "EXCEPT", "MINUS", "INTO", "ROLLUP", "NATURAL", "USING"))
AGGREGATES = words("sum avg min max")
LONGEST_NAME = 64

Find = Callable[[str], "tuple[Key, Sequence[str]] | None"]
"""Gives the key and the columns of a table or view by its name; None where these are not known."""


class InvalidError(Exception):
    """A view that can be made, and that the server then calls invalid."""


@dataclass(frozen=True, slots=True)
class Selected:
    """What is known of a query: its columns, each with an origin for each part of a UNION; and its text.

    ``is_told`` says that no column has its name from an expression. A view that is not valid has no columns.
    """

    columns: tuple[tuple[str, tuple[Origin, ...]], ...] | None
    text: str | None
    is_told: bool = False


def selected(sql: str, find: Find, names: tuple[str, ...] = ()) -> Selected:
    """Return what is known of the query of a view; ``names`` are those in front of it."""
    try:
        reader = QueryReader(sql, find, names)
    except UnreadableError:
        return Selected(None, None)
    try:
        text: str | None = reader.query()
    except InvalidError:
        return Selected((), None)
    except (UnreadableError, RecursionError):
        text = None
    columns = reader.result()
    is_told = columns is not None and all(pick.is_told for pick in reader.parts[0])
    return Selected(columns, text if columns is not None else None, is_told)


class QueryReader(Reader):
    """Reads one query of a view. What it meets outside its grammar raises UnreadableError."""

    def __init__(self, sql: str, find: Find, names: tuple[str, ...]) -> None:
        super().__init__(PRINTER, sql, ())
        self.find, self.names = find, names
        self.parts: list[list[Pick]] = []
        self.sources: list[Source] = []
        self.seen: list[Of | Within] = []
        self.outer: QueryReader | None = None
        self.names_all, self.is_tested = True, False
        self.clause = ""
        self.unions = 0
        self.is_united = self.is_read = False

    @property
    def picks(self) -> list[Pick]:
        """The columns of the SELECT that is read; behind a UNION, those of the first."""
        return self.parts[0 if self.is_united else -1]

    def result(self) -> tuple[tuple[str, tuple[Origin, ...]], ...] | None:
        """Return the columns with their origins; None where they are not known."""
        rest = {self.peek(ahead) for ahead in range(len(self.tokens) - self.at)}
        if len(self.parts) <= self.unions or (not self.is_read and COMBINES & rest):
            return None
        first = self.parts[0]
        names = {pick.name.lower() for pick in first}
        if len(names) < len(first) or any(len(part) != len(first) for part in self.parts):
            return None
        origins = zip(*([pick.origin for pick in part] for part in self.parts), strict=True)
        return tuple((pick.name, told) for pick, told in zip(first, origins, strict=True))

    # Queries.

    def query(self) -> str:
        """Return the whole query as the server prints it."""
        text = self.body() + self.checked()
        if self.at < len(self.tokens):
            raise UnreadableError
        self.is_read = True
        return text

    def body(self) -> str:
        """Return a query up to its LIMIT; of one in EXISTS, only a row counts, and no column."""
        text = self.select()
        while self.take("UNION"):
            self.unions += 1
            word = " all" if self.take("ALL") else ""
            self.take("DISTINCT")
            text += f" union{word} {self.select()}"
        if self.unions:
            self.sources, self.is_united = [], True
        text += self.ordered()
        limit = self.limited()
        if any(pick.text is None for part in self.parts for pick in part):
            raise UnreadableError
        return text + (" limit 1" if self.is_tested else limit)

    def nested(self, *, is_table: bool = False, is_tested: bool = False) -> tuple[str, QueryReader]:
        """Return a query in parentheses, of which the first is taken, as text and as what read it.

        One that is a table has names for all its columns, and sees nothing of the query around it. ``is_tested`` is
        for EXISTS.
        """
        inner = copy(self)
        inner.parts, inner.sources, inner.seen, inner.names = [], [], [], ()
        inner.unions, inner.is_united = 0, False
        inner.outer, inner.names_all, inner.is_tested = None if is_table else self, is_table, is_tested
        text = inner.body()
        if is_tested and inner.unions:
            raise UnreadableError
        self.at = inner.at
        self.need(")")
        return text, inner

    def select(self) -> str:
        """Return one SELECT, up to what may follow a UNION as well."""
        self.need("SELECT")
        distinct = "distinct " if self.take("DISTINCT", "DISTINCTROW") else ""
        self.take("ALL")
        self.clause, self.sources, start = "", [], self.at
        self.skip(("FROM", *TAIL))
        stop = self.at
        joined = f" from {self.joined()}" if self.take("FROM") else ""
        after, self.at = self.at, start
        self.parts.append(self.picked(stop))
        self.at = after
        items = ",".join(map(self.shown, self.picks))
        where = f" where {self.condition()}" if self.take("WHERE") else ""
        return f"select {distinct}{items}{joined}{where}{self.grouped()}"

    def shown(self, pick: Pick) -> str:
        """Return a column of a query, with its name if it shows one."""
        return f"{pick.text} AS {quoted(pick.name)}" if self.names_all or pick.is_given else str(pick.text)

    def skip(self, until: tuple[str, ...]) -> None:
        """Go on to one of these words outside parentheses, or to the end."""
        depth = 0
        while self.at < len(self.tokens) and (depth or self.peek() not in until):
            if not depth and self.peek() == ")":
                return
            depth += (self.peek() == "(") - (self.peek() == ")")
            self.at += 1

    def condition(self) -> str:
        """Return a condition."""
        return self.printer.condition(self.either()).text

    def grouped(self) -> str:
        """Return GROUP BY and HAVING, where they come."""
        text = ""
        if self.take("GROUP"):
            self.need("BY")
            self.clause = "GROUP"
            text = " group by " + ",".join(self.terms())
        self.clause = "HAVING"
        return text + (f" having {self.condition()}" if self.take("HAVING") else "")

    def ordered(self) -> str:
        """Return ORDER BY, where it comes."""
        if not self.take("ORDER"):
            return ""
        self.need("BY")
        if self.unions and self.names:
            raise InvalidError  # the server looks for names that are gone
        self.clause = "ORDER"
        return " order by " + ",".join(self.terms())

    def terms(self) -> Iterator[str]:
        """Yield the expressions by which rows are grouped or put in order."""
        while True:
            text = self.term()
            if self.take("DESC"):
                text += " desc"
            self.take("ASC")
            yield text
            if not self.take(","):
                return

    def term(self) -> str:
        """Return one such expression; a name alone may be that of an item, which is printed in its place.

        GROUP BY takes a name for that of a column first.
        """
        kind, text = self.token(self.at)
        alone = kind in ("word", "name") and self.peek(1) in (",", ")", "ASC", "DESC", "", *TAIL)
        name = text.replace("``", "`") if kind == "name" else text
        pick = self.called(name) if alone else None
        if pick is not None and not (self.clause == "GROUP" and self.found([name])):
            self.at += 1
            if self.unions:
                return quoted(pick.name)
            if pick.text is None or pick.constant:
                raise UnreadableError
            return pick.text
        item = self.either()
        if (self.unions and not item.constant) or item.text in [quoted(one.name) for one in self.picks]:
            raise UnreadableError
        return item.text

    def limited(self) -> str:
        """Return LIMIT, where it comes."""
        if not self.take("LIMIT"):
            return ""
        first = self.count()
        if self.take(","):
            return f" limit {first},{self.count()}"
        return f" limit {self.count()},{first}" if self.take("OFFSET") else f" limit {first}"

    def count(self) -> str:
        """Take a whole number."""
        kind, text = self.token(self.at)
        if kind != "number" or not text.isdecimal():
            raise UnreadableError
        self.at += 1
        return str(int(text))

    def checked(self) -> str:
        """Return the CHECK OPTION, where it comes."""
        if not self.take("WITH"):
            return ""
        word = self.take("CASCADED", "LOCAL") or "CASCADED"
        self.need("CHECK")
        self.need("OPTION")
        return f" WITH {word} CHECK OPTION"

    # Tables.

    def joined(self) -> str:
        """Return tables between commas."""
        text = self.join()
        while self.take(","):
            text = f"({text} join {self.join()})"
        return text

    def join(self) -> str:
        """Return a table with what is joined to it; a RIGHT JOIN is a LEFT JOIN the other way round."""
        start = len(self.sources)
        text = self.table()
        while word := self.take(*JOINS):
            self.take("OUTER")
            if word not in ("JOIN", "STRAIGHT_JOIN"):
                self.need("JOIN")
            middle = len(self.sources)
            other = self.table()
            is_outer = word in ("LEFT", "RIGHT")
            if is_outer:
                self.empty(*((middle, len(self.sources)) if word == "LEFT" else (start, middle)))
                self.need("ON")
            on = f" on({self.condition()})" if is_outer or self.take("ON") else ""
            if word == "RIGHT":
                text, other = other, text
            kind = "left join" if is_outer else "straight_join" if word == "STRAIGHT_JOIN" else "join"
            text = f"({text} {kind} {other}{on})"
        return text

    def empty(self, start: int, stop: int) -> None:
        """Keep in mind that a join may leave the columns of some sources empty."""
        self.sources[start:stop] = [
            replace(one, columns=tuple((name, replace(origin, is_outer=True)) for name, origin in one.columns))
            for one in self.sources[start:stop]
        ]

    def table(self) -> str:
        """Return a table or view, a join in parentheses, or a query with a name."""
        if self.take("("):
            if self.peek() == "SELECT":
                return self.derived()
            text = self.joined()
            self.need(")")
            return text
        name = self.name()
        found = self.find(name)
        if found is None or self.peek() == ".":
            raise UnreadableError
        alias = self.alias() or name
        self.sources.append(Source(alias, tuple((column, Of(found[0], column)) for column in found[1])))
        return quoted(name) + (f" {quoted(alias)}" if alias != name else "")

    def derived(self) -> str:
        """Return a query that is a table here, from behind its parenthesis on."""
        text, inner = self.nested(is_table=True)
        columns, alias = inner.result(), self.alias()
        if columns is None or not alias:
            raise UnreadableError
        self.sources.append(Source(alias, tuple((name, Within(origins)) for name, origins in columns)))
        return f"({text}) {quoted(alias)}"

    def name(self) -> str:
        """Take a name."""
        kind, text = self.token(self.at)
        if kind not in ("word", "name"):
            raise UnreadableError
        self.at += 1
        return text.replace("``", "`") if kind == "name" else text

    def alias(self) -> str:
        """Take another name, with or without AS, where one comes."""
        kind, text = self.token(self.at)
        if self.take("AS") or kind == "name" or (kind == "word" and text.upper() not in NO_ALIAS):
            return self.name()
        return ""

    # Items.

    def picked(self, stop: int) -> list[Pick]:
        """Return the columns that the items up to a token stand for, by their names in the view."""
        found: list[Pick] = []
        while self.at < stop:
            start = self.at
            stars = self.stars()
            found += stars if stars is not None else [self.item(self.end_of_item(start, stop))]
            if self.at < stop:
                self.need(",")
        if self.names and not self.parts:
            if len(found) != len(self.names):
                raise UnreadableError
            found = [replace(pick, name=name, alias=pick.name) for pick, name in zip(found, self.names, strict=True)]
        return found

    def end_of_item(self, start: int, stop: int) -> int:
        """Return the token behind an item."""
        self.skip((",",))
        end, self.at = min(self.at, stop), start
        return end

    def stars(self) -> list[Pick] | None:
        """Take ``*`` or ``table.*`` and return its columns; None where neither comes."""
        of = None
        if self.peek(1) == "." and self.peek(2) == "*":
            of = self.name()
            self.at += 1
        if not self.take("*"):
            return None
        if self.is_tested:
            if of is not None:
                raise UnreadableError
            return [Pick("1", "1", None, constant=True)]
        sources = [one for one in self.sources if of in (None, one.name)]
        if not sources:
            raise UnreadableError
        return [
            Pick(column, f"{quoted(one.name)}.{quoted(column)}", origin)
            for one in sources
            for column, origin in one.columns
        ]

    def item(self, stop: int) -> Pick:
        """Return the column of an item that ends at a token."""
        start, before = self.at, len(self.seen)
        behind = self.token(stop - 1)
        named = stop - start > 2 and self.token(stop - 2)[0] == "word" and self.token(stop - 2)[1].upper() == "AS"
        try:
            item = self.either()
            bare = behind[0] == "name" or (behind[0] == "word" and behind[1].upper() not in NO_ALIAS)
            if self.at != (stop - 2 if named else stop) and not (bare and self.at == stop - 1):
                raise UnreadableError
        except UnreadableError:
            if not named or behind[0] not in ("word", "name", "string"):
                raise
            self.at = stop
            return Pick(label(behind), None, None, is_given=True)
        given = self.at < stop
        name = label(behind) if given else self.own_name(start, stop, item)
        self.at = stop
        return Pick(name, item.text, origin_of(item, self.seen[before:]), item.constant, item.binds, is_given=given)

    def own_name(self, start: int, stop: int, item: Item) -> str:
        """Return the name of an item that is given none. Raises UnreadableError where it is not certain."""
        is_renamed = self.names and not self.parts
        if (is_renamed or not self.names_all) and not COLUMN.fullmatch(item.text):
            return ""
        places = range(start, stop)
        bare = [self.token(at) for at in places if self.token(at) not in (("sign", "("), ("sign", ")"))]
        if COLUMN.fullmatch(item.text) and all(kind in ("word", "name") or text == "." for kind, text in bare):
            return label(bare[-1])
        if len(bare) == stop - start == 1 and bare[0][0] == "string":
            text = string_value(bare[0][1])
        elif item.constant and any(kind == "word" or text == "+" for kind, text in bare) and item.text != bare[0][1]:
            raise UnreadableError
        else:
            text = self.sql[self.tokens[start].start(str(self.tokens[start].lastgroup)) : self.tokens[stop - 1].end()]
        if not text or len(text) > LONGEST_NAME or not text.isascii() or not text.isprintable() or " " in text:
            raise UnreadableError
        return text

    # Columns.

    def named(self, text: str) -> Item:
        """Return a column, with or without its table."""
        parts = [text]
        while self.take("."):
            parts.append(self.name())
        if len(parts) > 2 or (len(parts) == 1 and self.token(self.at - 1)[0] == "word" and text.lower() in NO_COLUMNS):
            raise UnreadableError
        found = self.found(parts)
        pick = self.called(text) if self.clause and len(parts) == 1 else None
        if pick is not None and [pick.text] != found:
            if found:
                raise UnreadableError
            return self.referred(pick)
        if len(found) != 1:
            raise UnreadableError
        return Item(found[0], named=True)

    def referred(self, pick: Pick) -> Item:
        """Return an item of the query by its name, inside an expression behind it; it binds as the item does."""
        if self.clause != "HAVING" and COLUMN.fullmatch(pick.text or ""):
            return Item(str(pick.text), named=True)
        if self.clause == "GROUP":
            raise UnreadableError
        return Item(quoted(pick.name), pick.binds, named=True)

    def found(self, parts: list[str]) -> list[str]:
        """Return the columns that a name may mean, printed, and keep in mind which they are."""
        found = []
        for source in self.sources:
            for column, origin in source.columns if len(parts) == 1 or source.name == parts[0] else ():
                if column.lower() == parts[-1].lower():
                    self.seen.append(origin)
                    found.append(f"{quoted(source.name)}.{quoted(column)}")
        return found if found or self.outer is None else self.outer.found(parts)

    def called(self, name: str) -> Pick | None:
        """Return the one item that has a name; raises UnreadableError where there are more."""
        found = [pick for pick in self.picks if (pick.alias or pick.name).lower() == name.lower()]
        if len(found) > 1:
            raise UnreadableError
        return found[0] if found else None

    # Queries in expressions.

    def primary(self) -> Item:
        """Read a query in parentheses, EXISTS, or what else may stand there."""
        if self.peek() == "(" and self.peek(1) == "SELECT":
            self.at += 1
            return Item(f"({self.nested()[0]})")
        if self.peek() == "EXISTS" and self.peek(1) == "(" and self.peek(2) == "SELECT":
            self.at += 2
            return Item(f"exists({self.nested(is_tested=True)[0]})", truth=True)
        return super().primary()

    def searched(self, left: Item, no: bool) -> Item:
        """Read IN with a query, or another search."""
        if self.peek() != "IN" or self.peek(1) != "(" or self.peek(2) != "SELECT":
            return super().searched(left, no)
        self.at += 2
        item = Item(f"{self.printer.within(left, SEARCH)} in ({self.nested()[0]})", SEARCH, truth=True)
        return self.printer.opposite(item) if no else item

    # Functions over many rows.

    def word(self, text: str) -> Item:
        """Read what a bare word is, a function over many rows among them."""
        folded = text.lower()
        if self.peek() != "(" or folded not in AGGREGATES | {"count", "group_concat"}:
            return super().word(text)
        self.need("(")
        distinct = "distinct " if self.take("DISTINCT") and folded not in ("min", "max") else ""
        if folded == "group_concat":
            return self.concatenated(distinct)
        self.take("ALL")
        if folded == "count" and self.take("*"):
            self.need(")")
            return Item("count(0)")
        arguments = self.listed()
        if not arguments or (len(arguments) > 1 and not (distinct and folded == "count")):
            raise UnreadableError
        return Item(f"{folded}({distinct}{','.join(one.text for one in arguments)})")

    def concatenated(self, distinct: str) -> Item:
        """Read GROUP_CONCAT from behind DISTINCT on."""
        arguments = [self.either().text]
        while self.take(","):
            arguments.append(self.either().text)
        order = ""
        if self.take("ORDER"):
            self.need("BY")
            terms: list[str] = []
            while not terms or self.take(","):
                text = self.either().text
                terms.append(f"{text} {self.take('ASC', 'DESC') or 'ASC'}")
            order = f" order by {','.join(terms)}"
        separator = "','"
        if self.take("SEPARATOR"):
            kind, text = self.token(self.at)
            if kind != "string":
                raise UnreadableError
            self.at += 1
            separator = self.printer.string(string_value(text))
        self.need(")")
        return Item(f"group_concat({distinct}{','.join(arguments)}{order} separator {separator})")


def label(token: tuple[str, str]) -> str:
    """Return the name that a token is."""
    kind, text = token
    return string_value(text) if kind == "string" else text.replace("``", "`") if kind == "name" else text
