"""Values on their way into the twin and back: what a server keeps of them, and in what form they can be compared.

What the twin's database has no type for is kept as text behind a mark, so that nothing is taken for something else.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import pickle
import re
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import types as sqltypes
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from .facts import RowFacts

MARK = "\x01"
"""How text begins that stands for something else; text of an author's that begins so is not followed."""

EQUAL = frozenset(
    ("int", "bool", "float", "decimal", "date", "datetime", "instant", "time", "text", "enum", "uuid", "bytes")
)
"""Kinds whose values are equal in the twin exactly when they are on the server."""

ORDERED = frozenset(("int", "float", "decimal", "date", "datetime", "instant", "time", "text"))
"""Kinds whose order is the server's, too."""

NEVER_NULL = re.compile(
    r"[\s(]*(?:now|current_\w+|localtime\w*|clock_timestamp|statement_timestamp|get(?:utc)?date|sys\w*date\w*|"
    r"systimestamp|gen_random_uuid|uuid\w*|newid|newsequentialid|nextval)\b",
    re.I,
)
SINGLE = 24
"""Binary digits of a number of single precision."""
LARGEST = 2**63 - 1
DIGITS = 34


class NotKnown(Exception):
    """The twin has no certain answer; the text says why."""


def unknown(what: str, *, null: bool = False) -> str:
    """Return what stands in a cell whose value only the server knows; ``null`` says that it may be NULL."""
    return f"{MARK}{'!' if null else '?'}{what}"


def unknown_expression(sql: str, what: str) -> str:
    """Return what stands in a cell for an expression, given its text: the usual functions never give NULL."""
    return unknown(what, null=not NEVER_NULL.match(sql))


def is_unknown(value: Any) -> bool:
    """Tell whether a cell holds what only the server knows."""
    return isinstance(value, str) and value.startswith((unknown(""), unknown("", null=True)))


def kind_of_type(type_: TypeEngine[Any], dialect: DefaultDialect, facts: RowFacts) -> str:
    """Return the kind of a column of a type; empty for one whose values do not come back as they went in."""
    impl: Any = type_._unwrapped_dialect_impl(dialect)
    if isinstance(impl, sqltypes.DateTime):
        return zoned(impl, facts)
    if isinstance(impl, sqltypes.Uuid):
        return _kind_of_uuid(type_, dialect, facts)
    if isinstance(impl, sqltypes.Float):
        return "float" if _is_double(impl, facts) else ""
    if isinstance(impl, sqltypes.Time) and impl.result_processor(dialect, None) is not None:
        return ""  # the driver returns something else, which its dialect makes a time of
    if impl.__visit_name__ == "SET":
        return ""
    if isinstance(impl, sqltypes.String) and (impl.__visit_name__ in ("CHAR", "NCHAR") or impl.collation):
        return "char" if not impl.collation else "label"
    for kind, cls in KINDS:
        if isinstance(impl, cls):
            return kind
    return ""


def _kind_of_uuid(type_: Any, dialect: DefaultDialect, facts: RowFacts) -> str:
    """Return the kind of a UUID: its own where drivers return objects, text where it is kept as plain characters."""
    sql = dialect.type_compiler_instance.process(type_).upper()
    if sql.startswith(("CHAR", "VARCHAR")):
        return "text"
    return "uuid" if facts.uuids else ""


def _is_double(impl: Any, facts: RowFacts) -> bool:
    """Tell whether a floating-point column keeps every digit of a Python float."""
    if impl.__visit_name__.lower() in ("double", "double_precision"):
        return facts.double_floats
    return facts.double_floats and impl.__visit_name__.lower() == "float" and (impl.precision or 53) > SINGLE


def zoned(impl: Any, facts: RowFacts) -> str:
    """Return the kind of a date and time."""
    if impl.timezone:
        return "instant" if facts.utc else ""
    return "datetime"


KINDS: tuple[tuple[str, type[TypeEngine[Any]]], ...] = (
    ("bool", sqltypes.Boolean),
    ("enum", sqltypes.Enum),
    ("json", sqltypes.JSON),
    ("int", sqltypes.Integer),
    ("decimal", sqltypes.Numeric),
    ("date", sqltypes.Date),
    ("time", sqltypes.Time),
    ("text", sqltypes.String),
    ("bytes", sqltypes.LargeBinary),
    ("interval", sqltypes.Interval),
    ("array", sqltypes.ARRAY),
)


def kind_of_value(value: Any) -> str:
    """Return the kind of a value that nobody gave a type."""
    for kind, cls in PYTHON:
        if isinstance(value, cls):
            return kind
    raise NotKnown(f"a value of {type(value).__name__}")


PYTHON: tuple[tuple[str, type], ...] = (
    ("bool", bool),
    ("int", int),
    ("float", float),
    ("decimal", decimal.Decimal),
    ("datetime", dt.datetime),
    ("date", dt.date),
    ("time", dt.time),
    ("text", str),
    ("bytes", bytes),
    ("uuid", uuid.UUID),
)


def encoded(value: Any, kind: str, type_: Any, facts: RowFacts) -> Any:
    """Return a driver's value as the twin keeps it in a column of a kind.

    Raises NotKnown for a value of which nobody here knows how the server keeps it.
    """
    if value is None:
        return None
    encode = ENCODERS.get(kind)
    found = encode(value, type_, facts) if encode is not None else NotImplemented
    if found is NotImplemented:
        raise NotKnown(f"how the server keeps a value of {type(value).__name__}")
    return found


def rekept(value: Any, kind: str, type_: Any, facts: RowFacts) -> Any:
    """Return a value of the twin's as a column of the same kind keeps it. Raises NotKnown."""
    if value is None or is_unknown(value) or kind not in ("decimal", "text", "char", "label", "enum"):
        return value
    plain = decimal.Decimal(value[2:]) if kind == "decimal" else value
    return encoded(plain, kind, type_, facts)


def _int(value: Any, _type: Any, _facts: RowFacts) -> Any:
    return int(value) if isinstance(value, int) and -LARGEST <= value <= LARGEST else NotImplemented


def _bool(value: Any, _type: Any, _facts: RowFacts) -> Any:
    return int(value) if isinstance(value, int) and value in (0, 1) else NotImplemented


def _float(value: Any, _type: Any, _facts: RowFacts) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        return NotImplemented
    return float(value)


def _decimal(value: Any, type_: Any, _facts: RowFacts) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | decimal.Decimal):
        return NotImplemented
    number = decimal.Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite() or number.adjusted() > DIGITS or len(number.as_tuple().digits) > DIGITS:
        return NotImplemented
    scale, precision = getattr(type_, "scale", None), getattr(type_, "precision", None)
    if scale is None and precision is not None:
        scale = 0
    if scale is not None:
        number = number.quantize(decimal.Decimal(1).scaleb(-scale), decimal.ROUND_HALF_UP, decimal.Context(80))
    elif number == 0 or "E" in str(number):
        number = decimal.Decimal(format(number, "f"))
    return f"{MARK}d{number:f}"


def _datetime(value: Any, type_: Any, facts: RowFacts) -> Any:
    if not isinstance(value, dt.datetime) or value.tzinfo is not None:
        return NotImplemented
    if value.microsecond and facts.fraction != 6 and getattr(type_, "fsp", None) != 6:
        return NotImplemented
    return f"{MARK}t{value.isoformat(timespec='microseconds')}"


def _instant(value: Any, _type: Any, _facts: RowFacts) -> Any:
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        return NotImplemented
    return f"{MARK}z{value.astimezone(dt.timezone.utc).isoformat(timespec='microseconds')}"


def _date(value: Any, _type: Any, _facts: RowFacts) -> Any:
    plain = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return f"{MARK}D{value.isoformat()}" if plain else NotImplemented


def _time(value: Any, _type: Any, facts: RowFacts) -> Any:
    if not isinstance(value, dt.time) or value.tzinfo is not None or (value.microsecond and facts.fraction != 6):
        return NotImplemented
    return f"{MARK}m{value.isoformat(timespec='microseconds')}"


def _text(value: Any, type_: Any, facts: RowFacts) -> Any:
    if not isinstance(value, str) or value.startswith(MARK) or "\0" in value:
        return NotImplemented
    if not value and facts.empty_is_null:
        return None
    length = getattr(type_, "length", None)
    return value if not length or len(value) <= length else NotImplemented


def _char(value: Any, type_: Any, facts: RowFacts) -> Any:
    length = getattr(type_, "length", None) or 1
    fits = isinstance(value, str) and len(value) == length and not value.endswith(" ")
    return _text(value, type_, facts) if fits else NotImplemented


def _json(value: Any, type_: Any, facts: RowFacts) -> Any:
    if not isinstance(value, str):
        return NotImplemented
    if getattr(type_, "__visit_name__", "") in facts.sorted_json and "{" in value:
        value = json.dumps(sorted_keys(json.loads(value)))
    return f"{MARK}j{value}"


def sorted_keys(value: Any) -> Any:
    """Return JSON with the keys of objects in the order in which servers keep them: shorter ones first, then bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: sorted_keys(value[key]) for key in keys}
    return [sorted_keys(one) for one in value] if isinstance(value, list) else value


def _uuid(value: Any, _type: Any, _facts: RowFacts) -> Any:
    try:
        return f"{MARK}u{value if isinstance(value, uuid.UUID) else uuid.UUID(value)}"
    except (ValueError, TypeError, AttributeError):
        return NotImplemented


def _bytes(value: Any, type_: Any, facts: RowFacts) -> Any:
    fits = isinstance(value, bytes | bytearray | memoryview) and getattr(type_, "__visit_name__", "") != "BINARY"
    return bytes(value) if fits and not (facts.empty_is_null and not value) else NotImplemented


def _array(value: Any, _type: Any, _facts: RowFacts) -> Any:
    simple = isinstance(value, list | tuple) and all(isinstance(one, str | int | None) for one in value)
    return f"{MARK}o{base64.b64encode(pickle.dumps(list(value))).decode()}" if simple else NotImplemented


ENCODERS: dict[str, Callable[[Any, Any, RowFacts], Any]] = {
    "int": _int,
    "bool": _bool,
    "float": _float,
    "decimal": _decimal,
    "datetime": _datetime,
    "instant": _instant,
    "date": _date,
    "time": _time,
    "text": _text,
    "enum": _text,
    "label": _text,
    "char": _char,
    "json": _json,
    "uuid": _uuid,
    "bytes": _bytes,
    "array": _array,
}


def decoded(value: Any, kind: str, *, typed: bool, facts: RowFacts, missing: Callable[[str], Any]) -> Any:
    """Return what a driver returns for a value of the twin's.

    ``typed`` says that SQLAlchemy knows the column's type and will process the value; ``missing`` makes the object for
    a cell that only the server knows. Raises NotKnown where drivers differ.
    """
    if isinstance(value, str) and value.startswith(MARK):
        code, text = value[1], value[2:]
        if code == "?":
            return missing(text)
        if code == "!":
            raise NotKnown(f"only the server knows {text}")
        if code == "j" and not typed:
            if not facts.parses_json:
                raise NotKnown("how the driver returns JSON to a query without types")
            return json.loads(text)
        return DECODERS[code](text)
    if kind == "sum" and value is not None and facts.sum_of_integers == "decimal":
        return decimal.Decimal(value)
    if kind == "bool" and value is not None and (typed or facts.booleans):
        return bool(value)
    return value


DECODERS: dict[str, Callable[[str], Any]] = {
    "d": decimal.Decimal,
    "D": dt.date.fromisoformat,
    "t": dt.datetime.fromisoformat,
    "z": dt.datetime.fromisoformat,
    "m": dt.time.fromisoformat,
    "j": str,
    "u": uuid.UUID,
    "o": lambda text: pickle.loads(base64.b64decode(text)),
}
