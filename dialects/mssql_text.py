"""Text SQL for SQL Server: its lexer, its batches, and what sqlcmd makes of text."""

from __future__ import annotations

import re

from ..dialect import Dialect
from ..splitting import Syntax, WholeBody, head, tokens

SYNTAX = Syntax(
    literal=r"'[^']*(?:''[^']*)*'(?!')",
    name=r'"[^"]*(?:""[^"]*)*"(?!")|\[[^\]]*(?:\]\][^\]]*)*\](?!\])',
    line_comment=r"--[^\r\n]*",
    opening=r"""['"\[]""",
    nested_comments=True,
    batch_line=r"^[ \t]*GO(?:[ \t]+\d+)?[ \t]*;?[ \t]*(?:--[^\r\n]*)?\r?$",
    # "… must be the only statement in the batch": Microsoft Learn, "Batches", rules.
    bodies=((r"(CREATE (OR ALTER )?|ALTER )(PROC|PROCEDURE|FUNCTION|TRIGGER|DEFAULT|RULE)\b", WholeBody),),
    body_words=frozenset(("CREATE", "ALTER")),
    standing_alone=(
        r"(ALTER|COMMENT|CREATE|DELETE|DENY|DISABLE|DROP|ENABLE|EXEC|EXECUTE|GRANT|INSERT|MERGE|REVOKE|SELECT|TRUNCATE"
        r"|UPDATE|WITH|SET (IDENTITY_INSERT|ANSI_NULLS|QUOTED_IDENTIFIER|NOCOUNT|XACT_ABORT))\b"
    ),
    ties=r"BEGIN|WHILE|DECLARE|GOTO|RETURN|SCOPE_IDENTITY|@",
)
#: "The following statements are not allowed in a transaction": Microsoft Learn, "Transactions", and each page.
OUTSIDE = re.compile(
    r"(CREATE|ALTER|DROP) (DATABASE\b(?! (SCOPED|AUDIT|ENCRYPTION))|FULLTEXT (INDEX|CATALOG|STOPLIST))"
    r"|(BACKUP|RESTORE|RECONFIGURE)\b"
)
GO_LINE = re.compile(r"^[ \t]*GO(?:[ \t]+\d+)?[ \t]*$", re.I | re.M)
#: sqlcmd takes these at the start of a line; for the sake of osql, some without their colon.
COMMAND_LINE = re.compile(r"^[ \t]*(?::[A-Za-z!]|!!|(?:exit|quit|reset|ed|list)[ \t]*(?:\(|;?[ \t]*$))", re.I | re.M)


class SQLServerText(Dialect):
    """Text of the author's, on its way through sqlcmd."""

    syntax = SYNTAX
    turn = re.compile(r"(?P<refused>(BEGIN|COMMIT|ROLLBACK|SAVE)( TRAN| TRANSACTION| WORK)?( \w+)?)")

    def stands_outside(self, sql: str) -> bool:
        """Tell whether the server refuses a statement inside a transaction."""
        return OUTSIDE.match(head(sql, self.syntax)) is not None

    def check_piece(self, sql: str) -> None:
        """Raise Unsupported for lines that sqlcmd takes for its own, wherever they stand."""
        hidden = ("literal", "name", "comment")
        parts = [token.text for token in tokens(sql, self.syntax, words=False) if token.kind in hidden]
        if any(GO_LINE.search(part) for part in parts):
            raise self.unsupported(
                "has a client that ends a batch at a line GO, inside a literal or a comment too",
                "Write N'…' + NCHAR(10) + N'GO' in a literal; in a comment, put it on the line before.",
            )
        if found := COMMAND_LINE.search(sql):
            raise self.unsupported(
                f"has a client that takes the line {found[0].strip()!r} for a command of its own",
                "Put it on the line before.",
            )
