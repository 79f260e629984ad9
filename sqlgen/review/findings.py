"""What a check says: findings, and the forms in which programs read them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ..records import dataclass

SCHEMA = 1
"""The version of the JSON form, see ``findings.schema.json``."""

KINDS: Mapping[str, str] = {
    "released": "a released revision is not what it was",
    "heads": "several heads follow the same revisions",
    "edited": "a script was edited by hand",
    "sum": "the sum file cannot be trusted",
    "missing": "a script is missing",
    "unexpected": "a file does not belong here",
    "stale": "a script is not what the revisions give today",
}
"""The kinds of findings, the worst first."""

ANNOTATIONS = 10
"""How many errors GitHub shows of one step; what comes after them is dropped there."""


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, with its place, and the command or the words that help.

    ``path`` is as it should be shown; ``patch`` shows a difference in SQL.
    """

    kind: str
    message: str
    path: str
    line: int = 0
    revision: str = ""
    dialect: str = ""
    command: str = ""
    hint: str = ""
    patch: str = ""

    @property
    def severity(self) -> int:
        """The place of its kind among the kinds, the worst 0."""
        return list(KINDS).index(self.kind)

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.kind}: {self.message}"

    def facts(self) -> dict[str, Any]:
        """Return the finding as JSON shows it."""
        return {
            "kind": self.kind,
            "message": self.message,
            "path": self.path,
            "line": self.line or None,
            "revision": self.revision or None,
            "dialect": self.dialect or None,
            "command": self.command or None,
            "hint": self.hint or None,
            "diff": self.patch or None,
        }


def as_json(findings: Sequence[Finding], total: int, command: str) -> dict[str, Any]:
    """Return findings as a value for JSON, in the form that ``findings.schema.json`` describes."""
    counts = {kind: sum(one.kind == kind for one in findings) for kind in KINDS}
    return {
        "schema": SCHEMA,
        "tool": "sqlgen",
        "summary": {"files": total, "findings": len(findings), **counts, "command": command or None},
        "findings": [one.facts() for one in findings],
    }


def workflow_commands(findings: Sequence[Finding], workspace: str) -> Iterator[str]:
    """Yield workflow commands for GitHub, the worst findings first, no more than it shows.

    ``workspace`` is the folder from which GitHub names files. What does not fit is told in a last line.
    """
    ordered = sorted(findings, key=lambda one: one.severity)
    shown = ordered if len(ordered) <= ANNOTATIONS else ordered[: ANNOTATIONS - 1]
    for one in shown:
        path = Path(os.path.relpath(one.path, workspace)).as_posix()
        facts = {"title": f"sqlgen: {one.kind}", "file": path, **({"line": str(one.line)} if one.line else {})}
        words = ",".join(f"{name}={_property(value)}" for name, value in facts.items())
        text = "\n".join(filter(None, [one.message, one.hint, one.command]))
        yield f"::error {words}::{_data(text)}"
    if len(shown) < len(ordered):
        yield f"::error title=sqlgen::and {len(ordered) - len(shown)} more findings, see the log"


def _data(text: str) -> str:
    """Return a text as a workflow command takes it (github.com/actions/toolkit, packages/core/src/command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def junit(findings: Sequence[Finding], names: Iterable[str], suite: str) -> str:
    """Return a JUnit report: one test case per file of the tree, and one for each finding about another file."""
    about: dict[str, list[Finding]] = {name: [] for name in names}
    for one in findings:
        about.setdefault(one.path, []).append(one)
    failures = sum(bool(found) for found in about.values())
    counts = f'tests="{len(about)}" failures="{failures}" errors="0" skipped="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="sqlgen" {counts}>',
        f"  <testsuite name={quoteattr(suite)} {counts}>",
    ]
    for name, found in about.items():
        words = quoteattr(_printable(name))
        case = f"    <testcase classname={quoteattr(suite)} name={words} file={words}"
        if not found:
            lines.append(f"{case}/>")
            continue
        text = "\n".join(str(line) for one in found for line in (one, one.hint, one.command, one.patch) if line)
        message = quoteattr(_printable(found[0].message))
        lines.append(f"{case}>")
        lines.append(f'      <failure type="{found[0].kind}" message={message}>{escape(_printable(text))}</failure>')
        lines.append("    </testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _printable(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
