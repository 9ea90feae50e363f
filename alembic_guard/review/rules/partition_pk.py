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
        """
        op.create_table(
            "logs",
            sa.Column("id", sa.BigInteger(), primary_key=True),
            sa.Column("at", sa.Date(), nullable=False),
            postgresql_partition_by="RANGE (at)",
        )
        """,
    )
    good = (
        'op.execute("CREATE TABLE logs (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)")',
        """
        op.create_table(
            "logs",
            sa.Column("id", sa.BigInteger(), primary_key=True),
            sa.Column("region", sa.Text(), primary_key=True),
            postgresql_partition_by="LIST (region)",
        )
        """,
    )

    def check(
        self, statement: CreateTable | AddConstraint | CreateIndex, at: Place
    ) -> Iterator[Finding]:
        if isinstance(statement, CreateTable):
            keys = _partition_key(statement)
            if not keys:
                return
            for columns, line in _unique_keys(statement):
                missing = [key for key in keys if key not in columns]
                if missing:
                    yield self._lacking(statement, line, columns, missing, at)
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
        self,
        statement: CreateTable,
        line: int,
        columns: tuple[str, ...],
        missing: list[str],
        at: Place,
    ) -> Finding:
        return self.finding(
            at,
            line or statement,
            f"The key ({', '.join(columns)}) of {statement.table} must include the partition key "
            f"{', '.join(missing)}: PostgreSQL refuses the table.",
            f"Make it ({', '.join([*columns, *missing])}).",
            objects=[statement.table],
        )


def _unique_keys(statement: CreateTable) -> Iterator[tuple[tuple[str, ...], int]]:
    """The columns of each primary and unique key, and the line it stands on."""
    for spec in statement.constraints:
        if spec.kind in ("primary", "unique"):
            yield spec.columns, spec.line
    primary = [column for column in statement.columns if column.primary_key]
    if primary:
        yield tuple(column.name for column in primary), primary[0].line
    for column in statement.columns:
        if column.unique:
            yield (column.name,), column.line


def _partition_key(statement: CreateTable) -> list[str]:
    """The columns of the partition key, none when one is an expression or unknown."""
    parts = list(statement.partition_by)
    option = statement.options.get("postgresql_partition_by")
    if isinstance(option, str):
        parts = [part.strip(' "') for part in option.partition("(")[2].rstrip(" )").split(",")]
    return parts if all(is_known(part) and part.isidentifier() for part in parts) else []
