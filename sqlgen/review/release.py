"""A release: the scripts that lead from one release to the next, frozen, with all that the one who applies them needs.

::

    out/releases/1.1.0/RUNSHEET.md                     order, commands, versions before and after, how to go back
    out/releases/1.1.0/manifest.json                   what it is, and the SHA-256 of every file
    out/releases/1.1.0/SHA256SUMS                      the same for ``sha256sum -c``
    out/releases/1.1.0/<dialect>/upgrade.sql …         the scripts, one per revision, the checks before and after
    out/releases/1.1.0.zip                             all of this, the same bytes wherever it is made
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..checks import CheckScript
from ..errors import CommandError, Differs, RevisionError, UsageError
from ..project import Project
from ..records import dataclass, field
from ..revisions import Plan
from ..scripts.reads import parts, told
from ..scripts.script import Script
from ..scripts.texts import script_texts
from ..spool import Kept, Spool
from .both_ways import way_back
from .disk import digest_of, located
from .findings import Finding
from .history import RELEASES
from .record import Record
from .sums import Release, Sums

MANIFEST, SUMS, RUNSHEET = "manifest.json", "SHA256SUMS", "RUNSHEET.md"
FORMAT = 1
"""The version of the manifest."""

_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive: the first that the format knows."""
_REGULAR_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Part:
    """A release's scripts for one dialect."""

    upgrade: Script
    downgrade: Script | None
    checks: tuple[CheckScript, CheckScript] | None = None

    @property
    def name(self) -> str:
        """The dialect."""
        return self.upgrade.dialect.name


@dataclass
class Bundle:
    """A release with all its files; names are relative to its folder."""

    tag: str
    plan: Plan
    parts: list[Part]
    spool: Spool = field(default_factory=Spool)
    files: dict[str, Kept] = field(default_factory=dict)
    ways: dict[str, Plan] = field(default_factory=dict)

    def put(self, name: str, text: str) -> None:
        """Take a text in."""
        self.files[name] = self.spool.keep([text], f" of {name}")

    def put_script(self, script: Script) -> None:
        """Take the files of a script in, and note where each of them leads."""
        for name, pieces in script_texts([script], per_revision=True).items():
            self.files[name] = self.spool.keep(pieces, f" of {name}")
        whole = [(part.file_name, part) for part in parts(script) if isinstance(part, Script)]
        for name, part in (*whole, *script.per_revision()):
            self.ways[f"{script.dialect.name}/{name}"] = part.plan

    @property
    def release(self) -> Release:
        """What the sum file says about it."""
        return Release(self.tag, self.plan.start, self.plan.end, digest(self.files[MANIFEST]))


def digest(text: Kept) -> str:
    """Return the SHA-256 of a text."""
    found = sha256()
    for block in text.blocks():
        found.update(block)
    return found.hexdigest()


def checked_tag(tag: str) -> str:
    """Return a tag that can name a folder. Raises UsageError for any other."""
    if not _TAG.fullmatch(tag) or tag.endswith(".") or ".." in tag:
        raise UsageError(
            f"{tag!r} cannot be the name of a release", hint="Letters, digits and . _ + - are good: 1.1.0, 2024-11."
        )
    return tag


def release_range(project: Project, sums: Sums, text: str | None, dialects: Sequence[str]) -> str:
    """Return the range of a release: from where the last one ended to the heads, unless it says otherwise.

    The first release starts at the baseline, else at nothing. Raises RevisionError where the last release ended at a
    revision that there is no more, and UsageError where the dialects have different baselines.
    """
    if text and ":" in text:
        return text
    target = text or "heads"
    if not sums.releases:
        ranges = dict.fromkeys(project.whole_range(target, dialect=name) for name in dialects)
        if len(ranges) > 1:
            raise UsageError(f"the baselines differ: {', '.join(ranges)}", hint="Say where the release starts.")
        return next(iter(ranges))
    last = sums.releases[-1]
    gone = [id for id in last.end if id not in project.revisions]
    if gone:
        raise RevisionError(
            f"release {last.tag} ended at {gone[0]}, and there is no such revision any more",
            hint="Bring it back: databases that have this release are there.",
        )
    return f"{','.join(last.end) or 'base'}:{target}"


def bundled(project: Project, tag: str, range_text: str, dialects: Sequence[str]) -> Bundle:
    """Render a release. Raises CommandError, and UsageError for a range without revisions."""
    plan = project.plan(range_text)
    if not plan.steps:
        raise UsageError(
            f"the range {range_text} holds no revision, so there is nothing to release",
            hint="'sqlgen history' lists the revisions, 'sqlgen sum' what was released.",
        )
    bundle = Bundle(tag, plan, [])
    for name in dialects:
        with project.ends.wanted():
            upgrade = project.script(range_text, dialect=name)
            downgrade = way_back(project, upgrade)
        part = Part(upgrade, downgrade, _checks(project, range_text, name))
        for script in filter(None, (part.upgrade, part.downgrade)):
            for sentence in told(script):
                project.warn(sentence)
            bundle.put_script(script)
        for one in part.checks or ():
            bundle.files[f"{name}/{one.file_name}"] = bundle.spool.keep(one.pieces(), f" of {name}/{one.file_name}")
        bundle.parts.append(part)
    return bundle


def _checks(project: Project, range_text: str, name: str) -> tuple[CheckScript, CheckScript] | None:
    """Return the questions before and after a script; None, and a warning, where the history cannot be replayed."""
    try:
        return project.checks(range_text, dialect=name)
    except CommandError as error:
        project.warn(f"{name}: no precheck.sql and no verify.sql: {error}")
        return None


def completed(bundle: Bundle, run_sheet: str) -> Bundle:
    """Add the run sheet, the manifest and the checksums to a bundle, and return it."""
    bundle.put(RUNSHEET, run_sheet)
    bundle.put(MANIFEST, json.dumps(manifest(bundle), indent=2, ensure_ascii=False) + "\n")
    lines = [f"{digest(text)}  {name}\n" for name, text in sorted(bundle.files.items())]
    bundle.put(SUMS, "".join(lines))
    return bundle


def manifest(bundle: Bundle) -> dict[str, Any]:
    """Return what a release is, as JSON shows it: no time, user or machine is in it."""
    plan = bundle.plan
    return {
        "schema": FORMAT,
        "tool": "sqlgen",
        "release": bundle.tag,
        "from": list(plan.start),
        "to": list(plan.end),
        "revisions": [
            {"revision": one.id, "down_revision": list(one.down), "message": one.message, "path": one.shown_path}
            for one in plan.revisions
        ],
        "dialects": {part.name: _part_facts(part) for part in bundle.parts},
        "files": {name: _file_facts(bundle, name) for name in sorted(bundle.files)},
    }


def _file_facts(bundle: Bundle, name: str) -> dict[str, Any]:
    """Return the size and hash of a file, and of a script where it leads from and to."""
    text, plan = bundle.files[name], bundle.ways.get(name)
    facts = {"sha256": digest(text), "bytes": len(text)}
    if plan is None:
        return facts
    return {**facts, "direction": plan.direction, "from": list(plan.start), "to": list(plan.end)}


def _part_facts(part: Part) -> dict[str, Any]:
    script = part.upgrade
    return {
        "server_version": script.dialect.version,
        "client": script.form().shape.client,
        "statements": script.statement_count,
        "counts": dict(script.contents.counts),
        "tables": list(script.contents.tables),
        "left_to_alembic": [step.revision.id for step in script.manual],
        "has_downgrade": part.downgrade is not None,
    }


def archive(bundle: Bundle) -> Kept:
    """Return the bundle as a zip archive, whose bytes depend on its files only.

    Nothing in it is compressed, because compressors of different versions give different bytes.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as file:
        for name, text in sorted(bundle.files.items()):
            entry = zipfile.ZipInfo(f"{bundle.tag}/{name}", _EPOCH)
            entry.create_system = 3
            entry.external_attr = _REGULAR_FILE
            file.writestr(entry, b"".join(text.blocks()))
    start = bundle.spool.size
    bundle.spool.add(target.getvalue())
    return Kept(bundle.spool, start, bundle.spool.size)


def refuse_taken(home: Path, bundle: Bundle) -> None:
    """Raise Differs where the folder of a release has other files than the release: a release is not made again."""
    place = home / bundle.tag
    for path in sorted(place.rglob("*")) if place.is_dir() else ():
        name = path.relative_to(place).as_posix()
        if path.is_file() and (name not in bundle.files or digest_of(path) != digest(bundle.files[name])):
            raise Differs(
                f"{located(path)} is there already, and is not what this release would have",
                hint="A release is not written again. Choose another tag, or move that folder away.",
            )


# What became of releases


def release_findings(record: Record) -> Iterator[Finding]:
    """Yield what is wrong with the files of the releases; one whose whole folder is kept elsewhere is fine."""
    for release in record.sums.releases:
        folder = record.folder / RELEASES / release.tag
        if folder.is_dir():
            yield from _folder_findings(folder, release)


def _folder_findings(folder: Path, release: Release) -> Iterator[Finding]:
    hint = f"Bring it back: 'git checkout -- {located(folder)}'. Releases are not written again."
    path = folder / MANIFEST
    if digest_of(path) != release.manifest:
        state = "is not what was released" if path.exists() else "is gone"
        yield Finding("released", f"the manifest of release {release.tag} {state}", located(path), hint=hint)
        return
    listed = _listed(folder)
    for name, facts in listed.items():
        found = digest_of(folder / name)
        if found != facts["sha256"]:
            state = "was edited" if found else "is gone"
            message = f"a file of release {release.tag} {state}"
            yield Finding("released", message, located(folder / name), dialect=name.partition("/")[0], hint=hint)
    hashes = {MANIFEST: release.manifest, **{name: facts["sha256"] for name, facts in listed.items()}}
    text = "".join(f"{found}  {name}\n" for name, found in sorted(hashes.items()))
    if digest_of(folder / SUMS) != sha256(text.encode()).hexdigest():
        yield Finding("released", f"the checksums of release {release.tag} changed", located(folder / SUMS), hint=hint)


def file_names(folder: Path) -> tuple[str, ...]:
    """Return the names of the files that a release in a folder has, by its manifest."""
    return (MANIFEST, SUMS, *_listed(folder))


def _listed(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return what the manifest in a folder says about the other files."""
    listed: Mapping[str, Mapping[str, Any]] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    return listed


def refuse_recorded(sums: Sums, tag: str) -> None:
    """Raise UsageError for a tag that has been released."""
    for release in sums.releases:
        if release.tag.casefold() == tag.casefold():
            way = f"{', '.join(release.start) or 'base'} → {', '.join(release.end)}"
            raise UsageError(
                f"release {release.tag} was made already ({way})",
                hint="A release is not made again: choose another tag.",
            )


def refuse_findings(findings: Sequence[Finding]) -> None:
    """Raise Differs where the scripts that were reviewed are not those that would be released."""
    if findings:
        first = findings[0]
        raise Differs(
            f"out of date, so that nobody reviewed what would be released: {first}",
            hint=f"'sqlgen check' lists all {len(findings)} of them. To mend: {first.command or first.hint}",
        )
