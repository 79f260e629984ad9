"""What a database makes of values and comparisons, as far as the row twin must answer like it."""

from __future__ import annotations

from ..records import dataclass


@dataclass(frozen=True, slots=True)
class RowFacts:
    """How one database keeps and compares values.

    ``folds_case``: text is equal whatever its case (the usual collations of the database). ``nulls_first``: where NULL
    stands in ascending order. ``booleans``: drivers return ``bool``; else 0 and 1. ``parses_json``: a query that names
    no type gets JSON as objects; without it, such a query is not answered. ``sorted_json``: types of JSON that keep
    the keys of objects in an order of the server's. ``fraction``: digits of a second that a plain date and time keeps;
    None when it rounds in another way. ``double_floats``: a plain FLOAT is a double. ``empty_is_null``: ``''`` is
    NULL. ``utc``: a time with a zone is kept as a moment, whatever its offset was. ``sets_in_order``: an assignment of
    UPDATE sees what the one before it wrote. ``numbers_rows``: a key of a new table is certainly 1, 2, 3, …;
    ``own_keys_count``: a key that the author gives moves that count. ``sum_of_integers``: what ``sum`` of a plain
    INTEGER is, ``int`` or ``decimal``, empty when that is not known. ``like_classes``: LIKE knows
    ``[…]``. ``uuids``: drivers return UUIDs as objects. ``returning``: RETURNING gives the rows that were written.
    ``parser``: what the parser of text SQL calls the database.
    """

    folds_case: bool = False
    nulls_first: bool = True
    booleans: bool = False
    parses_json: bool = False
    sorted_json: tuple[str, ...] = ()
    fraction: int | None = 6
    double_floats: bool = True
    empty_is_null: bool = False
    utc: bool = False
    sets_in_order: bool = False
    numbers_rows: bool = False
    own_keys_count: bool = False
    sum_of_integers: str = ""
    like_classes: bool = False
    uuids: bool = False
    returning: bool = False
    parser: str = ""
