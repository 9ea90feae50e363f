"""GRD325: A key of a partitioned table that lacks the partition key, or a concurrent index on it."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..specs import is_known
from ..statements import AddConstraint, CreateIndex, CreateTable
from . import Rule, rule


@rule
class PartitionPk(Rule):
    """A key of a partitioned table that lacks the partition key, or a concurrent index on it.

    What it does
    ------------
    Finds primary and unique keys of partitioned tables without all columns of the partition key,
    and CREATE INDEX CONCURRENTLY on the partitioned parent.

    Why it matters
    --------------
    PostgreSQL refuses both.

    Instead
    -------
    Include the partition key; create the index ON ONLY the parent, concurrently on each
    partition, and attach them.

    References
    ----------
    https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS
    """

    code = "GRD325"
    name = "partition-pk"
    hazard = "F25"
    severity = "error"
    dialects = ("postgresql",)
    on = (
        CreateTable,
        AddConstraint,
        CreateIndex,
    )
    bad = (
        'op.execute("CREATE TABLE logs (id bigint PRIMARY KEY, at date) PARTITION BY RANGE (at)")',
    )
    good = (
        'op.execute("CREATE TABLE logs (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)")',
    )

    def check(
        self, statement: CreateTable | AddConstraint | CreateIndex, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            keys = [c for c in statement.partition_by if is_known(c) and c.isidentifier()]
            if not statement.partition_by or len(keys) != len(statement.partition_by):
                return
            wanted = [s.columns for s in statement.constraints if s.kind in ("primary", "unique")]
            primary = tuple(c.name for c in statement.columns if c.primary_key)
            wanted += [primary] if primary else []
            wanted += [(c.name,) for c in statement.columns if c.unique]
            for columns in wanted:
                missing = [key for key in keys if key not in columns]
                if missing:
                    yield self._lacking(statement, columns, missing, at)
        elif isinstance(statement, CreateIndex) and statement.concurrently and not statement.only:
            table = at.table(statement.table)
            if table is not None and table.partitioned:
                yield self.finding(
                    at,
                    statement,
                    f"{statement.table} is partitioned: PostgreSQL refuses to build {statement.name} concurrently on it.",
                    f"Create it ON ONLY {statement.table}, concurrently on each partition, and ATTACH them.",
                    objects=[statement.table, statement.name or ""],
                )

    def _lacking(
        self, statement: CreateTable, columns: tuple[str, ...], missing: list[str], at: Place
    ) -> Finding:
        return self.finding(
            at,
            statement,
            f"The key ({', '.join(columns)}) of {statement.table} must include the partition key "
            f"{', '.join(missing)}: PostgreSQL refuses the table.",
            f"Make it ({', '.join([*columns, *missing])}).",
            objects=[statement.table],
        )
