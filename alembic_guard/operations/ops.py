"""All operations, and the one that does what a decided rename says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import MigrateOperation
from alembic.operations import ops as alembic_ops

from .schema_objects import (
    MoveTableOp,
    OwnerlessRenameOp,
    RenameEnumTypeOp,
    RenameEnumValueOp,
    RenameSequenceOp,
    RenameStatisticsOp,
    RenameTableOp,
)
from .table_objects import RenameColumnOp, RenameConstraintOp, RenameIndexOp, RenameOp

if TYPE_CHECKING:
    from ..facts import Rename

__all__ = [
    "FixDependentOp",
    "MoveTableOp",
    "RenameColumnOp",
    "RenameConstraintOp",
    "RenameEnumTypeOp",
    "RenameEnumValueOp",
    "RenameIndexOp",
    "RenameOp",
    "RenameSequenceOp",
    "RenameStatisticsOp",
    "RenameTableOp",
    "operation_for",
]


class FixDependentOp(alembic_ops.ExecuteSQLOp):
    """SQL that mends what a rename leaves behind; written as ``op.execute(...)``.

    :param sql: what to run in the upgrade; nothing if empty.
    :param undo: what to run in its place in the downgrade; nothing if empty.
    :param why: what it is for; rendered as a comment.
    """

    def __init__(self, sql: str, *, undo: str = "", why: str = "", undo_why: str = "") -> None:
        super().__init__(sql.replace(":", r"\:"))
        self.sql = sql
        self.undo = undo
        self.why = why
        self.undo_why = undo_why

    def reverse(self) -> FixDependentOp:
        """The same place on the way back."""
        return FixDependentOp(self.undo, undo=self.sql, why=self.undo_why, undo_why=self.why)

    def to_diff_tuple(self) -> tuple[str, str]:
        """``("execute", sql)``, as Alembic's own."""
        return ("execute", self.sql)


def operation_for(rename: Rename) -> MigrateOperation:
    """The operation that does what `rename` says, with its evidence as a comment."""
    why = tuple(f"renamed (class {rename.evidence_class}): {text}" for text in rename.evidence)
    if rename.kind == "table":
        return RenameTableOp(rename.old, rename.new, schema=rename.schema, evidence=why)
    if rename.kind == "schema":
        return MoveTableOp(rename.table or "", rename.old, rename.new, evidence=why)
    if rename.kind in _OWNERLESS:
        return _OWNERLESS[rename.kind](
            rename.old,
            rename.new,
            schema=rename.schema,
            table_name=rename.table or "",
            evidence=why,
        )
    owned = _OWNED[rename.kind]
    return owned(rename.table or "", rename.old, rename.new, schema=rename.schema, evidence=why)


_OWNERLESS: dict[str, type[OwnerlessRenameOp]] = {
    "sequence": RenameSequenceOp,
    "enum_type": RenameEnumTypeOp,
    "statistics": RenameStatisticsOp,
}
_OWNED: dict[str, type[RenameOp]] = {
    "column": RenameColumnOp,
    "index": RenameIndexOp,
    "constraint": RenameConstraintOp,
    "enum_value": RenameEnumValueOp,
}
