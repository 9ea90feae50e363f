"""GRD315: several schema steps in one revision where DDL is not transactional."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class MysqlPartialApply(Rule):
    """Several schema steps in one revision where DDL is not transactional.

    What it does
    ------------
    Finds revisions of which a later step may fail after an earlier one changed an existing table.

    Why it matters
    --------------
    Every DDL statement commits by itself. When a later one fails, the earlier ones stay, the
    revision is not recorded, and the next attempt fails at its first line.

    Instead
    -------
    One schema change for each revision, or steps that may run twice.

    References
    ----------
    https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
    """

    code = "GRD315"
    name = "mysql-partial-apply"
    hazard = "F15"
    dialects = ("mysql", "mariadb")
    PLAIN_STEPS = 2
    bad = (
        """
        op.add_column("orders", sa.Column("lane", sa.String(10)))
        op.create_unique_constraint("uq_orders_lane", "orders", ["lane"])
        """,
        """
        op.add_column("orders", sa.Column("lane", sa.String(10)))
        op.execute("UPDATE orders SET lane = track WHERE id < 100")
        op.drop_column("orders", "track")
        """,
    )
    good = (
        'op.add_column("orders", sa.Column("lane", sa.String(10)))',
        """
        op.create_table("lanes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
        op.create_index("ix_lanes_name", "lanes", ["name"])
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        steps = [
            s
            for s in revision.upgrade
            if self._is_step(s) and not at.is_new(getattr(s, "table", None))
        ]
        steps = list({(s.line, getattr(s, "table", None)): s for s in steps}.values())
        while steps and isinstance(steps[0], st.Dml):  # rolled back with the transaction
            del steps[0]
        risky = [s for s in steps[1:] if self._may_fail(s)] or steps[self.PLAIN_STEPS :]
        if not risky:
            return
        yield self.finding(
            at,
            risky[0],
            f"If this step fails, the {steps.index(risky[0])} before it stay applied (line {steps[0].line}), the "
            "revision is not recorded, and it cannot be run again.",
            "Write one schema change for each revision.",
            objects=[name for s in steps if (name := getattr(s, "table", None))],
        )

    def _is_step(self, statement: st.Statement) -> bool:
        kinds = (
            st.AddColumn, st.DropColumn, st.AlterColumn, st.RenameColumn, st.RenameTable, st.DropTable,
            st.AddConstraint, st.DropConstraint, st.CreateIndex, st.DropIndex,
        )  # fmt: skip
        if isinstance(statement, st.Dml):
            return statement.verb in ("update", "delete") or statement.from_select
        return isinstance(statement, kinds)

    def _may_fail(self, statement: st.Statement) -> bool:
        """Whether the rows in the table, or their size, decide over success."""
        if isinstance(statement, st.AlterColumn):
            return statement.type is not None or statement.nullable is False
        return isinstance(statement, (st.AddConstraint, st.CreateIndex))
