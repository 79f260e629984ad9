"""Text SQL for SQLite: its lexer, its triggers, and what the sqlite3 shell makes of text."""

from __future__ import annotations

import re

from ..dialect import Dialect
from ..splitting import Syntax, TriggerBody, head, tokens

# sqlite.org/lang_keywords.html (quotes), lang_comment.html; sqlite3_complete() tells where a trigger ends.
SYNTAX = Syntax(
    literal=r"'[^']*(?:''[^']*)*'(?!')",
    name=r'"[^"]*(?:""[^"]*)*"(?!")|`[^`]*(?:``[^`]*)*`(?!`)|\[[^\]]*\]',
    line_comment=r"--[^\n]*",
    opening=r"""['"`\[]""",
    bodies=((r"(EXPLAIN (QUERY PLAN )?)?CREATE (TEMP |TEMPORARY )?TRIGGER\b", TriggerBody),),
    body_words=frozenset(("CREATE", "EXPLAIN")),
)
#: What is refused, or does nothing, inside a transaction: sqlite.org/lang_vacuum.html, lang_detach.html, pragma.html.
OUTSIDE = re.compile(
    r"VACUUM\b|DETACH\b|PRAGMA (\S+ \. )?(FOREIGN_KEYS|JOURNAL_MODE|SYNCHRONOUS|SECURE_DELETE) (=|\()", re.I
)
#: A default that a row which is there already can be given; sqlite.org/lang_altertable.html, 4.
CONSTANT = re.compile(
    r"\(*\s*(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|0x[\da-f]+|x?'(?:[^']|'')*'|null|true|false)\s*\)*", re.I
)
LINE_THAT_ENDS = re.compile(r"^[ \t]*(?:/|go)[ \t]*$", re.I | re.M)


class SQLiteText(Dialect):
    """Text of the author's, on its way through the sqlite3 shell."""

    syntax = SYNTAX
    turn = re.compile(
        r"(?P<begin>BEGIN( DEFERRED| IMMEDIATE| EXCLUSIVE)?( TRANSACTION)?)|(?P<commit>(COMMIT|END)( TRANSACTION)?)"
        r"|(?P<refused>ROLLBACK( TRANSACTION)?)"
    )

    def stands_outside(self, sql: str) -> bool:
        """Tell whether a statement fails, or does nothing, inside a transaction."""
        return OUTSIDE.match(head(sql, self.syntax)) is not None

    def check_piece(self, sql: str) -> None:
        """Raise Unsupported for what the shell would act upon or change."""
        if head(sql, self.syntax).startswith((".", "#")):
            raise self.unsupported("has a shell that takes this line for a command or a comment of its own")
        if "\r" in sql and any(token.kind == "literal" and "\r\n" in token.text for token in tokens(sql, self.syntax)):
            raise self.unsupported(
                "has a shell that turns CR LF inside a literal into LF", "Write '…' || char(13, 10) || '…'."
            )
        lines = LINE_THAT_ENDS.finditer(sql)
        if any(not self.is_inside(sql, line.start()) for line in lines):
            raise self.unsupported(
                "has a shell that ends a statement at a line of nothing but / or GO", "Put it on the line before."
            )

    def is_inside(self, sql: str, place: int) -> bool:
        """Tell whether a place lies inside a literal, quoted name or comment."""
        return any(token.start < place < token.end for token in tokens(sql, self.syntax, words=False))
