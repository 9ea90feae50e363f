"""Watch a migration run and tell, step by step, what it did to the schema."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic.operations import BatchOperations, MigrateOperation
from alembic.operations import ops as alembic_ops

from ..facts import SchemaChange
from ..operations import RenameColumnOp
from .statements import is_ddl, parse_changes


class Claims:
    """Collects what the statements and operations of the current step claim to do."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self._claims: list[SchemaChange] = []

    def take(self) -> list[SchemaChange]:
        """The claims since the last call."""
        taken, self._claims = self._claims, []
        return taken

    def statement(self, sql: str) -> None:
        """Note a statement that was executed, or written to a script."""
        if is_ddl(sql):
            self._claims.extend(parse_changes(sql, self._dialect))

    def operation(self, operation: MigrateOperation) -> None:
        """Note a rename inside a batch, where the SQL shows only a copied table."""
        if isinstance(operation, alembic_ops.AlterColumnOp) and operation.modify_name:
            self._rename(
                operation.schema, operation.table_name, operation.column_name, operation.modify_name
            )
        elif isinstance(operation, RenameColumnOp):
            self._rename(
                operation.schema, operation.table_name, operation.old_name, operation.new_name
            )

    def _rename(self, schema: str | None, table: str, old: str, new: str) -> None:
        self._claims.append(SchemaChange("rename_column", schema, table, str(old), str(new)))


@contextlib.contextmanager
def observed(connection: sa.Connection, claims: Claims) -> Iterator[None]:
    """Tell `claims` every statement executed on `connection` and every batch operation."""

    def after_execute(
        conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        claims.statement(statement)

    sa.event.listen(connection, "after_cursor_execute", after_execute)
    try:
        with observed_batches(claims):
            yield
    finally:
        sa.event.remove(connection, "after_cursor_execute", after_execute)


@contextlib.contextmanager
def observed_batches(claims: Claims) -> Iterator[None]:
    """Tell `claims` every operation of ``op.batch_alter_table``.

    Alembic has no hook for it, so the class is given an `invoke` of its own for the time of
    the run; it is inherited otherwise.
    """
    inherited = BatchOperations.invoke

    def invoke(self: BatchOperations, operation: MigrateOperation) -> Any:
        claims.operation(operation)
        return inherited(self, operation)

    had_own = "invoke" in vars(BatchOperations)
    BatchOperations.invoke = invoke  # type: ignore[method-assign,assignment]  # undone below
    try:
        yield
    finally:
        if had_own:
            BatchOperations.invoke = inherited  # type: ignore[method-assign]
        else:
            del BatchOperations.invoke
