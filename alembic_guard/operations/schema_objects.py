"""Renames of what lives in a schema: tables, sequences, statistics, enum types and values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from alembic.operations import Operations
from alembic.operations import ops as alembic_ops

from .table_objects import RenameOp

if TYPE_CHECKING:
    from ..facts import RenameKind


class OwnerlessRenameOp(RenameOp):
    """A rename of something that lives in a schema rather than in a table."""

    def __init__(
        self,
        old_name: str,
        new_name: str,
        *,
        schema: str | None = None,
        table_name: str = "",
        evidence: Sequence[str] = (),
    ) -> None:
        super().__init__(table_name, old_name, new_name, schema=schema, evidence=evidence)

    @property
    def arguments(self) -> tuple[str, ...]:
        return (self.old_name, self.new_name)


@Operations.register_operation("rename_sequence")
class RenameSequenceOp(OwnerlessRenameOp):
    """Rename a sequence; defaults that use it follow."""

    kind = "sequence"
    verb = "rename_sequence"

    @classmethod
    def rename_sequence(
        cls, operations: Operations, old_name: str, new_name: str, *, schema: str | None = None
    ) -> None:
        """Rename a sequence, where the database has sequences.

        E.g.::

            op.rename_sequence("session_id_seq", "sessions_id_seq")
        """
        operations.invoke(cls(old_name, new_name, schema=schema))


@Operations.register_operation("rename_enum_type")
class RenameEnumTypeOp(OwnerlessRenameOp):
    """Rename a PostgreSQL enum type; columns of that type follow."""

    kind = "enum_type"
    verb = "rename_enum_type"

    @classmethod
    def rename_enum_type(
        cls, operations: Operations, old_name: str, new_name: str, *, schema: str | None = None
    ) -> None:
        """Rename an enum type; a no-op where enum types have no names of their own.

        E.g.::

            op.rename_enum_type("mood", "session_mood")
        """
        operations.invoke(cls(old_name, new_name, schema=schema))


@Operations.register_operation("rename_enum_value")
class RenameEnumValueOp(RenameOp):
    """Rename one value of a PostgreSQL enum type; rows that hold it follow."""

    kind = "enum_value"
    verb = "rename_enum_value"

    @classmethod
    def rename_enum_value(
        cls,
        operations: Operations,
        type_name: str,
        old_value: str,
        new_value: str,
        *,
        schema: str | None = None,
    ) -> None:
        """Rename one value of an enum type, in place, without touching a row.

        E.g.::

            op.rename_enum_value("mood", "meh", "indifferent")

        :param type_name: the enum type's name when this runs.
        """
        operations.invoke(cls(type_name, old_value, new_value, schema=schema))

    @property
    def type_name(self) -> str:
        """The enum type that holds the value."""
        return self.table_name


@Operations.register_operation("rename_statistics")
class RenameStatisticsOp(OwnerlessRenameOp):
    """Rename a PostgreSQL extended statistics object."""

    kind = "statistics"
    verb = "rename_statistics"

    @classmethod
    def rename_statistics(
        cls, operations: Operations, old_name: str, new_name: str, *, schema: str | None = None
    ) -> None:
        """Rename an extended statistics object; a no-op where there is none.

        E.g.::

            op.rename_statistics("st_sessions_metadata", "st_sessions_session_metadata")
        """
        operations.invoke(cls(old_name, new_name, schema=schema))


@Operations.register_operation("move_table")
class MoveTableOp(RenameOp):
    """Move a table, with its indexes and sequences, into another schema.

    `old_name` and `new_name` are the schemas.
    """

    kind = "schema"
    verb = "move_table"

    @classmethod
    def move_table(
        cls, operations: Operations, table_name: str, old_schema: str, new_schema: str
    ) -> None:
        """Move a table into another schema without copying a row.

        E.g.::

            op.move_table("sessions", "public", "auth")
        """
        operations.invoke(cls(table_name, old_schema, new_schema))


class RenameTableOp(alembic_ops.RenameTableOp):
    """Alembic's own rename of a table, with the reverse and the diff tuple it lacks.

    It renders as ``op.rename_table(...)``.
    """

    kind: ClassVar[RenameKind] = "table"
    verb: ClassVar[str] = "rename_table"

    def __init__(
        self,
        old_table_name: str,
        new_table_name: str,
        *,
        schema: str | None = None,
        evidence: Sequence[str] = (),
    ) -> None:
        super().__init__(old_table_name, new_table_name, schema=schema)
        self.evidence = tuple(evidence)
        self.notes: tuple[str, ...] = ()

    @property
    def old_name(self) -> str:
        """The table's name before."""
        return self.table_name

    @property
    def new_name(self) -> str:
        """The table's name after."""
        return self.new_table_name

    def reverse(self) -> RenameTableOp:
        """The rename back."""
        return RenameTableOp(self.new_table_name, self.table_name, schema=self.schema)

    def to_diff_tuple(self) -> tuple[str, str | None, str, str]:
        """``("rename_table", schema, old, new)``."""
        return (self.verb, self.schema, self.table_name, self.new_table_name)
