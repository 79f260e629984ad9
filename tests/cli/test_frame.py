from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sqlgen.cli import COMMANDS, graph, main
from sqlgen.cli.frame import INTERNAL_ERROR, emit, uses_color
from sqlgen.cli.progress import Progress
from sqlgen.errors import ConfigError
from tests.cli.conftest import Run
from tests.cli.projects import run_sqlgen

SCRIPTS = ("upgrade", "downgrade", "stamp")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("histry",), "there is no command 'histry'", "Did you mean 'history'?"),
        (("zzzzzz",), "there is no command 'zzzzzz'", "sqlgen --help"),
        (("heads", "--jsn"), "No such option", "Did you mean '--json'?"),
        (("--verbos", "heads"), "No such option", "Did you mean '--verbose' or"),
        (("show",), "Missing argument", "sqlgen show --help"),
        (("downgrade",), "Missing argument", "sqlgen downgrade --help"),
        (("--color", "pink", "heads"), "Invalid value for '--color'", "sqlgen --help"),
        (("-c", "no.ini", "heads"), "no.ini: the configuration file does not exist", "-c FILE"),
        (("-n", "alembik", "heads"), "alembic.ini: there is no section [alembik]", "'-n alembic'"),
        (("show", "zzz"), "no revision 'zzz'", "history"),
        (("show", "base"), "base names no revision", "history"),
        (("history", "-r", "a1"), "'a1' is no range", "-r a1:"),
        (("history", "-r", "m1:a1"), "m1", ""),
        (("stamp", "head", "--purge"), "--purge empties a version table", "START:TARGET"),
    ],
)
def test_a_users_mistake(run: Run, words: tuple[str, ...], message: str, hint: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("sqlgen: error: ")
    assert message in result.stderr.splitlines()[0]
    assert hint in result.stderr
    assert "Traceback" not in result.stderr


def test_traceback_is_shown_when_asked_for(run: Run) -> None:
    result = run("--traceback", "show", "zzz")
    assert "Traceback" in result.stderr
    assert "sqlgen: error: no revision 'zzz'" in result.stderr
    assert result.exit_code == 2


def test_internal_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(graph, "read_folder", broken)
    result = run("heads")
    assert result.exit_code == INTERNAL_ERROR
    assert result.stderr.startswith("sqlgen: error: internal error: KeyError: 'oops'\n  hint: This is a defect")
    assert "--traceback" in result.stderr


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(graph, "read_folder", interrupted)
    result = run("heads")
    assert (result.exit_code, result.stderr.strip()) == (130, "sqlgen: interrupted")


def test_a_broken_revision_ends_with_three(run: Run, folder: Path) -> None:
    (folder / "mig/versions/bad.py").write_text("down_revision = None\nrevision = 'bad\n")
    result = run("heads")
    assert result.exit_code == 3
    assert "mig/versions/bad.py:2: " in result.stderr


def test_errors_come_out_as_they_are_for_programs(folder: Path) -> None:
    with pytest.raises(ConfigError):
        main.main(["-c", "no.ini", "heads"], standalone_mode=False)


@pytest.mark.parametrize("word", ["--version", "--help", "-h"])
def test_information_goes_to_stdout(run: Run, word: str) -> None:
    result = run(word)
    assert result.exit_code == 0
    assert result.stdout.startswith(("sqlgen ", "Usage: sqlgen"))


def test_every_help_has_examples(run: Run) -> None:
    without = [name for name in COMMANDS if "Examples:\n  sqlgen" not in _without_eval(run(name, "--help").stdout)]
    assert without == []


def _without_eval(text: str) -> str:
    return text.replace('    eval "$(sqlgen', "    sqlgen").replace("  Examples:\n    ", "Examples:\n  ")


def test_options_may_stand_on_both_sides(run: Run) -> None:
    assert run("-v", "heads").stdout == run("heads", "-v").stdout != run("heads").stdout


@pytest.mark.parametrize(
    ("choice", "environ", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_color_rules(choice: str, environ: Mapping[str, str], terminal: bool, expected: bool) -> None:
    assert uses_color(choice, Terminal() if terminal else io.StringIO(), environ) is expected


@pytest.mark.parametrize(
    ("words", "expected"), [((), False), (("--color=always",), True), (("--color", "never"), False)]
)
def test_color_in_output(run: Run, words: tuple[str, ...], expected: bool) -> None:
    assert ("\x1b[" in run(*words, "heads").stdout) is expected
    assert ("\x1b[" in run(*words, "show", "zzz").stderr) is expected


def test_force_color_reaches_a_pipe(folder: Path) -> None:
    assert b"\x1b[" in run_sqlgen(folder, "heads", env={"FORCE_COLOR": "1"}).stdout
    assert b"\x1b[" not in run_sqlgen(folder, "heads").stdout


def test_output_is_utf8_in_every_locale(folder: Path) -> None:
    result = run_sqlgen(folder, "history", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert "grüße\n".encode() in result.stdout
    assert result.returncode == 0


def test_a_reader_that_goes_away(folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "sqlgen", "history", "-v"]
    result = subprocess.run(words, cwd=folder, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (result.returncode, result.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_stdout(folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        words = [sys.executable, "-m", "sqlgen", "history"]
        result = subprocess.run(words, cwd=folder, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 2
    assert b"stdout cannot be written: No space left on device" in result.stderr


@pytest.mark.parametrize(
    ("exact", "expected"),
    [(False, b"a\\udcff"), (True, b"sqlgen: error: line 1 would hold half of a surrogate pair")],
)
def test_text_that_utf8_cannot_say(exact: bool, expected: bytes) -> None:
    @main.command("say")
    def say() -> None:
        emit("a\udcff", exact=exact)

    try:
        result = CliRunner().invoke(main, ["say"])
    finally:
        del main.commands["say"]
    assert (result.stdout_bytes or result.stderr_bytes).startswith(expected)


@pytest.mark.parametrize("command", ["heads", "branches", "history", "show m1", "history --json", "--help", "merge -h"])
def test_graph_commands_do_not_import_sqlalchemy(folder: Path, command: str) -> None:
    code = (
        f"import sys; from sqlgen.cli import main; main.main({command.split()}, standalone_mode=False);"
        "print([m for m in ('sqlalchemy', 'sqlparse', 'alembic', 'mako') if m in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert result.stderr.splitlines()[-1] == "[]"


def test_the_table_of_commands_says_what_they_say() -> None:
    context = click.Context(main)
    for name, (_, _, told) in COMMANDS.items():
        command = main.get_command(context, name)
        assert command is not None
        assert (command.name, command.get_short_help_str(200)) == (name, told)


@pytest.mark.parametrize("words", ["--help", "up", "upgrade --"])
def test_help_and_completion_import_next_to_nothing(tmp_path: Path, words: str) -> None:
    """A shell asks at each press of the tab key: what click needs is loaded, and no command but the one named."""
    asked = {
        "COMP_WORDS": f"sqlgen {words}",
        "COMP_CWORD": str(len(words.split())),
        "_SQLGEN_COMPLETE": "bash_complete",
    }
    environ = os.environ | ({} if words == "--help" else asked)
    code = (
        "import sys; sys.argv[1:] = sys.argv[1].split(); from sqlgen.cli import main\n"
        "try: main.main()\n"
        "except SystemExit: pass\n"
        "print(*(m for m in sys.modules if m.startswith('sqlgen.') or m in ('tomllib', 'configparser', 'json')),"
        " file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert result.stdout
    loaded = set(result.stderr.splitlines()[-1].split())
    named = {"sqlgen.cli.scripts", "sqlgen.cli.shape", "sqlgen.cli.progress"} if words.startswith("upgrade") else set()
    assert {one for one in loaded if one.startswith("sqlgen.cli.")} == {"sqlgen.cli.frame", *named}
    assert not loaded & {"tomllib", "configparser", "json"} or named


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Run, shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_SQLGEN_COMPLETE" in result.stdout


def test_completion_completes(folder: Path) -> None:
    env = {"_SQLGEN_COMPLETE": "bash_complete", "COMP_WORDS": "sqlgen hi", "COMP_CWORD": "1"}
    assert run_sqlgen(folder, env=env).stdout == b"plain,history\n"


def test_completion_of_an_unknown_shell(run: Run) -> None:
    assert run("completion", "tcsh").exit_code == 2


# the progress line


def test_progress_appears_late_and_is_erased() -> None:
    stream = Terminal()
    with Progress(stream, patience=3600) as progress:
        progress.at("one")
        assert stream.getvalue() == ""
        progress.show()
        progress.at("two")
        progress.clear()
    assert stream.getvalue() == "\r\x1b[Kone …\r\x1b[Ktwo …\r\x1b[K\r\x1b[K"
    progress.show()
    assert stream.getvalue().endswith("\x1b[K")


@pytest.mark.parametrize(("stream", "wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_progress_is_for_terminals(stream: io.StringIO, wanted: bool) -> None:
    with Progress(stream, wanted=wanted, patience=0) as progress:
        progress.at("one")
    assert stream.getvalue() == ""


def test_main_is_a_click_group() -> None:
    assert isinstance(main, click.Group)
    makers, views, scripts = (
        {"init", "revision", "merge"},
        {"heads", "branches", "history", "show"},
        {*SCRIPTS, "precheck", "postcheck"},
    )
    trees = {"generate", "check", "diff", "sum", "release", "status"}
    assert set(COMMANDS) == makers | views | scripts | trees | {
        "schema",
        "snapshot",
        "completion",
        "resume",
        "verify",
    }
