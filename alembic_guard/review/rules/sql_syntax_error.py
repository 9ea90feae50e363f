"""GRD317: SQL text that cannot be parsed."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..place import Place
from ..statements import BrokenSql
from . import Rule, rule


@rule
class SqlSyntaxError(Rule):
    """SQL text that cannot be parsed.

    What it does
    ------------
    Finds statements that no server would accept.

    Why it matters
    --------------
    The deployment fails, perhaps after other revisions have been applied.

    Instead
    -------
    Correct the statement.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-commands.html
    """

    code = "GRD317"
    name = "sql-syntax-error"
    hazard = "F17"
    severity = "error"
    on = (BrokenSql,)
    directions = ("upgrade", "downgrade")
    bad = (
        'op.execute("ALTER TABLE orders ADD COLUMN note text,")',
        'op.execute("UPDATE orders SET a = 1 WERE id = 1")',
        'op.execute("INSERT INTO orders (id) VLUES (1)")',
        'op.execute("ALTER TABLE orders ALTER COLUMN a SET NOTNULL")',
        'op.execute("DELETE FROM orders WHERE state = \'gone")',
        'op.execute("ALTER TABEL orders ADD COLUMN note text")',
        'op.execute("CREATE UNIQE INDEX ix_orders_a ON orders (a)")',
        'op.execute("DROP INDX ix_orders_a")',
        'op.execute("UPDAET orders SET a = 1 WHERE id = 1")',
        'op.execute("UPDATE orders SET a = 1, WHERE id = 1")',
        'op.execute("INSERT INTO orders (id, a,) VALUES (1, 2)")',
    )
    good = (
        'op.execute("ALTER TABLESPACE fast RENAME TO faster")',
        'op.execute("CREATE ROLE reader")',
        'op.execute("ALTER TABLE orders ADD COLUMN note text")',
        'op.execute("ALTER TABLE orders ALTER COLUMN note SET STORAGE external")',
        'op.execute("INSERT INTO orders (id) SELECT 1")',
        'op.execute("INSERT INTO orders (id) OVERRIDING USER VALUE SELECT 1")',
    )

    def check(self, statement: BrokenSql, at: Place) -> Iterator[Finding]:
        yield self.finding(
            at,
            statement,
            f"This SQL cannot be parsed: {statement.reason}.",
            "Correct it; run it once against a scratch database.",
        )
