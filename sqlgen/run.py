"""One script on its way: a plan run for one dialect, in the environment that env.py makes, into sections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from .config import Config
from .dialect import Dialect
from .errors import CommandError, ConnectionRefused, LoadError, NeedsDatabase, RenderError, Source
from .form import Part, Shape, Versions
from .recording.environment import Environment, MigrationContext, context, url_of
from .recording.modules import lacks_driver, line_in, load_error, load_module
from .recording.recorder import Recorder
from .recording.replay import Modules, Replay, stopped
from .recording.script_directory import AlembicConfig, ScriptDirectory
from .recording.version_table import VersionTable, wide_enough
from .records import dataclass, field, replace
from .revisions import Plan, RevisionGraph, Step, reordered
from .scripts import Script, ScriptOptions, Section
from .scripts.comments import one_line
from .scripts.names import revision_file
from .scripts.script import FiledStep
from .spool import Spool
from .statement import Statement

if TYPE_CHECKING:
    from .checks.watch import Watch
    from .recording.whole import Whole
    from .schema.replica import Replica
    from .schema.snapshot import Snapshot
    from .scripts.resume import Stop

NO_ENV = "--no-env renders without env.py; version_table and the like are then the defaults."


class Ended(Protocol):
    """A run that is over, whose recorder is still open."""

    @property
    def recorder(self) -> Recorder:
        """The recorder, which has the schema."""

    def is_configured_as(self, options: Mapping[str, Any], arguments: Mapping[str, Any], /) -> bool:
        """Tell whether env.py gave the same."""


class Keeper(Protocol):
    """Keeps the ends of runs for those that start there."""

    def keep(self, rendering: Rendering, environment: Environment, /) -> bool:
        """Take an end; the caller closes what is not taken."""

    def of(self, rendering: Rendering, plan: Plan, /) -> Ended | None:
        """Return the end that a run of ``plan`` would come to."""


class Home(Protocol):
    """What a run asks of its project."""

    config: Config
    use_env: bool
    x: tuple[str, ...]
    progress: Callable[[str, Step], None] | None
    modules: Modules
    keeps_elements: bool

    def warn(self, text: str, /) -> None:
        """Tell the user."""

    @property
    def ends(self) -> Keeper:
        """The ends of runs that are kept."""

    @property
    def revisions(self) -> RevisionGraph:
        """The revision graph."""

    @property
    def configured_url(self) -> str:
        """The address in the configuration file."""

    def plan(self, range_text: str, direction: str = "upgrade") -> Plan:
        """Return the steps of a range."""

    def shown(self, path: Path) -> str:
        """Return a path as the user is told it."""

    def loading(self, failed: Callable[[RenderError], RenderError] | None = None) -> AbstractContextManager[None]:
        """Serve Alembic's names while the block runs."""


@dataclass
class Rendering:
    """One script on its way: a plan, a dialect, and the environment that runs them."""

    project: Home
    plan: Plan
    dialect: Dialect
    tag: Any
    overrides: dict[str, Any]
    on_read: str = "error"
    baseline: Snapshot | None = None
    starts_empty: bool = True
    shape: Shape = field(default_factory=Shape)
    sections: list[Section] = field(default_factory=list)
    recorder: Recorder | None = None
    spool: Spool = field(default_factory=Spool)
    replica: Replica | None = None
    ran: tuple[MigrationContext, dict[str, Any]] | None = None
    before: Recorder | None = None
    watch: Watch | None = None
    watched: str = ""

    def script(self) -> Script:
        """Run the plan and return the script."""
        with self.performed() as environment:
            return self.finished(environment)

    def finished(self, environment: Environment) -> Script:
        """Return the script of a plan that has been run."""
        return Script(self.dialect, self.plan, tuple(self.sections), self.options(environment.options))

    def whole(self, environment: Environment) -> Whole:
        """Return the schema as it is at the end of the plan."""
        from .recording.whole import Whole

        beside = self.baseline.beside if self.baseline is not None else ()
        migration = environment.get_context()
        return Whole(migration.recorder, self.versions(migration).name, tuple(self.sections), beside)

    def schema(self, environment: Environment) -> Script:
        """Return the script of the whole schema at the end of the plan, which has been run."""
        migration = environment.get_context()
        whole = self.whole(environment)
        merged = {**environment.options, **self.overrides}
        versions = self.versions(migration)
        made = [versions.create(), *whole.statements(merged, self.address(merged)), *versions.stamped(self.plan.end)]
        if left := whole.left_out():
            self.project.warn(
                f"{left[0].source}: {len(left)} of the statements change rights, owners or settings, which no schema "
                f"script has; the first is {one_line(left[0].sql)[:60]}"
            )
        plan = replace(self.plan, direction="schema", start=())
        return Script(self.dialect, plan, (Section(None, made),), self.options(environment.options))

    def undoing(self, environment: Environment, done: Sequence[Part], stop: Stop) -> list[Statement]:
        """Return what takes back the statements of the watched revision that are done; rows only in words.

        So is the beginning of a call that stopped between its statements, where the schema is known around it only.

        Raises RenderError for what cannot be taken back in a statement.
        """
        from .schema.undone import undoings
        from .scripts.resume import remark, rows_written

        states = environment.get_context().recorder.states
        if not done:
            return []
        now, then = states[len(done)], states[min(states)]
        dialect = type(self.dialect)(self.dialect.version, self.dialect.schema)
        recorder = Recorder(dialect, options=environment.options, url=self.address(environment.options))
        recorder.file = Path("resume")  # no file of anybody's: statements have no line that they come from
        recorder.shadow.start_from(now)
        recorder.shadow.strict = True
        gone = {name for _, name in now.tables} - {name for _, name in then.tables}
        found: list[Statement] = []
        try:
            for one in undoings(now, then, dialect):
                if one.remark:
                    found.append(remark(one.remark))
                if one.operation is not None:
                    recorder.record(one.operation)
                    made = one.operation.describe()
                    found += [replace(statement, operation=made, source=None) for statement in recorder.take()]
        finally:
            recorder.close()
        begun = [place for place, part in enumerate(done) if part.label.split(".")[0] == stop.call]
        if begun and states.get(begun[0]) is now:
            found.append(remark(f"by hand: what [{stop.call}] had done before [{stop.number}] is not taken back"))
        return [*found, *map(remark, rows_written(done, gone))]

    @contextmanager
    def performed(self) -> Iterator[Environment]:
        """Run env.py, or do without it, and yield the environment as it is at the end, its recorder still open."""
        project = self.project
        environment = Environment(
            AlembicConfig(project.config),
            ScriptDirectory(project.config, project.revisions),
            self.make_recorder,
            self.run,
            self.tag,
            project.x,
            self.plan.start,
            self.plan.end,
        )

        def failed(error: RenderError) -> RenderError:
            recorder = environment.context.recorder if environment.context else None
            return recorder.failed(error) if recorder is not None and recorder.revision else error

        with project.loading(failed), context.bound(environment):
            try:
                self.run_env(environment)
                if not environment.ran:
                    if environment.context is None:
                        environment.configure()
                    self.run(environment.get_context(), {})
                self.leftovers()
                yield environment
            except BaseException:
                self.close()
                raise
            if not project.ends.keep(self, environment):
                self.close()

    def close(self) -> None:
        """Give the memory of the recorders back."""
        for recorder in filter(None, (self.recorder, self.before)):
            recorder.close()

    # env.py

    def run_env(self, environment: Environment) -> None:
        """Execute env.py. One that has no offline path is reported and left; any other failure is an error."""
        project = self.project
        path = project.config.script_location / "env.py"
        if not project.use_env or not path.is_file():
            return
        shown = project.shown(path)
        try:
            load_module(path, shown, hint=NO_ENV)
        except LoadError as error:
            if environment.ran or not self.refused(error.__cause__, path):
                raise
            self.without(error.__cause__, path, shown)
        except ConnectionRefused as error:
            if environment.ran:
                raise
            self.without(error, path, shown)
        except SystemExit as error:
            raise load_error(error, path, shown, NO_ENV) from error
        if self.recorder is not None and self.recorder.error is not None:
            raise self.recorder.error

    @staticmethod
    def refused(cause: BaseException | None, path: Path) -> bool:
        """Tell whether env.py has no offline mode: it says so, or goes on to an engine whose driver is missing."""
        if isinstance(cause, NotImplementedError) or (cause is not None and lacks_driver(cause, path)):
            return True
        frame = cause.__traceback__ if cause is not None else None
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        own = frame is not None and frame.tb_frame.f_code.co_filename == str(path)
        return own and type(cause) in (RuntimeError, Exception, SystemError)

    def without(self, cause: BaseException | None, path: Path, shown: str) -> None:
        """Tell the user that env.py has no offline path."""
        line = line_in(cause, path) if cause is not None else 0
        reason = getattr(cause, "message", None) or f"{type(cause).__name__}: {cause}"
        self.project.warn(f"{Source(shown, line)}: env.py cannot run offline ({reason}); rendering without it")

    # The run

    def make_recorder(self, options: dict[str, Any]) -> Recorder:
        """Return the recorder for what env.py configured; the command line's options win."""
        if self.recorder is not None and self.recorder.statements:
            self.leftovers()
        merged = {**options, **self.overrides}
        if self.replica is None:
            self.replica = self.dialect.replica() if self.starts_empty else None
            if self.replica is not None and self.plan.start and not self.starts_from_baseline:
                self.replica.history = self.replica_before
        self.recorder = Recorder(
            self.dialect,
            options=merged,
            url=self.address(merged),
            spool=self.spool,
            on_read=self.on_read,
            replica=self.replica,
        )
        self.recorder.keeps_elements = self.project.keeps_elements
        shadow = self.recorder.shadow
        shadow.strict = self.starts_empty
        shadow.from_base = self.starts_empty and not self.plan.start
        self.recorder.warn = self.project.warn
        if self.starts_from_baseline:
            self.take_baseline(self.recorder)
        return self.recorder

    @property
    def starts_from_baseline(self) -> bool:
        """Whether the baseline is the schema at the start itself, and not one from which revisions lead there."""
        return self.baseline is not None and set(self.baseline.revisions) == set(self.plan.start)

    def take_baseline(self, recorder: Recorder) -> None:
        """Let the schema of the baseline stand at the start of a recorder."""
        if self.baseline is None:
            return
        recorder.shadow.start_from(self.baseline.catalog)
        if recorder.replica is not None:
            versions = self.versions(MigrationContext(recorder))
            rows = [versions.create(), *versions.stamped(self.baseline.revisions)] if self.baseline.revisions else []
            recorder.replica.start_from([*self.baseline.text, *map(str, rows)], versions.name)

    def address(self, options: Mapping[str, Any]) -> str:
        """Return the URL that revisions see: env.py's when it is of this dialect, else a bare one."""
        configured = url_of(options) or url_of({"url": self.project.configured_url})
        name = configured.partition(":")[0].partition("+")[0]
        return configured if name in (self.dialect.name, *self.dialect.aliases) else ""

    def run(self, migration: MigrationContext, arguments: dict[str, Any]) -> None:
        """Run the plan's steps where env.py says ``run_migrations()``."""
        self.leftovers()
        project = self.project
        self.ran = (migration, arguments)
        if self.plan.start and not self.starts_from_baseline:
            migration.recorder.shadow.history = lambda: self.history().shadow
        migration.recorder.watched = self.watched
        if self.watched:
            migration.recorder.shadow.remember()
        versions = self.versions(migration)
        if self.watch is not None:
            self.watch.begin(migration.recorder, versions.name)
        progress = project.progress
        report = (lambda step: progress(self.dialect.name, step)) if progress else None
        replay = Replay(self.plan, migration, versions, project.modules, arguments, report)
        self.sections.extend(replay.sections())

    def versions(self, migration: MigrationContext) -> VersionTable:
        """Return the version table as env.py configured it."""
        return VersionTable(
            migration.dialect,
            migration.version_table,
            migration.version_table_schema,
            migration.opts.get("version_table_pk", True),
            wide_enough(revision.id for revision in self.project.revisions),
        )

    def replica_before(self) -> tuple[Replica, str]:
        """Return the replica at the start, and the name of the version table. Raises what an old revision raises."""
        recorder = self.history()
        assert recorder.replica is not None
        return recorder.replica, recorder.context.version_table

    def history(self) -> Recorder:
        """Replay what leads to the start, from the baseline or from nothing, silently and once; return its recorder.

        Nothing is replayed where the run before this one came to the same end. Raises what an old revision raises.
        """
        if self.before is not None:
            return self.before
        if self.ran is None:
            raise NeedsDatabase("env.py asks for the schema before it runs the migrations")
        migration, arguments = self.ran
        project, environment = self.project, migration.environment_context
        first = ",".join(self.baseline.revisions) if self.baseline is not None else ""
        plan = project.plan(f"{first or 'base'}:{','.join(self.plan.start)}")
        end = project.ends.of(self, plan)
        if end is not None and end.is_configured_as(migration.opts, arguments):
            return end.recorder
        dialect = type(self.dialect)(self.dialect.version, self.dialect.schema)
        dialect.copy_tables = self.dialect.copy_tables
        recorder = Recorder(
            dialect,
            options=migration.opts,
            url=self.address(migration.opts),
            spool=Spool(),
            on_read=self.on_read,
            replica=dialect.replica(),
        )
        recorder.keeps_elements = False
        recorder.shadow.strict = recorder.shadow.from_base = self.starts_empty
        past = MigrationContext(recorder, environment)
        self.take_baseline(recorder)
        if environment is not None:
            environment.context = past
        try:
            for _ in Replay(plan, past, self.versions(past), project.modules, arguments).sections():
                pass
        except CommandError as error:
            recorder.close()
            raise stopped(error, self.plan) from error.__cause__
        except BaseException:
            recorder.close()
            raise
        finally:
            if environment is not None:
                environment.context = migration
        self.before = recorder
        return recorder

    def leftovers(self) -> None:
        """Keep what env.py itself executed around the migrations as a section of its own."""
        statements = self.recorder.take() if self.recorder is not None else ()
        if statements:
            self.sections.append(Section(None, statements))

    def named_versions(self) -> Versions:
        """Return the version table of the run, Alembic's own before anything has run."""
        if self.ran is None:
            return Versions()
        migration, _ = self.ran
        return Versions(migration.version_table, migration.version_table_schema)

    def options(self, configured: Mapping[str, Any]) -> ScriptOptions:
        """Return the script's options as configured."""
        merged = {**configured, **self.overrides}
        graph = self.project.revisions
        return ScriptOptions(
            transactional_ddl=merged.get("transactional_ddl"),
            transaction_per_migration=bool(merged.get("transaction_per_migration", False)),
            batch_separator=merged.get(f"{self.dialect.name}_batch_separator"),
            shape=self.shape,
            versions=self.named_versions(),
            depth=MappingProxyType({revision.id: graph.depth(revision.id) for revision in self.plan.revisions}),
            filed=MappingProxyType(self.filed()),
        )

    def filed(self) -> dict[str, FiledStep]:
        """Return the steps in the order of the files of single revisions; empty where that is the plan's own."""
        plan, graph = self.plan, self.project.revisions
        if self.ran is None or plan.direction not in ("upgrade", "downgrade"):
            return {}
        names = {one.id: revision_file(graph.depth(one.id), one, plan.direction) for one in plan.revisions}
        order = sorted(names, key=lambda id: names[id], reverse=plan.direction == "downgrade")
        if order == list(names):
            return {}
        versions = self.versions(self.ran[0])
        found: dict[str, FiledStep] = {}
        for step in reordered(graph, plan, order).steps:
            creates = () if found or plan.start else (versions.create(),)
            found[step.revision.id] = (step, (creates, tuple(versions.write(step))))
        return found
