"""A plan as operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from alembic.operations import MigrateOperation

from ..facts import Rename
from ..operations.ops import RenameConstraintOp, operation_for
from ..renames.model import NameMap, TableKey
from .extraction import ModelReader

_TYPES: tuple[tuple[type[sa.Constraint], str], ...] = (
    (sa.UniqueConstraint, "unique"),
    (sa.ForeignKeyConstraint, "foreignkey"),
    (sa.PrimaryKeyConstraint, "primary"),
    (sa.CheckConstraint, "check"),
)


def rename_operations(
    renames: Sequence[Rename], default_schema: str | None = None
) -> list[MigrateOperation]:
    """The operations of a plan, each naming its table as it was before; in a stable order.

    :param default_schema: how a move out of or into the default schema spells it.
    """
    moved = {(item.schema, item.table) for item in renames if item.kind == "schema"}
    found = []
    for rename in sorted(renames, key=_turn):
        owner = (rename.schema, rename.old if rename.kind == "table" else rename.table)
        if owner in moved:
            rename = replace(rename, schema=rename.schema or default_schema)
        if rename.kind == "schema":
            rename = replace(
                rename,
                old=rename.old or default_schema or "",
                new=rename.new or default_schema or "",
            )
        found.append(operation_for(rename))
    return found


def _turn(rename: Rename) -> tuple[str, str, str, str]:
    return (rename.kind, rename.schema or "", rename.table or "", rename.old)


def tell_types(
    operations: Iterable[MigrateOperation],
    names: NameMap,
    models: Mapping[TableKey, sa.Table],
    reader: ModelReader,
) -> None:
    """Write the type of each constraint into its operation, for MySQL without a catalog.

    :param models: the tables of the models, by their new names.
    """
    for op in operations:
        if isinstance(op, RenameConstraintOp):
            table = models.get(names.table((op.schema, op.table_name)))
            for constraint in table.constraints if table is not None else ():
                if reader.name_of(constraint) == op.new_name:
                    op.type_ = next(
                        (word for kind, word in _TYPES if isinstance(constraint, kind)), None
                    )
