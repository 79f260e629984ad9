"""Writing files whole or not at all.

A text goes to a temporary file in the same folder, is forced to disk, and takes the place of the old file by a
rename, which the system does in one piece. Whatever fails, the old file stands as it was and the temporary one
is gone. A file that holds the text already is not touched, so that build tools see no change. A text may come in
pieces, and is then never in memory as a whole.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlgen.errors import OutputError
from sqlgen.spool import Kept, Spool

READABLE_BY_ALL = 0o666
"""The mode of a new file, less what the user's umask takes away."""

_TEMPORARY = re.compile(r"\.sqlgen-[0-9a-f]{16}\.tmp")
_FULL = "Make room and run it again; the file that was there is unchanged."
_CLOSED = "Choose another place with -o, or make this one writable."
_HINTS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "The system limits the size of files here (ulimit -f); the file that was there is unchanged.",
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
    errno.EISDIR: "A folder stands where the file should be: move it away, or choose another place with -o.",
    errno.ENOTDIR: "A file stands where a folder should be: move it away, or choose another place with -o.",
    errno.EEXIST: "A file stands where a folder should be: move it away, or choose another place with -o.",
    errno.ENAMETOOLONG: "The system allows no name of this length: choose a shorter place with -o.",
}


def ignored(_paths: Sequence[Path]) -> None:
    """Do nothing before files are replaced."""


def kept(spool: Spool, path: Path, text: str | Iterable[str]) -> Kept:
    """Put the text of a file into a spool. Raises OutputError, and what making the pieces raises."""
    return spool.keep([text] if isinstance(text, str) else text, f" of {path}")


def write_file(path: Path, text: str | Iterable[str]) -> bool:
    """Write a text, or the pieces of one, as UTF-8, with its newlines as they are; return whether the bytes changed.

    Missing folders are made. A file that stood there keeps its mode, a symbolic link stays a link; what is no
    regular file, such as a pipe or ``/dev/stdout``, is written to directly. Raises OutputError when it cannot be
    written; what was there before is then still there.
    """
    return bool(write_files({path: text}))


def write_files(
    texts: Mapping[Path, str | Iterable[str] | Kept], ready: Callable[[Sequence[Path]], None] = ignored
) -> list[Path]:
    """Write several texts, each as a whole or in pieces, and return the paths whose bytes changed.

    All pieces are taken before anything is written, and every text is on the disk before the first old file is
    replaced, so a full disk leaves all of them as they were. Just before that, ``ready`` hears of the files that will
    be replaced. Raises OutputError, and what making the pieces and ``ready`` raise.
    """
    spool = Spool()
    data = {path: text if isinstance(text, Kept) else kept(spool, path, text) for path, text in texts.items()}
    changed = [path for path in data if not holds(path, data[path])]
    staged: dict[Path, Path] = {}
    try:
        for path in changed:
            with _explained(path):
                _stage(path, data[path], staged)
        ready(changed)
        for path in changed:
            with _explained(path):
                _put(path, data[path], staged)
    finally:
        for temporary in staged.values():
            with suppress(OSError):
                temporary.unlink()
    return changed


def holds(path: Path, data: Kept) -> bool:
    """Say whether a regular file has exactly these bytes."""
    with _explained(path):
        try:
            if not path.is_file() or path.stat().st_size != len(data):
                return False
            with path.open("rb") as file:
                return all(file.read(len(block)) == block for block in data.blocks())
        except PermissionError:
            return False


def _is_special(path: Path) -> bool:
    """Say whether a path is a device, a pipe or a socket: something that a rename would destroy."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _stage(path: Path, data: Kept, staged: dict[Path, Path]) -> None:
    """Write the temporary file that will become ``path``, and note it in ``staged`` before it exists."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if _is_special(path):
        return
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".sqlgen-{secrets.token_hex(8)}.tmp")  # what sweep() looks for
    staged[path] = temporary
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, READABLE_BY_ALL), "wb") as file:
        file.writelines(data.blocks())
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        temporary.chmod(target.stat().st_mode & 0o7777)


def _put(path: Path, data: Kept, staged: dict[Path, Path]) -> None:
    """Put the temporary file in its place; a special file takes the bytes themselves."""
    if path not in staged:
        with path.open("wb") as file:
            file.writelines(data.blocks())
        return
    staged[path].replace(os.path.realpath(path))
    del staged[path]


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed runs left in a folder and those below it."""
    for path in folder.rglob(".sqlgen-*.tmp"):
        if _TEMPORARY.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn the system's error about a path into an OutputError."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"cannot write {path}: {reason}", hint=_HINTS.get(error.errno or 0, "")) from error
