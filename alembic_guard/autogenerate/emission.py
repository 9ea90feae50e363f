"""A plan as operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alembic.operations import MigrateOperation

from ..facts import Rename
from ..operations.ops import operation_for


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
