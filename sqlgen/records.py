"""Data classes that cost little to define: the standard library's ``dataclass``, ``field`` and ``replace``, in a hurry.

``dataclasses`` compiles six functions for each class when its module is imported, which took a fifth of the start of
every command (146 classes, 0.17 of 0.77 s, Python 3.11). Here ``__init__`` is compiled when the first object is made,
and the others are the same functions for all classes. Type checkers see the standard library's own; its ``fields()``,
``asdict()`` and ``replace()`` take these classes too.

What is here is what this project uses: ``frozen``, ``slots``, ``kw_only`` and ``init``, and all of ``field()`` but
``init``. Anything else raises TypeError.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError, field
from inspect import get_annotations
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """Return the class with the methods of a data class, or what makes it so."""
        return made(cls, **options) if cls is not None else lambda given: made(given, **options)

    def replace(record: Any, /, **changes: Any) -> Any:
        """Return a copy of a record with other values for some of its fields."""
        before = dict(zip(record.__dataclass_fields__, record.__every__(record), strict=True))
        return record.__class__(**{**before, **changes})

    def made(cls: type, *, frozen: bool = False, slots: bool = False, kw_only: bool = False, init: bool = True) -> type:
        """Return a class with the methods of a data class; with ``slots`` it is another one of the same name."""
        own = own_fields(cls, kw_only)
        known = {}
        for base in cls.__mro__[-1:0:-1]:
            known.update(getattr(base, "__dataclass_fields__", ()))
        known.update(own)
        cls = with_slots(cls, own) if slots else with_defaults(cls, own)
        compared = [name for name, one in known.items() if one.compare]
        hashable = [name for name, one in known.items() if (one.compare if one.hash is None else one.hash)]
        cls.__dataclass_fields__ = known
        cls.__dataclass_params__ = SimpleNamespace(frozen=frozen)
        cls.__match_args__ = tuple(name for name, one in known.items() if not one.kw_only)
        cls.__every__ = values_of([*known])
        cls.__values__ = values_of(compared)
        cls.__hashed__ = cls.__values__ if hashable == compared else values_of(hashable)
        add_methods(cls, frozen, slots, init)
        return cls

    def own_fields(cls: type, kw_only: bool) -> dict[str, Any]:
        """Return the fields that a class has itself, by name."""
        found = {}
        for name, type_ in get_annotations(cls).items():
            if "ClassVar" in str(type_):
                continue
            given = cls.__dict__.get(name, MISSING)
            one = given if isinstance(given, dataclasses.Field) else field(default=given)
            if not one.init:
                raise TypeError(f"{cls.__qualname__}.{name}: field() takes no init here")
            if one.kw_only is MISSING:
                one.kw_only = kw_only
            # The standard library knows a field from other annotations by this mark.
            one.name, one.type, one._field_type = name, type_, dataclasses._FIELD
            found[name] = one
        return found

    def with_defaults(cls: type, own: dict[str, Any]) -> type:
        """Let the defaults of fields stand as attributes of the class."""
        for name, one in own.items():
            if one.default is not MISSING:
                setattr(cls, name, one.default)
            elif name in cls.__dict__:
                delattr(cls, name)
        return cls

    def add_methods(cls: type, frozen: bool, slots: bool, init: bool) -> None:
        """Give a class the methods that it does not have itself."""
        body = cls.__dict__
        if init and "__init__" not in body:
            cls.__init__ = late_init(cls, frozen)
        if "__repr__" not in body:
            cls.__repr__ = shown
        if "__eq__" not in body:
            cls.__eq__ = equal
        if body.get("__hash__") is None:
            cls.__hash__ = hashed if frozen else None
        if frozen:
            cls.__setattr__, cls.__delattr__ = refused, refused
            if slots and "__getstate__" not in body:
                cls.__getstate__, cls.__setstate__ = state, restored

    def with_slots(cls: type, own: dict[str, Any]) -> type:
        """Return a class like another one whose objects have room for these fields, and no dictionary."""
        inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
        out = {*own, "__dict__", "__weakref__"}
        body = {name: value for name, value in cls.__dict__.items() if name not in out}
        body["__slots__"] = tuple(name for name in own if name not in inherited)
        qualified = cls.__qualname__
        cls = type(cls)(cls.__name__, cls.__bases__, body)
        cls.__qualname__ = qualified
        return cls

    def values_of(names: list[str]) -> Any:
        """Return what returns the values of an object's fields, as a tuple."""
        if len(names) > 1:
            return staticmethod(attrgetter(*names))
        if names:
            return staticmethod(lambda record, name=names[0]: (getattr(record, name),))
        return staticmethod(lambda _: ())

    def late_init(cls: type, frozen: bool) -> Any:
        """Return an ``__init__`` that puts the right one in its place when the first object is made."""

        def first(self: Any, *arguments: Any, **named: Any) -> None:
            right = compiled_init(cls, frozen)
            if cls.__dict__["__init__"] is first:
                cls.__init__ = right
            right(self, *arguments, **named)

        return first

    def compiled_init(cls: type, frozen: bool) -> Any:
        """Return the ``__init__`` of a class."""
        known = cls.__dataclass_fields__
        scope = {"_missing": MISSING, "_put": object.__setattr__}
        parts, named, lines = ["self"], [], []
        for name, one in known.items():
            value = name
            if one.default is not MISSING:
                scope[f"_default_{name}"] = one.default
                part = f"{name}=_default_{name}"
            elif one.default_factory is not MISSING:
                scope[f"_make_{name}"] = one.default_factory
                part = f"{name}=_missing"
                value = f"_make_{name}() if {name} is _missing else {name}"
            else:
                part = name
            (named if one.kw_only else parts).append(part)
            if not frozen:
                lines.append(f"    self.{name} = {value}")
            elif hasattr(slot := getattr(cls, name, None), "__objclass__"):
                scope[f"_set_{name}"] = slot.__set__
                lines.append(f"    _set_{name}(self, {value})")
            else:
                lines.append(f"    _put(self, {name!r}, {value})")
        if named:
            parts += ["*", *named]
        if hasattr(cls, "__post_init__"):
            lines.append("    self.__post_init__()")
        text = f"def __init__({', '.join(parts)}):\n" + ("\n".join(lines) or "    pass")
        exec(compile(text, f"<{cls.__qualname__}>", "exec"), scope)
        made = scope["__init__"]
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        return made

    def shown(self: Any) -> str:
        """Return the object as the call that makes it."""
        told = ", ".join(
            f"{name}={getattr(self, name)!r}" for name, one in self.__dataclass_fields__.items() if one.repr
        )
        return f"{type(self).__qualname__}({told})"

    def equal(self: Any, other: object) -> bool:
        """Tell whether two objects of one class have the same values."""
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = self.__values__
        return values(self) == values(other)

    def hashed(self: Any) -> int:
        """Return the hash of the values."""
        return hash(self.__hashed__(self))

    def refused(self: Any, name: str, *_: Any) -> None:
        """Refuse a change."""
        raise FrozenInstanceError(f"cannot change field {name!r}")

    def state(self: Any) -> list[Any]:
        """Return what a copy needs."""
        return [getattr(self, name) for name in self.__dataclass_fields__]

    def restored(self: Any, values: list[Any]) -> None:
        """Take the values of another object."""
        for name, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, name, value)
