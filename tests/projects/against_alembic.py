"""Compare what Alembic and sqlgen make of real projects' revisions.

``python -m tests.projects.against_alembic [NAME …]``, to be run in an environment that holds the projects, what their
revisions import, and Alembic. Prints a line per project, dialect and direction, and every difference that is not
intended; ends with 1 when there are any.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlgen.project import Project
from tests.differential.compare import Comparison, Refusal
from tests.differential.intended import DIFFERENCES, REFUSALS
from tests.differential.outcome import DIALECTS, DIRECTIONS
from tests.differential.sides import by_alembic, chain
from tests.projects.catalogue import CATALOGUE, RealProject, installed
from tests.projects.table import opened

#: What meltano's downgrades do to tables that its last revision drops, and does not make again.
GONE = Refusal(
    "What is not there, or is there already", DIALECTS, r"there is no table '\w+': it was dropped by revision"
)


def comparisons(real: RealProject, project: Project, source: Path) -> Iterator[tuple[str, Comparison]]:
    """Yield a comparison of one project for each dialect and direction, with the words that name it."""
    files = [revision.path for revision in project.revisions if revision.path]
    expected = by_alembic(files, real.dialects, [source])
    for dialect in real.dialects:
        for direction in DIRECTIONS:
            comparison = Comparison(DIFFERENCES, (*REFUSALS, GONE))
            for stem, outcome in chain(project, dialect, direction).outcomes():
                comparison.add(f"{real.name}: {stem}", dialect, expected[stem, direction, dialect], outcome)
            yield f"{real.name} {dialect} {direction}", comparison


def main(names: Sequence[str]) -> int:
    """Print the comparisons of the projects named, or of all that are installed here; return the exit code."""
    logging.disable(logging.CRITICAL)
    found = 0
    for real in CATALOGUE:
        if real.name not in names if names else not installed(real):
            continue
        with tempfile.TemporaryDirectory() as folder:
            project, source = opened(real, Path(folder))
            for words, comparison in comparisons(real, project, source):
                print(f"{words}: {comparison.compared} compared, {len(comparison.findings)} unexplained")
                print(*comparison.findings, sep="\n", end="\n" if comparison.findings else "")
                found += len(comparison.findings)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
