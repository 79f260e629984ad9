"""Revisions of real projects that fork on what stands: ``python -m tests.projects.forks [NAME …]``.

To be run in an environment as :mod:`tests.projects.whole` is. Each way through the revisions is gone twice: by Alembic,
online on a real server, and by sqlgen with no database. Prints a line of JSON for each: what the revisions asked, what
they were told, and which of their lines ran, on either side. Without names it is Alembic's side, which reads a
:class:`Job` as JSON and prints what it saw.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sqlgen.config import Config
from sqlgen.project import Project
from sqlgen.snapshots import read_database
from tests.databases.urls import url_of
from tests.differential.process import answer_of
from tests.projects.catalogue import CATALOGUE, fetch, installed, stock_configuration
from tests.projects.online import ENV, Chain
from tests.projects.watched import Watch, watching
from tests.projects.whole import Servers

PROJECTS = {real.name: real for real in CATALOGUE}
PREFIX = "table_prefix='ci_'"


@dataclass(frozen=True, slots=True)
class Way:
    """A range of a project's revisions on one database.

    The database came from ``start`` ("" is nothing), and then ``stands`` was made on it by hand. ``arguments`` are what
    the project's env.py hands to its revisions.
    """

    project: str
    dialect: str
    revision: str
    start: str = ""
    stands: tuple[str, ...] = ()
    arguments: str = ""

    def __str__(self) -> str:
        return f"{self.project}-{self.dialect}-{self.start or 'base'}:{self.revision}"


@dataclass(frozen=True, slots=True)
class Fork:
    """A question of a revision's on which its way depends.

    ``about`` is what the revision looks for in the answer, and ``there`` whether it is in it. Then the line that holds
    ``taken`` runs, and that with ``left`` does not.
    """

    way: Way
    revision: str
    question: str
    about: str
    there: bool
    taken: str = ""
    left: str = ""

    def __str__(self) -> str:
        here = "there" if self.there else "missing"
        return f"{self.way.project}-{self.way.dialect}-{self.revision}-{self.question}-{self.about}-{here}"


@dataclass(frozen=True, slots=True)
class Job:
    """What Alembic is to do: come to ``start``, make what ``stands``, keep a snapshot, and be watched to the end."""

    ini: str
    url: str
    folder: str
    snapshot: str
    start: str
    stands: Sequence[str]
    revision: str


def optuna(dialect: str) -> Iterator[Fork]:
    """Yield the forks of optuna: tables and columns that its application may have made before the migration."""
    tables, uniques = "get_table_names()", "get_unique_constraints('trial_values')"
    new = Way("optuna", dialect, "v3.2.0.a")
    yield Fork(new, "v2.4.0.a", tables, "study_directions", there=False, taken='"study_directions",')
    yield Fork(new, "v2.4.0.a", uniques, "step", there=False, left='drop_constraint(c["name"]')
    yield Fork(new, "v3.0.0.a", tables, "trial_params", there=True, taken="session = orm.Session(bind=bind)")
    columns = {
        "v3.0.0.c": ("trial_intermediate_values", "intermediate_value_type"),
        "v3.0.0.d": ("trial_values", "value_type"),
    }
    add = "batch_op.add_column("
    made = tuple(
        f"ALTER TABLE {table} ADD COLUMN {name} VARCHAR(10) DEFAULT 'FINITE' NOT NULL"
        for table, name in columns.values()
    )
    old = Way("optuna", dialect, "v3.0.0.d", start="v3.0.0.b", stands=made)
    for revision, (table, name) in columns.items():
        yield Fork(new, revision, f"get_columns('{table}')", name, there=False, taken=add)
        yield Fork(old, revision, f"get_columns('{table}')", name, there=True, left=add)


def meltano(dialect: str) -> Iterator[Fork]:
    """Yield the fork of meltano: a table that its older releases left behind is dropped first."""
    revision, tables, drop = "6828cc5b1a4f", "get_table_names()", 'op.drop_table("state")'
    new = Way("meltano", dialect, revision)
    old = Way("meltano", dialect, revision, "f4c225a9492f", ("CREATE TABLE state (state_id VARCHAR(10))",))
    yield Fork(new, revision, tables, "state", there=False, left=drop)
    yield Fork(old, revision, tables, "state", there=True, taken=drop)


def zuul(dialect: str) -> Iterator[Fork]:
    """Yield the forks of zuul: with a prefix for tables, the names of indexes depend on which release made them."""
    revision, table, index = "f181b33958c6", "ci_zuul_build", "job_name_buildset_id_idx"
    question = f"get_indexes('{table}')"
    make, drop = f"table_prefix + '{index}', prefixed_build,", f"op.drop_index('{index}'"
    new = Way("zuul", dialect, revision, arguments=PREFIX)
    gone = f"DROP INDEX ci_{index}" if dialect == "postgresql" else f"DROP INDEX ci_{index} ON {table}"
    stands = (f"CREATE INDEX {index} ON {table} (job_name, buildset_id)", gone)
    old = Way("zuul", dialect, revision, "defa75d297bf", stands, PREFIX)
    yield Fork(new, revision, question, f"ci_{index}", there=True, left=make)
    yield Fork(new, revision, question, index, there=False, left=drop)
    yield Fork(old, revision, question, f"ci_{index}", there=False, taken=make)
    yield Fork(old, revision, question, index, there=True, taken=drop)


FORKS = (
    *optuna("postgresql"),
    *optuna("sqlite"),
    *meltano("postgresql"),
    *meltano("sqlite"),
    *zuul("mariadb"),
    *zuul("postgresql"),
)


def seen(watch: Watch) -> dict[str, Any]:
    """Return what was watched, as JSON can hold it."""
    ran = {file: sorted(lines) for file, lines in sorted(watch.ran.items())}
    return {"asked": [asdict(asked) for asked in watch.asked], "ran": ran}


def online(job: Job) -> dict[str, Any]:
    """Let Alembic do a job on its server."""
    chain = Chain(job.ini)
    if job.start:
        run = chain.run("upgrade", job.start, job.url)
        assert not run.error, run.error
    engine = sa.create_engine(job.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in job.stands:
            connection.exec_driver_sql(statement)
    engine.dispose()
    Path(job.snapshot).write_text(read_database(job.url), encoding="utf-8")
    with watching(Path(job.folder)) as watch:
        run = chain.run("upgrade", job.revision, job.url)
    assert not run.error, run.error
    return seen(watch)


def offline(way: Way, project: Project, job: Job) -> dict[str, Any]:
    """Let sqlgen render the same range: from nothing, or from the snapshot, whose tables have no rows here."""
    options = {"baseline": job.snapshot, "on_read": "empty"} if way.start else {}
    with watching(Path(job.folder)) as watch:
        project.script(f"{way.start or 'base'}:{way.revision}", dialect=way.dialect, **options)
    return seen(watch)


def both(way: Way, servers: Servers) -> dict[str, Any]:
    """Return what either side saw."""
    real = PROJECTS[way.project]
    source = installed(real) or fetch(real)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ini = stock_configuration(real, source, folder)
        env = ENV.format(preparation=real.preparation, arguments=way.arguments)
        (folder / "env.py").write_text(env, encoding="utf-8")
        versions, snapshot = source / real.scripts / "versions", folder / "snapshot.json"
        url = url_of(servers.fresh(way.dialect), way.dialect)
        job = Job(str(ini), url, str(versions), str(snapshot), way.start, way.stands, way.revision)
        server = answer_of("tests.projects.forks", asdict(job))
        shadow = offline(way, Project.open(folder, config=Config.find(folder, file=[ini])), job)
        return {"way": str(way), "folder": str(versions), "server": server, "shadow": shadow}


def main(names: Sequence[str]) -> None:
    """Print what either side saw on each way; without names, and with a job to read, be Alembic's side."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    if not names:
        print(json.dumps(online(Job(**json.load(sys.stdin)))))
        return
    ways = dict.fromkeys(fork.way for fork in FORKS if fork.way.project in names)
    with ExitStack() as stack:
        servers = Servers(stack)
        for way in ways:
            print(json.dumps(both(way, servers)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
