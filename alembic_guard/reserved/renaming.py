"""Give a planned table or column another name, in every operation that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column, MetaData, Table
from sqlalchemy.sql.elements import TextClause


def why_not_renamed(table: Table, name: str | None) -> str | None:
    """Why the planned operations cannot follow a new name of a column, or of the table itself.

    :param name: the column, None for the table.
    """
    for other in table.metadata.tables.values():
        for foreign_key in other.foreign_keys:
            owner, _, column = foreign_key.target_fullname.rpartition(".")
            if owner == table.fullname and name in (None, column):
                return f"a foreign key of {other.name} points at it"
    if name is not None and any(re.search(rf"\b{re.escape(name)}\b", text) for text in _sql(table)):
        return "SQL text of the table names it"
    return None


def rename_planned_column(upgrade_ops: ops.UpgradeOps, column: Column[Any], new: str) -> None:
    """Let the planned operations of the column's table call it `new`; the model stays as it is."""
    table, old = column.table, column.name
    copied = table.to_metadata(MetaData(naming_convention=table.metadata.naming_convention))
    # Constraints and indexes hold the column itself, and copies of them find it by its key.
    copied.c[column.key].name = new
    for container, operation in _of_table(upgrade_ops, table):
        if isinstance(operation, ops.CreateTableOp):
            operation.columns = ops.CreateTableOp.from_table(copied).columns
        elif isinstance(operation, ops.AddColumnOp) and operation.column.name == old:
            operation.column = column._copy()
            operation.column.name = operation.column.key = new
        elif isinstance(operation, ops.CreateIndexOp):
            fresh = [item for item in copied.indexes if item.name == operation.index_name]
            if fresh:
                at = container.ops.index(operation)
                container.ops[at] = ops.CreateIndexOp.from_index(fresh[0])
        elif isinstance(operation, (ops.CreateUniqueConstraintOp, ops.CreatePrimaryKeyOp)):
            operation.columns = [new if name == old else name for name in operation.columns]
        elif isinstance(operation, ops.CreateForeignKeyOp):
            operation.local_cols = [new if name == old else name for name in operation.local_cols]


def rename_planned_table(upgrade_ops: ops.UpgradeOps, table: Table, new: str) -> None:
    """Let the planned operations of `table` call it `new`; the model stays as it is."""
    for container, operation in list(_of_table(upgrade_ops, table)):
        operation.table_name = new
        if isinstance(container, ops.ModifyTableOps):
            container.table_name = new


def drop_of(upgrade_ops: ops.UpgradeOps, table: Table, name: str) -> tuple[Any, Any] | None:
    """The planned DROP of a column of that name, as (container, operation)."""
    for container, operation in _of_table(upgrade_ops, table):
        if isinstance(operation, ops.DropColumnOp) and operation.column_name == name:
            return container, operation
    return None


def flat(container: Any) -> Iterator[tuple[Any, Any]]:
    """Every single operation with the container it stands in."""
    for operation in list(container.ops):
        if hasattr(operation, "ops"):
            yield from flat(operation)
        else:
            yield container, operation


def _of_table(upgrade_ops: ops.UpgradeOps, table: Table) -> Iterator[tuple[Any, Any]]:
    for container, operation in flat(upgrade_ops):
        owner = getattr(operation, "source_table", getattr(operation, "table_name", None))
        schema = getattr(operation, "source_schema", getattr(operation, "schema", None))
        if (schema, owner) == (table.schema, table.name):
            yield container, operation


def _sql(table: Table) -> Iterator[str]:
    """Pieces of SQL in the table's definition that a new column name would not reach."""
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.sqltext, TextClause):
            yield constraint.sqltext.text
    for index in table.indexes:
        for expression in (*index.expressions, *index.dialect_kwargs.values()):
            if isinstance(expression, TextClause):
                yield expression.text
    for column in table.columns:
        if column.computed is not None:
            yield str(column.computed.sqltext)
