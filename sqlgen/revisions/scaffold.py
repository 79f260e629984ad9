"""New projects and new revision files. Every file is written whole, or not at all, and never over another one."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from sqlgen.config import Config, shown
from sqlgen.errors import ConfigError, DuplicateRevision, MultipleHeads, OutputError, RevisionError, Source
from sqlgen.records import dataclass
from sqlgen.revisions.graph import RevisionGraph
from sqlgen.revisions.revision import FORBIDDEN, Names, Revision
from sqlgen.revisions.template import docstring_text, render, stock

VERSION_WIDTH = 32
"""How many characters Alembic's version table holds (String(32) in its MigrationContext)."""

RESERVED = ("base", "head", "heads", "current")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A revision file just written: what it holds, where it is, and what its author should know."""

    revision: Revision
    path: Path
    notes: tuple[str, ...] = ()


def init_project(folder: str | os.PathLike[str] = "migrations", *, root: str | os.PathLike[str] = ".") -> list[Path]:
    """Make a new project: alembic.ini in ``root``, and ``folder`` below it with env.py, template and versions/.

    Returns the files written. Raises :class:`OutputError` when one of them exists, or cannot be written; nothing
    of it is left then.
    """
    base = Path(os.path.abspath(root))
    home = Path(os.path.normpath(base / folder))
    try:
        below = home.relative_to(base).as_posix()
    except ValueError:
        raise OutputError(
            f"the folder {home.as_posix()} is not inside {base.as_posix()}, where alembic.ini goes",
            hint="Run 'sqlgen init' in a folder above it.",
        ) from None
    ini = Template(stock("alembic.ini")).safe_substitute(folder=below.replace("%", "%%"))
    texts = {
        base / "alembic.ini": ini,
        home / "env.py": stock("env.py"),
        home / "script.py.mako": stock("script.py.mako"),
        home / "README.md": stock("README.md"),
        home / "versions" / ".gitkeep": "",
    }
    return _write_all({path: text.encode() for path, text in texts.items()})


def new_revision(
    config: Config,
    graph: RevisionGraph,
    message: str = "",
    *,
    rev_id: str | None = None,
    head: str | Sequence[str] = "head",
    splice: bool = False,
    branch_label: Names = None,
    depends_on: Names = None,
    version_path: str | os.PathLike[str] | None = None,
    now: datetime | None = None,
) -> NewFile:
    """Write a revision file that follows ``head``; ``now`` is its date, with a time zone.

    Raises RevisionError (also MultipleHeads, ResolutionError, DuplicateRevision) for what does not fit into the
    graph, ConfigError for a setting that cannot be used, OutputError when the file cannot be written.
    """
    parents = _parents(graph, head, splice)
    return _write(config, graph, message, parents, rev_id, branch_label, depends_on, version_path, now)


def merge_revisions(
    config: Config,
    graph: RevisionGraph,
    revisions: Sequence[str] = ("heads",),
    message: str = "",
    *,
    rev_id: str | None = None,
    splice: bool = False,
    branch_label: Names = None,
    now: datetime | None = None,
) -> NewFile:
    """Write a revision file that follows several revisions and so joins their branches.

    Raises as :func:`new_revision`, and RevisionError for fewer than two revisions or for two on one line.
    """
    parents = _parents(graph, revisions, splice)
    if len(parents) < 2:
        named = ", ".join(parents) or "no revision"
        raise RevisionError(
            f"a merge joins several revisions, and {' '.join(revisions)} is {named}",
            hint="'sqlgen heads' lists the heads.",
        )
    for parent in parents:
        for other in parents:
            if other in graph.ancestors(parent, dependencies=False):
                raise RevisionError(
                    f"{parent} follows {other} already, so there is nothing to merge", hint=f"Leave {other} out."
                )
    return _write(config, graph, message, parents, rev_id, branch_label, None, None, now)


def slug(message: str, length: int) -> str:
    """Return a message as part of a file name: its words, in lower case, cut after ``length`` characters.

    A slug that was cut ends with an underscore, as Alembic's do.
    """
    text = "_".join(re.findall(r"\w+", message)).lower()
    return text if len(text) <= length else text[:length].rsplit("_", 1)[0] + "_"


def _parents(graph: RevisionGraph, head: str | Sequence[str], splice: bool) -> tuple[str, ...]:
    """Return the ids that a new revision follows; raise for those that are no heads, unless ``splice``."""
    try:
        parents = tuple(revision.id for revision in graph.get_all(head))
    except MultipleHeads as error:
        error.hint = "Say '--head ID' or '--head LABEL@head', or join them first: sqlgen merge heads."
        raise
    for parent in () if splice else parents:
        if parent not in graph.heads:
            raise RevisionError(
                f"revision {parent} is not a head: {', '.join(graph.children(parent))} follows it",
                hint="Say --splice to begin a new branch there, or name a head.",
            )
    return parents


def _write(
    config: Config,
    graph: RevisionGraph,
    message: str,
    parents: tuple[str, ...],
    rev_id: str | None,
    branch_label: Names,
    depends_on: Names,
    version_path: str | os.PathLike[str] | None,
    now: datetime | None,
) -> NewFile:
    """Check everything, fill in the template, and write the file."""
    revision = Revision(
        _new_id(graph) if rev_id is None else _checked_id(graph, rev_id),
        parents,
        _dependencies(graph, depends_on),
        _checked_labels(graph, branch_label),
        doc=message,
    )
    date = now or datetime.now(timezone.utc)
    date = _local(config, date)
    path = _path(config, graph, revision, message, date, version_path)
    text, note = render(config.script_location / "script.py.mako", _values(config, revision, message, date))
    _write_all({path: _encoded(config, text)})
    notes = [note] if note else []
    if len(revision.id) > VERSION_WIDTH:
        notes.append(f"{revision.id} has {len(revision.id)} characters; alembic_version holds {VERSION_WIDTH}")
    return NewFile(revision, path, tuple(notes))


def _values(config: Config, revision: Revision, message: str, date: datetime) -> Mapping[str, object]:
    """Return the names that a template knows; the same as Alembic's."""
    return {
        "message": docstring_text(message or "empty message"),
        "up_revision": revision.id,
        "down_revision": revision.down_revision,
        "create_date": date if config.timezone else date.replace(tzinfo=None),
        "branch_labels": revision.branch_labels or None,
        "depends_on": _single(revision.depends_on),
        "imports": "",
        "upgrades": "",
        "downgrades": "",
        "config": config,
    }


def _single(names: tuple[str, ...]) -> str | tuple[str, ...] | None:
    """Return names as revision files write them: None, one, or a tuple of several."""
    return (names if len(names) > 1 else names[0]) if names else None


def _new_id(graph: RevisionGraph) -> str:
    """Return a random id of twelve hexadecimal digits that is not taken."""
    while (id := secrets.token_hex(6)) in graph:
        pass
    return id


def _checked_id(graph: RevisionGraph, id: str) -> str:
    if id in graph:
        place = graph[id].place
        raise DuplicateRevision(
            f"there is a revision {id} already", place=place, hint="Choose another --rev-id, or leave it out."
        )
    _check_name("revision id", id)
    if id in graph.labels:
        raise RevisionError(f"{id!r} is the label of a branch already", hint="Choose another --rev-id.")
    return id


def _checked_labels(graph: RevisionGraph, labels: Names) -> tuple[str, ...]:
    """Return the labels of a new revision; raise RevisionError for one that is taken or cannot be addressed."""
    wanted = (labels,) if isinstance(labels, str) else tuple(labels or ())
    for label in wanted:
        _check_name("branch label", label)
        owner = graph.labels.get(label) or (label if label in graph else None)
        if owner:
            raise RevisionError(
                f"branch label {label!r} is taken by revision {owner}",
                place=graph[owner].place,
                hint=f"Choose another one; a new revision on that branch is '--head {label}@head'.",
            )
    return wanted


def _check_name(what: str, name: str) -> None:
    """Raise RevisionError for a name that no symbol could mean, or that is no file name."""
    wrong = [character for character in name if character in FORBIDDEN + "/\\," or not character.isprintable()]
    if wrong or not name.strip() or name in RESERVED:
        because = f"contains {wrong[0]!r}" if wrong else "is a symbol" if name.strip() else "is empty"
        raise RevisionError(
            f"{name!r} cannot be a {what}: it {because}", hint="Use letters, digits, underscores and dots."
        )


def _dependencies(graph: RevisionGraph, names: Names) -> tuple[str, ...]:
    """Return dependencies as they go into the file: labels as labels, shortened ids whole."""
    wanted = (names,) if isinstance(names, str) else tuple(names or ())
    found: list[str] = []
    for name in wanted:
        ids = [revision.id for revision in graph.get_all(name)]
        if not ids:
            raise RevisionError(f"{name!r} names no revision to depend on", hint="Name an id or a branch label.")
        found += [name] if name in graph.labels else ids
    return tuple(dict.fromkeys(found))


def _local(config: Config, date: datetime) -> datetime:
    """Return a date in the configured time zone, or in local time."""
    name = config.timezone
    if not name or name.upper() == "UTC":
        return date.astimezone(timezone.utc if name else None)
    for key in (name, name.upper(), name.title()):
        with suppress(KeyError, ValueError, OSError):
            return date.astimezone(ZoneInfo(key))
    raise ConfigError(
        f"there is no time zone {name!r}",
        place=Source(config.files.shown),
        hint="Use a name such as UTC or Europe/Berlin; the package 'tzdata' brings them where the system has none.",
    )


def _path(
    config: Config,
    graph: RevisionGraph,
    revision: Revision,
    message: str,
    date: datetime,
    version_path: str | os.PathLike[str] | None,
) -> Path:
    """Return where the new file goes: folder and name."""
    folder = _folder(config, graph, revision, version_path)
    name = _file_name(config, revision, message, date)
    path = Path(os.path.normpath(folder / f"{name}.py"))
    if folder not in path.parents:
        raise ConfigError(
            f"file_template {config.file_template!r} leads out of the versions folder",
            place=Source(config.files.shown),
        )
    if path.parent != folder and not config.recursive_version_locations:
        raise ConfigError(
            f"file_template {config.file_template!r} puts the file into a sub-folder, where it is not looked for",
            place=Source(config.files.shown),
            hint="Set recursive_version_locations = true.",
        )
    return path


def _file_name(config: Config, revision: Revision, message: str, date: datetime) -> str:
    """Fill in ``file_template``; raise ConfigError for one that names something unknown."""
    tokens = {
        "rev": revision.id,
        "slug": slug(message, config.truncate_slug_length),
        "epoch": int(date.timestamp()),
        **{part: getattr(date, part) for part in ("year", "month", "day", "hour", "minute", "second")},
    }
    try:
        name = config.file_template % tokens
    except (KeyError, ValueError, TypeError) as error:
        raise ConfigError(
            f"file_template {config.file_template!r} cannot be filled in: {type(error).__name__}: {error}",
            place=Source(config.files.shown),
            hint=f"It knows {', '.join(f'%({token})s' for token in tokens)}; in the file each % is doubled.",
        ) from error
    if name.rpartition("/")[2].startswith((".#", "__init__")) or not name.rpartition("/")[2]:
        raise ConfigError(
            f"file_template {config.file_template!r} gives the name {name!r}, which is not read as a revision",
            place=Source(config.files.shown),
        )
    return name


def _folder(
    config: Config, graph: RevisionGraph, revision: Revision, version_path: str | os.PathLike[str] | None
) -> Path:
    """Return the version location of a new file: the one asked for, its parent's, or the only one."""
    locations = config.version_locations
    if version_path is not None:
        wanted = {Path(os.path.normpath(base / version_path)) for base in (Path.cwd(), *config.files.bases)}
        found = next((location for location in locations if location in wanted), None)
        if found is None:
            raise ConfigError(
                f"{os.fspath(version_path)} is none of the version_locations",
                place=Source(config.files.shown),
                hint=f"They are {', '.join(map(shown, locations))}.",
            )
        return found
    if len(locations) == 1:
        return locations[0]
    for parent in revision.down:
        path = graph[parent].path
        for location in locations:
            if path is not None and location in Path(os.path.abspath(path)).parents:
                return location
    raise ConfigError(
        f"there are {len(locations)} version_locations, and nothing says which is meant",
        place=Source(config.files.shown),
        hint=f"Say '--version-path' with one of {', '.join(map(shown, locations))}.",
    )


def _encoded(config: Config, text: str) -> bytes:
    """Return a text in the configured encoding; raise ConfigError when it cannot hold it."""
    try:
        return text.encode(config.output_encoding)
    except (LookupError, UnicodeEncodeError) as error:
        raise ConfigError(
            f"output_encoding {config.output_encoding!r} cannot be used: {error}",
            place=Source(config.files.shown),
            hint="Use utf-8.",
        ) from error


def _write_all(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write new files, all of them or none; raise OutputError when one exists or cannot be written."""
    for path in contents:
        if path.exists():
            raise OutputError("the file exists, and is not overwritten", place=Source(shown(path)))
    written: list[Path] = []
    folders: list[Path] = []
    try:
        for path, data in contents.items():
            folders += _make_folders(path.parent)
            _write_new(path, data)
            written.append(path)
    except OSError as error:
        _remove(written, folders)
        raise OutputError(
            f"the file cannot be written: {error.strerror}", place=Source(shown(path)), hint="Nothing was left behind."
        ) from error
    return written


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, outermost first."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _write_new(path: Path, data: bytes) -> None:
    """Write a file beside its place and link it there, so that it appears whole, and over no other one.

    Where the file system has no links it is renamed instead.
    """
    draft = path.with_name(f".{path.name[:32]}.{os.getpid()}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(data)
        try:
            os.link(draft, path)
        except FileExistsError:
            raise
        except OSError:
            draft.rename(path)
    finally:
        with suppress(OSError):
            draft.unlink()


def _remove(files: Sequence[Path], folders: Sequence[Path]) -> None:
    """Take back what was written; what others put there in the meantime stays."""
    for file in files:
        with suppress(OSError):
            file.unlink()
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()
