"""Short hashes of what statements say, which stay the same when only their layout changes.

Layout is what no server acts upon: white space between tokens, comments that are no hints, and the script around the
statements (numbers, banners, transactions). Literals and quoted names count to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from ..errors import Unsupported
from ..splitting import Syntax, tokens
from ..statement import Statement

DIGITS = 24
"""Hexadecimal digits of a short hash: 96 bits, far more than chance needs."""

NOTHING = "-"
"""The fingerprint of a downgrade that cannot be."""

UNKNOWN = "?"
"""The fingerprint of a downgrade that could not be rendered, because of another revision's."""

_BLANK = re.compile(r"\s+")
_NEEDLESS = re.compile(r"(?<=[(,]) | (?=[),])")
_HINT = ("/*+", "--+")


def short(data: bytes) -> str:
    """Return a short hash of bytes."""
    return sha256(data).hexdigest()[:DIGITS]


def normal(sql: str, syntax: Syntax) -> str:
    """Return a statement without its layout; the text itself where it cannot be taken apart."""
    made: list[str] = []
    position = 0
    try:
        for token in tokens(sql, syntax, words=False):
            made.append(_gap(sql[position : token.start], made))
            if token.kind != "comment" or token.text.startswith(_HINT):
                made.append(token.text)
            else:
                made.append(_gap(" ", made))
            position = token.end
    except Unsupported:
        return sql
    made.append(_gap(sql[position:], made))
    return "".join(made).strip()


def _gap(text: str, before: list[str]) -> str:
    """Return what stands between two literals, names or comments, with as little white space as means the same."""
    tight = _NEEDLESS.sub("", _BLANK.sub(" ", text))
    last = next((piece[-1] for piece in reversed(before) if piece), " ")
    return tight.lstrip(" ") if last in " (,)" else tight


def fingerprint(statements: Iterable[Statement], syntax: Syntax) -> str:
    """Return the hash of what some statements do, in their order; version rows are not among them.

    Whether a statement runs in a transaction counts, because it says what a failure leaves behind.
    """
    found = sha256()
    for statement in statements:
        if statement.kind in ("version", "guard"):
            continue
        text = statement.sql if statement.verbatim else normal(statement.sql, syntax)
        flags = f"{statement.transactional:d}{statement.anew:d}"
        data = text.encode("utf-8", "surrogatepass")
        found.update(f"{flags} {len(data)}\n".encode() + data)
    return found.hexdigest()[:DIGITS]


def source_fingerprint(data: bytes) -> str:
    """Return the hash of a source file; a checkout with the line ends of another system has the same."""
    return short(data.replace(b"\r\n", b"\n"))
