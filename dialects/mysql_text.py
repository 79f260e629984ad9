"""Text SQL for MySQL and MariaDB: their lexer, their stored programs, and what their clients make of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, count
from typing import TYPE_CHECKING

from ..dialect import Dialect
from ..splitting import CompoundBody, Syntax, WholeBody, tokens, without_terminator

if TYPE_CHECKING:
    from ..schema.catalogue_queries import Catalogue

DEFINER = r"(DEFINER = \S+ (\( \) |@ \S+ )?)?"
# MySQL manual, 11.1.1 (strings), 11.2 (names), 11.7 (comments): "--" needs a blank, "/*!" holds code.
SYNTAX = Syntax(
    literal=r"""'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'(?!')|"[^"\\]*(?:(?:\\.|"")[^"\\]*)*"(?!")""",
    name=r"`[^`]*(?:``[^`]*)*`(?!`)",
    line_comment=r"--(?=\s|\Z)[^\n]*|\#[^\n]*",
    opening=r"""['"`]""",
    code_comment=r"/\*M?!\d*|\*/(?!\*)",
    delimiter_line=r"^[ \t]*DELIMITER[ \t]+\S[^\n]*$",
    bodies=(
        (rf"CREATE (OR REPLACE )?{DEFINER}PACKAGE\b", WholeBody),
        (
            rf"CREATE (OR REPLACE )?{DEFINER}(AGGREGATE )?(TRIGGER|PROCEDURE|FUNCTION|EVENT)\b"
            rf"|ALTER {DEFINER}EVENT\b|BEGIN NOT ATOMIC|(IF|CASE|LOOP|WHILE|REPEAT|FOR)\b",
            CompoundBody,
        ),
    ),
    body_words=frozenset(("CREATE", "ALTER", "BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR")),
)
DELIMITERS = ("//", "$$", "///", "$$$$")
CARRIAGE_RETURN = re.compile(r"\\(.)|\r", re.S)


class MySQLText(Dialect):
    """Text of the author's, on its way through the mysql or mariadb client."""

    syntax = SYNTAX

    @property
    def catalogue(self) -> type[Catalogue]:
        """What answers queries against the database's own catalogue."""
        from .mysql_catalogue import MySQLCatalogue

        return MySQLCatalogue

    def check_piece(self, sql: str) -> None:
        """Raise Unsupported for what the client would act upon."""
        if "\\" in sql and any(
            token.text == "\\" and sql[token.end : token.end + 1] != "N" for token in tokens(sql, self.syntax)
        ):
            raise self.unsupported(
                "has a client that takes a backslash outside quotes for a command of its own",
                "Leave the backslash out, or put the text into quotes.",
            )

    def text_pieces(self, text: str) -> list[str]:
        r"""Return the statements of a text; a CR inside a literal, which the client would drop, is written ``\r``."""
        return [self.kept(piece) if "\r" in piece else piece for piece in super().text_pieces(text)]

    def kept(self, sql: str) -> str:
        """Return a statement with no raw CR in its literals."""
        done, parts = 0, []
        for token in tokens(sql, self.syntax, words=False):
            if token.kind == "literal" and "\r" in token.text:
                literal = CARRIAGE_RETURN.sub(lambda found: "\\r" if found[0][-1] == "\r" else found[0], token.text)
                parts += [sql[done : token.start], literal]
                done = token.end
        return "".join([*parts, sql[done:]])

    def terminate(self, sql: str) -> str:
        """Return a statement with ``;``; one that holds semicolons of its own is put between DELIMITER lines."""
        text = sql.strip()
        if ";" not in text or all(token.kind != "end" for token in tokens(text, self.syntax, words=False)):
            return super().terminate(text)
        text = without_terminator(text, self.syntax)
        if all(token.kind != "end" for token in tokens(text, self.syntax, words=False)):
            return super().terminate(text)
        delimiter = free_delimiter([text])
        return f"DELIMITER {delimiter}\n{text}\n{delimiter}\nDELIMITER ;"


def free_delimiter(texts: Sequence[str]) -> str:
    """Return a delimiter that stands in none of the texts."""
    marks = chain(DELIMITERS, (f"$${number}" for number in count(1)))
    return next(mark for mark in marks if not any(mark in text for text in texts))
