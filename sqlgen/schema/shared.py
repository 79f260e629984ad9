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


class Shared(Mapping[K, V]):
    """A mapping that never changes, in the order in which its keys came.

    ``base`` is shared by many versions; ``over`` are the values put since, in new places at the end unless their key
    stands in ``base`` and is not ``gone``. When these are more than the square root of ``base``, the next version has a
    base of its own: so one more version costs the square root of the number of objects, not this number.
    """

    __slots__ = ("base", "gone", "over", "size")

    def __init__(
        self, base: Mapping[K, V] = {}, over: Mapping[K, V] = {}, gone: frozenset[K] = frozenset(), size: int = -1
    ) -> None:
        self.base, self.over, self.gone = base, over, gone
        self.size = len(base) if size < 0 else size

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
            yield from self.base
            return
        for key in self.base:
            if key not in self.gone:
                yield key
        for key in self.over:
            if key not in self.base or key in self.gone:
                yield key

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

    def _version(self, over: Mapping[K, V], gone: frozenset[K], size: int) -> Shared[K, V]:
        made = Shared(self.base, over, gone, size)
        changes = len(over) + len(gone)
        return made if changes <= FEWEST or changes**2 <= len(self.base) else Shared(dict(made.items()))

    def differing(self, other: Mapping[K, V]) -> Iterable[K]:
        """Return the keys that may have another value in another version, or none; no other key differs."""
        if self is other:
            return ()
        if isinstance(other, Shared) and other.base is self.base:
            return {*self.over, *other.over, *self.gone, *other.gone}
        return {*self, *other}


class Named(Generic[K, V]):
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
