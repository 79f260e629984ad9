"""``context.config`` and ``context.script``: Alembic's views of the configuration and the revisions."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..config import Config
from ..revisions import Revision, RevisionGraph


class FileConfig:
    """``alembic.config.Config`` as programs make it themselves: from an ini file, or from nothing."""

    def __init__(
        self,
        file_: Any = None,
        toml_file: Any = None,
        ini_section: str = "alembic",
        output_buffer: Any = None,
        stdout: Any = None,
        cmd_opts: Namespace | None = None,
        config_args: Mapping[str, Any] = MappingProxyType({}),
        attributes: dict[Any, Any] | None = None,
    ) -> None:
        here = Path(file_).absolute().parent.as_posix() if file_ else ""
        self.file_config = ConfigParser({"here": here.replace("%", "%%"), **config_args})
        if file_:
            self.file_config.read([file_], encoding="utf-8")
        if not self.file_config.has_section(ini_section):
            self.file_config.add_section(ini_section)
        self.config_file_name = str(file_) if file_ else None
        self.toml_file_name = str(toml_file) if toml_file else None
        self.config_ini_section = ini_section
        self.attributes: dict[Any, Any] = dict(attributes or {})
        self.cmd_opts = cmd_opts
        self.stdout = stdout or sys.stderr
        self.output_buffer = output_buffer

    def get_main_option(self, name: str, default: str | None = None) -> str | None:
        """Return an option of the main section, interpolated."""
        return self.get_section_option(self.config_ini_section, name, default)

    def set_main_option(self, name: str, value: str) -> None:
        """Set an option of the main section."""
        self.set_section_option(self.config_ini_section, name, value)

    def get_section_option(self, section: str, name: str, default: str | None = None) -> str | None:
        """Return an option of a section, interpolated."""
        if not self.file_config.has_option(section, name):
            return default
        return self.file_config.get(section, name)

    def set_section_option(self, section: str, name: str, value: str) -> None:
        """Set an option of a section, which is made when missing."""
        if not self.file_config.has_section(section):
            self.file_config.add_section(section)
        self.file_config.set(section, name, value)

    def remove_main_option(self, name: str) -> None:
        """Remove an option of the main section."""
        self.file_config.remove_option(self.config_ini_section, name)

    def get_section(self, name: str, default: Any = None) -> Any:
        """Return a section's options, interpolated; ``default`` when there is no such section."""
        return dict(self.file_config.items(name)) if self.file_config.has_section(name) else default

    def get_alembic_option(self, name: str, default: Any = None) -> Any:
        """Return an option of the main section."""
        return self.get_main_option(name, default)

    def get_alembic_boolean_option(self, name: str) -> bool:
        """Return a switch of the main section, else of ``[tool.alembic]``."""
        return str(self.get_alembic_option(name)).lower() == "true"

    def get_template_directory(self) -> str:
        """Return the folder of the project's scripts; there are no other templates."""
        return str(self.get_main_option("script_location", ""))

    def print_stdout(self, text: str, *arguments: Any) -> None:
        """Print for the person who runs the command, on stderr: stdout carries SQL only."""
        print(text % arguments if arguments else text, file=sys.stderr)


class AlembicConfig(FileConfig):
    """What env.py finds under ``context.config``; changes made there stay in this run."""

    def __init__(self, config: Config, *, cmd_opts: Namespace | None = None) -> None:
        super().__init__(toml_file=config.toml_path, ini_section=config.section, cmd_opts=cmd_opts)
        self._config = config
        self.file_config = config.parser()
        self.config_file_name = str(config.ini_path) if config.ini_path else None

    def get_alembic_option(self, name: str, default: Any = None) -> Any:
        """Return an option of the main section, else of ``[tool.alembic]``."""
        value = self.get_main_option(name)
        return self._config.get_alembic_option(name, default) if value is None else value

    def get_template_directory(self) -> str:
        """Return the folder of the project's scripts; there are no other templates."""
        return str(self._config.script_location)


class ScriptDirectory:
    """What env.py finds under ``context.script``."""

    def __init__(self, config: Config, graph: RevisionGraph) -> None:
        self.dir = str(config.script_location)
        self.version_locations = [str(path) for path in config.version_locations]
        self.versions = self.version_locations[0] if self.version_locations else ""
        self.revision_map = graph

    def get_heads(self) -> list[str]:
        """Return the ids of all heads."""
        return list(self.revision_map.heads)

    def get_bases(self) -> list[str]:
        """Return the ids of all bases."""
        return list(self.revision_map.bases)

    def get_base(self) -> str | None:
        """Return the id of the only base."""
        return next(iter(self.revision_map.bases), None)

    def get_current_head(self) -> str | None:
        """Return the id of the only head. Raises MultipleHeads."""
        revision = self.revision_map.get("head")
        return revision.id if revision else None

    def get_revision(self, id: str) -> Revision | None:
        """Return one revision."""
        return self.revision_map.get(id)

    def get_revisions(self, ids: str) -> tuple[Revision, ...]:
        """Return revisions by symbol."""
        return self.revision_map.get_all(ids)

    def walk_revisions(self, base: str = "base", head: str = "heads") -> Any:
        """Yield the revisions of a range, newest first."""
        return self.revision_map.iterate(head, base, inclusive=True)

    @property
    def env_py_location(self) -> str:
        """The path of env.py."""
        return str(Path(self.dir) / "env.py")
