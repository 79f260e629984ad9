"""The checks of whole chains that are known to fail, each with its reason.

Strict: a gap that is closed must go. A reason that begins with "the project" is the project's own and stays: Alembic
fails there just as well, on a real server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Check = tuple[str, str, str]
MYSQL = ("mysql", "mariadb")
ALL = ("postgresql", *MYSQL, "sqlite")


def of(project: str, dialects: tuple[str, ...], check: str, reason: str) -> Iterator[tuple[Check, str]]:
    """Yield the same gap for several dialects."""
    yield from (((project, dialect, check), reason) for dialect in dialects)


USERS = "the project's chain starts from tables that its application makes: no revision creates 'users'"
VERSION = "the project's chain starts from tables of an older release: no revision creates 'version' or 'mailinglist'"
STEP = "the project drops a column of a UNIQUE constraint, which MariaDB refuses and MySQL does not"
FLOAT = "the project's v3.0.0.c asks for IntermediateValueModel.FloatTypeEnum, which it does not have"

EXPECTED: Mapping[Check, str] = dict(
    (
        # The projects' own; Alembic fails as well.
        *of("optuna", MYSQL, "upgrade alembic", STEP),
        *of("optuna", MYSQL, "upgrade applies", STEP),
        *of("optuna", ("postgresql", "sqlite"), "downgrade alembic", FLOAT),
        *of("zuul", ("postgresql", *MYSQL), "downgrade alembic", "the project raises 'Downgrades not supported'"),
        *of("meltano", ("postgresql", "sqlite"), "downgrade alembic", "the project drops a column of a dropped table"),
        *of("keystone", ALL, "downgrade alembic", "the project has no downgrade() in most of its revisions"),
        *of("jupyterhub", ALL, "upgrade alembic", USERS),
        *of("jupyterhub", ALL, "upgrade renders", USERS),
        *of("mailman", ALL, "upgrade alembic", VERSION),
        *of("mailman", ALL, "upgrade renders", VERSION),
        *of("datajunction-server", ("postgresql",), "downgrade alembic", "the project drops an index twice"),
        # Ours.
        *of("meltano", ("postgresql",), "downgrade renders", "alter_column(_type=…) is refused; Alembic overlooks it"),
        *of(
            "optuna", ("postgresql", "sqlite"), "downgrade renders", "v3.0.0.d reads rows that stood before the script"
        ),
        *of("keystone", ("mariadb",), "upgrade applies", "a reference into a table that has another character set"),
    )
)
"""Project, dialect and check, and why the check fails at present."""
