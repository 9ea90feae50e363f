"""GRD126: A failed concurrent build leaves an INVALID index that IF NOT EXISTS accepts."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.wording import quoted, table_argument
from ..place import Place
from ..statements import CreateIndex
from . import Rule, rule


@rule
class ConcurrentIndexInvalid(Rule):
    """A failed concurrent build leaves an INVALID index that IF NOT EXISTS accepts.

    What it does
    ------------
    Finds CREATE INDEX CONCURRENTLY IF NOT EXISTS that is not preceded by dropping a leftover.

    Why it matters
    --------------
    A concurrent build that fails leaves an INVALID index behind. The next attempt sees its name,
    does nothing and succeeds: the index is never used, and a unique one enforces nothing.

    Instead
    -------
    ``DROP INDEX CONCURRENTLY IF EXISTS`` before it, or check ``pg_index.indisvalid`` afterwards.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
    """

    code = "GRD126"
    name = "concurrent-index-invalid"
    hazard = "L26"
    severity = "note"
    dialects = ("postgresql",)
    on = (CreateIndex,)
    opinion = True
    bad = (
        """
        with op.get_context().autocommit_block():
            op.create_index(
                "ix_orders_user", "orders", ["user_id"], postgresql_concurrently=True, if_not_exists=True
            )
        """,
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_orders_user", "orders", postgresql_concurrently=True, if_exists=True)
            op.create_index("ix_orders_user", "orders", ["user_id"], postgresql_concurrently=True)
        """,
    )

    def check(self, statement: CreateIndex, at: Place) -> Iterator[Finding]:
        if not (statement.concurrently and statement.if_not_exists):
            return
        if any(isinstance(s, st.DropIndex) and s.name == statement.name for s in at.earlier):
            return
        yield self.finding(
            at,
            statement,
            f"If a build of {statement.name} failed before, IF NOT EXISTS accepts the INVALID index it left.",
            f"""
            Drop a leftover first:

                op.drop_index({quoted(statement.name)}, table_name={table_argument(statement.table)},
                              postgresql_concurrently=True, if_exists=True)
            """,
            objects=[statement.table, statement.name or ""],
        )
