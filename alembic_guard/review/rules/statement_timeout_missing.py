"""GRD114: A long scan without a statement timeout."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class StatementTimeoutMissing(Rule):
    """A long scan without a statement timeout.

    What it does
    ------------
    Finds validations, backfills and index builds with no statement_timeout set before them.

    Why it matters
    --------------
    A statement that takes far longer than on the test database keeps its locks as long.

    Instead
    -------
    ``SET LOCAL statement_timeout`` for the revision.

    References
    ----------
    https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT
    """

    code = "GRD114"
    name = "statement-timeout-missing"
    hazard = "L14"
    severity = "note"
    dialects = ("postgresql",)
    opinion = True
    bad = ('op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")',)
    good = (
        """
        op.execute("SET LOCAL statement_timeout = '10min'")
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_total")
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        for statement in revision.upgrade:
            if isinstance(statement, st.SetVariable) and statement.name == "statement_timeout":
                return
            if not isinstance(statement, (st.ValidateConstraint, st.CreateIndex)) or at.is_new(
                statement.table
            ):
                continue
            yield self.finding(
                at,
                statement,
                f"Nothing bounds how long this works on {statement.table}.",
                "op.execute(\"SET LOCAL statement_timeout = '10min'\") first.",
                objects=[statement.table],
            )
            return
