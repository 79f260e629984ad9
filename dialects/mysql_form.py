"""The form of scripts for MySQL, and what MariaDB shares with it.

Their DDL commits by itself, and their client goes on after an error when a script is read with ``source`` or with
``--force``. A session that is set to read only refuses DDL and rows (error 1792, measured with MariaDB 10.11), so a
line after each statement closes the session as soon as one has failed: ``@@error_count`` is that of the statement
before. A named lock keeps two runs apart; DDL does not release it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy.engine import URL

from ..form import Block, Call, Form, Part, Rows, shown, starts
from ..splitting import head
from ..statement import Statement
from .mysql_text import free_delimiter

FOR_EVER = 31_536_000
"""Seconds that a script waits for the named lock when it may wait as long as it takes: a year."""
LONGEST_NAME = 60
"""Characters of a message that stands in the place of a table's name; names have 64."""
#: MySQL manual, 15.5 and 27.8: what can be neither static in a procedure nor prepared.
OUTSIDE_ROUTINES = re.compile(
    r"(CREATE|ALTER|DROP)( OR REPLACE| DEFINER = \S+( @ \S+)?| AGGREGATE)*"
    r" (TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE|LOGFILE|TABLESPACE)\b|(LOCK|UNLOCK) TABLES?\b|USE\b|LOAD\b"
    r"|ALTER( \w+| = )*VIEW\b|CHANGE\b|START\b|BEGIN\b|SET TRANSACTION\b"
)


class MySQLForm(Form):
    """A guard that makes the session read only before it raises; a look back after each statement."""

    clients: ClassVar[dict[str, str]] = {
        "mysql": "mysql --default-character-set=utf8mb4{log} DATABASE < {file}",
        "plain": "any client that sends {file} statement by statement in one session",
    }
    programs: ClassVar[tuple[str, ...]] = ("mysql", "mariadb")
    blocks = True
    if_not_exists = True
    default_progress = "statement"
    delimiter = ""
    #: The system variable of a session that may not write: MySQL 5.7.20 and later.
    read_only: ClassVar[str] = "transaction_read_only"
    told_by: ClassVar[tuple[str, ...]] = ("A refusal comes as the name of a table that does not exist.",)
    #: How the version rows are put into an order that is the same everywhere.
    binary: ClassVar[str] = "CAST(version_num AS BINARY)"

    @property
    def is_client(self) -> bool:
        """Whether the script may have lines for the vendor's command-line client."""
        return self.shape.client != "plain"

    @classmethod
    def call(cls, url: URL, file: str) -> Call:
        """Return the call of the client; the password goes into its environment."""
        socket = url.query.get("unix_socket")
        told = {"--socket": socket, "--host": None if socket else url.host, "--port": url.port, "--user": url.username}
        given = [f"{option}={value}" for option, value in told.items() if value]
        env = {"MYSQL_PWD": str(url.password)} if url.password else {}
        options = ("--no-defaults", "--default-character-set=utf8mb4", *given, str(url.database))
        return Call(cls.programs, options, env, stdin=True)

    def log_option(self, file: str) -> str:
        """Return the client's option for a log."""
        return f" --tee={file}"

    def cautions(self) -> tuple[str, ...]:
        """Return what is different from a database with transactions for DDL."""
        return (
            *self.told_by,
            "Each statement that changes the schema commits by itself: after an error, what came before it stays.",
            "The last line of progress in the output names the statement that failed.",
        )

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of the session."""
        seconds = self.shape.lock_timeout
        limit = self.shape.statement_timeout
        return (
            "SET NAMES utf8mb4;",
            *((f"USE {self.dialect.name_of(self.shape.schema)};",) if self.shape.schema else ()),
            "SET LOCAL autocommit = 1;",
            "SET LOCAL sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '');",
            *((f"SET LOCAL lock_wait_timeout = {max(round(seconds), 1)};",) if seconds is not None else ()),
            *((f"SET LOCAL innodb_lock_wait_timeout = {max(round(seconds), 1)};",) if seconds is not None else ()),
            *((self.limit_of_statements(limit),) if limit is not None else ()),
        )

    def limit_of_statements(self, seconds: float) -> str:
        """Return the setting that ends long statements: MySQL knows it for SELECT alone (manual, 7.1.8)."""
        return f"SET LOCAL max_execution_time = {round(seconds * 1000)};"

    def have(self) -> str:
        """Return the query for the version rows as :func:`shown` writes them."""
        rows = f"GROUP_CONCAT(version_num ORDER BY {self.binary} SEPARATOR ', ')"
        return f"(SELECT COALESCE({rows}, 'base') FROM {self.table})"

    def same(self, rows: Sequence[Rows]) -> str:
        """Return the condition that the version rows are some of these, capitals told from small letters."""
        wanted = ", ".join(self.literal(shown(one)) for one in rows)
        return f"CAST(@sqlgen_have AS BINARY) IN ({wanted})"

    def closed_unless(self, condition: str) -> str:
        """Return the setting that closes the session for writing unless a condition holds; it is never opened."""
        return f"SET LOCAL {self.read_only} = @@{self.read_only} OR NOT COALESCE({condition}, 0);"

    def look_back(self) -> str:
        """Return the setting that closes the session for writing when the statement before it has failed."""
        return f"SET LOCAL {self.read_only} = @@{self.read_only} OR @@error_count > 0;"

    def guard(self, states: Sequence[Rows]) -> tuple[str, ...]:
        """Take the lock, and only then look: another script may have just come to its end. Close the session, raise."""
        start = starts(states)
        schema = self.literal(self.versions.schema) if self.versions.schema else "DATABASE()"
        found = (
            f"(SELECT COUNT(*) FROM information_schema.tables"
            f"\n    WHERE table_schema = {schema} AND table_name = {self.literal(self.versions.name)})"
        )
        absent = "base" if () in states else "<no version table>"
        wait = max(round(self.shape.lock_timeout), 1) if self.shape.lock_timeout is not None else FOR_EVER
        ok = f"@sqlgen_lock = 1 AND {self.same(states)}\n    AND {self.server_is_new_enough()}"
        return (
            "\n".join(
                [
                    f"SET @sqlgen_lock = GET_LOCK(LEFT(CONCAT('sqlgen ', {schema}), 60), {wait});",
                    f"SET @sqlgen_have = IF(@sqlgen_lock = 1, {self.literal(absent)}, 'work of another script');",
                    f"SET @sqlgen_sql = IF(COALESCE(@sqlgen_lock, 0) <> 1 OR {found} = 0, 'DO 0',",
                    f"    {self.literal(f'SET @sqlgen_have = {self.have()}')});",
                    *self.run_prepared(),
                    self.closed_unless(ok),
                    *self.raising(f"starts at {start}"),
                ]
            ),
        )

    def server_is_new_enough(self) -> str:
        """Return the condition that the server is not older than what the statements were written for."""
        major, minor = self.server
        return (
            f"SUBSTRING_INDEX(VERSION(), '.', 1) * 1000 + SUBSTRING_INDEX(SUBSTRING_INDEX(VERSION(), '.', 2), '.', -1)"
            f" >= {major * 1000 + minor}"
        )

    def run_prepared(self) -> tuple[str, ...]:
        """Return the lines that run the text in ``@sqlgen_sql``."""
        return ("PREPARE sqlgen_stmt FROM @sqlgen_sql;", "EXECUTE sqlgen_stmt;")

    def raising(self, what: str) -> tuple[str, ...]:
        """Return the lines that raise once the session is closed; an error's text is the name of a missing table.

        SIGNAL cannot be prepared (MySQL manual, 15.5).
        """
        text = self.literal(f"sqlgen: {what}, database is at "[: LONGEST_NAME - 10])
        message = f"REPLACE(LEFT(CONCAT({text}, @sqlgen_have), {LONGEST_NAME}), '`', '')"
        return (
            f"SET @sqlgen_sql = IF(@@{self.read_only}, CONCAT('SELECT * FROM `', {message}, '`'), 'DO 0');",
            *self.run_prepared(),
        )

    # The plain form.

    def done(self, statement: Statement, label: str, text: str, *, inside: bool) -> str:
        """Return the statement behind its line of progress, and a look back at it."""
        return "\n".join([*self.progress(label), text, self.look_back()])

    def progress(self, label: str) -> tuple[str, ...]:
        """Return the line that the client prints in front of a statement."""
        if not label or self.shape.progress != "statement":
            return ()
        told = f"IF(@@{self.read_only}, 'sqlgen: stopped', {self.literal(f'sqlgen: {label}')})"
        return (f"SELECT {told} AS progress;",)

    def made(self, sql: str) -> str:
        """Make the version table unless an earlier downgrade left it there, empty."""
        return f"{super().made(sql)}\n{self.look_back()}"

    def arrived(self, rows: Rows) -> tuple[str, ...]:
        """See that exactly one row has moved; or close the session, and raise."""
        return (
            f"SET @sqlgen_have = {self.have()};",
            self.closed_unless(f"@@error_count = 0 AND {self.same([rows])}"),
            *self.raising(f"should be at {shown(rows)}"),
        )

    def verdict(self, rows: Rows, *, is_open: bool = False) -> tuple[str, ...]:
        """Return a SELECT of where the database is."""
        text = self.literal(f"sqlgen: now at {shown(rows)}")
        return (f"SELECT IF(@@{self.read_only}, 'sqlgen: stopped, see the first error', {text}) AS sqlgen;",)

    # The block form.

    def holds(self, statement: Statement) -> bool:
        """Tell whether a statement can stand in a procedure."""
        return OUTSIDE_ROUTINES.match(head(statement.sql, self.dialect.syntax)) is None

    def opened(self, block: Block) -> str:
        """Begin a procedure that looks at the version rows first."""
        self.delimiter = free_delimiter([part.statement.sql for part in block.parts])
        return "\n".join([*self.routine(block), *self.looked(block)])

    def routine(self, block: Block) -> tuple[str, ...]:
        """Return the lines that begin what holds the statements."""
        name = self.routine_name(block)
        return (
            f"DROP PROCEDURE IF EXISTS {name};",
            *self.delimited(),
            f"CREATE PROCEDURE {name}()",
            "BEGIN",
        )

    def routine_name(self, block: Block) -> str:
        """Return the name of a block's procedure."""
        return f"sqlgen_{block.number}"

    def delimited(self) -> tuple[str, ...]:
        """Return the line that lets semicolons pass, where there is a client that looks for them."""
        return (f"DELIMITER {self.delimiter}",) if self.is_client else ()

    def looked(self, block: Block) -> list[str]:
        """Return the lines that lock out other runs, and go on only from where the block starts."""
        make = super().made
        creates = [make(part.statement.sql) for part in block.parts if part.creates]
        lines = [f"    {line}" for text in creates for line in text.split("\n")]
        lines.append(f"    SET @sqlgen_have = {self.have()};")
        test = f"{self.same([block.before])} AND NOT @@{self.read_only}"
        if self.shape.idempotent:
            return [*lines, f"    IF {test} THEN"]
        return [
            *lines,
            f"    IF NOT ({test}) THEN",
            f"        {self.signal(f'revision {block.revision} starts at {shown(block.before)}, database is at ')}",
            "    END IF;",
        ]

    def signal(self, text: str) -> str:
        """Return the statement that raises in a routine."""
        return (
            f"SET @sqlgen_text = LEFT(CONCAT({self.literal(f'sqlgen: {text}')}, @sqlgen_have), 128); "
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = @sqlgen_text;"
        )

    def held(self, part: Part) -> str:
        """Return the statement as it is: a routine runs it, and ends where it fails."""
        lines = [f"    {line}" for line in part.comment]
        if part.statement.verbatim:
            return "\n".join(part.comment)
        sql = part.statement.sql.strip().removesuffix(";")
        ending = "\n    ;" if self.dialect.ends_in_comment(sql) else ";"
        return "\n".join([*lines, *self.told_inside(part), f"    {sql}{ending}"])

    def told_inside(self, part: Part) -> tuple[str, ...]:
        """Return the line of progress of a statement in a block."""
        if not part.label or self.shape.progress != "statement":
            return ()
        return (f"    SELECT {self.literal(f'sqlgen: {part.label}')} AS progress;",)

    def closed(self, block: Block) -> str:
        """See that the version has moved, tell so, and run the procedure."""
        lines: list[str] = []
        if block.arrives:
            lines += [
                f"    SET @sqlgen_have = {self.have()};",
                f"    IF NOT {self.same([block.after])} THEN",
                f"        {self.signal(f'should be at {shown(block.after)}, database is at ')}",
                "    END IF;",
                f"    SELECT {self.literal(f'sqlgen: at {shown(block.after)}')} AS progress;",
            ]
        if self.shape.idempotent:
            there = self.literal(f"sqlgen: revision {block.revision} is there already")
            lines += ["    ELSE", f"    SELECT {there} AS progress;", "    END IF;"]
        return "\n".join([*lines, *self.ended(block)])

    def ended(self, block: Block) -> tuple[str, ...]:
        """Return the lines that end the routine, and run it."""
        name = self.routine_name(block)
        end = (f"END{self.delimiter}", "DELIMITER ;") if self.is_client else ("END;",)
        look = self.look_back()
        return (*end, look, f"CALL {name}();", look, f"DROP PROCEDURE IF EXISTS {name};")

    def between(self, part: Part, rows: Rows) -> str:
        """Refuse what no procedure can hold."""
        raise self.out_of_place(part.statement, "cannot stand in a procedure")
