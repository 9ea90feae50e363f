"""GRD803: statement outside transaction only."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class StatementOutsideTransactionOnly(Rule):
    """A statement that cannot run in a transaction.

    What it does
    ------------
    Finds VACUUM, ALTER SYSTEM, CREATE and DROP DATABASE, CREATE TABLESPACE and REINDEX DATABASE
    outside of ``autocommit_block()``.

    Why it matters
    --------------
    PostgreSQL refuses: "cannot run inside a transaction block", and the deployment stops.

    Instead
    -------
    Put it into ``autocommit_block()``.

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
    """

    code = "GRD803"
    name = "statement-outside-transaction-only"
    hazard = "T03"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        st.Maintenance,
        st.OtherSql,
        st.SchemaStatement,
        st.Reindex,
    )
    bad = (
        'op.execute("VACUUM ANALYZE orders")',
        """
        op.execute("ALTER SYSTEM SET work_mem = '1GB'")
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.execute("VACUUM ANALYZE orders")
        """,
        'op.execute("ANALYZE orders")',
    )

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        what = _refused(statement)
        if what is None or statement.context.autocommit:
            return
        yield self.finding(
            at,
            statement,
            f"{what} cannot run inside a transaction, and Alembic runs this migration in one: the "
            "deployment fails here.",
            f"""
            Run it outside:

                with op.get_context().autocommit_block():
                    op.execute("{" ".join(statement.origin.text.split())[:80]}")
            """,
        )


def _refused(statement: st.Statement) -> str | None:
    """How the statement is called when PostgreSQL refuses it in a transaction."""
    if isinstance(statement, st.Maintenance):
        return "VACUUM" if statement.verb == "vacuum" else None
    if isinstance(statement, st.Reindex):
        return (
            f"REINDEX {statement.kind.upper()}"
            if statement.kind in ("database", "system")
            else None
        )
    if isinstance(statement, st.SchemaStatement):
        if statement.kind == "database" and statement.action in ("create", "drop"):
            return f"{statement.action.upper()} DATABASE"
        return None
    if isinstance(statement, st.OtherSql):
        text = " ".join(statement.sql.upper().split()[:2])
        refused = ("ALTER SYSTEM", "CREATE TABLESPACE", "DROP TABLESPACE", "CREATE SUBSCRIPTION")
        return text if text in refused else None
    return None
