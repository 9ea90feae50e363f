"""GRD116: DETACH PARTITION without CONCURRENTLY."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterTable
from . import Example, Rule, rule


@rule
class DetachPartitionLock(Rule):
    """DETACH PARTITION without CONCURRENTLY.

    What it does
    ------------
    Finds partitions detached with an exclusive lock on the whole partitioned table.

    Why it matters
    --------------
    ACCESS EXCLUSIVE on the parent waits for every running query on any partition, and everything
    new waits behind it.

    Instead
    -------
    ``DETACH PARTITION ... CONCURRENTLY`` (PostgreSQL 14) inside ``autocommit_block()``.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
    """

    code = "GRD116"
    name = "detach-partition-lock"
    hazard = "L16"
    dialects = ("postgresql",)
    on = (AlterTable,)
    bad = ('op.execute("ALTER TABLE logs DETACH PARTITION logs_2024")',)
    good = (
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE logs DETACH PARTITION logs_2024 CONCURRENTLY")
        """,
        Example('op.execute("ALTER TABLE logs DETACH PARTITION logs_2024")', version="13"),
    )

    def check(self, statement: AlterTable, at: Place) -> Iterator[Finding]:
        if statement.action != "detach_partition" or at.is_new(statement.table):
            return
        if statement.options.get("concurrently") or not at.is_able("detach_concurrently"):
            return
        table, child = statement.table, statement.target
        yield self.finding(
            at,
            statement,
            f"Detaching {child} takes ACCESS EXCLUSIVE on {table}: every query on any of its partitions waits.",
            f"""
            Detach it concurrently, in a revision of its own:

                with op.get_context().autocommit_block():
                    op.execute("ALTER TABLE {table} DETACH PARTITION {child} CONCURRENTLY")
            """,
            objects=[table, child or ""],
        )
