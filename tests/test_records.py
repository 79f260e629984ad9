"""Our data classes are the standard library's, in everything that this project does with them."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from sqlgen import records


def both(**options: bool) -> list[type[Any]]:
    """Return the same classes, made by the standard library and by us."""
    return [made_by(dataclasses.dataclass, **options), made_by(records.dataclass, **options)]


def made_by(decorator: Any, **options: bool) -> type[Any]:
    @decorator(**options)
    class Base:
        a: int
        b: str = "b"
        c: list[int] = dataclasses.field(default_factory=list, compare=False)
        of_class: ClassVar[int] = 7

    @decorator(**options)
    class Record(Base):
        d: Any = dataclasses.field(default=None, kw_only=True, repr=False)
        e: tuple[int, ...] = dataclasses.field(default=(), kw_only=True, hash=False)

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError("negative")

    return Record


@records.dataclass(frozen=True, slots=True)
class Kept:
    """One that can be found by its name."""

    name: str
    more: dict[str, int] = records.field(default_factory=dict)


OPTIONS = [
    {},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "kw_only": True},
]


@pytest.fixture(params=OPTIONS, ids=lambda options: "+".join(options) or "plain")
def pair(request: pytest.FixtureRequest) -> list[type[Any]]:
    return both(**request.param)


def outcomes(pair: list[type[Any]], do: Any) -> list[Any]:
    """Return what something does with each of two classes: a value, or the class of an error."""
    found = []
    for cls in pair:
        try:
            found.append(do(cls))
        except Exception as error:
            found.append(type(error))
    return found


@pytest.mark.parametrize(
    "do",
    [
        lambda cls: repr(cls(a=1)).partition(".")[2],
        lambda cls: repr(cls(1, "x", [2], d=3)).partition(".")[2],
        lambda cls: cls(),
        lambda cls: cls(1, "x", [2], 3),
        lambda cls: cls(a=1, z=2),
        lambda cls: cls(a=-1),
        lambda cls: cls(a=1) == cls(a=1, c=[5]),
        lambda cls: cls(a=1) == cls(a=1, d=5),
        lambda cls: cls(a=1) == 1,
        lambda cls: cls(a=1) != cls(a=2),
        lambda cls: hash(cls(a=1)) == hash(cls(a=1, c=[1], e=(2,))),
        lambda cls: hash(cls(a=1)) == hash(cls(a=2)),
        lambda cls: setattr(cls(a=1), "a", 2),
        lambda cls: delattr(cls(a=1), "a"),
        lambda cls: hasattr(cls(a=1), "__dict__"),
        lambda cls: cls.of_class,
        lambda cls: cls.__match_args__,
        lambda cls: cls.__qualname__.rpartition(".")[2],
        lambda cls: [one.name for one in dataclasses.fields(cls)],
        lambda cls: dataclasses.asdict(cls(a=1, c=[2])),
        lambda cls: dataclasses.replace(cls(a=1), a=2).a,
        lambda cls: dataclasses.replace(cls(a=1), z=2),
        lambda cls: copy.copy(cls(a=1, c=[3])).c,
        lambda cls: copy.deepcopy(cls(a=1, c=[3])).c,
        lambda cls: cls(a=1).c is cls(a=1).c,
        lambda cls: dataclasses.is_dataclass(cls),
    ],
)
def test_it_is_as_with_the_standard_library(pair: list[type[Any]], do: Any) -> None:
    theirs, ours = outcomes(pair, do)
    assert ours == theirs


def test_a_frozen_object_gets_nothing_new() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(Kept("a"), "new", 2)  # noqa: B010  not its own attribute, for type checkers


def test_replace() -> None:
    one = Kept("a", {"x": 1})
    assert records.replace(one, name="b") == Kept("b", {"x": 1})
    unknown: dict[str, Any] = {"z": 1}
    with pytest.raises(TypeError, match="z"):
        records.replace(one, **unknown)


def test_a_copy_through_pickle() -> None:
    assert pickle.loads(pickle.dumps(Kept("a", {"x": 1}))) == Kept("a", {"x": 1})


def test_a_pattern() -> None:
    match Kept("a"):
        case Kept(name, more):
            assert (name, more) == ("a", {})


def test_nothing_is_compiled_before_the_first_object() -> None:
    @records.dataclass
    class One:
        a: int = 1

    before = One.__init__
    assert One().a == 1
    assert One.__init__ is not before
    assert One.__init__.__code__.co_varnames == ("self", "a")


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="init"):

        @records.dataclass
        class _One:
            a: int = dataclasses.field(default=1, init=False)
