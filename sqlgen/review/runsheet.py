"""The run sheet of a release, in Markdown: what to run, in which order, what to see before and after, the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..checks import CheckScript
from ..revisions import Revision
from ..scripts.comments import one_line
from ..scripts.reads import run_sheet
from ..scripts.script import Script
from ..scripts.section import shown_rows, told
from .release import SUMS, Bundle, Part

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#~"})


def text_of(bundle: Bundle) -> str:
    """Return the run sheet of a release."""
    plan = bundle.plan
    lines = [
        f"# Release {escaped(bundle.tag)}: {way(plan.start, plan.end)}",
        "",
        f"{len(plan.steps)} revision{'s' if len(plan.steps) > 1 else ''}, in the order in which they are applied:",
        "",
        "| | revision | what it does | source |",
        "|---:|---|---|---|",
        *(_row(number, one) for number, one in enumerate(plan.revisions, 1)),
        "",
        "First see that the files are those that were released, in the folder of this sheet:",
        "",
        f"    sha256sum -c {SUMS}",
        "",
        "Then follow the section of your database. Stop at the first step that does not go as it says.",
    ]
    for part in bundle.parts:
        lines += ["", *_part(part)]
    return "\n".join(lines) + "\n"


def _row(number: int, revision: Revision) -> str:
    source = code(revision.shown_path) if revision.shown_path else ""
    return f"| {number} | {code(revision.id)} | {escaped(told(revision)[0])} | {source} |"


def _part(part: Part) -> Iterator[str]:
    """Yield the section of one database."""
    script = part.upgrade
    contents = script.contents
    counts = ", ".join(f"{number} {words}" for words, number in contents.counts.items())
    yield f"## {escaped(script.dialect.title)} {script.dialect.version}".rstrip()
    yield ""
    yield f"- folder: {code(part.name)}"
    yield f"- statements: {script.statement_count}" + (f" ({counts})" if counts else "")
    yield f"- tables touched: {', '.join(map(code, contents.tables)) or 'none that is known'}"
    yield from _steps(part)
    yield ""
    yield "| step | who | when | result |"
    yield "|---|---|---|---|"
    yield from (f"| {step} | | | |" for step in ("backup", "upgrade", "version afterwards"))


def _steps(part: Part) -> Iterator[str]:
    """Yield what is done for one database, numbered."""
    script = part.upgrade
    yield from ("", "1. Take a backup, and ask where the database is:", "")
    yield from (f"       {version_query(script)}", "", f"   It must be at {rows(script.plan.start)}.")
    number = 2
    if part.checks is not None:
        yield from ("", *_ask(f"{number}. Ask whether the upgrade can go well", part.checks[0]))
        number += 1
    yield from ("", *_apply(f"{number}. Apply the upgrade, in the folder {code(part.name)}", script))
    number += 1
    yield from ("", f"{number}. Ask again where it is. It must be at {rows(script.plan.end)}.")
    if part.checks is not None:
        number += 1
        yield from ("", *_ask(f"{number}. Ask whether everything is there", part.checks[1]))
    yield from ("", *_way_back(number + 1, part))


def _way_back(number: int, part: Part) -> Iterator[str]:
    """Yield how the upgrade is taken back."""
    if part.downgrade is None:
        why = _why_no_way_back(part.upgrade)
        yield f"{number}. There is no way back by a script: {why} The way back is the backup."
        return
    yield from _apply(f"{number}. To go back, and only then", part.downgrade)
    yield from ("", f"   The database is at {rows(part.downgrade.plan.end)} then.")


def _ask(title: str, check: CheckScript) -> Iterator[str]:
    """Yield how a script of questions is run."""
    yield from (f"{title}; it reads only:", "")
    yield from (f"       {one_line(check.questions.command(check.file_name))}", "")
    yield "   No line may begin with FAIL; what begins with WARN needs somebody's decision."


def _why_no_way_back(script: Script) -> str:
    if len(script.plan.start) > 1:
        return "a downgrade leads to one revision, and this release starts at several."
    return "at least one of the revisions cannot be taken back."


def _apply(title: str, script: Script) -> Iterator[str]:
    """Yield how a script is applied, or that it has a sheet of its own because it is cut."""
    if script.manual:
        yield f"{title}: follow {code(run_sheet(script)[0])}, because Alembic has to run some of the revisions."
        return
    yield f"{title}:"
    yield from ("", f"       {one_line(script.form().command(script.file_name))}", "")
    yield f"   It stops at the first error, and ends with `sqlgen: now at {shown_rows(script.plan.end)}`."


def version_query(script: Script) -> str:
    """Return the query that tells where a database is."""
    versions = script.options.versions
    table = script.dialect.qualify(versions.name, versions.schema)
    return one_line(script.dialect.terminate(f"SELECT version_num FROM {table}"))


def way(start: Sequence[str], end: Sequence[str]) -> str:
    """Return where a release leads from and to."""
    return f"{', '.join(map(code, sorted(start))) or 'base'} → {', '.join(map(code, sorted(end))) or 'base'}"


def rows(ids: Sequence[str]) -> str:
    """Return what the version table holds, for a reader."""
    if not ids:
        return "base: the table is empty, or is not there"
    return f"{', '.join(map(code, sorted(ids)))} and nothing else"


def code(text: str) -> str:
    """Return a text as code, with a fence that is longer than any in it."""
    shown = one_line(text)
    fence = "`"
    while fence in shown:
        fence += "`"
    inner = f" {shown} " if shown.startswith("`") or shown.endswith("`") else shown
    return f"{fence}{inner}{fence}".replace("|", "\\|")


def escaped(text: str) -> str:
    """Return a text that Markdown takes for nothing but text."""
    return one_line(text).translate(_SPECIAL)
