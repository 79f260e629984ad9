"""The files of scripts: their names, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from sqlgen.errors import OutputError
from sqlgen.scripts.files import write_files
from sqlgen.scripts.reads import parts, run_sheet
from sqlgen.scripts.script import Script


def write_scripts(
    folder: Path,
    scripts: Sequence[Script],
    per_revision: bool,
    beside: Mapping[Path, Iterable[str]] = MappingProxyType({}),
) -> list[Path]:
    """Write scripts under ``folder/<dialect>/``, with a file per revision if asked; return the paths, all of them.

    What else is given ``beside`` them, by paths, is written with them or not at all.

    A script with steps that are left to Alembic comes in parts, with a run sheet beside them.
    Everything is rendered before the first byte is written. Raises OutputError for what cannot be written, and
    for two scripts that would get one name.
    """
    texts: dict[Path, Iterable[str]] = dict(beside)
    texts |= {folder / name: text for name, text in script_texts(scripts, per_revision).items()}
    write_files(texts)
    return list(texts)


def script_texts(scripts: Sequence[Script], per_revision: bool) -> dict[str, Iterable[str]]:
    """Return the texts of scripts by the names of their files, ``<dialect>/upgrade.sql`` and so on; none is made yet.

    Raises OutputError for two scripts that would get one name.
    """
    texts: dict[str, Iterable[str]] = {}
    taken: set[str] = set()
    for script in scripts:
        home = script.dialect.name
        whole = [(part.file_name, part) for part in parts(script) if isinstance(part, Script)]
        single = script.per_revision() if per_revision else ()
        if script.manual:
            name, text = run_sheet(script)
            texts[f"{home}/{name}"] = [text]
        for name, part in (*whole, *single):
            path = f"{home}/{name}"
            # Some file systems do not tell capitals from small letters.
            if path.casefold() in taken:
                raise OutputError(f"two scripts would be written to {path}", hint="Give the revisions different ids.")
            taken.add(path.casefold())
            texts[path] = part.pieces()
    return texts
