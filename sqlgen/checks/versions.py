"""Whether the version table holds the rows that it should."""

from __future__ import annotations

from collections.abc import Iterator

from sqlgen.questions import Check, Count, Need, Questions


def version_rows(questions: Questions, table: Need, rows: tuple[str, ...], remedy: str) -> Iterator[Check]:
    """Yield the questions whether the version table holds exactly these rows; with no rows it need not be there."""
    source = questions.table_name(table.table, table.schema)
    need = Need(table.table, table.schema, ("version_num",))
    place = {"remedy": remedy, "needs": (need,), "unmet": "FAIL" if rows else "PASS"}
    listed = ", ".join(map(questions.literal, rows))
    others = f"SELECT COUNT(*) AS n FROM {source}" + (f" WHERE version_num NOT IN ({listed})" if rows else "")
    wanted = f"only {', '.join(rows)}" if rows else "no row"
    yield Count(name="version", subject=f"{wanted} in {table.table}", sql=others, unit="other rows", **place)  # type: ignore[arg-type]
    for row in rows:
        there = f"SELECT 1 - COUNT(*) AS n FROM {source} WHERE version_num = {questions.literal(row)}"
        yield Count(name="version", subject=f"{row} in {table.table}", sql=there, unit="missing", **place)  # type: ignore[arg-type]
