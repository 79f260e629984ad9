"""Text SQL of the author's, taken apart into statements as the database at hand and its client read it.

How strings, names, comments and bodies look is data, a :class:`Syntax` that the dialect supplies; nothing here names a
database. No token is ever changed. What cannot be taken apart safely stays whole.
"""

from .bodies import AtomicBody, Body, CompoundBody, TriggerBody, WholeBody
from .statements import last_token, split, without_terminator
from .token import Token
from .tokens import STANDARD, Syntax, head, tokens

__all__ = [
    "STANDARD",
    "AtomicBody",
    "Body",
    "CompoundBody",
    "Syntax",
    "Token",
    "TriggerBody",
    "WholeBody",
    "head",
    "last_token",
    "split",
    "tokens",
    "without_terminator",
]
