"""SQL expressions of PostgreSQL read into trees, as far as their form is known.

The precedence is the server's (https://www.postgresql.org/docs/15/sql-syntax-lexical.html, table 4.2). A form that is
not known raises :class:`UnknownFormError`: nothing is guessed.
"""

from __future__ import annotations

import re

from ..records import dataclass, field
from .postgresql_type_names import TypeName, parsed_type, unquoted

TOKEN = re.compile(
    r"\s*(?:(?P<string>[eE]?'(?:[^']|'')*')|(?P<quoted>\"(?:[^\"]|\"\")+\")|(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|"
    r"\.\d+)|(?P<word>[^\W\d][\w$]*)|(?P<sign>::|[-+*/<>=~!@#%^&|`?]+|[()\[\],.]))"
)
BLANK = re.compile(r"\s*\Z")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
#: How tightly binary operators bind; any that is not here binds like ``||``.
BINDS = {
    "or": 1,
    "and": 2,
    "is": 4,
    **dict.fromkeys(("<", ">", "=", "<=", ">=", "<>"), 5),
    **dict.fromkeys(("between", "in", "like", "ilike", "similar"), 6),
    **dict.fromkeys(("+", "-"), 8),
    **dict.fromkeys(("*", "/", "%"), 9),
    "^": 10,
    "at": 11,
    "collate": 12,
}
NOT_BINDS, OTHER_BINDS, SIGN_BINDS = 3, 7, 13
WORDS = frozenset(("or", "and", "is", "between", "in", "like", "ilike", "at", "not", "collate", "similar"))
VALUES = frozenset(
    ("current_timestamp", "current_date", "current_time", "localtimestamp", "localtime", "current_user", "session_user")
)
SPECIAL = frozenset(("coalesce", "greatest", "least", "nullif"))
#: Words that begin something else than a column or a call.
STRANGE = frozenset(("select", "exists", "row", "interval", "extract", "trim", "position", "overlay", "substring"))
LIKE = {"like": "~~", "ilike": "~~*"}
TYPED_LITERAL = re.compile(
    r"\s*(?P<type>interval|date|time(?:stamp)?(?:\s+with(?:out)?\s+time\s+zone)?|timestamptz|jsonb?|uuid|numeric|bytea)"
    r"\s*(?='(?:[^']|'')*')",
    re.I,
)
TYPE_TEXT = re.compile(
    r"\s*(?:double\s+precision|(?:character|char|bit)\s+varying|timestamp(?:\s*\(\d+\))?\s+with(?:out)?\s+time\s+zone|"
    r"time(?:\s*\(\d+\))?\s+with(?:out)?\s+time\s+zone|(?:\"(?:[^\"]|\"\")+\"|[^\W\d][\w$]*)"
    r"(?:\s*\.\s*(?:\"(?:[^\"]|\"\")+\"|[^\W\d][\w$]*))?)(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?(?:\s*\[\s*\])*",
    re.I,
)


class UnknownFormError(Exception):
    """An expression has a form that is not known here."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or number as it was written (the string's value), or the words true, false and null."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A column, by its last name."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the session, such as CURRENT_TIMESTAMP, in capitals, with its digits."""

    word: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function by name, or of what looks like one: ``kind`` is ``call`` or ``special``."""

    name: str
    arguments: tuple[Node, ...]
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator between two operands, or in front of one."""

    sign: str
    left: Node | None
    right: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """AND or OR over operands, NOT over one."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """``IS NULL`` and its like; ``words`` are those behind IS."""

    operand: Node
    words: str


@dataclass(frozen=True, slots=True)
class Among:
    """``x = ANY (array)``, ``x <> ALL (array)``."""

    sign: str
    left: Node
    array: Node
    every: bool


@dataclass(frozen=True, slots=True)
class Array:
    """``ARRAY[…]``."""

    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """``x IN (…)``, or ``NOT IN``."""

    left: Node
    elements: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class CastTo:
    """``x::type``."""

    operand: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class Case:
    """CASE without an operand of its own."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class AtZone:
    """``x AT TIME ZONE zone``."""

    operand: Node
    zone: Node


@dataclass(frozen=True, slots=True)
class Collated:
    """``x COLLATE name``."""

    operand: Node
    name: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A call in words of its own: ``EXTRACT(year FROM x)``, ``TRIM(x)``; ``word`` is that field, or how to trim."""

    name: str
    word: str
    arguments: tuple[Node, ...]


Node = (
    Collated
    | Phrase
    | Literal
    | Name
    | Value
    | Call
    | Operator
    | Logic
    | Test
    | Among
    | Array
    | ListOf
    | CastTo
    | Case
    | AtZone
)


@dataclass(slots=True)
class Reader:
    """Reads one expression from its text. ``parsed()`` is the way in."""

    text: str
    position: int = 0
    ahead: list[tuple[str, str, int]] = field(default_factory=list)

    def parsed(self) -> Node:
        """Return the whole text as one tree. Raises UnknownFormError."""
        found = self.expression(0)
        if self.peek()[0] != "end":
            raise UnknownFormError(self.text)
        return found

    # Tokens.

    def peek(self) -> tuple[str, str, int]:
        """Return kind, text (words in small letters) and end of the next token."""
        found = TOKEN.match(self.text, self.position)
        if found is None:
            if BLANK.match(self.text, self.position):
                return "end", "", len(self.text)
            raise UnknownFormError(self.text)
        kind = str(found.lastgroup)
        raw = found[kind]
        if kind == "sign" and len(raw) > 1 and raw not in ("::", "||"):
            raw = split_sign(raw)
        shown = raw.lower() if kind == "word" else raw
        return kind, shown, found.start(kind) + len(raw)

    def take(self) -> tuple[str, str]:
        """Return kind and text of the next token, and step behind it."""
        kind, text, self.position = self.peek()
        return kind, text

    def accept(self, *texts: str) -> bool:
        """Step behind tokens, in this order, if they come next."""
        start = self.position
        for text in texts:
            kind, found, end = self.peek()
            if kind not in ("word", "sign") or found != text:
                self.position = start
                return False
            self.position = end
        return True

    def expect(self, *texts: str) -> None:
        """Step behind tokens. Raises UnknownFormError when others come."""
        if not self.accept(*texts):
            raise UnknownFormError(self.text)

    # Grammar.

    def expression(self, binds: int) -> Node:
        """Return the longest expression whose operators bind tighter than ``binds``."""
        left = self.operand()
        while True:
            kind, text, end = self.peek()
            negated = (kind, text) == ("word", "not")
            if negated:
                start, self.position = self.position, end
                kind, text, end = self.peek()
                if text not in ("in", "like", "ilike", "between"):
                    self.position = start
                    return left
                self.position = start
            strength = self.strength(kind, text)
            if strength is None or strength <= binds:
                return left
            if negated:
                self.take()
            self.take()
            left = self.joined(left, text, strength, negated)

    def strength(self, kind: str, text: str) -> int | None:
        """Return how tightly the next token binds as an operator; None for what is none."""
        if kind == "word":
            return BINDS.get(text) if text in WORDS else None
        if kind != "sign" or text in ("(", ")", "[", "]", ",", ".", "::"):
            return None
        return BINDS.get("<>" if text == "!=" else text, OTHER_BINDS)

    def joined(self, left: Node, text: str, strength: int, negated: bool) -> Node:
        """Return what an operator makes of its left side and of what follows."""
        match text:
            case "and" | "or":
                right = self.expression(strength)
                same = isinstance(left, Logic) and left.word == text
                operands = left.operands if same and isinstance(left, Logic) else (left,)
                return Logic(text, (*operands, right))
            case "is":
                return self.test(left)
            case "in":
                return self.listed(left, negated)
            case "between":
                return self.between(left, negated)
            case "like" | "ilike":
                sign = ("!" if negated else "") + LIKE[text]
                return Operator(sign, left, self.expression(strength))
            case "at":
                self.expect("time", "zone")
                return AtZone(left, self.expression(strength))
            case "collate":
                kind, name = self.take()
                if kind not in ("quoted", "word") or self.peek()[1] == ".":
                    raise UnknownFormError(self.text)
                return Collated(left, unquoted(name))
            case "similar":
                raise UnknownFormError(self.text)
        sign = "<>" if text == "!=" else text
        for word in ("any", "all", "some"):
            if self.accept(word, "("):
                array = self.expression(0)
                self.expect(")")
                return Among(sign, left, array, word == "all")
        return Operator(sign, left, self.expression(strength))

    def test(self, left: Node) -> Node:
        """Return what stands behind IS."""
        negated = self.accept("not")
        for word in ("null", "true", "false", "unknown"):
            if self.accept(word):
                return Test(left, ("NOT " if negated else "") + word.upper())
        if self.accept("distinct", "from"):
            sign = "IS NOT DISTINCT FROM" if negated else "IS DISTINCT FROM"
            return Operator(sign, left, self.expression(BINDS["is"]))
        raise UnknownFormError(self.text)

    def listed(self, left: Node, negated: bool) -> Node:
        """Return a list behind IN."""
        self.expect("(")
        return ListOf(left, self.elements(")"), negated)

    def between(self, left: Node, negated: bool) -> Node:
        """Return BETWEEN as the two comparisons that it means."""
        low = self.expression(BINDS["between"])
        self.expect("and")
        high = self.expression(BINDS["between"])
        if negated:
            return Logic("or", (Operator("<", left, low), Operator(">", left, high)))
        return Logic("and", (Operator(">=", left, low), Operator("<=", left, high)))

    def elements(self, closing: str) -> tuple[Node, ...]:
        """Return expressions between commas, up to a closing sign."""
        found: list[Node] = []
        while not self.accept(closing):
            found.append(self.expression(0))
            if not self.accept(","):
                self.expect(closing)
                break
        return tuple(found)

    def operand(self) -> Node:
        """Return an operand with the casts behind it."""
        found = self.bare()
        while self.accept("::"):
            found = CastTo(found, self.type())
        return found

    def type(self) -> TypeName:
        """Return the type that stands next."""
        found = TYPE_TEXT.match(self.text, self.position)
        if found is None:
            raise UnknownFormError(self.text)
        self.position = found.end()
        return parsed_type(found[0])

    def bare(self) -> Node:
        """Return an operand without casts."""
        typed = TYPED_LITERAL.match(self.text, self.position)
        if typed is not None:
            self.position = typed.end()
            return CastTo(self.bare(), parsed_type(typed["type"]))
        kind, text = self.take()
        if kind == "string":
            return Literal("string", string_value(text))
        if kind == "number":
            return Literal("number", text)
        if kind == "quoted":
            return self.named(unquoted(text))
        if kind == "word":
            return self.worded(text)
        if text == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        if text in ("-", "+"):
            return self.signed(text)
        raise UnknownFormError(self.text)

    def signed(self, sign: str) -> Node:
        """Return a number with its sign, or a sign in front of an operand."""
        operand = self.expression(SIGN_BINDS)
        if isinstance(operand, Literal) and operand.kind == "number" and sign == "-":
            return Literal("number", sign + operand.text)
        return Operator(sign, None, operand)

    def worded(self, word: str) -> Node:
        """Return what begins with a word."""
        match word:
            case "true" | "false" | "null":
                return Literal(word, word)
            case "not":
                return Logic("not", (self.expression(NOT_BINDS),))
            case "array" if self.accept("["):
                return Array(self.elements("]"))
            case "case":
                return self.case()
            case "cast" if self.accept("("):
                operand = self.expression(0)
                self.expect("as")
                type_ = self.type()
                self.expect(")")
                return CastTo(operand, type_)
            case _ if word in VALUES:
                digits = ""
                if self.accept("("):
                    digits = f"({self.take()[1]})"
                    self.expect(")")
                return Value(word.upper() + digits)
            case "extract" if self.accept("("):
                field_name = unquoted(self.take()[1].replace("'", ""))
                self.expect("from")
                operand = self.expression(0)
                self.expect(")")
                return Phrase("extract", field_name, (operand,))
            case "trim" if self.accept("("):
                return self.trimmed()
            case _ if word in STRANGE:
                raise UnknownFormError(self.text)
        return self.named(word)

    def trimmed(self) -> Node:
        """Return what stands inside TRIM."""
        where = next((word for word in ("both", "leading", "trailing") if self.accept(word)), "both")
        parts = [] if self.accept("from") else [self.expression(0)]
        if parts and self.accept("from"):
            parts.insert(0, self.expression(0))
        elif not parts:
            parts = [self.expression(0)]
        self.expect(")")
        return Phrase("trim", where.upper(), tuple(parts))

    def named(self, name: str) -> Node:
        """Return a column or a call that begins with a name."""
        schema = None
        while self.accept("."):
            kind, text = self.take()
            if kind not in ("word", "quoted"):
                raise UnknownFormError(self.text)
            schema, name = name, unquoted(text)
        if self.accept("("):
            return Call(name, self.elements(")"), schema)
        if self.peek()[0] in ("string", "quoted", "word") and self.peek()[1] not in TERMINAL:
            raise UnknownFormError(self.text)
        return Name(name)

    def case(self) -> Node:
        """Return CASE WHEN …; one with an operand of its own is not known."""
        branches: list[tuple[Node, Node]] = []
        while self.accept("when"):
            condition = self.expression(0)
            self.expect("then")
            branches.append((condition, self.expression(0)))
        if not branches:
            raise UnknownFormError(self.text)
        otherwise = self.expression(0) if self.accept("else") else None
        self.expect("end")
        return Case(tuple(branches), otherwise)


#: Words that may follow an operand.
TERMINAL = WORDS | {"then", "when", "else", "end", "as", "from"}


def split_sign(raw: str) -> str:
    """Return the first operator of a run of signs: a minus or plus at its end belongs to what follows (4.1.3)."""
    while len(raw) > 1 and raw[-1] in "+-" and not set(raw) & set("~!@#%^&|`?"):
        raw = raw[:-1]
    return raw


def string_value(text: str) -> str:
    """Return the value of a string literal."""
    if text[0] in "eE":
        body = text[2:-1].replace("''", "'")
        if re.search(r"\\[xuU0-7]", body):
            raise UnknownFormError(text)
        return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), body, flags=re.S)
    return text[1:-1].replace("''", "'")
