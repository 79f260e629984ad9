"""Trees of typed expressions as text, with casts and parentheses as PostgreSQL shows them (its ``ruleutils.c``)."""

from __future__ import annotations

import re

from .postgresql_type_names import TypeName
from .postgresql_wording import ARITHMETIC, LADDER, Typed

HIGH = frozenset("*/%")
ENCLOSING = frozenset(("call", "array", "case"))
INDENT = 4
BEFORE_CASE = re.compile(r" +(?=\n *CASE\n)")


class Deparse:
    """Shows typed trees; ``pretty`` is the server's form with few parentheses."""

    def __init__(self, pretty: bool) -> None:
        self.pretty = pretty
        self.level = 0

    def text(self, one: Typed, implicit: bool = False) -> str:
        """Return a tree as text; ``implicit`` says that casts nobody wrote are shown too."""
        match one.kind:
            case "const":
                return const(one.word, one.type)
            case "var" | "value":
                return one.word
            case "call":
                return f"{one.word}({self.listed(one)})"
            case "array":
                return f"ARRAY[{self.listed(one)}]" + ("" if one.parts or one.type is None else f"::{one.type.label()}")
            case "cast":
                return self.cast(one, implicit)
            case "case":
                return self.case(one)
            case "zone":
                operand, zone = (self.inner(part, one) for part in one.parts)
                return f"({operand} AT TIME ZONE {zone})"
            case "syntax":
                return one.word.format(*(self.text(part) for part in one.parts))
            case "collate":
                return self.enclosed(f"{self.inner(one.parts[0], one, True)} COLLATE {one.word}")
        return self.enclosed(self.operation(one))

    def listed(self, one: Typed) -> str:
        """Return the parts of a list, with commas."""
        return spaced(", ".join(self.text(part, True) for part in one.parts))

    def enclosed(self, text: str) -> str:
        """Return an operation, in parentheses unless few are wanted."""
        return text if self.pretty else f"({text})"

    def operation(self, one: Typed) -> str:
        """Return an operation without parentheses of its own."""
        match one.kind:
            case "op" if len(one.parts) == 1:
                return spaced(f"{one.word} {self.inner(one.parts[0], one, True)}")
            case "op":
                left, right = (self.inner(part, one, True) for part in one.parts)
                return spaced(f"{left} {one.word} {right}")
            case "any":
                left, right = (self.inner(part, one, True) for part in one.parts)
                return f"{left} {one.word} ({right})"
            case "test":
                return f"{self.inner(one.parts[0], one, 'NULL' in one.word)} IS {one.word}"
            case "bool" if one.word == "NOT":
                return spaced(f"NOT {self.inner(one.parts[0], one)}")
        return spaced(f" {one.word} ".join(self.inner(part, one) for part in one.parts))

    def inner(self, one: Typed, parent: Typed, implicit: bool = False) -> str:
        """Return an operand, in parentheses where the form with few of them still needs these."""
        text = self.text(one, implicit)
        return f"({text})" if self.pretty and not simple(one, parent) else text

    def cast(self, one: Typed, implicit: bool) -> str:
        """Return a cast, or only its operand where nobody wrote the cast and it is not asked for."""
        operand = one.parts[0]
        if one.implicit and not implicit:
            return self.inner(operand, one)
        if operand.kind == "const" and operand.type == (one.type and one.type.plain):
            return f"{const(operand.word, operand.type, False)}::{one.word}"
        return f"{self.enclosed(self.inner(operand, one))}::{one.word}"

    def case(self, one: Typed) -> str:
        """Return CASE, on lines of its own."""
        outer = "\n" + " " * self.level
        self.level += INDENT
        line = "\n" + " " * self.level
        branches = [
            f"{line}WHEN {self.text(one.parts[n])} THEN {self.text(one.parts[n + 1], True)}"
            for n in range(0, len(one.parts) - 1, 2)
        ]
        otherwise = f"{line}ELSE {self.text(one.parts[-1], True)}"
        self.level -= INDENT
        return spaced(f"{outer}CASE{''.join(branches)}{otherwise}{outer}END")


def spaced(text: str) -> str:
    """Return text without the blanks in front of a CASE that stands on a line of its own."""
    return BEFORE_CASE.sub("", text) if "\n" in text else text


def const(word: str, type_: TypeName | None, labelled: bool = True) -> str:
    """Return a constant; text in quotes has its type behind it."""
    if type_ is None:
        return "NULL" if word == "NULL" else "'" + word[1:].replace("'", "''") + "'"
    if word == "NULL":
        return f"NULL::{type_.label()}" if labelled else "NULL"
    value = word.removeprefix("'")
    base = None if type_.array else type_.base
    plain = value.replace(".", "", 1).isdecimal()
    if base == "boolean":
        return value
    if plain and ((base == "integer") or (base == "numeric" and "." in value)):
        return value
    quoted = "'" + value.replace("'", "''") + "'"
    return f"{quoted}::{type_.label()}" if labelled else quoted


def simple(one: Typed, parent: Typed) -> bool:
    """Tell whether an operand needs no parentheses inside its parent, in the form with few of them."""
    match one.kind:
        case "const" | "var" | "value" | "call" | "array" | "case" | "zone" | "syntax":
            return True
        case "cast":
            return calls(one) or simple(one.parts[0], one)
        case "op" if one.word != "IS DISTINCT FROM" and parent.kind == "op" and parent.word != "IS DISTINCT FROM":
            return within_operator(one, parent)
        case "op" | "test":
            return parent.kind in ENCLOSING or parent.kind == "bool"
        case "bool":
            if parent.kind == "bool" and parent.word != "NOT":
                return one.word in ("NOT", "AND") or parent.word == "OR"
            return parent.kind in ENCLOSING
    return False


def calls(cast: Typed) -> bool:
    """Tell whether a cast is a call of a function to the server, not a mere other name of a value's type."""
    old, new = cast.parts[0].type, cast.type
    if old is None or new is None or old.array or new.array:
        return False
    numbers = old.base in LADDER and new.base in LADDER
    return numbers or "(" in cast.word or (old.base.startswith(("date", "time")) and new.base.startswith("time"))


def within_operator(one: Typed, parent: Typed) -> bool:
    """Tell whether arithmetic inside arithmetic needs no parentheses."""
    both = len(one.parts) == 2 and len(parent.parts) == 2
    if not both or one.word not in ARITHMETIC or parent.word not in ARITHMETIC:
        return False
    if (one.word in HIGH) != (parent.word in HIGH):
        return one.word in HIGH
    return one is parent.parts[0]
