"""A folder with revisions: opened, planned, rendered. This is the pipeline behind every command.

::

    project = Project.open("any-alembic-project")
    project.script("base:heads", dialect="oracle")        # Script; str(script) is the .sql
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import dialects
from .config import Config, shown
from .dialect import Dialect
from .ends import Ends
from .errors import ConfigError, RenderError, Source
from .form import LOCK_TIMEOUT, Shape
from .recording.alembic_names import served
from .recording.connection import no_connections
from .recording.environment import Environment
from .recording.modules import load_module, search_path
from .recording.replay import Modules
from .records import dataclass, field
from .revisions import Plan, RevisionGraph, Step, plan_downgrade, plan_stamp, plan_upgrade, read_folder
from .run import Rendering
from .scripts import Script

if TYPE_CHECKING:
    from .checks import CheckScript
    from .schema.snapshot import Snapshot
    from .scripts.resume import Stop

PLANNERS = {"upgrade": plan_upgrade, "downgrade": plan_downgrade, "stamp": plan_stamp}
SHAPE_OPTIONS = tuple(one.name for one in fields(Shape))


def quiet(_message: str) -> None:
    """Say nothing."""


@dataclass
class Project:
    """One project. Modules are executed once, whatever the number of dialects.

    ``use_env`` says whether env.py is run; ``x`` and ``tag`` are for it. ``warn`` hears sentences for the user;
    ``progress`` hears of each step before it runs. ``keeps_elements`` says that the statements of a script have the
    constructs of SQLAlchemy's that they were compiled from. While ``ends.wanted()``, a downgrade or schema starts from
    where the upgrade before it came to.
    """

    config: Config
    use_env: bool = True
    x: tuple[str, ...] = ()
    tag: Any = None
    warn: Callable[[str], None] = quiet
    progress: Callable[[str, Step], None] | None = None
    modules: Modules = field(default_factory=Modules)
    ends: Ends = field(default_factory=Ends)
    keeps_elements: bool = True

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
        with self.loading():
            return vars(load_module(path, self.shown(path)))

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
        from .scripts.resume import done_before, rest, way_back

        rendering = self._rendering(range_text, dialect, direction, tag, options)
        rendering.watched = stop.revision
        with rendering.performed() as environment:
            script = rendering.finished(environment)
            left = rest(script, stop)
            statements = rendering.undoing(environment, done_before(script, stop), stop)
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
        from .checks import both
        from .checks.watch import Watch

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
        end = self.ends.of(rendering, rendering.plan)
        if end is not None and end.is_formed_as(rendering):
            with self.loading():
                yield end.rendering, end.environment
            return
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
        from .schema.snapshot import loaded

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

    def shown(self, path: Path) -> str:
        """Return a path as the user is told it: relative to the project where it lies inside."""
        try:
            return path.relative_to(self.config.root).as_posix()
        except ValueError:
            return path.as_posix()

    @contextmanager
    def loading(self, failed: Callable[[RenderError], RenderError] | None = None) -> Iterator[None]:
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
