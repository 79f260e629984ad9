"""``heads``, ``branches``, ``history``, ``show``: what the revision graph looks like. No SQLAlchemy is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from sqlgen.cli.frame import Command, Settings, common_options, emit, emit_json, examples, here, uses_color
from sqlgen.config import Config
from sqlgen.errors import UsageError
from sqlgen.revisions.graph import RevisionGraph
from sqlgen.revisions.headers import read_folder
from sqlgen.revisions.revision import Revision
from sqlgen.revisions.symbols import parse_range

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class _HeaderIsComputed(Exception):
    """A file must be run to know its header."""


def open_graph(config: Config) -> RevisionGraph:
    """Read the project's revisions. Files are run, as when rendering, only when a header is computed.

    Raises LoadError, RevisionError or ConfigError for files that cannot be read or do not fit together.
    """
    try:
        return RevisionGraph(
            read_folder(
                config.version_locations,
                recursive=config.recursive_version_locations,
                sourceless=config.sourceless,
                root=config.root,
                execute=_run_nothing,
            )
        )
    except _HeaderIsComputed:
        from sqlgen.project import Project  # imports SQLAlchemy

        return Project.open(config.root, config=config, use_env=False).revisions


def _run_nothing(path: Path) -> NoReturn:
    raise _HeaderIsComputed(path)


@click.command(cls=Command, epilog=examples("sqlgen heads", "sqlgen heads -v", "sqlgen heads --json"))
@click.option("--resolve-dependencies", is_flag=True, help="Leave out heads that another revision depends on.")
@_json
@common_options
@click.pass_obj
def heads(settings: Settings, resolve_dependencies: bool, as_json: bool) -> None:
    """List the revisions that nothing follows."""
    graph = open_graph(settings.config())
    ids = graph.real_heads if resolve_dependencies else graph.heads
    _report(settings, graph, [graph[id] for id in ids], as_json, _head_line)


@click.command(cls=Command, epilog=examples("sqlgen branches", "sqlgen branches -v", "sqlgen branches --json"))
@_json
@common_options
@click.pass_obj
def branches(settings: Settings, as_json: bool) -> None:
    """List the revisions that several others follow, and what follows them."""
    graph = open_graph(settings.config())
    points = [graph[id] for id in graph.branch_points]
    if as_json:
        emit_json([{**facts(graph, point), "children": list(graph.children(point.id))} for point in points])
        return
    painter = _Painter(settings)
    for point in points:
        text = full_text(painter, graph, point) if settings.verbose else f"{_head_line(painter, graph, point)}\n"
        below = [f"    -> {_head_line(painter, graph, graph[id])}\n" for id in graph.children(point.id)]
        emit(text + "".join(below) + "\n")


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen history",
        "sqlgen history -r 1a2b:head      from 1a2b (which is shown too) on",
        "sqlgen history -r -3:            the newest three, and the one before them",
        "sqlgen history -v",
    ),
)
@click.option("-r", "--rev-range", "range_text", metavar="START:END", help="Only these revisions.")
@_json
@common_options
@click.pass_obj
def history(settings: Settings, range_text: str | None, as_json: bool) -> None:
    """List the revisions, newest first."""
    graph = open_graph(settings.config())
    _report(settings, graph, _in_range(graph, range_text), as_json, _history_line)


@click.command(
    cls=Command, epilog=examples("sqlgen show head", "sqlgen show 1a2b mylabel@head", "sqlgen show heads --json")
)
@click.argument("revisions", nargs=-1, required=True, metavar="REV...")
@_json
@common_options
@click.pass_obj
def show(settings: Settings, revisions: tuple[str, ...], as_json: bool) -> None:
    """Show revisions: parents, file, message."""
    graph = open_graph(settings.config())
    found = graph.get_all(revisions)
    if not found:
        raise UsageError(f"{' '.join(revisions)} names no revision", hint="'sqlgen history' lists them.")
    _report(settings, graph, found, as_json, full_text)


def _in_range(graph: RevisionGraph, text: str | None) -> list[Revision]:
    """Return the revisions of a range, both ends counted in."""
    if text is None:
        return list(graph)
    if ":" not in text:
        raise UsageError(f"{text!r} is no range", hint=f"Write START:END, as in '-r {text}:' or '-r :{text}'.")
    if text == ":":
        return list(graph)
    ends = parse_range(text)
    return list(graph.iterate(ends.upper or "heads", ends.lower or "base", inclusive=True))


class _Painter:
    """Colours words on stdout as the settings want."""

    def __init__(self, settings: Settings) -> None:
        self.colored = uses_color(settings.color, sys.stdout)

    def __call__(self, text: str, color: str) -> str:
        return click.style(text, fg=color) if self.colored else text


_Line = Callable[[_Painter, RevisionGraph, Revision], str]


def _report(
    settings: Settings, graph: RevisionGraph, revisions: Iterable[Revision], as_json: bool, line: _Line
) -> None:
    """Print revisions: as JSON, one a line, or at length with ``-v``."""
    if as_json:
        emit_json([facts(graph, revision) for revision in revisions])
        return
    long = settings.verbose or line is full_text
    painter = _Painter(settings)
    emit(full_text(painter, graph, one) if long else line(painter, graph, one) + "\n" for one in revisions)


def facts(graph: RevisionGraph, revision: Revision) -> dict[str, Any]:
    """Return a revision as JSON shows it."""
    return {
        "revision": revision.id,
        "down_revision": list(revision.down),
        "depends_on": list(revision.depends_on),
        "branch_labels": list(graph.branch_labels(revision.id)),
        "is_head": revision.id in graph.heads,
        "message": revision.message,
        "doc": revision.doc,
        "create_date": revision.create_date or None,
        "path": here(revision.path) if revision.path else None,
    }


def _marks(painter: _Painter, graph: RevisionGraph, revision: Revision) -> str:
    """Return ``(label) (head) (branchpoint)``: what is special about a revision; else nothing."""
    marks = []
    labels = graph.branch_labels(revision.id)
    if labels:
        marks.append(painter(f"({', '.join(labels)})", "cyan"))
    if revision.id in graph.heads:
        marks.append(painter("(head)" if revision.id in graph.real_heads else "(effective head)", "green"))
    marks += ["(branchpoint)"] if len(graph.children(revision.id)) > 1 else []
    marks += ["(mergepoint)"] if len(revision.down) > 1 else []
    return "".join(f" {mark}" for mark in marks)


def _head_line(painter: _Painter, graph: RevisionGraph, revision: Revision) -> str:
    return painter(revision.id, "yellow") + _marks(painter, graph, revision)


def _history_line(painter: _Painter, graph: RevisionGraph, revision: Revision) -> str:
    """Return ``parents (dependencies) -> id (marks), message``."""
    parents = ", ".join(revision.down) or "<base>"
    needs = f" ({', '.join(revision.depends_on)})" if revision.depends_on else ""
    return f"{parents}{needs} -> {_head_line(painter, graph, revision)}, {revision.message or 'empty message'}"


def full_text(painter: _Painter, graph: RevisionGraph, revision: Revision) -> str:
    """Return all that is known about a revision, and an empty line."""
    marks = [
        mark
        for mark, holds in (
            ("(head)", revision.id in graph.heads),
            ("(branchpoint)", len(graph.children(revision.id)) > 1),
            ("(mergepoint)", len(revision.down) > 1),
        )
        if holds
    ]
    children = graph.children(revision.id)
    facts = [
        ("Rev", " ".join([painter(revision.id, "yellow"), *marks])),
        ("Merges" if len(revision.down) > 1 else "Parent", ", ".join(revision.down) or "<base>"),
        ("Also depends on", ", ".join(revision.depends_on)),
        ("Branches into", ", ".join(children) if len(children) > 1 else ""),
        ("Branch names", ", ".join(graph.branch_labels(revision.id))),
        ("Path", here(revision.path) if revision.path else ""),
    ]
    head = "".join(f"{name}: {value}\n" for name, value in facts if value)
    doc = "".join(f"    {line}".rstrip() + "\n" for line in (revision.doc or "empty message").splitlines())
    return f"{head}\n{doc}\n"
