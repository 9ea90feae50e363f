"""GRD119: LOCK TABLE in a migration."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import LockTable
from . import Rule, rule


@rule
class LockTableFound(Rule):
    """LOCK TABLE in a migration.

    What it does
    ------------
    Finds explicit table locks.

    Why it matters
    --------------
    The lock is held until the transaction ends, over everything the migration still does; DDL
    takes the locks it needs by itself.

    Instead
    -------
    Remove it. To exclude concurrent migrations use the migration lock, to exclude writers stop
    them.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-lock.html
    """

    code = "GRD119"
    name = "lock-table"
    hazard = "L19"
    severity = "error"
    dialects = ("postgresql", "mysql", "mariadb")
    on = (LockTable,)
    bad = ('op.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")',)
    good = ('op.execute("SELECT 1")',)

    def check(self, statement: LockTable, at: Place) -> Iterator[Finding]:
        tables = [table for table in statement.tables if not at.is_new(table)]
        if not tables:
            return
        names = ", ".join(tables)
        mode = f" ({statement.mode})" if at.dialect == "postgresql" else ""
        yield self.finding(
            at,
            statement,
            f"LOCK TABLE keeps {names} locked{mode} until the whole migration is over.",
            "Remove it: each statement takes the lock it needs.",
            objects=tables,
        )
