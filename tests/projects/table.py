"""Print which revisions of the real projects render: ``python -m tests.projects.table [NAME …]``.

To be run in an environment that holds what the projects' revisions import; a project that is not installed there is
downloaded. Each is rendered from base to heads for every dialect that it targets. A revision
that fails does not stop the table: the count goes on, with what it did left out.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlgen.config import Config
from sqlgen.errors import CommandError
from sqlgen.project import Project
from tests.differential.sides import Chain, chain
from tests.projects.catalogue import CATALOGUE, RealProject, fetch, installed, stock_configuration


@dataclass(frozen=True, slots=True)
class Line:
    """One project on one dialect."""

    project: str
    dialect: str
    rendered: int
    revisions: int
    failures: tuple[str, ...] = ()

    def __str__(self) -> str:
        first = self.failures[0] if self.failures else ""
        return f"{self.project:20} {self.dialect:11} {self.rendered:3} of {self.revisions:3}  {first}".rstrip()


def opened(real: RealProject, folder: Path) -> tuple[Project, Path]:
    """Return a project of the catalogue, opened with a stock configuration in ``folder``, and where its files lie."""
    source = installed(real) or fetch(real)
    ini = stock_configuration(real, source, folder)
    return Project.open(folder, config=Config.find(folder, file=[ini]), use_env=bool(real.preparation)), source


def line(real: RealProject, project: Project, dialect: str) -> Line:
    """Render one project for one dialect."""
    revisions = len(list(project.revisions))
    try:
        found: Chain = chain(project, dialect)
    except CommandError as error:
        return Line(real.name, dialect, 0, revisions, (str(error),))
    failures = tuple(str(error) for error in found.failures.values())
    return Line(real.name, dialect, revisions - len(failures), revisions, failures)


def lines(names: Sequence[str]) -> Iterator[Line]:
    """Yield a line per project and dialect."""
    for real in CATALOGUE:
        if names and real.name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            project, _ = opened(real, Path(folder))
            for dialect in real.dialects:
                yield line(real, project, dialect)


def main(arguments: Sequence[str]) -> None:
    """Print the table; with ``-v`` first, every failure."""
    logging.disable(logging.CRITICAL)
    everything = "-v" in arguments
    for found in lines([name for name in arguments if name != "-v"]):
        print(found, flush=True)
        for failure in found.failures[1:] if everything else ():
            print(f"{'':41}{failure}")


if __name__ == "__main__":
    main(sys.argv[1:])
