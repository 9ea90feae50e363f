"""GRD313: alter_column on MySQL without existing_type."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..specs import UNSET, is_known
from ..statements import AlterColumn, DropConstraint, RenameColumn
from . import Rule, rule


@rule
class MysqlMissingExistingType(Rule):
    """alter_column on MySQL without existing_type.

    What it does
    ------------
    Finds ``op.alter_column`` that changes nullability, comment or name and does not state the
    type.

    Why it matters
    --------------
    MySQL restates the whole column in MODIFY and CHANGE: Alembic refuses with "requires the
    existing type".

    Instead
    -------
    Add ``existing_type=``, ``existing_nullable=`` and ``existing_server_default=``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.alter_column
    """

    code = "GRD313"
    name = "mysql-missing-existing-type"
    hazard = "F13"
    severity = "error"
    dialects = ("mysql", "mariadb")
    supersedes = ("GRD128",)
    on = (
        AlterColumn,
        RenameColumn,
        DropConstraint,
    )
    directions = ("upgrade", "downgrade")
    bad = (
        'op.alter_column("users", "name", nullable=True)',
        'op.alter_column("users", "name", new_column_name="full_name")',
        'op.drop_constraint("uq_users_name", "users")',
    )
    good = (
        """
        op.alter_column("users", "name", server_default="x")
        op.alter_column(
            "users", "name", existing_type=sa.String(80), nullable=True, existing_server_default=None
        )
        """,
    )

    def check(
        self, statement: AlterColumn | RenameColumn | DropConstraint, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, DropConstraint):
            yield from self._dropped(statement, at)
            return
        if statement.via not in ("op", "batch") or statement.existing_type is not None:
            return
        if statement.origin.text != "alter_column":
            return
        if isinstance(statement, AlterColumn) and (statement.type or self._is_plain(statement)):
            return
        name = f"{statement.table}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"MySQL restates {name} completely, and its type is not given: Alembic refuses this line.",
            "Add existing_type=..., and existing_nullable and existing_server_default so that they are kept.",
            objects=[name],
        )

    def _dropped(self, statement: DropConstraint, at: Place) -> Iterator[Finding]:
        """Each kind of constraint is dropped by words of its own."""
        if statement.via == "op" and statement.kind == "unknown" and is_known(statement.name):
            yield self.finding(
                at,
                statement,
                f"MySQL has other words for dropping each kind of constraint, and that of {statement.name} is "
                "not given: Alembic refuses this line.",
                'Add type_="foreignkey", "unique", "check" or "primary".',
                objects=[statement.table],
            )

    def _is_plain(self, statement: AlterColumn) -> bool:
        """SET DEFAULT and DROP DEFAULT need no type."""
        return (
            statement.nullable is None
            and statement.comment is UNSET
            and not statement.autoincrement
        )
