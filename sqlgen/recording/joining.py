"""One copy of a table where a revision asks for several, one after the other.

Each copy is rendered and run as if it stood alone: so an error is that of its own operation, and what a revision looks
at in between is there. When a second copy of the table follows, the statements since before the first one are taken
back, and one copy that does the work of both takes their place, if it gives the same schema and the same rows, and
refuses the same rows.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from ..copying import Copy, Flows, composed
from ..errors import CommandError, Source
from ..operations.batch import target
from ..operations.model import BatchAlter, Operation
from ..records import dataclass, field
from ..schema.replica import Outcome, Refused, Replica
from ..statement import Call, Statement
from .row_answers import RowAnswers

#: What goes wrong where an operation cannot be rendered.
FAILURES = (sa.exc.SQLAlchemyError, TypeError, ValueError, LookupError, AttributeError, NotImplementedError)
MARK = "sqlgen_copy_"

Table = tuple[str | None, str | None]


@dataclass(slots=True)
class Chain:
    """Operations on one table, the first of which copies it, with nothing else between them.

    ``start`` is the place of the first statement of theirs, ``mark`` the savepoint of the replica before it, ``root``
    the oldest savepoint that is still there. ``calls`` are those that asked for the operations.
    """

    table: Table
    replica: Replica
    root: str
    mark: str
    start: int
    blocks: list[BatchAlter] = field(default_factory=list)
    flows: Flows = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def add(self, blocks: Sequence[BatchAlter], flows: Flows, call: Call) -> None:
        """Take one more operation in."""
        self.blocks += blocks
        self.flows = flows
        if call not in self.calls:
            self.calls.append(call)

    @property
    def operation(self) -> BatchAlter:
        """All operations as one block."""
        inner = tuple(one for block in self.blocks for one in block.operations)
        return BatchAlter(table_name=str(self.table[0]), schema=self.table[1], operations=inner, recreate="always")


@dataclass(slots=True)
class Link:
    """An operation that may become a part of a chain; ``mark`` is the savepoint before a copy, empty for no copy."""

    copy: Copy
    mark: str = ""
    start: int = 0


class Joining(RowAnswers):
    """Records copies of tables, and makes one of those that follow each other."""

    watch: Callable[[Operation | None], None]
    _operation: str
    _place: Source | None
    _chain: Chain | None = None
    _link: Link | None = None
    _rejoined: Operation | None = None
    _also: tuple[Call, ...] | None = None
    _anew: bool

    @property
    @abstractmethod
    def bind(self) -> sa.Connection:
        """The recording connection."""

    @abstractmethod
    def _keep(
        self, statement: Statement, place: Source | None = None, *, follow: bool = True, asked: bool = True
    ) -> Outcome | None:
        """Keep a statement, and let the replica run it."""

    @contextmanager
    def _linking(self, operation: Operation) -> Iterator[None]:
        """Let the statements of one operation become a part of the chain, if they may."""
        outer, self._link = self._link, self._in_place(operation)
        try:
            yield
            if self._link is not None and self._chain is not None:
                self._add(self._chain, self._link)
        finally:
            self._link = outer

    def _in_place(self, operation: Operation) -> Link | None:
        """Return an operation that changes the chain's table in place; None for one that cannot be a part of a copy."""
        chain = self._chain
        if chain is None or isinstance(operation, BatchAlter) or target(operation) != chain.table:
            return None
        name, schema = chain.table
        block = BatchAlter(table_name=str(name), schema=schema, operations=(operation,), recreate="always")
        copy = self._gathered([block])
        return None if copy is None else Link(copy)

    def _gathered(self, blocks: Sequence[BatchAlter]) -> Copy | None:
        """Return a copy that has taken its blocks into account; None where it cannot do what they ask for."""
        try:
            copy = self.dialect.copy(blocks)
            if copy is not None and copy.joins:
                copy.gather()
                return copy
        except (CommandError, *FAILURES):
            pass
        return None

    def _copies(self, copy: Copy) -> None:
        """Begin a copy, whose statements come next."""
        table = target(copy.blocks[0])
        if self._chain is not None and self._chain.table != table:
            self._end_chain()
        self._link = None
        if self.replica is None or not copy.joins:
            return
        chain, start = self._chain, len(self.statements)
        mark = f"{MARK}{start}"
        self.replica.savepoint(mark)
        if chain is None:
            self._chain = Chain(table, self.replica, mark, mark, start)
        self._link = Link(copy, mark, start)

    def _add(self, chain: Chain, link: Link) -> None:
        """Take an operation into the chain when its statements are kept, or begin a new chain with it."""
        copy, call = link.copy, (self._operation, self._place)
        flows = composed(chain.flows, copy.flows()) if chain.blocks else copy.flows()
        if not chain.blocks:
            chain.add(copy.blocks, copy.flows(), call)
        elif not link.mark:
            if flows is None:
                self._end_chain()
            else:
                chain.add(copy.blocks, flows, call)
        elif flows is not None and self._joined(chain, link, flows, call):
            chain.add(copy.blocks, flows, call)
            self._rejoined = chain.operation
        else:
            self._chain = Chain(chain.table, chain.replica, chain.root, link.mark, link.start)
            self._chain.add(copy.blocks, copy.flows(), call)

    def _end_chain(self) -> None:
        """Leave what was copied as it is: what comes now is no change of that table."""
        chain, self._chain = self._chain, None
        if chain is not None:
            chain.replica.release(chain.root)

    def _joined(self, chain: Chain, link: Link, flows: Flows, call: Call) -> bool:
        """Put one copy in the place of the chain's statements and the last copy's, if that gives the same.

        Otherwise all is left as it was.
        """
        replica = chain.replica
        schema = replica.schema()
        kept = self.statements[chain.start :]
        error, self.error = self.error, None
        self._back(chain)
        self.watch(None)
        done = self._copied(chain, [*chain.blocks, *link.copy.blocks], flows, call, kept[0]) and replica.stands(schema)
        self.error = error
        if not done:
            self._back(chain)
            first = link.start - chain.start
            self._again(kept[:first])
            self.watch(chain.operation)
            replica.savepoint(link.mark)
            self._again(kept[first:])
        return done

    def _back(self, chain: Chain) -> None:
        """Take back what the chain did."""
        del self.statements[chain.start :]
        chain.replica.roll_back(chain.mark)

    def _again(self, statements: Sequence[Statement]) -> None:
        """Keep statements that were taken back."""
        for statement in statements:
            assert self.replica is not None
            self.replica.run(statement, asked=False)
            self.statements.append(statement)

    def _copied(self, chain: Chain, blocks: Sequence[BatchAlter], flows: Flows, call: Call, first: Statement) -> bool:
        """Render one copy for several blocks; tell whether that worked, and rows fare as with a copy per block.

        The schema that the run keeps in mind has followed the operations already.
        """
        copy = self._gathered(blocks)
        if copy is None or copy.flows() != flows or not copy.is_as_strict():
            return False
        outer = self._operation, self._place, self._also, self._anew
        (self._operation, self._place), *others = [*chain.calls, call]
        self._also = tuple(one for one in others if one != chain.calls[0])
        self._anew = first.anew
        try:
            for piece in copy.pieces():
                if isinstance(piece, (str, Statement)):
                    statement = Statement(piece, kind="ddl") if isinstance(piece, str) else piece
                    self._keep(statement, asked=False)
                else:
                    self.bind.execute(piece)
        except (CommandError, Refused, *FAILURES):
            return False
        finally:
            self._operation, self._place, self._also, self._anew = outer
        return True
