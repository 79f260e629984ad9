"""Filling in the template of a new revision file.

Projects keep a Mako template, ``script.py.mako``. Nearly all of them use four forms only, and these are filled in
here: ``${name}``, ``${repr(name)}``, ``${name | comma,n}``, ``${name if name else "text"}``. A template that does
more needs the package ``mako``; where that is not installed, sqlgen's own template is used, and a note says so.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from sqlgen.errors import LoadError, Source

_FORM = re.compile(r"\$\{(.*?)\}", re.DOTALL)
_REPR = re.compile(r"repr\((\w+)\)")
_CHOICE = re.compile(r"""(\w+) if (\w+) else ("[^"]*"|'[^']*')""")
_COMMA = re.compile(r"(\w+)\s*\|\s*comma\s*,\s*n")
_MORE = re.compile(r"^[ \t]*(?:%|\#\#)|<%|</%|\\\r?\n", re.MULTILINE)


def stock(name: str) -> str:
    """Return the text of one of sqlgen's own templates by its file name, as in ``env.py``."""
    return (files("sqlgen.revisions") / "templates" / f"{name}.txt").read_text("utf-8")


def docstring_text(message: str) -> str:
    """Write a message so that it can stand between triple quotes: any text gives a valid Python file.

    A lone surrogate, as an argument that is not in the terminal's encoding has, becomes U+FFFD: Python 3.13 takes no
    docstring with one.
    """
    return "".join(map(_escaped, message)).replace('"""', '\\"\\"\\"')


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character in "\n " or character.isprintable():
        return character
    if "\ud800" <= character <= "\udfff":
        return "\N{REPLACEMENT CHARACTER}"
    return character.encode("unicode_escape").decode("ascii")


def render(template: Path, values: Mapping[str, object]) -> tuple[str, str]:
    """Fill in a project's template, or sqlgen's own where there is none; return the text and a note, mostly empty.

    Raises :class:`LoadError` for a template that cannot be read, or that does not give a Python file.
    """
    place = Source(template.as_posix())
    note = ""
    text = fill(stock("script.py.mako"), values)
    if template.is_file():
        source = _read(template, place)
        filled = fill(source, values)
        if filled is None and find_spec("mako"):
            filled = _fill_with_mako(source, values, place)
        if filled is None:
            note = f"{place}: this template needs the package 'mako', which is not installed; sqlgen's own was used"
        text = filled or text
    assert text is not None  # sqlgen's own template has simple forms only
    return _checked(text, place), note


def fill(template: str, values: Mapping[str, object]) -> str | None:
    """Fill in a template of simple forms; return None for one that does more."""
    if _MORE.search(template):
        return None
    parts: list[str] = []
    end = 0
    for form in _FORM.finditer(template):
        filled = _form(form[1].strip(), values)
        if filled is None:
            return None
        parts += [template[end : form.start()], filled]
        end = form.end()
    return "".join([*parts, template[end:]])


def _form(form: str, values: Mapping[str, object]) -> str | None:
    """Return what one ``${form}`` stands for, or None when it is not one of the simple ones."""
    if form in values:
        return str(values[form])
    if (match := _REPR.fullmatch(form)) and match[1] in values:
        return repr(values[match[1]])
    if (match := _COMMA.fullmatch(form)) and match[1] in values:
        return comma(values[match[1]])
    if (match := _CHOICE.fullmatch(form)) and match[1] == match[2] and match[1] in values:
        return str(values[match[1]] or ast.literal_eval(match[3]))
    return None


def comma(value: object) -> str:
    """Write one or several ids with commas between them; None is nothing (the filter ``comma`` of templates)."""
    if value is None:
        return ""
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _read(template: Path, place: Source) -> str:
    try:
        return template.read_text("utf-8")
    except OSError as error:
        raise LoadError(f"the template cannot be read: {error.strerror}", place=place) from error
    except UnicodeDecodeError as error:
        raise LoadError("the template is not UTF-8", place=place, hint="Save it as UTF-8.") from error


def _fill_with_mako(source: str, values: Mapping[str, object], place: Source) -> str:
    """Fill in a template with Mako. Whatever its code raises becomes a :class:`LoadError`."""
    try:
        template = importlib.import_module("mako.template").Template(source)
        return str(template.render_unicode(comma=comma, **values))
    except Exception as error:
        raise LoadError(
            f"the template cannot be filled in: {type(error).__name__}: {error}",
            place=place,
            hint="Mend it, or remove it: sqlgen then uses its own.",
        ) from error


def _checked(text: str, place: Source) -> str:
    """Return the text if it is Python; nothing else may be written."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = text.splitlines()[(getattr(error, "lineno", 0) or 1) - 1]
        raise LoadError(
            f"with these values the template gives no valid Python: {error} ({line.strip()!r})",
            place=place,
            hint="Put ${message} into the docstring only.",
        ) from error
    return text
