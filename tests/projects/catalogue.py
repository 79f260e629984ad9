"""The real projects, pinned, and where their files are.

Either the project is installed, or its wheel is unpacked into a cache folder of the user's: revisions need their
project's own modules only on the search path.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PG, MYSQL, SQLITE, MSSQL = "postgresql", "mysql", "sqlite", "mssql"

PREPARED = """\
from alembic import context

{preparation}

context.configure(target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
"""
"""An env.py for a project whose settings have to be loaded before its revisions can run."""


@dataclass(frozen=True, slots=True)
class RealProject:
    """One project of the catalogue, with the dialects that it targets.

    ``scripts`` is the folder with env.py, and ``versions`` in it that with the revisions. ``preparation`` is what the
    project's own command does before it runs migrations.
    """

    name: str
    version: str
    scripts: str
    dialects: tuple[str, ...]
    preparation: str = ""

    @property
    def requirement(self) -> str:
        """The pinned requirement."""
        return f"{self.name}=={self.version}"


SETTINGS = "import keystone.conf\n\nkeystone.conf.configure()"
CATALOGUE = (
    RealProject("argilla-server", "2.8.0", "argilla_server/alembic", (PG, SQLITE)),
    RealProject("datajunction-server", "0.0.272", "datajunction_server/alembic", (PG,)),
    RealProject("jupyterhub", "6.1.1", "jupyterhub/alembic", (PG, MYSQL, SQLITE)),
    RealProject("keystone", "30.0.0", "keystone/common/sql/migrations", (PG, MYSQL, SQLITE), SETTINGS),
    RealProject("mailman", "3.3.10", "mailman/database/alembic", (PG, MYSQL, SQLITE)),
    RealProject("meltano", "4.4.1", "meltano/migrations", (SQLITE, PG, MSSQL)),
    RealProject("optuna", "5.0.0", "optuna/storages/_rdb/alembic", (PG, MYSQL, SQLITE)),
    RealProject("zuul", "14.3.0", "zuul/driver/sql/alembic", (MYSQL, PG)),
)


def cache_folder() -> Path:
    """Return the folder in which downloads are kept: the user's cache, or what SQLGEN_TEST_CACHE says."""
    chosen = os.environ.get("SQLGEN_TEST_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sqlgen-tests"


def installed(project: RealProject) -> Path | None:
    """Return the folder of installed packages when a project is among them in its version, else None."""
    try:
        found = distribution(project.name)
    except PackageNotFoundError:
        return None
    folder = Path(str(found.locate_file("")))
    return folder if found.version == project.version and (folder / project.scripts).is_dir() else None


def fetch(project: RealProject) -> Path:
    """Return the folder that holds an unpacked project; it is downloaded once. Raises CalledProcessError."""
    target = cache_folder() / f"{project.name}-{project.version}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            download(project, Path(folder))
            (wheel,) = Path(folder).glob("*.whl")
            unpacked = Path(folder) / "unpacked"
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked, [name for name in archive.namelist() if name.endswith((".py", ".ini"))])
            unpacked.rename(target)
    return target


def download(project: RealProject, folder: Path) -> None:
    """Download the wheel of a project with pip."""
    wanted = ["--no-deps", "--only-binary", ":all:", "--dest", str(folder), project.requirement]
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *wanted], check=True)


def stock_configuration(project: RealProject, source: Path, folder: Path) -> Path:
    """Write an alembic.ini of the simplest kind beside the project, and return its path."""
    versions = source / project.scripts / "versions"
    lines = [
        "[alembic]",
        f"script_location = {folder}",
        f"version_locations = {versions}",
        "path_separator = newline",
        "recursive_version_locations = true",
        f"prepend_sys_path = {source}",
    ]
    ini = folder / "alembic.ini"
    ini.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if project.preparation:
        (folder / "env.py").write_text(PREPARED.format(preparation=project.preparation), encoding="utf-8")
    return ini
