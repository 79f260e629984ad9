"""Every error that sqlgen raises on purpose.

::

    CommandError                          a user can mend it; carries place, hint, exit code
    ├── Differs                         1  what would be written is not what was reviewed or released
    ├── UsageError                      2  wrong words on the command line
    │   └── UnknownDialect              2  no dialect of that name
    ├── ConfigError                     2  configuration missing, unreadable or contradictory
    ├── OutputError                     2  a file or folder could not be written; nothing is left half-written
    ├── RevisionError                   2  the revision graph cannot answer
    │   ├── ResolutionError             2  a symbol names no revision, or more than one
    │   ├── MultipleHeads               2  one head was asked for, and there are several
    │   ├── RangeNotAncestorError       2  the two ends of a range are not on one line
    │   ├── DuplicateRevision           3  two files carry one id
    │   ├── MissingParent               3  a file names a parent that no file carries
    │   └── CycleDetected               3  revisions that are their own ancestors
    │       ├── LoopDetected            3  a revision that is its own parent
    │       └── DependencyCycleDetected 3  the same, through depends_on
    │           └── DependencyLoopDetected (also a LoopDetected)
    ├── LoadError                       3  env.py or a revision could not be read or executed
    └── RenderError                     3  a revision could not be turned into SQL
        ├── Unsupported                 3  the dialect has no correct form of an operation
        ├── LiteralError                3  a value has no faithful literal
        ├── NeedsDatabase               3  the revision asks what only a live database knows
        ├── OutsideRun                  3  a function of op was called while no revision is being run
        └── ConnectionRefused           3  something tried to open a database while rendering

The graph errors carry Alembic's names, because programs catch them by name. ``exit_code`` is what the
command line ends with; 4, an internal error, is whatever is not a :class:`CommandError`.
"""

from __future__ import annotations

from collections.abc import Iterable

from .records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a file of the user's.

    ``path`` is as it should be shown: relative to the project where it lies inside, with forward slashes.
    ``line`` counts from 1; 0 means the whole file.
    """

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class CommandError(Exception):
    """An error that its reader can mend.

    ``message`` is one sentence that says what was found and what was meant; ``place`` says where;
    ``hint`` says what to do about it. ``str()`` is the place and the message.
    """

    exit_code = 2

    def __init__(self, message: str, *, place: Source | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message

    def at(self, path: str, line: int = 0) -> CommandError:
        """Set the place unless it is already known, and return the error itself."""
        if self.place is None:
            self.place = Source(path, line)
        elif not self.place.line and self.place.path == path:
            self.place = replace(self.place, line=line)
        return self


class Differs(CommandError):
    """What would be written is not what somebody reviewed, edited or released; nothing was written."""

    exit_code = 1


class UsageError(CommandError):
    """The command line asks for something that does not exist or does not fit together."""


class UnknownDialect(UsageError):
    """No dialect goes by this name."""


class ConfigError(CommandError):
    """The configuration is missing, unreadable or contradicts itself."""


class OutputError(CommandError):
    """A file or folder could not be written. Whatever stood there before still stands."""


class RevisionError(CommandError):
    """The revision graph has no answer to a question."""


class ResolutionError(RevisionError):
    """A symbol names no revision, or more than one. ``argument`` is the symbol as it was written."""

    def __init__(self, message: str, argument: str = "", *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.argument = argument


class MultipleHeads(RevisionError):
    """One head was asked for and there are several. ``heads`` are their ids, ``argument`` the symbol."""

    def __init__(self, heads: Iterable[str], argument: str = "head") -> None:
        self.heads = tuple(heads)
        self.argument = argument
        super().__init__(
            f"{argument!r} is not one revision: there are {len(self.heads)} heads, {', '.join(self.heads)}",
            hint="Say 'heads' for all of them, or name one: by its id, or as label@head.",
        )


class RangeNotAncestorError(RevisionError):
    """``lower`` is not an ancestor of ``upper``."""

    def __init__(self, lower: object, upper: object, *, hint: str = "") -> None:
        self.lower = lower
        self.upper = upper
        super().__init__(f"revision {lower} is not an ancestor of revision {upper}", hint=hint)


class DuplicateRevision(RevisionError):
    """Two files carry one revision id, so nobody can say which of them counts."""

    exit_code = 3


class MissingParent(RevisionError):
    """A file names a parent or dependency that no file carries."""

    exit_code = 3


class CycleDetected(RevisionError):
    """Revisions that are, through ``down_revision``, their own ancestors."""

    exit_code = 3
    kind = "Cycle"

    def __init__(self, revisions: Iterable[str]) -> None:
        self.revisions = tuple(revisions)
        super().__init__(
            f"{self.kind} is detected in revisions ({', '.join(self.revisions)})",
            hint="Each of them is an ancestor of the others: mend down_revision or depends_on in one of these files.",
        )


class DependencyCycleDetected(CycleDetected):
    """Revisions that are their own ancestors once ``depends_on`` counts."""

    kind = "Dependency cycle"


class LoopDetected(CycleDetected):
    """A revision that names itself as its parent."""

    kind = "Self-loop"

    def __init__(self, revision: str) -> None:
        super().__init__([revision])


class DependencyLoopDetected(DependencyCycleDetected, LoopDetected):
    """A revision that names itself in ``depends_on``."""

    kind = "Dependency self-loop"

    def __init__(self, revision: str) -> None:
        LoopDetected.__init__(self, revision)


class LoadError(CommandError):
    """A revision file or env.py could not be read or executed."""

    exit_code = 3


class RenderError(CommandError):
    """A revision could not be turned into SQL.

    ``revision`` is its id and ``operation`` what it was doing, both filled in while the error travels up.
    """

    exit_code = 3

    def __init__(self, message: str, *, place: Source | None = None, hint: str = "") -> None:
        super().__init__(message, place=place, hint=hint)
        self.revision = ""
        self.operation = ""

    def __str__(self) -> str:
        parts = [str(self.place) if self.place else "", f"revision {self.revision}" if self.revision else ""]
        return ": ".join([*filter(None, [*parts, self.operation]), self.message])


class Unsupported(RenderError):
    """The dialect has no correct form of an operation; the hint says what to do instead."""


class LiteralError(RenderError):
    """A value cannot be written as text so that the server stores what a driver would have stored."""


class NeedsDatabase(RenderError):
    """The revision asks for something that only a live database knows."""


class OutsideRun(RenderError, NameError):
    """A function of ``op`` was called while no revision is being run.

    Also a NameError, because that is what code under Alembic catches to find out whether it runs in a migration.
    """


class ConnectionRefused(RenderError):
    """A revision, a helper or env.py tried to open a database; rendering never connects."""


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word nearest to a mistyped one, or the empty string when none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.5)), "")
