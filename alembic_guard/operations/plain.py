"""Renames written with nothing but Alembic's own calls, for ``render = "plain"``.

Such a revision runs where alembic_guard is not installed. It is as lossless as ours, but bound
to the dialect it was written on wherever Alembic has no call of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate.render import render_op
from alembic.operations import ops as alembic_ops

from .dialects import renamer_for

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations import MigrateOperation

    from .dialects import Renamer
    from .ops import RenameOp


def plain_calls(autogen_context: AutogenContext, op: RenameOp) -> list[str]:
    """The lines that do what `op` does without us."""
    prefix = autogen_context.opts.get("alembic_module_prefix") or ""
    renamer = _recording(autogen_context)
    if op.kind == "column" and renamer.dialect.name not in ("mysql", "mariadb", "mssql"):
        schema = f", schema={op.schema!r}" if op.schema else ""
        names = f"{str(op.table_name)!r}, {str(op.old_name)!r}"
        return [f"{prefix}alter_column({names}, new_column_name={str(op.new_name)!r}{schema})"]
    replaced = op.replaces or _drop_and_create(autogen_context, op)
    if replaced and op.kind in renamer.needs_catalog:
        return [line for standard in replaced for line in render_op(autogen_context, standard)]
    statements: list[str] = []
    renamer.run = statements.append  # type: ignore[method-assign,assignment]
    renamer.rename(op)
    return [f"{prefix}execute({_escaped(statement)!r})" for statement in statements]


def _drop_and_create(autogen_context: AutogenContext, op: RenameOp) -> tuple[MigrateOperation, ...]:
    """The index as the model has it, under the name of this direction.

    An index is renamed after its columns and renamed back before them, so in both directions
    the model's column names are the right ones.
    """
    if op.kind != "index" or autogen_context.metadata is None:
        return ()
    key = f"{op.schema}.{op.table_name}" if op.schema else op.table_name
    table = autogen_context.table_key_to_table.get(key)
    for index in table.indexes if table is not None else ():
        create = alembic_ops.CreateIndexOp.from_index(index)
        if create.index_name in (op.old_name, op.new_name):
            create.index_name = op.new_name
            drop = alembic_ops.DropIndexOp(op.old_name, table_name=op.table_name, schema=op.schema)
            return (drop, create)
    return ()


def _recording(autogen_context: AutogenContext) -> Renamer:
    """A renamer that does not look at the database, which is not yet in the right state."""
    impl: Any = autogen_context.migration_context.impl
    renamer = renamer_for(impl)
    renamer.connection = None
    return renamer


def _escaped(statement: str) -> str:
    """``op.execute`` reads ``:name`` as a parameter unless the colon is escaped."""
    return statement.replace(":", r"\:")
