"""GRD101: an index built under a lock."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from ..knowledge.locks import held_exclusively
from ..knowledge.wording import quoted, short
from ..place import Place
from ..statements import CreateIndex
from . import Rule, rule


@rule
class IndexNotConcurrent(Rule):
    """CREATE INDEX without CONCURRENTLY on an existing table.

    What it does
    ------------
    Finds indexes that are built on a table other transactions already use.

    Why it matters
    --------------
    The build holds a SHARE lock: every INSERT, UPDATE and DELETE on the table waits until the
    whole index is written, which takes minutes on a large table.

    Instead
    -------
    Build it with ``postgresql_concurrently=True`` inside ``autocommit_block()``, in a revision
    of its own.

    References
    ----------
    https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
    """

    code = "GRD101"
    name = "index-not-concurrent"
    hazard = "L01"
    severity = "warning"
    dialects = ("postgresql",)
    on = (CreateIndex,)
    bad = (
        'op.create_index("ix_orders_user", "orders", ["user_id"])',
        'op.execute("CREATE INDEX ix_orders_user ON orders (user_id)")',
    )
    good = (
        'op.execute("CREATE INDEX ix_readings_day ON ONLY readings (day)")',
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_user", "orders", ["user_id"], postgresql_concurrently=True)
        """,
        """
        op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))
        op.create_index("ix_orders_id", "orders", ["id"])
        """,
    )

    def check(self, statement: CreateIndex, at: Place) -> Iterator[Finding]:
        if statement.concurrently or statement.only or at.is_new(statement.table):
            return  # ON ONLY a partitioned table builds nothing yet
        name = statement.name or "the index"
        schema = statement.table.rpartition(".")[0]
        columns = ", ".join(
            f"sa.text({quoted(c[1:-1])})" if c.startswith("(") else quoted(c)
            for c in statement.columns
        )
        options = [f"schema={quoted(schema)}, "] if schema else []
        if statement.unique:
            options.append("unique=True, ")
        yield self.finding(
            at,
            statement,
            f"Building {name} blocks every INSERT, UPDATE and DELETE on {statement.table} until "
            f"the whole index is written.{self._held(at)}",
            f"""
            Build it concurrently, in a revision of its own:

                with op.get_context().autocommit_block():
                    op.create_index({quoted(statement.name)}, {quoted(short(statement.table))}, [{columns}],
                                    {"".join(options)}postgresql_concurrently=True)
            """,
            objects=(statement.table, name),
        )

    def _held(self, at: Place) -> str:
        """What an ALTER TABLE above adds to it: its lock blocks readers during the build as well."""
        held = held_exclusively(at)
        if not held:
            return ""
        table, line = next(iter(held.items()))
        return f" ACCESS EXCLUSIVE on {table} is held meanwhile ({line}): reads of it wait too."
