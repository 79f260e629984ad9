"""A sequence of steps: drawn, rendered, and made into a script."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

import sqlgen
from sqlgen.errors import RenderError
from sqlgen.revisions import Plan
from sqlgen.scripts import Script, Section
from sqlgen.statement import Statement
from tests.fuzz import batches, columns, constraints, guarded, rows, tables
from tests.fuzz.chance import Chance, Impossible
from tests.fuzz.model import Schema
from tests.fuzz.world import RULES, Call, World

Action = Callable[[World], Call]

#: The steps and how often each is drawn.
ACTIONS: tuple[tuple[Action, int], ...] = (
    (tables.create_table, 4),
    (tables.drop_table, 1),
    (tables.rename_table, 2),
    (tables.comment, 2),
    (columns.add_column, 5),
    (columns.drop_column, 3),
    (columns.alter_column, 9),
    (constraints.create_index, 4),
    (constraints.drop_index, 2),
    (constraints.create_unique, 2),
    (constraints.create_check, 2),
    (constraints.create_primary_key, 1),
    (constraints.create_foreign_key, 12),
    (constraints.drop_constraint, 3),
    (batches.batch, 8),
    (guarded.guarded, 3),
    (rows.bulk_insert, 7),
    (rows.insert, 2),
    (rows.update, 2),
    (rows.delete, 1),
)
DRAWN = [action for action, often in ACTIONS for _ in range(often)]


@dataclass
class Rendered:
    """A sequence as rendered: its calls, refusals and script, the schema that it must leave, and what was ``seen``."""

    dialect: str
    schema: Schema = field(default_factory=Schema)
    calls: list[Call] = field(default_factory=list)
    refused: list[tuple[Call, str]] = field(default_factory=list)
    statements: tuple[Statement, ...] = ()
    script: str = ""
    seen: Any = None


def numbers(seed: int, length: int) -> list[int]:
    """Return the numbers of the steps of a seed."""
    chance = Chance(seed)
    return [chance.number(0, 2**48) for _ in range(length)]


def render(steps: Sequence[int], dialect: str, look: Callable[[sa.Connection], Any] | None = None) -> Rendered:
    """Draw the steps one after the other, and render those that sqlgen does not refuse.

    ``look`` gets the bind after the last step; what it returns is kept as ``seen``.
    """
    done = Rendered(dialect)
    with sqlgen.capture(dialect) as captured:
        recorder = captured.recorder
        for schema in sorted({one for one in RULES[dialect].schemas if one}):
            captured.op.execute(f'CREATE SCHEMA "{schema}"')
        for number in steps:
            drawn = draw(number, done.schema, dialect, recorder.sa.identifier_preparer)
            if drawn is None:
                continue
            call, after = drawn
            kept, shadow = len(recorder.statements), recorder.shadow.copy()
            try:
                call.run(captured.op)
            except RenderError as error:
                done.refused.append((call, error.message))
                recorder.error, recorder.shadow = None, shadow
                del recorder.statements[kept:]
                continue
            done.calls.append(call)
            done.schema = after
        done.seen = look(captured.op.get_bind()) if look else None
        recorder.error = None  # what is refused to the one who looks is among what was seen
        done.statements = tuple(captured.statements)
        section = Section(None, done.statements)
        done.script = str(Script(recorder.dialect, Plan((), (), (), "upgrade"), (section,)))
    return done


def draw(number: int, before: Schema, dialect: str, preparer: object) -> tuple[Call, Schema] | None:
    """Return the step of a number, and the schema after it; None when nothing can be done."""
    chance = Chance(number)
    for _ in range(8):
        action = chance.pick(range(len(DRAWN)))
        schema = copy.deepcopy(before)
        try:
            world = World(chance, schema, RULES[dialect], preparer)
            return DRAWN[action](world), world.schema
        except Impossible:
            continue
    return None
