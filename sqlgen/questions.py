"""Questions that a plain client puts to a database: the lines of a script of checks, and how each database is asked.

A :class:`Check` is one line of the client's output: PASS, WARN, FAIL or SKIP, what was asked, at which step of which
revision, about which object, what was found, what to do. A :class:`Count` counts rows that must not be there, a
:class:`Fact` compares a text from the catalogue with the one that the shadow schema foretells, a :class:`Stated` is
known before anybody asks. :class:`Questions` is the contract that a dialect fulfils; nothing in it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal, NamedTuple

from sqlalchemy.types import TypeEngine

from .literals import SPECIAL
from .records import dataclass
from .schema import state
from .schema.answers import Answers

Status = Literal["PASS", "WARN", "FAIL", "SKIP"]
STATUSES: tuple[Status, ...] = ("PASS", "WARN", "FAIL", "SKIP")
SEPARATOR = " | "
NOTHING = "-"
LONGEST_FIELD = 200
"""Characters of a text that are shown in a line."""


class Need(NamedTuple):
    """A table, and the columns of it, without which a question cannot be asked."""

    table: str
    schema: str | None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What is asked: ``name`` of the check, ``subject`` it is about, ``remedy`` when it fails.

    ``step`` is the number of a statement within ``revision``; 0 and "" for what concerns the whole script.
    ``severity`` is the status of a bad answer.
    """

    name: str
    subject: str
    remedy: str = NOTHING
    step: int = 0
    revision: str = ""
    severity: Status = "FAIL"

    @property
    def place(self) -> str:
        """Step and revision."""
        return f"[{self.step}] {self.revision}" if self.step else self.revision or NOTHING

    @property
    def fields(self) -> tuple[str, str, str, str]:
        """Name, place, subject and remedy as a line shows them."""
        return shown(self.name), shown(self.place), shown(self.subject), shown(self.remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Check):
    """A query that counts what must not be there; ``unit`` names it.

    Without the tables and columns of ``needs`` it is not asked, and the line has the status ``unmet``. A question that
    needs none is put to the catalogue, and cannot fail.
    """

    sql: str
    unit: str = "rows"
    needs: tuple[Need, ...] = ()
    unmet: Status = "SKIP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Check):
    """A scalar query of the catalogue, and the text that it must give; NULL says that the object is not there."""

    sql: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Check):
    """A line that is known before anybody asks; ``found`` says why."""

    status: Status
    found: str


class Told(NamedTuple):
    """How to ask about an object of the catalogue, and what is foretold; ``unsure`` is what is not compared."""

    sql: str
    wanted: str
    unsure: str = ""


class Right(NamedTuple):
    """A right that the script needs: a query that is NULL without it, what it is called, how sure the answer is."""

    name: str
    subject: str
    sql: str
    severity: Status = "FAIL"


def shown(text: str) -> str:
    """Return text for a field of a line: on one line, without the separator."""
    found = SPECIAL.sub(lambda match: f"<U+{ord(match[0]):04X}>", text.replace("|", "¦"))
    return found if len(found) <= LONGEST_FIELD else f"{found[: LONGEST_FIELD - 1]}…"


def squeezed(text: str, dropped: str = " \t\n\r()") -> str:
    """Return SQL text without what servers set or leave out at will, for comparing."""
    return text.translate({ord(one): None for one in dropped})


class Questions:
    """How one database is asked by its plain client.

    ``dialect`` prints names and literals, ``answers`` tells of a schema in the server's words. ``distinct_nulls`` says
    of a UNIQUE key whether rows with NULL in it differ: always (``any``), only where all is NULL (``all``), or never.
    ``enforces_types`` is False where columns take values of any type and length. ``fills_zeros`` says that a new column
    NOT NULL without a default gets a zero in old rows. ``empties`` says that a column must be empty for another type.
    ``index_is_tables`` says that two tables may have indexes of one name, ``names_constraints`` that a table has
    no two constraints of one name.
    """

    distinct_nulls: ClassVar[Literal["any", "all", "none"]] = "any"
    enforces_types: ClassVar[bool] = True
    fills_zeros: ClassVar[bool] = False
    empties: ClassVar[bool] = False
    index_is_tables: ClassVar[bool] = False
    names_constraints: ClassVar[bool] = True

    def __init__(self, dialect: Any, answers: Answers) -> None:
        self.dialect = dialect
        self.answers = answers

    # The form of a script.

    def command(self, file: str) -> str:
        """Return the command line that runs a script of checks."""
        raise NotImplementedError

    def opening(self) -> Iterable[str]:
        """Return the settings at the top: nothing is written, an error does not end the script."""
        raise NotImplementedError

    def closing(self, title: str, total: int) -> Iterable[str]:
        """Return the lines at the end, with the verdict on ``total`` checks."""
        raise NotImplementedError

    def asked(self, check: Check) -> str:
        """Return the statements that print the line of a check."""
        match check:
            case Count():
                return self.counted(check)
            case Fact():
                return self.compared(check)
            case Stated():
                return self.told(check)
        raise TypeError(type(check).__name__)

    def counted(self, check: Count) -> str:
        """Return the statements of a count."""
        raise NotImplementedError

    def compared(self, check: Fact) -> str:
        """Return the statements of a comparison."""
        raise NotImplementedError

    def told(self, check: Stated) -> str:
        """Return the statements of a line that is known."""
        raise NotImplementedError

    def literal(self, text: str) -> str:
        """Return text as a literal."""
        found: str = self.dialect.text_literal(text)
        return found

    def unmet_text(self, check: Count) -> str:
        """Return what the line of a count says that was not asked."""
        if check.unmet == "PASS":
            return "nothing is there"
        names = ", ".join(one.schema + "." + one.table if one.schema else one.table for one in check.needs)
        return f"not asked: no table {names}, a column or the right to read is missing"

    # Names.

    def table_name(self, name: str, schema: str | None) -> str:
        """Return the name of a table, quoted where it must be."""
        found: str = self.dialect.qualify(name, schema)
        return found

    def column_name(self, name: str, alias: str = "t") -> str:
        """Return the name of a column behind an alias of its table: alone, some databases take it for text."""
        return f"{alias}.{self.dialect.name_of(name)}"

    # What the catalogue tells of an object. Each query is NULL when the object is not there.

    def table(self, table: state.Table) -> Told:
        """Return the question about a table itself, with its comment."""
        raise NotImplementedError

    def column(self, table: state.Table, column: state.Column) -> Told:
        """Return the question about a column: type, NOT NULL, default, comment."""
        raise NotImplementedError

    def key(self, table: state.Table, key: state.PrimaryKey | state.Unique) -> Told:
        """Return the question about a primary key or UNIQUE constraint."""
        raise NotImplementedError

    def foreign_key(self, table: state.Table, key: state.ForeignKey) -> Told:
        """Return the question about a foreign key."""
        raise NotImplementedError

    def check(self, table: state.Table, check: state.Check) -> Told:
        """Return the question about a CHECK."""
        raise NotImplementedError

    def exclude(self, table: state.Table, one: state.Exclude) -> Told:
        """Return the question about an EXCLUDE constraint."""
        raise NotImplementedError

    def index(self, table: state.Table, index: state.Index) -> Told:
        """Return the question about an index."""
        raise NotImplementedError

    def enumeration(self, one: state.Enumeration) -> Told:
        """Return the question about an enum type."""
        raise NotImplementedError

    def exists(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that counts the objects of a kind and name; ``table`` is whose column or constraint it is.

        Kinds are ``table``, ``view``, ``column``, ``constraint``, ``index``, ``sequence``, ``type``, ``trigger``.
        """
        raise NotImplementedError

    def there(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that is ``there`` for an object that exists."""
        return f"SELECT CASE WHEN ({self.exists(kind, name, schema, table)}) > 0 THEN 'there' END{self.from_nothing}"

    #: The lines that lead a session into another schema, where a statement can.
    entering: ClassVar[tuple[str, ...]] = ()
    #: What stands behind a SELECT from no table.
    from_nothing: ClassVar[str] = ""

    # What is asked of the server and of the user.

    def server(self) -> Told:
        """Return the question whether the server has at least the version that the script was written for."""
        raise NotImplementedError

    def rights(self, needed: Iterable[tuple[str, Need | None]]) -> Iterator[Right]:
        """Yield the rights that a script needs, by words such as CREATE, and the table or None for the schema."""
        return iter(())

    # Conditions on rows.

    def too_long(self, column: str, length: int, type_: TypeEngine[Any]) -> str:
        """Return the condition for a value of more characters, or bytes, than a type holds."""
        raise NotImplementedError

    def no_integer(self, column: str) -> str:
        """Return the condition for a text that is no integer."""
        raise NotImplementedError

    def not_converted(self, column: str, type_: TypeEngine[Any]) -> str | None:
        """Return the condition for a value that a type does not take; None where nothing can ask so."""
        return None

    def counting(self, source: str, condition: str) -> str:
        """Return the query that counts the rows of a table, as ``t``, that meet a condition; all without one."""
        return f"SELECT COUNT(*) AS n FROM {source} t{f' WHERE {condition}' if condition else ''}"

    def repeated(self, source: str, parts: Iterable[str], nulls: Iterable[str], condition: str) -> str:
        """Return the query that counts the values that come more than once; ``nulls`` are the columns of a key."""
        different = {"any": " AND ", "all": " OR "}.get(self.distinct_nulls)
        told = [f"{column} IS NOT NULL" for column in nulls]
        wheres = [f"({different.join(told)})"] if told and different else []
        wheres += [f"({condition})"] if condition else []
        where = f" WHERE {' AND '.join(wheres)}" if wheres else ""
        groups = f"SELECT COUNT(*) AS c FROM {source} t{where} GROUP BY {', '.join(parts)} HAVING COUNT(*) > 1"
        return f"SELECT COUNT(*) AS n FROM ({groups}) d"

    def option(self, options: Any, name: str) -> Any:
        """Return an option of this database by its short name, None for none."""
        return options.get(f"{self.dialect.name}_{name}")
