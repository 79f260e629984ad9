"""A scanner for SQL text: literals, quoted names, comments, words, terminators.

It is one regular expression per syntax, tried at each place in turn, so that text with few tokens of interest is
scanned fast; only comments that nest need more. A literal or comment that never ends is an error: put into a script,
it would swallow what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..errors import Unsupported
from ..records import dataclass
from .bodies import Body
from .token import Token

#: How many tokens of a statement's beginning tell what it is.
HEAD_TOKENS = 16
WORD = r"[^\W\d][\w$]*"
COMMENT_EDGE = re.compile(r"/\*|\*/")
#: What a token that is neither word nor sign is called in :func:`head`.
SHOWN = {"literal": "''", "name": '""'}


@dataclass(frozen=True, slots=True)
class Syntax:
    """How text of one database and its client is read. All strings are regular expressions; case does not matter.

    ``literal``, ``name`` and ``line_comment`` match one of these from its first character to its last; ``opening``
    matches the beginning of a literal or name, and is reached where that has no end. ``nested_comments`` says that
    ``/* /* */ */`` is one comment. ``code_comment`` opens a comment whose content is executed. ``batch_line`` is a line
    that ends a batch whatever it stands in; digits in it say how often the batch is run. ``delimiter_line`` is a line
    whose second word takes the place of ``;``. ``parentheses`` says that a ``;`` inside them ends nothing.

    ``bodies`` tells, by what matches the beginning of a statement as :func:`head` has it, which semicolons belong to
    a statement; ``body_words`` are the first words of such statements. Where a batch is more than its statements,
    ``standing_alone`` matches the beginnings of statements that can be taken out of it, and ``ties`` the words that
    keep it whole.
    """

    literal: str
    name: str
    line_comment: str
    opening: str
    nested_comments: bool = False
    code_comment: str = ""
    batch_line: str = ""
    delimiter_line: str = ""
    parentheses: bool = False
    bodies: tuple[tuple[str, type[Body]], ...] = ()
    body_words: frozenset[str] = frozenset()
    standing_alone: str = ""
    ties: str = ""


STANDARD = Syntax(
    literal=r"'[^']*(?:''[^']*)*'(?!')",
    name=r'"[^"]*(?:""[^"]*)*"(?!")',
    line_comment=r"--[^\r\n]*",
    opening=r"""['"]""",
)
"""What the SQL standard says, for a dialect that does not say more."""


@lru_cache(maxsize=64)
def pattern_of(syntax: Syntax, delimiter: str, words: bool) -> re.Pattern[str]:
    """Return the expression for the next token; without ``words``, one that ends a statement or can hide its end."""
    kinds = {
        "batch": syntax.batch_line,
        "delimiter": syntax.delimiter_line,
        "code": syntax.code_comment,
        "comment": syntax.line_comment,
        "block": r"/\*",
        "end": re.escape(delimiter),
        "literal": syntax.literal,
        "name": syntax.name,
        "opening": syntax.opening,
        "opens": r"\(" if words or syntax.parentheses else "",
        "closes": r"\)" if words or syntax.parentheses else "",
        "word": WORD if words else "",
        "sign": r":=|::|\*/|\d[\w.]*|\S" if words else "",
    }
    return re.compile("|".join(f"(?P<{kind}>{one})" for kind, one in kinds.items() if one), re.I | re.S | re.M)


def tokens(text: str, syntax: Syntax, *, start: int = 0, delimiter: str = ";", words: bool = True) -> Iterator[Token]:
    """Yield the tokens from a place on; without ``words``, no words and signs. Raises Unsupported for an open end."""
    pattern = pattern_of(syntax, delimiter, words)
    while found := pattern.search(text, start):
        kind, begin, end = str(found.lastgroup), found.start(), found.end()
        if kind == "block":
            kind, end = "comment", comment_end(text, begin, syntax.nested_comments)
        elif kind == "opening":
            raise unclosed(text, begin, "literal or a quoted name")
        yield Token(kind, text[begin:end], begin, end)
        start = end


def comment_end(text: str, start: int, nested: bool) -> int:
    """Return where the comment ends that opens at ``start``. Raises Unsupported where it does not end."""
    depth, position = 1, start + 2
    while depth:
        edge = COMMENT_EDGE.search(text, position)
        if edge is None:
            raise unclosed(text, start, "comment")
        position = edge.end()
        depth += -1 if edge[0] == "*/" else int(nested)
    return position


def unclosed(text: str, start: int, what: str) -> Unsupported:
    """Return the error for something that is opened and never closed."""
    shown = " ".join(text[start : start + 60].split())
    return Unsupported(
        f"the text ends inside a {what}: {shown}", hint="Close it; the rest of the script would become a part of it."
    )


@lru_cache(maxsize=4)
def head(statement: str, syntax: Syntax) -> str:
    """Return the beginning of a statement for patterns: words in capitals, one blank between tokens, no comments.

    A literal is ``''`` and a quoted name ``""``. Empty when there is nothing but comments before the terminator.
    Several questions about one statement are asked in a row, so the last answers are kept.
    """
    return first_tokens(statement, syntax, 0, HEAD_TOKENS)


def first_tokens(text: str, syntax: Syntax, start: int, count: int) -> str:
    """Return so many tokens from a place on, as :func:`head` has them."""
    found: list[str] = []
    for token in tokens(text, syntax, start=start):
        if token.kind in ("end", "batch", "delimiter"):
            break
        if token.kind not in ("comment", "code"):
            found.append(SHOWN.get(token.kind, token.text.upper()))
            if len(found) == count:
                break
    return " ".join(found)
