"""Unified diffs of scripts, in git's own format, with the revision in each hunk's header.

``git apply`` takes them: header lines for files that appear and disappear, quoted names, and the mark for a last line
that has no end. Lines end with LF only, so that a carriage return is seen as a part of its line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from hashlib import sha1

from ..records import dataclass

CONTEXT = 3
"""Lines of context around a change, unless asked otherwise."""

NO_FILE = "/dev/null"

_BANNER = re.compile(rb"-- (?:Revision|Downgrade of|Stamp) (\S.*?)(?:\s{2,}\d+ of \d+)?\s*$")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f-\U0010ffff\"\\]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_LONGEST_CONTEXT = 80

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; None where it is not there. Names are those that the diff shows."""

    name: str
    before: bytes | None
    after: bytes | None
    old_name: str = ""

    @property
    def differs(self) -> bool:
        """Whether there is anything to show."""
        return self.before != self.after

    def counts(self) -> tuple[int, int]:
        """Return how many lines are added and how many removed."""
        codes = _opcodes(_lines(self.before), _lines(self.after))
        return (
            sum(code[4] - code[3] for code in codes if code[0] != "equal"),
            sum(code[2] - code[1] for code in codes if code[0] != "equal"),
        )

    def patch(self, context: int = CONTEXT) -> str:
        """Return the diff; empty when nothing differs. Bytes that are no UTF-8 are shown as replacements."""
        if not self.differs:
            return ""
        return b"".join(self._pieces(context)).decode("utf-8", "replace")

    def _pieces(self, context: int) -> Iterator[bytes]:
        old, new = f"a/{self.old_name or self.name}", f"b/{self.name}"
        yield f"diff --git {quoted(old)} {quoted(new)}\n".encode()
        if self.before is None:
            yield b"new file mode 100644\n"
        elif self.after is None:
            yield b"deleted file mode 100644\n"
        mode = " 100644" if self.before is not None and self.after is not None else ""
        yield f"index {_blob(self.before)}..{_blob(self.after)}{mode}\n".encode()
        hunks = list(_hunks(_lines(self.before), _lines(self.after), context))
        if hunks:
            yield f"--- {_header(old if self.before is not None else NO_FILE)}\n".encode()
            yield f"+++ {_header(new if self.after is not None else NO_FILE)}\n".encode()
        yield from hunks


def unified(old_name: str, before: bytes, name: str, after: bytes) -> str:
    """Return the diff of two texts under two names."""
    return Change(name, before, after, old_name).patch()


def quoted(name: str) -> str:
    """Return a name as git writes it: in quotes and escaped where it is not plain ASCII."""
    if _PLAIN.fullmatch(name):
        return name
    return '"' + "".join(_escaped(character) for character in name) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _PLAIN.fullmatch(character):
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _header(name: str) -> str:
    """Return a name as it stands behind ``---``: with a tab at its end where a blank could end it."""
    shown = quoted(name)
    return f"{shown}\t" if " " in shown and not shown.startswith('"') else shown


def _blob(data: bytes | None) -> str:
    """Return the beginning of the id that git gives to a file's content."""
    if data is None:
        return "0" * 7
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()[:7]


def _lines(data: bytes | None) -> list[bytes]:
    """Return the lines with their ends; only LF ends one."""
    if not data:
        return []
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _opcodes(before: Sequence[bytes], after: Sequence[bytes]) -> list[Opcode]:
    """Return what turns one list of lines into the other; what they share at both ends is not searched."""
    head = _shared(before, after)
    tail = min(_shared(before[::-1], after[::-1]), min(len(before), len(after)) - head)
    middle = SequenceMatcher(
        None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=len(before) > 20_000
    )
    codes: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    codes += [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in middle.get_opcodes()]
    if tail:
        codes.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return _joined(codes)


def _joined(codes: Sequence[Opcode]) -> list[Opcode]:
    """Put neighbours together that both are equal."""
    found: list[Opcode] = []
    for code in codes:
        if found and found[-1][0] == code[0] == "equal":
            _, start, _, other, _ = found.pop()
            found.append(("equal", start, code[2], other, code[4]))
        else:
            found.append(code)
    return found


def _shared(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """Return how many lines two lists have in common at their beginning."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _hunks(before: Sequence[bytes], after: Sequence[bytes], context: int) -> Iterator[bytes]:
    """Yield the hunks, each with its header."""
    banners = [number for number, line in enumerate(before) if _BANNER.match(line)]
    for group in _groups(_opcodes(before, after), context):
        start, end, new_start, new_end = group[0][1], group[-1][2], group[0][3], group[-1][4]
        where = _where(before, after, banners, group)
        yield f"@@ -{_span(start, end)} +{_span(new_start, new_end)} @@{where}\n".encode()
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from _marked(b" ", before[a:b])
                continue
            yield from _marked(b"-", before[a:b])
            yield from _marked(b"+", after[c:d])


def _groups(codes: Sequence[Opcode], context: int) -> Iterator[list[Opcode]]:
    """Yield changes that stand near each other, with their context."""
    group: list[Opcode] = []
    for index, code in enumerate(codes):
        tag, a, b, c, d = code
        if tag != "equal":
            group.append(code)
            continue
        is_first, is_last = index == 0, index == len(codes) - 1
        if not is_first and (is_last or b - a > 2 * context):
            kept = min(context, b - a)
            yield [*group, ("equal", a, a + kept, c, c + kept)]
            group = []
            if is_last:
                return
        start = max(a, b - context) if not group else a
        group.append(("equal", start, b, c + start - a, d))
    if any(code[0] != "equal" for code in group):
        yield group


def _where(before: Sequence[bytes], after: Sequence[bytes], banners: Sequence[int], group: Sequence[Opcode]) -> str:
    """Return the revision in which the first change of a hunk stands: the last banner above it."""
    tag, line, _, new, new_end = next(code for code in group if code[0] != "equal")
    if tag == "insert":
        for text in after[new:new_end]:
            if found := _BANNER.match(text):
                return f" {_title(found)}"
    place = bisect_right(banners, line) - 1
    found = _BANNER.match(before[banners[place]]) if place >= 0 else None
    return f" {_title(found)}" if found else ""


def _title(banner: re.Match[bytes]) -> str:
    return banner[1].decode("utf-8", "replace")[:_LONGEST_CONTEXT].rstrip()


def _span(start: int, end: int) -> str:
    """Return a range of lines as git writes it; an empty one names the line before it."""
    size = end - start
    if size == 1:
        return str(start + 1)
    return f"{start + 1 if size else start},{size}"


def _marked(mark: bytes, lines: Sequence[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield mark + line
        if not line.endswith(b"\n"):
            yield b"\n\\ No newline at end of file\n"
