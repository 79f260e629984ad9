"""A folder with revisions: opened, planned, rendered. This is the pipeline behind every command.

::

    project = Project.open("any-alembic-project")
    project.script("base:heads", dialect="oracle")        # Script; str(script) is the .sql
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from . import dialects
from .checks import CheckScript, both
from .checks.watch import Watch
from .config import Config, shown
from .dialect import Dialect
from .errors import CommandError, ConfigError, ConnectionRefused, LoadError, NeedsDatabase, RenderError, Source
from .form import LOCK_TIMEOUT, Part, Shape, Versions
from .recording.alembic_names import served
from .recording.connection import no_connections
from .recording.environment import Environment, MigrationContext, context, url_of
from .recording.modules import lacks_driver, line_in, load_error, load_module, search_path
from .recording.recorder import Recorder
from .recording.replay import Modules, Replay, stopped
from .recording.script_directory import AlembicConfig, ScriptDirectory
from .recording.version_table import VersionTable, wide_enough
from .recording.whole import Whole
from .revisions import Plan, RevisionGraph, Step, plan_downgrade, plan_stamp, plan_upgrade, read_folder, reordered
from .schema.replica import Replica
from .schema.snapshot import Snapshot, loaded
from .schema.undone import undoings
from .scripts import Script, ScriptOptions, Section
from .scripts.comments import one_line
from .scripts.names import revision_file
from .scripts.resume import Stop, done_before, remark, rest, rows_written, way_back
from .scripts.script import FiledStep
from .spool import Spool
from .statement import Statement

PLANNERS = {"upgrade": plan_upgrade, "downgrade": plan_downgrade, "stamp": plan_stamp}
SHAPE_OPTIONS = tuple(one.name for one in fields(Shape))
NO_ENV = "--no-env renders without env.py; version_table and the like are then the defaults."


def quiet(_message: str) -> None:
    """Say nothing."""


@dataclass
class Project:
    """One project. Modules are executed once, whatever the number of dialects.

    ``use_env`` says whether env.py is run; ``x`` and ``tag`` are for it. ``warn`` hears sentences for the user;
    ``progress`` hears of each step before it runs.
    """

    config: Config
    use_env: bool = True
    x: tuple[str, ...] = ()
    tag: Any = None
    warn: Callable[[str], None] = quiet
    progress: Callable[[str, Step], None] | None = None
    modules: Modules = field(default_factory=Modules)

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str] = ".",
        *,
        config: Config | None = None,
        x: Sequence[str] = (),
        tag: Any = None,
        use_env: bool = True,
        warn: Callable[[str], None] = quiet,
    ) -> Project:
        """Open the project in a folder. Raises ConfigError when there is none."""
        found = config or Config.find(folder, x_arguments=x)
        return cls(found, use_env=use_env, x=tuple(x) or found.x_arguments, tag=tag, warn=warn)

    @cached_property
    def revisions(self) -> RevisionGraph:
        """The revision graph, read from the headers of the files. Raises LoadError and RevisionError."""
        return RevisionGraph(
            read_folder(
                self.config.version_locations,
                recursive=self.config.recursive_version_locations,
                sourceless=self.config.sourceless,
                root=self.config.root,
                execute=self._execute_header,
            )
        )

    def _execute_header(self, path: Path) -> Mapping[str, object]:
        """Execute a file whose header is computed."""
        with self._loading():
            return vars(load_module(path, self._shown(path)))

    def plan(self, range_text: str, direction: str = "upgrade") -> Plan:
        """Return the steps of a range. Raises RevisionError."""
        return PLANNERS[direction](self.revisions, range_text)

    def script(
        self, range_text: str, *, dialect: str, direction: str = "upgrade", tag: Any = None, **options: Any
    ) -> Script:
        """Return the script of a range for one dialect.

        ``dialect`` is a name or alias; ``options`` are ``server_version``, ``default_schema``, ``raw_newlines``,
        ``starts_empty``, ``copy_tables``, ``on_read`` (what becomes of a read of unknown rows: ``error``, ``empty`` or
        ``split``), ``baseline`` (the file of a snapshot that stands for the schema at the start of the range), what
        :class:`~sqlgen.form.Shape` says about the form of the script, and options of ``context.configure()``, which
        win over env.py's. Raises CommandError with file and line.
        """
        return self._rendering(range_text, dialect, direction, tag, options).script()

    def resume(
        self, range_text: str, stop: Stop, *, dialect: str, direction: str = "upgrade", tag: Any = None, **options: Any
    ) -> tuple[Script, Script]:
        """Return the rest of a script that stopped half-way, and the script that takes its half revision back.

        ``range_text`` is what the script was made for, ``stop`` the statement that failed; the other arguments are
        those of :meth:`script`. Raises UsageError for a database that leaves nothing half done, or a statement that the
        script does not have, and what :meth:`script` raises.
        """
        script = self._rendering(range_text, dialect, direction, tag, dict(options)).script()
        left = rest(script, stop)
        rendering = self._rendering(range_text, dialect, direction, tag, dict(options))
        with rendering.performed(watched=stop.revision) as environment:
            statements = rendering.undoing(environment, done_before(script, stop))
        return left, way_back(script, stop, statements)

    def schema(self, revision: str = "heads", *, dialect: str, tag: Any = None, **options: Any) -> Script:
        """Return the script that makes the whole schema at a revision in an empty database, with its version rows.

        The other arguments are those of :meth:`script`. Raises CommandError, also for a schema that is not known whole.
        """
        with self._known(revision, dialect, tag, options) as (rendering, environment):
            return rendering.schema(environment)

    def snapshot(self, revision: str = "heads", *, dialect: str, tag: Any = None, **options: Any) -> str:
        """Return the whole schema at a revision as JSON, see docs/snapshot.md; the rest is as in :meth:`schema`."""
        with self._known(revision, dialect, tag, options) as (rendering, environment):
            return rendering.whole(environment).snapshot(rendering.plan.end)

    def whole_range(
        self, revision: str = "heads", *, dialect: str, baseline: str | os.PathLike[str] | None = None
    ) -> str:
        """Return the range of all that leads to a revision: from the baseline's revisions, else from nothing."""
        found = self._baseline(dialects.get(dialect), baseline)
        start = ",".join(found.revisions) if found is not None else ""
        return f"{start or 'base'}:{revision}"

    def prechecks(self, range_text: str, **options: Any) -> CheckScript:
        """Return the questions that find what will make a script fail, or lose rows; see :meth:`checks`."""
        return self.checks(range_text, **options)[0]

    def postchecks(self, range_text: str, **options: Any) -> CheckScript:
        """Return the questions whether a database is as a script leaves it; see :meth:`checks`."""
        return self.checks(range_text, **options)[1]

    def checks(
        self, range_text: str, *, dialect: str, direction: str = "upgrade", whole: bool = False, **options: Any
    ) -> tuple[CheckScript, CheckScript]:
        """Return what is asked before the script of a range, and what afterwards, from one run of its revisions.

        Afterwards about the objects that the range touches, with ``whole`` about all of the schema. The other arguments
        and errors are those of :meth:`script`; a history that cannot be replayed is an error too.
        """
        rendering = self._rendering(range_text, dialect, direction, options.pop("tag", None), options)
        rendering.watch = Watch()
        with rendering.performed() as environment:
            table, where = rendering.versions(environment.get_context()).table, rendering.shape.schema
            return both(rendering.watch, rendering.sections, rendering.plan, table, whole=whole, schema=where)

    @contextmanager
    def _known(
        self, revision: str, dialect: str, tag: Any, options: dict[str, Any]
    ) -> Iterator[tuple[Rendering, Environment]]:
        """Run what leads to a revision from the baseline, else from nothing."""
        whole = self.whole_range(revision, dialect=dialect, baseline=options.get("baseline"))
        rendering = self._rendering(whole, dialect, "upgrade", tag, options)
        with rendering.performed() as environment:
            yield rendering, environment

    @contextmanager
    def inspector(
        self, range_text: str, *, dialect: str, direction: str = "upgrade", tag: Any = None, **options: Any
    ) -> Iterator[sa.Inspector]:
        """Yield a SQLAlchemy Inspector of the schema as it is at the end of a range; no script is made.

        It is good for the length of the block. The arguments are those of :meth:`script`. Raises CommandError, and so
        do its answers where only a database knows.
        """
        rendering = self._rendering(range_text, dialect, direction, tag, options)
        with rendering.performed() as environment:
            yield sa.inspect(environment.get_context().recorder.bind)

    def _rendering(self, range_text: str, dialect: str, direction: str, tag: Any, options: dict[str, Any]) -> Rendering:
        plan = self.plan(range_text, direction)
        cls = dialects.get(dialect)
        version = options.pop("server_version", "") or self._pinned(cls, self.config.dialects)
        schema = options.pop("default_schema", None) or self._pinned(cls, self.config.default_schema) or None
        target = cls(version, schema)
        target.raw_newlines = bool(options.pop("raw_newlines", self.config.raw_newlines))
        given = options.pop("baseline", None)
        baseline = self._baseline(cls, given)
        if baseline is not None and not self.revisions.lineage.ancestors(plan.start).issuperset(baseline.revisions):
            if given:
                raise wrong_start(baseline, plan)
            baseline = None  # one that is configured serves where it can
        target.copy_tables = bool(options.pop("copy_tables", self.config.copy_tables))
        on_read = options.pop("on_read", None) or self.config.on_read
        empty = bool(options.pop("starts_empty", self.config.starts_empty))
        shape = self._shape(cls, options)
        return Rendering(self, plan, target, tag or self.tag, options, on_read, baseline, empty, shape)

    def _shape(self, cls: type[Dialect], options: dict[str, Any]) -> Shape:
        """Take the form of the script out of the options; what they do not say is in the configuration."""
        found: dict[str, Any] = {}
        for key, table in self.config.shape.items():
            value = self._pinned(cls, table) or table.get("", "")
            if value:
                found[key] = float(value) if key.endswith("_timeout") else value
        found.update({name: options.pop(name) for name in SHAPE_OPTIONS if name in options})
        if found.get("form") == "idempotent":
            found.update(form="", idempotent=True)
        return Shape(**{**found, "lock_timeout": found.get("lock_timeout", LOCK_TIMEOUT) or None})

    def _baseline(self, cls: type[Dialect], given: str | os.PathLike[str] | None) -> Snapshot | None:
        """Return the snapshot that stands for the history of a dialect, None for none. Raises ConfigError."""
        configured = self._pinned(cls, self.config.baseline) or self.config.baseline.get("", "")
        path = Path(given or configured or "")
        if not (given or configured):
            return None
        place = Source(shown(path))
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise ConfigError(
                f"the baseline cannot be read: {(error.strerror or str(error)).lower()}",
                place=place,
                hint="Name a file that 'sqlgen schema REV --json' or 'sqlgen snapshot --url URL' wrote.",
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError("the baseline is not UTF-8", place=place, hint="Save it as UTF-8.") from error
        return loaded(text, place, cls(), cls.name)

    @staticmethod
    def _pinned(cls: type[Dialect], table: Mapping[str, str]) -> str:
        """Return what the configuration says about a dialect, under its name or an alias."""
        return next((value for name, value in table.items() if name in (cls.name, *cls.aliases)), "")

    @cached_property
    def configured_url(self) -> str:
        """The address in the configuration file, for telling which dialect is meant."""
        return str(self.config.get_main_option("sqlalchemy.url", "") or "")

    def _shown(self, path: Path) -> str:
        try:
            return path.relative_to(self.config.root).as_posix()
        except ValueError:
            return path.as_posix()

    @contextmanager
    def _loading(self, failed: Callable[[RenderError], RenderError] | None = None) -> Iterator[None]:
        """Serve Alembic's names, refuse connections and search the project's folders while the block runs."""
        with served(), no_connections(failed), search_path(self.config.prepend_sys_path):
            yield


def wrong_start(baseline: Snapshot, plan: Plan) -> ConfigError:
    """Return the error for a snapshot from which no revisions lead to the start of a range."""
    found, wanted = ", ".join(baseline.revisions) or "base", ", ".join(plan.start) or "base"
    return ConfigError(
        f"the baseline is of revision {found}, and the range starts at {wanted}",
        hint=f"Start the range there ('{found.replace(' ', '')}:TARGET'), or write a snapshot of {wanted}.",
    )


@dataclass
class Rendering:
    """One script on its way: a plan, a dialect, and the environment that runs them."""

    project: Project
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
            options = self.options(environment.options)
        return Script(self.dialect, self.plan, tuple(self.sections), options)

    def whole(self, environment: Environment) -> Whole:
        """Return the schema as it is at the end of the plan."""
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

    def undoing(self, environment: Environment, done: Sequence[Part]) -> list[Statement]:
        """Return what takes back the statements of the watched revision that are done; rows only in words.

        Raises RenderError for what cannot be taken back in a statement.
        """
        states = environment.get_context().recorder.states
        if not done:
            return []
        now, then = states[len(done)] if len(states) > len(done) else states[-1], states[0]
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
        return [*found, *map(remark, rows_written(done, gone))]

    @contextmanager
    def performed(self, watched: str = "") -> Iterator[Environment]:
        """Run env.py, or do without it, and yield the environment as it is at the end, its recorder still open.

        The recorder keeps the schema before each statement of the revision that is ``watched``.
        """
        self.watched = watched
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

        with project._loading(failed), context.bound(environment):
            try:
                self.run_env(environment)
                if not environment.ran:
                    if environment.context is None:
                        environment.configure()
                    self.run(environment.get_context(), {})
                self.leftovers()
                yield environment
            finally:
                for recorder in filter(None, (self.recorder, self.before)):
                    recorder.close()

    # env.py

    def run_env(self, environment: Environment) -> None:
        """Execute env.py. One that has no offline path is reported and left; any other failure is an error."""
        project = self.project
        path = project.config.script_location / "env.py"
        if not project.use_env or not path.is_file():
            return
        shown = project._shown(path)
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

        Raises what an old revision raises.
        """
        if self.before is not None:
            return self.before
        if self.ran is None:
            raise NeedsDatabase("env.py asks for the schema before it runs the migrations")
        migration, arguments = self.ran
        project, environment = self.project, migration.environment_context
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
        recorder.shadow.strict = recorder.shadow.from_base = self.starts_empty
        past = MigrationContext(recorder, environment)
        self.take_baseline(recorder)
        first = ",".join(self.baseline.revisions) if self.baseline is not None else ""
        plan = project.plan(f"{first or 'base'}:{','.join(self.plan.start)}")
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
