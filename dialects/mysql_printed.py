"""Expressions as MySQL and MariaDB print them: ``SHOW CREATE TABLE`` has them in the server's words, not the author's.

A server parses an expression and prints it anew: names between backticks, functions by their own names, blanks around
operators, parentheses by the precedence of operators. What this reads is a part of the grammar (measured with MariaDB
10.11; MySQL 8.0 Reference Manual, 12.4.1); of any other expression the author's text stays.
"""

from __future__ import annotations

import re
from typing import Any

from ..records import dataclass


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\]|''|\\.)*')|(?P<number>(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)|`(?P<name>(?:[^`]|``)+)`"
    r"|(?P<word>[^\W\d][\w$]*)|(?P<sign><=>|<>|!=|<=|>=|&&|[-+*/%=<>(),]))",
    re.I | re.S,
)
UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a"}
PRINTED = {"\0": "\\0", "\n": "\\n", "\r": "\\r", "\\": "\\\\", "'": "\\'", "\x1a": "\\Z"}
#: How tightly operators bind; a name, literal or call binds most.
OR, AND, NOT, BETWEEN, COMPARE, ADD, TIMES, UNARY, ATOM = 1, 3, 4, 5, 6, 10, 11, 13, 20
COMPARISONS = {"=": "<>", "<>": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
BINARY = {"+": ADD, "-": ADD, "*": TIMES, "/": TIMES, "DIV": TIMES, "MOD": TIMES}
#: Functions that are printed by this name, and those that have another one.
FUNCTIONS = words_of(
    "concat concat_ws coalesce ifnull nullif if abs round floor sqrt char_length json_valid json_length left right "
    "ltrim rtrim greatest least md5 sha2 hex unhex replace uuid reverse json_extract json_unquote month day "
    "hour minute second curdate curtime utc_timestamp rand last_insert_id lpad rpad instr locate bit_length "
    "json_object json_array to_days from_unixtime unix_timestamp sign"
)
CALLED = {"character_length": "char_length", "ceil": "ceiling", "power": "pow", "substring": "substr", "mid": "substr"}
CALLED_BY_MARIADB = {"lower": "lcase", "upper": "ucase", "length": "octet_length", "sha1": "sha"}
CALLED_BY_MYSQL = {"lcase": "lower", "ucase": "upper", "octet_length": "length", "substring": "substr", "sha1": "sha"}
BARE = {"current_date": "curdate", "current_time": "curtime", "current_timestamp": "current_timestamp"}
WORDS = words_of(
    "and or not xor in is like between case when then else end null true false div mod escape regexp rlike binary "
    "interval cast convert distinct select exists unknown collate date time timestamp"
)


class UnreadableError(Exception):
    """An expression of which the printed form is not known."""


@dataclass(frozen=True, slots=True)
class Item:
    """A part of an expression, printed; ``binds`` is how tightly, ``negated`` the same with NOT before it."""

    text: str
    binds: int = ATOM
    negated: Any = None
    truth: bool = False
    constant: bool = False


def string_value(literal: str) -> str:
    """Return the text that a literal in single quotes stands for; backslashes escape."""

    def letter(found: re.Match[str]) -> str:
        if found[0] == "''":
            return "'"
        after = found[0][1]
        return found[0] if after in "%_" else UNESCAPED.get(after, after)

    return re.sub(r"''|\\.", letter, literal[1:-1], flags=re.S)


class Printer:
    """Prints expressions as one server does. ``mysql`` says that it is MySQL: all parentheses, texts with a charset."""

    def __init__(self, *, mysql: bool) -> None:
        self.mysql = mysql
        self.called = {**CALLED, **(CALLED_BY_MYSQL if mysql else CALLED_BY_MARIADB)}

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
        return item if item.truth else self.compared(item, "<>", Item("0", constant=True))

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

    def opposite(self, item: Item) -> Item:
        """Return the contrary of an item. Raises UnreadableError where the server's form of it is not known."""
        if item.negated is not None:
            found: Item = item.negated()
            return found
        if item.truth:
            raise UnreadableError
        return self.compared(item, "=", Item("0", constant=True))


class Reader:
    """Reads one expression by precedence; what it meets outside its grammar raises UnreadableError."""

    def __init__(self, printer: Printer, sql: str, columns: tuple[str, ...]) -> None:
        self.printer = printer
        self.columns = {name.lower(): name for name in columns}
        self.tokens: list[tuple[str, str]] = []
        place, sql = 0, sql.rstrip()
        while place < len(sql):
            found = TOKEN.match(sql, place)
            if found is None:
                raise UnreadableError
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind]))
            place = found.end()
        self.at = 0

    def peek(self) -> str:
        """Return the next token as an upper-case word or sign; empty for literals, names and the end."""
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        return text.upper() if kind in ("word", "sign") else ""

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
            elif self.peek() in ("NOT", "IN", "BETWEEN", "LIKE"):
                left = self.searched(left, bool(self.take("NOT")))
            else:
                return left

    def tested(self, left: Item) -> Item:
        """Read what follows IS."""
        no = bool(self.take("NOT"))
        self.need("NULL")
        made = self.printer.made
        ends = [f"{self.printer.within(left, COMPARE)} is {word}null" for word in ("", "not ")]

        def contrary() -> Item:
            return made(ends[not no], COMPARE, truth=True)

        return made(ends[no], COMPARE, negated=contrary, truth=True)

    def searched(self, left: Item, no: bool) -> Item:
        """Read IN, BETWEEN or LIKE with what follows."""
        word = "not " if no else ""
        operand = self.printer.within(left, COMPARE + 1)
        if self.take("IN"):
            self.need("(")
            members = self.listed()
            if len(members) == 1:
                return self.printer.compared(left, "<>" if no else "=", members[0])
            text = f"{operand} {word}in ({','.join(member.text for member in members)})"
            return self.printer.made(text, COMPARE, truth=True)
        if self.take("BETWEEN"):
            low = self.sum()
            self.need("AND")
            return self.printer.made(f"{operand} {word}between {low.text} and {self.sum().text}", BETWEEN, truth=True)
        self.need("LIKE")
        right = self.sum()
        gap = "" if self.printer.mysql else " "  # MariaDB prints two blanks before "not like"
        text = f"{operand} {gap if no else ''}{word}like {self.printer.within(right, COMPARE + 1)}"
        if self.take("ESCAPE"):
            text += f" escape {self.primary().text}"
        return self.printer.made(text, COMPARE, truth=True)

    def sum(self) -> Item:
        """Read a sum or difference."""
        left = self.product()
        while operator := self.take("+", "-"):
            left = self.printer.joined(left, operator, self.product(), ADD)
        return left

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
            number = self.primary()
            if not (number.constant and number.text[:1].isdigit()):
                raise UnreadableError
            return Item(f"-({number.text})" if self.printer.mysql else f"-{number.text}", UNARY, constant=True)
        if self.take("CASE"):
            return self.cases()
        if self.at >= len(self.tokens):
            raise UnreadableError
        kind, text = self.tokens[self.at]
        self.at += 1
        match kind:
            case "string":
                return Item(self.printer.string(string_value(text)), constant=True)
            case "number":
                return Item(text, constant=True)
            case "name":
                return self.named(text.replace("``", "`"))
            case "word":
                return self.word(text)
        raise UnreadableError

    def word(self, text: str) -> Item:
        """Read what a bare word is: a constant, a call, or a column."""
        folded = text.lower()
        if folded in ("null", "true", "false"):
            value = {"null": "NULL", "true": "true" if self.printer.mysql else "1"}
            return Item(value.get(folded, "false" if self.printer.mysql else "0"), constant=True)
        if folded in BARE:
            if self.take("("):
                self.need(")")
            return Item(f"{BARE[folded]}()")
        if self.peek() == "(" and folded not in WORDS | {"date", "time"}:
            name = self.printer.called.get(folded, folded)
            if name not in FUNCTIONS | set(self.printer.called.values()):
                raise UnreadableError
            self.need("(")
            arguments = ",".join(item.text for item in self.listed())
            return Item(f"{name}({arguments})", truth=name in ("json_valid",))
        return self.named(text)

    def named(self, text: str) -> Item:
        """Return a column between backticks."""
        name = self.columns.get(text.lower())
        if name is None:
            raise UnreadableError
        return Item("`" + name.replace("`", "``") + "`")

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
