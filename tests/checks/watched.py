"""Checks of a few calls of ``op``, without a project: what stands at the start, and what a script then does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa

from sqlgen import capture
from sqlgen.checks import CheckScript, both
from sqlgen.checks.watch import Watch
from sqlgen.revisions import Plan, Revision, Step
from sqlgen.scripts import Section

Body = Callable[[Any], None]

VERSIONS = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


class Watched(NamedTuple):
    """The script that makes the start, that of the change, and the questions around the latter."""

    start: str
    precheck: CheckScript
    script: str
    verify: CheckScript


def nothing(_op: Any) -> None:
    """Make no start."""


def watched(
    dialect: str, body: Body, start: Body = nothing, *, rows: tuple[str, ...] = (), whole: bool = False, **options: Any
) -> Watched:
    """Return what comes of a change; ``rows`` are the version rows before and after it."""
    with capture(dialect, from_base=True, **options) as captured:
        recorder = captured.recorder
        start(captured.op)
        first = text_of(recorder.dialect, captured.statements)
        recorder.take()
        recorder.shadow.triggers = False
        watch = Watch()
        watch.begin(recorder, VERSIONS.name)
        recorder.revision = "a1"
        body(captured.op)
        assert recorder.error is None, recorder.error
        statements = tuple(captured.statements)
        step = Step(Revision("a1"), "upgrade", rows, rows, [], True)
        plan = Plan((step,), rows, rows, "upgrade")
        precheck, verify = both(watch, [Section(step, statements)], plan, VERSIONS, whole=whole)
        return Watched(first, precheck, text_of(recorder.dialect, statements), verify)


def text_of(dialect: Any, statements: Any) -> str:
    """Return statements for the plain client."""
    lines = [one.sql if one.verbatim else dialect.terminate(one.sql) for one in statements]
    settings = {"sqlite": ".bail on", "postgresql": r"\set ON_ERROR_STOP on"}.get(dialect.name, "SET NAMES utf8mb4;")
    return "\n".join([settings, *lines, ""])
