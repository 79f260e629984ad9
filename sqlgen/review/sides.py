"""The two sides of a comparison: commits, folders, and the work tree.

A side that is not the work tree is rendered by a process of its own, because Python keeps what it once imported: helper
modules of one commit would be used for the other. What is read of a commit is written into a temporary folder; the work
tree and the index of the repository stay as they are.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..config import Config
from ..config_files import find_files
from ..errors import CommandError, ConfigError, LoadError, UsageError
from ..records import dataclass, replace
from .disk import NAME
from .git import NoSuchRef, Repository
from .patches import Change

_CODES: Mapping[int, type[CommandError]] = {1: UsageError, 2: UsageError, 3: LoadError}
_ERROR, _HINT = "sqlgen: error: ", "  hint: "

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Ends:
    """The names of the two sides; an empty one means the work tree. ``parted`` asks for where they parted."""

    old: str
    new: str = ""
    parted: bool = False


def ends_of(words: Sequence[str]) -> Ends | None:
    """Read ``A``, ``A..B``, ``A...B``, or two words; None for no words. A side that is left out of a range is HEAD.

    Raises UsageError for more than two words.
    """
    if not words:
        return None
    if len(words) > 2:
        raise UsageError(f"a comparison has two sides, and these are {len(words)}", hint="Say A..B, or two folders.")
    if len(words) == 2:
        return Ends(words[0], words[1])
    for mark in ("...", ".."):
        old, found, new = words[0].partition(mark)
        if found:
            return Ends(old or "HEAD", new or "HEAD", parted=mark == "...")
    return Ends(words[0])


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How other sides are rendered: as this project is. ``words`` are the command line's global options."""

    config: Config
    dialects: tuple[str, ...]
    words: tuple[str, ...] = ()
    use_env: bool = True

    def scripts(self, name: str) -> Files:
        """Return the scripts of a commit or folder by their names."""
        with self.opened(name) as side:
            if side.is_plain:
                return files_below(side.folder)
            with tempfile.TemporaryDirectory() as target:
                self._run(side, ["generate", *self._named(), "-o", target])
                return files_below(Path(target))

    def schemas(self, name: str) -> Mapping[str, str]:
        """Return the schema of each dialect as JSON, for a commit or folder."""
        with self.opened(name) as side, tempfile.TemporaryDirectory() as target:
            if side.is_plain:
                raise UsageError(f"{name} holds scripts, and a schema is made from revisions", hint="Name a project.")
            self._run(side, ["schema", "--json", *self._named(), "-o", f"{target}/"])
            return {one: (Path(target) / one / "schema.json").read_text(encoding="utf-8") for one in self.dialects}

    def _named(self) -> list[str]:
        env = [] if self.use_env else ["--no-env"]
        return [*(word for name in self.dialects for word in ("-d", name)), *env]

    @contextmanager
    def opened(self, name: str) -> Iterator[Side]:
        """Yield a side while its folder is there. Raises UsageError, NoSuchRef, and what git says."""
        if Path(name).is_dir():
            yield _folder(name)
            return
        repository = Repository.needed(self.config.root, f"{name!r} is no folder, so it names a commit, which")
        with tempfile.TemporaryDirectory() as top:
            try:
                repository.extract(name, Path(top))
            except NoSuchRef as error:
                error.hint = (
                    f"{error.hint}\nRevisions are compared by their schema: 'sqlgen diff --schema {name}..REV'."
                )
                raise
            yield self._at(name, repository, Path(top))

    def _at(self, name: str, repository: Repository, top: Path) -> Side:
        """Return the side of a commit: this project's folder and configuration files, as they are there."""
        files = [path for path in (self.config.ini_path, self.config.toml_path) if path is not None]
        there = [path for path in (top / repository.relative(path) for path in files) if path.is_file()]
        if files and not there:
            shown = " and ".join(repository.relative(path) for path in files)
            raise ConfigError(f"there is no {shown} in {name}", hint="The project began later, or was elsewhere.")
        folder = top / repository.relative(Path())
        return Side(name, folder if folder.is_dir() else top, tuple(there))

    def _run(self, side: Side, words: Sequence[str]) -> None:
        """Run sqlgen in the folder of a side. Raises the error that it told, with the name of the side."""
        named = [word for path in side.files for word in ("-c", str(path))]
        done = subprocess.run(
            [sys.executable, "-m", "sqlgen", *self.words, *named, *words],
            cwd=side.folder,
            env={**os.environ, "PYTHONSAFEPATH": "1", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise _told(side.name, done.returncode, done.stderr.decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Side:
    """One side: a folder to run in, and its configuration files. ``is_plain`` says that it holds scripts already."""

    name: str
    folder: Path
    files: tuple[Path, ...] = ()
    is_plain: bool = False


def _folder(name: str) -> Side:
    """Return the side of a folder: a project where it has a configuration, else a tree of scripts."""
    folder = Path(name).absolute()
    try:
        find_files(folder, (), {})
    except ConfigError:
        if not any(folder.rglob("*.sql")):
            raise
        return Side(name, folder, is_plain=True)
    return Side(name, folder)


def _told(name: str, code: int, text: str) -> CommandError:
    """Return the error that another process told on stderr."""
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith(_ERROR)), None)
    if start is None:
        return CommandError(f"{name} cannot be rendered: {text.strip() or f'exit code {code}'}")
    message = [line for line in lines[start:] if not line.startswith(_HINT)]
    hint = "\n".join(line.removeprefix(_HINT) for line in lines[start:] if line.startswith(_HINT))
    return _CODES.get(code, CommandError)(f"in {name}: " + "\n".join(message).removeprefix(_ERROR), hint=hint)


def files_below(folder: Path) -> Files:
    """Return the files of a tree by their names; neither hidden ones, nor the sum file, nor what lies beside."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.name != NAME and not any(part.startswith(".") for part in name.parts):
            found[name.as_posix()] = path.read_bytes()
    return found


def resolved(ends: Ends, config: Config) -> Ends:
    """Return the sides of ``A...B`` as those of ``A..B``: from where they parted. Raises UsageError."""
    if not ends.parted:
        return ends
    repository = Repository.needed(config.root, f"{ends.old}...{ends.new}")
    return replace(ends, old=repository.merge_base(ends.old, ends.new), parted=False)


def compared(old: Files, new: Files) -> list[Change]:
    """Return the files that differ, by name."""
    both = (Change(name, old.get(name), new.get(name)) for name in sorted({*old, *new}))
    return [change for change in both if change.differs]
