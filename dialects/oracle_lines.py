r"""Lines that SQL\*Plus reads as they are.

SQL\*Plus takes a script line by line, also inside a literal. It skips a line of more than 2499 bytes (SP2-0027) and
goes on, whatever WHENEVER says; joins a line that ends in a hyphen with the next, without the hyphen; runs the
statement at a line that is ``/`` or ends in ``;``, and leaves it at a line that is ``.`` (SQL\*Plus User's Guide and
Reference, "SQL\*Plus Limits", "Running SQL Commands", "Continuing a Long SQL\*Plus Command"). Statements that sqlgen
writes get lines without all this. A break stands in the place of a blank, or behind a comma, never in a literal, a
quoted name or a comment.

What no break helps, such as a literal of 3000 bytes in the text of a CHECK, becomes a block of PL/SQL that puts the
statement together and executes it: there the statement is a literal itself, and comes in pieces, as a CLOB if need be
(PL/SQL Language Reference, "EXECUTE IMMEDIATE Statement"). So does a comment with a line end in it, because COMMENT
takes a literal and no expression (SQL Language Reference, "COMMENT"; ORA-01780).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..errors import Unsupported
from ..inserts import byte_count

LONGEST = 2499
"""Bytes of a line that SQL*Plus still reads."""

WIDTH = 1000
"""Bytes that a line has at most where a break can be found."""

COMMENT_BYTES = 4000
"""Bytes of a comment (SQL Language Reference, "COMMENT"), and of any literal."""

TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?P<literal>n?q'(?:\[.*?\]|\{.*?\}|<.*?>|\(.*?\)|(?P<mark>[^\s\[{<(]).*?(?P=mark))'|n?'(?:[^']|'')*')
    |(?P<name>"[^"]*")
    |(?P<comma>,)
    |(?P<word>[\w$\#]+)
    |(?P<other>.)""",
    re.I | re.S | re.X,
)
ODD_LINE = re.compile(r"\s*[/.]\s*\Z|\s*[#@]|.*[-;]\s*\Z", re.S)
CONSTANT = re.compile(r"'((?:[^']|'')*)'|CHR\((\d+)\)|UNISTR\('\\([0-9A-F]{4})'\)|\s+|\|\||[()]|N(?=')|TO_N?CLOB\(")


class Atom(NamedTuple):
    """Text that no break stands in, and the white space before it; ``is_comment`` says that its line ends with it."""

    space: str
    text: str
    is_comment: bool


def fitted(sql: str, literal: Callable[[str], str]) -> str:
    """Return a statement of our own, without terminator, in lines that SQL*Plus reads as they are.

    ``literal`` writes text as an expression. The tokens stay the same, but that line comments may lose hyphens at their
    ends; or else the statement is executed from PL/SQL.
    """
    sql = with_plain_comment(sql)
    if all(is_read(line, WIDTH) for line in sql.split("\n")):
        return sql
    laid_out = broken(sql)
    if all(is_read(line, LONGEST) for line in laid_out.split("\n")):
        return laid_out
    return f"BEGIN\n    EXECUTE IMMEDIATE\n{broken(literal(sql))};\nEND;"


def is_read(line: str, longest: int) -> bool:
    """Tell whether SQL*Plus takes a line, all of it, for a part of a statement and nothing else."""
    return byte_count(line) <= longest and ODD_LINE.match(line) is None


def broken(sql: str) -> str:
    """Return SQL with its long lines broken, and with lines joined where a break would be misread."""
    parts: list[str] = []
    used = 0
    before: Atom | None = None
    for atom in atoms(sql):
        size = byte_count(atom.text)
        space = atom.space
        if before is not None:
            space = space_between(before, atom, is_full=used + byte_count(space) + size > WIDTH)
        parts += (space, atom.text)
        whole = space + atom.text
        used = byte_count(whole.rpartition("\n")[2]) + (0 if "\n" in whole else used)
        before = atom
    return "".join(parts)


def space_between(before: Atom, after: Atom, *, is_full: bool) -> str:
    """Return the white space between two atoms: as it was, with a break in it, or without one."""
    if before.is_comment:
        return after.space
    may_break = not before.text.endswith(("-", ";")) and not after.text.startswith(("/", ".", "#", "@"))
    if "\n" in after.space:
        return after.space if may_break else " "
    return "\n    " if is_full and may_break else after.space


def atoms(sql: str) -> Iterator[Atom]:
    """Yield a statement in parts between which a line may end."""
    space, text, ends_part = "", "", False
    for token in TOKEN.finditer(sql):
        is_comment = token[0].startswith("--")
        if text and (ends_part or is_comment or token["blank"]):
            yield Atom(space, text, is_comment=False)
            space, text = "", ""
        if is_comment:
            yield Atom(space, token[0].rstrip("-; \t\r"), is_comment=True)
            space = ""
        elif token["blank"]:
            space += token[0]
        else:
            text += token[0]
        ends_part = token["comma"] is not None
    if text:
        yield Atom(space, text, is_comment=False)


def with_plain_comment(sql: str) -> str:
    """Return a COMMENT statement with one literal in the place of an expression of several; any other as it is.

    Raises Unsupported for a comment that is too long.
    """
    if not sql.startswith("COMMENT ON "):
        return sql
    is_word = next((token for token in TOKEN.finditer(sql) if token["word"] and token[0].upper() == "IS"), None)
    if is_word is None:
        return sql
    text = constant(sql[is_word.end() :])
    if text is not None and byte_count(text) > COMMENT_BYTES:
        raise Unsupported(
            f"Oracle takes comments of {COMMENT_BYTES} bytes, and this one has {byte_count(text)}",
            hint="Shorten the comment.",
        )
    return sql if text is None else f"{sql[: is_word.end()]} '{text.replace(chr(39), chr(39) * 2)}'"


def constant(expression: str) -> str | None:
    """Return the text that our own literal stands for; None for what is none."""
    text, position = "", 0
    while position < len(expression):
        found = CONSTANT.match(expression, position)
        if found is None:
            return None
        if found[1] is not None:
            text += found[1].replace("''", "'")
        elif found[2] or found[3]:
            text += chr(int(found[2])) if found[2] else chr(int(found[3], 16))
        position = found.end()
    return text


def quoted_block(sql: str) -> str:
    """Return a statement as a q-quoted literal, in brackets that do not end within it."""
    left, right = next(pair for pair in ("[]", "{}", "()", "<>", "!!", "||", "~~") if f"{pair[1]}'" not in sql)
    return f"q'{left}{sql}{right}'"
