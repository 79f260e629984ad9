"""Paths in configuration: how a list of them is split, and what a relative one or ``package:folder`` means."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from sqlgen.config_files import Value
from sqlgen.errors import ConfigError, Source

_SEPARATORS = {"os": os.pathsep, ":": ":", ";": ";", "space": " ", "newline": "\n"}
_LEGACY_PATHS = re.compile(r", *| +")
_LEGACY_PREPENDED = re.compile(r", *| +|:")


def split_paths(found: Value, separator: Value | None) -> tuple[str, ...]:
    """Split a list of folders by the configured separator; without one by spaces and commas, as Alembic does.

    A toml list is taken as it is. Raises :class:`ConfigError` for an unknown separator or a wrong type.
    """
    return _split(found, separator, _LEGACY_PATHS)


def split_prepended(found: Value, separator: Value | None) -> tuple[str, ...]:
    """Split ``prepend_sys_path``: as :func:`split_paths`, and without a separator also by colons."""
    return _split(found, separator, _LEGACY_PREPENDED)


def _split(found: Value, separator: Value | None, legacy: re.Pattern[str]) -> tuple[str, ...]:
    value = found.value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if not isinstance(value, str):
        raise ConfigError(f"{found.key} must be a list of paths, and is {value!r}", place=found.place)
    parts = legacy.split(value) if separator is None else value.split(_character(separator))
    return tuple(part.strip() for part in parts if part.strip())


def _character(separator: Value) -> str:
    word = str(separator.value).strip()
    if word not in _SEPARATORS:
        raise ConfigError(
            f"{separator.key} must be one of {', '.join(_SEPARATORS)}, and is {word!r}",
            place=separator.place,
            hint="An ini file has no comments behind a value." if "#" in word else "",
        )
    return _SEPARATORS[word]


def resolve_all(text: str, bases: Sequence[Path]) -> tuple[Path, ...]:
    """Return a folder against every base that has it; against the first when none has."""
    if os.path.isabs(text):
        return (Path(os.path.normpath(text)),)
    paths = [Path(os.path.normpath(base / text)) for base in bases]
    return tuple(path for path in paths if path.exists()) or (paths[0],)


def resolve_path(text: str, bases: Sequence[Path], prepended: Sequence[str], place: Source) -> Path:
    """Return the folder that a path or ``package:folder`` means; it need not exist.

    Raises :class:`ConfigError` at ``place`` when the package cannot be found.
    """
    if ":" not in text or os.path.isabs(text):
        return resolve_all(text, bases)[0]
    package, *parts = text.split(":")
    return Path(os.path.normpath(_package_folder(package, prepended, place).joinpath(*parts)))


def _package_folder(package: str, prepended: Sequence[str], place: Source) -> Path:
    """Find a package's folder without running any of its code, nor that of the packages around it."""
    names = package.split(".")
    paths: list[str] | None = None
    for index, name in enumerate(names):
        paths = _search(".".join(names[: index + 1]), name, paths, prepended)
        if not paths:
            raise ConfigError(
                f"there is no package {package!r} here",
                place=place,
                hint="Install it in this environment, or add its folder to prepend_sys_path.",
            )
    return next((path for path in map(Path, paths or ()) if path.is_dir()), Path(names[-1]))


def _search(full_name: str, name: str, parents: list[str] | None, prepended: Sequence[str]) -> list[str]:
    """Return the folders of one package, looked up in its parent's folders, or empty."""
    specs: list[ModuleSpec | None] = []
    if parents is None:
        specs = [PathFinder.find_spec(name, [*prepended]), *_meta_specs(name, None)]
    else:
        specs = list(_meta_specs(full_name, parents))
    for spec in specs:
        if spec is not None and spec.submodule_search_locations is not None:
            return list(spec.submodule_search_locations)
    return [folder for parent in parents or () if os.path.isdir(folder := os.path.join(parent, name))]


def _meta_specs(full_name: str, parents: list[str] | None) -> Iterator[ModuleSpec | None]:
    """Ask the finders that an import would ask, editable installs' among them; ``find_spec`` would import parents.

    A namespace package inside another one asks for its parent's module and finds none; its folder then counts.
    """
    for finder in sys.meta_path:
        find_spec = getattr(finder, "find_spec", None)
        if find_spec is not None:
            with suppress(KeyError):
                yield find_spec(full_name, parents, None)
