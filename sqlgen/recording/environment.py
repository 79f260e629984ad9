"""``alembic.context`` and what hangs on it, as env.py and revisions meet them in offline mode."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from ..errors import CommandError, UsageError
from ..operations import Operations
from ..records import dataclass, field
from .recorder import Recorder
from .script_directory import AlembicConfig, ScriptDirectory


class Impl:
    """``context.impl``: what helpers reach for when they want to print something themselves."""

    def __init__(self, recorder: Recorder, transactional_ddl: bool) -> None:
        self.recorder = recorder
        self.transactional_ddl = transactional_ddl
        self.as_sql = True
        self.dialect = recorder.sa
        self.memo: dict[Any, Any] = {}

    @property
    def bind(self) -> sa.Connection:
        """The recording connection."""
        return self.recorder.bind

    connection = bind

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Record a statement."""
        Operations(self.recorder).execute(sql, execution_options=execution_options)

    def _exec(self, construct: Any, *_: Any, **__: Any) -> Any:
        statement = sa.text(construct) if isinstance(construct, str) else construct
        return self.bind.execute(statement)

    def static_output(self, text: str) -> None:
        """Print text into the script as it is."""
        self.recorder.verbatim(text)


class MigrationContext:
    """What ``op.get_context()`` returns. ``heads`` moves with the run; ``opts`` are those of ``configure()``."""

    as_sql = True

    def __init__(self, recorder: Recorder, environment: Environment | None = None) -> None:
        self.recorder = recorder
        self.environment_context = environment
        self.opts: dict[str, Any] = recorder.options
        self.dialect = recorder.sa
        chosen = self.opts.get("transactional_ddl")
        self.impl = Impl(recorder, recorder.dialect.transactional_ddl if chosen is None else bool(chosen))
        self.output_buffer = self.opts.get("output_buffer") or io.StringIO()
        self.version_table = self.opts.get("version_table") or "alembic_version"
        self.version_table_schema = self.opts.get("version_table_schema")
        self.on_version_apply_callbacks = _callbacks(self.opts.get("on_version_apply"))
        self.heads: tuple[str, ...] = ()
        self.config = environment.config if environment else None
        self.script = environment.script if environment else None
        recorder.context = self

    @property
    def bind(self) -> sa.Connection:
        """The recording connection."""
        return self.recorder.bind

    connection = bind

    @property
    def funnel(self) -> Recorder:
        """Where operations go, for libraries that make an ``Operations`` of their own."""
        return self.recorder

    def get_current_heads(self) -> tuple[str, ...]:
        """Return the version rows at this moment of the run."""
        return self.heads

    def get_current_revision(self) -> str | None:
        """Return the version row at this moment of the run, None at the base. Raises CommandError for several."""
        if len(self.heads) > 1:
            raise CommandError(
                f"the database is at {len(self.heads)} revisions here: {', '.join(self.heads)}",
                hint="Use get_current_heads().",
            )
        return self.heads[0] if self.heads else None

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Record a statement."""
        self.impl.execute(sql, execution_options)

    def autocommit_block(self) -> AbstractContextManager[None]:
        """Take the statements of a block out of the script's transaction."""
        return self.recorder.autocommit_block()

    def begin_transaction(self, _per_migration: bool = False) -> AbstractContextManager[Any]:
        """Return a block that does nothing: transactions are the script's."""
        return nullcontext()

    def run_migrations(self, **arguments: Any) -> None:
        """Run the revisions of the plan; ``arguments`` go to their upgrade() and downgrade()."""
        if self.environment_context is None:
            raise UsageError("there is no plan to run here")
        self.environment_context.run_migrations(**arguments)


def _callbacks(given: Any) -> tuple[Callable[..., Any], ...]:
    if given is None:
        return ()
    return tuple(given) if isinstance(given, Sequence) else (given,)


@dataclass(slots=True)
class Environment:
    """``alembic.context`` for one script: of one dialect, in offline mode.

    ``make_recorder`` gets the options of ``configure()`` and returns the recorder to use; ``run`` gets the context
    and the arguments of ``run_migrations()``. ``tag`` and ``x_arguments`` come from the command line; ``start`` and
    ``target`` are what it says the range is.
    """

    config: AlembicConfig
    script: ScriptDirectory
    make_recorder: Callable[[dict[str, Any]], Recorder]
    run: Callable[[MigrationContext, dict[str, Any]], None]
    tag: Any = None
    x_arguments: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    context: MigrationContext | None = None
    options: dict[str, Any] = field(default_factory=dict)
    ran: bool = False

    # Questions.

    def is_offline_mode(self) -> bool:
        """Return True: scripts are written with no database."""
        return True

    def requires_connection(self) -> bool:
        """Return False."""
        return False

    def is_transactional_ddl(self) -> bool:
        """Return whether the dialect at hand can take DDL back."""
        return self.get_context().impl.transactional_ddl

    def get_tag_argument(self) -> Any:
        """Return ``--tag``, or None."""
        return self.tag

    def get_x_argument(self, as_dictionary: bool = False) -> Any:
        """Return the ``-x`` arguments: as written, or as a dictionary of ``name=value``."""
        if not as_dictionary:
            return list(self.x_arguments)
        return dict(argument.partition("=")[::2] for argument in self.x_arguments)

    def get_head_revision(self) -> str | None:
        """Return the id of the only head."""
        return self.script.get_current_head()

    def get_head_revisions(self) -> tuple[str, ...]:
        """Return the ids of all heads."""
        return tuple(self.script.get_heads())

    def get_starting_revision_argument(self) -> Any:
        """Return where the script starts: None for the base, an id, or a tuple of ids."""
        return _scalar(self.start)

    def get_revision_argument(self) -> Any:
        """Return where the script ends: an id, or a tuple of ids."""
        return _scalar(self.target)

    # Actions.

    def configure(self, connection: Any = None, url: Any = None, dialect_name: Any = None, **options: Any) -> None:
        """Take what env.py knows. A dialect chosen on the command line wins over ``url`` and ``dialect_name``."""
        self.options.update(options)
        known = {"connection": connection, "url": url, "dialect_name": dialect_name}
        self.options.update({key: value for key, value in known.items() if value is not None})
        self.context = MigrationContext(self.make_recorder(dict(self.options)), self)
        self.context.heads = self.start

    def get_context(self) -> MigrationContext:
        """Return the migration context. Raises UsageError before ``configure()``."""
        if self.context is None:
            raise UsageError("context.configure() has not been called yet", hint="Call it first in env.py.")
        return self.context

    def get_bind(self) -> sa.Connection:
        """Return the recording connection."""
        return self.get_context().bind

    def get_impl(self) -> Impl:
        """Return the dialect's doorway for helpers."""
        return self.get_context().impl

    def begin_transaction(self) -> AbstractContextManager[Any]:
        """Return a block that does nothing: transactions are the script's."""
        return nullcontext()

    def run_migrations(self, **arguments: Any) -> None:
        """Run the revisions of the plan; ``arguments`` go to their upgrade() and downgrade()."""
        self.ran = True
        self.run(self.get_context(), arguments)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Record a statement."""
        self.get_context().execute(sql, execution_options)

    def static_output(self, text: str) -> None:
        """Print text into the script as it is."""
        self.get_impl().static_output(text)


def _scalar(ids: tuple[str, ...]) -> Any:
    return (ids[0] if len(ids) == 1 else ids) if ids else None


class ContextProxy:
    """``alembic.context`` as a module-like object: everything is asked of the environment that is running."""

    def __init__(self) -> None:
        self._stack: list[Environment] = []

    @contextmanager
    def bound(self, environment: Environment) -> Iterator[None]:
        """Let an environment answer while the block runs."""
        self._stack.append(environment)
        try:
            yield
        finally:
            self._stack.pop()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not self._stack:
            raise UsageError(
                f"context.{name} was used outside of a run",
                hint="alembic.context answers only while env.py or a revision is being run.",
            )
        return getattr(self._stack[-1], name)


context = ContextProxy()


def url_of(options: Mapping[str, Any]) -> str:
    """Return the address env.py configured, without its password; empty when there is none or it is unreadable."""
    connection = options.get("connection")
    given = options.get("url") or getattr(getattr(connection, "engine", None), "url", None)
    if not given:
        return ""
    try:
        return make_url(given)._replace(password=None).render_as_string()
    except (sa.exc.ArgumentError, ValueError):
        return ""
