"""Which statements change the schema, which only data, and which need no way back."""

from __future__ import annotations

from collections.abc import Sequence

from .. import statements as st
from ..specs import UNSET

DATA = (st.Dml, st.Truncate)
NO_WAY_BACK_NEEDED = (
    st.ValidateConstraint,
    st.Maintenance,
    st.Reindex,
    st.SetVariable,
    st.TransactionControl,
    st.LockTable,
    st.Grant,
    st.CommentOn,
    st.PythonFact,
    st.OtherSql,
    st.BrokenSql,
    st.Opaque,
    st.DoBlock,
    *DATA,
)


def is_schema_change(statement: st.Statement) -> bool:
    """Whether a downgrade would have something to take back."""
    if isinstance(statement, NO_WAY_BACK_NEEDED):
        return False
    if isinstance(statement, st.AlterType):
        return statement.action != "add_value"
    if isinstance(statement, st.SchemaStatement):
        return not (statement.kind == "extension" and statement.action == "create")
    if isinstance(statement, st.ViewStatement):
        return statement.action != "refresh"
    if isinstance(statement, st.CreateTable):
        return not statement.temporary
    if isinstance(statement, st.AlterTable):
        return statement.action not in (
            "enable_trigger",
            "disable_trigger",
            "owner",
            "replica_identity",
            "set_options",
            "reset_options",
            "cluster_on",
            "comment",
        )
    if isinstance(statement, st.AlterColumn):
        return not _is_remark(statement)
    return True


def _is_remark(statement: st.AlterColumn) -> bool:
    """Only statistics or a comment change: running it again does no harm."""
    changes = (statement.type, statement.nullable, statement.drop, statement.autoincrement)
    untouched = all(change is None for change in changes) and statement.server_default is UNSET
    return untouched and not statement.identity


def schema_changes(statements: Sequence[st.Statement]) -> list[st.Statement]:
    """What a downgrade would have to take back; temporary tables come and go by themselves."""
    temporary = {s.table for s in statements if isinstance(s, st.CreateTable) and s.temporary}
    made: set[str] = set()
    for statement in statements:
        if isinstance(statement, st.CreateTable):
            made.add(statement.table)
        elif isinstance(statement, st.DropTable) and statement.table in made:
            temporary.add(statement.table)
    return [
        s
        for s in statements
        if is_schema_change(s) and getattr(s, "table", None) not in (temporary or {""})
    ]


def is_ddl(statement: st.Statement) -> bool:
    """Whether it defines, changes or drops an object."""
    return not isinstance(statement, (st.PythonFact, st.Opaque, st.SetVariable, st.OtherSql, *DATA))


def is_write(statement: st.Statement) -> bool:
    """Whether it changes rows."""
    return isinstance(statement, st.Truncate) or (
        isinstance(statement, st.Dml) and statement.verb != "select"
    )
