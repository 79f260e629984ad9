"""Text SQL for PostgreSQL: its lexer, and what psql makes of text before the server sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..dialect import Dialect
from ..splitting import AtomicBody, Syntax, head, tokens

#: 4.1.2 of the manual: E'' has escapes, the rest not (standard_conforming_strings is on); lines of one E'' go together.
ESCAPED = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'(?!')"
ESCAPE_STRING = rf"(?<![\w$])E{ESCAPED}(?:\s*\n\s*{ESCAPED})*"
FIRST_PART = re.compile(rf"E{ESCAPED}", re.I | re.S)
STRING = r"'[^']*(?:''[^']*)*'(?!')"
TAG = r"(?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$"
SYNTAX = Syntax(
    literal=rf"{ESCAPE_STRING}|{STRING}|{TAG}.*?\$(?P=tag)\$",
    name=r'"[^"]*(?:""[^"]*)*"(?!")',
    line_comment=r"--[^\r\n]*",
    opening=r"""['"]|(?<![\w$])\$(?:[^\W\d]\w*)?\$""",
    nested_comments=True,
    parentheses=True,
    bodies=((r"CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)\b", AtomicBody),),
    body_words=frozenset(("CREATE",)),
)
#: What the server refuses inside a transaction: the notes on the page of each command in the manual.
OUTSIDE = re.compile(
    r"CREATE (UNIQUE )?INDEX CONCURRENTLY|DROP INDEX CONCURRENTLY|VACUUM\b|REINDEX\b.*\bCONCURRENTLY"
    r"|REINDEX (\(.*\) )?(DATABASE|SYSTEM)\b|(CREATE|DROP) (DATABASE|TABLESPACE)\b|ALTER SYSTEM\b"
    r"|ALTER DATABASE \S+ SET TABLESPACE\b|(CREATE|ALTER|DROP) SUBSCRIPTION\b|CLUSTER$|DISCARD ALL"
    r"|(COMMIT|ROLLBACK) PREPARED|ALTER TABLE .*\bDETACH PARTITION .*\bCONCURRENTLY"
)
ADD_VALUE = re.compile(r"ALTER TYPE \S+ (\. \S+ )?ADD VALUE")
ADD_VALUE_INSIDE = (12,)
COPY = re.compile(r"COPY .*\b(FROM STDIN|TO STDOUT)\b")
#: A colon in front of what psql takes for a variable of its own.
VARIABLE = re.compile(r""":(?=[A-Za-z_'"{\x80-\uffff])""")


class PostgreSQLText(Dialect):
    """Text of the author's, on its way through psql."""

    syntax = SYNTAX
    turn = re.compile(
        r"(?P<begin>(BEGIN|START TRANSACTION)( WORK| TRANSACTION)?)"
        r"|(?P<commit>(COMMIT|END)( WORK| TRANSACTION)?( AND NO CHAIN)?)"
        r"|(?P<refused>(ROLLBACK|ABORT)(?! TO| WORK TO| TRANSACTION TO| PREPARED).*|(COMMIT|END)\b.* AND CHAIN"
        r"|(BEGIN|START TRANSACTION)\b.*|PREPARE TRANSACTION\b.*)"
    )

    def stands_outside(self, sql: str) -> bool:
        """Tell whether the server refuses a statement inside a transaction."""
        words = head(sql, self.syntax)
        return bool(OUTSIDE.match(words)) or (
            self.version_info < ADD_VALUE_INSIDE and ADD_VALUE.match(words) is not None
        )

    def check_piece(self, sql: str) -> None:
        """Raise Unsupported for what psql would act upon, or read from the lines that follow."""
        if COPY.match(head(sql, self.syntax)):
            raise self.unsupported("reads rows of COPY from the client", "Write INSERT statements, or op.bulk_insert.")
        for token in tokens(sql, self.syntax) if "\\" in sql else ():
            if token.text == "\\":
                raise self.unsupported(
                    "has a client that takes a backslash outside quotes for a command of its own",
                    "Leave the backslash out, or put the text into quotes.",
                )
            if token.kind == "literal" and "\\" in FIRST_PART.sub("", token.text, count=1) and token.text[0] in "eE":
                # psql reads line by line, and does not see that the string goes on (measured with 15).
                raise self.unsupported(
                    "has a client that does not know escapes in the second line of E'…'", "Write || between the lines."
                )

    def terminate(self, sql: str) -> str:
        """Return a statement with ``;``, and a blank behind a colon in front of what psql could take for a variable."""
        return super().terminate("".join(self.spaced(sql)) if VARIABLE.search(sql) else sql)

    def spaced(self, sql: str) -> Iterator[str]:
        """Yield the parts of a statement, blanks among them."""
        done = 0
        for token in tokens(sql, self.syntax):
            if token.text == ":" and VARIABLE.match(sql, token.start):
                yield sql[done : token.end] + " "
                done = token.end
        yield sql[done:]
