"""GRD117: REFRESH MATERIALIZED VIEW without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import ViewStatement
from . import Rule, rule


@rule
class MatviewRefresh(Rule):
    """REFRESH MATERIALIZED VIEW without CONCURRENTLY.

    What it does
    ------------
    Finds refreshes that block the view's readers.

    Why it matters
    --------------
    The view is locked with ACCESS EXCLUSIVE for as long as its query runs.

    Instead
    -------
    ``REFRESH MATERIALIZED VIEW CONCURRENTLY``; the view needs a unique index.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html
    """

    code = "GRD117"
    name = "matview-refresh"
    hazard = "L17"
    dialects = ("postgresql",)
    on = (ViewStatement,)
    bad = ('op.execute("REFRESH MATERIALIZED VIEW totals")',)
    good = (
        'op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")',
        """
        op.execute("CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one WITH NO DATA")
        op.execute("REFRESH MATERIALIZED VIEW totals")
        """,
    )

    def check(self, statement: ViewStatement, at: Place) -> Iterator[Finding]:
        if statement.action != "refresh" or statement.concurrently or not statement.with_data:
            return
        if any(isinstance(s, ViewStatement) and s.name == statement.name for s in at.earlier):
            return
        yield self.finding(
            at,
            statement,
            f"Everybody who reads {statement.name} waits until its query has run again.",
            f"""
            Refresh it beside the readers (it needs a unique index that covers all rows):

                op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY {statement.name}")
            """,
            objects=[statement.name],
        )
