"""What all commands share: global options, how errors are told, colour, and what goes where.

Data goes to stdout, as UTF-8 whatever the locale; everything else to stderr. Exit codes: 0 done, 1 findings,
2 usage or configuration, 3 a revision could not be loaded or rendered, 4 an internal error, 130 interrupted,
141 when the reader of stdout went away.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from sqlgen.errors import CommandError, OutputError, UsageError, closest
from sqlgen.records import dataclass, replace

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from sqlgen.config import Config

_F = TypeVar("_F", bound=Callable[..., Any])

INTERNAL_ERROR = 4
INTERRUPTED = 130
READER_GONE = 141

#: How many objects are made before the collector looks for rings among them, and how often it looks at older ones.
#: Nearly all that a command makes stays until its end; Python's own numbers cost it a tenth of its time.
COLLECT = (20_000, 20, 20)

_COUNTED = re.compile(r"-\d+(?::\S*)?")
_MARK = "\ue000"


@dataclass(frozen=True, slots=True)
class Settings:
    """The global options of one run."""

    files: tuple[str, ...] = ()
    section: str = "alembic"
    x_arguments: tuple[str, ...] = ()
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    def config(self) -> Config:
        """Find and read the configuration; tell its notes. Raises ConfigError."""
        from sqlgen.config import Config

        config = Config.find(".", file=self.files, section=self.section, x_arguments=self.x_arguments)
        for note in config.notes:
            self.warn(note)
        return config

    def warn(self, text: str) -> None:
        """Tell something on stderr that the user should know; ``-q`` does not silence it."""
        click.echo(f"{paint('sqlgen: warning:', 'yellow', self.color, sys.stderr)} {text}", err=True, color=True)

    def tell(self, text: str) -> None:
        """Tell on stderr what was done, unless ``-q``."""
        if not self.quiet:
            click.echo(text, err=True, color=True)


def uses_color(choice: str, stream: IO[Any], environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether to colour: ``--color``, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


def paint(text: str, color: str, choice: str, stream: IO[Any]) -> str:
    """Return a text in a colour, where colours are wanted."""
    return click.style(text, fg=color) if uses_color(choice, stream) else text


def emit(text: str | Iterable[str], *, exact: bool = False) -> None:
    """Write data, or the pieces of it, to stdout: UTF-8, LF. What UTF-8 cannot say is escaped.

    With ``exact`` that is an error, and nothing is written before all pieces are there. Raises OutputError when stdout
    cannot be written; a reader that went away is a BrokenPipeError.
    """
    from sqlgen.spool import Spool

    pieces = [text] if isinstance(text, str) else text
    lenient = (piece.encode("utf-8", "backslashreplace") for piece in pieces)
    blocks = Spool().keep(pieces).blocks() if exact else lenient
    try:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(blocks)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"stdout cannot be written: {error.strerror}") from error


def emit_json(value: object) -> None:
    """Write a value to stdout as JSON."""
    import json

    emit(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


class Command(click.Command):
    """A command that takes ``-1`` and ``-3:head`` as revisions, not as options; ``-v -q -x`` may follow its name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; revisions that count down travel through click's parser with a mark."""
        marked = [_MARK + arg if _COUNTED.fullmatch(arg) else arg for arg in args]
        rest = super().parse_args(ctx, marked)
        ctx.params = {name: _unmarked(value) for name, value in ctx.params.items()}
        settings = ctx.ensure_object(Settings)
        ctx.obj = replace(
            settings,
            x_arguments=settings.x_arguments + ctx.params.pop("more_x", ()),
            quiet=ctx.params.pop("more_quiet", False) or settings.quiet,
            verbose=ctx.params.pop("more_verbose", False) or settings.verbose,
        )
        return rest


def _unmarked(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(_MARK)
    return tuple(_unmarked(item) for item in value) if isinstance(value, tuple) else value


def common_options(command: _F) -> _F:
    """Give a command the short global options, so that they may stand behind its name too."""
    options: tuple[Callable[[_F], _F], ...] = (
        click.option("-x", "more_x", multiple=True, metavar="KEY=VALUE", help="An argument for env.py (repeatable)."),
        click.option("-q", "--quiet", "more_quiet", is_flag=True, help="Tell errors and warnings only."),
        click.option("-v", "--verbose", "more_verbose", is_flag=True, help="Tell more."),
    )
    for option in options:
        command = option(command)
    return command


class Group(click.Group):
    """The command group that turns errors into messages and exit codes."""

    command_class = Command

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str, str]] | None = None, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.lazy = lazy or {}

    # A command's module is imported when the command is used; help and completion take what the table says.

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None when there is none of this name."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, name, _ = self.lazy[cmd_name]
        command: click.Command = getattr(import_module(f"{__package__}.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their short help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, _, told) in self.lazy.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return what a word may become: a command, or an option of the group's."""
        from click.shell_completion import CompletionItem

        named = [
            CompletionItem(name, help=told) for name, (_, _, told) in self.lazy.items() if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is a usage error that names the nearest."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = closest(name, self.list_commands(ctx))
            hint = f"Did you mean '{near}'?" if near else "'sqlgen --help' lists the commands."
            raise UsageError(f"there is no command {name!r}", hint=hint)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; when the reader of stdout goes away, end quietly."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_stdout()
            ctx.exit(READER_GONE)
        return result

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line and exit with its code; with ``standalone_mode=False`` errors come out as they are.

        Takes what :meth:`click.Command.main` takes.
        """
        given = args[0] if args else extra.pop("args", None)
        words = list(sys.argv[1:] if given is None else given)
        prog_name = (args[1:2] or (extra.pop("prog_name", None),))[0] or "sqlgen"
        if not extra.pop("standalone_mode", True):
            return super().main(words, prog_name, standalone_mode=False, **extra)
        gc.set_threshold(*COLLECT)
        try:
            code = super().main(words, prog_name, standalone_mode=False, **extra)
        except BrokenPipeError:
            _drop_stdout()
            code = READER_GONE
        except (Exception, KeyboardInterrupt) as error:
            code = tell_error(error, words)
        sys.exit(code if isinstance(code, int) else 0)


def tell_error(error: BaseException, words: Sequence[str]) -> int:
    """Tell an error on stderr, as the words of the command line want it; return the exit code."""
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        click.echo("sqlgen: interrupted", err=True)
        return INTERRUPTED
    if "--traceback" in words:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    message, hint, code = _described(error)
    color = _color_choice(words)
    click.echo(f"{paint('sqlgen: error:', 'red', color, sys.stderr)} {message}", err=True, color=True)
    for line in hint.splitlines():
        click.echo(f"  {paint('hint:', 'cyan', color, sys.stderr)} {line}", err=True, color=True)
    return code


def _described(error: BaseException) -> tuple[str, str, int]:
    """Return an error's message, hint and exit code."""
    if isinstance(error, CommandError):
        return str(error), error.hint, error.exit_code
    if isinstance(error, click.NoSuchOption):
        near = sorted(error.possibilities or ())
        named = " or ".join(f"'{name}'" for name in near)
        return error.message, f"Did you mean {named}?" if near else _help_hint(error), 2
    if isinstance(error, click.ClickException):
        return error.format_message(), _help_hint(error), 2
    hint = "This is a defect of sqlgen. Run the command with --traceback, and please report what it prints."
    return f"internal error: {type(error).__name__}: {error}", hint, INTERNAL_ERROR


def _help_hint(error: click.ClickException) -> str:
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    return f"'{ctx.command_path if ctx else 'sqlgen'} --help' shows how it is used."


def _color_choice(words: Sequence[str]) -> str:
    """Return what ``--color`` says; the words are read again, because parsing may be what failed."""
    for index, word in enumerate(words):
        if word == "--color" and index + 1 < len(words):
            return words[index + 1]
        if word.startswith("--color="):
            return word.partition("=")[2]
    return "auto"


def _drop_stdout() -> None:
    """Let what is still buffered go nowhere, so that the interpreter does not complain at its end."""
    with open(os.devnull, "wb") as nowhere:
        try:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        except (OSError, ValueError):
            return


def examples(*lines: str) -> str:
    """Return the last paragraph of a help text: examples, one a line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def here(path: Path) -> str:
    """Return a path as it can be typed: relative when it is below the current directory."""
    absolute = Path(os.path.abspath(path))
    try:
        return absolute.relative_to(os.getcwd()).as_posix()
    except ValueError:
        return absolute.as_posix()
