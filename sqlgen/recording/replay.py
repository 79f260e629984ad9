"""Running the steps of a plan for one dialect, revision by revision, into sections of a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy.exc import DBAPIError, NoSuchTableError

from ..compiler import MARKED
from ..errors import CommandError, LoadError, RenderError, Source
from ..operations import Operations, bound
from ..records import dataclass, field
from ..revisions import Plan, Revision, Step
from ..schema.missing import NO_REVISION
from ..schema.replica import Refused
from ..scripts import Section
from ..statement import Statement
from ..statements import Statements
from .environment import MigrationContext
from .modules import line_in, load_module
from .recorder import Recorder
from .version_table import VersionTable


@dataclass(slots=True)
class Modules:
    """The executed revision files, each executed once for all dialects.

    Without ``keep`` a file that has run is forgotten, which is for one script of many revisions.
    """

    keep: bool = True
    loaded: dict[Path, ModuleType] = field(default_factory=dict)

    def get(self, revision: Revision) -> ModuleType:
        """Return the module of a revision. Raises LoadError."""
        path = revision.path
        if path is None:
            raise LoadError(f"revision {revision.id} has no file")
        if path not in self.loaded:
            module = load_module(path, revision.shown_path)
            if not self.keep:
                return module
            self.loaded[path] = module
        return self.loaded[path]


@dataclass(slots=True)
class Replay:
    """Runs a plan's steps with one recorder.

    ``arguments`` are those that env.py gave to ``run_migrations()``; they reach upgrade() and downgrade().
    """

    plan: Plan
    context: MigrationContext
    versions: VersionTable
    modules: Modules
    arguments: Mapping[str, Any] = field(default_factory=dict)
    progress: Callable[[Step], None] | None = None

    @property
    def recorder(self) -> Recorder:
        """The recorder of the run."""
        return self.context.recorder

    def sections(self) -> Iterator[Section]:
        """Yield a section per step. Raises what the revisions raise, with revision, file and line."""
        self.context.heads = self.plan.start
        self.recorder.shadow.keep_versions(self.versions.table)
        for number, step in enumerate(self.plan.steps):
            if self.progress:
                self.progress(step)
            first = [self.versions.create()] if number == 0 and not self.plan.start else []
            created = [*self.recorder.versioned(first)]
            if step.direction != "stamp":
                self.run(step)
            body = self.recorder.take()
            moved = [*self.recorder.versioned(self.versions.write(step))]
            assumed = tuple(self.recorder.assumed)
            self.recorder.assumed.clear()
            self.context.heads = step.after
            if assumed and self.recorder.on_read == "split":
                self.recorder.forget_rows(f"revision {step.revision.id} is left to Alembic")
                yield Section(step, (), assumed, manual=True)
                continue
            self.applied(step)
            callbacks = self.recorder.take()
            yield Section(step, Statements.joined((created, body, moved, callbacks)), assumed)

    def run(self, step: Step) -> None:
        """Run one revision's upgrade() or downgrade()."""
        revision = step.revision
        module = self.modules.get(revision)
        function = getattr(module, step.direction, None)
        if function is None:
            raise LoadError(
                f"revision {revision.id} has no {step.direction}()",
                place=Source(revision.shown_path),
                hint=f"Write def {step.direction}(): pass if there is nothing to do.",
            )
        with self.during(revision), bound(Operations(self.recorder)):
            function(**self.arguments)

    @contextmanager
    def during(self, revision: Revision) -> Iterator[None]:
        """Let the recorder know whose lines to name, and let no error pass without its place."""
        recorder = self.recorder
        recorder.file, recorder.shown_file = revision.path, revision.shown_path
        recorder.revision = revision.id
        try:
            yield
        except CommandError as error:
            raise placed(error, revision) from error
        except Exception as error:
            if recorder.error is None or recorder.error.__cause__ is error:
                raise self.crash(error, revision) from error
        finally:
            failed, recorder.error = recorder.error, None
            recorder.file, recorder.shown_file, recorder.revision = None, "", ""
        if failed is not None:
            raise failed

    def crash(self, error: Exception, revision: Revision) -> RenderError:
        """Return an exception of the revision's own as an error that names its line."""
        place = Source(revision.shown_path, line_in(error, revision.path or Path()))
        driver = error.orig if isinstance(error, DBAPIError) else None
        refused = driver.__cause__ if driver is not None else None
        if isinstance(refused, Refused) and isinstance(error, DBAPIError) and self.recorder.replica is not None:
            statement = Statement(MARKED.sub(r":\1", str(error.statement)), operation="bind.execute()", source=place)
            found = self.recorder.replica.refusal(statement, refused)
        elif isinstance(refused, Refused):
            told = getattr(refused.__cause__, "hint", None)
            meant = "Where the server's refusal is meant, catch it within bind.begin_nested()."
            found = RenderError(str(refused), place=place, hint=f"{told} {meant}" if told else meant)
        elif isinstance(error, NoSuchTableError):
            message = f"there is no table {str(error)!r}, and no revision before this one makes it"
            found = RenderError(message, place=place, hint=NO_REVISION)
        else:
            found = RenderError(
                f"{type(error).__name__}: {error}" if str(error) else type(error).__name__,
                place=place,
                hint="The revision itself raised this; --traceback shows where.",
            )
        found.revision = revision.id
        return found

    def applied(self, step: Step) -> None:
        """Call what env.py registered with ``on_version_apply``."""
        callbacks = self.context.on_version_apply_callbacks
        for callback in callbacks:
            callback(ctx=self.context, step=MigrationInfo(step), heads=set(step.after), run_args=dict(self.arguments))


@dataclass(frozen=True, slots=True)
class MigrationInfo:
    """What an ``on_version_apply`` callback is told about a step."""

    step: Step

    @property
    def is_upgrade(self) -> bool:
        """Whether the step goes up."""
        return self.step.direction == "upgrade"

    @property
    def is_stamp(self) -> bool:
        """Whether the step only writes version rows."""
        return self.step.direction == "stamp"

    @property
    def is_migration(self) -> bool:
        """Whether the step runs a revision."""
        return not self.is_stamp

    @property
    def up_revision_id(self) -> str:
        """The id of the step's revision."""
        return self.step.revision.id

    up_revision_ids = property(lambda self: (self.step.revision.id,))
    down_revision_ids = property(lambda self: self.step.revision.down)
    source_revision_ids = property(lambda self: self.step.before)
    destination_revision_ids = property(lambda self: self.step.after)

    @property
    def up_revision(self) -> Revision:
        """The step's revision."""
        return self.step.revision


def placed(error: CommandError, revision: Revision) -> CommandError:
    """Return an error of ours with the revision's file and line filled in where they were missing."""
    if revision.path is not None:
        error.at(revision.shown_path, line_in(error, revision.path))
    if isinstance(error, RenderError):
        error.revision = error.revision or revision.id
    return error


def stopped(error: CommandError, plan: Plan) -> CommandError:
    """Return the error of a revision that cannot be replayed as one of a history that cannot be."""
    error.message = f"the history before {', '.join(plan.start)} cannot be replayed: {error.message}"
    way_out = "Give the schema that it leads to as a snapshot: --baseline FILE."
    error.hint = f"{error.hint}\n{way_out}" if error.hint else way_out
    return error
