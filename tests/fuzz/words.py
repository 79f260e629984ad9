"""Names and texts that break careless quoting."""

from __future__ import annotations

from collections.abc import Collection

from tests.fuzz.chance import Chance

NAMES = (
    "invoice",
    "customer_id",
    "total",
    "created_at",
    "note",
    "Order",
    "select",
    "user",
    "table",
    "Group Name",
    "mixedCase",
    "UPPER",
    "naïve",
    "日本語",
    "100%",
    "%s",
    "%(name)s",
    'quo"te',
    "back`tick",
    "it's",
    "semi;colon",
    "co:lon",
    "dash--dash",
    "slash/*star*/",
    "brack[et]",
    "{brace}",
    "$dollar",
    "hash#tag",
    "back\\slash",
    "do.t",
    "0digit",
    "_under",
    "key",
    "value",
    "index",
    "a_name_of_fifty_six_characters_with_a_prefix_up_to_sixty",
)

TEXTS = (
    "plain",
    "it's",
    'say "hi"',
    "100% %s %(x)s",
    "C:\\new\\table",
    "ends in a backslash\\",
    "\\'",
    ":name a:b ::c",
    "line\nbreak",
    "tab\there",
    "cr\r\nlf",
    "semi; colon;",
    "-- no comment",
    "/* no comment */",
    "# none",
    "naïve 日本語",
    "😀",
    "",
    " ",
    "NULL",
    '{"a":true}',
    "$$ $1",
    "&amp; &x",
    "`tick`",
    "a\nGO\nb",
    "a\n/\nb",
    "a\n.quit\nb",
    "a\n\\q\nb",
    "a\nDELIMITER //\nb",
    "?",
    "{brace}",
)


def fresh_name(chance: Chance, taken: Collection[str], prefix: str = "") -> str:
    """Return a name that differs from those taken, also where case does not count."""
    used = {name.casefold() for name in taken}
    base = prefix + chance.pick(NAMES)
    name, number = base, 2
    while name.casefold() in used:
        name, number = f"{base[:55]}_{number}", number + 1
    return name
