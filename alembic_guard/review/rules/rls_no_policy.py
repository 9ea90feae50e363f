"""GRD963: row level security without a policy, or switched off."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class RlsNoPolicy(Rule):
    """Row level security without a policy, or switched off.

    What it does
    ------------
    Finds ENABLE ROW LEVEL SECURITY with no CREATE POLICY for the table in the history, and
    DISABLE.

    Why it matters
    --------------
    Without a policy the application sees no row at all; when it is disabled, it sees everybody's.

    Instead
    -------
    Create the policies in the same revision.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-rowsecurity.html
    """

    code = "GRD963"
    name = "rls-no-policy"
    hazard = "X03"
    severity = "error"
    dialects = ("postgresql",)
    where = (st.AlterTable,)
    bad = (
        'op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")',
        'op.execute("ALTER TABLE users DISABLE ROW LEVEL SECURITY")',
    )
    good = (
        """
        op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY own ON users USING (name = current_user)")
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        for statement in revision.upgrade:
            if not isinstance(statement, st.AlterTable):
                continue
            table = statement.table
            if statement.action == "enable_rls" and table not in at.schema.policies:
                yield self.finding(
                    at,
                    statement,
                    f"No policy exists for {table}: from here on everybody but its owner sees no row of it.",
                    f'op.execute("CREATE POLICY name ON {table} USING (...)") in the same revision.',
                    objects=[table],
                )
            elif statement.action == "disable_rls":
                yield self.finding(
                    at,
                    statement,
                    f"From here on everybody who may read {table} sees all its rows.",
                    "Change the policies instead.",
                    objects=[table],
                )
