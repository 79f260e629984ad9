"""Constants of PostgreSQL in the words of its catalog: a value of a type, read and shown again by the server."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from .postgresql_expressions import UnknownFormError
from .postgresql_type_names import TypeName, quoted, unquoted

INTEGER_RANGE, BIGINT_RANGE = 2**31, 2**63
WHOLE = re.compile(r"[+-]?\d+")
SHORT_FLOAT = re.compile(r"-?(?:0|[1-9]\d{0,5})(?:\.\d{1,4})?")
TRUE, FALSE = (
    ("t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"),
    ("f", "fa", "fal", "false", "n", "no", "off", "0"),
)
DATE = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?(\.\d+)?)?")
CLOCK = re.compile(r"(\d\d:\d\d)(:\d\d)?(\.\d+)?")
INTERVAL = re.compile(r"(?P<count>-?\d+) (?P<unit>day|hour|minute|second|mon|month|year|week)s?")
SIMPLE_ARRAY = re.compile(r"\{(?:[A-Za-z0-9_.-]+(?:,[A-Za-z0-9_.-]+)*)?\}")
NAMES = re.compile(r'"(?:[^"]|"")+"|[^\W\d][\w$]*')
#: Types that show text just as they got it.
AS_WRITTEN = frozenset(("text", "character varying", "character", "json", "name", "xml", "citext", "regconfig", "?"))
OWN_TYPES = frozenset(
    (
        *(
            "tsvector",
            "tsquery",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "money",
            "point",
            "line",
            "lseg",
            "box",
            "path",
        ),
        *("polygon", "circle", "bit", "bit varying", "hstore", "oid", "xid", "pg_lsn", "tid", "ltree", "lquery"),
        *("time with time zone", "timestamp with time zone"),
        *("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"),
        *("int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange"),
    )
)


def numeric_type(text: str) -> TypeName:
    """Return the type of a number without quotes (manual, 4.1.2.6)."""
    if WHOLE.fullmatch(text):
        if -INTEGER_RANGE <= int(text) < INTEGER_RANGE:
            return TypeName("integer")
        return TypeName("bigint" if -BIGINT_RANGE <= int(text) < BIGINT_RANGE else "numeric")
    return TypeName("numeric")


def constant(text: str, type_: TypeName, default_schema: str | None) -> str:
    """Return a value, given as text, as its type shows it. Raises UnknownFormError where that is not known."""
    if type_.array:
        if SIMPLE_ARRAY.fullmatch(text) and "null" not in text.lower():
            return text
        raise UnknownFormError(text)
    base = type_.base
    if base in AS_WRITTEN or type_.schema is not None:
        return text
    if base in SHOWN:
        shown: str = SHOWN[base](text.strip())
        return shown
    if base == "regclass":
        parts = [unquoted(part) for part in NAMES.findall(text)]
        return ".".join(quoted(part) for part in (parts[1:] if parts[0] == default_schema else parts))
    if base in OWN_TYPES or base.startswith("interval "):
        raise UnknownFormError(text)
    return text  # of an enum


def whole(text: str) -> str:
    """Return an integer."""
    if not WHOLE.fullmatch(text):
        raise UnknownFormError(text)
    return str(int(text))


def decimal(text: str) -> str:
    """Return an exact number, which keeps its digits behind the point."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise UnknownFormError(text) from error
    if not number.is_finite():
        raise UnknownFormError(text)
    shown = format(number, "f")
    return shown.removeprefix("-") if not number else shown


def floating(text: str) -> str:
    """Return a number of few digits as ``real`` and ``double precision`` show it."""
    if not SHORT_FLOAT.fullmatch(text):
        raise UnknownFormError(text)
    return repr(float(text)).removesuffix(".0")


def boolean(text: str) -> str:
    """Return a truth value."""
    if text.lower() in TRUE:
        return "true"
    if text.lower() in FALSE:
        return "false"
    raise UnknownFormError(text)


def date(text: str) -> str:
    """Return a date in the ISO form."""
    if not DATE.fullmatch(text):
        raise UnknownFormError(text)
    return dt.date.fromisoformat(text).isoformat()


def moment(text: str) -> str:
    """Return a moment without time zone in the ISO form."""
    found = MOMENT.fullmatch(text)
    if found is None:
        raise UnknownFormError(text)
    return f"{date(found[1])} {found[2] or '00:00'}{found[3] or ':00'}{(found[4] or '').rstrip('0').rstrip('.')}"


def clock(text: str) -> str:
    """Return a time of day."""
    found = CLOCK.fullmatch(text)
    if found is None:
        raise UnknownFormError(text)
    return f"{found[1]}{found[2] or ':00'}{(found[3] or '').rstrip('0').rstrip('.')}"


def interval(text: str) -> str:
    """Return an interval of one unit, or of a time of day, in the server's style ``postgres``."""
    if CLOCK.fullmatch(text):
        return clock(text)
    found = INTERVAL.fullmatch(text.lower())
    if found is None:
        raise UnknownFormError(text)
    count, unit = int(found["count"]), found["unit"]
    if unit in ("hour", "minute", "second"):
        seconds = count * {"hour": 3600, "minute": 60, "second": 1}[unit]
        sign, seconds = "-" * (seconds < 0), abs(seconds)
        return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if unit == "week":
        count, unit = count * 7, "day"
    if unit in ("mon", "month"):
        years, months = divmod(abs(count), 12)
        sign = "-" * (count < 0)
        parts = [
            f"{sign}{n} {name}{'s' * (f'{sign}{n}' != '1')}" for n, name in ((years, "year"), (months, "mon")) if n
        ]
        return " ".join(parts) or "00:00:00"
    return f"{count} {unit}{'s' * (count != 1)}" if count else "00:00:00"


def json_value(text: str) -> str:
    """Return jsonb: keys by length, then by bytes, the last of each; blanks behind colons and commas."""
    try:
        value = json.loads(text, parse_float=lambda digits: Digits(digits), parse_int=lambda digits: Digits(digits))
    except ValueError as error:
        raise UnknownFormError(text) from error
    return shown_json(value)


class Digits(str):
    """A number of JSON as it was written."""

    __slots__ = ()


def shown_json(value: Any) -> str:
    """Return a value of jsonb."""
    match value:
        case Digits():
            return decimal(value)
        case str():
            if not value.isprintable():
                raise UnknownFormError(value)
            return json.dumps(value, ensure_ascii=False)
        case dict():
            keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
            return "{" + ", ".join(f"{shown_json(key)}: {shown_json(value[key])}" for key in keys) + "}"
        case list():
            return "[" + ", ".join(map(shown_json, value)) + "]"
    return {True: "true", False: "false", None: "null"}[value]


def identifier(text: str) -> str:
    """Return a UUID."""
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise UnknownFormError(text) from error


def bytes_value(text: str) -> str:
    r"""Return bytea in its form ``\x…``."""
    if text.startswith("\\x") and re.fullmatch(r"[0-9a-fA-F]*", text[2:]):
        return text.lower()
    if "\\" in text:
        raise UnknownFormError(text)
    return "\\x" + text.encode().hex()


SHOWN = {
    **dict.fromkeys(("smallint", "integer", "bigint"), whole),
    "numeric": decimal,
    **dict.fromkeys(("real", "double precision"), floating),
    "boolean": boolean,
    "date": date,
    "timestamp without time zone": moment,
    "time without time zone": clock,
    "interval": interval,
    "jsonb": json_value,
    "uuid": identifier,
    "bytea": bytes_value,
}
