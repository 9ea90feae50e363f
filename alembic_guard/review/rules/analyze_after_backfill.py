"""GRD818: analyze after backfill."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from . import Rule, rule


@rule
class AnalyzeAfterBackfill(Rule):
    """No ANALYZE after a large data change.

    What it does
    ------------
    Finds UPDATE without WHERE and INSERT ... SELECT that no ANALYZE follows.

    Why it matters
    --------------
    The planner works with the old statistics until autovacuum comes by.

    Instead
    -------
    Run ANALYZE on the table afterwards.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-analyze.html
    """

    code = "GRD818"
    name = "analyze-after-backfill"
    hazard = "N08"
    severity = "note"
    dialects = ("postgresql",)
    on = (st.Dml,)
    opinion = True
    bad = ('op.execute("INSERT INTO archive SELECT * FROM orders")',)
    good = (
        """
        op.execute("INSERT INTO archive SELECT * FROM orders")
        op.execute("ANALYZE archive")
        """,
    )

    def check(self, statement: st.Dml, at: Place) -> Iterator[Finding]:
        large = statement.from_select or (statement.verb == "update" and not statement.where)
        analyzed = any(
            isinstance(s, st.Maintenance)
            and s.verb == "analyze"
            and s.table in (None, statement.table)
            for s in at.later
        )
        if large and not analyzed:
            yield self.finding(
                at,
                statement,
                f"The planner does not know the new rows of {statement.table} until autovacuum looks at them.",
                f'op.execute("ANALYZE {statement.table}")',
                objects=(statement.table,),
            )
