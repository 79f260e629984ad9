"""The options about the form of a script, which all commands share that write scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from sqlgen.config import SHAPE_WORDS
from sqlgen.errors import UsageError, closest

_F = TypeVar("_F", bound=Callable[..., Any])

NAMES = (
    "form",
    "idempotent",
    "clients",
    "transaction",
    "commit",
    "lock_timeout",
    "statement_timeout",
    "target_schema",
    "progress",
    "timing",
    "log",
)
"""The names under which click hands over these options."""


def shape_options(command: _F) -> _F:
    """Give a command the options about the form of a script."""
    seconds, choice = click.FloatRange(min=0), click.Choice
    options: tuple[Callable[[_F], _F], ...] = (
        click.option("--form", type=choice(("plain", "block")), help="Statements, or one block per revision."),
        click.option("--idempotent", is_flag=True, help="A script that may be run again: it skips what is there."),
        click.option("--client", "clients", multiple=True, metavar="NAME", help="psql, sqlcmd, plain … (repeatable)."),
        click.option("--transaction", type=choice(SHAPE_WORDS["transaction"]), help="What one transaction is."),
        click.option("--commit", type=choice(SHAPE_WORDS["commit"]), help="Whether the script commits."),
        click.option("--lock-timeout", type=seconds, metavar="SECONDS", help="Wait so long for a lock: 5; 0 for ever."),
        click.option("--statement-timeout", type=seconds, metavar="SECONDS", help="End a longer statement."),
        click.option("--schema", "target_schema", metavar="NAME", help="The schema that the script works in."),
        click.option(
            "--progress",
            type=choice(SHAPE_WORDS["progress"]),
            help="What prints a line.",
        ),
        click.option("--timing", is_flag=True, help="Let the client print how long statements take."),
        click.option("--spool", "log", metavar="FILE", help="Let the client keep what it prints in a file."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def taken(options: dict[str, Any]) -> dict[str, Any]:
    """Take these options out of what click hands over; only those that were said are returned."""
    found = {name: options.pop(name) for name in NAMES if name in options}
    found["schema"] = found.pop("target_schema", None)
    return {name: value for name, value in found.items() if value is not None and value is not False and value != ()}


def for_dialect(shape: dict[str, Any], dialect: str, among: Sequence[str]) -> dict[str, Any]:
    """Return the options for one dialect: of the clients that were named, the first that it has.

    Raises UsageError for a client that none of the dialects ``among`` which scripts are written has.
    """
    from sqlgen.dialects import get

    named = shape.get("clients", ())
    rest = {name: value for name, value in shape.items() if name != "clients"}
    known = {name: list(get(name).form_class.clients) for name in among} if named else {}
    for client in named:
        if not any(client in names for names in known.values()):
            every = list(dict.fromkeys(name for names in known.values() for name in names))
            near = closest(client, every)
            raise UsageError(
                f"there is no client {client!r} for {', '.join(among)}",
                hint=f"Did you mean {near!r}?" if near else f"There are {', '.join(every)}.",
            )
    mine = next((client for client in named if client in known[dialect]), None)
    return {**rest, "client": mine} if mine else rest
