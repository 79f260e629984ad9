"""A dialect that is no database's, revisions of a small shop, and texts that authors should not have written."""

from __future__ import annotations

from typing import ClassVar

from sqlgen.dialect import Dialect
from sqlgen.errors import Source
from sqlgen.form import Form, Rows, shown
from sqlgen.revisions import Plan, Revision, RevisionGraph, Step, plan_downgrade, plan_stamp, plan_upgrade
from sqlgen.scripts import Script, ScriptOptions, Section
from sqlgen.statement import Statement


class PlainForm(Form):
    """A client that stops, without a guard."""

    clients: ClassVar[dict[str, str]] = {"client": "client -f {file}"}

    def preamble(self) -> tuple[str, ...]:
        return ("SET STOP ON", "SET NAMES utf8")

    def verdict(self, rows: Rows, *, is_open: bool = False) -> tuple[str, ...]:
        return (f"PRINT sqlgen: now at {shown(rows)}",)


class Plain(Dialect):
    """Transactional DDL, as in the sample."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain"
    default_version: ClassVar[str] = "7"
    transactional_ddl: ClassVar[bool] = True
    begin: ClassVar[str] = "BEGIN"
    commit: ClassVar[str] = "COMMIT"
    form_class: ClassVar[type[Form]] = PlainForm


class Batches(Plain):
    """A separator line after every statement."""

    name: ClassVar[str] = "batches"
    batch_separator: ClassVar[str] = "GO"


class Autocommit(Plain):
    """DDL commits by itself, and so does everything else."""

    name: ClassVar[str] = "autocommit"
    transactional_ddl: ClassVar[bool] = False
    begin: ClassVar[str] = ""
    commit: ClassVar[str] = ""


class Implicit(Autocommit):
    """DDL commits by itself; rows wait for a COMMIT."""

    name: ClassVar[str] = "implicit"
    commit: ClassVar[str] = "COMMIT"


HOSTILE = {
    "LF": "one\nCREATE TABLE evil (id INT);",
    "CR": "one\rCREATE TABLE evil (id INT);",
    "CRLF": "one\r\nCREATE TABLE evil (id INT);\r\n",
    "VT": "one\x0bCREATE TABLE evil (id INT);",
    "FF": "one\x0cCREATE TABLE evil (id INT);",
    "separators": "one\x1cCREATE TABLE evil (id INT);\x1dtwo\x1ethree\x1ffour",
    "NEL": "one\u0085CREATE TABLE evil (id INT);",
    "LS": "one\u2028CREATE TABLE evil (id INT);",
    "PS": "one\u2029CREATE TABLE evil (id INT);",
    "end of comment": "*/ CREATE TABLE evil (id INT); /*",
    "executed comment": "/*!50000 CREATE TABLE evil (id INT); */ /*M! CREATE TABLE evil (id INT); */",
    "overlapping": "/*/ */*/ $$(x)",
    "backslashes": "\\! touch evil\n\\i evil.sql\n\\",
    "dots": ".shell touch evil\n.quit\n.",
    "variables": ":x :'x' &x &&x $(x) ${x}\n:r evil.sql\n:!! touch evil",
    "batches": "GO\n/\n;\nGO 5",
    "delimiter": "delimiter //\nDELIMITER $$",
    "hash": "# evil\n#",
    "host": "! touch evil\nHOST touch evil\n@evil\n@@evil",
    "hyphens": "heading\n-------\nlast -\n-",
    "semicolons": "CREATE TABLE evil (id INT);\n;",
    "NUL": "one\x00two\x00\nCREATE TABLE evil (id INT);",
    "end of input": "one\x04\x1a\x1b[2Jtwo",
    "bidi": "\u202etxet\u202c \u2066x\u2069 \ufeff\u200b",
    "surrogate": "half \ud800 of a pair",
    "quotes": "it's \"a\" `b` $$ $sqlgen$ ]] q'[",
    "long": "x-" * 3000,
    "blank": " \t \n\t\n  ",
    "empty": "",
}
"""Texts that make at least one client do something when they stand in a script as they are."""


def graph(message: str = "", story: str = "", path: str = "versions/invoice.py") -> RevisionGraph:
    """Return two revisions on one line; the texts go into the first."""
    doc = f"{message or 'Add invoices'}\n{story}\n\nRevision ID: a1\nRevises: \nCreate Date: 2024-01-01 10:00:00"
    return RevisionGraph(
        [
            Revision("a1", doc=doc, shown_path=path),
            Revision("b2", "a1", doc="Totals", shown_path="versions/b2.py"),
        ]
    )


def statement(sql: str, operation: str = "", line: int = 0, *, transactional: bool = True) -> Statement:
    """Return a statement of the file ``versions/a1.py``."""
    source = Source("versions/a1.py", line) if line else None
    return Statement(sql, kind="ddl", operation=operation, source=source, transactional=transactional)


def version(sql: str) -> Statement:
    return Statement(sql, kind="version")


def section(step: Step | None, *statements: Statement) -> Section:
    """Return a section that ends with as many version rows as the step writes."""
    rows = [version(f"ROW {' '.join(op)}") for op in step.version_ops] if step else []
    return Section(step, (*statements, *rows))


def plan(symbols: str = "head", direction: str = "upgrade", revisions: RevisionGraph | None = None) -> Plan:
    make = {"upgrade": plan_upgrade, "downgrade": plan_downgrade, "stamp": plan_stamp}[direction]
    return make(revisions or graph(), symbols)


def script(
    *statements: Statement,
    dialect: Dialect | None = None,
    options: ScriptOptions | None = None,
    revisions: RevisionGraph | None = None,
) -> Script:
    """Return an upgrade of two revisions from base; the statements stand in the first, the second has one."""
    whole = plan(revisions=revisions)
    first = statements or (statement("CREATE TABLE invoice (id INT)", 'op.create_table("invoice")', 18),)
    second = statement("ALTER TABLE invoice ADD total INT", 'op.add_column("invoice")', 20)
    sections = (
        section(None, version("CREATE TABLE alembic_version (version_num VARCHAR(32))")),
        section(whole.steps[0], *first),
        section(whole.steps[1], second),
    )
    return Script(dialect or Plain(), whole, sections, options or ScriptOptions(depth={"a1": 1, "b2": 2}))
