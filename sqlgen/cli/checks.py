"""``precheck`` and ``postcheck``: scripts that ask a database, before and after a script of changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sqlgen.cli.frame import Command, Settings, emit, emit_json, examples, here
from sqlgen.cli.scripts import (
    Request,
    baseline_option,
    configured,
    dialect_names,
    opened,
    target_of,
    writing_options,
)
from sqlgen.errors import UsageError
from sqlgen.review.both_ways import range_back

if TYPE_CHECKING:
    from sqlgen.checks import CheckScript
    from sqlgen.project import Project

_F = TypeVar("_F", bound=Callable[..., Any])


def check_options(command: _F) -> _F:
    """Give a command the options of both commands."""
    options: tuple[Callable[[_F], _F], ...] = (
        click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON; needs -o."),
        click.option("--downgrade", "is_back", is_flag=True, help="For the script that takes the range back."),
        baseline_option,
    )
    for option in options:
        command = option(command)
    return writing_options(command)


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen precheck 1a2b:head -d postgresql > precheck.sql    what would make the upgrade fail",
        "sqlgen precheck 1a2b:head -d oracle --downgrade           the same for the way back, head:1a2b",
        "sqlgen precheck 1a2b:head -d all -o out/                  out/<database>/precheck.sql for each",
    ),
)
@click.argument("range_text", metavar="[START:]TARGET", default="heads")
@check_options
@click.pass_obj
def precheck(settings: Settings, /, **options: Any) -> None:
    """Write the questions to run before a script.

    They find what will make it fail or lose rows on a database, and change nothing. START and TARGET are those of the
    upgrade.
    """
    run(settings, "prechecks", options)


@click.command(
    cls=Command,
    epilog=examples(
        "sqlgen postcheck 1a2b:head -d postgresql > verify.sql     whether all of the upgrade is there",
        "sqlgen postcheck head -d mysql --all                      whether the whole schema is as it should be",
        "sqlgen postcheck 1a2b:head -d mssql --downgrade           whether the way back left nothing behind",
    ),
)
@click.argument("range_text", metavar="[START:]TARGET", default="heads")
@click.option("--all", "whole", is_flag=True, help="About the whole schema, not what the range touches only.")
@check_options
@click.pass_obj
def postcheck(settings: Settings, /, whole: bool, **options: Any) -> None:
    """Write the questions to run after a script.

    They tell whether each object is what the revisions say, and change nothing. START and TARGET are those of the
    upgrade.
    """
    run(settings, "postchecks", options, whole=whole)


def run(settings: Settings, kind: str, options: dict[str, Any], **more: Any) -> None:
    """Make all scripts of checks, and only then write them; tell what was written.

    Raises UsageError for options that do not fit together, and what rendering and writing raise.
    """
    is_back, no_env, range_text = (options.pop(name) for name in ("is_back", "no_env", "range_text"))
    request = Request.of("upgrade", range_text, no_env, {"per_revision": None, **options})
    config = configured(settings, request)
    names = dialect_names(settings, config, request.dialects)
    target = target_of(config, request, names)
    with opened(settings, config, request.tag, use_env=request.use_env) as (project, progress):
        scripts = []
        for name in names:
            progress.at(f"checks for {name}")
            way = direction(project, request.range_text, is_back)
            scripts.append(getattr(project, kind)(dialect=name, **way, **request.options(name, names), **more))
    if target.folder is None and target.file is None:
        emit(scripts[0].pieces(), exact=True)
        return
    files = [target.file or Path(str(target.folder)) / one.dialect.name / one.file_name for one in scripts]
    written(settings, scripts, files, as_json=request.as_json)


def direction(project: Project, range_text: str, is_back: bool) -> dict[str, str]:
    """Return the range and direction that the checks are of. Raises UsageError for a way back that there is not."""
    if not is_back:
        return {"range_text": range_text, "direction": "upgrade"}
    plan = project.plan(range_text)
    if len(plan.start) > 1:
        raise UsageError(
            "there is no way back to several revisions", hint="Name a range that starts at one revision, or at base."
        )
    return {"range_text": range_back(plan), "direction": "downgrade"}


def written(settings: Settings, scripts: Sequence[CheckScript], files: Sequence[Path], *, as_json: bool) -> None:
    """Write scripts of checks, all or none, and tell of them."""
    from sqlgen.scripts.files import write_files

    write_files({path: script.pieces() for path, script in zip(files, scripts, strict=True)})
    if as_json:
        emit_json([facts(script, path) for script, path in zip(scripts, files, strict=True)])
    for script, path in zip(scripts, files, strict=True):
        settings.tell(f"{script.dialect.name}: {len(script.checks)} checks -> {here(path)}")


def facts(script: CheckScript, path: Path) -> dict[str, Any]:
    """Return a script of checks as the JSON summary shows it."""
    return {
        "dialect": script.dialect.name,
        "direction": script.plan.direction,
        "title": script.title,
        "file": here(path),
        "checks": script.data(),
    }
