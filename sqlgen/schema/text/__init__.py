"""A grammar of the statements that change a schema, read from the tokens of :mod:`sqlgen.splitting`.

``reader`` walks along tokens, ``facts`` knows names and types, ``columns``, ``tables``, ``alter`` and ``objects`` take
one kind of statement each, ``grammar`` takes whole statements. What is special about one database is a subclass that
its dialect supplies.
"""

from .facts import Known, TextDialect, TypeText, clause
from .grammar import Grammar
from .reader import NotFollowed, Reader

__all__ = ["Grammar", "Known", "NotFollowed", "Reader", "TextDialect", "TypeText", "clause"]
