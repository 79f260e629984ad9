"""Alembic itself, online: run a project's chain on a real database, and describe what came out.

A process of its own, ``python -m tests.projects.online``, because revisions must find Alembic under its import names.
It reads a :class:`Job` as JSON and prints the :class:`Run` of each direction.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlgen.rehearsal.inspected import of_server
from tests.differential.process import answer_of

FAILED = re.compile(r"downgrade (\w[\w.]*) -> ")
ENV = """\
import sqlalchemy
from alembic import context

{preparation}


def migrate(**options):
    context.configure(target_metadata=None, **options)
    with context.begin_transaction():
        context.run_migrations({arguments})


if context.is_offline_mode():
    migrate()
else:
    engine = sqlalchemy.create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        migrate(connection=connection)
"""
"""The env.py of the simplest kind for both modes; ``arguments`` are what it hands to every revision."""


@dataclass(frozen=True, slots=True)
class Job:
    """A chain and the empty databases to run it on; the second serves when the first is spoilt by a failure."""

    ini: str
    urls: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """How one direction went: the error with the step in which it arose, where it came to, and the schema there.

    A downgrade that fails comes as far as to the revision that it could not take back; "" is nowhere.
    """

    error: str
    target: str
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


class Chain:
    """A project's chain under Alembic."""

    def __init__(self, ini: str) -> None:
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        self.config = Config(ini)
        self.heads = ScriptDirectory.from_config(self.config).get_heads()
        self.last = LastStep()
        logger = logging.getLogger("alembic.runtime.migration")
        logger.setLevel(logging.INFO)
        logger.addHandler(self.last)

    def run(self, direction: str, target: str, url: str) -> Run:
        """Run the chain in one direction on one database."""
        from alembic import command

        self.config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        try:
            getattr(command, direction)(self.config, target)
        except Exception as error:
            words = " ".join(str(error).split("(Background on")[0].split())
            return Run(f"{self.last.words}: {type(error).__name__}: {words[:600]}", "", None)
        return Run("", target, of_server(url))

    def directions(self, urls: tuple[str, str]) -> dict[str, Run]:
        """Run the chain up and, if that went well, down, as far as it goes."""
        up = self.run("upgrade", "heads", urls[0])
        if up.error:
            return {"upgrade": up}
        down = self.run("downgrade", "base", urls[0])
        failed = FAILED.match(down.error)
        if failed and failed[1] not in self.heads:
            self.run("upgrade", "heads", urls[1])
            part = self.run("downgrade", failed[1], urls[1])
            down = Run(down.error, part.target, part.schema)
        return {"upgrade": up, "downgrade": down}


def by_alembic(job: Job) -> dict[str, Run]:
    """Return how each direction went, run in a process of its own."""
    return {direction: Run(**run) for direction, run in answer_of("tests.projects.online", asdict(job)).items()}


def main(_arguments: Sequence[str]) -> int:
    """Read a job, do it and print what came out."""
    warnings.simplefilter("ignore")
    job = Job(**json.load(sys.stdin))
    runs = Chain(job.ini).directions(job.urls)
    print(json.dumps({direction: asdict(run) for direction, run in runs.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
