"""Configuration: alembic.ini, ``[tool.alembic]`` and ``[tool.sqlgen]`` become one frozen :class:`Config`.

Where a value comes from, strongest first: ``[tool.sqlgen]`` (what is meant for sqlgen alone), the ini file's
section, ``[tool.alembic]``. Where a relative path leads: to the folder of the configuration file when it exists
there, else to the folder that was opened (or, with ``-c``, the current directory, where Alembic looks). So the
answer is the same from every working directory, unless only the working directory has the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from configparser import ConfigParser, InterpolationError
from pathlib import Path
from typing import TypeVar

from sqlgen.config_files import INIT_HINT, ConfigFiles, Value, find_files
from sqlgen.config_files import shown as shown  # the rooms above say paths the same way
from sqlgen.config_paths import resolve_all, resolve_path, split_paths, split_prepended
from sqlgen.errors import ConfigError, Source, closest
from sqlgen.records import dataclass, field, replace

_T = TypeVar("_T")

SQLGEN_KEYS = (
    "baseline",
    "cache",
    "client",
    "commit",
    "copy_tables",
    "default_schema",
    "dialects",
    "form",
    "layout",
    "lock_timeout",
    "on_read",
    "out",
    "progress",
    "raw_newlines",
    "schema",
    "starts_empty",
    "statement_timeout",
    "transaction",
)
"""Keys that only ``[tool.sqlgen]`` has."""

ON_READ = ("error", "empty", "split")
"""What may become of a revision that reads rows which are not known without a database."""

LAYOUT = ("upgrade", "downgrade", "revisions", "schema")
"""The parts of a tree of scripts: the two whole scripts, the files of single revisions, the schema."""

SHAPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "form": ("plain", "block", "idempotent"),
    "transaction": ("per-revision", "all", "none"),
    "commit": ("auto", "manual", "none"),
    "progress": ("statement", "revision", "none"),
}
"""Keys about the form of a script, and the words that they may have."""

SHAPE_KEYS = (*SHAPE_WORDS, "client", "lock_timeout", "statement_timeout", "schema")
"""Keys about the form of a script; each has a value, or a table of dialects and values."""

ALEMBIC_KEYS = (
    "file_template",
    "output_encoding",
    "path_separator",
    "prepend_sys_path",
    "recursive_version_locations",
    "revision_environment",
    "script_location",
    "sourceless",
    "timezone",
    "truncate_slug_length",
    "version_locations",
    "version_path_separator",
)
"""Keys with a meaning of Alembic's; all of them may stand in ``[tool.sqlgen]`` too."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A post-write hook as configured: its name, and its options by name (``type``, ``entrypoint``, …)."""

    name: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Config:
    """All that a project's configuration says, as plain data.

    ``root`` is the folder of the main configuration file; shown paths are relative to it. ``ini_path`` and
    ``toml_path`` are None when there is no such file. ``dialects`` maps names as written to server versions
    ("" when none is pinned). ``layout`` has the parts of the tree of scripts, in the order of LAYOUT; nothing when it
    does not say. ``baseline`` maps dialects, or "" for any, to the files of their snapshots, ``shape`` the keys about
    the form of a script to the same. ``notes`` are sentences the user should see once.
    """

    root: Path
    section: str
    script_location: Path
    version_locations: tuple[Path, ...]
    files: ConfigFiles = field(repr=False)
    ini_path: Path | None = None
    toml_path: Path | None = None
    x_arguments: tuple[str, ...] = ()
    recursive_version_locations: bool = False
    sourceless: bool = False
    prepend_sys_path: tuple[str, ...] = ()
    file_template: str = "%(rev)s_%(slug)s"
    truncate_slug_length: int = 40
    timezone: str = ""
    output_encoding: str = "utf-8"
    revision_environment: bool = False
    dialects: Mapping[str, str] = field(default_factory=dict)
    default_schema: Mapping[str, str] = field(default_factory=dict)
    baseline: Mapping[str, str] = field(default_factory=dict)
    out: Path | None = None
    layout: tuple[str, ...] = ()
    raw_newlines: bool = False
    on_read: str = "error"
    copy_tables: bool = False
    starts_empty: bool = True
    cache: bool = True
    shape: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hooks: tuple[Hook, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def find(
        cls,
        folder: str | os.PathLike[str] = ".",
        *,
        file: Sequence[str | os.PathLike[str]] = (),
        section: str = "alembic",
        x_arguments: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
    ) -> Config:
        """Find and read the configuration of the project in ``folder``.

        ``file`` names one or two files (an ini, a toml) as ``-c`` does, relative to the current directory;
        without it ALEMBIC_CONFIG of ``environ`` counts (os.environ when None), then ``folder``, then the folders
        in it. ``section`` is the ini section to use. Raises :class:`ConfigError` when there is no configuration,
        or when it cannot be read or used.
        """
        files = find_files(Path(folder), file, os.environ if environ is None else environ)
        return _Reader(files, section).config(tuple(x_arguments))

    # What a served alembic.config.Config answers from.

    def parser(self) -> ConfigParser:
        """Return a fresh parser over the ini file, with ``here`` set; the main section always exists."""
        parser = self.files.ini.parser() if self.files.ini else ConfigParser({"here": _escaped(self.root)})
        if not parser.has_section(self.section):
            parser.add_section(self.section)
        return parser

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the ini file's sections, in its order."""
        return tuple(self.parser().sections())

    def raw_sections(self) -> dict[str, dict[str, str]]:
        """Return every ini section without interpolation, as the file has it (defaults included)."""
        parser = self.parser()
        return {name: dict(parser.items(name, raw=True)) for name in parser.sections()}

    def get_section(self, name: str, default: Mapping[str, str] | None = None) -> dict[str, str] | None:
        """Return a section's options, interpolated; ``default`` when there is none.

        Raises :class:`ConfigError` when a value cannot be interpolated.
        """
        parser = self.parser()
        if not parser.has_section(name):
            return None if default is None else dict(default)
        try:
            return dict(parser.items(name))
        except InterpolationError as error:
            raise self._interpolation(name, error) from error

    def get_section_option(self, section: str, name: str, default: str | None = None) -> str | None:
        """Return one option of a section, interpolated; ``default`` when it is not given."""
        parser = self.parser()
        if not parser.has_option(section, name):
            return default
        try:
            return parser.get(section, name)
        except InterpolationError as error:
            raise self._interpolation(section, error) from error

    def get_main_option(self, name: str, default: str | None = None) -> str | None:
        """Return one option of the main ini section, interpolated; ``default`` when it is not given."""
        return self.get_section_option(self.section, name, default)

    def get_alembic_option(self, name: str, default: object = None) -> object:
        """Return an option of the main ini section, else of ``[tool.alembic]``: a string, list, or bool."""
        value = self.get_main_option(name)
        if value is not None:
            return value
        found = self.files.toml.value("alembic", name) if self.files.toml else None
        return default if found is None else found.value

    @property
    def toml_options(self) -> dict[str, object]:
        """The table ``[tool.alembic]``, not interpolated; empty when there is none."""
        return dict(self.files.toml.table("alembic")) if self.files.toml else {}

    def _interpolation(self, section: str, error: InterpolationError) -> ConfigError:
        assert self.files.ini is not None  # without a file there is nothing to interpolate
        return self.files.ini.interpolation_error(section, error)


class _Reader:
    """Reads the keys of one set of files; lives only while a :class:`Config` is made."""

    def __init__(self, files: ConfigFiles, section: str) -> None:
        self.files = files
        self.section = section
        self.notes: list[str] = []
        self._check_section()
        self._check_own_keys()

    def config(self, x_arguments: tuple[str, ...]) -> Config:
        """Read everything and return the finished configuration."""
        files = self.files
        prepended = self._prepended()
        script_location = self._script_location(prepended)
        return Config(
            root=files.root,
            section=self.section,
            script_location=script_location,
            version_locations=self._version_locations(script_location, prepended),
            files=files,
            ini_path=files.ini.path if files.ini else None,
            toml_path=files.toml.path if files.toml else None,
            x_arguments=x_arguments,
            recursive_version_locations=self._boolean("recursive_version_locations"),
            sourceless=self._boolean("sourceless"),
            prepend_sys_path=prepended,
            file_template=self._text("file_template") or "%(rev)s_%(slug)s",
            truncate_slug_length=self._number("truncate_slug_length", 40),
            timezone=self._text("timezone"),
            output_encoding=self._text("output_encoding") or "utf-8",
            revision_environment=self._boolean("revision_environment", ("true", "yes", "on", "y", "t", "1")),
            dialects=self._dialects(),
            default_schema=self._names("default_schema"),
            baseline=self._baseline(),
            out=self._out(),
            layout=self._layout(),
            raw_newlines=self._own_switch("raw_newlines"),
            on_read=self._on_read(),
            copy_tables=self._own_switch("copy_tables"),
            starts_empty=self._own_switch("starts_empty", True),
            cache=self._own_switch("cache", True),
            shape={key: found for key in SHAPE_KEYS if (found := self._by_dialect(key))},
            hooks=self._hooks(),
            notes=tuple(self.notes),
        )

    def _check_section(self) -> None:
        ini = self.files.ini
        if self.section == "alembic" or (ini and ini.has_section(self.section)):
            return
        if ini is None:
            raise ConfigError(
                f"section [{self.section}] was asked for, and there is no ini file to hold it",
                place=Source(self.files.shown),
                hint="Sections exist in ini files only; name the file with '-c FILE'.",
            )
        near = closest(self.section, ini.sections)
        raise ConfigError(
            f"there is no section [{self.section}]; the file has {', '.join(f'[{s}]' for s in ini.sections)}",
            place=Source(ini.shown),
            hint=f"Did you mean '-n {near}'?" if near else "Name one of them with '-n SECTION'.",
        )

    def _check_own_keys(self) -> None:
        toml = self.files.toml
        known = (*SQLGEN_KEYS, *ALEMBIC_KEYS)
        for key in toml.table("sqlgen") if toml else ():
            if key not in known and toml:
                near = closest(key, known)
                raise ConfigError(
                    f"[tool.sqlgen] has no key {key!r}",
                    place=toml.place("sqlgen", key),
                    hint=f"Did you mean {near!r}?" if near else f"It has {', '.join(known)}.",
                )

    # One key, by type.

    def _find(self, key: str) -> Value | None:
        """Return a key's value by the order of the module's docstring, or None."""
        ini, toml = self.files.ini, self.files.toml
        return (
            (toml and toml.value("sqlgen", key))
            or (ini and ini.value(self.section, key))
            or (toml and toml.value("alembic", key))
            or None
        )

    def _text(self, key: str) -> str:
        found = self._find(key)
        return "" if found is None else _typed(found, str, "a string").strip()

    def _number(self, key: str, default: int) -> int:
        found = self._find(key)
        if found is None:
            return default
        try:
            number = int(str(found.value))
        except ValueError:
            number = 0
        if number < 1 or isinstance(found.value, bool):
            raise ConfigError(f"{key} must be a whole number above 0, and is {found.value!r}", place=found.place)
        return number

    def _boolean(self, key: str, words: tuple[str, ...] = ("true",)) -> bool:
        """Read a switch. In an ini file Alembic (1.20) takes the very word ``true`` only: ``True`` is false."""
        found = self._find(key)
        if found is None or isinstance(found.value, bool):
            return found is not None and bool(found.value)
        if not found.from_ini:
            raise ConfigError(f"{key} must be true or false, and is {found.value!r}", place=found.place)
        text = str(found.value).strip()
        if text not in words and text.lower() in ("true", "yes", "on", "1") and len(words) == 1:
            self.notes.append(f"{found.place}: {key} = {text} counts as false, as in Alembic; write 'true'")
        return (text.lower() if len(words) > 1 else text) in words

    def _own_switch(self, key: str, unsaid: bool = False) -> bool:
        """Read a switch that only ``[tool.sqlgen]`` may have."""
        found = self.files.toml.value("sqlgen", key) if self.files.toml else None
        return unsaid if found is None else _typed(found, bool, "true or false")

    def _names(self, key: str) -> dict[str, str]:
        """Read a table of strings that only ``[tool.sqlgen]`` may have."""
        found = self.files.toml.value("sqlgen", key) if self.files.toml else None
        if found is None:
            return {}
        table = _typed(found, dict, "a table of names and strings")
        return {str(name): _version(key, str(name), value, found.place) for name, value in table.items()}

    # Keys with a meaning of their own.

    def _dialects(self) -> dict[str, str]:
        found = self.files.toml.value("sqlgen", "dialects") if self.files.toml else None
        if found is not None and isinstance(found.value, str):
            return {found.value: ""}
        if found is None or not isinstance(found.value, list):
            return self._names("dialects")
        if not all(isinstance(name, str) for name in found.value):
            raise ConfigError("dialects must be a list of names, or a table of names and versions", place=found.place)
        return {str(name): "" for name in found.value}

    def _baseline(self) -> dict[str, str]:
        """Read the file of a snapshot, or a table of dialects and files; in an ini file it is one file."""
        toml, ini = self.files.toml, self.files.ini
        found = (toml.value("sqlgen", "baseline") if toml else None) or (
            ini.value(self.section, "baseline") if ini else None
        )
        if found is None:
            return {}
        folder = ini.path.parent if found.from_ini and ini else toml.path.parent if toml else self.files.root
        if isinstance(found.value, str):
            return {"": os.path.normpath(folder / found.value)} if found.value else {}
        table = _typed(found, dict, "the path of a file, or a table of dialects and paths")
        return {
            str(name): os.path.normpath(folder / _typed(replace(found, value=path), str, "a table of paths"))
            for name, path in table.items()
        }

    def _by_dialect(self, key: str) -> dict[str, str]:
        """Read a word or a number, or a table of dialects and such; "" stands for any dialect."""
        found = self.files.toml.value("sqlgen", key) if self.files.toml else None
        if found is None:
            return {}
        table = found.value if isinstance(found.value, dict) else {"": found.value}
        words, is_time = SHAPE_WORDS.get(key), key.endswith("_timeout")
        wanted = f"one of {', '.join(words)}" if words else "a number of seconds" if is_time else "a word"
        for value in table.values():
            number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
            if not (value in words if words else number if is_time else isinstance(value, str)):
                raise ConfigError(f"{key} must be {wanted}, and is {value!r}", place=found.place)
        return {str(name): str(value) for name, value in table.items()}

    def _out(self) -> Path | None:
        toml = self.files.toml
        found = toml.value("sqlgen", "out") if toml else None
        if found is None or toml is None:
            return None
        return Path(os.path.normpath(toml.path.parent / _typed(found, str, "the path of a folder")))

    def _layout(self) -> tuple[str, ...]:
        found = self.files.toml.value("sqlgen", "layout") if self.files.toml else None
        if found is None:
            return ()
        parts = _typed(found, list, "a list of words")
        for part in parts:
            if part not in LAYOUT:
                raise ConfigError(
                    f"layout may have {', '.join(LAYOUT)}, and has {part!r}",
                    place=found.place,
                    hint=f"Did you mean {near!r}?" if (near := closest(str(part), LAYOUT)) else "",
                )
        if not parts:
            raise ConfigError("layout is empty, so that nothing would be written", place=found.place)
        return tuple(part for part in LAYOUT if part in parts)

    def _on_read(self) -> str:
        found = self.files.toml.value("sqlgen", "on_read") if self.files.toml else None
        word = "error" if found is None else _typed(found, str, "a word")
        if found is not None and word not in ON_READ:
            raise ConfigError(f"on_read must be {', '.join(ON_READ)}, and is {word!r}", place=found.place)
        return word

    def _prepended(self) -> tuple[str, ...]:
        """Folders to put before ``sys.path``: each relative one against every base folder that has it."""
        found = self._find("prepend_sys_path")
        entries = split_prepended(found, self._find("path_separator")) if found else ()
        paths = [str(path) for entry in entries for path in resolve_all(entry, self.files.bases)]
        return tuple(dict.fromkeys(paths))

    def _script_location(self, prepended: Sequence[str]) -> Path:
        found = self._find("script_location")
        text = self._text("script_location")
        if found is None or not text:
            return self._own_folder()
        path = resolve_path(text, self.files.bases, prepended, found.place)
        if not path.is_dir():
            raise ConfigError(
                f"script_location is {text!r}, and there is no folder {shown(path)}",
                place=found.place,
                hint="Mend script_location, or make a new project with 'sqlgen init'.",
            )
        return path

    def _own_folder(self) -> Path:
        """Without script_location the folder of the configuration is meant, if it holds env.py (Flask-Migrate)."""
        if (self.files.root / "env.py").is_file():
            return self.files.root
        raise ConfigError(
            f"no script_location is given in [{self.section}]"
            if self.files.ini
            else "no script_location is given in [tool.alembic] or [tool.sqlgen]",
            place=Source(self.files.shown),
            hint="Write script_location = the folder that holds env.py and versions/. " + INIT_HINT,
        )

    def _version_locations(self, script_location: Path, prepended: Sequence[str]) -> tuple[Path, ...]:
        found = self._find("version_locations")
        entries: tuple[str, ...] = ()
        if found is not None:
            separator = self._find("path_separator") or self._find("version_path_separator")
            entries = split_paths(found, separator)
        if found is None or not entries:
            return (script_location / "versions",)
        paths = [resolve_path(entry, self.files.bases, prepended, found.place) for entry in entries]
        return tuple(dict.fromkeys(paths))

    def _hooks(self) -> tuple[Hook, ...]:
        """Read ``[post_write_hooks]`` of the ini file, else ``[[tool.alembic.post_write_hooks]]``."""
        ini, toml = self.files.ini, self.files.toml
        names = ini.value("post_write_hooks", "hooks") if ini else None
        if ini and names:
            options = ini.section_values("post_write_hooks")
            return tuple(_ini_hook(name, options) for name in split_paths(names, None))
        found = toml.value("alembic", "post_write_hooks") if toml else None
        tables = _typed(found, list, "a list of tables") if found else []
        return tuple(
            Hook(str(table.get("name", "")), {k: str(v) for k, v in table.items() if k != "name"})
            for table in tables
            if isinstance(table, dict)
        )


def _ini_hook(name: str, options: Mapping[str, str]) -> Hook:
    """Collect the options ``<name>.<option>`` of one hook."""
    start = f"{name}."
    return Hook(name, {key[len(start) :]: value for key, value in options.items() if key.startswith(start)})


def _typed(found: Value, kind: type[_T], wanted: str) -> _T:
    """Return the value if it is of the wanted type; else raise :class:`ConfigError` at its place."""
    if isinstance(found.value, kind):
        return found.value
    raise ConfigError(f"{found.key} must be {wanted}, and is {found.value!r}", place=found.place)


def _version(key: str, name: str, value: object, place: Source) -> str:
    """Return a table's string; a whole number passes, a fraction does not, because 8.10 would become 8.1."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ConfigError(
        f"{key}.{name} must be a string, and is {value!r}", place=place, hint=f'Write {name} = "{value}".'
    )


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
