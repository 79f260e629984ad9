"""A tree of scripts as files: where it is, how its files are named, what they hold. Nothing is rendered for this."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

from ..config import Config

OUT = "out"
"""The folder of scripts, beside the configuration, where that names no other."""

NAME = "sqlgen.sum"
"""The sum file, in the folder of scripts."""

PENDING = f"{NAME}.new"
"""The sum file of a run that is replacing files; it is left behind where that run was killed."""

BLOCK = 1 << 20
"""Bytes that are read at once."""


def out_folder(config: Config) -> Path:
    """Return where the tree of a project is."""
    return config.out or config.root / OUT


def located(path: str | os.PathLike[str]) -> str:
    """Return a path as messages say it and a shell takes it: from the current directory, upwards too."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive
        return Path(path).as_posix()


def digest_of(path: str | os.PathLike[str]) -> str | None:
    """Return the SHA-256 of a regular file; None for what is none or cannot be read."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None
        found = sha256()
        while block := os.read(file, BLOCK):
            found.update(block)
        return found.hexdigest()
    except OSError:
        return None
    finally:
        os.close(file)
