"""Expressions as MySQL and MariaDB print them: ``SHOW CREATE TABLE`` has them in the server's words, not the author's.

A server parses an expression and prints it anew: names between backticks, functions by their own names, blanks around
operators, parentheses by the precedence of operators. What this reads is a part of the grammar (measured with MariaDB
10.11; MySQL 8.0 Reference Manual, 12.4.1); of any other expression the author's text stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..records import dataclass
from ..schema.text.reader import words

GAP = r"(?:\s|--(?=\s)[^\n]*|#[^\n]*|/\*(?![!M]).*?\*/)*"
BLANK = re.compile(GAP, re.S)
TOKEN = re.compile(
    GAP + r"(?:(?P<string>'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\")"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\w$]))|`(?P<name>(?:[^`]|``)+)`"
    r"|(?P<word>[^\W\d][\w$]*)|(?P<sign><=>|<>|!=|<=|>=|&&|[^\s\w'\"`\\]))",
    re.I | re.S,
)
UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a"}
PRINTED = {"\0": "\\0", "\n": "\\n", "\r": "\\r", "\\": "\\\\", "'": "\\'", "\x1a": "\\Z"}
#: How tightly operators bind; a name, literal or call binds most.
OR, AND, COMPARE, BETWEEN, SEARCH, ADD, TIMES, UNARY, ATOM = 1, 3, 6, 7, 8, 10, 11, 13, 20
COMPARISONS = {"=": "<>", "<>": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
BINARY = {"+": ADD, "-": ADD, "*": TIMES, "/": TIMES, "DIV": TIMES, "MOD": TIMES}
#: Functions that are printed by this name, and those that have another one.
FUNCTIONS = words(
    "concat concat_ws coalesce ifnull nullif if abs round floor sqrt char_length json_valid json_length left right "
    "ltrim rtrim greatest least md5 sha2 hex unhex replace uuid reverse json_extract json_unquote month "
    "hour minute second curdate curtime utc_timestamp rand last_insert_id lpad rpad locate bit_length "
    "json_object json_array to_days from_unixtime unix_timestamp sign"
)
CALLED = {
    "character_length": "char_length",
    "ceil": "ceiling",
    "day": "dayofmonth",
    "mid": "substr",
    "power": "pow",
    "substring": "substr",
}
CALLED_BY_MARIADB = {
    "instr": "locate",
    "length": "octet_length",
    "lower": "lcase",
    "sha1": "sha",
    "upper": "ucase",
}
CALLED_BY_MYSQL = {
    "instr": "instr",
    "lcase": "lower",
    "ucase": "upper",
    "octet_length": "length",
    "substring": "substr",
    "sha1": "sha",
}
#: Functions of which the form is measured with MariaDB alone.
FUNCTIONS_OF_MARIADB = words(
    "trim year dayofmonth week dayname date_format str_to_date last_day format space repeat find_in_set field "
    "json_value makedate strcmp quarter log exp truncate elt sec_to_time time_to_sec addtime timediff ascii ord "
    "to_base64 crc32 inet_ntoa sysdate"
)
UNITS = words(
    "MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND "
    "HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH"
)
NOWS = words("now localtime localtimestamp")
BARE = {"current_date": "curdate", "current_time": "curtime", "current_timestamp": "current_timestamp"}
#: Functions that MariaDB prints as something else.
SPECIAL = ("DATE", "CAST", "DATE_ADD", "DATE_SUB", "ISNULL")
#: What a CAST may make of a value; as a text it would have the character set of the connection.
CASTS = re.compile(
    r"(?P<plain>date|time|datetime(?:\(\d\))?|(?:un)?signed)(?:int(?:eger)?)?|decimal(?:\((?P<size>\d+(?:,\d+)?)\))?"
)
WORDS = words(
    "and or not xor in is like between case when then else end null true false div mod escape regexp rlike binary "
    "interval cast convert distinct select exists unknown collate date time timestamp"
)


class UnreadableError(Exception):
    """An expression of which the printed form is not known."""


@dataclass(frozen=True, slots=True)
class Item:
    """A part of an expression, printed; ``binds`` is how tightly, ``negated`` the same with NOT before it.

    ``truth`` says that it is a condition, ``constant`` that it is a literal, ``named`` that it is a column.
    """

    text: str
    binds: int = ATOM
    negated: Any = None
    truth: bool = False
    constant: bool = False
    named: bool = False


def unreadable() -> Item:
    """Stand for a form that is not known."""
    raise UnreadableError


def string_value(literal: str) -> str:
    """Return the text that a literal in quotes stands for; backslashes escape."""

    def letter(found: re.Match[str]) -> str:
        if found[0] == quote * 2:
            return quote
        after = found[0][1]
        return found[0] if after in "%_" else UNESCAPED.get(after, after)

    quote = literal[0]
    return re.sub(rf"{quote}{quote}|\\.", letter, literal[1:-1], flags=re.S)


def number(text: str) -> str:
    """Return a number without needless zeros in front and without a point at its end."""
    whole, point, fraction = text.partition(".")
    if "e" in text.lower():
        return text
    return (whole.lstrip("0") or "0") + (point + fraction if fraction else "")


class Printer:
    """Prints expressions as one server does. ``mysql`` says that it is MySQL: all parentheses, texts with a charset."""

    def __init__(self, *, mysql: bool) -> None:
        self.mysql = mysql
        self.called = {**CALLED, **(CALLED_BY_MYSQL if mysql else CALLED_BY_MARIADB)}
        self.functions = FUNCTIONS | set(self.called.values()) | (frozenset() if mysql else FUNCTIONS_OF_MARIADB)

    def text(self, sql: str, columns: tuple[str, ...]) -> str:
        """Return an expression as the server prints it; as it was written where that is not known."""
        try:
            return Reader(self, sql, columns).whole().text
        except UnreadableError:
            return sql

    def knows(self, sql: str, columns: tuple[str, ...]) -> bool:
        """Tell whether it is known how the server prints an expression."""
        try:
            Reader(self, sql, columns).whole()
        except UnreadableError:
            return False
        return True

    def string(self, value: str) -> str:
        """Return a text inside an expression."""
        return ("_utf8mb4" if self.mysql else "") + "'" + "".join(PRINTED.get(one, one) for one in value) + "'"

    def joined(self, left: Item, operator: str, right: Item, binds: int, *, negated: Any = None) -> Item:
        """Return two items with an operator between them."""
        text = f"{self.within(left, binds)} {operator} {self.within(right, binds + 1)}"
        return self.made(text, binds, negated=negated, truth=binds <= COMPARE)

    def made(self, text: str, binds: int, *, negated: Any = None, truth: bool = False) -> Item:
        """Return an item, in parentheses where the server always writes them."""
        return Item(f"({text})" if self.mysql else text, ATOM if self.mysql else binds, negated, truth)

    def within(self, item: Item, binds: int) -> str:
        """Return an item as it stands inside one that binds so tightly."""
        return item.text if item.binds >= binds else f"({item.text})"

    def condition(self, item: Item) -> Item:
        """Return an item that is asked for its truth."""
        if self.mysql and not item.truth:
            raise UnreadableError
        return self.compared(item, "<>", Item("0", constant=True)) if item.named else item

    def compared(self, left: Item, operator: str, right: Item) -> Item:
        """Return a comparison, and what its contrary is."""
        contrary = COMPARISONS.get(operator)
        negated = None if contrary is None else (lambda: self.compared(left, contrary, right))
        return self.joined(left, operator, right, COMPARE, negated=negated)

    def connected(self, items: list[Item], word: str) -> Item:
        """Return conditions joined by AND or OR; the contrary has the other word."""
        if len(items) == 1:
            return items[0]
        items = [self.condition(item) for item in items]
        binds = AND if word == "and" else OR
        text = f" {word} ".join(self.within(item, binds) for item in items)

        def contrary() -> Item:
            return self.connected([self.opposite(item) for item in items], "or" if word == "and" else "and")

        return self.made(text, binds, negated=contrary, truth=True)

    def boolean(self, value: bool) -> Item:
        """Return TRUE or FALSE, which MariaDB prints as numbers."""
        text = str(value).lower() if self.mysql else str(int(value))
        return Item(text, negated=lambda: self.boolean(not value), constant=True)

    def opposite(self, item: Item) -> Item:
        """Return the contrary of an item. Raises UnreadableError where the server's form of it is not known."""
        if item.negated is not None:
            found: Item = item.negated()
            return found
        if item.named:
            return self.compared(item, "=", Item("0", constant=True))
        return Item(f"!{self.within(item, UNARY)}", UNARY, unreadable, truth=True)


class Reader:
    """Reads one expression by precedence; what it meets outside its grammar raises UnreadableError."""

    def __init__(self, printer: Printer, sql: str, columns: tuple[str, ...]) -> None:
        self.printer = printer
        self.columns = {name.lower(): name for name in columns}
        self.sql = sql
        self.tokens: list[re.Match[str]] = []
        place = 0
        while not BLANK.fullmatch(sql, place):
            found = TOKEN.match(sql, place)
            if found is None:
                raise UnreadableError
            self.tokens.append(found)
            place = found.end()
        told = [self.token(at) for at in range(len(self.tokens))]
        self.spelled = [text.upper() if kind in ("word", "sign") else "" for kind, text in told]
        self.at = 0

    def token(self, at: int) -> tuple[str, str]:
        """Return kind and text of a token; empty texts before the first and behind the last."""
        if not 0 <= at < len(self.tokens):
            return "", ""
        kind = str(self.tokens[at].lastgroup)
        return kind, self.tokens[at][kind]

    def peek(self, ahead: int = 0) -> str:
        """Return a token that comes as an upper-case word or sign; empty for literals, names and the end."""
        place = self.at + ahead
        return self.spelled[place] if place < len(self.spelled) else ""

    def take(self, *wanted: str) -> str:
        """Take the next token if it is one of those wanted; return it, or an empty text."""
        found = self.peek()
        if found and found in wanted:
            self.at += 1
            return found
        return ""

    def need(self, wanted: str) -> None:
        """Take the next token, which must be the one wanted."""
        if not self.take(wanted):
            raise UnreadableError

    def whole(self) -> Item:
        """Return the whole text as one item."""
        item = self.either()
        if self.at < len(self.tokens):
            raise UnreadableError
        return item

    def either(self) -> Item:
        """Read conditions joined by OR."""
        items = [self.both()]
        while self.take("OR"):
            items.append(self.both())
        return self.printer.connected(items, "or")

    def both(self) -> Item:
        """Read conditions joined by AND."""
        items = [self.contrary()]
        while self.take("AND", "&&"):
            items.append(self.contrary())
        return self.printer.connected(items, "and")

    def contrary(self) -> Item:
        """Read NOT and what it negates; MariaDB prints the contrary instead."""
        if self.take("NOT"):
            if self.printer.mysql:
                raise UnreadableError
            return self.printer.opposite(self.contrary())
        return self.comparison()

    def comparison(self) -> Item:
        """Read a comparison, a test for NULL, IN, BETWEEN or LIKE."""
        left = self.sum()
        while True:
            operator = self.take("=", "<=>", "<>", "!=", "<", ">", "<=", ">=")
            if operator:
                left = self.printer.compared(left, "<>" if operator == "!=" else operator, self.sum())
            elif self.take("IS"):
                left = self.tested(left)
            elif self.peek() in ("REGEXP", "RLIKE") and not self.printer.mysql:
                left = self.matched(left)
            elif self.peek() in ("NOT", "IN", "BETWEEN", "LIKE"):
                left = self.searched(left, bool(self.take("NOT")))
            else:
                return left

    def tested(self, left: Item) -> Item:
        """Read what follows IS."""
        no = bool(self.take("NOT"))
        word = self.take("NULL") if self.printer.mysql else self.take("NULL", "UNKNOWN", "TRUE", "FALSE")
        if not word:
            raise UnreadableError
        return self.tested_as(left, no, "null" if word == "UNKNOWN" else word.lower())

    def tested_as(self, left: Item, no: bool, word: str) -> Item:
        """Return a test whether an item is NULL, true or false."""
        ends = [f"{self.printer.within(left, COMPARE)} is {negation}{word}" for negation in ("", "not ")]
        return self.either_way(ends, no, COMPARE, turns=word == "null")

    def either_way(self, texts: Sequence[str], no: bool, binds: int, *, turns: bool = True) -> Item:
        """Return a condition of which both forms are known, without and with NOT; ``turns`` says that NOT turns it."""

        def contrary() -> Item:
            return self.either_way(texts, not no, binds)

        return self.printer.made(texts[no], binds, negated=contrary if turns else None, truth=True)

    def searched(self, left: Item, no: bool) -> Item:
        """Read IN, BETWEEN or LIKE with what follows."""
        operand = self.printer.within(left, SEARCH)
        if self.take("IN"):
            self.need("(")
            members = self.listed()
            if len(members) == 1:
                return self.printer.compared(left, "<>" if no else "=", members[0])
            listed = ",".join(member.text for member in members)
            return self.either_way([f"{operand} {word}in ({listed})" for word in ("", "not ")], no, SEARCH)
        if self.take("BETWEEN"):
            ends = self.printer.within(self.sum(), BETWEEN)
            self.need("AND")
            ends += f" and {self.printer.within(self.sum(), BETWEEN)}"
            return self.either_way([f"{operand} {word}between {ends}" for word in ("", "not ")], no, BETWEEN)
        self.need("LIKE")
        pattern = self.printer.within(self.sum(), SEARCH)
        if self.take("ESCAPE"):
            pattern += f" escape {self.primary().text}"
        gap = "" if self.printer.mysql else " "  # MariaDB prints two blanks before "not like"
        return self.either_way([f"{operand} like {pattern}", f"{operand} {gap}not like {pattern}"], no, SEARCH)

    def matched(self, left: Item) -> Item:
        """Read REGEXP with its pattern."""
        self.at += 1
        operand, pattern = (self.printer.within(one, SEARCH) for one in (left, self.sum()))
        return self.printer.made(f"{operand} regexp {pattern}", SEARCH, truth=True)

    def sum(self) -> Item:
        """Read a sum or difference."""
        left = self.product()
        while operator := self.take("+", "-"):
            if self.take("INTERVAL"):
                left = self.shifted(left, operator)
            else:
                left = self.printer.joined(left, operator, self.product(), ADD)
        return left

    def shifted(self, moment: Item, operator: str) -> Item:
        """Read what is added to a moment or taken from it, from behind INTERVAL on."""
        count = self.sum()
        unit = self.take(*UNITS)
        if self.printer.mysql or not unit:
            raise UnreadableError
        text = f"{self.printer.within(moment, ADD)} {operator} interval {count.text} {unit.lower()}"
        return self.printer.made(text, ADD)

    def product(self) -> Item:
        """Read a product, quotient or remainder."""
        left = self.primary()
        while operator := self.take("*", "/", "%", "DIV", "MOD"):
            word = "MOD" if operator == "%" and not self.printer.mysql else operator
            word = "%" if word == "MOD" and self.printer.mysql else word
            left = self.printer.joined(left, word, self.primary(), TIMES)
        return left

    def listed(self) -> list[Item]:
        """Read what is between parentheses that are open."""
        items: list[Item] = []
        if self.take(")"):
            return items
        items.append(self.either())
        while self.take(","):
            items.append(self.either())
        self.need(")")
        return items

    def primary(self) -> Item:
        """Read a name, literal, call, CASE, or an expression in parentheses."""
        if self.take("("):
            items = self.listed()
            if len(items) != 1:
                raise UnreadableError
            return items[0]
        if self.take("-"):
            return self.negative(self.primary())
        if self.take("+"):
            return self.primary()
        if self.peek() == "!" and not self.printer.mysql:
            self.at += 1
            return self.printer.opposite(self.primary())
        if self.take("CASE"):
            return self.cases()
        if self.peek(1) == "(" and not self.printer.mysql and self.peek() in SPECIAL:
            return self.special()
        kind, text = self.token(self.at)
        self.at += 1
        match kind:
            case "string":
                return Item(self.printer.string(string_value(text)), constant=True)
            case "number":
                return Item(number(text), constant=True)
            case "name":
                return self.named(text.replace("``", "`"))
            case "word":
                return self.word(text)
        raise UnreadableError

    def special(self) -> Item:
        """Read a call that MariaDB prints in another form."""
        called = self.take(*SPECIAL)
        self.need("(")
        item = self.either()
        if called in ("DATE_ADD", "DATE_SUB"):
            self.need(",")
            self.need("INTERVAL")
            item = self.shifted(item, "+" if called == "DATE_ADD" else "-")
        elif called == "ISNULL":
            item = self.tested_as(item, False, "null")
        else:
            item = Item(f"cast({item.text} as {'date' if called == 'DATE' else self.cast()})")
        self.need(")")
        return item

    def cast(self) -> str:
        """Read the type behind AS."""
        self.need("AS")
        start, depth = self.at, 0
        while self.at < len(self.tokens) and (depth or self.peek() != ")"):
            depth += (self.peek() == "(") - (self.peek() == ")")
            self.at += 1
        found = CASTS.fullmatch("".join(self.token(at)[1] for at in range(start, self.at)).lower())
        if found is None:
            raise UnreadableError
        size = found["size"] or "10"
        return found["plain"] or f"decimal({size if ',' in size else f'{size},0'})"

    def negative(self, item: Item) -> Item:
        """Return what a minus sign makes of an item."""
        figure = item.constant and item.text.lstrip("-")[:1].isdigit()
        if (item.constant or self.printer.mysql) and not figure:
            raise UnreadableError
        if self.printer.mysql:
            return Item(f"-({item.text})", UNARY, constant=True)
        if figure and item.text.startswith("-"):
            return Item(item.text[1:], constant=True)
        return Item(f"-{self.printer.within(item, UNARY)}", UNARY, constant=figure)

    def word(self, text: str) -> Item:
        """Read what a bare word is: a constant, a call, or a column."""
        folded = text.lower()
        if folded == "null":
            return Item("NULL", constant=True)
        if folded in ("true", "false"):
            return self.printer.boolean(folded == "true")
        if folded in BARE or (folded in NOWS and not self.printer.mysql and (folded != "now" or self.peek() == "(")):
            if self.take("("):
                self.need(")")
            return Item(f"{BARE.get(folded, 'current_timestamp')}()")
        if self.peek() == "(" and folded not in WORDS | {"date", "time"}:
            name = self.printer.called.get(folded, folded)
            if name not in self.printer.functions:
                raise UnreadableError
            self.need("(")
            arguments = [item.text for item in self.listed()]
            if folded == "instr" and not self.printer.mysql:
                arguments.reverse()
            return Item(f"{name}({','.join(arguments)})", truth=name in ("json_valid",))
        return self.named(text)

    def named(self, text: str) -> Item:
        """Return a column between backticks."""
        name = self.columns.get(text.lower())
        if name is None:
            raise UnreadableError
        return Item(quoted(name), named=True)

    def cases(self) -> Item:
        """Read CASE up to its END."""
        parts = ["case"]
        if self.peek() != "WHEN":
            parts.append(self.either().text)
        while self.take("WHEN"):
            parts += ["when", self.either().text]
            self.need("THEN")
            parts += ["then", self.either().text]
        if self.take("ELSE"):
            parts += ["else", self.either().text]
        self.need("END")
        parts.append("end")
        return self.printer.made(" ".join(parts), ATOM)


def quoted(name: str) -> str:
    """Return a name between backticks."""
    return "`" + name.replace("`", "``") + "`"
