"""GRD819: top level op."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class TopLevelOp(Rule):
    """An operation runs at import time.

    What it does
    ------------
    Finds calls of ``op`` outside of upgrade() and downgrade().

    Why it matters
    --------------
    Alembic imports every revision for every command, even `alembic history`: the call fails there, or
    runs each time.

    Instead
    -------
    Move it into upgrade().

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/tutorial.html
    """

    code = "GRD819"
    name = "top-level-op"
    hazard = "N09"
    severity = "error"
    bad = (
        """
        from alembic import op

        revision = "a1"
        down_revision = None
        op.execute("SELECT 1")

        def upgrade():
            pass

        def downgrade():
            pass
        """,
    )
    good = ('op.execute("SELECT 1")',)

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        for fact in revision.top:
            if isinstance(fact, st.PythonFact) and fact.kind == "top_level_op":
                yield self.finding(
                    at,
                    fact,
                    f"{fact.what}() runs whenever this file is imported, which every Alembic command does, "
                    "and fails when no migration is running.",
                    "Move it into upgrade().",
                )
