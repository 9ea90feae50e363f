"""GRD129: LOCK=SHARED, LOCK=EXCLUSIVE or ALGORITHM=COPY asked for."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import AlterTable
from . import Rule, rule


@rule
class MysqlLockOption(Rule):
    """LOCK=SHARED, LOCK=EXCLUSIVE or ALGORITHM=COPY asked for.

    What it does
    ------------
    Finds ALTER TABLE clauses that ask for the blocking way.

    Why it matters
    --------------
    With SHARED or EXCLUSIVE, and with COPY, writes wait even where InnoDB could work online.

    Instead
    -------
    ``ALGORITHM=INSTANT`` or ``ALGORITHM=INPLACE, LOCK=NONE``, which fail instead of blocking.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-performance.html
    """

    code = "GRD129"
    name = "mysql-lock-option"
    hazard = "L29"
    dialects = ("mysql", "mariadb")
    on = (AlterTable,)
    bad = ('op.execute("ALTER TABLE orders ADD INDEX ix_orders_total (total), LOCK=SHARED")',)
    good = (
        'op.execute("ALTER TABLE orders ADD INDEX ix_orders_total (total), ALGORITHM=INPLACE, LOCK=NONE")',
    )

    def check(self, statement: AlterTable, at: Place) -> Iterator[Finding]:
        value = (statement.target or "").upper()
        lock = statement.action == "lock_option" and value in ("SHARED", "EXCLUSIVE")
        copy = statement.action == "algorithm_option" and value == "COPY"
        if not (lock or copy) or at.is_new(statement.table):
            return
        clause = f"LOCK={value}" if lock else f"ALGORITHM={value}"
        yield self.finding(
            at,
            statement.origin.call_line
            if statement.origin.via != "sql"
            else self._line(statement, at),
            f"{clause} makes writes to {statement.table} wait even where InnoDB could work online.",
            "Ask for ALGORITHM=INSTANT, or ALGORITHM=INPLACE, LOCK=NONE.",
            objects=[statement.table],
        )

    def _line(self, statement: AlterTable, at: Place) -> int:
        """One finding for both clauses, at the statement they belong to."""
        same = [s for s in at.statements if s.origin.call_line == statement.origin.call_line]
        return min(
            (s.line for s in same if getattr(s, "table", None) == statement.table),
            default=statement.line,
        )
