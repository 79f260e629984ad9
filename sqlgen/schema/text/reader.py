"""A cursor over the tokens of one statement, which a grammar walks along."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from ...splitting import Token

Fold = Callable[[Token], str]


class NotFollowed(Exception):
    """A statement, or a part of it, is not in the grammar. It never leaves this room."""


class Reader:
    """The tokens of a text from ``start`` to ``stop``, comments left out; ``fold`` gives a name as the server keeps it.

    What takes tokens and does not find what it needs raises NotFollowed.
    """

    def __init__(self, text: str, tokens: Sequence[Token], fold: Fold, start: int = 0, stop: int | None = None) -> None:
        self.text = text
        self.tokens = tokens
        self.fold = fold
        self.at = start
        self.stop = len(tokens) if stop is None else stop

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is left."""
        return self.at >= self.stop

    def peek(self, ahead: int = 0) -> Token | None:
        """Return a token that comes, None behind the end."""
        place = self.at + ahead
        return self.tokens[place] if place < self.stop else None

    def next(self) -> Token:
        """Take the next token."""
        token = self.peek()
        if token is None:
            raise NotFollowed("the text ends early")
        self.at += 1
        return token

    def shows(self, *words: str) -> bool:
        """Tell whether these words or signs come next, in this order; words are given in capitals."""
        return all(spelled(self.peek(ahead)) == word for ahead, word in enumerate(words))

    def takes(self, *words: str) -> bool:
        """Take these words or signs if they come next, and tell whether they did."""
        if not self.shows(*words):
            return False
        self.at += len(words)
        return True

    def takes_one(self, words: Collection[str]) -> str:
        """Take the next token if it is one of these words, and return it; else return ''."""
        found = spelled(self.peek())
        if not found or found not in words:
            return ""
        self.at += 1
        return found

    def needs(self, *words: str) -> None:
        """Take these words or signs."""
        if not self.takes(*words):
            raise NotFollowed(f"{' '.join(words)} does not come")

    def ends(self) -> None:
        """Make sure that nothing is left."""
        if not self.is_done:
            raise NotFollowed(f"{self.next().text} is left over")

    def name(self) -> str:
        """Take a name."""
        token = self.next()
        if token.kind not in ("word", "name"):
            raise NotFollowed(f"{token.text} is no name")
        return self.fold(token)

    def names(self) -> tuple[str, ...]:
        """Take a name of one or more parts that dots join."""
        parts = [self.name()]
        while self.takes("."):
            parts.append(self.name())
        return tuple(parts)

    def qualified(self) -> tuple[str, str | None]:
        """Take a name with or without its schema; return name and schema."""
        parts = self.names()
        if len(parts) > 2:
            raise NotFollowed("the name has more parts than schema and name")
        return parts[-1], parts[0] if len(parts) == 2 else None

    def word(self) -> str:
        """Take a word, and return it in capitals."""
        token = self.next()
        if token.kind != "word":
            raise NotFollowed(f"{token.text} is no word")
        return token.text.upper()

    def number(self) -> int:
        """Take a whole number, with or without a sign."""
        sign = "-" if self.takes("-") else ""
        self.takes("+")
        token = self.next()
        if not token.text.isdecimal():
            raise NotFollowed(f"{token.text} is no whole number")
        return int(sign + token.text)

    def shows_number(self) -> bool:
        """Tell whether a whole number without a sign comes next."""
        token = self.peek()
        return token is not None and token.text.isdecimal()

    def group(self) -> Reader:
        """Take what stands in parentheses, and return a reader of it."""
        self.needs("(")
        start, depth = self.at, 1
        while depth:
            kind = self.next().kind
            depth += (kind == "opens") - (kind == "closes")
        return self.part(start, self.at - 1)

    def part(self, start: int, stop: int) -> Reader:
        """Return a reader of some of the tokens."""
        return Reader(self.text, self.tokens, self.fold, start, stop)

    def items(self) -> Iterator[Reader]:
        """Take all that is left, and yield a reader for each part between commas outside parentheses."""
        while not self.is_done:
            start = self.at
            self.skip((",",))
            yield self.part(start, self.at)
            if self.takes(",") and self.is_done:
                raise NotFollowed("nothing follows a comma")

    def skip(self, until: Collection[str]) -> None:
        """Go on to one of these words or signs outside parentheses, or to the end."""
        while not self.is_done and spelled(self.peek()) not in until:
            if self.shows("("):
                self.group()
            else:
                self.next()

    def source(self, start: int, stop: int | None = None) -> str:
        """Return the text from a token to the one before ``stop``, which is the next one unless given."""
        stop = self.at if stop is None else stop
        return self.text[self.tokens[start].start : self.tokens[stop - 1].end] if stop > start else ""

    def rest(self) -> str:
        """Take all that is left, and return its text."""
        start, self.at = self.at, self.stop
        return self.source(start)

    def expression(self, until: Collection[str]) -> str:
        """Take an expression, which has at least one token, and goes on to one of these words, and return its text."""
        start = self.at
        if self.shows("("):
            self.group()
        else:
            self.next()
        while not self.is_done and spelled(self.peek()) not in until:
            if self.shows("("):
                self.group()
            else:
                self.next()
        return self.source(start)

    def words(self) -> Iterator[str]:
        """Yield the words that are left, in capitals, wherever they stand; none is taken."""
        for token in self.tokens[self.at : self.stop]:
            if token.kind == "word":
                yield token.text.upper()


def spelled(token: Token | None) -> str:
    """Return a word in capitals, or a sign; literals and quoted names are spelled like nothing."""
    return "" if token is None or token.kind in ("literal", "name") else token.text.upper()


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())
