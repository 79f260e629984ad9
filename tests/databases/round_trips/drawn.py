"""Strategies for values that are hard to write down."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import Range

HOSTILE = (
    "'", "''", '"', "`", "\\", "\\\\", "\\'", "\\n", "\n", "\r\n", "\r", "\t", "\0", "\b", "\f", "\v",
    "\x1a", "\x1b", "\x7f",
    "\x85", "\u2028", "\u2029", "\ufeff", "\u200b", "é", "e\u0301", "漢字", "😀", "👩‍👩‍👧", "$$", "$x$",
    "$(x)", "$", "(",
    ":name", "::", "%s", "%(x)s", "%%", "%", '{"a":true}', "&x", "&&", ";", "\nGO\n", "\ngo;\n", "\n.quit\n", "\n.\n",
    "\n/\n",
    "--", "-- x\n", "/*", "*/", "/*! x */", "#", "\nDELIMITER //\n", "\\!", "\\g", "\\q", "\n\\.\n", "-\n", "NULL",
    "E'", "N'",
    "X'00'", "@@", "?", "{0}", " ", "  ", "a", "B", "0",
)  # fmt: skip
"""Pieces of text that some server, client or renderer reads in a way of its own."""

LONG = ("x" * 5_000, "it's \\ é\n" * 12_000, "y" * 100_000, ("words of a line, " * 5 + "\n") * 1_200, "\t'\r\n" * 300)
"""Texts of 1,200 to 108,000 characters."""

MOMENTS = (
    dt.datetime.min, dt.datetime.max, dt.datetime(1999, 12, 31, 23, 59, 59, 999999), dt.datetime(2024, 2, 29),
    dt.datetime(2020, 1, 2, 3, 4, 5, 600000), dt.datetime(1582, 10, 10), dt.datetime(1900, 1, 1, 0, 0, 0, 1),
)  # fmt: skip
OFFSETS = tuple(dt.timezone(dt.timedelta(minutes=minutes)) for minutes in (0, 120, -330, 845, -720, 1))
NUMBERS = (
    0.0, -0.0, 0.1, 1.5, 0.1 + 0.2, 1e15, 1e16, 1e22, 1e23, 123456789012345680.0, 2.0**53 + 2, 5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308, 1e308, -1e-7, 1e-5, 7.038531e-26, 3.4028234663852886e38,
    float("nan"), float("inf"), float("-inf"),
)  # fmt: skip
DECIMALS = tuple(
    map(
        decimal.Decimal,
        ["0", "-0", "1.5", "1E+5", "1E-7", "-1E-30", "NaN", "12345678901234567890.123456789", "0.1", "1E+20", "3E-20"],
    )
)
INTEGERS = (0, 1, -1, 127, -128, 255, 2**31 - 1, -(2**31), 2**31, 2**63 - 1, -(2**63), 2**63, 2**64 - 1, 2**64, 10**30)


def hostile(*without: str) -> st.SearchStrategy[str]:
    """Return texts of hostile pieces and of any characters, without some."""
    pieces = [piece for piece in HOSTILE if not any(bad in piece for bad in without)]
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="".join(without)), max_size=20)
    return st.lists(st.sampled_from(pieces) | anything, max_size=8).map("".join)


def moments(zones: Any = None) -> st.SearchStrategy[dt.datetime]:
    """Return moments from the year 1 to 9999."""
    return st.datetimes(timezones=st.none() if zones is None else st.sampled_from(zones))


def documents() -> st.SearchStrategy[Any]:
    """Return what a JSON column takes."""
    finite = st.floats(allow_nan=False, allow_infinity=False)
    text = hostile("\0")
    leaves = st.none() | st.booleans() | st.integers(-(10**40), 10**40) | text | finite
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
        max_leaves=12,
    )


def decimals(places: int = 10) -> st.SearchStrategy[decimal.Decimal]:
    """Return decimals that columns of 38 digits can hold, exponents among them."""
    return st.decimals(-(10**20), 10**20, places=places) | st.integers(-(10**15), 10**15).map(
        lambda one: decimal.Decimal(one).scaleb(-5).normalize()
    )


def spans() -> st.SearchStrategy[dt.timedelta]:
    """Return lengths of time, negative and large ones among them."""
    large = st.timedeltas(dt.timedelta(days=-700_000), dt.timedelta(days=700_000))
    return large | st.timedeltas(dt.timedelta(hours=-800), dt.timedelta(hours=800))


def ranges(bounds: st.SearchStrategy[Any]) -> st.SearchStrategy[Range[Any]]:
    """Return ranges of two bounds in order, of one, of none, and the empty one."""
    shapes: st.SearchStrategy[Any] = st.sampled_from(("[)", "()", "[]", "(]"))
    ordered = st.tuples(bounds, bounds, shapes).map(
        lambda all_: Range(min(all_[0], all_[1]), max(all_[0], all_[1]), bounds=all_[2])
    )
    open_ = st.tuples(bounds, shapes).map(lambda both: Range(both[0], None, bounds=both[1]))
    return ordered | open_ | st.just(Range(empty=True)) | st.just(Range(None, None))
