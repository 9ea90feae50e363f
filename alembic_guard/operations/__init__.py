"""Rename operations: one class a kind, its reverse, diff tuple and renderer, and one lossless
implementation per dialect.

Importing this package registers them with Alembic; what runs them is imported on first use,
because every `import alembic` pays for this module.
"""

from __future__ import annotations

from . import execution, rendering
from .ops import (
    FixDependentOp,
    MoveTableOp,
    RenameColumnOp,
    RenameConstraintOp,
    RenameEnumTypeOp,
    RenameEnumValueOp,
    RenameIndexOp,
    RenameOp,
    RenameSequenceOp,
    RenameStatisticsOp,
    RenameTableOp,
    operation_for,
)

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
    "execution",
    "operation_for",
    "rendering",
]
