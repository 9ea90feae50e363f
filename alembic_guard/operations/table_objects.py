"""Renames of what belongs to one table: its columns, indexes and constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from alembic.operations import BatchOperations, MigrateOperation, Operations

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..facts import RenameKind


class RenameOp(MigrateOperation):
    """One rename: `old_name` becomes `new_name`.

    :param table_name: the owner's name at the moment the operation runs: the table, or the
     enum type of an enum value.
    :param schema: schema of the owner; None means the connection's default.
    :param evidence: why this is a rename, one sentence each; rendered as a comment.

    `notes` are further comment lines. `replaces` are Alembic's operations this one stands for,
    which ``render = "plain"`` writes where no statement renames.
    """

    kind: ClassVar[RenameKind]
    verb: ClassVar[str]

    def __init__(
        self,
        table_name: str,
        old_name: str,
        new_name: str,
        *,
        schema: str | None = None,
        evidence: Sequence[str] = (),
    ) -> None:
        self.table_name = table_name
        self.old_name = old_name
        self.new_name = new_name
        self.schema = schema
        self.evidence = tuple(evidence)
        self.notes: tuple[str, ...] = ()
        self.replaces: tuple[MigrateOperation, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The positional arguments of the ``op.rename_*`` call."""
        return (self.table_name, self.old_name, self.new_name)

    def replaced(self, **changes: Any) -> Self:
        """A copy with some attributes changed; this operation stays as it is."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.__dict__.update(changes)
        return copy

    def reverse(self) -> Self:
        """The rename back, without the evidence, which speaks for the way there only."""
        return self.replaced(
            old_name=self.new_name,
            new_name=self.old_name,
            evidence=(),
            notes=(),
            replaces=tuple(op.reverse() for op in reversed(self.replaces)),
        )

    def to_diff_tuple(self) -> tuple[str, str | None, str, str, str]:
        """``("rename_column", schema, table, old, new)``, as ``alembic check`` shows it."""
        return (self.verb, self.schema, self.table_name, self.old_name, self.new_name)

    def __repr__(self) -> str:
        schema = f", schema={self.schema!r}" if self.schema else ""
        return f"{type(self).__name__}({', '.join(map(repr, self.arguments))}{schema})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RenameOp) and self.to_diff_tuple() == other.to_diff_tuple()

    def __hash__(self) -> int:
        return hash(self.to_diff_tuple())


@Operations.register_operation("rename_column")
@BatchOperations.register_operation("rename_column", "batch_rename_column")
class RenameColumnOp(RenameOp):
    """Rename a column, keeping its rows, definition, indexes and constraints."""

    kind = "column"
    verb = "rename_column"

    @classmethod
    def rename_column(
        cls,
        operations: Operations,
        table_name: str,
        old_name: str,
        new_name: str,
        *,
        schema: str | None = None,
    ) -> None:
        """Rename a column natively, never by copying the table.

        E.g.::

            op.rename_column("sessions", "metadata", "session_metadata")

        :param table_name: the table's name when this runs.
        :param old_name: the column's name before.
        :param new_name: the column's name after.
        :param schema: schema of the table, if not the default one.
        :raises RenameRefused: before any SQL, when the new name is taken, too long, or the
         column is inherited and its parent must be renamed instead.
        """
        operations.invoke(cls(table_name, old_name, new_name, schema=schema))

    @classmethod
    def batch_rename_column(cls, operations: BatchOperations, old_name: str, new_name: str) -> None:
        """Rename a column of the batch's table natively, after what the batch holds so far."""
        operations.invoke(cls(**_batch_owner(operations), old_name=old_name, new_name=new_name))


@Operations.register_operation("rename_index")
@BatchOperations.register_operation("rename_index", "batch_rename_index")
class RenameIndexOp(RenameOp):
    """Rename an index without rebuilding it where the database can."""

    kind = "index"
    verb = "rename_index"

    @classmethod
    def rename_index(
        cls,
        operations: Operations,
        table_name: str,
        old_name: str,
        new_name: str,
        *,
        schema: str | None = None,
    ) -> None:
        """Rename an index; SQLite creates it anew from the definition it has stored.

        E.g.::

            op.rename_index("sessions", "ix_sessions_metadata", "ix_sessions_session_metadata")

        :param table_name: the table the index belongs to.
        :raises RenameRefused: before any SQL, when the new name is taken or too long.
        """
        operations.invoke(cls(table_name, old_name, new_name, schema=schema))

    @classmethod
    def batch_rename_index(cls, operations: BatchOperations, old_name: str, new_name: str) -> None:
        """Rename an index of the batch's table, after what the batch holds so far."""
        operations.invoke(cls(**_batch_owner(operations), old_name=old_name, new_name=new_name))


@Operations.register_operation("rename_constraint")
@BatchOperations.register_operation("rename_constraint", "batch_rename_constraint")
class RenameConstraintOp(RenameOp):
    """Rename a unique, foreign-key, check or primary-key constraint.

    :param type_: ``unique``, ``foreignkey``, ``check`` or ``primary``, as in
     ``op.drop_constraint``; only MySQL and MariaDB in ``--sql`` mode need it.
    """

    kind = "constraint"
    verb = "rename_constraint"

    def __init__(
        self,
        table_name: str,
        old_name: str,
        new_name: str,
        *,
        schema: str | None = None,
        type_: str | None = None,
        evidence: Sequence[str] = (),
    ) -> None:
        super().__init__(table_name, old_name, new_name, schema=schema, evidence=evidence)
        self.type_ = type_

    @classmethod
    def rename_constraint(
        cls,
        operations: Operations,
        table_name: str,
        old_name: str,
        new_name: str,
        *,
        schema: str | None = None,
        type_: str | None = None,
    ) -> None:
        """Rename a constraint of a table, keeping its definition.

        E.g.::

            op.rename_constraint("sessions", "uq_sessions_key", "uq_sessions_token")

        :param type_: ``unique``, ``foreignkey``, ``check`` or ``primary``; needed only by
         MySQL and MariaDB in ``--sql`` mode, where the catalog cannot be asked.
        :raises RenameRefused: before any SQL, when the new name is taken or too long.
        """
        operations.invoke(cls(table_name, old_name, new_name, schema=schema, type_=type_))

    @classmethod
    def batch_rename_constraint(
        cls,
        operations: BatchOperations,
        old_name: str,
        new_name: str,
        *,
        type_: str | None = None,
    ) -> None:
        """Rename a constraint of the batch's table, after what the batch holds so far."""
        owner = _batch_owner(operations)
        operations.invoke(cls(**owner, old_name=old_name, new_name=new_name, type_=type_))


def _batch_owner(operations: BatchOperations) -> dict[str, Any]:
    batch: Any = operations.impl
    return {"table_name": batch.table_name, "schema": batch.schema}
