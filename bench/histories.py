"""Synthetic projects: histories of any number of revisions, the same bytes from the same size and seed.

    python -m bench.histories FOLDER --size 1000 --seed 7     a history
    python -m bench.histories FOLDER --rows 100000            one revision that inserts many rows
    python -m bench.histories FOLDER --tables 1000            one revision that makes many tables

A history has branches (some with a label), merges, dependencies between branches, tables with enums, checks and
references, alterations, renames, indexes, comments and rows. About a quarter of the revisions look at the dialect.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from bench import orders
from bench.changes import Change, Maker
from bench.kinds import KINDS, add_reference, create_table, drop_table, rename_table
from bench.projects import write_project
from bench.tables import Table, indented

FIRST_DAY = dt.datetime(2015, 1, 1, 9, 30)


@dataclass
class Line:
    """A line of revisions that grows: the trunk, or a branch until it is merged."""

    head: str
    own: list[Table] = field(default_factory=list)
    seen: list[Table] = field(default_factory=list)
    left: int = 0
    start: str = ""
    label: str = ""


class History:
    """A history of some size; ``write`` puts it into a folder."""

    def __init__(self, size: int, seed: int = 7) -> None:
        self.size, self.seed = size, seed
        self.maker = Maker(seed)
        self.ids: list[str] = []
        self.trunk = Line("")
        self.branches: list[Line] = []
        self.files: dict[str, str] = {}
        for number in range(size):
            self.add(size - number)

    def add(self, left: int) -> None:
        """Add the next revision, when so many are still to come."""
        chance, trunk, branches = self.maker.chance, self.trunk, self.branches
        if left <= len(branches) + 3:
            for branch in branches:
                branch.left = 0
        ready = [one for one in branches if not one.left and one.start != trunk.head]
        if ready:
            self.merge(ready[0])
        elif (
            all(one.left for one in branches)
            and len(branches) < 2
            and left > 30
            and self.ids
            and chance.random() < 0.05
        ):
            label = self.maker.name("feature") if chance.random() < 0.25 else ""
            branch = Line(trunk.head, [], list(trunk.own), chance.randint(2, 8), trunk.head, label)
            branches.append(branch)
            self.grow(branch)
        else:
            self.grow(chance.choice([trunk, *(one for one in branches if one.left)]))

    def grow(self, line: Line) -> None:
        """Add a revision with a change to the line."""
        chance = self.maker.chance
        change = self.change(line)
        depends = ""
        if line is not self.trunk:
            line.left -= 1
            if chance.random() < 0.2 and self.trunk.head != line.start:
                depends = self.trunk.head
        down = f'"{line.head}"' if line.head else "None"
        line.head = self.write_revision(change, down, line.label, depends)
        line.label = ""

    def merge(self, branch: Line) -> None:
        """Join a branch to the trunk."""
        self.branches.remove(branch)
        heads = f'("{self.trunk.head}", "{branch.head}")'
        self.trunk.head = self.write_revision(Change("merge a branch", ["pass"], ["pass"]), heads, "", "")
        self.trunk.own.extend(branch.own)

    def change(self, line: Line) -> Change:
        """Return the next change of a line; tables that a branch may refer to stay and keep their names."""
        chance, maker = self.maker.chance, self.maker
        alone = line is self.trunk and not self.branches
        draw = chance.random()
        if line.own and draw > 0.2:
            if alone and draw < 0.22:
                table = chance.choice(line.own)
                if change := drop_table(maker, table):
                    line.own.remove(table)
                    return change
            if alone and draw < 0.23:
                return rename_table(maker, chance.choice(line.own))
            if len(line.own) > 1 and draw < 0.25:
                return add_reference(maker, *chance.sample(line.own, 2))
            kinds = chance.choices(list(KINDS), list(KINDS.values()), k=20)
            for kind in kinds:
                if change := kind(maker, chance.choice(line.own)):
                    return change
        table = maker.table([*line.own, *line.seen])
        line.own.append(table)
        return create_table(maker, table)

    def write_revision(self, change: Change, down: str, label: str, depends: str) -> str:
        """Keep the text of a revision, and return its id."""
        number = len(self.ids)
        name = hashlib.sha256(f"{self.seed}:{number}".encode()).hexdigest()[:12]
        self.ids.append(name)
        slug = re.sub(r"\W+", "_", change.message)[:40].strip("_")
        day = FIRST_DAY + dt.timedelta(hours=3 * number)
        self.files[f"{name}_{slug}.py"] = revision_text(change, name, day, down, label, depends)
        return name

    def write(self, folder: Path) -> None:
        """Write the project into a folder that does not exist yet, or is empty."""
        write_project(folder, self.files)


def write_rows(folder: Path, count: int) -> None:
    """Write a project of one revision, which makes a table and inserts so many rows of eight columns."""
    change = Change(
        "fill the orders",
        [
            "table = make_table()",
            'op.create_table("orders", *(sa.Column(column.name, column.type) for column in table.columns))',
            f"op.bulk_insert(table, list(make_rows({count})))",
        ],
        ['op.drop_table("orders")'],
    )
    text = revision_text(change, "a1b2c3d4e5f6", FIRST_DAY)
    write_project(folder, {"a1b2c3d4e5f6_fill_the_orders.py": text})
    shutil.copyfile(orders.__file__, folder / "orders.py")


def write_tables(folder: Path, count: int, seed: int = 7) -> None:
    """Write a project of one revision that makes so many tables, with references among them."""
    maker, tables = Maker(seed), list[Table]()
    for _ in range(count):
        tables.append(maker.table(tables))
    changes = [create_table(maker, one, document=False) for one in tables]
    up = [line for change in changes for line in change.upgrade]
    down = [line for change in reversed(changes) for line in change.downgrade]
    text = revision_text(Change("create all tables", up, down), "a1b2c3d4e5f6", FIRST_DAY)
    write_project(folder, {"a1b2c3d4e5f6_create_all_tables.py": text})


def revision_text(
    change: Change, name: str, day: dt.datetime, down: str = "None", label: str = "", depends: str = ""
) -> str:
    """Return the file of a revision; ``down`` is source, the rest is plain."""
    body = [*indented(change.upgrade), "", "", "def downgrade() -> None:", *indented(change.downgrade), ""]
    lines = [
        f'"""{change.message[0].upper()}{change.message[1:]}.',
        "",
        f"Revision ID: {name}",
        f"Revises: {', '.join(re.findall(r'[0-9a-f]{12}', down))}",
        f"Create Date: {day}",
        "",
        '"""',
        "",
        *imports("\n".join(change.module + body)),
        "# How the revisions hang together",
        f'revision = "{name}"',
        f"down_revision = {down}",
        f"branch_labels = {quoted(label)}",
        f"depends_on = {quoted(depends)}",
        *change.module,
        "",
        "",
        "def upgrade() -> None:",
        *body,
    ]
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Return the source of a string, or None for an empty one."""
    return f'"{text}"' if text else "None"


def imports(text: str) -> list[str]:
    """Return the imports that a revision needs, as its author would have sorted them."""
    standard = [f"from datetime import {', '.join(names)}"] if (names := used(text, "date", "datetime")) else []
    standard += ["from decimal import Decimal"] if "Decimal(" in text else []
    standard += ["from typing import Any"] if "Any" in text else []
    alchemy = ["import sqlalchemy as sa"] if "sa." in text else []
    alchemy += ["from alembic import op"] if "op." in text else []
    alchemy += ["from sqlalchemy.dialects import postgresql"] if "postgresql." in text else []
    own = ["from orders import make_rows, make_table"] if "make_rows(" in text else []
    return [line for part in (standard, alchemy, own) if part for line in (*part, "")]


def used(text: str, *names: str) -> list[str]:
    """Return the names that are called in the text."""
    return [name for name in names if re.search(rf"\b{name}\(", text)]


def main() -> None:
    """Write a project."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    kind = parser.add_mutually_exclusive_group(required=True)
    for name in ("size", "rows", "tables"):
        kind.add_argument(f"--{name}", type=int)
    asked = parser.parse_args()
    if asked.size:
        History(asked.size, asked.seed).write(asked.folder)
    elif asked.rows:
        write_rows(asked.folder, asked.rows)
    else:
        write_tables(asked.folder, asked.tables, asked.seed)


if __name__ == "__main__":
    main()
