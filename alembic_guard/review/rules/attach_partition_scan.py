"""GRD115: ATTACH PARTITION that scans the partition under lock."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterTable, CreateTable
from . import Example, Rule, rule


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
    on = (
        AlterTable,
        CreateTable,
    )
    bad = (
        """
        op.execute(
            "ALTER TABLE logs ATTACH PARTITION logs_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
        )
        """,
        Example(
            (
                """
                op.execute("CREATE TABLE logs (at date) PARTITION BY RANGE (at)")
                op.execute("CREATE TABLE logs_other PARTITION OF logs DEFAULT")
                """,
                "op.execute(\"CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')\")",
            )
        ),
    )
    good = (
        """
        op.execute("CREATE TABLE logs_2026 (LIKE logs)")
        op.execute(
            "ALTER TABLE logs ATTACH PARTITION logs_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
        )
        """,
    )

    def check(self, statement: AlterTable | CreateTable, at: Place) -> Iterator[Finding]:
        parent: str | None
        child: str | None
        if isinstance(statement, CreateTable):
            parent, child = statement.partition_of, statement.table
        elif statement.action == "attach_partition":
            parent, child = statement.table, statement.target
        else:
            return
        if parent is None or at.is_new(parent):
            return
        if isinstance(statement, AlterTable) and self._is_scanned(child, at):
            yield self._child_scan(statement, child, at)
            return
        default = self._default_partition(parent, at)
        if default is not None and default != child:
            yield self._default_scan(statement, default, at)

    def _is_scanned(self, partition: str | None, at: Place) -> bool:
        """Whether its rows have to be read: it may have some, and no CHECK says where they belong."""
        table = at.table(partition)
        proved = table is not None and any(found.valid for found in table.of_kind("check"))
        return not at.is_new(partition) and not proved

    def _default_partition(self, parent: str, at: Place) -> str | None:
        for table in at.schema.tables():
            if table.default_partition and table.partition_of == parent:
                return table.name if self._is_scanned(table.name, at) else None
        return None

    def _default_scan(
        self, statement: AlterTable | CreateTable, default: str, at: Place
    ) -> Finding:
        return self.finding(
            at,
            statement,
            f"All rows of the default partition {default} are read under ACCESS EXCLUSIVE, to prove that none "
            "belongs into the new partition: everybody who uses it waits.",
            f"""
            Prove it beforehand, without blocking, with a CHECK that excludes the new partition's bounds:

                op.execute("ALTER TABLE {default} ADD CONSTRAINT lies_outside CHECK (...) NOT VALID")
                # next revision
                op.execute("ALTER TABLE {default} VALIDATE CONSTRAINT lies_outside")
            """,
            objects=[default],
        )

    def _child_scan(self, statement: AlterTable, child: str | None, at: Place) -> Finding:
        return self.finding(
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
