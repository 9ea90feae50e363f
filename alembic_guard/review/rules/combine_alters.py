"""GRD946: several ALTERs of one table."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class CombineAlters(Rule):
    """Several ALTERs of one table.

    What it does
    ------------
    Finds three and more ALTER statements of one table in a revision.

    Why it matters
    --------------
    On MySQL each of them may copy or rebuild the table; one ALTER does it once.

    Instead
    -------
    One ALTER TABLE with several clauses (a batch block does that).

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/alter-table.html
    """

    code = "GRD946"
    name = "combine-alters"
    hazard = "P16"
    severity = "note"
    dialects = ("mysql", "mariadb")
    opinion = True
    bad = (
        """
        op.add_column("orders", sa.Column("a", sa.Integer()))
        op.add_column("orders", sa.Column("b", sa.Integer()))
        op.add_column("orders", sa.Column("c", sa.Integer()))
        """,
    )
    good = ('op.add_column("orders", sa.Column("a", sa.Integer()))',)

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        altered: dict[str, list[st.Statement]] = {}
        kinds = (st.AddColumn, st.DropColumn, st.AlterColumn, st.AddConstraint)
        for statement in revision.upgrade:
            if (
                isinstance(statement, kinds)
                and statement.context.batch is None
                and not at.is_new(statement.table)
            ):
                altered.setdefault(statement.table, []).append(statement)
        for table, statements in altered.items():
            if len(statements) >= 3:
                yield self.finding(
                    at,
                    statements[2],
                    f"{len(statements)} ALTERs of {table} may each rebuild it.",
                    f'Write them in one op.batch_alter_table("{table}") block.',
                    objects=[table],
                )
