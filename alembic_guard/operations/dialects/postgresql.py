"""Renames on PostgreSQL: catalog changes only, and parents before their children."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import InheritedName
from .base import Renamer, log

if TYPE_CHECKING:
    from alembic.operations import ops as alembic_ops

    from ..ops import RenameOp

_COLUMNS = """
SELECT attname, attinhcount > 0 FROM pg_attribute
WHERE attrelid = to_regclass(:owner) AND attnum > 0 AND NOT attisdropped
AND attname IN (:old, :new)
"""
_CONSTRAINTS = """
SELECT conname, coninhcount > 0 AND conparentid = 0 FROM pg_constraint
WHERE conrelid = to_regclass(:owner) AND conname IN (:old, :new)
"""
# The topmost parent that has the column: renaming it renames all the others.
_PARENT = """
WITH RECURSIVE up(parent, depth) AS (
  SELECT inhparent, 1 FROM pg_inherits WHERE inhrelid = to_regclass(:owner)
  UNION SELECT i.inhparent, up.depth + 1 FROM pg_inherits i JOIN up ON i.inhrelid = up.parent
)
SELECT up.parent::regclass::text FROM up
JOIN {catalog} ON {relation} = up.parent AND {name} = :old ORDER BY up.depth DESC LIMIT 1
"""
_RELATIONS = """
SELECT relname, false FROM pg_class WHERE relname IN (:old, :new) AND relnamespace =
(SELECT relnamespace FROM pg_class WHERE oid = coalesce(to_regclass(:owner), to_regclass(:fallback)))
"""


class PostgreSQLRenamer(Renamer):
    """PostgreSQL; every rename is transactional and touches no row."""

    longest_name = 63
    length_unit = "bytes"

    def name_length(self, name: str) -> int:
        return len(name.encode())

    def rename_column(self, op: RenameOp) -> None:
        parent = _PARENT.format(
            catalog="pg_attribute", relation="attrelid", name="attnum > 0 AND attname"
        )
        if self._is_to_do(op, _COLUMNS, parent):
            super().rename_column(op)

    def rename_constraint(self, op: RenameOp) -> None:
        parent = _PARENT.format(catalog="pg_constraint", relation="conrelid", name="conname")
        if self._is_to_do(op, _CONSTRAINTS, parent):
            super().rename_constraint(op)

    def rename_index(self, op: RenameOp) -> None:
        self._check_relation(op)
        super().rename_index(op)

    def rename_sequence(self, op: RenameOp) -> None:
        self._check_relation(op)
        super().rename_sequence(op)

    def rename_schema(self, op: RenameOp) -> None:
        """Indexes, constraints and owned sequences move along."""
        self.run(
            f"ALTER TABLE {self.name(op.table_name, op.old_name)} "
            f"SET SCHEMA {self.quote(op.new_name)}"
        )

    def rename_statistics(self, op: RenameOp) -> None:
        self.run(
            f"ALTER STATISTICS {self.name(op.old_name, op.schema)} "
            f"RENAME TO {self.quote(op.new_name)}"
        )

    def rename_enum_type(self, op: RenameOp) -> None:
        self.run(
            f"ALTER TYPE {self.name(op.old_name, op.schema)} RENAME TO {self.quote(op.new_name)}"
        )

    def rename_enum_value(self, op: RenameOp) -> None:
        self.run(
            f"ALTER TYPE {self.name(op.table_name, op.schema)} "
            f"RENAME VALUE {literal(op.old_name)} TO {literal(op.new_name)}"
        )

    def _is_to_do(self, op: RenameOp, query: str, parent_query: str) -> bool:
        """Whether the rename is still to be done; refuse what PostgreSQL could not do."""
        if self.connection is None:
            return True
        names = {"owner": self.name(op.table_name, op.schema), "old": op.old_name}
        found = dict(map(tuple, self.rows(query, {**names, "new": op.new_name})))
        if op.old_name not in found:
            if found.get(op.new_name):
                log.info(
                    "%s followed its parent: %s is renamed already", op.table_name, op.new_name
                )
                return False
            if op.new_name in found:
                raise self.missing(op, is_done=True)
            return True
        if found[op.old_name]:
            raise self._inherited(op, self.rows(parent_query, names))
        if op.new_name in found:
            raise self.taken(op)
        return True

    def _check_relation(self, op: RenameOp) -> None:
        owner = self.name(op.old_name, op.schema)
        fallback = self.name(op.table_name or op.new_name, op.schema)
        names = {"owner": owner, "fallback": fallback, "old": op.old_name, "new": op.new_name}
        found = {row[0] for row in self.rows(_RELATIONS, names)}
        if op.new_name in found:
            raise self.taken(op) if op.old_name in found else self.missing(op, is_done=True)

    def _inherited(self, op: RenameOp, parents: list[tuple[str]]) -> InheritedName:
        parent = parents[0][0] if parents else "its parent"
        return InheritedName(
            f"Cannot rename {op.kind} {op.old_name!r} of {op.table_name}: it is inherited from "
            f"{parent}. Rename it there, and every child follows.",
            parent=parent,
            kind=op.kind,
            owner=op.table_name,
            old=op.old_name,
            new=op.new_name,
        )

    def check_table(self, op: alembic_ops.RenameTableOp) -> None:
        names = {
            "owner": self.name(op.table_name, op.schema),
            "fallback": self.name(op.new_table_name, op.schema),
            "old": op.table_name,
            "new": op.new_table_name,
        }
        found = {row[0] for row in self.rows(_RELATIONS, names)}
        self.check_table_names(op, op.table_name in found, op.new_table_name in found)


def literal(text: str) -> str:
    """A string literal; backslashes mean themselves under standard_conforming_strings."""
    return "'" + text.replace("'", "''") + "'"
