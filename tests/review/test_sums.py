"""``sqlgen.sum``: written and read, and never trusted when it is damaged."""

from __future__ import annotations

import pytest

from sqlgen.errors import ConfigError, Source
from sqlgen.review.fingerprints import NOTHING, fingerprint, normal, source_fingerprint
from sqlgen.review.sums import Acceptance, DialectSum, Release, RevisionSum, Sums, chained, parsed
from sqlgen.splitting.tokens import STANDARD
from sqlgen.statement import Statement
from tests.review.conftest import Work

PLACE = Source("out/sqlgen.sum")


def revision(id: str, *after: str, up: str = "1", source: str = "s") -> RevisionSum:
    return RevisionSum(id, after, source, {"postgresql": (up, NOTHING)})


def sums() -> Sums:
    revisions = {one.id: one for one in chained([revision("a 1"), revision("b,%2", "a 1"), revision("c", "b,%2")])}
    return Sums(
        {"postgresql": DialectSum("postgresql", "15"), "plain": DialectSum("plain")},
        revisions,
        (Acceptance("a 1", "postgresql", ("0", NOTHING), ("1", NOTHING), "it -> was wrong, = so"),),
        (Release("1.0/ü", (), ("a 1",), "m1"), Release("2", ("a 1",), ("b,%2", "c"), "m2")),
        {"postgresql/a b.sql": "f1", "plain/x.sql": "f2"},
        frozenset({("postgresql/a b.sql", "f1"), ("plain/x.sql", "f2")}),
    )


def test_what_is_written_is_read() -> None:
    assert parsed(sums().text(), PLACE) == sums()
    assert parsed(sums().text(), PLACE).text() == sums().text()


def test_released_are_the_revisions_up_to_the_ends() -> None:
    assert sums().released() == {"a 1": "1.0/ü", "b,%2": "2", "c": "2"}


def cut(text: str) -> str:
    return text[: len(text) // 2]


def swapped(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:-2], lines[-1], lines[-2]])


DAMAGES = {
    "cut off in a line": cut,
    "cut off after a line": lambda text: "".join(text.splitlines(keepends=True)[:-1]),
    "the last newline": lambda text: text.rstrip("\n"),
    "another hash": lambda text: text.replace("f1", "f3"),
    "another order": swapped,
    "a line more": lambda text: text + "file f9 plain/y.sql\n",
    "no first line": lambda text: text.partition("\n")[2],
    "empty": lambda text: "",
    "some other file": lambda text: "hello\n",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_refused_with_its_line(damage: object) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(damage(sums().text()), PLACE)  # type: ignore[operator]
    assert str(caught.value).startswith("out/sqlgen.sum")
    assert "git checkout" in caught.value.hint


def test_line_ends_of_another_system_are_explained() -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(sums().text().replace("\n", "\r\n"), PLACE)
    assert "eol=lf" in caught.value.hint


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(ConfigError, match="has format 2"):
        parsed(sums().text().replace("sqlgen.sum 1", "sqlgen.sum 2"), PLACE)


CONFLICT = """<<<<<<< HEAD
{first}
=======
{second}
>>>>>>> other
# comment
dialect postgresql 15 around=- schema=-
<<<<<<< HEAD
file f1 postgresql/a.sql
=======
file f2 postgresql/a.sql
release 1 base..a m
>>>>>>> other
"""


def test_a_conflicted_file_gives_what_both_sides_know() -> None:
    first = sums().text().partition("\n")[0]
    found = parsed(CONFLICT.format(first=first, second=first), PLACE)
    assert found.known == {("postgresql/a.sql", "f1"), ("postgresql/a.sql", "f2")}
    assert [one.tag for one in found.releases] == ["1"]


@pytest.mark.parametrize("line", ["file f ../x", "file f /etc/x", "nonsense", "revision a", "file f"])
def test_a_wrong_line_is_an_error_with_its_number(line: str) -> None:
    from hashlib import sha256

    body = f"{line}\n"
    text = f"sqlgen.sum 1 {sha256(body.encode()).hexdigest()}\n{body}"
    with pytest.raises(ConfigError, match=r"out/sqlgen\.sum:2: "):
        parsed(text, PLACE)


def test_the_chain_covers_everything_before() -> None:
    one = [*chained([revision("a"), revision("b", "a")])]
    assert [*chained([revision("a", up="2"), revision("b", "a")])][1].chain != one[1].chain
    assert [*chained([revision("a", source="t"), revision("b", "a")])][1].chain != one[1].chain
    assert [*chained([revision("a"), revision("b")])][1].chain != one[1].chain


def prints(*statements: Statement) -> str:
    return fingerprint(statements, STANDARD)


LAYOUTS = [
    ("CREATE TABLE a (x INT, y INT)", "CREATE TABLE a (\n    x INT,\n\ty INT\n)"),
    ("SELECT 1 -- why", "SELECT 1"),
    ("SELECT /* why */ 1", "SELECT 1"),
    ("SELECT f( 1 , 'a' )", "SELECT f(1,'a')"),
]
OTHERS = [
    ("SELECT 'a  b'", "SELECT 'a b'"),
    ("SELECT '-- a'", "SELECT '-- b'"),
    ('SELECT "a b"', 'SELECT "a  b"'),
    ("SELECT N'a'", "SELECT N 'a'"),
    ("SELECT /*+ x */ 1", "SELECT /*+ y */ 1"),
    ("SELECT a b", "SELECT ab"),
    ("SELECT 1 - -1", "SELECT 1 -1"),
    ("count(x)", "count (x)"),
]


@pytest.mark.parametrize(("one", "other"), LAYOUTS)
def test_layout_does_not_count(one: str, other: str) -> None:
    assert normal(one, STANDARD) == normal(other, STANDARD)
    assert prints(Statement(one)) == prints(Statement(other))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_a_server_sees_counts(one: str, other: str) -> None:
    assert prints(Statement(one)) != prints(Statement(other))


def test_the_transaction_counts_and_version_rows_do_not() -> None:
    assert prints(Statement("x")) != prints(Statement("x", transactional=False))
    assert prints(Statement("x")) == prints(Statement("x"), Statement("y", kind="version"))
    assert prints(Statement("x"), Statement("y")) != prints(Statement("xy"))


def test_text_that_is_printed_as_it_is_counts_as_it_is() -> None:
    assert prints(Statement("a  b", verbatim=True)) != prints(Statement("a b", verbatim=True))


def test_a_text_that_cannot_be_taken_apart_counts_as_it_is() -> None:
    assert normal("SELECT  'open", STANDARD) == "SELECT  'open"


def test_line_ends_of_a_source_do_not_count() -> None:
    assert source_fingerprint(b"a\r\nb") == source_fingerprint(b"a\nb") != source_fingerprint(b"a b")


def test_commands_say_what_is_wrong_with_a_sum_file(generated: Work) -> None:
    path = generated.path("sqlgen.sum")
    path.write_text(cut(path.read_text()))
    before = generated.tree()
    assert "was edited or cut off" in generated.sqlgen("check", code=1).stdout
    generated.revision("a3", "a2")
    assert "git checkout -- out/sqlgen.sum" in generated.sqlgen("generate", code=2).stderr
    assert generated.tree() == before


def test_a_sum_file_cannot_name_files_elsewhere(generated: Work) -> None:
    from hashlib import sha256

    secret = generated.root / "secret.sql"
    secret.write_text("x\n")
    link = generated.path("mysql")
    link.symlink_to(generated.root)
    path = generated.path("sqlgen.sum")
    body = path.read_text().partition("\n")[2] + f"file {sha256(b'x' + bytes([10])).hexdigest()} mysql/secret.sql\n"
    path.write_text(f"sqlgen.sum 1 {sha256(body.encode()).hexdigest()}\n{body}")
    generated.sqlgen("generate")
    assert secret.exists()
