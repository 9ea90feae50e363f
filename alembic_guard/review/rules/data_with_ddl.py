"""GRD811: data with ddl."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.locks import held_exclusively
from ..knowledge.row_counts import is_by_key
from ..place import Place
from . import Rule, rule


@rule
class DataWithDdl(Rule):
    """A data change while the transaction holds a lock from DDL.

    What it does
    ------------
    Finds UPDATE, DELETE and INSERT ... SELECT on existing tables after DDL that locked an existing table
    against readers, in the same transaction.

    Why it matters
    --------------
    The lock is held until the transaction ends: for as long as the data change takes, nobody can read
    the table.

    Instead
    -------
    Change the data in a revision of its own, in batches.

    References
    ----------
    https://www.postgresql.org/docs/current/explicit-locking.html
    """

    code = "GRD811"
    name = "data-with-ddl"
    hazard = "N01"
    severity = "warning"
    dialects = ("postgresql",)
    on = (st.Dml,)
    bad = (
        """
        op.add_column("orders", sa.Column("net", sa.Numeric(10, 2)))
        op.execute("UPDATE orders SET net = total WHERE total > 0")
        """,
        """
        op.add_column("orders", sa.Column("town", sa.Text()))
        op.execute("UPDATE orders SET town = c.town FROM customers c WHERE c.id = orders.customer_id")
        """,
        """
        op.add_column("teams", sa.Column("slug", sa.String(100)))
        teams = sa.table("teams", sa.column("id"), sa.column("name"), sa.column("slug"))
        for row in op.get_bind().execute(sa.select(teams.c.id, teams.c.name)):
            op.execute(teams.update().where(teams.c.id == row.id).values(slug=row.name.lower()))
        """,
    )
    good = (
        """
        op.execute("UPDATE orders SET coupon = NULL WHERE coupon = ''")
        """,
        """
        op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("INSERT INTO tags (id) VALUES (1)")
        """,
    )

    def check(self, statement: st.Dml, at: Place) -> Iterator[Finding]:
        if statement.context.autocommit or at.is_new(statement.table) or not _is_heavy(statement):
            return
        held = _held(at)
        if not held:
            return
        table, line = next(iter(held.items()))
        yield self.finding(
            at,
            statement,
            f"This {statement.verb.upper()} of {statement.table} runs while the transaction holds an ACCESS "
            f"EXCLUSIVE lock on {table} (taken in {line}): nobody can read {table} until all rows "
            "are written.",
            f"Leave only the DDL here, and change the rows of {statement.table} in the next revision: it then "
            f"starts without the lock on {table}.",
            objects=(statement.table,),
        )


def _held(at: Place) -> dict[str, str]:
    """What DDL holds; an explicit LOCK TABLE is a matter of its own."""
    locked = {
        table
        for s in at.earlier_in_transaction()
        if isinstance(s, st.LockTable)
        for table in s.tables
    }
    return {table: line for table, line in held_exclusively(at).items() if table not in locked}


def _is_heavy(statement: st.Dml) -> bool:
    """Whether it may touch many rows: not a few literal ones, not one by its key unless row after row."""
    if statement.verb in ("update", "delete"):
        return statement.context.loop or not is_by_key(statement)
    return statement.verb == "insert" and statement.from_select
