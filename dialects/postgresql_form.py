"""The form of scripts for PostgreSQL: psql, or any client that sends statements as they are.

Measured with PostgreSQL 15 and 16: ``default_transaction_read_only`` refuses DDL, rows and indexes made concurrently
for the rest of the session, whatever the client does after an error. A setting made inside a transaction goes with
it, so a ROLLBACK takes back what a later statement looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from sqlalchemy.engine import URL

from ..form import Block, Call, Form, Part, Rows, plain_words, shown, starts
from ..splitting import head, tokens
from ..statement import Statement

LATCH = "PERFORM set_config('default_transaction_read_only', 'on', false);"
CONCURRENTLY = re.compile(r"(CREATE|DROP) (?:UNIQUE )?INDEX CONCURRENTLY\b")
ADDS_VALUE = re.compile(r"ALTER TYPE (\S+(?: \. \S+)?) ADD VALUE\b")
BEFORE = "what comes before"
"""What a mark proves: that the part of the revision before it was committed."""
IF_CLAUSE = ("IF", "NOT", "EXISTS")


class PostgreSQLForm(Form):
    """A guard that closes the session for writing before it raises; a transaction that looks again behind a lock."""

    clients: ClassVar[dict[str, str]] = {
        "psql": "psql -X -v ON_ERROR_STOP=1{log} -d DATABASE -f {file}",
        "plain": "any client that sends {file} statement by statement in one session",
    }
    blocks = True
    if_not_exists = True

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.part = 0
        self.unproved: list[tuple[str, str]] = []
        self.tag = ""
        self.added: list[str] = []

    @property
    def is_psql(self) -> bool:
        """Whether lines that begin with a backslash may be used."""
        return self.shape.client == "psql"

    def command(self, file: str) -> str:
        """Return the call of psql; what is left open must be committed in the same session."""
        if self.is_psql and self.shape.commit == "manual":
            return f"psql -X -v ON_ERROR_STOP=1 -d DATABASE   and there: \\i {file}   and then: COMMIT;"
        if self.is_psql and self.shape.commit == "none":
            return super().command(file).replace("psql -X", "psql -X -1", 1)
        return super().command(file)

    @classmethod
    def call(cls, url: URL, file: str) -> Call:
        """Return the call of psql; the password goes into its environment."""
        host = url.query.get("host") or url.host
        told = {"-h": host, "-p": url.query.get("port") or url.port, "-U": url.username, "-d": url.database}
        given = [word for option, value in told.items() if value for word in (option, str(value))]
        env = {"PGPASSWORD": str(url.password)} if url.password else {}
        return Call(("psql",), ("-X", "-q", "-v", "ON_ERROR_STOP=1", *given, "-f", file), env, stdin=False)

    def log_option(self, file: str) -> str:
        """Return psql's option for a log."""
        return f" -L {file}"

    def cautions(self) -> tuple[str, ...]:
        """Return what the client must see to, where it is not psql."""
        if self.is_psql:
            return ()
        return ("The client must speak UTF-8. A wrong version and a failed transaction are refused by the server.",)

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of client and session."""
        own = ("\\set ON_ERROR_STOP on", "\\encoding UTF8") if self.is_psql else ("SET client_encoding = 'UTF8';",)
        timing = ("\\timing on",) if self.is_psql and self.shape.timing else ()
        return (
            *own,
            *timing,
            "SET standard_conforming_strings = on;",
            f"SET lock_timeout = {milliseconds(self.shape.lock_timeout)};",
            *(
                (f"SET statement_timeout = {milliseconds(self.shape.statement_timeout)};",)
                if self.shape.statement_timeout is not None
                else ()
            ),
            *((f"SET search_path = {self.dialect.name_of(self.shape.schema)};",) if self.shape.schema else ()),
        )

    def have(self) -> str:
        """Return the expression for the version rows as :func:`shown` writes them."""
        return """coalesce(string_agg(version_num, ', ' ORDER BY version_num COLLATE "C"), 'base')"""

    def guard(self, states: Sequence[Rows]) -> tuple[str, ...]:
        """Return two blocks: an error would take back the setting that the first one makes."""
        wanted = [self.literal(shown(rows)) for rows in states]
        absent = "base" if () in states else "no version (there is no version table)"
        query = self.literal(f"SELECT {self.have()} FROM {self.table}")
        start = starts(states)
        return (
            do(
                "DECLARE",
                f"    have text := {self.literal(absent)};",
                "BEGIN",
                f"    IF to_regclass({self.literal(self.table)}) IS NOT NULL THEN",
                f"        EXECUTE {query} INTO have;",
                "    END IF;",
                f"    IF current_setting('server_version_num')::int < {self.server[0] * 10000 + self.server[1]} THEN",
                "        have := 'PostgreSQL ' || current_setting('server_version');",
                "    END IF;",
                "    PERFORM set_config('sqlgen.have', have, false);",
                f"    IF have NOT IN ({', '.join(wanted)}) THEN",
                f"        {LATCH}",
                "    END IF;",
                "END",
            ),
            do(
                "BEGIN",
                f"    IF current_setting('sqlgen.have') NOT IN ({', '.join(wanted)}) THEN",
                f"        RAISE EXCEPTION {self.message(f'this script starts at {start}')}",
                "            USING DETAIL = 'The database is at ' || current_setting('sqlgen.have') || '.',",
                f"                HINT = 'Nothing was changed. It is for PostgreSQL {self.dialect.version} or later;"
                " connect anew before you run anything else.';",
                "    END IF;",
                "END",
            ),
        )

    def message(self, text: str) -> str:
        """Return a message of RAISE, in which ``%`` is for arguments."""
        return self.literal(f"sqlgen: {text}").replace("%", "%%")

    # The plain form.

    def begin(self, rows: Rows | None) -> tuple[str, ...]:
        """Begin; the values of enums that were added before can be used now."""
        self.added.clear()
        if rows is not None or not self.unproved:
            return super().begin(rows)
        proofs, self.unproved = self.unproved, []
        return (*super().begin(None), do("BEGIN", *self.proved(proofs), "END"))

    def needs_commit(self, statement: Statement) -> str:
        """Tell that a statement uses a value which its transaction has added to an enum.

        Until the COMMIT the server refuses that: https://www.postgresql.org/docs/15/sql-altertype.html, Notes. What is
        looked for is the value as a literal.
        """
        used = next((value for value in self.added if value in statement.sql), "")
        return f"The value {used}, which was added above, can be used only after a COMMIT." if used else ""

    def note_value(self, sql: str) -> None:
        """Remember a value that a statement adds to an enum."""
        lower = sql.lower()
        found = "type" in lower and "add" in lower and ADDS_VALUE.match(head(sql, self.dialect.syntax))
        if found:
            self.added += [one.text for one in tokens(sql, self.dialect.syntax) if one.kind == "literal"][:1]

    def still(self, rows: Rows) -> tuple[str, ...]:
        """Lock the version table, and look once more: another run may have come first."""
        proofs, self.unproved = self.unproved, []
        return (
            f"LOCK TABLE {self.table} IN ACCESS EXCLUSIVE MODE;",
            do("BEGIN", *self.checked(rows, "nothing of this transaction is kept"), *self.proved(proofs), "END"),
        )

    def checked(self, rows: Rows, ending: str) -> tuple[str, ...]:
        """Return the lines of PL/pgSQL that raise unless the version table has these rows."""
        want = self.literal(shown(rows))
        return (
            f"    IF (SELECT {self.have()} FROM {self.table}) <> {want} THEN",
            f"        RAISE EXCEPTION {self.message(f'the database is not at {shown(rows)}; {ending}')};",
            "    END IF;",
        )

    def proved(self, proofs: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Yield the lines of PL/pgSQL that raise unless statements outside of transactions did what they should."""
        for condition, what in proofs:
            yield f"    IF NOT coalesce({condition}, false) THEN"
            yield f"        RAISE EXCEPTION {self.message(f'{what} is not done; nothing of this transaction is kept')};"
            yield "    END IF;"

    def before_outside(self, rows: Rows | None, is_open: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Leave a mark that a ROLLBACK takes away, and close the session for writing where it is missing."""
        inside = (f"SET sqlgen.part = '{self.mark()}';",) if is_open else ()
        return inside, (self.latch(rows),) if rows is not None or self.unproved else ()

    def mark(self) -> int:
        """Return the number of the next mark in the session, which what follows will look for."""
        self.part += 1
        self.unproved.append((f"current_setting('sqlgen.part', true) = '{self.part}'", BEFORE))
        return self.part

    def latch(self, rows: Rows | None) -> str:
        """Return the block that closes the session for writing unless all that comes before is in."""
        proofs = [] if rows is None else [f"(SELECT {self.have()} FROM {self.table}) = {self.literal(shown(rows))}"]
        proofs += [condition for condition, _ in self.unproved]
        test = " AND ".join(proofs)
        return do("BEGIN", f"    IF NOT coalesce({test}, false) THEN", f"        {LATCH}", "    END IF;", "END")

    def done(self, statement: Statement, label: str, text: str, *, inside: bool) -> str:
        """Return the statement behind its line of progress; what it leaves behind is looked for later."""
        if inside:
            self.note_value(statement.sql)
        else:
            self.unproved += self.proofs(statement.sql)
        return "\n".join([*self.progress(label), text])

    def progress(self, label: str) -> tuple[str, ...]:
        """Return the line that the client prints in front of a statement."""
        if not label or self.shape.progress != "statement" or not self.is_psql:
            return ()
        return (f"\\echo sqlgen: {label}",)

    def proofs(self, sql: str) -> Iterator[tuple[str, str]]:
        """Yield a condition, and its name, that holds once a statement outside of a transaction has succeeded."""
        words = [one.text for one in tokens(sql, self.dialect.syntax) if one.kind not in ("comment", "space")]
        found = CONCURRENTLY.match(head(sql, self.dialect.syntax))
        if found is None:
            return
        rest = words[[word.upper() for word in words].index("CONCURRENTLY") + 1 :]
        name = [word for word in rest if word.upper() not in IF_CLAUSE]
        if found[1] == "CREATE" and name and name[0].upper() != "ON":
            table = [word for word in name[2:5] if word.upper() != "ONLY"]
            full = f"{table[0]}.{name[0]}" if table[1:2] == ["."] else name[0]  # an index is where its table is
            index = f"to_regclass({self.literal(full)})"
            yield f"(SELECT indisvalid FROM pg_index WHERE indexrelid = {index})", f"index {full}"
        elif found[1] == "DROP":
            full = "".join(name[: name.index(",")] if "," in name else [one for one in name if one != ";"])
            yield f"to_regclass({self.literal(full)}) IS NULL", f"the drop of index {full}"

    def arrived(self, rows: Rows) -> tuple[str, ...]:
        """See that exactly one row has moved."""
        check = do("BEGIN", *self.checked(rows, "nothing of this transaction is kept"), "END")
        if self.shape.progress == "none" or not self.is_psql:
            return (check,)
        return (check, f"\\echo sqlgen: at {plain_words(shown(rows))}")

    # The block form.

    def opened(self, block: Block) -> str:
        """Lock, look, and raise, or skip what is there already."""
        tag = free_tag("sqlgen", (part.statement.sql for part in block.parts))
        self.added.clear()
        want = self.literal(shown(block.before))
        creates = [
            f"    {line}" for part in block.parts if part.creates for line in self.made(part.statement.sql).split("\n")
        ]
        proofs, self.unproved = self.unproved, []
        self.tag = tag
        unless = [
            f"    IF have <> {want} THEN",
            f"        RAISE EXCEPTION {self.message(f'revision {block.revision} starts at {shown(block.before)}')}",
            "            USING DETAIL = 'The database is at ' || have || '; nothing of this revision is kept.';",
            "    END IF;",
        ]
        return "\n".join(
            [
                f"DO {tag}",
                "DECLARE",
                "    have text;",
                "BEGIN",
                *creates,
                f"    LOCK TABLE {self.table} IN ACCESS EXCLUSIVE MODE;",
                f"    SELECT {self.have()} INTO have FROM {self.table};",
                *([f"    IF have = {want} THEN"] if self.shape.idempotent else unless),
                *self.proved(proofs),
            ]
        )

    def held(self, part: Part) -> str:
        """Return the statement as text that EXECUTE runs: names in it are never variables of the block."""
        sql = part.statement.sql.strip().removesuffix(";")
        if self.needs_commit(part.statement):
            raise self.out_of_place(part.statement, "uses a value of an enum that the same block adds")
        self.note_value(sql)
        tag = free_tag("sql", (sql,))
        lines = [f"    {line}" for line in part.comment]
        if part.moves:
            return "\n".join([*lines, f"    {sql};"])
        if part.statement.verbatim:
            return "\n".join(part.comment)
        return "\n".join([*lines, f"    EXECUTE {tag}", sql, f"{tag};"])

    def closed(self, block: Block) -> str:
        """See that the version has moved, and tell so."""
        lines: list[str] = []
        if block.arrives:
            lines += self.checked(block.after, "nothing of this revision is kept")
            lines.append(f"    RAISE NOTICE {self.message(f'at {shown(block.after)}')};")
        else:
            lines.append(f"    PERFORM set_config('sqlgen.part', '{self.mark()}', false);")
        if self.shape.idempotent:
            lines += ["    ELSE", f"    RAISE NOTICE {self.message(f'revision {block.revision} is there already')};"]
            lines.append("    END IF;")
        return "\n".join([*lines, f"END {self.tag};"])

    def between(self, part: Part, rows: Rows) -> str:
        """Return a statement that no block can hold, behind a latch; psql can leave it out."""
        sql, proofs = self.finish(part.statement.sql), [*self.proofs(part.statement.sql)]
        if self.shape.idempotent:
            return self.skipped_in_psql(part, sql, rows, proofs)
        latch = self.latch(rows)
        self.unproved += proofs
        return "\n".join([latch, *part.comment, sql])

    def skipped_in_psql(self, part: Part, sql: str, rows: Rows, proofs: Sequence[tuple[str, str]]) -> str:
        """Return a statement that psql leaves out where its revision is there already."""
        if not self.is_psql or not proofs:
            raise self.out_of_place(
                part.statement,
                "cannot be run again: it stands outside of transactions",
                "Give it a revision of its own, and say --client psql; or leave out --idempotent.",
            )
        self.unproved += proofs
        return "\n".join(
            [
                f"SELECT {self.have()} = {self.literal(shown(rows))} AS sqlgen_go FROM {self.table} \\gset",
                "\\if :sqlgen_go",
                *self.leftover(part.statement.sql),
                *part.comment,
                sql,
                "\\endif",
            ]
        )

    def leftover(self, sql: str) -> Iterator[str]:
        """Yield the drop of the invalid index that a failed attempt leaves behind."""
        for _, what in self.proofs(sql):
            if what.startswith("index "):
                yield f"DROP INDEX CONCURRENTLY IF EXISTS {what.removeprefix('index ')};"

    def verdict(self, rows: Rows, *, is_open: bool = False) -> tuple[str, ...]:
        """Return what psql prints; other clients have the version rows themselves."""
        where = plain_words(shown(rows))
        if self.is_psql:
            text = f"\\echo sqlgen: now at {where}"
            return (f"{text}, once you say COMMIT; (or ROLLBACK;)",) if is_open else (text,)
        return (f"SELECT 'sqlgen: now at ' || {self.have()} AS sqlgen FROM {self.table};",)


def milliseconds(seconds: float | None) -> str:
    """Return a number of seconds as a setting; 0 is no limit."""
    return f"'{round((seconds or 0) * 1000)}ms'" if seconds != int(seconds or 0) else f"'{int(seconds)}s'"


def do(*lines: str) -> str:
    """Return an anonymous block of these lines, the last of which is END."""
    text = "\n".join(lines)
    tag = free_tag("sqlgen", (text,))
    first, rest = lines[0], lines[1:]
    return "\n".join([f"DO {tag} {first}", *rest[:-1], f"{rest[-1]} {tag};"])


def free_tag(word: str, texts: Iterator[str] | Sequence[str]) -> str:
    """Return a dollar quote that occurs in none of the texts."""
    taken = {found for text in texts for found in re.findall(rf"\${word}(\d*)", text)}
    number = next(n for n in range(len(taken) + 1) if (str(n) if n else "") not in taken)
    return f"${word}{number or ''}$"
