"""The rehearsal of a range: start, questions, script, questions, way back, questions, and the script once more.

After each script the schema of the database, as reflection tells it, is compared with the shadow schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy.engine import URL

from sqlgen import dialects
from sqlgen.checks import CheckScript, read_results
from sqlgen.errors import UsageError
from sqlgen.form import PLAIN
from sqlgen.project import Project
from sqlgen.records import dataclass, field
from sqlgen.rehearsal.inspected import REFUSED, described, differences
from sqlgen.rehearsal.runner import Runner
from sqlgen.revisions import Direction
from sqlgen.scripts.writer import Writer
from sqlgen.snapshots import connected, server_of

Outcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Scene:
    """One part of a rehearsal: what was done, what came of it, and lines that say why."""

    title: str
    outcome: Outcome
    lines: tuple[str, ...] = ()
    sha256: str = ""

    def data(self) -> dict[str, Any]:
        """Return the scene for JSON."""
        more = {"sha256": self.sha256} if self.sha256 else {}
        return {"title": self.title, "outcome": self.outcome, **more, "lines": list(self.lines)}


@dataclass(slots=True)
class Rehearsal:
    """A range of one project on one scratch database; :meth:`scenes` runs it.

    ``options`` are those of ``Project.script``. The result is the scenes, with the hash of each script, the version of
    the server, and what ran the scripts; it holds no times and no addresses.
    """

    project: Project
    range_text: str
    dialect: str
    runner: Runner
    force: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    done: list[Scene] = field(default_factory=list)
    server: str = ""
    version_table: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing has failed."""
        return bool(self.done) and all(scene.outcome != "failed" for scene in self.done)

    def data(self) -> dict[str, Any]:
        """Return the result for JSON."""
        return {
            "range": self.range_text,
            "dialect": self.dialect,
            "server": self.server,
            "client": self.runner.name,
            "passed": self.passed,
            "scenes": [scene.data() for scene in self.done],
        }

    def run(self, heard: Callable[[Scene], None]) -> bool:
        """Play the scenes until one fails; ``heard`` hears of each. Return whether all has passed.

        Raises UsageError for a database that is not empty, and CommandError for one that cannot be reached, or a range
        that cannot be rendered.
        """
        self.refuse_full()
        for scene in self.scenes():
            self.done.append(scene)
            heard(scene)
            if scene.outcome == "failed":
                return False
        return True

    def refuse_full(self) -> None:
        """Raise UsageError when somebody's tables are there already."""
        with self.runner.inspector() as inspector:
            found = sorted([*inspector.get_table_names(), *inspector.get_view_names()])
        if found and not self.force:
            raise UsageError(
                f"the database is not empty: it has {', '.join(found[:5])}{' …' if len(found) > 5 else ''}",
                hint="A rehearsal makes and drops tables. Name a scratch database, or say --force.",
            )

    def scenes(self) -> Iterator[Scene]:
        """Yield each scene when it has been played."""
        plan = self.project.plan(self.range_text)
        start, end = ",".join(plan.start), ",".join(plan.end)
        way = f"{start or 'base'}:{end or 'base'}"
        if start:
            yield self.apply(f"bring the database to {start}", f"base:{start}", "upgrade")
            yield self.compare(f"base:{start}", "upgrade")
        yield from self.there(way)
        if len(plan.start) > 1:
            yield Scene("downgrade", "skipped", ("a downgrade leads to one revision, not to several",))
            return
        back = f"{end}:{start or 'base'}"
        yield from self.there(back, "downgrade")
        yield from self.there(way)

    def there(self, way: str, direction: Direction = "upgrade") -> Iterator[Scene]:
        """Yield the scenes of one script: questions, script, questions, comparison."""
        before, after = self.project.checks(way, dialect=self.dialect, direction=direction, **self.options)
        yield self.ask(before, "precheck")
        yield self.apply(direction, way, direction)
        yield self.ask(after, "verify")
        yield self.compare(way, direction)

    def apply(self, title: str, way: str, direction: Direction) -> Scene:
        """Play a script."""
        script = self.project.script(way, dialect=self.dialect, direction=direction, **self.options)
        self.version_table = script.options.versions.name
        text = str(script)
        ran = self.runner.run(text, self.blocks(way, direction) if not self.runner.program else [])
        digest = sha256(text.encode()).hexdigest()
        lines = () if ran.succeeded else tuple(ran.last_words.splitlines())
        return Scene(f"{title} ({way})", "passed" if ran.succeeded else "failed", lines, digest)

    def blocks(self, way: str, direction: Direction) -> list[str]:
        """Return the blocks of a script for any client."""
        options = {**self.options, "client": PLAIN}
        return list(Writer(self.project.script(way, dialect=self.dialect, direction=direction, **options)).blocks())

    def ask(self, checks: CheckScript, title: str) -> Scene:
        """Put the questions of a script of checks; they need a client."""
        if self.runner.program is None:
            return Scene(title, "skipped", ("the questions need the database's own client, which is not installed",))
        verdict = read_results(self.runner.run(str(checks), []).output)
        told = [str(one) for one in (*verdict.of("FAIL"), *verdict.of("WARN"))]
        if verdict.silent != 0:
            told.append("some questions had no answer")
        counts = ", ".join(f"{count} {status}" for status, count in verdict.counts.items())
        return Scene(f"{title}: {counts}", "passed" if verdict.passed else "failed", tuple(told))

    def compare(self, way: str, direction: Direction) -> Scene:
        """Compare the schema of the database with the shadow at the end of a range."""
        with self.project.inspector(way, dialect=self.dialect, direction=direction, **self.options) as shadow:
            foretold = described(shadow)
        with self.runner.inspector() as server:
            found = described(server)
        unlike = list(differences(without(foretold, self.version_table), without(found, self.version_table)))
        unknown = [one for one in unlike if str(one.left).startswith(REFUSED)]
        wrong = [str(one) for one in unlike if one not in unknown]
        title = "the schema is as foretold" if not wrong else f"{len(wrong)} differences from the schema foretold"
        note = (f"{len(unknown)} answers are not known without a server",) if unknown else ()
        return Scene(title, "failed" if wrong else "passed", (*wrong, *note))


def without(facts: dict[str, Any], table: str) -> dict[str, Any]:
    """Take the version table out of what an Inspector told, and return that."""
    for told in facts.values():
        tables = told["tables"] if isinstance(told, dict) else None
        if isinstance(tables, dict):
            tables.pop(table, None)
    return facts


def rehearsal(
    project: Project, range_text: str, url: URL, *, force: bool = False, driver: bool = False, **options: Any
) -> Rehearsal:
    """Return the rehearsal of a range on the database of a URL. Raises UsageError for one that no rehearsal knows."""
    backend = dialects.get(url.get_backend_name())
    if backend.form_class.call(url, "") is None:
        known = [one for one in dialects.names() if dialects.get(one).form_class.call(url, "") is not None]
        raise UsageError(f"a rehearsal does not know how to run {backend.name}", hint=f"It knows {', '.join(known)}.")
    with connected(url, writes=True) as connection:
        cls, version = server_of(connection, backend)
    runner = Runner(url, cls.form_class, driver=driver)
    return Rehearsal(project, range_text, cls.name, runner, force, options, server=version)
