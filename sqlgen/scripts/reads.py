"""What a script owes to rows that nobody here knows: reads taken for empty, and revisions left to Alembic.

Where a revision reads the rows of a live database, a run can be cut around it: scripts before and after it, and a run
sheet that tells the order, what runs each part, and what the version table holds in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlgen.records import replace
from sqlgen.revisions import Plan, Step
from sqlgen.scripts.section import Section, shown_rows

if TYPE_CHECKING:
    from sqlgen.scripts.script import Script


def parts(script: Script) -> tuple[Script | Section, ...]:
    """Return a script cut around the sections that are left to Alembic, which stand between the parts as they are.

    A script without such sections is its own only part.
    """
    if not any(section.manual for section in script.sections):
        return (script,)
    found: list[Script | Section] = []
    number = 0
    for group in _groups(script.sections):
        if isinstance(group, tuple):
            number += 1
            found.append(_part(script, group, number))
        else:
            found.append(group)
    return tuple(found)


def _groups(sections: tuple[Section, ...]) -> Iterator[tuple[Section, ...] | Section]:
    """Yield runs of sections that are scripts, and each section that is none; what env.py ran goes with a run."""
    run: list[Section] = []
    for section in sections:
        if not section.manual:
            run.append(section)
            continue
        if run:
            yield tuple(run)
        yield section
        run = []
    if run:
        yield tuple(run)


def _part(script: Script, sections: tuple[Section, ...], number: int) -> Script:
    steps = tuple(section.step for section in sections if section.step is not None)
    start, end = (steps[0].before, steps[-1].after) if steps else (script.plan.end, script.plan.end)
    plan = Plan(steps, start, end, script.direction)
    return replace(script, plan=plan, sections=sections, name=f"{script.direction}.{number}.sql")


def told(script: Script) -> Iterator[str]:
    """Yield a sentence for each read that was taken for empty, and for each revision that is left to Alembic."""
    for read in script.assumed:
        yield f"{script.dialect.name}, {script.direction}: a read was taken for empty at {read}"
    for step in script.manual:
        yield f"{script.dialect.name}: revision {step.revision.id} is left to Alembic, see {run_sheet(script)[0]}"


def run_sheet(script: Script) -> tuple[str, str]:
    """Return the name and the text (Markdown) of the sheet that tells how to run a script that is cut."""
    server = f"{script.dialect.title} {script.dialect.version}".strip()
    lines = [
        f"# Run sheet: {script.direction} on {server}, {shown_rows(script.plan.start)} → {shown_rows(script.plan.end)}",
        "",
        "Some revisions read rows of the live database, so that no script can be written for them: Alembic runs them.",
        "Do the steps in this order. Stop at the first that fails.",
    ]
    for number, part in enumerate(parts(script), 1):
        lines += ["", *(_manual_step(number, part) if isinstance(part, Section) else _script_step(number, part))]
    return f"{script.direction}.RUNSHEET.md", "\n".join(lines) + "\n"


def _script_step(number: int, part: Script) -> list[str]:
    return [
        f"## {number}. Apply {part.file_name}",
        "",
        f"    {part.form().command(part.file_name)}",
        "",
        f"- version before: {shown_rows(part.plan.start)}",
        f"- version after: {shown_rows(part.plan.end)}",
    ]


def _manual_step(number: int, section: Section) -> list[str]:
    step = section.step
    assert step is not None  # only revisions are left to Alembic
    return [
        f"## {number}. Let Alembic run revision {step.revision.id}, against the live database",
        "",
        f"    {alembic_command(step)}",
        "",
        f"- version before: {shown_rows(step.before)}",
        f"- version after: {shown_rows(step.after)}",
        *(f"- it reads rows at {read}" for read in section.assumed),
    ]


def alembic_command(step: Step) -> str:
    """Return the command that runs one step online."""
    if step.direction == "upgrade":
        return f"alembic upgrade {step.revision.id}"
    return f"alembic downgrade {','.join(step.revision.down) or 'base'}"
