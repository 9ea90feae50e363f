"""GRD115: ATTACH PARTITION that scans the partition under lock."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterTable
from . import Rule, rule


@rule
class AttachPartitionScan(Rule):
    """ATTACH PARTITION that scans the partition under lock.

    What it does
    ------------
    Finds tables attached as partitions with no CHECK that proves that their rows fit.

    Why it matters
    --------------
    All rows of the new partition, and of a default partition, are read while ACCESS EXCLUSIVE is
    held on them.

    Instead
    -------
    Add a CHECK equal to the partition's bounds as NOT VALID, validate it, attach, and drop the
    CHECK.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION
    """

    code = "GRD115"
    name = "attach-partition-scan"
    hazard = "L15"
    dialects = ("postgresql",)
    on = (AlterTable,)
    bad = (
        """
        op.execute(
            "ALTER TABLE logs ATTACH PARTITION logs_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
        )
        """,
    )
    good = (
        """
        op.execute("CREATE TABLE logs_2026 (LIKE logs)")
        op.execute(
            "ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
        )
        """,
    )

    def check(self, statement: AlterTable, at: Place) -> Iterator[Finding]:
        child = statement.target
        if statement.action != "attach_partition" or at.is_new(child) or at.is_new(statement.table):
            return
        table = at.table(child)
        if table is not None and any(found.valid for found in table.of_kind("check")):
            return
        yield self.finding(
            at,
            statement,
            f"Attaching {child} reads all its rows under ACCESS EXCLUSIVE to prove that they belong "
            f"into {statement.table}: everybody who uses {child} waits.",
            f"""
            Prove it beforehand, without blocking, with a CHECK equal to the partition's bounds:

                op.execute("ALTER TABLE {child} ADD CONSTRAINT fits CHECK (...) NOT VALID")
                # next revision
                op.execute("ALTER TABLE {child} VALIDATE CONSTRAINT fits")
                # next revision: attach, then drop the constraint
            """,
            objects=[statement.table, child or ""],
        )
