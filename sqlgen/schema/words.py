"""What can be told of text SQL by its words alone, where its grammar is not known."""

from __future__ import annotations

import re

from .names import NAME, QUALIFIED

TEXT = (
    (re.compile(rf"\s*create\s+(?:\w+\s+)?table\s+(?:if\s+not\s+exists\s+)?{QUALIFIED}", re.I), "table", True),
    (re.compile(rf"\s*drop\s+table\s+(?:if\s+exists\s+)?{QUALIFIED}", re.I), "table", False),
    (re.compile(rf"\s*create\s+type\s+{QUALIFIED}", re.I), "type", True),
    (re.compile(rf"\s*drop\s+type\s+(?:if\s+exists\s+)?{QUALIFIED}", re.I), "type", False),
    (re.compile(rf"\s*drop\s+(?:\w+\s+)?view\s+(?:if\s+exists\s+)?{QUALIFIED}", re.I), "view", False),
)
RENAME = re.compile(rf"\s*alter\s+table\s+(?:if\s+exists\s+)?{QUALIFIED}\s+rename\s+to\s+(?P<new>{NAME})\s*$", re.I)
MOVES = re.compile(r"\b(create|drop|rename|execute|call)\b", re.I)
INSERTS = re.compile(
    rf"\s*(?:insert\s+(?!all\b|first\b)(?:\w+\s+){{0,3}}?into|replace\s+into|merge\s+into|copy)\s+{QUALIFIED}", re.I
)
#: A query that makes a table of what it finds.
SELECTED_INTO = re.compile(
    rf"\s*(?:with\b.*?)?select\b[^']*?\binto\s+(?:(?:temp|temporary|unlogged)\s+)?(?:table\s+)?{QUALIFIED}\s+from\b",
    re.I | re.S,
)
FILLED = re.compile(r"\bas\s*\(?\s*(select|with|table|values)\b|\blike\b|\bpartition\s+of\b", re.I)
SEPARATED = re.compile(r";\s*\S|\bbegin\b", re.I)
LEADING = re.compile(r"(?:\s*(?:--[^\n]*(?:\n|$)|/\*.*?\*/))+", re.S)
#: What defines a program and does not run it; of these, what runs by itself once rows are written.
PROGRAM = re.compile(
    r"\s*create\s+(?:[\w=@`'.]+\s+){0,4}?(?:function|procedure|package|trigger|rule|event|view)\b", re.I
)
BODY = re.compile(r"(\$\w*\$).*?\1", re.S)
TRIGGER = re.compile(r"\s*create\s+(?:[\w=@`'.]+\s+){0,4}?(?:trigger|rule|event)\b", re.I)
TRIGGER_ON = re.compile(
    rf"\s*create\s+(?:temp\w*\s+)?trigger\s+(?:if\s+not\s+exists\s+)?(?P<trigger>(?:{NAME}\s*\.\s*)?{NAME})\s.*?"
    rf"\bon\s+{QUALIFIED}",
    re.I | re.S,
)
NO_TRIGGER = re.compile(rf"\s*drop\s+trigger\s+(?:if\s+exists\s+)?{QUALIFIED}", re.I)
#: What puts no row into any table.
ROWLESS = re.compile(
    r"\s*(?:update|delete|truncate|alter|create|drop|comment|grant|revoke|set|reset|analyze|vacuum|reindex|lock|use|"
    r"pragma|savepoint|release|commit|cluster|select|rename)\b(?!.*\b(?:partition|inherit|into)\b)",
    re.I | re.S,
)
CALLS = re.compile(r"\b(\w+)\s*\(")
KNOWN_CALLS = re.compile(
    r"setval|nextval|currval|lastval|pg_get_serial_sequence|set_config|max|min|count|sum|avg|coalesce|nullif|cast|lower|"
    r"upper|trim|length|concat|replace|substr|substring|now|date|round|abs|greatest|least|in|exists|and|or|not|where|"
    r"from|select|as|over|values|any|all",
    re.I,
)
#: Text that leaves the shape of every table as it is; and words of text that may run any other text.
UNCHANGING = re.compile(r"\s*(insert|update|delete|truncate|grant|revoke|set|reset|analyze|vacuum|lock|pragma)\b", re.I)
RUNS = {"call", "do", "exec", "execute", "perform"}


def words_of(sql: str) -> set[str]:
    """Return the words of a text, in lower case."""
    return {word.lower() for word in re.findall(r"\w+", sql)}


def only_defines(sql: str) -> bool:
    """Tell whether every statement of a text defines a program, which changes no table by that."""
    pieces = BODY.sub("", sql).split(";")
    return all(PROGRAM.match(piece) for piece in pieces if piece.strip())


def adds_no_rows(sql: str) -> bool:
    """Tell whether a single statement certainly puts no row into any table; a SELECT may call a function that does."""
    if not ROWLESS.match(sql):
        return False
    return not re.match(r"\s*select\b", sql, re.I) or all(map(KNOWN_CALLS.fullmatch, CALLS.findall(sql)))
