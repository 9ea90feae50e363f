"""Renames on Oracle: never run here; the statements are those of its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Renamer

if TYPE_CHECKING:
    from ..ops import RenameOp


class OracleRenamer(Renamer):
    """Oracle 12.2 and later, whose names may have 128 bytes."""

    longest_name = 128
    length_unit = "bytes"

    def name_length(self, name: str) -> int:
        return len(name.encode())

    def rename_sequence(self, op: RenameOp) -> None:
        """``RENAME a TO b``, which knows no schema: it works on the user's own objects."""
        self.run(f"RENAME {self.quote(op.old_name)} TO {self.quote(op.new_name)}")
