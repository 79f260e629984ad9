"""What people write for a revision, and what it means.

::

    head, heads, base              the one head, all heads, the empty database
    1a2b3c, 1a2b                   an id, or the beginning of exactly one id or label of four or more characters
    label                          the revision that declares the label
    label@head, @heads, @base      the same on one branch; an id can stand for the label
    label@1a2b                     that revision, which must be on the branch
    +2, -1, label@+2, label@-1     so many steps from where the database is
    1a2b+2, head-1, label@1a2b-1   so many steps from there
    a,b:c   a:   :b                a range: from the revisions a and b (rows of the version table) to c

Steps follow ``down_revision`` only. Text that is an id or a label as a whole is that, whatever signs it has.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from sqlgen.errors import MultipleHeads, ResolutionError, RevisionError, closest
from sqlgen.records import dataclass
from sqlgen.revisions.lineage import PREFIX_MINIMUM, Lineage
from sqlgen.revisions.revision import Names

_STEPS = re.compile(r"(?P<name>.*?)(?P<steps>[+-]\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One symbol taken apart: ``branch@name±steps``.

    ``branch`` is None where there is no ``@``; ``name`` is empty in a symbol that counts from where the
    database is (``+2``); ``steps`` is None where nothing is counted.
    """

    text: str
    branch: str | None
    name: str
    steps: int | None = None

    @property
    def is_relative(self) -> bool:
        """Whether the symbol counts from where the database is."""
        return not self.name and self.steps is not None

    @property
    def start(self) -> str:
        """The symbol without its steps."""
        return f"{self.branch}@{self.name}" if self.branch else self.name


@dataclass(frozen=True, slots=True)
class Range:
    """The two ends of a range as written; None where the text leaves one out."""

    lower: str | None
    upper: str | None


def parse_range(text: str) -> Range:
    """Split ``A:B``, ``A:``, ``:B`` or ``B`` into its ends.

    Raises RevisionError for text that is empty or has a second colon.
    """
    ends = [end.strip() for end in text.split(":")]
    if len(ends) > 2:
        raise RevisionError(
            f"the range {text!r} has {len(ends)} parts, and must have two: start:end",
            hint="Several starts are separated by commas: a,b:c",
        )
    if not text.strip():
        raise RevisionError("the revision is empty", hint="Say 'head', an id, or a range start:end.")
    return Range(ends[0] or None if len(ends) == 2 else None, ends[-1] or None)


def split_list(text: str) -> list[str]:
    """Split ``a,b`` into its symbols; an empty one raises RevisionError."""
    symbols = [part.strip() for part in text.split(",")]
    if not all(symbols):
        raise RevisionError(f"{text!r} names a revision that is empty", hint="Write a,b with no comma left over.")
    return symbols


def parse_symbol(text: str, known: Container[str] = ()) -> Symbol:
    """Take a symbol apart; ``known`` are the ids and labels, which are never taken apart.

    Raises ResolutionError for a symbol with an empty half (``label@``, ``@head``).
    """
    wanted = text.strip()
    if wanted in known:
        return Symbol(text, None, wanted)
    branch, at, rest = wanted.partition("@")
    if not at:
        branch, rest = "", wanted
    if not rest or (at and not branch):
        raise ResolutionError(
            f"{text!r} is no revision symbol: a part of it is empty",
            text,
            hint="Write an id, head, base, label@head, +1 or -1.",
        )
    steps = None if rest in known else _STEPS.fullmatch(rest)
    if not steps:
        return Symbol(text, branch or None, rest)
    return Symbol(text, branch or None, steps["name"], int(steps["steps"]))


class Resolver:
    """Answers what symbols mean in one lineage. None stands for the base, below all revisions."""

    def __init__(self, lineage: Lineage) -> None:
        self.lineage = lineage
        self.known: Mapping[str, object] = {**lineage.labels, **lineage.revisions}

    def parse(self, text: str) -> Symbol:
        """Take a symbol apart, minding the ids and labels that exist."""
        return parse_symbol(text, self.known)

    def many(self, wanted: Names) -> tuple[str, ...]:
        """Return the ids that a symbol, or several, mean; the base adds nothing.

        Raises ResolutionError, MultipleHeads for ``head``, RevisionError for steps that lead nowhere.
        """
        if wanted is None:
            return ()
        texts = [wanted] if isinstance(wanted, str) else list(wanted)
        return tuple(dict.fromkeys(id for text in texts for id in self._meaning(text)))

    def one(self, wanted: str | None) -> str | None:
        """Return the id that a symbol means, None for the base; raise MultipleHeads when it means several."""
        found = self.many(wanted)
        if len(found) > 1:
            raise MultipleHeads(found, wanted or "")
        return found[0] if found else None

    def owner(self, branch: str) -> str:
        """Return the revision that stands for a branch: the label's, or the one with this id."""
        if branch in self.lineage.labels:
            return self.lineage.labels[branch]
        return self._named(branch, branch, what="branch")

    def on_branch(self, ids: Iterable[str], branch: str, *, dependencies: bool = False) -> tuple[str, ...]:
        """Return those of the ids that are on the branch's line, above or below its revision."""
        line = self.lineage.related(self.owner(branch), dependencies=dependencies)
        return tuple(id for id in ids if id in line)

    def upgrade_targets(self, wanted: Names, current: tuple[str, ...]) -> tuple[str, ...]:
        """Return the ids that an upgrade goes to; ``+2`` counts from the current revisions.

        Raises what ``many`` raises, and RevisionError for ``-1``, which is no upgrade.
        """
        if not isinstance(wanted, str):
            return self.many(wanted)
        symbol = self.parse(wanted)
        if not symbol.is_relative:
            return self.many(wanted)
        if (symbol.steps or 0) <= 0:
            raise RevisionError(
                f"{wanted!r} does not lead upwards, and this is an upgrade",
                hint="Count up with '+1', or use downgrade.",
            )
        start = self._where_we_are(symbol, current)
        target = self._walk(symbol, start)
        return (target,) if target else ()

    def downgrade_target(self, wanted: str | None, current: tuple[str, ...]) -> tuple[str | None, str | None]:
        """Return the branch's revision (None when the symbol names no branch), and the target.

        ``-1`` counts from the current revision, and then means this revision's branch.
        Raises what ``many`` raises, and RevisionError for ``+1``, which is no downgrade.
        """
        if wanted is None:
            return None, None
        symbol = self.parse(wanted)
        if not symbol.is_relative:
            return self.owner(symbol.branch) if symbol.branch else None, self.one(wanted)
        if (symbol.steps or 0) >= 0:
            raise RevisionError(
                f"{wanted!r} does not lead downwards, and this is a downgrade",
                hint="Count down with '-1', or use upgrade.",
            )
        start = self._where_we_are(symbol, current)
        if start is None:
            raise RevisionError(
                f"{wanted!r} counts down from revisions that are applied, and there is none",
                hint="Say where to start, as in heads:-1",
            )
        return self.owner(symbol.branch) if symbol.branch else start, self._walk(symbol, start)

    def clamped(self, wanted: str, uppers: tuple[str, ...]) -> tuple[str, ...]:
        """Return the ids so many steps under the upper end of a listing; past the base is the base."""
        symbol = self.parse(wanted)
        start = self._where_we_are(symbol, uppers)
        target = self._walk(symbol, start, clamp=True)
        return (target,) if target else ()

    def _meaning(self, text: str) -> tuple[str, ...]:
        symbol = self.parse(text)
        if symbol.is_relative:
            return self._counted(symbol)
        if symbol.steps is not None:
            target = self._walk(symbol, self.one(symbol.start))
            return (target,) if target else ()
        if symbol.name == "heads":
            return self._heads(symbol.branch)
        if symbol.name == "head":
            return self._head(symbol)
        if symbol.name == "base":
            if symbol.branch:
                self.owner(symbol.branch)
            return ()
        return (self._named(symbol.name, text, symbol.branch),)

    def _counted(self, symbol: Symbol) -> tuple[str, ...]:
        """Return what ``+2`` or ``-1`` mean where no database counts: from the base, and from the heads."""
        up = (symbol.steps or 0) > 0
        starts: tuple[str | None, ...] = (None,) if up else self._heads(symbol.branch)
        targets = [self._walk(symbol, start) for start in starts]
        return tuple(target for target in targets if target)

    def _heads(self, branch: str | None) -> tuple[str, ...]:
        return self.on_branch(self.lineage.heads, branch) if branch else self.lineage.real_heads

    def _head(self, symbol: Symbol) -> tuple[str, ...]:
        heads = self.lineage.heads
        found = self.on_branch(heads, symbol.branch) if symbol.branch else heads
        if len(found) > 1:
            raise MultipleHeads(found, symbol.start)
        return found

    def _named(self, name: str, text: str, branch: str | None = None, what: str = "revision") -> str:
        """Return the id that a name, whole or abbreviated, means on the branch."""
        lineage = self.lineage
        id = name if name in lineage.revisions else lineage.labels.get(name)
        found = [id] if id else lineage.abbreviated(name)
        if branch:
            found = self._keep(found, branch, text)
        if len(found) > 1:
            shown = ", ".join(repr(id) for id in found[:5]) + (", …" if len(found) > 5 else "")
            raise ResolutionError(
                f"{name!r} is the beginning of {len(found)} revisions: {shown}", text, hint="Write more of the id."
            )
        if not found:
            raise self._unknown(name, text, what)
        return found[0]

    def _keep(self, found: list[str], branch: str, text: str) -> list[str]:
        """Return those found that are on the branch; raise ResolutionError when the only ones are not."""
        kept = list(self.on_branch(found, branch))
        if found and not kept:
            raise ResolutionError(
                f"revision {found[0]!r} is not on branch {branch!r}", text, hint=f"Say {found[0]!r} alone."
            )
        return kept

    def _unknown(self, name: str, text: str, what: str) -> ResolutionError:
        if name == "current":
            return ResolutionError(
                "'current' asks a database, and nothing here connects to one",
                text,
                hint="Name the revision that the database is at.",
            )
        near = closest(name, self.known)
        told = f". Closest: {near!r}" if near else ""
        if not self.lineage.revisions:
            told = ": there are no revisions at all"
        short = len(name) < PREFIX_MINIMUM and not near
        hint = "'sqlgen history' lists the revisions."
        if short:
            hint = "Only ids of four or more characters can be abbreviated. " + hint
        return ResolutionError(f"no {what} {name!r}{told}", text, hint=hint)

    def _where_we_are(self, symbol: Symbol, current: tuple[str, ...]) -> str | None:
        """Return the revision that ``+1`` or ``-1`` counts from, None for the base."""
        starts = self._active(symbol.branch, current) if symbol.branch else current
        if len(starts) > 1:
            raise RevisionError(
                f"{symbol.text!r} is ambiguous: it could count from any of {', '.join(starts)}",
                hint="Name the branch: label@+1, label@-1; or the revision itself.",
            )
        return starts[0] if starts else None

    def _active(self, branch: str, current: tuple[str, ...]) -> tuple[str, ...]:
        """Return the newest applied revisions of a branch, also where other branches imply them."""
        rows = self.on_branch(current, branch)
        if rows:
            return rows
        applied = self.on_branch(self.lineage.sorted(self.lineage.ancestors(current)), branch)
        below = {parent for id in applied for parent in self.lineage.all_parents[id]}
        return tuple(id for id in applied if id not in below)

    def _walk(self, symbol: Symbol, start: str | None, *, clamp: bool = False) -> str | None:
        """Go the symbol's steps from a revision; None is the base.

        Raises RevisionError where the way forks, or where it ends too early (``clamp``: stay at the end).
        """
        wanted = symbol.steps or 0
        up = wanted > 0
        line = self.lineage.related(self.owner(symbol.branch)) if up and symbol.branch else None
        here = start
        for taken in range(abs(wanted)):
            ways = self._up(here, line) if up else self._down(here)
            if len(ways) > 1:
                raise _ambiguous(symbol, here, ways)
            if not ways:
                if clamp:
                    return here
                raise _too_far(symbol, start, taken)
            here = ways[0]
        return here

    def _up(self, here: str | None, line: Container[str] | None) -> tuple[str | None, ...]:
        ways = self.lineage.bases if here is None else self.lineage.children[here]
        return ways if line is None else tuple(id for id in ways if id in line)

    def _down(self, here: str | None) -> tuple[str | None, ...]:
        if here is None:
            return ()
        return self.lineage.parents[here] or (None,)


def _ambiguous(symbol: Symbol, here: str | None, ways: Iterable[str | None]) -> RevisionError:
    up = (symbol.steps or 0) > 0
    does = "branches into" if up else "merges"
    return RevisionError(
        f"{symbol.text!r} is an ambiguous walk: {here or 'base'} {does} {', '.join(filter(None, ways))}",
        hint="Name the branch, as in label@+1, or the revision itself." if up else "Name the revision itself.",
    )


def _too_far(symbol: Symbol, start: str | None, taken: int) -> RevisionError:
    wanted = symbol.steps or 0
    way = "above" if wanted > 0 else "below"
    there = f"only {taken} there" if taken else "nothing there"
    return RevisionError(
        f"{symbol.text!r} goes {abs(wanted)} {way} {start or 'base'}, and there is {there}",
        hint="Use 'heads' for all the way up." if wanted > 0 else "Use 'base' for all the way down.",
    )
