"""``sqlgen.sum``: what a tree of scripts was made of, so that a change of it can be told from a change of its layout.

::

    sqlgen.sum 1 <hash of all lines below>
    # …
    dialect postgresql 15 around=<fingerprint> schema=<fingerprint>
    revision 5c2e9d81a4f7 after=1f0c3a7be2d4 source=<hash> chain=<hash> postgresql=<upgrade>/<downgrade> …
    accepted 5c2e9d81a4f7 postgresql=<old>-><new> The index was missing; nobody had applied it
    release 1.0.0 base..5c2e9d81a4f7 <hash of its manifest>
    file <sha256> postgresql/upgrade.sql

One line is one fact, in an order that depends on the revisions only. The chain of a revision covers its id, its parents
with theirs, its source and its statements. The hash in the first line covers the whole order: two branches that each
add a revision always conflict there when they are merged, and a file that lost a line is not taken for whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from ..errors import CommandError, ConfigError, Source
from ..records import dataclass, field
from .disk import NAME
from .fingerprints import NOTHING, short

FORMAT = 1
COMMENT = "# Kept by 'sqlgen generate', never by hand: what the scripts beside it were made of. See docs/review.md."

RESTORE = "Bring back the last good one ('git checkout -- {path}'); without one, delete it and run 'sqlgen generate'."

_FIRST = re.compile(r"sqlgen\.sum (\d+) ([0-9a-f]{64})")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.M)
_SAFE = "._~"


@dataclass(frozen=True, slots=True)
class DialectSum:
    """What holds for all scripts of a dialect: its server version, and the fingerprints of what is no revision's."""

    name: str
    version: str = ""
    around: str = NOTHING
    schema: str = NOTHING

    def line(self) -> str:
        """Return the fact as a line."""
        return f"dialect {_word(self.name)} {_word(self.version)} around={self.around} schema={self.schema}"


@dataclass(frozen=True, slots=True)
class RevisionSum:
    """One revision: what it follows and depends on, its source, and its statements' fingerprints per dialect.

    ``prints`` has the fingerprint of the upgrade and that of the downgrade.
    """

    id: str
    after: tuple[str, ...]
    source: str
    prints: Mapping[str, tuple[str, str]]
    chain: str = ""

    def chained(self, chains: Mapping[str, str]) -> str:
        """Return the hash over this revision and the chains of those before it."""
        before = [f"{id}={chains.get(id, '')}" for id in self.after]
        return short("\n".join([self.id, *before, self.source, *self._shown_prints()]).encode())

    def _shown_prints(self) -> list[str]:
        return [f"{_word(name)}={'/'.join(self.prints[name])}" for name in sorted(self.prints)]

    def line(self) -> str:
        """Return the fact as a line."""
        facts = [f"after={_words(self.after)}", f"source={self.source}", f"chain={self.chain}", *self._shown_prints()]
        return " ".join(["revision", _word(self.id), *facts])


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A change of a released revision's statements that somebody vouched for, with the reason."""

    revision: str
    dialect: str
    before: tuple[str, str]
    after: tuple[str, str]
    reason: str

    def line(self) -> str:
        """Return the fact as a line."""
        change = f"{_word(self.dialect)}={'/'.join(self.before)}->{'/'.join(self.after)}"
        return f"accepted {_word(self.revision)} {change} {self.reason}"


@dataclass(frozen=True, slots=True)
class Release:
    """A release: its tag, the version rows before and after it, and the hash of its manifest."""

    tag: str
    start: tuple[str, ...]
    end: tuple[str, ...]
    manifest: str

    def line(self) -> str:
        """Return the fact as a line."""
        return f"release {_word(self.tag)} {_words(self.start)}..{_words(self.end)} {self.manifest}"


@dataclass(frozen=True, slots=True)
class Sums:
    """The content of the file. ``files`` maps the names of scripts, relative to it, to their SHA-256.

    ``known`` has every name with every hash that it may have: several, where branches are being merged.
    """

    dialects: Mapping[str, DialectSum] = field(default_factory=dict)
    revisions: Mapping[str, RevisionSum] = field(default_factory=dict)
    accepted: tuple[Acceptance, ...] = ()
    releases: tuple[Release, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[tuple[str, str]] = frozenset()

    def text(self) -> str:
        """Return the file."""
        groups: tuple[Iterable[DialectSum | RevisionSum | Acceptance | Release], ...] = (
            (self.dialects[name] for name in sorted(self.dialects)),
            self.revisions.values(),
            self.accepted,
            self.releases,
        )
        lines = [COMMENT, *(fact.line() for group in groups for fact in group)]
        lines += [f"file {self.files[name]} {name}" for name in sorted(self.files)]
        body = "".join(f"{line}\n" for line in lines)
        return f"{NAME} {FORMAT} {sha256(body.encode()).hexdigest()}\n{body}"

    def released(self) -> dict[str, str]:
        """Return the released revisions, each with the first release that had it."""
        found: dict[str, str] = {}
        for release in self.releases:
            waiting = list(release.end)
            while waiting:
                id = waiting.pop()
                if id not in found:
                    found[id] = release.tag
                    waiting += self.revisions[id].after if id in self.revisions else ()
        return found


def is_conflicted(text: str) -> bool:
    """Tell whether git left the marks of a conflict in a text."""
    return len(_CONFLICT.findall(text)) >= 3


def parsed(text: str, place: Source) -> Sums:
    """Read the file. One with git's conflict marks gives what both sides know.

    Raises ConfigError, with the line, for one that is damaged or was edited.
    """
    lines = text.splitlines()
    if not text.strip():
        raise _damaged("the sum file is empty", place, 0)
    if is_conflicted(text):
        return _Reader(place, strict=False).sums(
            (number, line)
            for number, line in enumerate(lines, 1)
            if not _CONFLICT.match(line) and not _FIRST.fullmatch(line)
        )
    first = _FIRST.fullmatch(lines[0])
    if first is None:
        raise _damaged(f"this is not the first line of a {NAME}", place, 1)
    if int(first[1]) != FORMAT:
        raise ConfigError(
            f"the sum file has format {first[1]}, and this version of sqlgen reads {FORMAT}",
            place=Source(place.path, 1),
            hint="Use the version of sqlgen that wrote it, or a newer one.",
        )
    if "\r\n" in text:
        raise ConfigError(
            "the lines end with CR and LF, as git writes them where it is told to",
            place=place,
            hint=f"Put '/{PurePosixPath(place.path).parent}/** text eol=lf' into .gitattributes, and check out again.",
        )
    body = text.partition("\n")[2]
    if not text.endswith("\n") or sha256(body.encode("utf-8", "surrogatepass")).hexdigest() != first[2]:
        raise _damaged("the lines below are not those that were written: the file was edited or cut off", place, 1)
    return _Reader(place, strict=True).sums(enumerate(lines[1:], 2))


def _damaged(message: str, place: Source, line: int) -> ConfigError:
    return ConfigError(message, place=Source(place.path, line), hint=RESTORE.format(path=place.path))


class _Reader:
    """Takes the lines one by one; ``strict`` says that none may come twice."""

    def __init__(self, place: Source, *, strict: bool) -> None:
        self.place = place
        self.strict = strict
        self.dialects: dict[str, DialectSum] = {}
        self.revisions: dict[str, RevisionSum] = {}
        self.accepted: dict[Acceptance, None] = {}
        self.releases: dict[Release, None] = {}
        self.known: dict[tuple[str, str], None] = {}

    def sums(self, lines: Iterable[tuple[int, str]]) -> Sums:
        """Read all lines."""
        readers: Mapping[str, Callable[[str], None]] = {
            "dialect": self._dialect,
            "revision": self._revision,
            "accepted": self._accepted,
            "release": self._release,
            "file": self._file,
        }
        for number, line in lines:
            word, _, rest = line.partition(" ")
            if not line or word == "#":
                continue
            try:
                readers[word](rest)
            except (KeyError, ValueError, IndexError) as error:
                raise _damaged(f"this is no line of a {NAME}: {line[:60]!r}", self.place, number) from error
            except CommandError as error:
                raise error.at(self.place.path, number) from error
        files: dict[str, str] = {}
        for name, digest in self.known:
            files.setdefault(name, digest)
        return Sums(
            self.dialects, self.revisions, tuple(self.accepted), tuple(self.releases), files, frozenset(self.known)
        )

    def _dialect(self, rest: str) -> None:
        name, version, around, schema = rest.split(" ")
        facts = dict(fact.split("=", 1) for fact in (around, schema))
        self.dialects.setdefault(unquote(name), DialectSum(unquote(name), _read(version), **facts))

    def _revision(self, rest: str) -> None:
        id, *facts = rest.split(" ")
        found = dict(fact.split("=", 1) for fact in facts)
        after, source, chain = (found.pop(name) for name in ("after", "source", "chain"))
        prints = {unquote(name): _pair(value) for name, value in found.items()}
        self.revisions.setdefault(unquote(id), RevisionSum(unquote(id), _list(after), source, prints, chain))

    def _accepted(self, rest: str) -> None:
        id, change, reason = rest.split(" ", 2)
        dialect, _, prints = change.partition("=")
        before, after = prints.split("->")
        self.accepted[Acceptance(unquote(id), unquote(dialect), _pair(before), _pair(after), reason)] = None

    def _release(self, rest: str) -> None:
        tag, way, manifest = rest.split(" ")
        start, end = way.split("..")
        self.releases[Release(unquote(tag), _list(start), _list(end), manifest)] = None

    def _file(self, rest: str) -> None:
        digest, name = rest.split(" ", 1)
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise ConfigError(f"{name!r} leads out of the folder", hint=RESTORE.format(path=self.place.path))
        self.known[name, digest] = None


def chained(revisions: Iterable[RevisionSum]) -> Iterator[RevisionSum]:
    """Yield revisions, which come parents first, with their chains."""
    chains: dict[str, str] = {}
    for one in revisions:
        chains[one.id] = one.chained(chains)
        yield RevisionSum(one.id, one.after, one.source, one.prints, chains[one.id])


def _pair(text: str) -> tuple[str, str]:
    up, down = text.split("/")
    return up, down


def _word(text: str) -> str:
    return quote(text, safe=_SAFE) or NOTHING


def _read(word: str) -> str:
    return "" if word == NOTHING else unquote(word)


def _words(ids: tuple[str, ...]) -> str:
    return ",".join(map(_word, ids)) or "base"


def _list(text: str) -> tuple[str, ...]:
    return () if text == "base" else tuple(map(unquote, text.split(",")))
