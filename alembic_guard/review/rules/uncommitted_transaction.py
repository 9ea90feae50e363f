"""GRD802: uncommitted transaction."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class UncommittedTransaction(Rule):
    """A transaction is begun and never ended.

    What it does
    ------------
    Finds BEGIN without a COMMIT or ROLLBACK after it.

    Why it matters
    --------------
    Everything after it is rolled back when the connection closes, and the migration seems to have
    worked.

    Instead
    -------
    Remove the BEGIN: Alembic has begun a transaction already.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
    """

    code = "GRD802"
    name = "uncommitted-transaction"
    hazard = "T02"
    severity = "error"
    dialects = ("postgresql",)
    on = (st.TransactionControl,)
    supersedes = ("GRD801",)
    bad = (
        """
        op.execute("BEGIN")
        op.execute("COMMENT ON TABLE orders IS 'orders'")
        """,
    )
    good = (
        """
        op.execute("COMMENT ON TABLE orders IS 'orders'")
        """,
    )

    def check(self, statement: st.TransactionControl, at: Place) -> Iterator[Finding]:
        if statement.verb != "begin":
            return
        ended = any(
            isinstance(s, st.TransactionControl) and s.verb in ("commit", "rollback")
            for s in at.later
        )
        if not ended:
            yield self.finding(
                at,
                statement,
                "This BEGIN is never followed by a COMMIT: what comes after it may be rolled back unseen.",
                "Remove it: Alembic has begun a transaction already.",
            )
