"""One revision as data: what its file says about itself, without its operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from sqlgen.errors import RevisionError, Source
from sqlgen.records import dataclass

Names: TypeAlias = str | Iterable[str] | None
"""How revision files name other revisions or labels: nothing, one, or several."""

FORBIDDEN = "@-+:"
"""Characters with a meaning of their own in revision symbols, so no id may contain them."""

_FORBIDDEN = frozenset(FORBIDDEN)
_CREATE_DATE = re.compile(r"^[ \t]*Create Date:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, init=False)
class Revision:
    """One revision: its id, what stands below it, and where it was read.

    The constructor takes what the variables of a revision file may hold (nothing, a string, a tuple or a
    list); the attributes are always tuples.

    ``id``             the id, as written;
    ``down``           ids of the revisions that it follows, in the order of the file;
    ``depends_on``     ids, partial ids or labels that must be applied before it;
    ``branch_labels``  labels that this revision itself declares (its branch shares them);
    ``doc``            the module's docstring without surrounding blanks;
    ``path``           the file, when there is one;
    ``shown_path``     how errors and banners name the file: inside the project, with forward slashes;
    ``line``           the line of ``revision = …``, 0 when unknown.

    Raises RevisionError, which names the file, for an id or a reference that cannot be one.
    """

    id: str
    down: tuple[str, ...]
    depends_on: tuple[str, ...]
    branch_labels: tuple[str, ...]
    doc: str
    path: Path | None
    shown_path: str
    line: int

    def __init__(
        self,
        revision: str,
        down_revision: Names = None,
        depends_on: Names = None,
        branch_labels: Names = (),
        *,
        doc: str = "",
        path: Path | None = None,
        shown_path: str = "",
        line: int = 0,
    ) -> None:
        shown = shown_path or (path.as_posix() if path else "")
        put = object.__setattr__
        put(self, "path", path)
        put(self, "shown_path", shown)
        put(self, "line", line)
        put(self, "doc", doc.strip())
        put(self, "id", _checked_id(revision, self))
        put(self, "down", _names("down_revision", down_revision, self))
        put(self, "depends_on", _names("depends_on", depends_on, self))
        put(self, "branch_labels", _names("branch_labels", branch_labels, self))

    @property
    def revision(self) -> str:
        """The id, under the name that it has in the file."""
        return self.id

    @property
    def down_revision(self) -> str | tuple[str, ...] | None:
        """The parents as revision files write them: None, one id, or a tuple of several."""
        if len(self.down) > 1:
            return self.down
        return self.down[0] if self.down else None

    @property
    def message(self) -> str:
        """The first line of the docstring, empty when there is none."""
        return self.doc.partition("\n")[0].rstrip()

    @property
    def create_date(self) -> str:
        """What stands after ``Create Date:`` in the docstring, empty when it does not say."""
        found = _CREATE_DATE.search(self.doc)
        return found.group(1) if found else ""

    @property
    def place(self) -> Source | None:
        """File and line for error messages; None for a revision that was not read from a file."""
        return Source(self.shown_path, self.line) if self.shown_path else None

    def __str__(self) -> str:
        return self.id


def _checked_id(value: object, made: Revision) -> str:
    """Return an id that can be addressed; raise RevisionError for any other value."""
    if not isinstance(value, str) or not value.strip():
        raise RevisionError(
            f"the revision id is {value!r}, and must be text that is not empty",
            place=made.place,
            hint='Write  revision = "…"  near the top of the file.',
        )
    if not _FORBIDDEN.isdisjoint(value):
        illegal = [character for character in FORBIDDEN if character in value]
        raise RevisionError(
            f"the revision id {value!r} contains {' '.join(illegal)}, which revision symbols use otherwise",
            place=made.place,
            hint="Letters, digits, underscores and dots are safe in ids.",
        )
    return value


def _names(variable: str, value: Names, made: Revision) -> tuple[str, ...]:
    """Return the names that a variable holds, each once and in its order; sets are sorted."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    items = tuple(value) if isinstance(value, Iterable) else (value,)
    wrong = [item for item in items if not isinstance(item, str)]
    if wrong:
        raise RevisionError(
            f"{variable} holds {wrong[0]!r}, and must hold text, several texts, or None", place=made.place
        )
    ordered = sorted(items) if isinstance(value, (set, frozenset)) else items
    return tuple(dict.fromkeys(ordered))
