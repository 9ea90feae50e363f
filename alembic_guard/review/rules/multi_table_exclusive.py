"""GRD112: exclusive locks on several tables in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.conversions import is_rewrite
from ..knowledge.locks import exclusive_tables
from ..knowledge.wording import first_words
from ..place import Place
from ..revision import Revision
from ..specs import is_known
from . import Rule, rule


@rule
class MultiTableExclusive(Rule):
    """Exclusive locks on several tables in one transaction.

    What it does
    ------------
    Finds revisions whose transaction takes ACCESS EXCLUSIVE on three or more existing tables; four or
    more where each statement only adds or widens a column, with neither a scan nor a second table.

    Why it matters
    --------------
    Locks are kept until the end, so the first table stays unreadable while the transaction waits
    for the last one; and a query that uses the tables in another order is a deadlock.

    Instead
    -------
    One table for each revision, with ``transaction_per_migration=True``.

    References
    ----------
    https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS
    """

    code = "GRD112"
    name = "multi-table-exclusive"
    hazard = "L12"
    dialects = ("postgresql",)
    THRESHOLD = 3
    INSTANT_THRESHOLD = 4
    bad = (
        """
        for table in ("orders", "users", "invoices", "parcels"):
            op.add_column(table, sa.Column("tenant", sa.Integer()))
        """,
        """
        op.add_column("orders", sa.Column("tenant", sa.Integer()))
        op.alter_column("users", "email", nullable=True)
        op.alter_column("invoices", "due_on", nullable=True)
        """,
    )
    good = (
        """
        op.alter_column("users", "email", existing_type=sa.String(80), type_=sa.String(200))
        op.alter_column("orders", "note", existing_type=sa.String(80), type_=sa.Text())
        op.alter_column("parcels", "fee", existing_type=sa.Numeric(8, 2), type_=sa.Numeric(12, 2))
        """,
        """
        for table in ("orders", "users", "invoices"):
            op.add_column(table, sa.Column("tenant", sa.Integer()))
        """,
        """
        op.add_column("orders", sa.Column("tenant", sa.Integer()))
        op.alter_column("users", "email", nullable=True)
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        going = {s.table for s in revision.upgrade if isinstance(s, st.DropTable)}
        locked: dict[int, dict[str, st.Statement]] = {}
        for statement, tables in exclusive_tables(revision.upgrade, at):
            if not statement.context.autocommit and not isinstance(statement, _SPOKEN_OF):
                for table in (t for t in tables if is_known(t) and t not in going):
                    locked.setdefault(statement.context.transaction, {}).setdefault(
                        table, statement
                    )
        for tables_of in locked.values():
            instant = all(_is_instant(s, at) for s in tables_of.values())
            threshold = self.INSTANT_THRESHOLD if instant else self.THRESHOLD
            if len(tables_of) >= threshold:
                names = list(tables_of)
                yield self.finding(
                    at,
                    list(tables_of.values())[threshold - 1],
                    f"This transaction locks {first_words(names)} exclusively, one after the other: "
                    f"{names[0]} cannot be read until the last one is done, and a query that takes them "
                    "in another order deadlocks.",
                    "Write one revision for each table and run with transaction_per_migration=True.",
                    objects=names,
                )


_SPOKEN_OF = (st.DropTable, st.RenameTable)
"""What must be taken apart anyway, for reasons of its own."""


def _is_instant(statement: st.Statement, at: Place) -> bool:
    """Whether it adds or widens a column and touches nothing but the catalogue for it."""
    if isinstance(statement, st.AlterColumn) and statement.type is not None:
        old = at.before.column_type(statement.table, statement.column) or statement.existing_type
        known = old is not None and old.known
        return known and not is_rewrite(old, statement.type, statement.using)
    if not isinstance(statement, st.AddColumn):
        return False
    column = statement.column
    more = (column.foreign, column.checks, column.unique, column.index, column.generated)
    return column.nullable and not any(more) and not column.identity
