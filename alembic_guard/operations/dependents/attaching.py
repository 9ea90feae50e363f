"""Put what dependents need into an upgrade: fixes that are certain, comments for the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.operations import MigrateOperation
from alembic.operations import ops as alembic_ops

from ..ops import FixDependentOp, RenameColumnOp, RenameTableOp
from . import Dependent, find_dependents

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_HOW_MANY_LINES = 12


def attach_dependents(
    upgrade_ops: alembic_ops.OpContainer, connection: Connection
) -> list[Dependent]:
    """Find what the renames in `upgrade_ops` leave behind, and add it there.

    A certain fix becomes an operation after the last rename; what undoes it stands before the
    first one, so that the downgrade, which runs backwards, does it after the last rename back.
    Everything else becomes a comment above the first rename. Call it on ordered operations;
    a second call changes nothing.

    :param connection: the database as it is before the upgrade.
    :returns: everything found, for whoever wants to report it.
    """
    renames = [op for op in _walk(upgrade_ops) if isinstance(op, (RenameColumnOp, RenameTableOp))]
    if not renames or any(isinstance(op, FixDependentOp) for op in upgrade_ops.ops):
        return []
    found = find_dependents(connection, *renames)
    first, last = (_top_level(upgrade_ops.ops, rename) for rename in (renames[0], renames[-1]))
    fixes = [dependent for dependent in found if dependent.certain]
    upgrade_ops.ops[last + 1 : last + 1] = [
        FixDependentOp(statement, why=_why(fix)) for fix in fixes for statement in fix.statements
    ]
    upgrade_ops.ops[first:first] = [
        FixDependentOp("", undo=statement, undo_why=f"puts back the {fix.kind} {fix.name}")
        for fix in reversed(fixes)
        for statement in reversed(fix.undo)
    ]
    notes = [line for dependent in found if not dependent.certain for line in _note(dependent)]
    renames[0].notes = tuple(dict.fromkeys((*renames[0].notes, *notes)))
    return found


def _walk(container: alembic_ops.OpContainer) -> list[Any]:
    result: list[Any] = []
    for op in container.ops:
        result.extend(_walk(op) if isinstance(op, alembic_ops.OpContainer) else [op])
    return result


def _top_level(ops: Sequence[MigrateOperation], rename: MigrateOperation) -> int:
    return next(
        at
        for at, op in enumerate(ops)
        if op is rename or (isinstance(op, alembic_ops.OpContainer) and rename in _walk(op))
    )


def _why(fix: Dependent) -> str:
    return f"{fix.kind} {fix.name} does not follow by itself: {fix.problem}"


def _note(dependent: Dependent) -> list[str]:
    lines = [f"CHECK {dependent.kind} {dependent.name}: {dependent.problem}"]
    fix = dependent.statement.splitlines()
    if fix:
        lines += ["  perhaps with:", *(f"  {line}" for line in fix[:_HOW_MANY_LINES])]
    if len(fix) > _HOW_MANY_LINES:
        lines.append(f"  ... and {len(fix) - _HOW_MANY_LINES} more lines")
    return lines
