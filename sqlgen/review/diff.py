"""Two trees of scripts beside each other, as diffs, figures or names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ..records import dataclass, replace
from .git import Repository
from .patches import CONTEXT, Change, quoted

LONGEST_BAR = 40
"""Characters of the widest bar of a statistic."""

COMMENT_LIMIT = 65_536
"""Characters that GitHub takes in a comment."""

NOTICE = "\n\nThe rest is left out, because a comment has no room for it: `sqlgen diff` shows it.\n"

Paint = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Options:
    """How changes are shown."""

    context: int = CONTEXT
    dialects: tuple[str, ...] = ()


def prefixed(changes: Iterable[Change], folder: Path) -> list[Change]:
    """Return changes with the names that git has for them: from the top of the repository, else from the folder."""
    repository = Repository.around(folder)
    prefix = repository.relative(folder) if repository else folder.name
    prefix = "" if prefix in (".", "") else f"{prefix}/"
    return [replace(one, name=f"{prefix}{one.name}") for one in changes]


def painted(changes: Sequence[Change], options: Options, paint: Paint) -> Iterator[str]:
    """Yield the diff of all changes, in colours if ``paint`` has any."""
    for change in changes:
        for line in change.patch(options.context).splitlines(keepends=True):
            yield _colored(line, paint)


def _colored(line: str, paint: Paint) -> str:
    if line.startswith("@@"):
        return paint(line.rstrip("\n"), "cyan") + "\n"
    if line.startswith("+") and not line.startswith("+++"):
        return paint(line.rstrip("\n"), "green") + "\n"
    if line.startswith("-") and not line.startswith("---"):
        return paint(line.rstrip("\n"), "red") + "\n"
    return line


def statistic(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line for each file with its added and removed lines, and a sum, as ``git diff --stat`` does."""
    counts = [(quoted(change.name), *change.counts()) for change in changes]
    if not counts:
        return
    width, most = max(len(name) for name, _, _ in counts), max(plus + minus for _, plus, minus in counts)
    digits = len(str(most))
    for name, plus, minus in counts:
        bar = _bar(plus, minus, most)
        yield f" {name:<{width}} | {plus + minus:>{digits}} {bar}".rstrip() + "\n"
    yield f" {_total(counts)}\n"


def _bar(plus: int, minus: int, most: int) -> str:
    """Return a bar for added and removed lines: at least one character for any, and LONGEST_BAR for the most."""
    if most >= LONGEST_BAR:
        whole = max(_scaled(plus + minus, most), 2 if plus and minus else 0)
        if plus < minus:
            plus = _scaled(plus, most)
            minus = whole - plus
        else:
            minus = _scaled(minus, most)
            plus = whole - minus
    return "+" * plus + "-" * minus


def _scaled(count: int, most: int) -> int:
    return 1 + count * (LONGEST_BAR - 1) // most if count else 0


def _total(counts: Sequence[tuple[str, int, int]]) -> str:
    parts = [_many(len(counts), "file") + " changed"]
    plus, minus = sum(one[1] for one in counts), sum(one[2] for one in counts)
    parts += [f"{_many(plus, 'insertion')}(+)"] if plus else []
    parts += [f"{_many(minus, 'deletion')}(-)"] if minus else []
    return ", ".join(parts)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def markdown(changes: Sequence[Change], options: Options) -> str:
    """Return the changes for a pull request: a table of the databases, then each database's diff, folded away.

    It has no more characters than a comment may have; what is left out is said at the end.
    """
    if not changes:
        return "The SQL scripts do not change.\n"
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(dialect_of(change, options.dialects), []).append(change)
    lines = ["| scripts | files | added lines | removed lines |", "|---|---:|---:|---:|"]
    for name, group in groups.items():
        counts = [change.counts() for change in group]
        lines.append(f"| {name} | {len(group)} | {sum(c[0] for c in counts)} | {sum(c[1] for c in counts)} |")
    text = "\n".join(lines) + "\n"
    for group in groups.values():
        for change in group:
            block = _folded(change, options)
            if len(text) + len(block) + len(NOTICE) > COMMENT_LIMIT:
                return text + NOTICE
            text += block
    return text


def dialect_of(change: Change, dialects: Sequence[str]) -> str:
    """Return the dialect whose folder a file is in, else the file itself."""
    return next((part for part in change.name.split("/") if part in dialects), change.name)


def _folded(change: Change, options: Options) -> str:
    """Return a diff as a block of Markdown, with a fence that is longer than any in it."""
    patch = change.patch(options.context)
    longest = max((len(run) for line in patch.splitlines() for run in _ticks(line)), default=0)
    fence = "`" * max(3, longest + 1)
    plus, minus = change.counts()
    title = f"<code>{_html(change.name)}</code> +{plus} -{minus}"
    return f"\n<details><summary>{title}</summary>\n\n{fence}diff\n{patch}{fence}\n\n</details>\n"


def _ticks(line: str) -> Iterator[str]:
    """Yield the runs of backticks in a line."""
    run = ""
    for character in f"{line} ":
        if character == "`":
            run += character
        elif run:
            yield run
            run = ""


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
