"""Which tables a statement writes anew on PostgreSQL, as `relfilenode` shows."""

from __future__ import annotations

from .. import statements as st
from ..place import Place
from ..specs import ColumnSpec
from .conversions import is_rewrite
from .volatility import volatile_call

_ACTIONS = ("set_logged", "set_unlogged", "set_access_method", "set_tablespace")


def rewritten_tables(statement: st.Statement, at: Place) -> tuple[str, ...]:
    """The existing tables whose every row the statement writes again."""
    found = [table for table in _rewritten(statement, at) if not at.is_new(table)]
    return tuple(dict.fromkeys(found))


def _rewritten(statement: st.Statement, at: Place) -> tuple[str, ...]:
    match statement:
        case st.AddColumn():
            return (statement.table,) if _is_computed(statement.column, at) else ()
        case st.AlterColumn() if statement.type is not None:
            heavy = is_rewrite(at.old_type(statement), statement.type, statement.using)
            return (statement.table,) if heavy else ()
        case st.AlterTable() if statement.action in _ACTIONS:
            return (statement.table,)
        case st.Truncate():
            return statement.tables
        case st.Maintenance() if statement.table is not None:
            return (statement.table,) if statement.full or statement.verb == "cluster" else ()
        case st.ViewStatement() if statement.action == "refresh" and not statement.concurrently:
            return (statement.name,)
        case st.DoBlock():
            return tuple(table for inner in statement.inner for table in _rewritten(inner, at))
    return ()


def _is_computed(column: ColumnSpec, at: Place) -> bool:
    """Whether each row gets a value of its own when the column is added."""
    if column.generated == "stored" or column.identity:
        return True
    default = column.default
    return (
        default is not None
        and default.kind == "expression"
        and volatile_call(default.text) is not None
    )
