"""GRD127: A change that MySQL makes by copying the whole table."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.mysql_ddl import copy_reason
from ..place import Place
from ..statements import AddConstraint, AlterColumn, AlterTable, DropConstraint
from . import Rule, rule


@rule
class MysqlCopyAlgorithm(Rule):
    """A change that MySQL makes by copying the whole table.

    What it does
    ------------
    Finds type changes, shrunk columns, varchar that grows over 255 bytes, dropped primary keys,
    another storage engine and partitioning.

    Why it matters
    --------------
    ALGORITHM=COPY writes every row into a new table while all writes wait, and replicas lag by as
    long again.

    Instead
    -------
    gh-ost or pt-online-schema-change; or a new column that is filled in batches.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
    """

    code = "GRD127"
    name = "mysql-copy-algorithm"
    hazard = "L27"
    severity = "error"
    dialects = ("mysql", "mariadb")
    on = (
        AlterColumn,
        AlterTable,
        DropConstraint,
    )
    bad = (
        'op.execute("ALTER TABLE orders PARTITION BY HASH (id) PARTITIONS 4")',
        """
        op.alter_column(
            "orders", "amount", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False
        )
        """,
    )
    good = (
        """
        op.alter_column(
            "users", "phone", existing_type=sa.String(20), type_=sa.String(40), existing_nullable=True
        )
        """,
        'op.execute("ALTER TABLE orders MODIFY amount BIGINT, ALGORITHM=INPLACE, LOCK=NONE")',
    )

    def check(
        self, statement: AlterColumn | AlterTable | DropConstraint, at: Place
    ) -> Iterator[Finding]:
        table = statement.table
        if at.is_new(table):
            return
        if isinstance(statement, AlterTable):
            if (reason := _whole_table(statement)) is not None:
                yield self._found(statement, f"how {table} is stored", reason, at)
            return
        if isinstance(statement, DropConstraint):
            if statement.kind == "primary" and not self._gets_another_key(statement, at):
                yield self._found(statement, table, f"dropping the primary key of {table}", at)
            return
        new, old = statement.type, at.old_type(statement)
        unknown = at.column(table, statement.column) is None
        if new is None or (unknown and self._is_vague(statement, at)):
            return
        if old is None and at.forbids("copy", statement):
            return
        reason = copy_reason(old, new)
        if reason is not None:
            yield self._found(statement, f"{table}.{statement.column}", reason, at)

    def _gets_another_key(self, statement: DropConstraint, at: Place) -> bool:
        """Whether the same ALTER TABLE adds a key again: that rebuilds in place, GRD108 says so."""
        return any(
            isinstance(s, AddConstraint)
            and s.constraint.kind == "primary"
            and s.origin.call_line == statement.origin.call_line
            for s in at.later
        )

    def _is_vague(self, statement: AlterColumn, at: Place) -> bool:
        """MODIFY and CHANGE restate the type: text may well be a widening, a rename keeps it."""
        name = statement.type.name if statement.type is not None else ""
        renamed = any(
            isinstance(s, st.RenameColumn) and s.line == statement.line for s in at.earlier[-1:]
        )
        restated = ("varchar", "text", "char", "enum", "set", "unknown")
        return statement.modify and (renamed or name in restated)

    def _found(
        self,
        statement: AlterColumn | AlterTable | DropConstraint,
        what: str,
        reason: str,
        at: Place,
    ) -> Finding:
        table = statement.table
        return self.finding(
            at,
            statement,
            f"Changing {what} copies the whole table {table}, because {reason}: all writes wait until the "
            "copy is complete, and replicas lag as long.",
            f"Use gh-ost or pt-online-schema-change for {table}, or a new column filled in batches.",
            objects=[what],
        )


def _whole_table(statement: AlterTable) -> str | None:
    """Why an option of the table moves all its rows."""
    if statement.action == "engine" and (statement.target or "").lower() != "innodb":
        return f"it moves to the storage engine {statement.target}"
    if statement.action == "partition_by":
        return "every row moves to its partition"
    if statement.action == "remove_partitioning":
        return "every row leaves its partition"
    return None
