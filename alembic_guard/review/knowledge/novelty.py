"""What a revision itself brought into being, and may therefore treat as it likes."""

from __future__ import annotations

from .. import statements as st
from ..place import Place


def added_here(at: Place, table: str, column: str) -> bool:
    """Whether this revision added the column above."""
    return any(
        isinstance(s, st.AddColumn) and s.table == table and s.column.name == column
        for s in at.earlier
    )


def created_here(at: Place, table: str) -> bool:
    """Whether this revision created the table above, if only to drop it again."""
    return any(isinstance(s, st.CreateTable) and s.table == table for s in at.earlier)
