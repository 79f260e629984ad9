"""What a run depends on besides its arguments, found out while it runs: files, folders, environment variables.

Python tells of its own doings (``sys.addaudithook``): files that are opened, folders that are listed, processes and
sockets. What it does not tell of is asked through stand-ins while the run lasts: looks for a file that may not be there
(``os.stat`` and its like), environment variables, the command line. So where all that was read is as it was, the result
is too. Clocks and dice are not seen, nor what compiled libraries do by themselves.

A run that does more than read (writes files, starts processes, prints) is not repeated by its result alone:
:attr:`Watch.reason` says so.
"""

from __future__ import annotations

import os
import pathlib
import stat
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from importlib.util import source_from_cache
from types import FrameType, ModuleType
from typing import Any, TextIO, cast

from .disk import digest_of
from .facts import Facts, digest, environ_digest, listing, modules

_REFUSED = frozenset(
    {
        "builtins.input",
        "ctypes.dlopen",
        "os.chmod",
        "os.chown",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.link",
        "os.posix_spawn",
        "os.spawn",
        "os.symlink",
        "os.system",
        "os.truncate",
        "os.utime",
        "subprocess.Popen",
        "urllib.Request",
    }
)
_CHANGES = frozenset({"os.mkdir", "os.remove", "os.rename", "os.rmdir"})
_HEARD = frozenset({"open", "import", "os.listdir", "os.scandir", *_CHANGES, *_REFUSED})
_HEARD_TOO = (".connect", ".load_extension")
"""How the events of databases and clients end, in whichever module."""

_IN_MEMORY = ("", ":memory:", b"", b":memory:")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PRINTS = frozenset({"buffer", "detach", "fileno", "write", "writelines"})
_IMPORTERS = ("<frozen importlib", os.path.join(os.path.dirname(os.__file__), "importlib", ""))
_LIBRARY = tuple(
    os.path.join(shown, "")
    for folder in (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
    for shown in (folder, os.path.realpath(folder))
)

_stat = os.stat
_running: list[Watch] = []


class Watch:
    """One run that is watched, for the length of the block of :meth:`running`.

    ``warnings`` are those that the user was told. ``reason`` says why the run is not to be kept; it is empty if it is.
    ``out`` is the folder of scripts.
    """

    def __init__(self, out: str) -> None:
        self.reason = ""
        self._out = os.path.abspath(out)
        self.warnings: list[str] = []
        self._environ_before: Mapping[str, str] = {}
        self._files: dict[str, tuple[int, ...]] = {}
        self._kinds: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._listings: dict[str, str] = {}
        self._searched: dict[str, str] = {}
        self._variables: set[str] | None = set()
        self._argv: str | None = None
        self._is_deaf = False
        self._streams: tuple[TextIO, TextIO] | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watch what happens in the block."""
        self._begin()
        _running.append(self)
        try:
            with _stand_ins():
                yield
        finally:
            _running.remove(self)

    def _begin(self) -> None:
        _listen()
        tempfile.gettempdir()  # it tries folders when it is first asked
        self._environ_before = dict(os.environ)
        if os.name != "posix":
            self.refuse("not every look for a file is seen on this system")
        for name, path in _module_files():
            self._read(path)
            if name.partition(".")[0] not in ("sqlgen", "__main__") and not is_installed(path):
                self.refuse(f"{path} was imported before the run")

    def refuse(self, reason: str) -> None:
        """Note why this run is not to be kept."""
        self.reason = self.reason or reason

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let something happen that is no part of the run, such as telling the user."""
        before, self._is_deaf = self._is_deaf, True
        streams = sys.stdout, sys.stderr
        if self._streams is not None:
            sys.stdout, sys.stderr = self._streams
        try:
            yield
        finally:
            self._is_deaf = before
            sys.stdout, sys.stderr = streams

    def warned(self, text: str, warn: Callable[[str], None]) -> None:
        """Note a warning, and tell it."""
        self.warnings.append(text)
        with self.aside():
            warn(text)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Refuse to keep a run that prints anything but warnings of ours while the block lasts."""
        before = self._streams = sys.stdout, sys.stderr
        ears = [cast(TextIO, _Ear(stream, self)) for stream in before]
        sys.stdout, sys.stderr = ears
        try:
            yield
        finally:
            self._streams = None
            if sys.stdout is ears[0]:
                sys.stdout = before[0]
            if sys.stderr is ears[1]:
                sys.stderr = before[1]

    # What is heard of. Nothing may be raised into what is watched.

    def hear(self, event: str, arguments: Sequence[Any]) -> None:
        """Take an audit event in."""
        if self._is_deaf:
            return
        self._is_deaf = True
        try:
            self._take(event, arguments)
        except Exception as error:
            self.refuse(f"{event} could not be followed: {error!r}")
        finally:
            self._is_deaf = False

    def _take(self, event: str, arguments: Sequence[Any]) -> None:
        if event == "open":
            self._open(*arguments[:3])
        elif event in ("os.listdir", "os.scandir"):
            self._list(arguments[0])
        elif event == "import":
            self._search(arguments[2] or ())
        elif event.endswith(".connect"):
            if arguments[0] not in _IN_MEMORY:
                self.refuse(f"{event} {arguments[0]!r}")
        elif event in _CHANGES:
            if not _is_own(_absolute(arguments[0])):
                self.refuse(f"{event} {arguments[0]!r}")
        elif event != "ctypes.dlopen" or arguments[0] is not None:
            self.refuse(event)

    def _open(self, path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int) or path == os.devnull:
            return
        name = _absolute(path)
        if _is_own(name):
            self._open_own(name)
        elif flags & _WRITES if mode is None else not set(mode).isdisjoint("wax+"):
            self.refuse(f"{name} is written")
        elif not is_python(name):
            self._read(name)

    def _open_own(self, name: str) -> None:
        """Take a module's source in for its compiled file; one without a source stands for itself."""
        if name.endswith(".pyc"):
            with suppress(ValueError):
                source = source_from_cache(name)
                if not is_python(source):
                    self._read(source if _state(source) else name)

    def _read(self, name: str) -> None:
        self._files.setdefault(name, _state(name))

    def _list(self, path: Any) -> None:
        if isinstance(path, int):
            self.refuse("a folder is listed by its number")
            return
        name = _absolute("." if path is None else path)
        if is_python(name):
            return
        is_search = _caller().f_code.co_filename.startswith(_IMPORTERS)
        found, now = (self._searched, modules(name, self._out)) if is_search else (self._listings, listing(name))
        if found.setdefault(name, now) != now:
            self.refuse(f"{name} changed meanwhile")

    def _search(self, folders: Sequence[str]) -> None:
        """Take in that modules are looked for in some folders."""
        for folder in folders:
            name = _absolute(folder or ".")
            if name not in self._searched and not is_python(name):
                self._searched[name] = modules(name, self._out)

    def looked(self, path: Any, result: os.stat_result | None) -> None:
        """Take in that somebody looked for a file, and what was there; None for nothing."""
        if self._is_deaf or isinstance(path, int):
            return
        with suppress(TypeError, ValueError):
            name = _absolute(path)
            if is_python(name) or _is_own(name):
                return
            if result is not None and stat.S_ISLNK(result.st_mode):
                self._links[name] = os.readlink(name)
                return
            kind = "" if result is None else str(stat.S_IFMT(result.st_mode))
            if self._kinds.setdefault(name, kind) != kind:
                self.refuse(f"{name} changed meanwhile")

    def looked_up(self, name: str | bytes | None) -> None:
        """Take in that an environment variable was read, or with None all of them."""
        if self._is_deaf or self._variables is None:
            return
        if name is None:
            self._variables = None
        else:
            self._variables.add(os.fsdecode(name))

    def asked(self, name: str) -> None:
        """Take in that the command line, or stdin, was asked for."""
        if self._is_deaf:
            return
        if name == "stdin":
            self.refuse("stdin may be read")
        elif self._argv is None:
            self._argv = digest(sys.__dict__["argv"])

    # What it comes to.

    def facts(self) -> Facts:
        """Return what the run depended on; :attr:`reason` may say afterwards that it changed meanwhile."""
        self._search(sys.path)
        for _, path in _module_files():
            self._read(path)
        for module in [*sys.modules.values()]:
            with suppress(Exception):  # a module may be anything
                self._search([*vars(module).get("__path__", ())])
        files = {}
        for name, before in self._files.items():
            files[name] = digest_of(name) or ""
            if _state(name) != before:
                self.refuse(f"{name} changed meanwhile")
            elif before and not files[name] and not stat.S_ISDIR(before[0]):
                self.refuse(f"{name} is no regular file")
        names = None if self._variables is None else sorted(self._variables)
        return Facts(
            files,
            {name: kind for name, kind in self._kinds.items() if not files.get(name)},
            self._links,
            self._listings,
            self._searched,
            self._out,
            names,
            environ_digest(names, self._environ_before),
            self._argv,
        )


def is_installed(path: str) -> bool:
    """Tell whether a path is in the environment's packages, and not in a project."""
    return any(f"{os.sep}{name}{os.sep}" in f"{path}{os.sep}" for name in ("site-packages", "dist-packages"))


def is_python(path: str) -> bool:
    """Tell whether a path is in Python's own library, for which its version stands."""
    return f"{path}{os.sep}".startswith(_LIBRARY) and not is_installed(path)


def _module_files() -> Iterator[tuple[str, str]]:
    """Yield the names and files of the imported modules, Python's own left out."""
    for name, module in [*sys.modules.items()]:
        path = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(path, str) and not is_python(os.path.abspath(path)) and _state(path):
            yield name, os.path.abspath(path)


def _absolute(path: Any) -> str:
    return os.path.abspath(os.fsdecode(path))


def _state(path: str) -> tuple[int, ...]:
    """Return what changes with a file's content; empty where there is none."""
    try:
        found = _stat(path)
    except (OSError, ValueError):
        return ()
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _is_own(name: str) -> bool:
    """Tell whether a path is that of a compiled module or a temporary file without a name: what every run writes."""
    folder, file = os.path.split(name)
    temporary = tempfile.gettempdir()
    if name == temporary or (folder == temporary and file.startswith(tempfile.gettempprefix())):
        return True
    return f"{os.sep}__pycache__" in name or (sys.pycache_prefix is not None and name.startswith(sys.pycache_prefix))


def _caller() -> FrameType:
    """Return the innermost frame outside of this module."""
    frame = sys._getframe()
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _hear(event: str, arguments: Sequence[Any]) -> None:
    if _running and (event in _HEARD or event.startswith("socket.") or event.endswith(_HEARD_TOO)):
        _running[-1].hear(event, arguments)


_listening: list[bool] = []


def _listen() -> None:
    """Have Python tell; that is for good, so it is asked once."""
    if not _listening:
        sys.addaudithook(_hear)
        _listening.append(True)


# Stand-ins, for the length of a run.


class _Ear:
    """Stands in for a stream, and tells when something is printed to it."""

    def __init__(self, stream: TextIO, watch: Watch) -> None:
        self._stream, self._watch = stream, watch

    def __getattr__(self, name: str) -> Any:
        if name in _PRINTS:
            self._watch.refuse("something is printed")
        return getattr(self._stream, name)


class _Environ(os._Environ[Any]):
    """Stands in for ``os.environ``, and tells what is read."""

    def __getitem__(self, key: Any) -> Any:
        _running[-1].looked_up(key)
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[Any]:
        _running[-1].looked_up(None)
        return super().__iter__()

    def __len__(self) -> int:
        _running[-1].looked_up(None)
        return super().__len__()

    def __repr__(self) -> str:
        _running[-1].looked_up(None)
        return super().__repr__()

    def copy(self) -> Any:
        """Return all variables as a dict."""
        _running[-1].looked_up(None)
        return super().copy()


def _attribute(name: str) -> Any:
    """Return a property for an attribute of ``sys`` that tells when it is read."""

    def get(module: ModuleType) -> Any:
        _running[-1].asked(name)
        return module.__dict__[name]

    def put(module: ModuleType, value: Any) -> None:
        module.__dict__[name] = value

    return property(get, put)


class _System(ModuleType):
    """Stands in for ``sys``, and tells when the command line or stdin is asked for."""

    argv, stdin = _attribute("argv"), _attribute("stdin")


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Put the stand-ins in their places while the block lasts."""
    environs = [os.environ, *([os.environb] if os.supports_bytes_environ else [])]
    classes = [(one, one.__class__) for one in environs]
    looks = os.stat, os.lstat, os.access
    accessor = getattr(pathlib, "_normal_accessor", None)  # of Python 3.10, which asks by itself
    try:
        os.stat, os.lstat = _looking(os.stat), _looking(os.lstat)
        os.access = _asking(os.access)
        if accessor is not None:
            accessor.stat = os.stat
        for one in environs:
            one.__class__ = _Environ
        sys.__class__ = _System
        yield
    finally:
        sys.__class__ = ModuleType
        for environ, cls in classes:
            environ.__class__ = cls
        os.stat, os.lstat, os.access = looks
        if accessor is not None:
            del accessor.stat


def _looking(real: Callable[..., os.stat_result]) -> Any:
    """Return a function that does what ``os.stat`` or ``os.lstat`` does, and tells of it."""

    @wraps(real)
    def look(path: Any, *rest: Any, **more: Any) -> os.stat_result:
        result = None
        try:
            result = real(path, *rest, **more)
        finally:
            if _running and more.get("dir_fd") is None:
                _running[-1].looked(path, result)
        return result

    return look


def _asking(real: Callable[..., bool]) -> Any:
    """Return a function that does what ``os.access`` does, and tells of the look for the file."""

    @wraps(real)
    def ask(path: Any, *rest: Any, **more: Any) -> bool:
        os.path.exists(path)
        return real(path, *rest, **more)

    return ask
