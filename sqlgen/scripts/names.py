"""Names of files that no file system refuses."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from sqlgen.revisions import Revision
from sqlgen.scripts.section import told

LONGEST_SLUG = 40
LONGEST_ID = 64


def revision_stem(revision: Revision) -> str:
    """Return ``id_slug`` for a file name: ASCII letters, digits, ``_``, ``-`` and ``.``, of limited length.

    An id that does not fit is cut and gets eight hexadecimal digits that depend on all of it.
    """
    id = re.sub(r"[^A-Za-z0-9._-]+", "_", revision.id)[:LONGEST_ID]
    if id != revision.id:
        id = f"{id}-{sha256(revision.id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return "_".join(filter(None, (id, slug(told(revision)[0]))))


def revision_file(depth: int, revision: Revision, direction: str) -> str:
    """Return the name of the file of one revision; in the order of the names they can be applied one by one."""
    return f"{depth:04d}_{revision_stem(revision)}.{direction}.sql"


def slug(message: str) -> str:
    """Return the words of a message joined by underscores, ASCII and small, at most ``LONGEST_SLUG`` characters."""
    plain = unicodedata.normalize("NFKD", message).encode("ascii", "ignore").decode()
    words = "_".join(re.findall(r"[a-z0-9]+", plain.lower()))
    return words if len(words) <= LONGEST_SLUG else words[: LONGEST_SLUG + 1].rpartition("_")[0] or words[:LONGEST_SLUG]
