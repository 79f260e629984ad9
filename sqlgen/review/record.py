"""A tree of scripts as it is on the disk, beside what its sum file says about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from ..errors import ConfigError, Source
from ..records import dataclass
from ..scripts.files import holds
from .disk import NAME, PENDING, digest_of, located
from .sums import Sums, is_conflicted, parsed
from .tree import Tree

State = Literal["same", "stale", "edited", "missing", "left over", "foreign"]


@dataclass(frozen=True, slots=True)
class Record:
    """What the sum file of a folder knows: ``sums`` is empty, and ``exists`` False, where there is none.

    ``interrupted`` says that a run was killed while it replaced files; ``merging`` that git left the marks of a
    conflict in the sum file. ``text`` is the file as it is.
    """

    folder: Path
    sums: Sums
    text: str = ""
    exists: bool = False
    interrupted: bool = False
    merging: bool = False
    known: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def read(cls, folder: Path) -> Record:
        """Read the sum file of a folder. Raises ConfigError for one that is damaged or cannot be read."""
        text, pending = _text(folder / NAME), _text(folder / PENDING)
        place = Source(located(folder / NAME))
        sums = parsed(text, place) if text is not None else Sums()
        known = sums.known
        if pending:
            known |= parsed(pending, Source(located(folder / PENDING))).known
        return cls(folder, sums, text or "", text is not None, pending is not None, is_conflicted(text or ""), known)

    def is_ours(self, name: str) -> bool:
        """Tell whether the file of a name holds what a run of ours wrote there."""
        digest = digest_of(self.folder / name)
        return digest is not None and (name, digest) in self.known

    def name_is_ours(self, name: str) -> bool:
        """Tell whether some run of ours wrote a file of this name."""
        return any(name == one for one, _ in self.known)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one file of a tree stands: ``same`` as rendered, ``stale`` (ours, of before), ``edited`` (by somebody else),
    ``missing``, ``left over`` (ours, and not rendered any more), or ``foreign`` (never ours, and not rendered)."""

    name: str
    state: State
    rendered: bool


def _text(path: Path) -> str | None:
    """Return the text of a sum file, None when there is none. Raises ConfigError."""
    try:
        return path.read_bytes().decode("utf-8") if path.exists() else None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"the sum file cannot be read: {reason}", place=Source(located(path))) from error
    except UnicodeDecodeError as error:
        raise ConfigError("the sum file is not UTF-8", place=Source(located(path))) from error


def standings(tree: Tree, record: Record) -> list[Standing]:
    """Return how every file stands that is rendered, listed in the sum file, or beside such files; sorted by name."""
    found = [_rendered(name, tree, record) for name in tree.files]
    for name in others(tree, record):
        ours = record.is_ours(name)
        state: State = "left over" if ours else "edited" if record.name_is_ours(name) else "foreign"
        found.append(Standing(name, state, rendered=False))
    return sorted(found, key=lambda one: one.name)


def _rendered(name: str, tree: Tree, record: Record) -> Standing:
    path = record.folder / name
    if not path.exists():
        return Standing(name, "missing", rendered=True)
    if holds(path, tree.files[name].text):
        return Standing(name, "same", rendered=True)
    return Standing(name, "stale" if record.is_ours(name) else "edited", rendered=True)


def others(tree: Tree, record: Record) -> Iterator[str]:
    """Yield the names of files that exist and are not rendered: those that are listed, and those in the folders."""
    listed = {name for name, _ in record.known}
    folders = {name.partition("/")[0] for name in (*tree.files, *listed)} | set(record.sums.dialects)
    present = {name for folder in folders for name in _below(record.folder, folder)}
    for name in sorted((listed | present) - set(tree.files)):
        if (record.folder / name).is_file() and _inside(record.folder, name):
            yield name


def _below(root: Path, folder: str) -> Iterable[str]:
    """Yield the files in a folder of the tree, but no hidden ones."""
    for path in (root / folder).rglob("*"):
        name = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield PurePosixPath(name).as_posix()


def _inside(root: Path, name: str) -> bool:
    """Tell whether a file is really in the folder, and not where a link leads."""
    return (root / name).resolve().is_relative_to(root.resolve())
