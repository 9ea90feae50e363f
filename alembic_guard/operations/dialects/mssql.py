"""Renames on SQL Server: never run here; the statements are those of its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Renamer

if TYPE_CHECKING:
    from alembic.operations import ops as alembic_ops

    from ..ops import RenameOp


class MSSQLRenamer(Renamer):
    """SQL Server, where ``sp_rename`` takes names as strings.

    The old name is an identifier inside a string, so it is quoted twice; the new one is the
    plain name: brackets around it would become part of it.
    """

    longest_name = 128

    def rename_column(self, op: RenameOp) -> None:
        self._sp_rename([op.schema, op.table_name, op.old_name], op.new_name, "COLUMN")

    def rename_index(self, op: RenameOp) -> None:
        self._sp_rename([op.schema, op.table_name, op.old_name], op.new_name, "INDEX")

    def rename_constraint(self, op: RenameOp) -> None:
        self._sp_rename([op.schema, op.old_name], op.new_name, "OBJECT")

    def rename_schema(self, op: RenameOp) -> None:
        self.run(
            f"ALTER SCHEMA {self.quote(op.new_name)} "
            f"TRANSFER {self.name(op.table_name, op.old_name)}"
        )

    def rename_sequence(self, op: RenameOp) -> None:
        self._sp_rename([op.schema, op.old_name], op.new_name, "OBJECT")

    def run_table_rename(self, op: alembic_ops.RenameTableOp) -> None:
        self._sp_rename([op.schema, op.table_name], op.new_table_name, "OBJECT")

    def _sp_rename(self, path: list[str | None], new: str, kind: str) -> None:
        schema = (path[0] or "").split(".") if path[0] else []
        old = ".".join(bracketed(part) for part in (*schema, *path[1:]) if part)
        self.run(f"EXEC sp_rename {literal(old)}, {literal(new)}, '{kind}'")


def bracketed(name: str) -> str:
    """``[name]``, with a closing bracket inside doubled."""
    return "[" + name.replace("]", "]]") + "]"


def literal(text: str) -> str:
    """A Unicode string literal with its apostrophes doubled."""
    return "N'" + text.replace("'", "''") + "'"
