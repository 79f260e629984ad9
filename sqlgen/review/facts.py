"""What a run depended on, as data with fingerprints that can be compared with how things are now."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib.machinery import all_suffixes
from typing import Any

from ..config import Config
from ..records import dataclass
from .disk import digest_of

CACHE = ".sqlgen-cache"
"""The folder of caches, beside the configuration."""

_SKIPPED = frozenset({"__pycache__", CACHE})
_SUFFIXES = (*all_suffixes(), ".dist-info", ".egg-info", ".egg", ".egg-link", ".pth", ".zip")
_OUTSIDE = ("PYTHON", "LC_", "LANG", "TZ")
"""How the variables begin that Python and the system read by themselves."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run depended on.

    ``files`` have the hashes of their contents, "" where there is no file; ``kinds`` say what stands at a path that was
    only looked for, ``links`` where one leads. ``listings`` are folders that were listed, ``searched`` those in which
    modules were looked for, without ``out``, the folder of scripts. ``variables`` were read, None stands for all;
    ``environ`` is one hash over their values, ``argv`` that of the command line if it was read.
    """

    files: Mapping[str, str]
    kinds: Mapping[str, str]
    links: Mapping[str, str]
    listings: Mapping[str, str]
    searched: Mapping[str, str]
    out: str
    variables: Sequence[str] | None
    environ: str
    argv: str | None

    def as_json(self) -> dict[str, Any]:
        """Return them as a value for JSON."""
        return asdict(self)

    def hold(self) -> bool:
        """Tell whether all is as it was."""
        return (
            environ_digest(self.variables, os.environ) == self.environ
            and (self.argv is None or self.argv == digest(sys.argv))
            and all(kind_of(path) == kind for path, kind in self.kinds.items())
            and all(link_of(path) == target for path, target in self.links.items())
            and all(listing(path) == found for path, found in self.listings.items())
            and all(modules(path, self.out) == found for path, found in self.searched.items())
            and all((digest_of(path) or "") == found for path, found in self.files.items())
        )


def digest(words: Iterable[object]) -> str:
    """Return one hash over some values, which are told apart by their ``repr()``."""
    return sha256("\0".join(map(repr, words)).encode("utf-8", "backslashreplace")).hexdigest()


def beginning(config: Config, use_env: bool) -> str:
    """Return the hash of what is known before a run: configuration and arguments, Python, the current directory."""
    outside = sorted((name, value) for name, value in os.environ.items() if name.startswith(_OUTSIDE))
    texts = [one.text if one else "" for one in (config.files.ini, config.files.toml)]
    python = [sys.version, sys.executable, sys.prefix, sys.flags, sys.path, sys.platform]
    return digest([config, *texts, use_env, os.getcwd(), *python, outside])


def environ_digest(names: Sequence[str] | None, environ: Mapping[str, str]) -> str:
    """Return one hash over some variables, or with None over all: single values cannot be guessed from it."""
    return digest([(name, environ.get(name)) for name in (sorted(environ) if names is None else names)])


def kind_of(path: str) -> str:
    """Return what stands at a path: "" for nothing, else the type of file as a number."""
    try:
        return str(stat.S_IFMT(os.stat(path).st_mode))
    except (OSError, ValueError):
        return ""


def link_of(path: str) -> str:
    """Return where a symbolic link leads; "" for what is none."""
    try:
        return os.readlink(path)
    except OSError:
        return ""


def listing(path: str) -> str:
    """Return the hash of the names in a folder, and of which are folders; "" for what cannot be listed.

    Compiled modules and caches of ours do not count.
    """
    try:
        with os.scandir(path) as entries:
            return digest(sorted((one.name, one.is_dir()) for one in entries if one.name not in _SKIPPED))
    except OSError:
        return ""


def modules(path: str, out: str) -> str:
    """Return the hash of the names in a folder that an import, or a look for installed packages, could find.

    What leads to the folder ``out`` of scripts does not count while it is no package: the first run makes it. For an
    archive it is the hash of that, and "" where there is nothing.
    """
    try:
        names = os.listdir(path)
    except NotADirectoryError:
        return digest_of(path) or ""
    except OSError:
        return ""
    start = os.path.join(path, "")
    way = out[len(start) :].partition(os.sep)[0] if out.startswith(start) else ""
    if way and os.path.exists(os.path.join(path, way, "__init__.py")):
        way = ""
    found = (one for one in names if one.isidentifier() or one.endswith(_SUFFIXES))
    return digest(sorted(one for one in found if one not in _SKIPPED and one != way))
