"""Hand each rename operation to the renamer of the dialect it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations import BatchOperations, Operations
from alembic.operations import ops as alembic_ops

from .ops import FixDependentOp, RenameOp

if TYPE_CHECKING:
    from alembic.ddl.impl import DefaultImpl


@Operations.implementation_for(RenameOp)
def _rename(operations: Operations, operation: RenameOp) -> None:
    from .dialects import renamer_for

    renamer_for(_impl(operations)).rename(operation)


@Operations.implementation_for(alembic_ops.RenameTableOp, replace=True)
def _rename_table(operations: Operations, operation: alembic_ops.RenameTableOp) -> None:
    from .dialects import renamer_for

    renamer_for(_impl(operations)).rename_table(operation)


@Operations.implementation_for(FixDependentOp)
def _fix(operations: Operations, operation: FixDependentOp) -> None:
    if operation.sql:
        operations.execute(operation.sqltext)


def _impl(operations: Operations | BatchOperations) -> DefaultImpl:
    """The dialect's implementation; inside a batch, after running what the batch holds so far.

    A batch runs its operations at its end. A rename must come after those written before it,
    and those written after it must find the new name.
    """
    batch: Any = operations.impl
    if not isinstance(operations, BatchOperations):
        outright: DefaultImpl = batch
        return outright
    if batch.batch:
        batch.flush()
        batch.batch.clear()
    impl: DefaultImpl = batch.operations.impl
    return impl
