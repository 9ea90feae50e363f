"""When a batch block on SQLite copies the table."""

from __future__ import annotations

from .. import statements as st

_COPYING = (st.AlterColumn, st.AddConstraint, st.DropConstraint, st.DropColumn)


def is_recreated(statement: st.Statement) -> bool:
    """Whether Alembic copies the table for this statement under ``recreate="auto"``.

    `SQLiteImpl.requires_recreate_in_batch`: everything but indexes and columns with a
    constant default.
    """
    if isinstance(statement, st.AddColumn):
        default = statement.column.default
        return statement.column.generated == "stored" or (
            default is not None and default.kind == "expression"
        )
    return isinstance(statement, _COPYING)
