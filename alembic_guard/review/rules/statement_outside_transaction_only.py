"""GRD803: statement outside transaction only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule

_NO_SLOT = r"\b(?:connect|create_slot)\s*=\s*'?(?:false|off|0)\b"
"""A subscription that makes no replication slot may be created in a transaction."""


@rule
class StatementOutsideTransactionOnly(Rule):
    """A statement that cannot run in a transaction.

    What it does
    ------------
    Finds VACUUM, ALTER SYSTEM, CREATE and DROP DATABASE, CREATE TABLESPACE and REINDEX DATABASE
    outside of ``autocommit_block()``, or sent together with other statements in one call.

    Why it matters
    --------------
    PostgreSQL refuses: "cannot run inside a transaction block", and the deployment stops. Several
    statements in one call are one transaction too, in autocommit mode as well.

    Instead
    -------
    Put it into ``autocommit_block()``, in a call of its own.

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
        """
        with op.get_context().autocommit_block():
            op.execute("VACUUM orders; VACUUM users")
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.execute("VACUUM ANALYZE orders")
        """,
        'op.execute("ANALYZE orders")',
        "op.execute(\"CREATE SUBSCRIPTION copy CONNECTION 'host=db1' PUBLICATION all_tables WITH (connect = false)\")",
    )

    def check(self, statement: st.Statement, at: Place) -> Iterator[Finding]:
        what = _refused(statement)
        if what is None:
            return
        if statement.context.autocommit:
            if not statement.origin.alone:
                yield self._together(statement, what, at)
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

    def _together(self, statement: st.Statement, what: str, at: Place) -> Finding:
        return self.finding(
            at,
            statement,
            f"{what} cannot run together with other statements in one call: PostgreSQL takes them as one "
            "transaction, in autocommit mode as well.",
            "Write one op.execute(...) for each statement, all inside the autocommit block.",
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
        if text in refused and not re.search(_NO_SLOT, statement.sql, re.IGNORECASE):
            return text
        return None
    return None
