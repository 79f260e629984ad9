"""Which semicolons belong to a statement: one class for each way in which databases write bodies."""

from __future__ import annotations

from typing import Protocol

from .token import Token


class Body(Protocol):
    """Is shown each token of a statement but its comments, in order."""

    def ends(self, token: Token) -> bool:
        """Take the next token, and tell whether it ends the statement; asked of every token."""

    @property
    def is_closed(self) -> bool:
        """Whether the statement may end here."""


class PlainBody:
    """No body: the next terminator ends the statement, unless it stands in parentheses that count."""

    def __init__(self) -> None:
        self.depth = 0

    def ends(self, token: Token) -> bool:
        """Count parentheses."""
        if token.kind == "opens":
            self.depth += 1
        elif token.kind == "closes":
            self.depth = max(0, self.depth - 1)
        return token.kind == "end" and not self.depth

    @property
    def is_closed(self) -> bool:
        """Whether all parentheses are closed."""
        return not self.depth


class WholeBody:
    """A body that only the end of its batch ends."""

    is_closed = True

    def ends(self, token: Token) -> bool:
        """Say no."""
        return False


class AtomicBody(PlainBody):
    """``BEGIN ATOMIC … END`` of SQL-standard routines: blocks and CASE, counted outside parentheses."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = 0

    def ends(self, token: Token) -> bool:
        """Count blocks."""
        if token.kind == "word" and not self.depth:
            word = token.text.upper()
            self.blocks += word == "BEGIN" or (word == "CASE" and self.blocks > 0)
            self.blocks -= word == "END" and self.blocks > 0
        return super().ends(token) and not self.blocks

    @property
    def is_closed(self) -> bool:
        """Whether all blocks and parentheses are closed."""
        return not self.blocks and super().is_closed


class TriggerBody:
    """A body of plain statements: the statement ends behind an END that follows a semicolon."""

    def __init__(self) -> None:
        self.after = ""

    def ends(self, token: Token) -> bool:
        """Look for ``; END ;``."""
        if token.kind == "end":
            done = self.after == "; END"
            self.after = ";"
            return done
        self.after = "; END" if self.after == ";" and token.text.upper() == "END" else ""
        return False

    @property
    def is_closed(self) -> bool:
        """Whether END was the last word."""
        return self.after == "; END"


class CompoundBody:
    """Blocks of stored programs: BEGIN, IF, CASE, LOOP, WHILE, REPEAT, FOR; they open where a statement can begin.

    So columns may be called ``begin`` and ``end``, and IF and REPEAT may be functions. The statement of a routine,
    trigger or event begins behind the words that lead to it (``FOR EACH ROW``, ``DO``, the parentheses of arguments).
    """

    is_closed = True
    OPENERS = frozenset(("BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"))
    LEADS_TO_STATEMENT = frozenset(("THEN", "ELSE", "DO"))
    #: Openers behind which a statement begins at once.
    BLOCKS = frozenset(("BEGIN", "LOOP", "REPEAT"))
    #: What begins a body that has no block.
    VERBS = frozenset(
        (
            "SET",
            "INSERT",
            "UPDATE",
            "DELETE",
            "REPLACE",
            "CALL",
            "RETURN",
            "SELECT",
            "WITH",
            "SIGNAL",
            "RESIGNAL",
            "TRUNCATE",
        )
    )

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.depth = 0
        self.kind = ""
        #: Behind the words that lead to the body; a statement can begin here; words before it are skipped.
        self.in_body = self.can_begin = self.waiting = False
        self.first = self.last = ""

    def ends(self, token: Token) -> bool:
        """Follow blocks."""
        if token.kind == "end":
            return self._semicolon()
        if token.kind in ("opens", "closes"):
            self._parenthesis(token.kind)
        elif token.kind == "word" and not self.depth:
            self._word(token.text.upper())
        elif token.text == ":" and self.first == self.last:
            self.can_begin = True  # behind a label
        elif not self.waiting:
            self.can_begin = False
        self.last = token.text.upper()
        return False

    def _semicolon(self) -> bool:
        if not self.stack:
            return not self.depth
        self.can_begin, self.waiting = True, False
        self.first = self.last = ""
        return False

    def _parenthesis(self, kind: str) -> None:
        self.depth += 1 if kind == "opens" else -1
        if not self.in_body and not self.depth and self.kind in ("PROCEDURE", "FUNCTION"):
            self._begin_body()
        elif not self.waiting:
            self.can_begin = False

    def _begin_body(self) -> None:
        self.in_body = self.can_begin = self.waiting = True

    def _word(self, word: str) -> None:
        if not self.in_body:
            self._lead(word)
        elif self.can_begin and word == "END":
            self._close()
        elif self.can_begin and word in self.OPENERS and not (self.first == "DECLARE" and word == "FOR"):
            self._open(word)
        elif self.stack and self.stack[-1] == "UNTIL" and word == "END":
            self._close()
        elif word == "CASE" and self.last != "END":
            self.stack.append("EXPRESSION")
        elif self.stack and self.stack[-1] == "EXPRESSION":
            if word == "END":
                self.stack.pop()
        else:
            self._inside(word)

    def _lead(self, word: str) -> None:
        """Look for what leads to the body."""
        if not self.kind and word in ("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT"):
            self.kind = word
        elif (self.kind, word, self.last) == ("TRIGGER", "ROW", "EACH") or (self.kind, word) == ("EVENT", "DO"):
            self._begin_body()
        elif not self.kind and not self.last and word in self.OPENERS:
            self.in_body = True
            self._open(word)

    def _open(self, word: str) -> None:
        self.stack.append(word)
        self.can_begin, self.waiting = word in self.BLOCKS, False
        self.first = ""

    def _close(self) -> None:
        if self.stack:
            self.stack.pop()
        self.can_begin = self.waiting = False

    def _inside(self, word: str) -> None:
        """Take a word that opens and closes nothing."""
        if word in self.LEADS_TO_STATEMENT:
            self.can_begin, self.waiting, self.first = True, False, ""
        elif word == "HANDLER" and self.first == "DECLARE":
            self.can_begin = self.waiting = True
        elif word in ("NOT", "ATOMIC") and self.can_begin:
            pass
        elif self.waiting:
            # CHARACTER SET is no SET.
            if word in self.VERBS and not (word == "SET" and self.last in ("CHARACTER", "CHAR")):
                self.can_begin = self.waiting = False
            self.first = word if self.first != "DECLARE" else self.first
        elif self.can_begin:
            self.first, self.can_begin = word, False
            if word == "UNTIL" and self.stack[-1:] == ["REPEAT"]:
                self.stack[-1] = "UNTIL"
