"""The files that configuration stands in: where they are found, and how a value is read with its line."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser, InterpolationError, MissingSectionHeaderError, ParsingError
from configparser import Error as IniError
from pathlib import Path
from typing import Any

from sqlgen.errors import ConfigError, Source
from sqlgen.records import dataclass, field

_toml: Any = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

INIT_HINT = "Make a project with 'sqlgen init', or name its configuration with '-c FILE'."

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""["']?([^\s=:"'#;][^=:"']*?)["']?\s*[=:]""")
_PERCENT = re.compile(r"%(?:(%)|\((\w+)\)s|)")
_NOT_SEARCHED = {"__pycache__", "build", "dist", "env", "node_modules", "site-packages", "venv"}


@dataclass(frozen=True, slots=True)
class Value:
    """One configured value: a string from an ini file, any type from a toml file; and where it stands."""

    key: str
    value: object
    place: Source
    from_ini: bool = False


@dataclass(frozen=True, slots=True)
class IniFile:
    """An ini file that could be parsed. ``shown`` is its path as messages say it."""

    path: Path
    text: str = field(repr=False)
    _parser: ConfigParser = field(repr=False, compare=False)

    @classmethod
    def read(cls, path: Path) -> IniFile:
        """Read and parse a file; raises :class:`ConfigError` with the line that cannot be read."""
        text = _read_text(path)
        return cls(path, text, _parse_ini(path, text))

    @property
    def shown(self) -> str:
        """The path as messages say it."""
        return shown(self.path)

    @property
    def sections(self) -> list[str]:
        """The names of the sections, in the file's order."""
        return self._parser.sections()

    def has_section(self, name: str) -> bool:
        """Return whether there is a section of this name."""
        return self._parser.has_section(name)

    def parser(self) -> ConfigParser:
        """Return a fresh parser, for somebody who may change it."""
        return _parse_ini(self.path, self.text)

    def value(self, section: str, key: str) -> Value | None:
        """Return an option, interpolated, or None; raises :class:`ConfigError` for a broken ``%``."""
        if not self._parser.has_option(section, key):
            return None
        try:
            value = self._parser.get(section, key)
        except InterpolationError as error:
            raise self.interpolation_error(section, error) from error
        return Value(key, value, self.place(section, key), from_ini=True)

    def section_values(self, section: str) -> dict[str, str]:
        """Return all options of a section, interpolated; raises :class:`ConfigError` for a broken ``%``."""
        try:
            return dict(self._parser.items(section))
        except InterpolationError as error:
            raise self.interpolation_error(section, error) from error

    def place(self, section: str, key: str) -> Source:
        """Return where an option stands."""
        return Source(self.shown, line_of(self.text, section, key))

    def interpolation_error(self, section: str, error: InterpolationError) -> ConfigError:
        """Make the error for a ``%`` that names nothing."""
        option = str(error.args[0]) if not hasattr(error, "option") else str(error.option)
        return ConfigError(
            f"the value of {option!r} has a '%' that names nothing: {self._parser.get(section, option, raw=True)!r}",
            place=self.place(section, option),
            hint="Double every '%' that is meant as such: '%%'.",
        )


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A toml file that could be parsed; only its tables ``[tool.alembic]`` and ``[tool.sqlgen]`` matter."""

    path: Path
    text: str = field(repr=False)
    tool: Mapping[str, Any] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> TomlFile:
        """Read and parse a file; raises :class:`ConfigError` with the line that cannot be read."""
        text = _read_text(path)
        try:
            data = _toml.loads(text)
        except ValueError as error:
            line = re.search(r"line (\d+)", str(error))
            place = Source(shown(path), int(line[1]) if line else 0)
            raise ConfigError(f"the file is not valid TOML: {error}", place=place) from error
        tool = data.get("tool", {})
        return cls(path, text, tool if isinstance(tool, dict) else {})

    @property
    def shown(self) -> str:
        """The path as messages say it."""
        return shown(self.path)

    def table(self, name: str) -> Mapping[str, Any]:
        """Return the table ``[tool.<name>]``, empty when there is none."""
        table = self.tool.get(name, {})
        if not isinstance(table, dict):
            raise ConfigError(f"tool.{name} must be a table, and is {table!r}", place=Source(self.shown))
        return table

    def value(self, name: str, key: str) -> Value | None:
        """Return ``tool.<name>.<key>`` with ``%(here)s`` and ``%%`` replaced, or None."""
        table = self.table(name)
        if key not in table:
            return None
        place = self.place(name, key)
        return Value(key, self._interpolated(table[key], place), place)

    def place(self, name: str, key: str) -> Source:
        """Return where a key stands."""
        return Source(self.shown, line_of(self.text, f"tool.{name}", key))

    def _interpolated(self, value: object, place: Source) -> object:
        """Replace ``%(here)s`` and ``%%`` in a string, or in the strings of a list or table."""
        if isinstance(value, list):
            return [self._interpolated(item, place) for item in value]
        if isinstance(value, dict):
            return {key: self._interpolated(item, place) for key, item in value.items()}
        if not isinstance(value, str):
            return value

        def replaced(match: re.Match[str]) -> str:
            if match[1]:
                return "%"
            if match[2] == "here":
                return str(self.path.parent)
            raise ConfigError(
                f"a '%' names nothing in {value!r}: only %(here)s is known",
                place=place,
                hint="Double every '%' that is meant as such: '%%'.",
            )

        return _PERCENT.sub(replaced, value)


@dataclass(frozen=True, slots=True)
class ConfigFiles:
    """The files found. ``bases`` are the folders against which relative paths are tried, in this order."""

    root: Path
    bases: tuple[Path, ...]
    ini: IniFile | None = None
    toml: TomlFile | None = None

    @property
    def shown(self) -> str:
        """The main file, as messages say it."""
        main = self.ini or self.toml
        return main.shown if main else shown(self.root)


def find_files(folder: Path, named: Sequence[str | os.PathLike[str]], environ: Mapping[str, str]) -> ConfigFiles:
    """Find the configuration: the files named, else ALEMBIC_CONFIG, else in ``folder``, else one folder down.

    Raises :class:`ConfigError` when there is none, when several fit, or when one cannot be read.
    """
    if named:
        return _named_files([Path(name) for name in named], "Name an existing file with '-c FILE'.")
    if environ.get("ALEMBIC_CONFIG"):
        hint = "The environment variable ALEMBIC_CONFIG names it: mend it, unset it, or use '-c FILE'."
        return _named_files([Path(environ["ALEMBIC_CONFIG"])], hint)
    return _search(folder)


def _named_files(names: Sequence[Path], hint: str) -> ConfigFiles:
    """Read the files of ``-c``; the other kind of file counts too when it lies beside them, as in Alembic."""
    inis = [name for name in names if name.suffix != ".toml"]
    tomls = [name for name in names if name.suffix == ".toml"]
    if len(inis) > 1 or len(tomls) > 1:
        shown_names = " and ".join(str(name) for name in names)
        raise ConfigError(f"{shown_names} are of one kind", hint="-c may name one ini file and one toml file, no more.")
    for name in names:
        if not name.is_file():
            what = "is a folder, not a file" if name.is_dir() else "does not exist"
            raise ConfigError(f"the configuration file {what}", place=Source(str(name)), hint=hint)
    root = _absolute((inis or tomls)[0].parent)
    bases = tuple(dict.fromkeys((root, _absolute(Path()))))
    ini = IniFile.read(_absolute(inis[0])) if inis else next((i for b in bases if (i := _ini_in(b))), None)
    toml = TomlFile.read(_absolute(tomls[0])) if tomls else next((t for b in bases if (t := _toml_in(b))), None)
    return ConfigFiles(root, bases, ini, toml)


def _search(folder: Path) -> ConfigFiles:
    """Look in a folder, then in the folders in it, then in both for a bare folder of scripts."""
    root = _absolute(folder)
    if not root.is_dir():
        raise ConfigError("there is no such folder", place=Source(shown(root)), hint=INIT_HINT)
    ini, toml = _ini_in(root), _toml_in(root)
    if ini or (toml and _is_complete(toml)):
        return ConfigFiles(root, (root,), ini, toml)
    below = _below(root, toml)
    if len(below) > 1:
        raise ConfigError(
            f"there are several configurations below: {', '.join(files.shown for files in below)}",
            place=Source(shown(root)),
            hint=f"Say which one, for example '-c {below[0].shown}'.",
        )
    if below:
        return below[0]
    bare = [
        place for place in (root, *_folders(root)) if (place / "env.py").is_file() and (place / "versions").is_dir()
    ]
    if bare and (len(bare) == 1 or bare[0] == root):
        return ConfigFiles(bare[0], tuple(dict.fromkeys((bare[0], root))), None, toml)
    raise ConfigError(
        "there is no alembic.ini and no pyproject.toml with [tool.alembic] or [tool.sqlgen], here or one folder down",
        place=Source(shown(root)),
        hint=INIT_HINT,
    )


def _below(root: Path, own: TomlFile | None) -> list[ConfigFiles]:
    """Return the configurations one folder down; ``own`` is the outer toml, with a ``[tool.sqlgen]``, if any."""
    found = []
    for folder in _folders(root):
        ini, toml = _ini_in(folder), _toml_in(folder)
        if not ini and not (toml and _is_complete(toml)):
            continue
        if own and toml:
            raise ConfigError(
                f"there is another one with tables of ours below: {toml.shown}",
                place=Source(own.shown),
                hint=f"Keep the tables in one of them, or say which counts: '-c {toml.shown}'.",
            )
        found.append(ConfigFiles(folder, (folder, root), ini, own or toml))
    return found


def _folders(root: Path) -> Iterator[Path]:
    """Yield the folders worth looking into, in the order of their names."""
    try:
        entries = sorted(root.iterdir())
    except OSError as error:
        raise ConfigError(f"the folder cannot be read: {error.strerror}", place=Source(shown(root))) from error
    for entry in entries:
        if entry.is_dir() and not entry.name.startswith(".") and entry.name not in _NOT_SEARCHED:
            yield entry


def _ini_in(folder: Path) -> IniFile | None:
    path = folder / "alembic.ini"
    return IniFile.read(path) if path.is_file() else None


def _toml_in(folder: Path) -> TomlFile | None:
    """Read a folder's pyproject.toml if it has a table of ours; one that never names them is not even parsed."""
    path = folder / "pyproject.toml"
    if not path.is_file():
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not re.search(rb"alembic|sqlgen", data):
        return None
    toml = TomlFile.read(path)
    return toml if "alembic" in toml.tool or "sqlgen" in toml.tool else None


def _is_complete(toml: TomlFile) -> bool:
    """Return whether a toml file describes a project by itself, and not only what to do with one."""
    return bool(toml.table("alembic")) or "script_location" in toml.table("sqlgen")


def _parse_ini(path: Path, text: str) -> ConfigParser:
    parser = ConfigParser({"here": str(path.parent).replace("%", "%%")})
    try:
        parser.read_string(text, str(path))
    except IniError as error:
        raise ConfigError(
            f"the file is not a valid ini file: {_reason(error)}", place=Source(shown(path), _line(error))
        ) from error
    return parser


def _line(error: IniError) -> int:
    """Return the line that the parser names, 0 when it names none."""
    if isinstance(error, ParsingError) and not isinstance(error, MissingSectionHeaderError):
        return error.errors[0][0] if error.errors else 0
    return int(getattr(error, "lineno", None) or 0)


def _reason(error: IniError) -> str:
    """Say in a few words what the parser found."""
    if isinstance(error, MissingSectionHeaderError):
        return "a line stands before the first [section]"
    if isinstance(error, ParsingError):
        return "a line is neither a [section] nor 'key = value'"
    option = getattr(error, "option", None)
    return f"option {option!r} is given twice" if option else f"[{getattr(error, 'section', '')}] is given twice"


def _read_text(path: Path) -> str:
    """Read a file as UTF-8, with or without a byte order mark."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Source(shown(path), data.count(b"\n", 0, error.start) + 1)
        raise ConfigError(
            "the file is not UTF-8", place=place, hint="Save it as UTF-8; Alembic reads it as such too."
        ) from error


def _unreadable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"the file cannot be read: {error.strerror}", place=Source(shown(path)))


def line_of(text: str, section: str, key: str) -> int:
    """Return the line of a key in a section of an ini or toml file; else of the section; else 0."""
    current, header = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEADER.match(line):
            current = match[1]
            header = header or (number if current == section else 0)
            if current == f"{section}.{key}":
                return number
        elif current == section and (match := _KEY.match(line)) and match[1].lower() == key.lower():
            return number
    return header


def shown(path: Path) -> str:
    """Return a path as messages say it: relative to the current directory when it lies inside."""
    try:
        return path.relative_to(_absolute(Path())).as_posix()
    except ValueError:
        return path.as_posix()


def _absolute(path: Path) -> Path:
    """Return an absolute path without ``..``; links stay as they are."""
    return Path(os.path.abspath(path))
