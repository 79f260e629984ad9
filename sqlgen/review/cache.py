"""What the last run found, for the next one that would find the same: nothing is rendered then.

A file in ``.sqlgen-cache/`` beside the configuration says what a run depended on, and what the tree of scripts is. It
counts where every dependency is as it was, and the folder on the disk holds exactly that tree; in any other case
everything is rendered. Whatever is wrong with the file, it is as if there were none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import Config
from ..errors import CommandError
from ..records import dataclass
from .disk import NAME, PENDING, digest_of, out_folder
from .facts import CACHE, Facts, beginning, digest
from .results import Counts

if TYPE_CHECKING:
    from .tree import Tree
    from .watch import Watch

FORMAT = 1
"""The version of the file."""

DIGITS = 16
"""Hexadecimal digits in the name of a cache."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a run would find: the tree's files with their hashes, in its order, its counts, and the warnings."""

    files: Mapping[str, str]
    counts: Mapping[str, Counts]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cache:
    """The cache of one project, with one set of options. ``start`` is the hash of all that is known before a run."""

    config: Config
    path: Path
    start: str

    @classmethod
    def of(cls, config: Config, *, use_env: bool) -> Cache:
        """Return the cache for a configuration, as things are at the beginning of a command."""
        name = digest(
            [config.ini_path, config.toml_path, config.section, config.x_arguments, use_env, config.root, os.getcwd()]
        )
        return cls(config, config.root / CACHE / f"{name[:DIGITS]}.json", beginning(config, use_env))

    def known(self) -> Known | None:
        """Return what a run would find; None where it has to be made."""
        try:
            found = json.loads(self.path.read_bytes())
            if found["format"] != FORMAT or found["start"] != self.start or not Facts(**found["facts"]).hold():
                return None
            counts = {name: Counts(*pair) for name, pair in found["counts"].items()}
            known = Known(found["files"], counts, tuple(found["warnings"]))
            return known if is_on_disk(out_folder(self.config), known, found["beside"]) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # damaged, foreign, or none
            return None

    def keep(self, watch: Watch, tree: Tree) -> None:
        """Write down what a run found, if it can be had again without one.

        The tree is that of the folder, or has just been written there.
        """
        with suppress(CommandError, OSError, ValueError, KeyError):  # a folder that cannot be written has no cache
            self._keep(watch, tree)

    def _keep(self, watch: Watch, tree: Tree) -> None:
        found = None if watch.reason else _found(tree, out_folder(self.config))
        if found is None:
            return
        facts = watch.facts()
        if watch.reason:
            return
        from ..scripts.files import write_files

        files, beside = found
        value = {
            "format": FORMAT,
            "start": self.start,
            "facts": facts.as_json(),
            "warnings": watch.warnings,
            "counts": {name: [one.statements, one.revisions] for name, one in tree.counts.items()},
            "beside": beside,
            "files": files,
        }
        ignore = self.path.with_name(".gitignore")
        write_files({ignore: "*\n", self.path: json.dumps(value)})


def _found(tree: Tree, folder: Path) -> tuple[dict[str, str], dict[str, str | None]] | None:
    """Return the hashes of a tree's files, and of what else a check looks at: None for what must not be there.

    There is nothing where a check of the tree would have something to find.
    """
    from .generate import sums_of
    from .history import RELEASES, rewrites
    from .record import Record
    from .release import file_names, release_findings

    record = Record.read(folder)
    sums = sums_of(tree, record.sums)
    if record.text != sums.text() or record.interrupted or any(rewrites(record.sums, tree, folder)):
        return None
    if any(release_findings(record)):
        return None
    beside: dict[str, str | None] = {NAME: digest_of(folder / NAME), PENDING: None}
    for release in record.sums.releases:
        home = f"{RELEASES}/{release.tag}"
        if not (folder / home).is_dir():
            beside[home] = None
            continue
        names = [f"{home}/{name}" for name in file_names(folder / home)]
        beside.update({name: digest_of(folder / name) for name in names})
    return dict(sums.files), beside


def is_on_disk(folder: Path, known: Known, beside: Mapping[str, str | None]) -> bool:
    """Tell whether a folder holds exactly a tree, and beside it what there was."""
    top = str(folder)
    for name, expected in beside.items():
        path = os.path.join(top, name)
        if os.path.lexists(path) if expected is None else digest_of(path) != expected:
            return False
    folders = {name.partition("/")[0] for name in known.files} | set(known.counts)
    present = [name for one in sorted(folders) for name in _below(os.path.join(top, one), one)]
    return len(present) == len(known.files) and all(
        digest_of(os.path.join(top, name)) == known.files.get(name) for name in present
    )


def _below(path: str, name: str) -> Iterator[str]:
    """Yield the names of the files and links in a folder of the tree; nothing hidden, but what killed runs left."""
    if not os.path.isdir(path):
        return
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.startswith(".") and not entry.name.endswith(".tmp"):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{name}/{entry.name}")
            else:
                yield f"{name}/{entry.name}"
