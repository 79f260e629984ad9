"""Unified diffs: what ``git apply`` makes of them, and what the headers of hunks say."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from sqlgen.review.patches import Change, quoted
from tests.review.conftest import AUTHOR

NAMES = ["out/a.sql", "a b.sql", "grüße.sql", 'quo"te\\.sql', "ta\tb.sql"]
TEXTS: list[tuple[bytes | None, bytes | None]] = [
    (b"a\nb\nc\n", b"a\nB\nc\n"),
    (None, b"new\n"),
    (b"gone\n", None),
    (b"no end", b"no end\n"),
    (b"end\n", b"end"),
    (b"a", b"b"),
    (b"a\r\nb\r\n", b"a\nb\r\n"),
    (b"x\x0cy\n", b"x\x0cz\n"),
    (b"", b"something\n"),
    (b"something\n", b""),
    (None, b""),
    (b"", None),
]


def apply(folder: Path, change: Change, patch: str) -> bytes | None:
    """Let git apply a patch in a new repository that has the old file, and return the new one."""
    path = folder / change.name
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True, env={**os.environ, **AUTHOR})
    if change.before is not None:
        path.write_bytes(change.before)
    words = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn"]
    words += ["--unidiff-zero"] if "-U0" in patch[:3] else []
    done = subprocess.run(words, cwd=folder, input=patch.encode(), capture_output=True, env={**os.environ, **AUTHOR})
    assert done.returncode == 0, f"{done.stderr.decode()}\n{patch}"
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize("name", NAMES)
def test_git_applies_any_name(tmp_path: Path, name: str) -> None:
    change = Change(name, b"a\n", b"b\n")
    assert apply(tmp_path, change, change.patch()) == b"b\n"


@pytest.mark.parametrize(("before", "after"), TEXTS)
def test_git_applies_any_change(tmp_path: Path, before: bytes | None, after: bytes | None) -> None:
    change = Change("out/x.sql", before, after)
    assert apply(tmp_path, change, change.patch()) == after


@pytest.mark.parametrize("seed", range(12))
def test_git_applies_random_changes_with_any_context(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    before = [f"line {dice.randrange(9)}\n" for _ in range(dice.randrange(1, 80))]
    after = list(before)
    for _ in range(dice.randrange(1, 9)):
        place = dice.randrange(len(after) + 1)
        after[place : place + dice.randrange(3)] = [f"new {dice.random()}\n"] * dice.randrange(3)
    change = Change("x.sql", "".join(before).encode(), "".join(after).encode())
    if change.differs:
        assert apply(tmp_path, change, change.patch(dice.randrange(1, 6))) == change.after
        plus, minus = change.counts()
        assert plus - minus == len(after) - len(before)


def test_the_same_hunks_as_git_itself(tmp_path: Path) -> None:
    before = [f"{number}\n" for number in range(40)]
    after = [*before[:3], "x\n", *before[4:9], *before[10:30], "y\n", "z\n", *before[30:]]
    (tmp_path / "a").write_text("".join(before))
    (tmp_path / "b").write_text("".join(after))
    done = subprocess.run(["git", "diff", "--no-index", "a", "b"], cwd=tmp_path, capture_output=True, text=True)
    ours = Change("x", "".join(before).encode(), "".join(after).encode()).patch()
    theirs = done.stdout.splitlines()[4:]
    assert [line.split(" @@")[0] for line in ours.splitlines()[4:]] == [line.split(" @@")[0] for line in theirs]


def banner(id: str) -> str:
    return f"-- ====\n-- Revision {id} · add things      1 of 2\n-- file.py\n-- ====\n"


def headers(before: str, after: str) -> list[str]:
    patch = Change("x.sql", before.encode(), after.encode()).patch()
    return [line.split("@@")[2].strip() for line in patch.splitlines() if line.startswith("@@")]


def test_the_header_of_a_hunk_names_the_revision() -> None:
    body = "".join(f"line {number};\n" for number in range(20))
    text = f"-- top\n{body}{banner('a1')}{body}{banner('a2')}{body}"
    changed = text.replace("line 15;", "other;")
    assert headers(text, changed) == ["", "a1 · add things", "a2 · add things"]


def test_a_revision_that_is_new_names_itself() -> None:
    body = "".join(f"line {number};\n" for number in range(20))
    text = f"{banner('a1')}{body}"
    assert headers(text, f"{text}{banner('a2')}{body}") == ["a2 · add things"]


def test_nothing_is_shown_for_what_is_the_same() -> None:
    assert Change("x", b"a", b"a").patch() == ""
    assert not Change("x", b"a", b"a").differs


@pytest.mark.parametrize(("name", "shown"), [("a/b.sql", "a/b.sql"), ("ü", '"\\303\\274"'), ("\t", '"\\t"')])
def test_names_are_quoted_as_git_does(name: str, shown: str) -> None:
    assert quoted(name) == shown


def test_a_long_text_with_few_changes_is_compared_at_its_middle_only() -> None:
    rows = [b"INSERT INTO t VALUES (%d);\n" % number for number in range(100_000)]
    other = [*rows[:50_000], b"new\n", *rows[50_001:]]
    assert Change("x", b"".join(rows), b"".join(other)).counts() == (1, 1)
