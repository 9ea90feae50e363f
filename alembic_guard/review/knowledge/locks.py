"""Which table locks a statement takes on PostgreSQL.

The modes are those pg_locks shows after each statement of the review cases on a live server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .. import statements as st
from ..place import Place
from ..specs import ConstraintSpec
from .wording import line_of

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
EXCLUSIVE = "EXCLUSIVE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
ROW_EXCLUSIVE = "ROW EXCLUSIVE"

Lock = tuple[str, str]
"""A table and the mode it is locked in."""

_ACTIONS = {
    "attach_partition": SHARE_UPDATE_EXCLUSIVE,
    "enable_trigger": SHARE_ROW_EXCLUSIVE,
    "disable_trigger": SHARE_ROW_EXCLUSIVE,
    "set_options": SHARE_UPDATE_EXCLUSIVE,
    "reset_options": SHARE_UPDATE_EXCLUSIVE,
    "cluster_on": SHARE_UPDATE_EXCLUSIVE,
    "comment": SHARE_UPDATE_EXCLUSIVE,
}


def locks(statement: st.Statement, at: Place) -> list[Lock]:
    """The locks a statement takes on tables that existed before this revision."""
    handler = _LOCKS.get(type(statement))
    found = handler(statement, at) if handler is not None else ()
    return [(table, mode) for table, mode in found if table and not at.is_new(table)]


def exclusive_tables(
    statements: Sequence[st.Statement], at: Place
) -> Iterator[tuple[st.Statement, list[str]]]:
    """Each statement that takes ACCESS EXCLUSIVE on existing tables, with these tables."""
    for statement in statements:
        tables = [table for table, mode in locks(statement, at) if mode == ACCESS_EXCLUSIVE]
        if tables:
            yield statement, list(dict.fromkeys(tables))


def held_exclusively(at: Place) -> dict[str, str]:
    """The tables this transaction holds ACCESS EXCLUSIVE on already, with the place that took it."""
    held: dict[str, str] = {}
    for statement, tables in exclusive_tables(list(at.earlier_in_transaction()), at):
        for table in tables:
            held.setdefault(table, line_of(statement, at.statement))
    return held


def _table(mode: str) -> Callable[[Any, Place], Iterator[Lock]]:
    def taken(statement: Any, at: Place) -> Iterator[Lock]:
        yield statement.table, mode

    return taken


def _constraint(spec: ConstraintSpec, table: str) -> Iterator[Lock]:
    if spec.kind == "foreign":
        yield table, SHARE_ROW_EXCLUSIVE
        yield spec.ref_table or "", SHARE_ROW_EXCLUSIVE
    else:
        yield table, ACCESS_EXCLUSIVE


def _add_constraint(statement: st.AddConstraint, at: Place) -> Iterator[Lock]:
    return _constraint(statement.constraint, statement.table)


def _add_column(statement: st.AddColumn, at: Place) -> Iterator[Lock]:
    yield statement.table, ACCESS_EXCLUSIVE
    if statement.column.foreign is not None:
        yield statement.column.foreign.ref_table or "", SHARE_ROW_EXCLUSIVE


def _create_table(statement: st.CreateTable, at: Place) -> Iterator[Lock]:
    if statement.partition_of:
        yield statement.partition_of, ACCESS_EXCLUSIVE
    foreign = [column.foreign for column in statement.columns if column.foreign is not None]
    for spec in (*foreign, *(c for c in statement.constraints if c.kind == "foreign")):
        yield spec.ref_table or "", SHARE_ROW_EXCLUSIVE


def _drop_table(statement: st.DropTable, at: Place) -> Iterator[Lock]:
    yield statement.table, ACCESS_EXCLUSIVE
    table = at.table(statement.table)
    for found in table.of_kind("foreign") if table is not None else ():
        yield found.spec.ref_table or "", ACCESS_EXCLUSIVE


def _drop_constraint(statement: st.DropConstraint, at: Place) -> Iterator[Lock]:
    yield statement.table, ACCESS_EXCLUSIVE
    table = at.table(statement.table)
    found = table.constraint(statement.name) if table is not None else None
    if found is not None and found.kind == "foreign":
        yield found.spec.ref_table or "", ACCESS_EXCLUSIVE


def _alter_column(statement: st.AlterColumn, at: Place) -> Iterator[Lock]:
    plain = (statement.type, statement.nullable, statement.drop)
    if statement.statistics and not any(value is not None for value in plain):
        yield statement.table, SHARE_UPDATE_EXCLUSIVE
    else:
        yield statement.table, ACCESS_EXCLUSIVE


def _validate(statement: st.ValidateConstraint, at: Place) -> Iterator[Lock]:
    yield statement.table, SHARE_UPDATE_EXCLUSIVE


def _create_index(statement: st.CreateIndex, at: Place) -> Iterator[Lock]:
    yield statement.table, SHARE_UPDATE_EXCLUSIVE if statement.concurrently else SHARE


def _drop_index(statement: st.DropIndex, at: Place) -> Iterator[Lock]:
    mode = SHARE_UPDATE_EXCLUSIVE if statement.concurrently else ACCESS_EXCLUSIVE
    yield at.table_of(statement) or "", mode


def _reindex(statement: st.Reindex, at: Place) -> Iterator[Lock]:
    mode = SHARE_UPDATE_EXCLUSIVE if statement.concurrently else SHARE
    if statement.kind == "table":
        yield statement.name, mode
    elif statement.kind == "index":
        yield at.schema.index_table(statement.name) or "", mode


def _alter_table(statement: st.AlterTable, at: Place) -> Iterator[Lock]:
    mode = _ACTIONS.get(statement.action, ACCESS_EXCLUSIVE)
    if statement.action == "detach_partition" and statement.options.get("concurrently"):
        mode = SHARE_UPDATE_EXCLUSIVE
    yield statement.table, mode
    if statement.action in ("attach_partition", "detach_partition"):
        yield statement.target or "", ACCESS_EXCLUSIVE


def _code(statement: st.CodeStatement, at: Place) -> Iterator[Lock]:
    if statement.table is None:
        return
    creates = statement.kind == "trigger" and statement.action in ("create", "replace")
    yield statement.table, SHARE_ROW_EXCLUSIVE if creates else ACCESS_EXCLUSIVE


def _dml(statement: st.Dml, at: Place) -> Iterator[Lock]:
    if statement.verb != "select":
        yield statement.table, ROW_EXCLUSIVE


def _truncate(statement: st.Truncate, at: Place) -> Iterator[Lock]:
    for table in statement.tables:
        yield table, ACCESS_EXCLUSIVE


def _lock(statement: st.LockTable, at: Place) -> Iterator[Lock]:
    for table in statement.tables:
        yield table, statement.mode.upper()


def _maintenance(statement: st.Maintenance, at: Place) -> Iterator[Lock]:
    if statement.table and statement.verb in ("vacuum", "analyze", "cluster"):
        exclusive = statement.full or statement.verb == "cluster"
        yield statement.table, ACCESS_EXCLUSIVE if exclusive else SHARE_UPDATE_EXCLUSIVE


def _view(statement: st.ViewStatement, at: Place) -> Iterator[Lock]:
    if statement.action == "refresh":
        yield statement.name, EXCLUSIVE if statement.concurrently else ACCESS_EXCLUSIVE
    elif statement.action in ("drop", "rename", "alter"):
        yield statement.name, ACCESS_EXCLUSIVE


def _domain(statement: st.AlterDomain, at: Place) -> Iterator[Lock]:
    """Every table with a column of the domain is scanned, so that the new rule holds."""
    scans = statement.action in ("set_not_null", "validate_constraint") or (
        statement.constraint is not None and not statement.constraint.not_valid
    )
    for table in at.schema.tables() if scans else ():
        if any(
            c.type is not None and c.type.name == statement.name for c in table.columns.values()
        ):
            yield table.name, SHARE


def _dropped_schema(statement: st.SchemaStatement, at: Place) -> Iterator[Lock]:
    if statement.kind == "schema" and statement.action == "drop" and statement.cascade:
        for table in at.schema.tables():
            if table.name.startswith(f"{statement.name}."):
                yield table.name, ACCESS_EXCLUSIVE


def _do_block(statement: st.DoBlock, at: Place) -> Iterator[Lock]:
    for inner in statement.inner:
        yield from locks(inner, at)


def _comment(statement: st.CommentOn, at: Place) -> Iterator[Lock]:
    if statement.kind == "table":
        yield statement.name, SHARE_UPDATE_EXCLUSIVE
    elif statement.kind == "column":
        yield statement.name.rpartition(".")[0], SHARE_UPDATE_EXCLUSIVE


_LOCKS: Mapping[type[st.Statement], Callable[[Any, Place], Iterator[Lock]]] = {
    st.CreateTable: _create_table,
    st.DropTable: _drop_table,
    st.RenameTable: _table(ACCESS_EXCLUSIVE),
    st.AlterTable: _alter_table,
    st.AddColumn: _add_column,
    st.DropColumn: _table(ACCESS_EXCLUSIVE),
    st.RenameColumn: _table(ACCESS_EXCLUSIVE),
    st.AlterColumn: _alter_column,
    st.AddConstraint: _add_constraint,
    st.DropConstraint: _drop_constraint,
    st.RenameConstraint: _table(ACCESS_EXCLUSIVE),
    st.ValidateConstraint: _validate,
    st.CreateIndex: _create_index,
    st.DropIndex: _drop_index,
    st.Reindex: _reindex,
    st.CodeStatement: _code,
    st.Dml: _dml,
    st.Truncate: _truncate,
    st.LockTable: _lock,
    st.Maintenance: _maintenance,
    st.ViewStatement: _view,
    st.CommentOn: _comment,
    st.AlterDomain: _domain,
    st.SchemaStatement: _dropped_schema,
    st.DoBlock: _do_block,
}
