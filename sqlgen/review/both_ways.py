"""The downgrade that belongs beside an upgrade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import CommandError

if TYPE_CHECKING:
    from ..project import Project
    from ..scripts.script import Script


def way_back(project: Project, script: Script, **options: Any) -> Script | None:
    """Return the downgrade that takes an upgrade back; None, and a warning, when there is none.

    ``options`` are those of :meth:`Project.script`. There is no way back from an upgrade without steps.
    """
    plan, name = script.plan, script.dialect.name
    if not plan.steps:
        return None
    if len(plan.start) > 1:
        project.warn(f"{name}: no downgrade.sql, because a downgrade leads to one revision, not to several")
        return None
    back = f"{','.join(plan.end)}:{','.join(plan.start) or 'base'}"
    try:
        return project.script(back, dialect=name, direction="downgrade", **options)
    except CommandError as error:
        project.warn(f"{name}: no downgrade.sql: {error}")
        return None
