"""GRD801: transaction control."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class TransactionControl(Rule):
    """A migration ends Alembic's transaction.

    What it does
    ------------
    Finds BEGIN, COMMIT and ROLLBACK, and ``commit()`` of a connection or session.

    Why it matters
    --------------
    What ran before is committed even when the rest fails, and the version table no longer says what is
    there: the migration can neither be repeated nor taken back.

    Instead
    -------
    Leave transactions to Alembic; what must run outside goes into ``autocommit_block()``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
    """

    code = "GRD801"
    name = "transaction-control"
    hazard = "T01"
    severity = "error"
    on = (
        st.TransactionControl,
        st.PythonFact,
    )
    bad = (
        'op.execute("COMMIT")',
        """
        conn = op.get_bind()
        conn.execute(sa.text("UPDATE orders SET coupon = NULL WHERE coupon = ''"))
        conn.commit()
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.execute("VACUUM orders")
        """,
        'op.execute("SAVEPOINT before")',
    )

    def check(
        self, statement: st.TransactionControl | st.PythonFact, at: Place
    ) -> Iterator[Finding]:
        if statement.context.autocommit:
            return
        if isinstance(statement, st.PythonFact):
            if statement.kind != "commit":
                return
            what = statement.what
        elif statement.verb in ("begin", "commit", "rollback"):
            what = statement.verb.upper()
        else:
            return
        message = (
            f"{what} ends the transaction Alembic runs this migration in: what ran before stays when the "
            "rest fails, and the version table does not know."
        )
        if what == "BEGIN" and at.dialect in ("postgresql", "sqlite"):
            message = (
                "Alembic runs this migration in a transaction: BEGIN opens no other, and the COMMIT meant "
                "for it ends Alembic's own."
            )
        yield self.finding(
            at,
            statement,
            message,
            """
            Remove it. What cannot run in a transaction goes here:

                with op.get_context().autocommit_block():
                    ...
            """,
        )
