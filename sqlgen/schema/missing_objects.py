"""What text asks of types, sequences, views and indexes that are certainly not there, or are there already.

As in :mod:`sqlgen.schema.missing`, only what is certain counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import RenderError, closest
from ..operations.model import DropIndex, Operation, qualified
from . import changes, state
from .described import name_of
from .missing import MADE_TWICE, among, asked, check, listed, starts_empty
from .replica import Refused
from .shadow import PLACES, Shadow
from .words import LEADING

#: Text that makes, changes or drops one thing by its name.
CHANGES = re.compile(r"\s*(?:alter|drop|rename|create|comment|exec)\b", re.I)
#: What makes an object of a kind, and what needs it.
MAKES: dict[type[Operation], str] = {
    changes.CreateEnum: "type",
    changes.CreateDomain: "type",
    changes.CreateSequence: "sequence",
    changes.CreateView: "view",
}
NEEDS: dict[type[Operation], str] = {
    changes.DropType: "type",
    changes.AddEnumValue: "type",
    changes.RenameEnumValue: "type",
    changes.RenameType: "type",
    changes.MoveType: "type",
    changes.DropSequence: "sequence",
    changes.AlterSequence: "sequence",
    changes.DropView: "view",
    changes.RenameView: "view",
    changes.MoveView: "view",
}


def refuse(shadow: Shadow, sql: str) -> None:
    """Raise Refused for text that certainly fails on the server, as it would; a revision may catch it."""
    if not CHANGES.match(LEADING.sub("", sql, count=1)):
        return
    error = refusal(shadow, shadow.meant(sql) or ())
    if error is not None:
        said = "already exists" if error.message.endswith("already") else "does not exist"
        raise Refused(f"{error.message} ({said})", "ProgrammingError") from error


def refusal(shadow: Shadow, asked_for: Iterable[Operation]) -> RenderError | None:
    """Return why a server certainly refuses a statement that asks for these changes; None when it may take it.

    What one change of a statement makes or drops, another of the same statement may need: servers differ in the order
    in which they make them, so a change that succeeds after the others counts as possible.
    """
    found = tuple(asked_for)
    for change in found:
        error = complaint(shadow, change)
        if error is not None and len(found) > 1:
            others = shadow.copy()
            others.change(tuple(one for one in found if one is not change))
            error = complaint(others, change) and error
        if error is not None:
            return error
    return None


def complaint(shadow: Shadow, change: Operation) -> RenderError | None:
    """Return why one change cannot succeed on the schema as it is; None when it may."""
    try:
        check(shadow, change)
    except RenderError as error:
        if not is_no_table(shadow, change):
            return error
    try:
        check_object(shadow, change)
    except RenderError as error:
        return error
    return None


def is_no_table(shadow: Shadow, change: Operation) -> bool:
    """Tell whether the words for a table stand for a sequence or an index, as some servers take them."""
    name = getattr(change, "table_name", None)
    return isinstance(name, str) and (
        among(name, (key[1] for key in shadow.catalog.sequences)) or among(name, map(str, index_names(shadow)))
    )


def check_object(shadow: Shadow, change: Operation) -> None:
    """Raise RenderError for a change of an object that cannot succeed."""
    if isinstance(change, (DropIndex, changes.RenameIndex)):
        if change.table_name is None and not change.if_exists:
            check_index(shadow, change)
    elif type(change) in NEEDS and not getattr(change, "if_exists", False):
        check_there(shadow, NEEDS[type(change)], change)
        if isinstance(change, (changes.AddEnumValue, changes.RenameEnumValue)):
            check_value(shadow, change)
    elif type(change) in MAKES and not (
        getattr(change, "if_not_exists", False) or getattr(change, "or_replace", False)
    ):
        check_new(shadow, MAKES[type(change)], change)


def names_of(shadow: Shadow, kind: str) -> set[str]:
    """Return the names of all objects of a kind, of whatever schema."""
    there = {key[2] for key, present in shadow.known.items() if present and key[0] == kind}
    return there | {key[1] for key in getattr(shadow.catalog, PLACES[kind])}


def check_there(shadow: Shadow, kind: str, change: Any) -> None:
    """Raise RenderError when there is certainly no object of a kind and name, in whatever schema."""
    key = shadow.follower.key(change.name, change.schema)
    if shadow.known.get((kind, *key)) or key in getattr(shadow.catalog, PLACES[kind]):
        return
    names = names_of(shadow, kind)
    unsure = kind == "sequence" and bool(shadow.undescribed("table"))  # a table may own some
    if not starts_empty(shadow) or unsure or change.name.lower() in shadow.opaque or among(change.name, names):
        return
    shown = qualified(change.name, change.schema)
    raise RenderError(f"there is no {kind} {shown!r}{reason(shadow, kind, change, names)}", hint=listed(names))


def reason(shadow: Shadow, kind: str, change: Any, names: Iterable[str]) -> str:
    """Return what became of an object, or the question after the nearest name."""
    fate = shadow.fates.get((kind, shadow.follower.key(change.name, change.schema), None))
    return f": {fate}" if fate else asked(closest(change.name, names))


def check_value(shadow: Shadow, change: changes.AddEnumValue | changes.RenameEnumValue) -> None:
    """Raise RenderError for a value that an enum type has already, or has not."""
    enum = shadow.catalog.types.get(shadow.follower.key(change.name, change.schema))
    if not isinstance(enum, state.Enumeration) or change.name.lower() in shadow.opaque:
        return
    if isinstance(change, changes.AddEnumValue):
        if change.value in enum.values and not change.if_not_exists:
            raise RenderError(f"there is a value {change.value!r} in type {change.subject!r} already", hint=MADE_TWICE)
    elif change.value not in enum.values:
        near = asked(closest(change.value, enum.values))
        raise RenderError(
            f"there is no value {change.value!r} in type {change.subject!r}{near}", hint=listed(enum.values)
        )


def check_new(shadow: Shadow, kind: str, change: Any) -> None:
    """Raise RenderError when there is certainly an object of a kind and name already."""
    key = shadow.follower.key(change.name, change.schema)
    if getattr(change, "temporary", False) or change.name.lower() in shadow.opaque:
        return
    if key in getattr(shadow.catalog, PLACES[kind]):
        raise RenderError(f"there is a {kind} {change.subject!r} already", hint=MADE_TWICE)


# Indexes, by their names alone.


def index_names(shadow: Shadow) -> Iterator[str | None]:
    """Yield the names of all indexes, and of the constraints that may have one; None for what only the server knows."""
    yield from shadow.indexes.at(shadow.catalog.tables)
    for view in shadow.catalog.views.values():
        yield from (index.name for index in view.indexes)


def check_index(shadow: Shadow, change: DropIndex | changes.RenameIndex) -> None:
    """Raise RenderError when certainly no table has an index of a name."""
    name = change.name if isinstance(change, changes.RenameIndex) else name_of(change.index)
    names = list(index_names(shadow))
    unsure = not starts_empty(shadow) or shadow.undescribed("table") or shadow.undescribed("view") or None in names
    if name is None or unsure or name.lower() in shadow.opaque:
        return
    there = {str(one) for one in names}
    if not among(shadow.follower.shown_name(name), there):
        fate = shadow.fates.get(("index", shadow.follower.key(name, change.schema), None))
        raise RenderError(f"there is no index {name!r}{f': {fate}' if fate else asked(closest(name, there))}")
