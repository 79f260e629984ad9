"""From a text to its statements."""

from __future__ import annotations

import re
from collections import deque

from ..errors import Unsupported
from .bodies import Body, PlainBody
from .token import Token
from .tokens import HEAD_TOKENS, Syntax, first_tokens, head, tokens

#: How often a batch may be run again by the number behind its separator.
MOST_REPEATS = 1000


def split(text: str, syntax: Syntax) -> list[str]:
    """Return the statements of a text, each as it was written, without its terminator.

    A comment stays with the statement that follows it; one that nothing follows is left out, and so is an empty
    statement. Raises Unsupported for a literal, comment or block that has no end.
    """
    return Splitter(text, syntax).run()


class Splitter:
    """One pass over a text."""

    def __init__(self, text: str, syntax: Syntax) -> None:
        self.text = text
        self.syntax = syntax
        self.delimiter = ";"
        self.statements: list[str] = []
        self.batch: list[str] = []
        self.first_stop = 0
        self.comment = ""

    def run(self) -> list[str]:
        """Return the statements."""
        position = 0
        while position < len(self.text):
            body = self.body(position)
            closing = self.closing(position, body)
            stop = closing.start if closing else len(self.text)
            if not body.is_closed and (closing is None or closing.kind != "end"):
                raise endless(self.text[position:stop])
            self.add(position, stop)
            position = closing.end if closing else stop
            self.turn(closing)
        self.flush(len(self.text), 1)
        return self.statements

    def body(self, start: int) -> Body:
        """Return what tells the semicolons of the statement apart that begins here."""
        # A delimiter of the author's says where the statement ends.
        first = first_tokens(self.text, self.syntax, start, 1) if self.delimiter == ";" else ""
        if first not in self.syntax.body_words:
            return PlainBody()
        words = first_tokens(self.text, self.syntax, start, HEAD_TOKENS)
        return next((kind for pattern, kind in self.syntax.bodies if re.match(pattern, words)), PlainBody)()

    def closing(self, start: int, body: Body) -> Token | None:
        """Return the token that ends the statement, None at the end of the text."""
        plain = type(body) is PlainBody
        for token in tokens(self.text, self.syntax, start=start, delimiter=self.delimiter, words=not plain):
            if token.kind in ("batch", "delimiter"):
                return token
            if token.kind not in ("comment", "code") and body.ends(token):
                return token
        return None

    def add(self, start: int, stop: int) -> None:
        """Keep a statement, or the comment that stands alone before the next one."""
        piece = self.text[start:stop].strip()
        if self.text.endswith("--", start, stop) and stop < len(self.text) and ends_in_comment(piece, self.syntax):
            raise comment_by_its_end(piece)
        together = "\n".join(filter(None, (self.comment, piece)))
        if all(token.kind == "comment" for token in tokens(piece, self.syntax, delimiter=self.delimiter)):
            self.comment = together
            return
        self.comment = ""
        if not self.batch:
            self.first_stop = stop
        self.batch.append(together if self.delimiter == ";" else without_terminator(together, self.syntax))

    def turn(self, closing: Token | None) -> None:
        """Do what a line of the client's says."""
        if closing is not None and closing.kind == "delimiter":
            self.delimiter = closing.text.split()[1]
        elif closing is not None and closing.kind == "batch":
            found = re.search(r"\d+", closing.text)
            self.flush(closing.start, int(found[0]) if found else 1)

    def flush(self, stop: int, repeats: int) -> None:
        """Finish a batch: its statements, or the whole of it where they cannot be taken apart."""
        if repeats > MOST_REPEATS:
            raise Unsupported(
                f"the text runs a batch {repeats} times", hint="Write a loop, which the server runs, in its place."
            )
        if len(self.batch) > 1 and not separable(self.batch, self.syntax):
            self.batch = [(self.batch[0] + self.text[self.first_stop : stop]).strip()]
        self.statements += self.batch * repeats
        self.batch = []


def separable(batch: list[str], syntax: Syntax) -> bool:
    """Tell whether the statements of a batch mean the same when each is sent alone."""
    if not syntax.standing_alone:
        return True
    *others, last = batch
    plain = others if any(re.match(pattern, head(last, syntax)) for pattern, _ in syntax.bodies) else batch
    return all(re.match(syntax.standing_alone, head(one, syntax)) and not is_tied(one, syntax) for one in plain)


def is_tied(statement: str, syntax: Syntax) -> bool:
    """Tell whether a statement has a word that ties it to its batch."""
    if not re.search(syntax.ties, statement, re.I):
        return False
    words = (token.text for token in tokens(statement, syntax) if token.kind in ("word", "sign"))
    return any(re.fullmatch(syntax.ties, word, re.I) for word in words)


def last_token(statement: str, syntax: Syntax) -> Token | None:
    """Return the last token of a statement, which may be a comment; None when it has none."""
    found = deque(tokens(statement, syntax, words=False), maxlen=1)
    return found[0] if found else None


def ends_in_comment(statement: str, syntax: Syntax) -> bool:
    """Tell whether a statement, standing alone, ends in a comment."""
    last = last_token(statement, syntax)
    return last is not None and last.kind == "comment"


def without_terminator(statement: str, syntax: Syntax) -> str:
    """Return a statement without semicolons behind its last word, and without the comments that follow them."""
    end, ended = 0, False
    for token in tokens(statement, syntax):
        if token.kind == "end":
            ended = True
        elif token.kind != "comment":
            end, ended = token.end, False
    return statement[:end] if ended else statement


def comment_by_its_end(statement: str) -> Unsupported:
    """Return the error for two minus signs that only their terminator keeps from being a comment (MySQL, MariaDB).

    https://dev.mysql.com/doc/refman/8.4/en/ansi-diff-comments.html: ``--`` opens a comment before a blank or the end.
    """
    shown = " ".join(statement.split())[-60:]
    return Unsupported(
        f"two minus signs right before the end of a statement would become a comment: {shown}",
        hint="Put a blank behind the signs for a comment, or take them out.",
    )


def endless(statement: str) -> Unsupported:
    """Return the error for a block or parenthesis that is not closed."""
    shown = " ".join(statement.split())[:60]
    return Unsupported(
        f"the text ends inside a block or parentheses: {shown}",
        hint="Close them; the client would wait for the end, and take the next statements for a part of it.",
    )
