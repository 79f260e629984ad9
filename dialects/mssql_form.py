"""The form of scripts for SQL Server: sqlcmd, SSMS, and whatever else knows GO.

What is said here of the server comes from Microsoft Learn ("SET NOEXEC", "SET XACT_ABORT", "TRY...CATCH", "RAISERROR",
"SERVERPROPERTY"); no server was there to try it on. After SET NOEXEC ON the server compiles batches and runs none, in
whatever client. XACT_ABORT takes a transaction back at an error of run time, but not at one of compilation, and the
batches after it would run outside of any transaction: so a batch of its own looks back after each.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from ..form import Block, Form, Part, Rows, shown, starts
from ..statement import Statement

BINARY = "COLLATE Latin1_General_BIN2"
#: EngineEdition of Azure SQL Database, its managed instance and edge, whose version number tells nothing.
UNNUMBERED = "(5, 8, 9, 11)"


class SQLServerForm(Form):
    """Batches, each with a look back; NOEXEC as the latch."""

    clients: ClassVar[dict[str, str]] = {
        "sqlcmd": "sqlcmd -b -I -x -f 65001 -S SERVER -d DATABASE -i {file}{log}",
        "ssms": "SQL Server Management Studio: connect to DATABASE, open {file}, F5 (SQLCMD mode off)",
        "plain": "any client that sends {file} batch by batch, up to each line GO, in one session",
    }
    blocks = True

    def log_option(self, file: str) -> str:
        """Return sqlcmd's option for a log."""
        return f" -o {file}"

    def batch(self, text: str) -> str:
        """Return some statements as one batch; their own terminators are in them."""
        end = self.finish("GO_ON;").removeprefix("GO_ON;")  # the separator as it was asked for
        return f"{text}{end}"

    def national(self, text: str) -> str:
        """Return text as a literal with N."""
        literal: str = self.dialect.national(text)  # type: ignore[attr-defined]
        return literal

    def said(self, text: str) -> str:
        """Return the format of a message, in which ``%`` is for arguments."""
        return self.national(text.replace("%", "%%"))

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of the session: those that sqlcmd has wrong, and a stop at errors."""
        wait = -1 if self.shape.lock_timeout is None else round(self.shape.lock_timeout * 1000)
        lines = (
            "SET NOCOUNT ON;",
            "SET XACT_ABORT ON;",
            "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;",
            "SET NUMERIC_ROUNDABORT OFF;",
            f"SET LOCK_TIMEOUT {wait};",
            *(("SET STATISTICS TIME ON;",) if self.shape.timing else ()),
        )
        return (self.batch("\n".join(lines)),)

    def have(self, hint: str = "") -> str:
        """Return the expression for the version rows as :func:`shown` writes them."""
        return (
            f"ISNULL(STUFF((SELECT N', ' + version_num FROM {self.table}{hint} ORDER BY version_num {BINARY}"
            " FOR XML PATH(N''), TYPE).value(N'.', N'nvarchar(4000)'), 1, 2, N''), N'base')"
        )

    def looking(self, hint: str = "") -> list[str]:
        """Return the lines that put the version rows into a variable; the text is compiled when the table is there."""
        return [
            f"EXEC sp_executesql {self.national(f'SET @have = {self.have(hint)}')},",
            "    N'@have nvarchar(4000) OUTPUT', @sqlgen_have OUTPUT;",
        ]

    @property
    def table_id(self) -> str:
        """The expression that is NULL where there is no version table."""
        return f"OBJECT_ID({self.national(self.table)}, N'U')"

    def guard(self, states: Sequence[Rows]) -> tuple[str, ...]:
        """Look, raise, and let the server run nothing more."""
        start = starts(states)
        absent = "base" if () in states else "no version table"
        wanted = ", ".join(self.national(shown(rows)) for rows in states)
        major, _ = self.server
        text = f"sqlgen: this script starts at {start}, on SQL Server {major} or later; nothing was changed; it is at "
        lines = [
            f"DECLARE @sqlgen_have nvarchar(4000) = {self.national(absent)};",
            f"IF {self.table_id} IS NOT NULL",
            textwrap.indent("\n".join(self.looking()), "    "),
            f"IF CAST(SERVERPROPERTY(N'EngineEdition') AS int) NOT IN {UNNUMBERED}",
            f"    AND CAST(SERVERPROPERTY(N'ProductMajorVersion') AS int) < {major}",
            "    SET @sqlgen_have = N'version ' + CAST(SERVERPROPERTY(N'ProductVersion') AS nvarchar(40));",
            *self.schema_check(),
            f"IF @sqlgen_have {BINARY} NOT IN ({wanted})",
            "BEGIN",
            f"    SET @sqlgen_have = {self.national(text)} + @sqlgen_have;",
            "    RAISERROR (N'%s', 16, 1, @sqlgen_have);",
            "    SET NOEXEC ON;",
            "END;",
        ]
        return (self.batch("\n".join(lines)),)

    def schema_check(self) -> list[str]:
        """Return the lines that see where names without a schema lead: no statement can change that for a session."""
        if not self.shape.schema:
            return []
        name = self.national(self.shape.schema)
        return [
            f"IF SCHEMA_NAME() {BINARY} <> {name}",
            "    SET @sqlgen_have = N'schema ' + SCHEMA_NAME() + N', which is the default of this user';",
        ]

    # The plain form.

    def still(self, rows: Rows) -> tuple[str, ...]:
        """Lock the version table, and look once more."""
        return (self.checked(rows, " WITH (TABLOCKX, HOLDLOCK)"),)

    def checked(self, rows: Rows, hint: str = "") -> str:
        """Return the batch that takes the transaction back unless the version table has these rows."""
        text = f"sqlgen: the database should be at {shown(rows)}, and is at "
        return self.batch(
            "\n".join(
                [
                    f"DECLARE @sqlgen_have nvarchar(4000) = {self.have(hint)};",
                    f"IF @sqlgen_have {BINARY} <> {self.national(shown(rows))}",
                    "BEGIN",
                    "    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;",
                    f"    SET @sqlgen_have = {self.national(text)} + @sqlgen_have;",
                    "    RAISERROR (N'%s', 16, 1, @sqlgen_have);",
                    "    SET NOEXEC ON;",
                    "END;",
                ]
            )
        )

    def done(self, statement: Statement, label: str, text: str, *, inside: bool) -> str:
        """Return the batch behind its line of progress, and a look back at it."""
        return "\n".join([*self.progress(label), text, self.look_back(inside=inside)])

    def look_back(self, *, inside: bool) -> str:
        """Return the batch that lets nothing more run after an error."""
        gone = " OR @@TRANCOUNT = 0" if inside else ""
        return self.batch(f"IF @@ERROR <> 0{gone} SET NOEXEC ON;")

    def progress(self, label: str) -> tuple[str, ...]:
        """Return the batch that prints a line at once; PRINT would wait."""
        if not label or self.shape.progress != "statement":
            return ()
        return (self.batch(f"RAISERROR ({self.said(f'sqlgen: {label}')}, 0, 1) WITH NOWAIT;"),)

    def made(self, sql: str) -> str:
        """Make the version table unless an earlier downgrade left it there, empty."""
        made = f"IF {self.table_id} IS NULL\n{textwrap.indent(sql, '    ')}"
        return f"{self.finish(made)}\n{self.look_back(inside=self.dialect.transactional_ddl)}"

    def arrived(self, rows: Rows) -> tuple[str, ...]:
        """See that exactly one row has moved."""
        if self.shape.progress == "none":
            return (self.checked(rows),)
        told = self.batch(f"RAISERROR ({self.said(f'sqlgen: at {shown(rows)}')}, 0, 1) WITH NOWAIT;")
        return (self.checked(rows), told)

    def verdict(self, rows: Rows, *, is_open: bool = False) -> tuple[str, ...]:
        """Tell where the database is, if all has run; leave nothing open after an error."""
        end = ", once you say COMMIT;" if is_open else ""
        told = self.batch(f"PRINT {self.national(f'sqlgen: now at {shown(rows)}{end}')};")
        again = self.batch("SET NOEXEC OFF;")
        if is_open:
            return (told, again)
        return (told, again, self.batch("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;"))

    # The block form.

    def opened(self, block: Block) -> str:
        """Begin a batch that takes back all of itself at the first error."""
        want = self.national(shown(block.before))
        lines = [
            "DECLARE @sqlgen_have nvarchar(4000), @sqlgen_sql nvarchar(max);",
            "BEGIN TRY",
            "    BEGIN TRANSACTION;",
        ]
        for part in block.parts:
            if part.creates:
                lines += [f"    IF {self.table_id} IS NULL", "    BEGIN", self.run(part.statement.sql), "    END;"]
        lines.append(textwrap.indent("\n".join(self.looking(" WITH (TABLOCKX, HOLDLOCK)")), "    "))
        if self.shape.idempotent:
            return "\n".join([*lines, f"    IF @sqlgen_have {BINARY} = {want}", "    BEGIN"])
        text = f"sqlgen: revision {block.revision} starts at {shown(block.before)}, the database is at "
        return "\n".join([*lines, *self.unless(want, text)])

    def unless(self, want: str, text: str) -> list[str]:
        """Return the lines that raise in a block unless the version rows are those that are wanted."""
        return [
            f"    IF @sqlgen_have {BINARY} <> {want}",
            "    BEGIN",
            f"        SET @sqlgen_have = {self.national(text)} + @sqlgen_have;",
            "        RAISERROR (N'%s', 16, 1, @sqlgen_have);",
            "    END;",
        ]

    def run(self, sql: str) -> str:
        """Return the lines that run a statement as text: it is compiled when those before it have run."""
        text = sql.strip().removesuffix(";")
        if "\\\n" not in text and "$(" not in text:
            return f"    EXEC (N{self.dialect.sa.literals.quote(text)});"
        return f"    SET @sqlgen_sql = {self.national(text)};\n    EXEC (@sqlgen_sql);"

    def held(self, part: Part) -> str:
        """Return the statement as text in a block."""
        lines = [f"    {line}" for line in part.comment]
        if part.statement.verbatim:
            return "\n".join(part.comment)
        if part.label and self.shape.progress == "statement":
            lines.append(f"    RAISERROR ({self.said(f'sqlgen: {part.label}')}, 0, 1) WITH NOWAIT;")
        return "\n".join([*lines, self.run(part.statement.sql)])

    def closed(self, block: Block) -> str:
        """See that the version has moved, commit, or take everything back."""
        lines: list[str] = []
        if block.arrives:
            text = f"sqlgen: the database should be at {shown(block.after)}, and is at "
            lines += [textwrap.indent("\n".join(self.looking()), "    ")]
            lines += self.unless(self.national(shown(block.after)), text)
            lines.append(f"    RAISERROR ({self.said(f'sqlgen: at {shown(block.after)}')}, 0, 1) WITH NOWAIT;")
        if self.shape.idempotent:
            there = self.said(f"sqlgen: revision {block.revision} is there already")
            lines += ["    END", "    ELSE", f"        RAISERROR ({there}, 0, 1) WITH NOWAIT;"]
        lines += [
            "    COMMIT TRANSACTION;",
            "END TRY",
            "BEGIN CATCH",
            "    IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;",
            "    THROW;",
            "END CATCH;",
        ]
        return f"{self.batch(chr(10).join(lines))}\n{self.look_back(inside=False)}"

    def between(self, part: Part, rows: Rows) -> str:
        """Return a statement that no transaction can hold, in a batch of its own that asks for the version first."""
        lines = [
            "DECLARE @sqlgen_have nvarchar(4000), @sqlgen_sql nvarchar(max);",
            *self.looking(),
            f"IF @sqlgen_have {BINARY} = {self.national(shown(rows))}",
            "BEGIN",
            self.run(part.statement.sql),
            "END;",
        ]
        return "\n".join([*part.comment, self.batch("\n".join(lines)), self.look_back(inside=False)])
