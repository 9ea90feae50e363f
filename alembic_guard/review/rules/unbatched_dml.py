"""GRD502: unbatched dml."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..knowledge.locks import held_exclusively
from ..knowledge.row_counts import touches_all_rows
from ..place import Place
from . import Rule, rule

_IS_NULL = r"[\s(]*(?:\w+\.)*[`\"]?(\w+)[`\"]?\s+IS\s+NULL[\s)]*$"
_EQUAL = r"[\s(]*\w+(?:\.\w+)*\s*=\s*[A-Za-z_]\w*(?:\.\w+)+[\s)]*"
_JOIN = rf"{_EQUAL}(?:AND{_EQUAL})*$"
"""Compiled when a condition needs them: `re` takes a millisecond for each."""
_LOOP = re.compile(r"\bLOOP\b", re.IGNORECASE)


@rule
class UnbatchedDml(Rule):
    """Every row of a table is changed in one statement.

    What it does
    ------------
    Finds UPDATE and DELETE without a WHERE, and backfills of a whole column, outside of batches.

    Why it matters
    --------------
    Every row stays locked until the transaction ends, the table doubles in size, replicas fall behind,
    and writers wait.

    Instead
    -------
    Change a few thousand rows at a time, outside of the transaction.

    References
    ----------
    https://www.postgresql.org/docs/current/routine-vacuuming.html
    """

    code = "GRD502"
    name = "unbatched-dml"
    hazard = "D02"
    severity = "warning"
    on = (st.Dml, st.DoBlock)
    bad = (
        'op.execute("UPDATE customers SET score = 0")',
        'op.execute(sa.table("events").delete())',
        'op.execute(sa.delete(sa.table("events")).where(sa.true()))',
        'op.execute("UPDATE boxes SET shelf = s.id FROM shelves s WHERE s.code = boxes.shelf_code")',
        'op.execute("DO $$ BEGIN UPDATE customers SET score = 0; END $$")',
        """
        op.add_column("customers", sa.Column("score", sa.Integer()))
        with op.get_context().autocommit_block():
            op.execute("UPDATE customers SET score = visits * 2 WHERE score IS NULL")
        """,
    )
    good = (
        'op.execute("UPDATE customers SET score = 0 WHERE id = 7")',
        """
        op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("UPDATE tags SET id = 1")
        """,
        """
        op.execute("UPDATE boxes SET size = v.size FROM (VALUES ('a', 1), ('b', 2)) AS v (code, size) WHERE v.code = boxes.code")
        """,
        """
        with op.get_context().autocommit_block():
            bind = op.get_bind()
            while bind.execute(sa.text("UPDATE customers SET score = 0 WHERE id IN (SELECT id FROM customers WHERE score IS NULL LIMIT 1000)")).rowcount:
                pass
        """,
    )

    def _fills_new_column(self, statement: st.Dml, at: Place) -> bool:
        """Whether each row has the NULL it looks for, as the column was added above.

        Where DDL holds its lock until the transaction ends, GRD811 has said so.
        """
        found = re.match(_IS_NULL, statement.condition, re.IGNORECASE)
        if found is None or (at.dialect == "postgresql" and not statement.context.autocommit):
            return False
        return any(
            isinstance(s, st.AddColumn)
            and (s.table, s.column.name, s.column.default) == (statement.table, found[1], None)
            for s in at.earlier
        )

    def _follows_a_join(self, statement: st.Dml, at: Place) -> bool:
        """Whether only a join with an older table picks the rows, and GRD811 has not said so."""
        if not statement.reads or not re.match(_JOIN, statement.condition, re.IGNORECASE):
            return False
        if any(at.is_new(table) for table in statement.reads):
            return False
        return at.dialect != "postgresql" or not held_exclusively(at)

    def check(self, statement: st.Dml | st.DoBlock, at: Place) -> Iterator[Finding]:
        if isinstance(statement, st.DoBlock):
            if not _LOOP.search(statement.body):
                for inner in statement.inner:
                    if isinstance(inner, st.Dml):
                        yield from self.check(inner, at)
            return
        if statement.verb not in ("update", "delete") or at.is_new(statement.table):
            return
        if statement.limited or not (
            touches_all_rows(statement)
            or self._fills_new_column(statement, at)
            or self._follows_a_join(statement, at)
        ):
            return
        verb = "Updating" if statement.verb == "update" else "Deleting"
        yield self.finding(
            at,
            statement,
            f"{verb} every row of {statement.table} in one statement locks all of them until the "
            "transaction ends: writers wait, and replicas fall behind.",
            f"""
            In batches, outside of the transaction:

                with op.get_context().autocommit_block():
                    while op.get_bind().execute(sa.text(
                        "{statement.verb.upper()} ... WHERE id IN "
                        "(SELECT id FROM {statement.table} WHERE ... LIMIT 1000)"
                    )).rowcount:
                        pass
            """,
            objects=(statement.table,),
        )
