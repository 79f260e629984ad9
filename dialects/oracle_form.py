r"""The form of scripts for Oracle: SQL\*Plus, SQLcl, and whatever else takes a line ``/`` for the end of a statement.

What is said here of server and clients comes from the SQL\*Plus User's Guide ("WHENEVER SQLERROR", "SET") and the
PL/SQL Language Reference; no server was there to try it on. DDL commits what came before it, and itself. There is no
session that is read only, so what stops a script in its plain form is the client. WHENEVER does not hear of a trigger
or a procedure that was created with compilation errors, so a block looks for those.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..conditions import Condition
from ..errors import UsageError
from ..form import Block, Form, Part, Rows, Shape, plain_words, shown, starts
from ..splitting import head
from ..statement import Statement
from .oracle_lines import quoted_block
from .oracle_text import PLAIN

#: ORA-00942: table or view does not exist.
NO_TABLE = -942
LONGEST_LITERAL = 30_000
"""Bytes of a piece of text in PL/SQL, which takes 32,767 (PL/SQL Language Reference, "PL/SQL Program Limits")."""
COMPILED = re.compile(
    r"CREATE (?:OR REPLACE )?(?:EDITIONABLE |NONEDITIONABLE )?(?:FORCE )?"
    r"(TRIGGER|PROCEDURE|FUNCTION|PACKAGE BODY|PACKAGE|TYPE BODY|TYPE|VIEW) (?:\S+ \. )?(\S+)"
)


class OracleForm(Form):
    """A block that raises, and a client that leaves when it does."""

    clients: ClassVar[dict[str, str]] = {
        "sqlplus": "NLS_LANG=.AL32UTF8 sqlplus -L USER@DATABASE @{file}",
        "sqlcl": "JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8 sql -L USER@DATABASE @{file}",
        "plain": "any client that sends {file} statement by statement, up to each line /, and stops at the first error",
    }
    blocks = True
    default_progress = "statement"

    def check(self, shape: Shape) -> None:
        """Raise UsageError for a limit that only a profile of the user's can set."""
        super().check(shape)
        if shape.statement_timeout is not None:
            raise UsageError(
                "Oracle has no limit for the time of a statement in a session",
                hint="Leave out --statement-timeout; a resource plan has MAX_EST_EXEC_TIME.",
            )

    @property
    def is_client(self) -> bool:
        """Whether the commands of SQL*Plus may be used."""
        return self.shape.client != "plain"

    def cautions(self) -> tuple[str, ...]:
        """Return what only the client can see to."""
        stop = "the WHENEVER lines" if self.is_client else "your client"
        return (
            f"What stops this script at an error is {stop}: each statement that changes the schema commits by itself.",
        )

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of client and session: the default of EXIT would commit."""
        return (
            *(self.client_settings() if self.is_client else ()),
            *(
                self.lines(f"ALTER SESSION SET DDL_LOCK_TIMEOUT = {round(self.shape.lock_timeout)}")
                if self.shape.lock_timeout is not None
                else ()
            ),
            *(
                self.lines(f"ALTER SESSION SET CURRENT_SCHEMA = {self.dialect.name_of(self.shape.schema)}")
                if self.shape.schema
                else ()
            ),
        )

    def client_settings(self) -> tuple[str, ...]:
        """Return the commands of SQL*Plus, most of which SQLcl knows too."""
        return (
            "WHENEVER OSERROR EXIT FAILURE ROLLBACK",
            "WHENEVER SQLERROR EXIT FAILURE ROLLBACK",
            "SET DEFINE OFF",
            "SET SQLBLANKLINES ON",
            *(("SET SQLPREFIX ~",) if self.shape.client == "sqlplus" else ()),
            "SET SERVEROUTPUT ON",
            *(("SET TIMING ON",) if self.shape.timing else ()),
            *((f"SPOOL {self.shape.log}",) if self.shape.log else ()),
        )

    def have(self) -> str:
        """Return the text of the query for the version rows as :func:`shown` writes them."""
        order = "ORDER BY NLSSORT(version_num, 'NLS_SORT=BINARY')"
        return self.literal(f"SELECT LISTAGG(version_num, ', ') WITHIN GROUP ({order}) FROM {self.table}")

    def guard(self, states: Sequence[Rows]) -> tuple[str, ...]:
        """Look, and raise."""
        start = starts(states)
        absent = "base" if () in states else "<no version table>"
        wanted = ", ".join(self.literal(shown(rows)) for rows in states)
        major, _ = self.server
        text = self.literal(f"sqlgen: this script starts at {start}; nothing was changed; the database is at ")
        old = self.literal(f"sqlgen: this script is for Oracle {major} or later; nothing was changed")
        body = [
            "DECLARE",
            "    have VARCHAR2(4000);",
            "BEGIN",
            f"    IF DBMS_DB_VERSION.VERSION < {major} THEN",
            f"        RAISE_APPLICATION_ERROR(-20001, {old});",
            "    END IF;",
            "    BEGIN",
            f"        EXECUTE IMMEDIATE {self.have()} INTO have;",
            "        have := NVL(have, 'base');",
            "    EXCEPTION",
            "        WHEN OTHERS THEN",
            f"            IF SQLCODE <> {NO_TABLE} THEN",
            "                RAISE;",
            "            END IF;",
            f"            have := {self.literal(absent)};",
            "    END;",
            f"    IF have NOT IN ({wanted}) THEN",
            f"        RAISE_APPLICATION_ERROR(-20001, {text} || have);",
            "    END IF;",
            "END;",
        ]
        return (self.finish("\n".join(body)),)

    # The plain form.

    def done(self, statement: Statement, label: str, text: str, *, inside: bool) -> str:
        """Return the statement behind its line of progress; what the server compiled is looked at.

        Of the many INSERTs of one call every hundredth is told.
        """
        among_rows = statement.kind == "dml" and not label.endswith("00]") and "." in label.rpartition("[")[2]
        told = self.progress("" if among_rows else label)
        return "\n".join([*told, text, *map(self.finish, self.compiled(statement.sql))])

    def progress(self, label: str) -> tuple[str, ...]:
        """Return the line that the client prints in front of a statement."""
        if not label or self.shape.progress != "statement" or not self.is_client:
            return ()
        return (f"PROMPT sqlgen: {plain_words(label)}",)

    def compiled(self, sql: str) -> Iterator[str]:
        """Yield the block that raises if what a statement made has compilation errors, where it is of that kind."""
        found = None if PLAIN.match(sql) else COMPILED.match(head(sql, self.dialect.syntax))
        if found is None or found[1] == "VIEW":
            return
        name = self.literal(found[2].strip('"') if found[2].startswith('"') else found[2].upper())
        yield "\n".join(
            [
                "BEGIN",
                "    FOR found IN (",
                "        SELECT line, text FROM all_errors",
                f"        WHERE owner = SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') AND name = {name}",
                f"        AND type = {self.literal(found[1])} AND attribute = 'ERROR' ORDER BY sequence",
                "    ) LOOP",
                f"        RAISE_APPLICATION_ERROR(-20002, 'sqlgen: ' || {name} || ', line ' || found.line || ': '",
                "            || SUBSTR(found.text, 1, 500));",
                "    END LOOP;",
                "END;",
            ]
        )

    def made(self, sql: str) -> str:
        """Make the version table unless an earlier downgrade left it there, empty."""
        name, schema = self.versions.name, self.versions.schema
        condition = Condition("table", False, name, name, schema)
        return "\n".join(self.finish(one.sql) for one in self.dialect.guarded(condition, Statement(sql)))

    def arrived(self, rows: Rows) -> tuple[str, ...]:
        """See that exactly one row has moved, before the COMMIT."""
        lines = ["DECLARE", "    have VARCHAR2(4000);", "BEGIN", *self.checked(rows, "the database"), "END;"]
        return (self.finish("\n".join(lines)),)

    def checked(self, rows: Rows, what: str) -> list[str]:
        """Return the lines of PL/SQL that raise unless the version table has these rows."""
        text = self.literal(f"sqlgen: {what} should be at {shown(rows)}, the version table is at ")
        return [
            f"    EXECUTE IMMEDIATE {self.have()} INTO have;",
            f"    IF NVL(have, 'base') <> {self.literal(shown(rows))} THEN",
            f"        RAISE_APPLICATION_ERROR(-20001, {text} || NVL(have, 'base'));",
            "    END IF;",
        ]

    def verdict(self, rows: Rows, *, is_open: bool = False) -> tuple[str, ...]:
        """Return a PROMPT line, and the end of the log; other clients ask for the version rows."""
        if self.is_client:
            end = ("SPOOL OFF",) if self.shape.log else ()
            return (f"PROMPT sqlgen: now at {plain_words(shown(rows))}", *end)
        query = "SELECT 'sqlgen: now at ' || LISTAGG(version_num, ', ') WITHIN GROUP (ORDER BY version_num)"
        return (self.finish(f"{query} FROM {self.table}"),)

    # The block form.

    def opened(self, block: Block) -> str:
        """Begin a block that looks at the version rows first."""
        made = [
            textwrap.indent(self.made(part.statement.sql).removesuffix("/").rstrip(), "    ")
            for part in block.parts
            if part.creates
        ]
        want = self.literal(shown(block.before))
        head_ = ["DECLARE", "    have VARCHAR2(4000);", "BEGIN", *made]
        if not self.shape.idempotent:
            return "\n".join([*head_, *self.checked(block.before, f"revision {block.revision}")])
        return "\n".join(
            [*head_, f"    EXECUTE IMMEDIATE {self.have()} INTO have;", f"    IF NVL(have, 'base') = {want} THEN"]
        )

    def held(self, part: Part) -> str:
        """Return the statement as text that is run at once."""
        if part.statement.verbatim:
            return "\n".join(part.comment)
        sql = part.statement.sql.strip()
        if not self.dialect.is_plsql(sql):  # type: ignore[attr-defined]
            sql = self.dialect.fitted(sql).rstrip().rstrip(";").rstrip()
        lines = [f"    {line}" for line in part.comment]
        if part.label and self.shape.progress == "statement":
            lines.append(f"    DBMS_OUTPUT.PUT_LINE({self.literal(f'sqlgen: {part.label}')});")
        lines.append(f"    EXECUTE IMMEDIATE {long_text(sql)};")
        lines += [textwrap.indent(one, "    ") for one in self.compiled(sql)]
        return "\n".join(lines)

    def closed(self, block: Block) -> str:
        """See that the version has moved, commit, and tell so."""
        lines: list[str] = []
        if block.arrives:
            lines += self.checked(block.after, "the database")
            lines += ["    COMMIT;", f"    DBMS_OUTPUT.PUT_LINE({self.literal(f'sqlgen: at {shown(block.after)}')});"]
        if self.shape.idempotent:
            there = self.literal(f"sqlgen: revision {block.revision} is there already")
            lines += ["    ELSE", f"        DBMS_OUTPUT.PUT_LINE({there});", "    END IF;"]
        return "\n".join([*lines, "END;", "/"])


def long_text(sql: str) -> str:
    """Return a statement as an expression of PL/SQL, in pieces where it is longer than a literal may be."""
    pieces: list[str] = [""]
    for line in sql.splitlines(keepends=True):
        if len((pieces[-1] + line).encode()) > LONGEST_LITERAL:
            pieces.append("")
        pieces[-1] += line
    if len(pieces) == 1:
        return quoted_block(sql)
    return "\n    || ".join(f"TO_CLOB({quoted_block(piece)})" for piece in pieces)
