"""GRD408: the default of a NOT NULL column removed."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..specs import Default
from ..statements import AlterColumn
from . import Rule, rule


@rule
class DropDefaultNotNull(Rule):
    """The default of a NOT NULL column removed.

    What it does
    ------------
    Finds server defaults dropped from columns that are NOT NULL, unless the same transaction gives them
    another one, as a change of an enum type has to.

    Why it matters
    --------------
    Running code relies on the default and leaves the column out: each of its inserts fails from
    here on.

    Instead
    -------
    Keep the default until every process sets the column, and drop it in a later release.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html
    """

    code = "GRD408"
    name = "drop-default-not-null"
    hazard = "C08"
    on = (AlterColumn,)
    dialects = ("postgresql", "mysql", "mariadb")
    bad = (
        """
        op.add_column("users", sa.Column("role", sa.String(9), nullable=False, server_default="user"))
        op.alter_column("users", "role", existing_type=sa.String(9), existing_nullable=False, server_default=None)
        """,
    )
    good = (
        """
        op.alter_column(
            "users", "role", existing_type=sa.String(9), existing_nullable=True, server_default=None
        )
        """,
        """
        op.add_column("users", sa.Column("role", sa.String(9), nullable=False, server_default="user"))
        op.execute("ALTER TABLE users ALTER COLUMN role DROP DEFAULT")
        op.execute("ALTER TABLE users ALTER COLUMN role SET DEFAULT 'guest'")
        """,
    )

    def check(self, statement: AlterColumn, at: Place) -> Iterator[Finding]:
        if statement.server_default is not None or statement.modify or at.is_new(statement.table):
            return
        known = at.column(statement.table, statement.column)
        required = (
            known is not None and not known.nullable
        ) or statement.existing_nullable is False
        if statement.nullable is not None:
            required = not statement.nullable
        if not required or statement.identity or _comes_back(statement, at):
            return
        name = f"{statement.table}.{statement.column}"
        yield self.finding(
            at,
            statement,
            f"{name} is NOT NULL: running code that leaves it out of its inserts fails as soon as the default is "
            "gone.",
            f"Keep the default until every process sets {statement.column}, and drop it in a later release.",
            objects=[name],
        )


def _comes_back(statement: AlterColumn, at: Place) -> bool:
    """Whether nobody sees the column without a default: the transaction sets one before it ends."""
    here = statement.context
    return not here.autocommit and any(
        isinstance(later, AlterColumn)
        and (later.table, later.column) == (statement.table, statement.column)
        and isinstance(later.server_default, Default)
        and later.context.transaction == here.transaction
        for later in at.later
    )
