"""Operation objects that hold others. Hooks of autogenerate pass them around; nobody performs them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from .custom import MigrateOperation


class OpContainer(MigrateOperation):
    """A list of operations, in ``ops``."""

    def __init__(self, ops: Sequence[MigrateOperation] = ()) -> None:
        self.ops = list(ops)

    def is_empty(self) -> bool:
        """Tell whether it holds nothing."""
        return not self.ops

    def as_diffs(self) -> list[Any]:
        """Return the operations as tuples; those of a table make a list of their own."""
        diffs: list[Any] = []
        for operation in self.ops:
            if isinstance(operation, ModifyTableOps):
                diffs.append(operation.as_diffs())
            elif isinstance(operation, OpContainer):
                diffs.extend(operation.as_diffs())
            else:
                diffs.append(operation.to_diff_tuple())
        return diffs

    def reversed_ops(self) -> list[MigrateOperation]:
        """Return the reverse of each operation, the last one first."""
        return [operation.reverse() for operation in reversed(self.ops)]


class ModifyTableOps(OpContainer):
    """The operations on one table."""

    def __init__(self, table_name: str, ops: Sequence[MigrateOperation], *, schema: str | None = None) -> None:
        super().__init__(ops)
        self.table_name = table_name
        self.schema = schema

    def reverse(self) -> ModifyTableOps:
        """Return the operations that undo these."""
        return ModifyTableOps(self.table_name, self.reversed_ops(), schema=self.schema)


class UpgradeOps(OpContainer):
    """What ``upgrade()`` is to do."""

    def __init__(self, ops: Sequence[MigrateOperation] = (), upgrade_token: str = "upgrades") -> None:
        super().__init__(ops)
        self.upgrade_token = upgrade_token

    def reverse_into(self, downgrade_ops: DowngradeOps) -> DowngradeOps:
        """Fill ``downgrade_ops`` with what undoes these operations, and return it."""
        downgrade_ops.ops[:] = self.reversed_ops()
        return downgrade_ops

    def reverse(self) -> DowngradeOps:
        """Return what ``downgrade()`` is to do."""
        return self.reverse_into(DowngradeOps())


class DowngradeOps(OpContainer):
    """What ``downgrade()`` is to do."""

    def __init__(self, ops: Sequence[MigrateOperation] = (), downgrade_token: str = "downgrades") -> None:
        super().__init__(ops)
        self.downgrade_token = downgrade_token

    def reverse(self) -> UpgradeOps:
        """Return what ``upgrade()`` is to do."""
        return UpgradeOps(self.reversed_ops())


class MigrationScript(MigrateOperation):
    """A revision file to be written: its header and what it does."""

    def __init__(
        self,
        rev_id: str | None,
        upgrade_ops: UpgradeOps,
        downgrade_ops: DowngradeOps,
        *,
        message: str | None = None,
        imports: set[str] | None = None,
        head: str | None = None,
        splice: bool | None = None,
        branch_label: Any = None,
        version_path: str | os.PathLike[str] | None = None,
        depends_on: Any = None,
    ) -> None:
        self.rev_id = rev_id
        self.message = message
        self.imports = set() if imports is None else imports
        self.head = head
        self.splice = splice
        self.branch_label = branch_label
        self.version_path = version_path
        self.depends_on = depends_on
        self.upgrade_ops_list = [upgrade_ops]
        self.downgrade_ops_list = [downgrade_ops]

    @property
    def upgrade_ops(self) -> UpgradeOps:
        """What ``upgrade()`` does; of several databases, the first one's."""
        return self.upgrade_ops_list[0]

    @upgrade_ops.setter
    def upgrade_ops(self, upgrade_ops: UpgradeOps) -> None:
        self.upgrade_ops_list = [upgrade_ops]

    @property
    def downgrade_ops(self) -> DowngradeOps:
        """What ``downgrade()`` does; of several databases, the first one's."""
        return self.downgrade_ops_list[0]

    @downgrade_ops.setter
    def downgrade_ops(self, downgrade_ops: DowngradeOps) -> None:
        self.downgrade_ops_list = [downgrade_ops]
