"""The downgrades that belong beside an upgrade."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CommandError, RenderError

if TYPE_CHECKING:
    from ..project import Project
    from ..revisions import Plan
    from ..scripts.script import Script

_WHOLE = re.compile(r"downgrade(\.[0-9]+|\.precheck|\.verify)?\.sql|downgrade\.RUNSHEET\.md")
_UP, _DOWN = ".upgrade.sql", ".downgrade.sql"


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
    try:
        return project.script(range_back(plan), dialect=name, direction="downgrade", **options)
    except CommandError as error:
        project.warn(f"{name}: no downgrade.sql: {error}")
        return None


def range_back(plan: Plan) -> str:
    """Return the range of the downgrade that takes an upgrade back."""
    return f"{','.join(plan.end)}:{','.join(plan.start) or 'base'}"


def left_over(home: Path, files: Collection[Path]) -> list[Path]:
    """Return the downgrades, and what belongs to them, that an earlier run left beside an upgrade.

    ``home`` is the folder of a database, and ``files`` what was written now. Of the files of single revisions those are
    returned whose upgrade was written: an older pair stands by itself.
    """
    written = set(files)
    whole = sorted(path for path in home.glob("downgrade.*") if _WHOLE.fullmatch(path.name))
    beside = [path for path in written if path.parent.parent == home and path.name.endswith(_UP)]
    single = [path.with_name(path.name.removesuffix(_UP) + _DOWN) for path in beside]
    return [path for path in (*whole, *sorted(single)) if path.is_file() and path not in written]


class Pieces:
    """The downgrades of what can be taken back, where some revision in between cannot.

    ``lost`` are the revisions that have no downgrade of their own; what is neither in the scripts nor in ``lost`` could
    not be reached, because branches meet there.
    """

    def __init__(self, project: Project, dialect: str) -> None:
        self.project = project
        self.dialect = dialect
        self.lost: set[str] = set()

    def between(self, upper: str, lower: str) -> Iterator[Script]:
        """Yield the downgrades from one revision to another, the newest first."""
        if upper == lower:
            return
        try:
            yield self.project.script(f"{upper}:{lower}", dialect=self.dialect, direction="downgrade")
        except RenderError as error:
            yield from self._around(error.revision, upper, lower)
        except CommandError:
            return

    def _around(self, lost: str, upper: str, lower: str) -> Iterator[Script]:
        """Yield the downgrades above and below a revision that cannot be taken back."""
        graph = self.project.revisions
        if lost not in graph or lost in self.lost:
            return
        self.lost.add(lost)
        yield from self.between(upper, lost)
        if len(graph[lost].down) == 1:
            yield from self.between(graph[lost].down[0], lower)


def in_pieces(project: Project, script: Script) -> tuple[list[Script], set[str]]:
    """Return the downgrades of the revisions of an upgrade that can be taken back, and those that cannot."""
    plan = script.plan
    if not plan.steps or len(plan.start) > 1:
        return [], set()
    found = Pieces(project, script.dialect.name)
    upper, _, lower = range_back(plan).partition(":")
    return list(found.between(upper, lower)), found.lost
