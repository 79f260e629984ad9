"""The questions before and after a script, from what was watched while its revisions ran."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from sqlgen.checks.postcheck import Postcheck
from sqlgen.checks.precheck import Precheck
from sqlgen.checks.script import PRECHECK, VERIFY, CheckScript
from sqlgen.checks.watch import Places, Watch
from sqlgen.questions import Need
from sqlgen.revisions import Plan
from sqlgen.scripts import Section


def both(
    watch: Watch,
    sections: Sequence[Section],
    plan: Plan,
    versions: sa.Table,
    *,
    whole: bool = False,
    schema: str = "",
) -> tuple[CheckScript, CheckScript]:
    """Return the scripts of checks of a plan that has been run, its recorder still open.

    ``versions`` is the version table; ``whole`` asks afterwards about all of the schema; ``schema`` is where the script
    works, empty for the session's own.
    """
    recorder = watch.recorder
    assert recorder is not None
    places, table = Places.of(sections), Need(str(versions.name), versions.schema)
    texts = [one for section in sections for one in section.statements if one.kind == "raw" and not one.verbatim]
    before, after = recorder.dialect.questions(watch.start), recorder.dialect.questions(watch.last)
    asked = Precheck(watch, places, before, table, plan.start).checks()
    told = Postcheck(watch, places, after, table, plan.end, texts, whole).checks()
    return (
        CheckScript(PRECHECK, plan, before, tuple(asked), schema),
        CheckScript(VERIFY, plan, after, tuple(told), schema),
    )
