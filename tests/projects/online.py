"""Alembic itself, online: run a project's chain on a real database, and describe what came out.

A process of its own, ``python -m tests.projects.online``, because revisions must find Alembic under its import names.
It reads a :class:`Job` as JSON and prints the :class:`Run` of each direction.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.projects.reflected import of_server

ROOT = Path(__file__).parents[2]
TARGETS = {"upgrade": "heads", "downgrade": "base"}
ENV = """\
import sqlalchemy
from alembic import context

{preparation}


def migrate(**options):
    context.configure(target_metadata=None, **options)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    migrate()
else:
    engine = sqlalchemy.create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        migrate(connection=connection)
"""
"""The env.py of the simplest kind for both modes."""


@dataclass(frozen=True, slots=True)
class Job:
    """A chain and the empty database to run it on."""

    ini: str
    url: str


@dataclass(frozen=True, slots=True)
class Run:
    """How one direction went: the error with the step in which it arose, or the schema at the end."""

    error: str
    schema: Any


class LastStep(logging.Handler):
    """Remembers the step that Alembic said last that it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Running "):
            self.words = message.removeprefix("Running ").split(",")[0]


def directions(job: Job) -> dict[str, Run]:
    """Run the chain up and, if that went well, down."""
    from alembic import command
    from alembic.config import Config

    logger = logging.getLogger("alembic.runtime.migration")
    logger.setLevel(logging.INFO)
    last = LastStep()
    logger.addHandler(last)
    config = Config(job.ini)
    config.set_main_option("sqlalchemy.url", job.url.replace("%", "%%"))
    runs: dict[str, Run] = {}
    for direction, target in TARGETS.items():
        try:
            getattr(command, direction)(config, target)
        except Exception as error:
            words = " ".join(str(error).split("(Background on")[0].split())
            runs[direction] = Run(f"{last.words}: {type(error).__name__}: {words[:600]}", None)
            return runs
        runs[direction] = Run("", of_server(job.url))
    return runs


def by_alembic(job: Job) -> dict[str, Run]:
    """Return how each direction went, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.projects.online"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {direction: Run(**run) for direction, run in json.loads(done.stdout.splitlines()[-1]).items()}


def main(_arguments: Sequence[str]) -> int:
    """Read a job, do it and print what came out."""
    warnings.simplefilter("ignore")
    runs = directions(Job(**json.load(sys.stdin)))
    print(json.dumps({direction: asdict(run) for direction, run in runs.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
