"""GRD103: REINDEX without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import Reindex
from . import Rule, rule


@rule
class ReindexNotConcurrent(Rule):
    """REINDEX without CONCURRENTLY.

    What it does
    ------------
    Finds REINDEX TABLE, INDEX or SCHEMA that locks while it rebuilds.

    Why it matters
    --------------
    The rebuild blocks writes to the table and every query that would use the index until it is
    done, which takes minutes on a large table.

    Instead
    -------
    Use REINDEX ... CONCURRENTLY (PostgreSQL 12) inside ``autocommit_block()``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY
    """

    code = "GRD103"
    name = "reindex-not-concurrent"
    hazard = "L03"
    dialects = ("postgresql",)
    on = (Reindex,)
    bad = (
        'op.execute("REINDEX TABLE orders")',
        'op.execute("REINDEX INDEX ix_orders_user")',
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.execute("REINDEX INDEX CONCURRENTLY ix_orders_user")
        """,
    )

    def check(self, statement: Reindex, at: Place) -> Iterator[Finding]:
        table = (
            at.schema.index_table(statement.name) if statement.kind == "index" else statement.name
        )
        if statement.concurrently or at.is_new(table):
            return
        kind = statement.kind.upper()
        instead = (
            f"""
            Rebuild it concurrently, in a revision of its own:

                with op.get_context().autocommit_block():
                    op.execute("REINDEX {kind} CONCURRENTLY {statement.name}")
            """
            if at.is_able("reindex_concurrently")
            else """
            This server has no REINDEX CONCURRENTLY: create a second index concurrently, drop the old
            one concurrently and rename the new one.
            """
        )
        yield self.finding(
            at,
            statement,
            f"REINDEX {kind} {statement.name} blocks writes to the table, and reads that would use the "
            "index, until the rebuild is done.",
            instead,
            objects=[statement.name],
        )
