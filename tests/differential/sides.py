"""Rendering the same files by Alembic and by sqlgen."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import sqlgen
from sqlgen.errors import CommandError
from sqlgen.project import Project
from sqlgen.recording import replay
from sqlgen.recording.modules import load_module
from sqlgen.revisions import Step
from sqlgen.scripts import Section
from tests.differential.outcome import DIRECTIONS, Key, Outcome, flat
from tests.differential.process import answer_of


def by_alembic(files: Sequence[Path], dialects: Sequence[str], search_path: Sequence[Path] = ()) -> dict[Key, Outcome]:
    """Return what Alembic renders for each file alone, in both directions."""
    job = {"files": [str(path) for path in files], "dialects": list(dialects), "search_path": [*map(str, search_path)]}
    answer = answer_of("tests.differential.alembic_side", job)
    return {
        (stem, direction, dialect): Outcome(tuple(filter(None, map(flat, statements))), error)
        for stem, direction, dialect, statements, error in answer
    }


def by_sqlgen(files: Sequence[Path], dialects: Sequence[str]) -> dict[Key, Outcome]:
    """Return what we render for each file alone, in both directions."""
    return {
        (path.stem, direction, dialect): alone(path, direction, dialect)
        for path in files
        for dialect in dialects
        for direction in DIRECTIONS
    }


def alone(path: Path, direction: str, dialect: str) -> Outcome:
    """Return what we render for one direction of one file."""
    try:
        with warnings.catch_warnings(), sqlgen.capture(dialect) as captured:
            warnings.simplefilter("ignore")
            getattr(load_module(path, path.name), direction)()
    except Exception as error:
        return Outcome(error=f"{type(error).__name__}: {getattr(error, 'message', error)}")
    return Outcome(tuple(flat(statement.sql) for statement in captured.statements))


@dataclass(frozen=True, slots=True)
class Chain:
    """A project rendered as a whole for one dialect: its sections, and which revisions failed in them."""

    sections: tuple[Section, ...]
    failures: dict[str, CommandError]

    def outcomes(self) -> Iterator[tuple[str, Outcome]]:
        """Yield the stem of each revision file, and its outcome without the version rows."""
        for section in self.sections:
            if section.step is None or section.step.revision.path is None:
                continue
            failed = self.failures.get(section.step.revision.id)
            statements = tuple(flat(item.sql) for item in section.statements if item.kind != "version")
            error = f"{type(failed).__name__}: {failed.message}" if failed else ""
            yield section.step.revision.path.stem, Outcome(() if failed else statements, error)


def chain(project: Project, dialect: str, direction: str = "upgrade") -> Chain:
    """Render everything between base and heads for one dialect, whatever fails in between."""
    failures: dict[str, CommandError] = {}

    class Lenient(replay.Replay):
        def run(self, step: Step) -> None:
            """Run one revision; when it fails, remember why, drop what it did, and go on."""
            try:
                replay.Replay.run(self, step)
            except CommandError as error:
                # Before a downgrade the upgrades are replayed too, for what the schema is then.
                if step.direction == direction:
                    failures[step.revision.id] = error
                self.recorder.take()

    symbols = "base:heads" if direction == "upgrade" else "heads:base"
    with warnings.catch_warnings(), patch("sqlgen.run.Replay", Lenient):
        warnings.simplefilter("ignore")
        script = project.script(symbols, dialect=dialect, direction=direction)
    return Chain(tuple(script.sections), failures)
