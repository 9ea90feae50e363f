"""GRD111: NOT VALID and VALIDATE in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..effects import constraint_name
from ..place import Place
from ..statements import ValidateConstraint
from . import Rule, rule


@rule
class ValidateSameTx(Rule):
    """NOT VALID and VALIDATE in one transaction.

    What it does
    ------------
    Finds constraints that are added NOT VALID and validated before the transaction ends.

    Why it matters
    --------------
    The lock of ADD CONSTRAINT is kept until the transaction ends, so the scan of VALIDATE runs
    under it: the two steps together block as long as the one step they were meant to avoid.

    Instead
    -------
    Validate in the next revision, and run with ``transaction_per_migration=True``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
    """

    code = "GRD111"
    name = "validate-same-tx"
    hazard = "L11"
    severity = "error"
    dialects = ("postgresql",)
    on = (ValidateConstraint,)
    bad = (
        """
        op.create_check_constraint("ck_total", "orders", "total >= 0", postgresql_not_valid=True)
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")
        """,
    )
    good = (
        """
        op.create_check_constraint("ck_total", "orders", "total >= 0", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")
        """,
    )

    def check(self, statement: ValidateConstraint, at: Place) -> Iterator[Finding]:
        if at.is_new(statement.table):
            return
        for earlier in at.earlier_in_transaction():
            if (
                isinstance(earlier, st.AddConstraint)
                and earlier.table == statement.table
                and self._name(earlier) == statement.name
            ):
                yield self.finding(
                    at,
                    statement,
                    f"{statement.name} is validated in the transaction that added it (line "
                    f"{earlier.line}): its lock on {statement.table} is still held, so everybody waits "
                    "for the scan that NOT VALID was meant to avoid.",
                    f"""
                    Move this line to the next revision, and run with transaction_per_migration=True:

                        op.execute("ALTER TABLE {statement.table} VALIDATE CONSTRAINT {statement.name}")
                    """,
                    objects=[statement.table, statement.name],
                )
                return

    def _name(self, added: st.AddConstraint) -> str:
        return constraint_name(added.table, added.constraint)
