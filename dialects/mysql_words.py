"""Types and defaults in the words of MySQL's and MariaDB's ``SHOW CREATE TABLE``.

What goes in is SQL as a script has it, what comes out is what the server prints of it. The rules are measured with
MariaDB 10.11, and those of MySQL taken from its manual (8.0 Reference Manual: 11.1.6, 11.3.4, 11.6, 13.1.20.7).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from ..records import dataclass
from .mysql_literals import ESCAPES
from .mysql_printed import Printer, string_value

SYNONYMS = (
    (re.compile(r"national (?:varchar|char varying|character varying)|nvarchar", re.I), "nvarchar"),
    (re.compile(r"national (?:char|character)|nchar", re.I), "nchar"),
    (re.compile(r"(?:char|character) varying|varcharacter", re.I), "varchar"),
    (re.compile(r"long (?:varchar|char varying|character varying)|long(?! ?varbinary)\b", re.I), "mediumtext"),
    (re.compile(r"long varbinary", re.I), "mediumblob"),
    (re.compile(r"double precision|real|float8", re.I), "double"),
    (re.compile(r"boolean|bool", re.I), "tinyint(1)"),
    (re.compile(r"integer|int4", re.I), "int"),
    (re.compile(r"int1", re.I), "tinyint"),
    (re.compile(r"int2", re.I), "smallint"),
    (re.compile(r"int3|middleint", re.I), "mediumint"),
    (re.compile(r"int8", re.I), "bigint"),
    (re.compile(r"numeric|dec|fixed", re.I), "decimal"),
    (re.compile(r"float4", re.I), "float"),
    (re.compile(r"character", re.I), "char"),
)
TYPE = re.compile(r"(?P<word>\w+)\s*(?:\((?P<args>(?:'(?:[^'\\]|''|\\.)*'|[^()'])*)\))?(?P<rest>.*)", re.I | re.S)
CHARSET = re.compile(r"\b(?:character\s+set|charset)\s+['\"]?(\w+)", re.I)
COLLATE = re.compile(r"\bcollate\s+[`'\"]?(\w+)", re.I)
STRING = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.S)

#: How many digits an integer shows, signed and unsigned, where nobody says: MariaDB, and MySQL before 8.0.19.
WIDTHS = {"tinyint": (4, 3), "smallint": (6, 5), "mediumint": (9, 8), "int": (11, 10), "bigint": (20, 20)}
TEXTS = {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"}
TIMES = {"date", "time", "datetime", "timestamp"}
#: How many bytes the kinds of long texts hold, each with its length in bytes before it.
SIZES = ((2**8 - 1, "tiny"), (2**16 - 1, ""), (2**24 - 1, "medium"), (2**32 - 1, "long"))
BYTES = {"utf8mb4": 4, "utf8mb3": 3, "utf16": 4, "utf32": 4, "utf16le": 4, "ucs2": 2}
#: The collation that a character set has where nobody names one, besides ``<charset>_general_ci``.
COLLATIONS = {
    "latin1": "latin1_swedish_ci",
    "binary": "binary",
    "big5": "big5_chinese_ci",
    "gbk": "gbk_chinese_ci",
    "gb2312": "gb2312_chinese_ci",
    "gb18030": "gb18030_chinese_ci",
    "sjis": "sjis_japanese_ci",
    "ujis": "ujis_japanese_ci",
    "cp932": "cp932_japanese_ci",
    "eucjpms": "eucjpms_japanese_ci",
    "euckr": "euckr_korean_ci",
    "dec8": "dec8_swedish_ci",
    "hp8": "hp8_english_ci",
    "swe7": "swe7_swedish_ci",
    "tis620": "tis620_thai_ci",
}
NOW = re.compile(r"(?:current_timestamp|now|localtime|localtimestamp)\s*(?:\(\s*(?P<digits>\d*)\s*\))?", re.I)
ON_UPDATE = re.compile(r"(.*?)\s*\bon\s+update\s+(\w+\s*(?:\(\s*\d*\s*\))?)\s*", re.I | re.S)
MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?")
CLOCK = re.compile(r"(-?\d+):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?")


@dataclass(frozen=True, slots=True)
class Worded:
    """A type as the server words it; ``charset`` and ``collation`` are those that the type itself names."""

    base: str
    args: str = ""
    attributes: str = ""
    charset: str | None = None
    collation: str | None = None

    @property
    def text(self) -> str:
        """The type without its character set."""
        return f"{self.base}{f'({self.args})' if self.args else ''}{self.attributes}"

    @property
    def textual(self) -> bool:
        """Whether the type has a character set."""
        return self.base in TEXTS


class Words:
    """The words of one server. ``widths`` says that integers show their width, ``quoted`` that defaults are quoted.

    ``charset`` is the one of a table of which nobody says another, ``collations`` are those that character sets have
    where nobody names one. ``json_is_text`` says that JSON is a name of LONGTEXT.
    """

    def __init__(
        self,
        *,
        widths: bool,
        quoted: bool,
        json_is_text: bool,
        collations: Mapping[str, str],
        printer: Printer,
        charset: str = "utf8mb4",
    ) -> None:
        self.widths, self.quoted, self.json_is_text = widths, quoted, json_is_text
        self.charset = charset
        self.collations = {**COLLATIONS, **collations}
        self.printer = printer

    # Character sets.

    def charset_name(self, name: str) -> str:
        """Return the name that the server has for a character set."""
        return "utf8mb3" if name.lower() == "utf8" else name.lower()

    def collation_name(self, name: str) -> str:
        """Return the name that the server has for a collation."""
        name = name.lower()
        return f"utf8mb3_{name[5:]}" if name.startswith("utf8_") else name

    def collation_of(self, charset: str) -> str:
        """Return the collation that a character set has where nobody names one."""
        return self.collations.get(charset, f"{charset}_general_ci")

    def charset_of(self, collation: str) -> str:
        """Return the character set of a collation."""
        return collation.partition("_")[0]

    def resolved(self, charset: str | None, collation: str | None) -> tuple[str, str] | None:
        """Return character set and collation of what names at least one of them; None for none."""
        if collation is not None:
            collation = self.collation_name(collation)
            return self.charset_of(collation), collation
        if charset is None:
            return None
        charset = self.charset_name(charset)
        return charset, self.collation_of(charset)

    # Types.

    def type(self, sql: str) -> Worded:
        """Return a type that is written as ``sql``."""
        for pattern, word in SYNONYMS:
            found = pattern.match(sql)
            if found and not re.match(r"\w", sql[found.end() :]):
                sql = word + sql[found.end() :]
                break
        found = TYPE.match(sql.strip())
        if found is None:
            return Worded(sql)
        base, rest = found["word"].lower(), found["rest"]
        charset, collation = CHARSET.search(rest), COLLATE.search(rest)
        worded = Worded(
            base,
            tidy(found["args"] or ""),
            "",
            charset[1] if charset else None,
            collation[1] if collation else None,
        )
        return self.finished(worded, rest.lower())

    def finished(self, worded: Worded, rest: str) -> Worded:
        """Return a type with what the server fills in."""
        base, args = worded.base, worded.args
        if base in ("nvarchar", "nchar"):
            return self.finished(Worded(base[1:], args, "", "utf8mb3", worded.collation), rest)
        if base == "json" and self.json_is_text:
            return Worded("longtext", charset="utf8mb4", collation="utf8mb4_bin")
        if base in WIDTHS:
            return self.integer(base, args, "unsigned" in rest, "zerofill" in rest)
        if base in ("float", "double", "decimal"):
            return self.number(base, args, rest)
        if base in ("char", "binary", "bit"):
            args = args or "1"
        elif base in ("datetime", "timestamp", "time"):
            args = "" if args == "0" else args
        elif base == "year":
            args = "4" if self.widths else ""
        elif base in ("text", "blob") and args:
            base, args = self.long(base, int(args), worded), ""
        charset, collation = worded.charset, worded.collation
        if re.search(r"\bbinary\b", rest) and base in TEXTS and collation is None:
            collation = f"{self.charset_name(charset or self.charset)}_bin"
        return Worded(base, args, "", charset, collation)

    def integer(self, base: str, args: str, unsigned: bool, zerofill: bool) -> Worded:
        """Return an integer's type; ZEROFILL makes it unsigned."""
        unsigned = unsigned or zerofill
        width = args or str(WIDTHS[base][unsigned])
        if not self.widths and not zerofill and not (base == "tinyint" and width == "1" and not unsigned):
            width = ""
        return Worded(base, width, f"{' unsigned' if unsigned else ''}{' zerofill' if zerofill else ''}")

    def number(self, base: str, args: str, rest: str) -> Worded:
        """Return the type of a decimal or a float."""
        if base == "decimal":
            args = args or "10"
            args = args if "," in args else f"{args},0"
        elif args and "," not in args:
            base, args = ("double" if base == "double" or int(args) > 24 else "float"), ""
        zerofill = "zerofill" in rest
        attributes = f"{' unsigned' if zerofill or 'unsigned' in rest else ''}{' zerofill' if zerofill else ''}"
        return Worded(base, args, attributes)

    def long(self, base: str, length: int, worded: Worded) -> str:
        """Return the smallest of the long types that holds so many characters or bytes."""
        found = self.resolved(worded.charset, worded.collation)
        width = BYTES.get(found[0] if found else self.charset, 1) if base == "text" else 1
        return next((prefix for size, prefix in SIZES if length * width <= size), "long") + base

    # Defaults.

    def default(self, worded: Worded, sql: str, columns: tuple[str, ...]) -> str:
        """Return what stands behind DEFAULT; ``columns`` are those of the table."""
        found = ON_UPDATE.fullmatch(sql)
        if found:
            behind = f" ON UPDATE {self.now(found[2].strip())}"
            return (self.default(worded, found[1], columns) if found[1] else "NULL") + behind
        sql = sql.strip()
        if sql.upper() == "NULL":
            return "NULL"
        if NOW.fullmatch(sql):
            return self.now(sql)
        bare = sql
        while bare.startswith("(") and closes(bare) and not self.quoted:
            bare = bare[1:-1].strip()
        value = literal_value(bare)
        if value is None:
            printed = self.printer.text(bare if not self.quoted or not closes(bare) else bare[1:-1], columns)
            return printed if self.is_call(printed) and not self.quoted else f"({printed})"
        if isinstance(value, bytes):
            value = int.from_bytes(value, "big") if worded.base in WIDTHS else value.decode(errors="replace")
        return self.stored(worded, value)

    def is_call(self, printed: str) -> bool:
        """Tell whether an expression is a single call of a function, or a value, which needs no parentheses."""
        start = printed.find("(")
        if start < 0:
            return re.fullmatch(r"[\w.`]+|'.*'", printed, re.S) is not None
        return printed[:start].isidentifier() and closes(printed[start:])

    def now(self, sql: str) -> str:
        """Return the current time as the server calls it."""
        found = NOW.fullmatch(sql)
        digits = (found["digits"] or "").lstrip("0") if found else ""
        if self.quoted:
            return f"CURRENT_TIMESTAMP({digits})" if digits else "CURRENT_TIMESTAMP"
        return f"current_timestamp({digits})"

    def stored(self, worded: Worded, value: Any) -> str:
        """Return a literal as the server keeps it in a column of a type."""
        text = str(value)
        try:
            if worded.base in WIDTHS or worded.base == "year":
                text = str(int(Decimal(text).quantize(Decimal(1), ROUND_HALF_UP)))
                text = text.zfill(int(worded.args)) if "zerofill" in worded.attributes else text
                return self.figure(text)
            if worded.base == "decimal":
                scale = int(worded.args.partition(",")[2])
                return self.figure(f"{Decimal(text).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP):f}")
            if worded.base in ("float", "double"):
                return self.figure(floating(float(text), 15 if worded.base == "double" else 6))
            if worded.base == "bit":
                return f"b'{int(text):b}'"
        except (InvalidOperation, ValueError):
            return self.string(text)
        if worded.base in TIMES:
            text = moment(worded, text)
        elif worded.base == "binary" and worded.args.isdigit():
            text = text.ljust(int(worded.args), "\0")
        if worded.base.endswith(("text", "blob", "json")):  # an expression, of no more than a literal
            return f"({self.printer.string(text)})" if self.quoted else self.printer.string(text)
        return self.string(text)

    def figure(self, text: str) -> str:
        """Return a number as a default."""
        return f"'{text}'" if self.quoted else text

    def string(self, text: str) -> str:
        """Return a text as a default or comment, quoted as the server does it."""
        return shown_text(text)


SHOWN = {letter: ESCAPES[letter] for letter in "\0\n\r\\'"}


def shown_text(text: str) -> str:
    """Return a text in quotes, as the server shows it."""
    return "'" + "".join(SHOWN.get(letter, letter) for letter in text) + "'"


def tidy(arguments: str) -> str:
    """Return the arguments of a type without the blanks between them; texts in the server's quoting."""
    parts = STRING.split(arguments)
    texts = [*STRING.findall(arguments), ""]
    quoted = [shown_text(string_value(text)) if text else "" for text in texts]
    return "".join(re.sub(r"\s", "", part) + text for part, text in zip(parts, quoted, strict=True))


def closes(text: str) -> bool:
    """Tell whether a text is one pair of parentheses with what is between them."""
    depth = 0
    bare = STRING.sub(lambda found: "x" * len(found[0]), text)
    for place, letter in enumerate(bare):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(bare) - 1
    return False


def literal_value(sql: str) -> Any:
    """Return the value of a literal: text, number as text, or bytes; None for what is none."""
    if re.fullmatch(r"true|false", sql, re.I):
        return "1" if sql.lower() == "true" else "0"
    if re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", sql, re.I):
        return sql.removeprefix("+")
    if found := re.fullmatch(r"(?:_\w+\s*)?(?:x'([0-9a-f]*)'|0x([0-9a-f]+))", sql, re.I):
        digits = found[1] or found[2] or ""
        return bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2))
    if found := re.fullmatch(r"b'([01]*)'|0b([01]+)", sql, re.I):
        return str(int(found[1] or found[2] or "0", 2))
    if found := re.fullmatch(rf"(?:_\w+\s*|n)?({STRING.pattern})", sql, re.I | re.S):
        return string_value(found[1])
    return None


def floating(value: float, digits: int) -> str:
    """Return a float as the server prints it: as many digits as it has, an exponent only for large and tiny ones."""
    text = f"{value:.{digits}g}"
    if "e" in text:
        head, _, power = text.partition("e")
        return f"{head}e{int(power)}" if not -15 <= int(power) <= 14 else f"{Decimal(text):f}"
    return text


def moment(worded: Worded, text: str) -> str:
    """Return a literal of a date, time or both as the server keeps it."""
    places = int(worded.args or 0)
    if worded.base == "time":
        found = CLOCK.fullmatch(text)
        if found is None:
            return text
        sign, hours = ("-", found[1][1:]) if found[1].startswith("-") else ("", found[1])
        clock = f"{sign}{int(hours):02d}:{int(found[2]):02d}:{int(found[3] or 0):02d}"
        return clock + fraction(found[4], places)
    found = MOMENT.fullmatch(text)
    if found is None:
        return text
    day = f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    if worded.base == "date":
        return day
    return f"{day} {int(found[4] or 0):02d}:{int(found[5] or 0):02d}:{int(found[6] or 0):02d}" + fraction(
        found[7], places
    )


def fraction(digits: str | None, places: int) -> str:
    """Return the fraction of a second with so many places."""
    return f".{(digits or '').ljust(places, '0')[:places]}" if places else ""
