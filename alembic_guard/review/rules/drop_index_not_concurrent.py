"""GRD102: DROP INDEX without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.wording import quoted, table_argument
from ..place import Place
from ..statements import DropIndex
from . import Rule, rule


@rule
class DropIndexNotConcurrent(Rule):
    """DROP INDEX without CONCURRENTLY.

    What it does
    ------------
    Finds indexes that are dropped with an exclusive lock on a table in use.

    Why it matters
    --------------
    DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every running query, and every
    new query on the table waits behind it, reads included.

    Instead
    -------
    Drop it with ``postgresql_concurrently=True`` inside ``autocommit_block()``, in a revision of
    its own.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-dropindex.html
    """

    code = "GRD102"
    name = "drop-index-not-concurrent"
    hazard = "L02"
    dialects = ("postgresql",)
    on = (DropIndex,)
    bad = (
        'op.drop_index("ix_orders_user", table_name="orders")',
        'op.execute("DROP INDEX ix_orders_user")',
    )
    good = (
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_orders_user", table_name="orders", postgresql_concurrently=True)
        """,
        """
        op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))
        op.create_index("ix_orders_id", "orders", ["id"])
        op.drop_index("ix_orders_id", table_name="orders")
        """,
    )

    def check(self, statement: DropIndex, at: Place) -> Iterator[Finding]:
        table = at.table_of(statement)
        if statement.concurrently or at.is_new(table) or at.is_going(table):
            return
        owner = table or "its table"
        name = quoted(statement.name)
        yield self.finding(
            at,
            statement,
            f"Dropping {statement.name or 'the index'} takes ACCESS EXCLUSIVE on {owner}: the drop waits "
            f"for running queries and every new read and write of {owner} waits behind it.",
            f"""
            Drop it concurrently, in a revision of its own:

                with op.get_context().autocommit_block():
                    op.drop_index({name}, table_name={table_argument(table or "table")},
                                  postgresql_concurrently=True)
            """,
            objects=[found for found in (table, statement.name) if found],
        )
