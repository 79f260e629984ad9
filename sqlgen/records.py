"""Data classes that cost little to define: ``dataclass``, ``field`` and ``replace`` of the standard library, in a hurry.

``dataclasses`` compiles six functions for each class when its module is imported, which took a fifth of the start of
every command (145 classes, 0.17 of 0.77 s, Python 3.11). Here ``__init__`` is compiled when the first object is made,
and the others are the same functions for all classes. Type checkers see the standard library's own; its ``fields()``,
``asdict()`` and ``replace()`` take these classes too.

What is here is what this project uses: ``frozen``, ``slots``, ``kw_only`` and ``init``, and of ``field()`` the default,
its factory and ``kw_only``. Anything else raises TypeError.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError, field
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(cls=None, /, **options):
        """Return the class with the methods of a data class, or what makes it so."""
        return made(cls, **options) if cls is not None else lambda given: made(given, **options)

    def replace(record, /, **changes):
        """Return a copy of a record with other values for some of its fields."""
        for name in record.__dataclass_fields__:
            if name not in changes:
                changes[name] = getattr(record, name)
        return record.__class__(**changes)

    def made(cls, *, frozen=False, slots=False, kw_only=False, init=True):
        """Return a class with the methods of a data class; with ``slots`` it is another one of the same name."""
        known = {}
        for base in cls.__mro__[-1:0:-1]:
            known.update(getattr(base, "__dataclass_fields__", None) or {})
        own = cls.__dict__.get("__annotations__", {})
        body = cls.__dict__
        for name, type_ in own.items():
            if "ClassVar" in str(type_):
                continue
            given = body.get(name, MISSING)
            one = given if isinstance(given, dataclasses.Field) else field(default=given)
            if one.init is not True or one.compare is not True or one.repr is not True or one.hash is not None:
                raise TypeError(f"{cls.__qualname__}.{name}: field() takes a default and kw_only here")
            if one.kw_only is MISSING:
                one.kw_only = kw_only
            # The standard library knows a field from other annotations by this mark.
            one.name, one.type, one._field_type = name, type_, dataclasses._FIELD
            known[name] = one
        if slots:
            cls = with_slots(cls, [name for name in own if name in known], known)
        else:
            for name, one in known.items():
                if name in body and isinstance(body[name], dataclasses.Field):
                    if one.default is MISSING:
                        delattr(cls, name)
                    else:
                        setattr(cls, name, one.default)
        body = cls.__dict__
        cls.__dataclass_fields__ = known
        cls.__dataclass_params__ = SimpleNamespace(frozen=frozen)
        cls.__match_args__ = tuple(name for name, one in known.items() if not one.kw_only)
        cls.__values__ = values_of(tuple(known))
        if init and "__init__" not in body:
            cls.__init__ = late_init(cls, frozen)
        if "__repr__" not in body:
            cls.__repr__ = shown
        if "__eq__" not in body:
            cls.__eq__ = equal
        if frozen:
            cls.__setattr__, cls.__delattr__ = refused, refused
            if slots and "__getstate__" not in body:
                cls.__getstate__, cls.__setstate__ = state, restored
        if body.get("__hash__") is None and "__eq__" in body:
            cls.__hash__ = hashed if frozen else None
        return cls

    def with_slots(cls, names, known):
        """Return a class like another one whose objects have room for these fields, and no dictionary."""
        body = dict(cls.__dict__)
        inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
        body["__slots__"] = tuple(name for name in names if name not in inherited)
        for name in names:
            body.pop(name, None)
        body.pop("__dict__", None)
        body.pop("__weakref__", None)
        qualified = cls.__qualname__
        cls = type(cls)(cls.__name__, cls.__bases__, body)
        cls.__qualname__ = qualified
        return cls

    def values_of(names):
        """Return what returns the values of an object's fields, as a tuple."""
        if len(names) > 1:
            return staticmethod(attrgetter(*names))
        if names:
            return staticmethod(lambda record, name=names[0]: (getattr(record, name),))
        return staticmethod(lambda _: ())

    def late_init(cls, frozen):
        """Return an ``__init__`` that puts the right one in its place when the first object is made."""

        def __init__(self, *arguments, **named):
            right = compiled_init(cls, frozen)
            if cls.__dict__["__init__"] is __init__:
                cls.__init__ = right
            right(self, *arguments, **named)

        return __init__

    def compiled_init(cls, frozen):
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

    def shown(self):
        """Return the object as the call that makes it."""
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
        return f"{type(self).__qualname__}({told})"

    def equal(self, other):
        """Tell whether two objects of one class have the same values."""
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = self.__values__
        return values(self) == values(other)

    def hashed(self):
        """Return the hash of the values."""
        return hash(self.__values__(self))

    def refused(self, name, *_):
        """Refuse a change."""
        raise FrozenInstanceError(f"cannot change field {name!r}")

    def state(self):
        """Return what a copy needs."""
        return self.__values__(self)

    def restored(self, values):
        """Take the values of another object."""
        for name, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, name, value)
