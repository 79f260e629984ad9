"""Text SQL for Oracle: its lexer, PL/SQL, and what SQL*Plus makes of text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..dialect import Dialect
from ..splitting import Syntax, Token, WholeBody, head, tokens

#: SQL*Plus skips an input line of more bytes (SP2-0027), and goes on.
LONGEST_LINE = 2499
PLSQL = (
    r"DECLARE\b|BEGIN\b|< <|CREATE (OR REPLACE )?((NON)?EDITIONABLE )?"
    r"(FUNCTION|PROCEDURE|PACKAGE|TRIGGER|TYPE|LIBRARY)\b"
)
QUOTED = r"(?<![\w$#])N?Q'(?:\[.*?\]'|\{.*?\}'|\(.*?\)'|<.*?>'|(?P<mark>[^\s\[{(<]).*?(?P=mark)')"
SYNTAX = Syntax(
    literal=rf"{QUOTED}|'[^']*(?:''[^']*)*'(?!')",
    name=r'"[^"]*"',
    line_comment=r"--[^\n]*",
    opening=r"""['"]|(?<![\w$#])N?Q'""",
    batch_line=r"^[ \t]*/[ \t]*\r?$",
    bodies=((rf"{PLSQL}|WITH (FUNCTION|PROCEDURE)\b|CREATE .*\bJAVA\b", WholeBody),),
    body_words=frozenset(("DECLARE", "BEGIN", "<", "CREATE", "WITH")),
)
IS_PLSQL = re.compile(PLSQL)
#: What begins so compiles no program, whatever follows: most statements, whose tokens nobody needs to read.
PLAIN = re.compile(
    r"\s*(?:(?:ALTER|COMMENT|DELETE|DROP|INSERT|SELECT|UPDATE)\b|CREATE\s+(?:TABLE|UNIQUE|INDEX|SEQUENCE)\b)", re.I
)
#: In the last line of a statement: what may hide that it ends in a semicolon.
HIDES = re.compile(r"""['"]|--|\*/""")
#: What SQL*Plus sends to the server. It takes the rest for commands of its own or says SP2-0734; the "/" behind it
#: would then run the statement before once more (SQL*Plus User's Guide, "/" and "Running SQL Commands").
SENT = re.compile(
    rf"{PLSQL}|(ADMINISTER|ALTER|ANALYZE|ASSOCIATE|AUDIT|CALL|COMMENT|COMMIT|CREATE|DELETE|DISASSOCIATE|DROP|EXPLAIN"
    r"|FLASHBACK|GRANT|INSERT|LOCK|MERGE|NOAUDIT|PURGE|RENAME|REVOKE|ROLLBACK|SAVEPOINT|SELECT|TRUNCATE|UPDATE|WITH)\b"
    r"|SET (ROLE|TRANSACTION|CONSTRAINTS?)\b"
)
#: Lines that SQL*Plus takes for its own in the middle of a statement, in literals too.
COMMAND_LINE = re.compile(r"^[ \t]*(?:[./][ \t]*$|[@~])", re.M)
HYPHEN = re.compile(r"-[ \t]*$", re.M)
MINUS = re.compile(r"-[ \t]*\r?\n([ \t]*)")
#: What acts at the end of a comment's line (SQL*Plus User's Guide, "Placing Comments in Scripts").
ACTS = re.compile(r"[-;](?=[ \t]*\r?$)", re.M)
BREAK = re.compile(r"[\s,]")


class OracleText(Dialect):
    """Text of the author's, on its way through SQL*Plus."""

    syntax = SYNTAX

    def check_piece(self, sql: str) -> None:
        """Raise Unsupported for what SQL*Plus would not send to the server as it stands."""
        words = head(sql, self.syntax)
        if words and not SENT.match(words):
            raise self.unsupported(
                f"has a client that does not send this to the server: {' '.join(sql.split())[:60]}",
                "Write SQL or a PL/SQL block: BEGIN procedure; END;",
            )
        if found := COMMAND_LINE.search(sql):
            raise self.unsupported(
                f"has a client that takes the line {found[0].strip()!r} for its own, inside a literal too",
                "Put it on the line before; in a literal, write '…' || CHR(10) || '…'.",
            )
        for token in tokens(sql, self.syntax, words=False):
            if token.kind in ("literal", "name") and HYPHEN.search(token.text.rpartition("\n")[0]):
                raise self.unsupported(
                    "has a client that reads a hyphen at the end of a line as: goes on in the next line",
                    "Write '…-' || CHR(10) || '…'.",
                )
        self.written(sql)

    def terminate(self, sql: str) -> str:
        """Return a statement with a line ``/`` after it, and ``;`` before that only where it is PL/SQL."""
        text = self.written(sql.strip())
        if not self.is_plsql(text):
            return f"{text.rstrip(';').rstrip()}\n/"
        if not text.endswith(";") or HIDES.search(text, text.rfind("\n") + 1):
            ends = [token for token in tokens(text, self.syntax) if token.kind != "comment"]
            if ends and ends[-1].kind != "end":
                text += "\n;" if self.ends_in_comment(text) else ";"
        return f"{text}\n/"

    def is_plsql(self, sql: str) -> bool:
        """Tell whether a statement is PL/SQL, whose semicolons belong to it."""
        return not PLAIN.match(sql) and IS_PLSQL.match(head(sql, self.syntax)) is not None

    def written(self, sql: str) -> str:
        """Return a statement as SQL*Plus reads it right. Raises Unsupported where that cannot be.

        A minus at the end of a line goes to the next one, a comment's line ends in no mark that acts, and lines that
        are too long are folded.
        """
        if "--" in sql or "/*" in sql or MINUS.search(sql):
            sql = "".join(self.harmless(sql))
        return self.folded(sql) if len(sql) * 4 > LONGEST_LINE and too_long(sql) else sql

    def harmless(self, sql: str) -> Iterator[str]:
        """Yield a statement in parts, without ends of lines that act."""
        done = 0
        for token in tokens(sql, self.syntax):
            minus = MINUS.match(sql, token.start) if token.text == "-" else None
            if token.kind == "comment":
                yield sql[done : token.start] + quiet(token, sql)
                done = token.end
            elif minus:
                yield sql[done : token.start].rstrip(" \t") + f"\n{minus[1]}- "
                done = minus.end()
        yield sql[done:]

    def folded(self, sql: str) -> str:
        """Return a statement with its long lines broken, at white space or behind a comma."""
        places = [token.start for token in tokens(sql, self.syntax) if may_begin_line(token, sql)]
        lines, start = [], 0
        for end in [*(found.start() for found in re.finditer("\n", sql)), len(sql)]:
            while too_long(sql[start:end]):
                fitting = [place for place in places if start < place < end and not too_long(sql[start:place])]
                if not fitting:
                    raise self.unsupported(
                        f"has a client that skips lines of more than {LONGEST_LINE} bytes; this one cannot be broken",
                        "Break the literal: '…' || '…', each part on a line of its own.",
                    )
                lines.append(sql[start : fitting[-1]].rstrip())
                start = fitting[-1]
            lines.append(sql[start:end])
            start = end + 1
        return "\n".join(lines)


def may_begin_line(token: Token, sql: str) -> bool:
    """Tell whether a line may be broken before a token, so that neither its end nor the next beginning acts."""
    before = sql[: token.start].rstrip()[-1:]
    return BREAK.match(sql, token.start - 1) is not None and token.text[0] not in "@/.~" and before != "-"


def too_long(text: str) -> bool:
    """Tell whether a text has a line that SQL*Plus skips."""
    return any(len(line.encode()) > LONGEST_LINE for line in text.split("\n"))


def quiet(comment: Token, sql: str) -> str:
    """Return a comment in which SQL*Plus finds nothing: no line ends in ``-`` or ``;``, and a blank follows ``/*``."""
    text = ACTS.sub(r"\g<0> ·", comment.text)
    first = not sql[sql.rfind("\n", 0, comment.start) + 1 : comment.start].strip()
    return re.sub(r"^/\*(?=[^\s+])", "/* ", text) if first else text
