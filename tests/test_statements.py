"""A list of statements, with and without a spool behind it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from sqlgen.errors import OutputError, Source
from sqlgen.spool import IN_MEMORY, Spool
from sqlgen.statement import Statement
from sqlgen.statements import Statements, outlines

PLACE = Source("a.py", 3)


def row(sql: str, line: int = 3) -> Statement:
    return Statement(sql, kind="dml", operation="rows", source=Source("a.py", line))


MANY = [
    Statement("CREATE", kind="ddl"),
    row("one"),
    row("zwö\nlf"),
    row("three", 4),
    Statement("text", kind="raw"),
    Statement("INSERT", kind="dml", element=sa.text("x")),
    row("\ud800"),
    row(""),
]


def filled(statements: list[Statement]) -> Statements:
    found = Statements()
    for statement in statements:
        found.append(statement)
    return found


def test_it_is_like_a_list() -> None:
    found = filled(MANY)
    assert (len(found), bool(found), bool(Statements())) == (len(MANY), True, False)
    assert list(found) == MANY
    assert [found[place] for place in range(-len(MANY), len(MANY))] == MANY + MANY
    assert found[2:5] == MANY[2:5]
    assert found[::-2] == MANY[::-2]
    assert found.index(MANY[3]) == 3
    with pytest.raises(IndexError):
        found[len(MANY)]


def test_only_the_text_of_rows_leaves_memory() -> None:
    assert [one.sql for one in outlines(filled(MANY))] == ["CREATE", "", "", "", "text", "INSERT", "", ""]
    assert list(outlines(MANY)) == MANY


@pytest.mark.parametrize("size", range(len(MANY) + 1))
def test_it_is_cut_and_grows_again(size: int) -> None:
    found = filled(MANY)
    del found[size:]
    assert list(found) == MANY[:size]
    found.append(row("more"))
    assert list(found) == [*MANY[:size], row("more")]


def test_joined_lists_stay_apart() -> None:
    first, second = filled(MANY[:3]), filled(MANY[3:])
    whole = Statements.joined([first, [Statement("between")], second])
    assert list(whole) == [*MANY[:3], Statement("between"), *MANY[3:]]
    whole.append(row("three", 4))
    assert (len(first), len(second), len(whole)) == (3, len(MANY) - 3, len(MANY) + 2)


def test_two_lists_share_a_spool() -> None:
    spool = Spool()
    first, second = Statements(spool), Statements(spool)
    for number in range(6):
        (second if number % 3 else first).append(row(f"row {number}"))
    assert [one.sql for one in first] == ["row 0", "row 3"]
    assert [one.sql for one in second] == ["row 1", "row 2", "row 4", "row 5"]


def test_long_texts_are_read_in_blocks() -> None:
    texts = [str(number) * (number % 7 * 9000) for number in range(100)]
    assert [one.sql for one in filled([row(text) for text in texts])] == texts


def test_a_spool_goes_to_the_disk_and_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool = Spool()
    kept = spool.keep(["ä" * IN_MEMORY, "\n", "end"])
    assert b"".join(kept.blocks()).decode() == "ä" * IN_MEMORY + "\nend"
    del spool, kept
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    spool = Spool()
    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(OutputError, match=r"cannot keep the script in .*: no space left on device") as caught:
        spool.add(bytes(IN_MEMORY + 1))
    assert "TMPDIR" in caught.value.hint


def test_half_a_pair_is_told_with_its_line() -> None:
    with pytest.raises(OutputError, match=r"line 3 of x\.sql would hold half of a surrogate pair"):
        Spool().keep(["one\ntwo\n", "thr\ud800ee\n"], " of x.sql")
