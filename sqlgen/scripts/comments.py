"""Text that people wrote, as SQL comments that stay comments in every client.

Messages, docstrings, names and paths are the author's words; a client reads them line by line, some of them
before it knows what a comment is. So everything that goes into a comment passes :func:`commented`, which

* prefixes every line, whatever ends a line for anybody (LF, CR, VT, FF, FS, GS, RS, NEL, LS, PS);
* shows control characters, lone surrogates, and marks that change the direction of text, instead of sending
  them: a NUL ends the input of one shell, and a bidi mark makes a reader see another script than the client;
* breaks ``/*`` and ``*/``, because a script may be wrapped in a comment, and ``/*!`` is executed by some servers;
* breaks ``$(``, because sqlcmd expands ``$(name)`` in comments too (Microsoft Learn, "sqlcmd: use with
  scripting variables");
* ends no line with ``-`` or ``;``: SQL*Plus reads the first as "goes on in the next line" and the second as the
  end of a statement, in comments too (SQL*Plus User's Guide, "Placing Comments in Scripts"); nor with a
  backslash, which joins lines in T-SQL;
* folds long lines, because SQL*Plus skips an input line of more than 2499 bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

COLUMN = 80
"""Where the second part of a two-part comment starts, when the first leaves room for it."""

LONGEST_LINE = 400
"""Characters of a comment line; in UTF-8 at most 1600 bytes, under the 2499 of SQL*Plus."""

_NOT_PLAIN = re.compile(r"[^ -~]")
_BREAKS = re.compile(r"\$(?=\()|\*(?=/)|/(?=\*)")
_INERT = re.compile(rf"(?!.*(?:\$\(|\*/|/\*))[ -~]{{0,{LONGEST_LINE - 1}}}[!-,./-:<-\[\]-~]|")
_SUBSTITUTION = re.compile(r"&(?=\S)")
_JOINERS = "\u200c\u200d"
_ENDS = ("-", ";", "\\")


def commented(text: str) -> list[str]:
    """Return text as comment lines, each starting with ``--``; empty text is one empty comment line."""
    return [f"-- {line}" if line else "--" for line in _inert_lines(text)]


def one_line(text: str) -> str:
    """Return text with its line ends and runs of blanks as single blanks."""
    return " ".join(text.split())


def two_parts(left: str, right: str) -> str:
    """Return ``left``, and ``right`` at a fixed column; a longer ``left`` pushes it away by two blanks."""
    return f"{left.ljust(COLUMN - 2)}  {right}" if right else left


def without_substitution(text: str) -> str:
    """Return text in which SQL*Plus finds no ``&variable``, for what stands above its ``SET DEFINE OFF``."""
    return _SUBSTITUTION.sub("& ", text)


def _inert_lines(text: str) -> Iterable[str]:
    """Return the lines of a text so that no client finds anything in them; most are one, and need nothing."""
    return (text,) if _INERT.fullmatch(text) else made_inert(text)


def made_inert(text: str) -> Iterator[str]:
    """Yield the lines of a text, without what some client would find in them."""
    for line in text.splitlines() or [""]:
        shown = _BREAKS.sub(r"\g<0> ", _NOT_PLAIN.sub(_visible, line.expandtabs(4))).rstrip()
        for start in range(0, max(len(shown), 1), LONGEST_LINE):
            part = shown[start : start + LONGEST_LINE].rstrip()
            yield f"{part} ·" if part.endswith(_ENDS) else part


def _visible(found: re.Match[str]) -> str:
    """Return a character, or its number where it would act instead of being read."""
    character = found[0]
    acts = unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in _JOINERS
    return f"<U+{ord(character):04X}>" if acts else character
