"""Laying out a small statement that was written on one long line, one clause a line.

sqlparse does it, and is not trusted with it: every token must come out as it went in, with white space only where there
was some before (or around a comma or parenthesis, where it means nothing). Else the text stays as it came. Left alone
are DDL (the compiler lays it out), rows of INSERT, text with comments, and text that its author broke into lines.
"""

from __future__ import annotations

import re

from sqlgen.errors import Unsupported
from sqlgen.splitting import Syntax, Token, head, tokens

SHORTEST = 100
LONGEST = 5000
"""In characters: a shorter statement is fine on one line, for a longer one sqlparse is too slow."""

_ELIGIBLE = re.compile(r"\s*(?:SELECT|WITH|UPDATE|DELETE|CREATE|INSERT\b(?!.*\bVALUES))\b", re.I)
_VIEW = re.compile(r"CREATE (OR REPLACE |OR ALTER )?(\w+ ){0,2}VIEW\b")
#: No comments, no semicolons.
_KINDS = ("word", "sign", "literal", "name", "opens", "closes")
#: A line that some client takes for its own, once it stands alone.
_ACTS = re.compile(r"^\s*(?:(?:go|exit|quit|reset|ed|list)\b[\s;]*$|[^\w\s'\"`(\[)])|-$", re.I | re.M)


def laid_out(sql: str, syntax: Syntax) -> str:
    """Return a statement in lines, or as it is when it is none of those described above."""
    if not (SHORTEST < len(sql) < LONGEST and _ELIGIBLE.match(sql)) or "\n" in sql or "\r" in sql:
        return sql
    try:
        before = list(tokens(sql, syntax)) if is_query(head(sql, syntax)) else []
        if not before or any(token.kind not in _KINDS for token in before):
            return sql
        found = reindented(sql)
        return found if not _ACTS.search(found) and same(before, list(tokens(found, syntax))) else sql
    except Unsupported:
        return sql


def is_query(words: str) -> bool:
    """Tell whether a statement that begins with these words is one that may be laid out."""
    return not words.startswith("CREATE") or _VIEW.match(words) is not None


def reindented(sql: str) -> str:
    """Return what sqlparse makes of a statement; the statement itself where it gives up."""
    import sqlparse
    from sqlparse.exceptions import SQLParseError

    try:
        text = str(sqlparse.format(sql, reindent=True))
    except (SQLParseError, RecursionError):
        return sql
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def same(before: list[Token], after: list[Token]) -> bool:
    """Tell whether two texts have the same tokens, glued together in the same places."""
    if [(token.kind, token.text) for token in before] != [(token.kind, token.text) for token in after]:
        return False
    return all(
        (a.end == b.start) == (c.end == d.start) or (a.end == b.start and (a.text in ",(" or b.text == ")"))
        for a, b, c, d in zip(before, before[1:], after, after[1:], strict=False)
    )
