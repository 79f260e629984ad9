"""Expressions in the words of PostgreSQL's catalog, as ``pg_get_expr()`` and ``pg_get_constraintdef()`` show them.

The server keeps an expression as a tree in which every operand has a type, and shows that tree: with casts where one
type became another, and with parentheses around each operation, or, in its *pretty* form, around those that need them
(``ruleutils.c`` of the server; all of it is compared with a server by the tests). What is not known by form or by type
is left as its author wrote it: it means the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..records import dataclass, replace
from .postgresql_constants import constant, decimal, numeric_type
from .postgresql_expressions import (
    Among,
    Array,
    AtZone,
    Call,
    Case,
    CastTo,
    Collated,
    ListOf,
    Literal,
    Logic,
    Name,
    Node,
    Operator,
    Phrase,
    Test,
    UnknownFormError,
    Value,
)
from .postgresql_type_names import TypeName, quoted

TEXT, BPCHAR, VARCHAR = TypeName("text"), TypeName("character"), TypeName("character varying")
BOOLEAN, INTEGER, BIGINT = TypeName("boolean"), TypeName("integer"), TypeName("bigint")
NUMERIC, DOUBLE = TypeName("numeric"), TypeName("double precision")
MOMENT, LOCAL, DATE = (
    TypeName("timestamp with time zone"),
    TypeName("timestamp without time zone"),
    TypeName("date"),
)
INTERVAL, JSONB, JSON = TypeName("interval"), TypeName("jsonb"), TypeName("json")
#: What a call returns of which nothing is known.
ANYTHING = TypeName("?")

LADDER = ("smallint", "integer", "bigint", "numeric", "real", "double precision")
INTEGERS = frozenset(LADDER[:3])
STRINGS = frozenset(("text", "character varying", "character"))
MOMENTS = frozenset((MOMENT.base, LOCAL.base, DATE.base))
COMPARISONS = frozenset(("=", "<>", "<", ">", "<=", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"))
MATCHES = frozenset(("~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*"))
ARITHMETIC = frozenset("+-*/%")
SAME = ("moment", "number", "fraction")
VALUE_TYPES = {
    "CURRENT_TIMESTAMP": MOMENT,
    "CURRENT_DATE": DATE,
    "CURRENT_TIME": TypeName("time with time zone"),
    "LOCALTIMESTAMP": LOCAL,
    "LOCALTIME": TypeName("time without time zone"),
    "CURRENT_USER": TypeName("name"),
    "SESSION_USER": TypeName("name"),
}
#: What functions take and return; ``any`` takes everything as it is, ``same`` is the type of the first such argument.
FUNCTIONS: Mapping[str, tuple[tuple[str, ...], str]] = {
    **dict.fromkeys(("lower", "upper", "initcap", "reverse"), (("text",), "text")),
    **dict.fromkeys(("btrim", "ltrim", "rtrim"), (("text", "text"), "text")),
    "md5": (("text",), "text"),
    **dict.fromkeys(("length", "char_length", "character_length"), (("string",), "integer")),
    "replace": (("text", "text", "text"), "text"),
    "substr": (("text", "integer", "integer"), "text"),
    "left": (("text", "integer"), "text"),
    "right": (("text", "integer"), "text"),
    "strpos": (("text", "text"), "integer"),
    "split_part": (("text", "text", "integer"), "text"),
    "regexp_replace": (("text", "text", "text", "text"), "text"),
    "date_trunc": (("text", "moment"), "same"),
    "date_part": (("text", "any"), "double precision"),
    "to_char": (("any", "text"), "text"),
    **dict.fromkeys(("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp"), ((), MOMENT.base)),
    **dict.fromkeys(("gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1"), ((), "uuid")),
    "nextval": (("regclass",), "bigint"),
    "currval": (("regclass",), "bigint"),
    "random": ((), "double precision"),
    "abs": (("number",), "same"),
    **dict.fromkeys(("round", "trunc"), (("fraction", "integer"), "same")),
    **dict.fromkeys(("ceil", "ceiling", "floor", "sign", "sqrt", "exp", "ln"), (("fraction",), "same")),
    **dict.fromkeys(("to_tsquery", "plainto_tsquery"), (("regconfig", "text"), "tsquery")),
    "array_length": (("any", "integer"), "integer"),
    "cardinality": (("any",), "integer"),
    "jsonb_array_length": (("jsonb",), "integer"),
    "json_array_length": (("json",), "integer"),
    "jsonb_typeof": (("jsonb",), "text"),
    "json_typeof": (("json",), "text"),
    **dict.fromkeys(("num_nulls", "num_nonnulls"), (("any",) * 9, "integer")),
    "to_tsvector": (("regconfig", "text"), "tsvector"),
    "timezone": (("text", "moment"), "?"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A part of an expression with its type; None is the type of a literal that waits for one.

    ``kind`` is ``const``, ``var``, ``value``, ``call``, ``cast``, ``op``, ``test``, ``bool``, ``any``, ``array``,
    ``case`` or ``zone``. ``implicit`` says that the author did not write the cast.
    """

    kind: str
    type: TypeName | None
    word: str = ""
    parts: tuple[Typed, ...] = ()
    implicit: bool = False


class Analysis:
    """Gives every part of an expression its type, as the server's parser does.

    ``types`` are those of the columns, ``version`` is the server's, ``default_schema`` the one that is searched.
    """

    def __init__(
        self, types: Mapping[str, TypeName | None], version: tuple[int, ...], default_schema: str | None
    ) -> None:
        self.types = types
        self.version = version
        self.default_schema = default_schema

    def typed(self, node: Node) -> Typed:
        """Return a tree with types. Raises UnknownFormError."""
        analysed: Typed = getattr(self, TYPED[type(node)])(node)
        return analysed

    def literal(self, node: Literal) -> Typed:
        """Return a literal: numbers have a type, text waits for one."""
        match node.kind:
            case "true" | "false":
                return Typed("const", BOOLEAN, node.text)
            case "number":
                type_ = numeric_type(node.text)
                return Typed("const", type_, decimal(node.text) if type_ == NUMERIC else node.text)
            case "null":
                return Typed("const", None, "NULL")
        return Typed("const", None, "'" + node.text)

    def name(self, node: Name) -> Typed:
        """Return a column."""
        found = self.types.get(node.name)
        if found is None:
            raise UnknownFormError(node.name)
        return Typed("var", found.plain if found.base != "bit" else found, quoted(node.name))

    def value(self, node: Value) -> Typed:
        """Return a value of the session."""
        return Typed("value", VALUE_TYPES[node.word.partition("(")[0]], node.word)

    def call(self, node: Call) -> Typed:
        """Return a call, its arguments cast to what the function takes."""
        arguments = [self.typed(one) for one in node.arguments]
        if node.name == "nullif" and node.schema is None and len(arguments) == 2:
            pair = self.compared(*arguments)
            return Typed("call", pair[0].type, "NULLIF", pair)
        if node.name in ("coalesce", "greatest", "least") and node.schema is None:
            common = self.common(arguments)
            parts = tuple(self.coerced(one, common) for one in arguments)
            return Typed("call", common, node.name.upper(), parts)
        known = FUNCTIONS.get(node.name) if node.schema in (None, "pg_catalog") else None
        name = quoted(node.name)
        if node.schema not in (None, "pg_catalog", self.default_schema):
            name = f"{quoted(str(node.schema))}.{name}"
        if known is None:
            if any(one.type is None or one.type.base in ("character varying", "?") for one in arguments):
                raise UnknownFormError(node.name)
            return Typed("call", ANYTHING, name, tuple(arguments))
        takes, returns = known
        if takes[:1] == ("regconfig",) and len(arguments) == 1:
            takes = ("text",)
        if len(arguments) > len(takes):
            raise UnknownFormError(node.name)
        parts = tuple(map(self.argument, arguments, takes))
        same = next((one.type for one, kind in zip(parts, takes, strict=False) if kind in SAME), None)
        return Typed("call", (same or ANYTHING) if returns == "same" else TypeName(returns), name, parts)

    def argument(self, one: Typed, takes: str) -> Typed:
        """Return an argument as a function takes it."""
        base = one.type.base if one.type is not None else None
        match takes:
            case "any" if base is not None or one.word == "NULL":
                return one
            case "any":
                return self.coerced(one, TEXT)
            case "string":
                return one if base not in ("character varying", None) else self.coerced(one, TEXT)
            case "number" if base in LADDER:
                return one
            case "fraction" if base in LADDER:
                return one if base in ("numeric", "double precision") else self.coerced(one, DOUBLE)
            case "moment" if base in (MOMENT.base, LOCAL.base):
                return one
            case "moment" if base == DATE.base:
                return self.coerced(one, MOMENT)
            case "number" | "moment" | "fraction":
                raise UnknownFormError(takes)
        return self.coerced(one, TypeName(takes))

    def operator(self, node: Operator) -> Typed:
        """Return an operator, its operands cast to the types that it is defined for."""
        right = self.typed(node.right)
        if node.left is None:
            if right.type is None or right.type.base not in LADDER:
                raise UnknownFormError(node.sign)
            return Typed("op", right.type, node.sign, (right,))
        return self.operated(node.sign, self.typed(node.left), right)

    def operated(self, sign: str, left: Typed, right: Typed) -> Typed:
        """Return an operator between two operands with types."""
        if sign == "IS NOT DISTINCT FROM":
            return Typed("bool", BOOLEAN, "NOT", (self.operated("IS DISTINCT FROM", left, right),))
        if sign in COMPARISONS:
            return Typed("op", BOOLEAN, sign, self.compared(left, right))
        if sign in MATCHES:
            bpchar = left.type is not None and left.type.base == "character"
            first = left if bpchar else self.string(left)
            return Typed("op", BOOLEAN, sign, (first, self.coerced(right, TEXT)))
        if sign == "||":
            return self.joined(left, right)
        if sign in ("@>", "<@", "&&") and left.type is not None and left.type.array:
            common = self.common([left, right])
            return Typed("op", BOOLEAN, sign, (self.coerced(left, common), self.coerced(right, common)))
        if sign in ("&", "|", "#") and {one.type and one.type.base for one in (left, right)} <= INTEGERS:
            common = self.common([left, right])
            return Typed("op", common, sign, (self.coerced(left, common), self.coerced(right, common)))
        if sign in ("->", "->>", "@>", "<@", "?") and left.type in (JSONB, JSON):
            return self.json(sign, left, right)
        if sign == "@@" and {left.type, right.type} == {TypeName("tsvector"), TypeName("tsquery")}:
            return Typed("op", BOOLEAN, sign, (left, right))
        if sign in ARITHMETIC:
            return self.reckoned(sign, left, right)
        raise UnknownFormError(sign)

    def string(self, one: Typed) -> Typed:
        """Return an operand as text. Raises UnknownFormError for what is none."""
        if one.type is not None and (one.type.array or one.type.base not in STRINGS):
            raise UnknownFormError(one.word)
        return self.coerced(one, TEXT)

    def compared(self, left: Typed, right: Typed) -> tuple[Typed, Typed]:
        """Return both sides of a comparison."""
        kinds = {one.type.base for one in (left, right) if one.type is not None and not one.type.array}
        if len(kinds) == 2 and (kinds <= INTEGERS or kinds <= MOMENTS or kinds == {"real", "double precision"}):
            return left, right
        if left.type is None and right.type is None:
            return self.coerced(left, TEXT), self.coerced(right, TEXT)
        if kinds == {"real", "numeric"} or ("real" in kinds and kinds & INTEGERS):
            return self.floating(left), self.floating(right)
        common = self.common([left, right])
        if common.base == VARCHAR.base:
            common = replace(TEXT, array=common.array)
        return self.coerced(left, common), self.coerced(right, common)

    def floating(self, one: Typed) -> Typed:
        """Return an operand beside one that is real: others become double precision."""
        return one if one.type is not None and one.type.base == "real" else self.coerced(one, DOUBLE)

    def joined(self, left: Typed, right: Typed) -> Typed:
        """Return ``||`` over text, and over JSON or arrays of one type."""
        types = {one.type for one in (left, right) if one.type is not None}
        if len(types) == 1 and (next(iter(types)).array or types == {JSONB}):
            whole = next(iter(types))
            return Typed("op", whole, "||", (self.coerced(left, whole), self.coerced(right, whole)))
        if any(one.array or one.base == "?" for one in types) or not (
            not types or any(one.base in STRINGS for one in types)
        ):
            raise UnknownFormError("||")
        parts = tuple(
            self.coerced(one, TEXT) if one.type is None or one.type.base in STRINGS else one for one in (left, right)
        )
        return Typed("op", TEXT, "||", parts)

    def json(self, sign: str, left: Typed, right: Typed) -> Typed:
        """Return an operator that looks into JSON."""
        if sign in ("@>", "<@"):
            return Typed("op", BOOLEAN, sign, (left, self.coerced(right, JSONB)))
        key = right if right.type == INTEGER else self.coerced(right, TEXT)
        returns = {"->": left.type, "->>": TEXT, "?": BOOLEAN}[sign]
        return Typed("op", returns, sign, (left, key))

    def reckoned(self, sign: str, left: Typed, right: Typed) -> Typed:
        """Return an operator of arithmetic over numbers, or over a moment and an interval."""
        a, b = (one.type.base if one.type is not None else None for one in (left, right))
        if a in LADDER and b in LADDER:
            if {a, b} <= INTEGERS and sign != "%":
                return Typed("op", TypeName(max(a, b, key=LADDER.index)), sign, (left, right))
            if a != b and "real" in (a, b):
                return Typed("op", DOUBLE, sign, (self.floating(left), self.floating(right)))
            common = self.common([left, right])
            return Typed("op", common, sign, (self.coerced(left, common), self.coerced(right, common)))
        if a in MOMENTS and b == "interval" and sign in "+-":
            return Typed("op", LOCAL if a == "date" else left.type, sign, (left, right))
        if a == b == "interval" and sign in "+-":
            return Typed("op", INTERVAL, sign, (left, right))
        if a == "date" and b == "integer" and sign in "+-":
            return Typed("op", DATE, sign, (left, right))
        raise UnknownFormError(sign)

    def common(self, parts: list[Typed]) -> TypeName:
        """Return the type that operands have in common (manual, 10.5). Raises UnknownFormError."""
        types = [one.type for one in parts if one.type is not None]
        if not types:
            return TEXT
        if ANYTHING in types:
            raise UnknownFormError("?")
        if all(one == types[0] for one in types):
            return types[0]
        if all(one.base in LADDER and not one.array for one in types):
            return TypeName(max((one.base for one in types), key=LADDER.index))
        if all(one.base in ("text", "character varying") for one in types) and len({one.array for one in types}) == 1:
            return types[0]
        raise UnknownFormError("types")

    def coerced(self, one: Typed, target: TypeName, implicit: bool = True) -> Typed:
        """Return a part as one of another type. Raises UnknownFormError for a conversion that is not known."""
        if one.kind == "collate" and one.type is not None and one.type != target:
            return replace(one, type=target, parts=(self.coerced(one.parts[0], target, implicit),))
        if one.type is None:
            text = "NULL" if one.word == "NULL" else "'" + constant(one.word[1:], target, self.default_schema)
            return Typed("const", target, text)
        if one.type == target:
            return one
        if one.type == ANYTHING or (implicit and not self.widens(one.type, target)):
            raise UnknownFormError(f"{one.type} to {target}")
        return Typed("cast", target, target.label(), (one,), implicit)

    def widens(self, old: TypeName, new: TypeName) -> bool:
        """Tell whether the server turns a type into another by itself."""
        if old.array != new.array:
            return False
        if old.base in LADDER and new.base in LADDER:
            return LADDER.index(old.base) < LADDER.index(new.base)
        pairs = (DATE.base, LOCAL.base), (DATE.base, MOMENT.base), (LOCAL.base, MOMENT.base)
        if (old.base, new.base) == ("text", "character varying"):
            return True
        return (old.base in STRINGS and new.base == "text") or (old.base, new.base) in pairs

    def logic(self, node: Logic) -> Typed:
        """Return AND, OR and NOT."""
        return Typed("bool", BOOLEAN, node.word.upper(), tuple(self.truth(one) for one in node.operands))

    def truth(self, node: Node) -> Typed:
        """Return a condition. Raises UnknownFormError for what is none."""
        found = self.typed(node)
        if found.type is not None and found.type not in (BOOLEAN, ANYTHING):
            raise UnknownFormError(found.word)
        return self.coerced(found, BOOLEAN) if found.type is None else found

    def test(self, node: Test) -> Typed:
        """Return ``IS NULL`` and its like."""
        operand = self.typed(node.operand)
        if operand.type is None:
            operand = self.coerced(operand, TEXT)
        return Typed("test", BOOLEAN, node.words, (operand,))

    def among(self, node: Among) -> Typed:
        """Return ``= ANY (…)``."""
        left, array = self.typed(node.left), self.typed(node.array)
        if array.type is None or not array.type.array:
            raise UnknownFormError("ANY")
        return self.amid(node.sign, left, array, node.every)

    def amid(self, sign: str, left: Typed, array: Typed, every: bool) -> Typed:
        """Return a comparison with each element of an array."""
        element = (array.type or ANYTHING).element
        first, second = self.compared(left, Typed("var", element))
        if second.kind == "cast":
            target = replace(second.type or ANYTHING, array=True)
            array = Typed("cast", target, target.label(), (array,), implicit=True)
        return Typed("any", BOOLEAN, f"{sign} {'ALL' if every else 'ANY'}", (first, array))

    def array(self, node: Array) -> Typed:
        """Return ``ARRAY[…]``."""
        elements = [self.typed(one) for one in node.elements]
        if not elements:
            raise UnknownFormError("ARRAY[]")
        common = self.common(elements)
        parts = tuple(self.coerced(one, common) for one in elements)
        return Typed("array", replace(common, array=True), "ARRAY", parts)

    def listed(self, node: ListOf) -> Typed:
        """Return IN as the server understands it: one element is a comparison, more are an array."""
        left, elements = self.typed(node.left), [self.typed(one) for one in node.elements]
        sign = "<>" if node.negated else "="
        if len(elements) == 1:
            return self.operated(sign, left, elements[0])
        if any(one.kind != "const" for one in elements):
            raise UnknownFormError("IN")
        common = self.common([left, *elements])
        parts = tuple(self.coerced(one, common) for one in elements)
        array = Typed("array", replace(common, array=True), "ARRAY", parts)
        return self.amid(sign, left, array, node.negated)

    def cast(self, node: CastTo) -> Typed:
        """Return a cast that the author wrote; text in quotes becomes a constant of the type."""
        type_ = node.type
        if type_.schema == self.default_schema:
            type_ = replace(type_, schema=None)
        target = type_.plain
        if isinstance(node.operand, Array) and target.array and not type_.arguments:
            elements = tuple(self.cast(CastTo(one, target.element)) for one in node.operand.elements)
            return Typed("array", target, "ARRAY", elements)
        operand = self.typed(node.operand)
        if operand.type == ANYTHING:
            raise UnknownFormError("cast")
        if operand.type is None or operand.type == target:
            if operand.kind == "const":
                operand = self.coerced(operand, target)
            if not type_.arguments:
                return operand
        return Typed("cast", target, type_.formatted() if type_.arguments else target.label(), (operand,))

    def case(self, node: Case) -> Typed:
        """Return CASE."""
        conditions = [self.truth(condition) for condition, _ in node.branches]
        results = [self.typed(result) for _, result in node.branches]
        otherwise = [self.typed(node.otherwise)] if node.otherwise is not None else []
        common = self.common([*results, *otherwise])
        shown = [self.coerced(one, common) for one in [*results, *otherwise]]
        pairs = [part for pair in zip(conditions, shown, strict=False) for part in pair]
        last = shown[-1] if otherwise else Typed("const", common, "NULL")
        return Typed("case", common, "CASE", (*pairs, last))

    def collated(self, node: Collated) -> Typed:
        """Return an operand with a collation."""
        operand = self.typed(node.operand)
        if operand.type is None:
            operand = self.coerced(operand, TEXT)
        return Typed("collate", operand.type, quoted(node.name), (operand,))

    def phrase(self, node: Phrase) -> Typed:
        """Return EXTRACT and TRIM, which are plain calls before version 14."""
        operands = tuple(map(self.typed, node.arguments))
        if node.name == "extract":
            if operands[0].type is None or operands[0].type.base not in (*MOMENTS, "interval"):
                raise UnknownFormError(node.name)
            if self.version >= (14,):
                return Typed("syntax", NUMERIC, f"EXTRACT({node.word} FROM {{}})", operands)
            field_name = Typed("const", TEXT, f"'{node.word}")
            moment = self.coerced(operands[0], LOCAL) if operands[0].type == DATE else operands[0]
            return Typed("call", DOUBLE, "date_part", (field_name, moment))
        parts = tuple(self.string(one) for one in operands)
        if self.version < (14,):
            name = {"BOTH": "btrim", "LEADING": "ltrim", "TRAILING": "rtrim"}[node.word]
            return Typed("call", TEXT, name, parts)
        what = " {1}" if len(parts) == 2 else ""
        return Typed("syntax", TEXT, f"TRIM({node.word}{what} FROM {{0}})", parts)

    def zone(self, node: AtZone) -> Typed:
        """Return AT TIME ZONE, which is shown as a call before version 14."""
        operand, zone = self.typed(node.operand), self.coerced(self.typed(node.zone), TEXT)
        if operand.type not in (MOMENT, LOCAL):
            raise UnknownFormError("AT TIME ZONE")
        returns = LOCAL if operand.type == MOMENT else MOMENT
        if self.version < (14,):
            return Typed("call", returns, "timezone", (zone, operand))
        return Typed("zone", returns, "AT TIME ZONE", (operand, zone))


TYPED: Mapping[type, str] = {
    Literal: "literal",
    Name: "name",
    Value: "value",
    Call: "call",
    Operator: "operator",
    Logic: "logic",
    Test: "test",
    Among: "among",
    Array: "array",
    ListOf: "listed",
    CastTo: "cast",
    Case: "case",
    AtZone: "zone",
    Collated: "collated",
    Phrase: "phrase",
}
