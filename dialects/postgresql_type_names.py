"""Types of PostgreSQL by the names that its ``format_type()`` gives them."""

from __future__ import annotations

import re

from ..records import dataclass, replace
from .postgresql_types import ALIASES

#: What is shown otherwise than it is written. ``bpchar`` is ``character`` with no length.
CANONICAL = {**ALIASES, "float": "double precision", "bpchar": "character"}
#: Types of more than one word, and how many words of a text belong to one.
PHRASE = re.compile(
    r"double\s+precision|(?:national\s+)?char(?:acter)?(?:\s+varying)?|bit(?:\s+varying)?|"
    r"(?P<time>timestamp|time)(?P<digits>\s*\(\s*\d+\s*\))?(?P<zone>\s+with(?:out)?\s+time\s+zone)?\b|"
    r"interval(?P<fields>(?:\s+(?:year|month|day|hour|minute|second))(?:\s+to\s+(?:month|hour|minute|second))?)?",
    re.I,
)
NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
QUALIFIED = re.compile(rf"{NAME}(?:\s*\.\s*{NAME})?")
ARGUMENTS = re.compile(r"\s*\(([^()]*)\)")
ARRAY = re.compile(r"(?:\s*\[\s*\d*\s*\])+|\s+array\b(?:\s*\[\s*\d*\s*\])?", re.I)
COLLATE = re.compile(rf"\s*collate\s+(?P<name>{NAME}(?:\s*\.\s*{NAME})?)", re.I)
PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type: its name as the server shows it, what stands in parentheses, whether it is an array, its collation.

    ``schema`` is that of a type that a name was qualified for, None for a type that is found without.
    """

    base: str
    arguments: tuple[str, ...] = ()
    array: bool = False
    collation: str | None = None
    schema: str | None = None

    @property
    def element(self) -> TypeName:
        """The type of an array's elements."""
        return replace(self, array=False)

    @property
    def plain(self) -> TypeName:
        """The type without its arguments and collation."""
        return replace(self, arguments=(), collation=None)

    def label(self) -> str:
        """Return the name behind ``::``, with no arguments."""
        base = "bpchar" if self.base == "character" and not self.arguments else self.shown()
        return base + "[]" * self.array

    def shown(self) -> str:
        """Return the name as SQL has it, with its schema where it needs one."""
        return f"{quoted(self.schema)}.{quoted(self.base)}" if self.schema else self.written_base()

    def written_base(self) -> str:
        """Return the name alone; that of a type of the server's own may have blanks."""
        return self.base if self.base in OWN_PHRASES else quoted(self.base)

    def formatted(self) -> str:
        """Return what ``format_type(oid, typmod)`` says."""
        shown = self.shown()
        if self.arguments:
            inside = f"({','.join(self.arguments)})"
            word, blank, rest = shown.partition(" ")
            within = word in ("timestamp", "time") and blank
            shown = f"{word}{inside} {rest}" if within else f"{shown}{inside}"
        return shown + "[]" * self.array


OWN_PHRASES = {
    *CANONICAL.values(),
    *(f"interval {one}" for one in ("year", "month", "day", "hour", "minute", "second")),
    "interval",
    "interval year to month",
    "interval day to hour",
    "interval day to minute",
    "interval day to second",
    "interval hour to minute",
    "interval hour to second",
    "interval minute to second",
    "bit",
}


def parsed_type(text: str) -> TypeName:
    """Return the type that SQL text names, such as ``VARCHAR(30)[]`` or ``shop."Size"``."""
    text = text.strip()
    found = PHRASE.match(text)
    if found is not None and not re.match(r"[\w$.\"]", text[found.end() :]):
        name, arguments, end = phrase(found, text)
    else:
        match = QUALIFIED.match(text)
        if match is None:
            return TypeName(text)
        parts = [unquoted(part) for part in re.findall(NAME, match[0])]
        inside = ARGUMENTS.match(text, match.end())
        end = inside.end() if inside else match.end()
        arguments = split_arguments(inside)
        own = parts[-1] if len(parts) == 1 or parts[0] == "pg_catalog" else None
        name = TypeName(CANONICAL.get(own, own)) if own is not None else TypeName(parts[-1], schema=parts[0])
        if match[0].lower() == '"char"':
            name = TypeName("char")
        elif name.base in ("double precision", "real") and arguments:
            name, arguments = TypeName("real" if int(arguments[0]) < 25 else "double precision"), ()
        elif name.base == "numeric" and len(arguments) == 1:
            arguments = (*arguments, "0")
    array = ARRAY.match(text, end)
    collation = COLLATE.match(text, array.end() if array else end)
    return replace(
        name,
        arguments=arguments,
        array=array is not None,
        collation=unquoted(re.findall(NAME, collation["name"])[-1]) if collation else None,
    )


def phrase(found: re.Match[str], text: str) -> tuple[TypeName, tuple[str, ...], int]:
    """Return a type of several words, its arguments, and where it ends."""
    words = " ".join(found[0].lower().split())
    if found["time"]:
        zone = " with time zone" if "with " in words else " without time zone"
        digits = (found["digits"].strip(" ()\t\n"),) if found["digits"] else ()
        return TypeName(found["time"].lower() + zone), digits, found.end()
    inside = ARGUMENTS.match(text, found.end())
    arguments = split_arguments(inside)
    words = words.removeprefix("national ")
    base = CANONICAL.get(words, words)
    if base in ("character", "bit") and not arguments:
        arguments = ("1",)
    return TypeName(base), arguments, inside.end() if inside else found.end()


def split_arguments(inside: re.Match[str] | None) -> tuple[str, ...]:
    """Return what stands in parentheses, piece by piece."""
    return tuple(part.strip() for part in inside[1].split(",")) if inside else ()


def quoted(name: str) -> str:
    """Return a name as the server shows it: in quotes unless it is plain and no reserved word."""
    if PLAIN.fullmatch(name) and name not in RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def unquoted(text: str) -> str:
    """Return the name that text means."""
    return text[1:-1].replace('""', '"') if text.startswith('"') else text.lower()


#: What ``quote_identifier()`` of the server quotes: every keyword but the unreserved ones (pg_get_keywords() of 15).
RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
    all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
    char character check coalesce collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
    desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
    grouping having ilike in initially inner inout int integer intersect interval into is isnull join lateral leading
    least left like limit localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric
    offset on only or order out outer overlaps overlay placing position precision primary real references returning
    right row select session_user setof similar smallint some substring symmetric table tablesample then time timestamp
    to trailing treat trim true union unique user using values varchar variadic verbose when where window with
    xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
        """,
    )
)
