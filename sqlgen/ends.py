"""The end of a run, kept for the one that starts there: a downgrade, or the schema, after the upgrade that leads to it.

Without it the revisions would be replayed once more, to the same end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .records import dataclass

if TYPE_CHECKING:
    from .recording.environment import Environment
    from .recording.recorder import Recorder
    from .revisions import Plan
    from .run import Rendering

PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class End:
    """A run that is over, with its recorder still open."""

    rendering: Rendering
    environment: Environment

    @property
    def recorder(self) -> Recorder:
        """The recorder, which has the schema."""
        return self.environment.get_context().recorder

    def is_of(self, rendering: Rendering, plan: Plan) -> bool:
        """Tell whether a run of ``plan`` for the database of another rendering would end the same."""
        mine, its = self.rendering, rendering
        return (
            type(mine.dialect) is type(its.dialect)
            and mine.dialect.version == its.dialect.version
            and mine.dialect.schema == its.dialect.schema
            and mine.dialect.copy_tables == its.dialect.copy_tables
            and (mine.on_read, mine.starts_empty, mine.baseline) == (its.on_read, its.starts_empty, its.baseline)
            and (mine.tag, mine.overrides) == (its.tag, its.overrides)
            and [step.revision.id for step in mine.plan.steps] == [step.revision.id for step in plan.steps]
        )

    def is_configured_as(self, options: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
        """Tell whether env.py gave the same: to ``context.configure()``, and to ``run_migrations()``.

        It runs anew for each script, so what is no plain value is another object of the same class.
        """
        if self.rendering.ran is None:
            return False
        migration, given = self.rendering.ran
        return alike(migration.opts, options) and alike(given, arguments)

    def is_formed_as(self, rendering: Rendering) -> bool:
        """Tell whether another rendering has the same form of scripts."""
        mine = self.rendering
        return mine.shape == rendering.shape and mine.dialect.raw_newlines == rendering.dialect.raw_newlines

    def close(self) -> None:
        """Give the memory back."""
        self.rendering.close()


def alike(some: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Tell whether two sets of options say the same."""

    def said(value: Any) -> Any:
        return (type(value), value) if isinstance(value, PLAIN) else type(value)

    return {key: said(value) for key, value in some.items()} == {key: said(value) for key, value in others.items()}


@dataclass
class Ends:
    """Keeps the end of the last run from nothing, or from a baseline, while somebody wants it."""

    kept: End | None = None
    is_wanted: bool = False

    @contextmanager
    def wanted(self) -> Iterator[None]:
        """Keep an end while the block runs."""
        before, self.is_wanted = self.is_wanted, True
        try:
            yield
        finally:
            self.is_wanted = before
            self.forget()

    def forget(self) -> None:
        """Close what is kept."""
        kept, self.kept = self.kept, None
        if kept is not None:
            kept.close()

    def keep(self, rendering: Rendering, environment: Environment) -> bool:
        """Take an end where it may be of use, in place of the one before; the caller closes what is not taken."""
        starts = not rendering.plan.start or rendering.starts_from_baseline
        if not self.is_wanted or not starts or rendering.plan.direction != "upgrade" or rendering.watch is not None:
            return False
        self.forget()
        self.kept = End(rendering, environment)
        return True

    def of(self, rendering: Rendering, plan: Plan) -> End | None:
        """Return the end that a run of ``plan`` would come to."""
        return self.kept if self.kept is not None and self.kept.is_of(rendering, plan) else None
