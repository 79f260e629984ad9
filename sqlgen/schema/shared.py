"""Mappings of which each version shares what is the same with the one before it, and names that are kept along.

A history changes one object at a time, and keeps the schema before and after. A copy of all objects per change would
make a long history quadratic; here a version is the objects of an older one and a few changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Generic, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

FEWEST = 16
"""Changes that a version may always have, however few objects there are."""

NOTHING = object()
"""What stands for the base of all versions that began empty."""


class Shared(Mapping[K, V]):
    """A mapping that never changes, in the order in which its keys came.

    ``base`` is shared by many versions; ``over`` are the values put since, in new places at the end unless their key
    stands in ``base`` and is not ``gone``. When these are more than the square root of ``base``, the next version has a
    base of its own: so one more version costs the square root of the number of objects, not this number.
    ``line`` are the bases before this one, the last first: what stands for each, and the keys in which it differs from
    the next.
    """

    __slots__ = ("base", "gone", "line", "mark", "over", "size")

    def __init__(self, base: Mapping[K, V] = {}) -> None:
        self.base, self.over, self.gone, self.size = base, dict[K, V](), frozenset[K](), len(base)
        self.mark: object = object() if base else NOTHING
        self.line: tuple[tuple[object, frozenset[K]], ...] = ()

    def __getitem__(self, key: K) -> V:
        if key in self.over:
            return self.over[key]
        if key in self.gone:
            raise KeyError(key)
        return self.base[key]

    @overload
    def get(self, key: K, /) -> V | None: ...
    @overload
    def get(self, key: K, /, default: V | D) -> V | D: ...
    def get(self, key: K, /, default: Any = None) -> Any:
        """Return the value of a key, or the default."""
        if key in self.over:
            return self.over[key]
        return default if key in self.gone else self.base.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self.over or (key in self.base and key not in self.gone)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[K]:
        if not self.over and not self.gone:
            return iter(self.base)
        gone, base = self.gone, self.base
        new = [key for key in self.over if key not in base or key in gone]
        return iter([*(base if not gone else [key for key in base if key not in gone]), *new])

    def __repr__(self) -> str:
        return repr(dict(self))

    def put(self, key: K, value: V) -> Shared[K, V]:
        """Return a version with one more key, or with another value of one."""
        return self._version({**self.over, key: value}, self.gone, self.size + (key not in self))

    def without(self, keys: Iterable[K]) -> Shared[K, V]:
        """Return a version without some keys, this one when it has none of them."""
        present = {key for key in keys if key in self}
        if not present:
            return self
        over = {key: value for key, value in self.over.items() if key not in present}
        gone = self.gone | {key for key in present if key in self.base}
        return self._version(over, gone, self.size - len(present))

    def _version(self, over: dict[K, V], gone: frozenset[K], size: int) -> Shared[K, V]:
        changes = len(over) + len(gone)
        if changes > FEWEST and changes**2 > len(self.base):
            made = Shared({**{key: value for key, value in self.base.items() if key not in gone}, **over})
            made.line = shortened(((self.mark, frozenset(over) | gone), *self.line), size)
            return made
        made = Shared(self.base)
        made.over, made.gone, made.size, made.mark, made.line = over, gone, size, self.mark, self.line
        return made

    def differing(self, other: Mapping[K, V]) -> Iterable[K]:
        """Return the keys that may have another value in another version, or none; no other key differs.

        What it costs is the number of changes between the two, for a version that is not too old.
        """
        if self is other:
            return ()
        if isinstance(other, Shared):
            between = self._since(other.mark) if self.line else None
            between = between if between is not None else other._since(self.mark)
            if between is not None:
                return between.union(self.over, self.gone, other.over, other.gone)
        return {*self, *other}

    def _since(self, mark: object) -> set[K] | None:
        """Return the keys that changed between an older base and this one; None when it is none of the last ones."""
        found: set[K] = set()
        if mark is self.mark:
            return found
        for older, keys in self.line:
            found |= keys
            if older is mark:
                return found
        return None


def shortened(line: tuple[tuple[object, frozenset[K]], ...], most: int) -> tuple[tuple[object, frozenset[K]], ...]:
    """Return the first parts of a line, with so many keys at most; going over all objects is no more work."""
    total = 0
    for number, (_, keys) in enumerate(line):
        total += len(keys)
        if total > most + FEWEST:
            return line[:number]
    return line


class ByName(Generic[K, V]):
    """Which keys of a mapping have each name; from one version to the next only what differs is looked at.

    ``of`` returns the names of one value.
    """

    def __init__(self, of: Callable[[V], Iterable[Any]]) -> None:
        self.of = of
        self.seen: Mapping[K, V] = {}
        self.names: dict[Any, set[K]] = {}

    def at(self, version: Mapping[K, V]) -> Mapping[Any, AbstractSet[K]]:
        """Return the names of a version, each with the keys that have it; they hold until the next call."""
        if version is self.seen:
            return self.names
        keys = version.differing(self.seen) if isinstance(version, Shared) else {*version, *self.seen}
        for key in keys:
            old, new = self.seen.get(key), version.get(key)
            if old is new:
                continue
            for name in self.of(old) if old is not None else ():
                having = self.names.get(name, set())
                having.discard(key)
                if not having:
                    self.names.pop(name, None)
            for name in self.of(new) if new is not None else ():
                self.names.setdefault(name, set()).add(key)
        self.seen = version
        return self.names
