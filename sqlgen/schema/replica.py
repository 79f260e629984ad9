"""The replica: a database in memory that runs the script's statements too, and answers what a revision asks.

A dialect whose server can live inside this process says how to open such a database (``Dialect.replica()``). Two of
them run side by side, as worlds with clocks and dice of their own: what differs between them at the end is what the
server makes, and is known only there. What rests on neither clock nor dice is the same in both, so the second world
runs behind: it catches up when somebody asks for what may differ. Of a database that stood before the script's start
the replica learns the schema by replaying the history, once, when something asks; the rows in its tables are unknown.
In a database that the script itself made, from the base, even generated keys are certain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Protocol

from ..errors import CommandError, RenderError, Unsupported
from ..records import dataclass, field, replace
from ..statement import Statement
from ..statements import Statements

Rows = list[tuple[Any, ...]]
#: Makes the value that stands for one that only the server knows; it gets told which one.
Unknown = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement gave. ``columns`` is None where it gives no rows.

    ``rowcount`` is -1 and ``lastrowid`` None where the database tells none, or nobody knows. ``reads`` and ``writes``
    are the tables that it looked into and changed, in lower case; ``of_schema`` says that it looked into the schema as
    a whole, ``alters`` that it changed it; ``by_chance`` that clock or dice had a part in it; ``of_past`` that it
    tells of what earlier statements did, such as how many rows they changed. Where the second world has not run a
    statement yet, ``rowcount`` and ``lastrowid`` are not told, and ``told()`` returns the outcome that has them.
    """

    columns: tuple[str, ...] | None = None
    rows: Rows = field(default_factory=list)
    rowcount: int = -1
    lastrowid: int | None = None
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    alters: bool = False
    of_schema: bool = False
    by_chance: bool = False
    of_past: bool = False
    told: Callable[[], Outcome] | None = None


class Refused(Exception):
    """The database refuses a statement; ``kind`` is the name of its driver's class of error.

    ``by_chance`` says that clock or dice had a part in it; ``missing`` is the table that it looks for in vain.
    """

    def __init__(self, message: str, kind: str, *, by_chance: bool = False, missing: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.by_chance = by_chance
        self.missing = missing


class Unjudged(Exception):
    """The database in memory cannot tell what the server makes of a statement, which names ``objects``."""

    def __init__(self, objects: Collection[str]) -> None:
        super().__init__(", ".join(sorted(objects)))
        self.objects = frozenset(objects)


class World(Protocol):
    """One database in memory."""

    def run(self, sql: str, *, reading: bool = False) -> Outcome | None:
        """Run one statement. With ``reading``, None for one that would change something, which is not run.

        Raises Refused and Unjudged.
        """

    def names(self, sql: str) -> frozenset[str]:
        """Return the names in a statement, in lower case."""

    def tables(self) -> frozenset[str]:
        """Return the names of all tables, in lower case."""

    def moves(self, sql: str) -> bool:
        """Tell whether a table may have another name after a statement, or be gone."""

    def schema(self) -> list[str]:
        """Return the statements that make all objects anew, in an order that works."""

    def texts(self) -> dict[str, list[str]]:
        """Return the same statements by the name of their table or view, in lower case."""

    def attempt(self, sql: str) -> str:
        """Run a statement, take it back, and return what the database says against it; empty for nothing."""

    def mark(self, name: str) -> None:
        """Set a savepoint."""

    def back(self, name: str) -> None:
        """Take back everything since a savepoint."""

    def release(self, name: str) -> None:
        """Forget a savepoint, and those after it."""

    def settle(self) -> None:
        """Forget all savepoints."""

    def alike(self, one: Sequence[str], other: Sequence[str]) -> bool:
        """Tell whether two lists of statements make the same objects: how names are quoted does not count."""

    def close(self) -> None:
        """Give the memory back."""


class LateWorld:
    """The second world, which runs behind: statements wait until somebody asks for what may differ."""

    def __init__(self, make: Callable[[], World]) -> None:
        self._make = make
        self._world: World | None = None
        self._waiting = Statements()
        self._done = 0
        self._outcomes: dict[int, Outcome | None] = {}
        self.doubts: frozenset[str] = frozenset()
        """The names in statements that waited, and that this world refused."""

    def follow(self, what: str, text: str = "") -> None:
        """Do later what the first world did: ``run`` (a statement), ``mark``, ``back``, ``release`` or ``settle``."""
        self._waiting.append(Statement(text, operation=what))

    def later(self, sql: str) -> Callable[[], Outcome | None]:
        """Run a statement later; return what tells its outcome then, None where this world refused it."""
        number = self._done + len(self._waiting)
        self._outcomes[number] = None
        self.follow("run", sql)

        def told() -> Outcome | None:
            self._catch_up()
            return self._outcomes[number]

        return told

    def run(self, sql: str, *, reading: bool = False) -> Outcome | None:
        """Run one statement at this moment. Raises Refused and Unjudged."""
        return self._catch_up().run(sql, reading=reading)

    def _catch_up(self) -> World:
        world = self._world = self._world or self._make()
        waiting, self._waiting = self._waiting, Statements()
        for number, statement in enumerate(waiting, self._done):
            try:
                outcome = _done(world, statement.operation, statement.sql)
            except Unjudged as unjudged:
                self.doubts |= unjudged.objects
            except Refused:
                self.doubts |= world.names(statement.sql)
            else:
                if number in self._outcomes:
                    self._outcomes[number] = outcome
        self._done += len(waiting)
        return world

    def close(self) -> None:
        """Give the memory back."""
        if self._world is not None:
            self._world.close()


def _done(world: World, what: str, text: str) -> Outcome | None:
    match what:
        case "run":
            return world.run(text)
        case "mark":
            world.mark(text)
        case "back":
            world.back(text)
        case "release":
            world.release(text)
        case _:
            world.settle()
    return None


@dataclass(slots=True)
class Replica:
    """Two worlds that run alike, and what is unknown of them.

    ``unknown`` are the tables of whose rows nothing is certain, ``differing`` those whose rows may differ between the
    worlds, and ``diverged`` says that some did; ``opaque`` are the names in statements that could not
    be judged. ``history`` returns the replica at the start of a script that does not begin at the base, and the table
    whose rows are known there; until it is asked for, statements wait in ``pending``. ``failure`` is why the
    replica is of no use, ``broken`` the same where the server would refuse a statement of the script's own.
    """

    world: World
    other: LateWorld
    title: str
    history: Callable[[], tuple[Replica, str]] | None = None
    failure: CommandError | None = None
    broken: RenderError | None = None
    unknown: frozenset[str] = frozenset()
    differing: frozenset[str] = frozenset()
    diverged: bool = False
    opaque: frozenset[str] = frozenset()
    pending: Statements = field(default_factory=Statements)
    points: dict[str, tuple[int, frozenset[str], frozenset[str], frozenset[str]]] = field(default_factory=dict)

    # What happens.

    def run(self, statement: Statement, *, asked: bool = True) -> Outcome | None:
        """Run a statement of the script's in both worlds. None when nobody knows what it gives.

        Unless ``asked``, nobody looks at what it gives. Raises Refused for one that the server would refuse as well.
        """
        if self.history is not None:
            self.pending.append(statement)
        if self.history is not None or self.failure is not None:
            return None
        sql = statement.sql
        moves = bool(self.unknown or self.differing) and self.world.moves(sql)
        before = self.world.tables() if moves else frozenset()
        try:
            one = self.world.run(sql)
            assert one is not None
            differs = self._may_differ(one)
            self._spread(one, before, differs=differs, moves=moves)
            if differs and (one.by_chance if one.alters else asked and one.columns is not None):
                other = self._elsewhere(sql)
                return self._certain(one, other) if other is not None else None
        except Unjudged as unjudged:
            self.opaque |= unjudged.objects
            return None
        except Refused as refused:
            names = self.world.names(sql)
            if not refused.by_chance and not names & self.opaque:
                raise
            self.opaque |= names
            return None
        if differs and asked and not one.alters:
            return self._told_later(one, self.other.later(sql))
        self.other.follow("run", sql)
        return self._certain(one, one)

    def _told_later(self, one: Outcome, its: Callable[[], Outcome | None]) -> Outcome:
        """Return the outcome of a statement whose numbers the second world tells when somebody asks."""
        known = not self.unknown & (one.reads | one.writes)

        def told() -> Outcome:
            other = its()
            self.opaque |= self.other.doubts
            return self._certain(one, other, known=known) if other is not None else Outcome()

        return replace(one, rowcount=-1, lastrowid=None, told=told)

    def _may_differ(self, outcome: Outcome) -> bool:
        """Tell whether what a statement gave or wrote in the first world may be something else in the second."""
        if outcome.of_past and self.diverged:
            return True
        return outcome.by_chance or bool(self.differing & (outcome.reads | outcome.writes))

    def _elsewhere(self, sql: str, *, reading: bool = False) -> Outcome | None:
        """Return what a statement gives in the second world. Raises Refused and Unjudged."""
        try:
            return self.other.run(sql, reading=reading)
        finally:
            self.opaque |= self.other.doubts

    def _alike(self, sql: str) -> None:
        """Run a statement that does the same in both worlds."""
        self.world.run(sql)
        self.other.follow("run", sql)

    def _spread(self, outcome: Outcome, before: frozenset[str], *, differs: bool, moves: bool) -> None:
        """Note whose rows are unknown or may differ from now on: those written where such rows had a part.

        They are so under new names too: one statement makes a name go and another one come only when it renames a
        table.
        """
        if self.unknown & (outcome.reads | outcome.writes):
            self.unknown |= outcome.writes
        if differs:
            self.differing |= outcome.writes
            self.diverged = True
        if outcome.alters and moves:
            after = self.world.tables()
            gone, came = before - after, after - before
            if self.unknown & gone:
                self.unknown |= came
            if self.differing & gone:
                self.differing |= came
            self.unknown &= after
            self.differing &= after

    def _certain(self, one: Outcome, other: Outcome, *, known: bool | None = None) -> Outcome:
        """Return what a write gave, without what is not certain; ``known`` tells whether the rows were known."""
        if known is None:
            known = not self.unknown & (one.reads | one.writes)
        shown = known and one.rows == other.rows and not self.opaque
        return replace(
            one,
            columns=one.columns if shown else None,
            rows=one.rows if shown else [],
            rowcount=one.rowcount if known and one.rowcount == other.rowcount else -1,
            lastrowid=one.lastrowid if known and one.lastrowid == other.lastrowid else None,
        )

    def savepoint(self, name: str) -> None:
        """Remember this moment."""
        self.points[name] = (len(self.pending), self.unknown, self.differing, self.opaque)
        if self.history is None:
            self.world.mark(name)
            self.other.follow("mark", name)

    def roll_back(self, name: str) -> None:
        """Take back what happened since a savepoint."""
        if name not in self.points:
            return
        size, self.unknown, self.differing, self.opaque = self.points[name]
        del self.pending[size:]
        if self.history is None:
            self.world.back(name)
            self.other.follow("back", name)

    def release(self, name: str) -> None:
        """Forget a savepoint, and those after it: what happened since then stays."""
        names = [*self.points]
        for one in names[names.index(name) :]:
            del self.points[one]
        if self.history is None:
            self.world.release(name)
            self.other.follow("release", name)

    def settle(self) -> None:
        """Forget all savepoints: their revision is over."""
        self.points.clear()
        if self.history is None:
            self.world.settle()
            self.other.follow("settle")

    def close(self) -> None:
        """Give the memory back."""
        self.world.close()
        self.other.close()

    def start_from(self, text: Iterable[str], versions: str) -> None:
        """Take statements for the schema that stands at the start; of rows only those of ``versions`` are known."""
        for sql in text:
            self._alike(sql)
        self.unknown = self.world.tables() - {versions.lower()}

    # What is asked.

    def schema(self) -> tuple[str, ...]:
        """Return the statements that make all objects anew. Raises what :meth:`remember` raises."""
        self.remember()
        return tuple(self.world.schema())

    def texts(self) -> dict[str, list[str]]:
        """Return the same by the name of table or view, in lower case. Raises what :meth:`remember` raises."""
        self.remember()
        return self.world.texts()

    def remember(self) -> None:
        """Take over the schema at the start of the script, once, and run what happened since.

        Raises CommandError when the history cannot be replayed, or the server would refuse what happened since.
        """
        if self.failure is not None:
            raise self.failure
        if self.history is None:
            return
        history, self.history = self.history, None
        waiting, self.pending = self.pending, Statements()
        try:
            self._take_over(*history())
        except CommandError as error:
            self.failure = error
            raise
        self._catch_up(waiting)

    def _take_over(self, past: Replica, versions: str) -> None:
        self.opaque = past.opaque
        for sql in past.world.schema():
            self._alike(sql)
        self.unknown = self.world.tables() - {versions.lower()}
        kept = past.world.run(f'SELECT * FROM "{versions}"', reading=True) if versions else None
        for row in kept.rows if kept else ():
            value = str(row[0]).replace("'", "''")
            self._alike(f"INSERT INTO \"{versions}\" VALUES ('{value}')")

    def _catch_up(self, waiting: Statements) -> None:
        """Run what waited, with the savepoints that may still be gone back to at their places."""
        places = sorted(self.points.items(), key=lambda point: point[1][0])
        for number, statement in enumerate(waiting):
            while places and places[0][1][0] == number:
                self.savepoint(places.pop(0)[0])
            try:
                self.run(statement)
            except Refused as refused:
                self.failure = self.broken = self.refusal(statement, refused)
                raise self.broken from refused
        for name, _ in places:
            self.savepoint(name)

    def refusal(self, statement: Statement, refused: Refused) -> RenderError:
        """Return the error for a statement that the server would refuse, with its place where it has one."""
        text = " ".join(statement.sql.split())
        what, hint = f"{self.title} would refuse this: {refused}", "Mend the revision."
        if refused.missing:
            what = f"no revision up to here makes the table {refused.missing!r}: {refused}"
            hint = "A chain that starts from a database which has it needs that schema as a snapshot: --baseline FILE."
        error = Unsupported(f"{what}: {text[:200]}", place=statement.source, hint=hint)
        error.revision, error.operation = statement.revision, statement.operation
        return error

    def stands(self, schema: Sequence[str]) -> bool:
        """Tell whether the schema is one that :meth:`schema` returned before. Raises what :meth:`remember` raises."""
        return self.world.alike(self.schema(), schema)

    def vouches_for(self, names: Collection[str] | None) -> bool:
        """Tell whether all is known of the objects with these names, or, for None, of all there are."""
        return not (self.opaque if names is None else self.opaque & frozenset(name.lower() for name in names))

    def trial(self, sql: str) -> str:
        """Run a statement, take it back, and return what the database says against it; empty for nothing."""
        return "" if self.history is not None or self.failure is not None else self.world.attempt(sql)

    def read(self, sql: str, unknown: Unknown, about: Collection[str] = ()) -> Outcome | None:
        """Return the rows of a query; None when nobody knows them, or when it is none.

        A value that the server makes is what ``unknown`` returns; ``about`` are the objects that the rows tell of,
        where they are not all of the schema. Raises Refused, and what :meth:`remember` raises.
        """
        self.remember()
        try:
            one = self.world.run(sql, reading=True)
            differs = one is not None and self._may_differ(one)
            other = self._elsewhere(sql, reading=True) if differs else one
        except Unjudged:
            return None
        except Refused:
            if self.opaque & self.world.names(sql):
                return None
            raise
        if one is None or other is None or self.unknown & one.reads or len(one.rows) != len(other.rows):
            return None
        named = about if about or not one.of_schema else None
        if not self.vouches_for(named) or (self.opaque and self.opaque & self.world.names(sql)):
            return None
        return replace(one, rows=compared(one, other, unknown))


def compared(one: Outcome, other: Outcome, unknown: Unknown) -> Rows:
    """Return rows in which a value that differs between the worlds is the unknown one.

    A column that has the same values in another order is unknown as a whole: its order is by chance.
    """
    if one.rows == other.rows:
        return one.rows
    names = one.columns or ()
    sides = (zip(*outcome.rows, strict=True) for outcome in (one, other))
    columns = [list(zip(*pair, strict=True)) for pair in zip(*sides, strict=True)]
    shuffled = [is_shuffled(pairs) for pairs in columns]
    return [
        tuple(
            mine if same(mine, its) and not mixed else unknown(f"the value of {name} that the server makes")
            for name, mixed, (mine, its) in zip(names, shuffled, pairs, strict=True)
        )
        for pairs in zip(*columns, strict=True)
    ]


def is_shuffled(pairs: Sequence[tuple[Any, Any]]) -> bool:
    """Tell whether two columns, given as pairs, have the same values in another order."""
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    return left != right and sorted(map(repr, left)) == sorted(map(repr, right))


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, in kind too."""
    return type(one) is type(other) and bool(one == other)
