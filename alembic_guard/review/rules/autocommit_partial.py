"""GRD316: transactional DDL before an autocommit block."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Finding
from .. import statements as st
from ..place import Place
from ..revision import Revision
from . import Rule, rule


@rule
class AutocommitPartial(Rule):
    """Transactional DDL before an autocommit block.

    What it does
    ------------
    Finds ``autocommit_block()`` after schema changes of the same revision that cannot run twice.

    Why it matters
    --------------
    Entering the block commits what came before. If the block fails, that part stays, the revision
    is not recorded, and the next attempt fails at its first line.

    Instead
    -------
    Give the block a revision of its own, or make what comes before it repeatable (IF NOT EXISTS).

    References
    ----------
    https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
    """

    code = "GRD316"
    name = "autocommit-partial"
    hazard = "F16"
    dialects = ("postgresql",)
    bad = (
        """
        op.add_column("orders", sa.Column("lane", sa.String(10)))
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_lane", "orders", ["lane"], postgresql_concurrently=True)
        """,
        """
        op.execute("ALTER INDEX ix_orders_lane RENAME TO ix_orders_lane_old")
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_lane ON orders (lane, id)")
        """,
        """
        op.execute("DROP INDEX ix_orders_lane")
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_id", "orders", ["id"], postgresql_concurrently=True)
        """,
    )
    good = (
        """
        lanes = sa.Enum("left", "right", name="lanes")
        lanes.create(op.get_bind(), checkfirst=True)
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_id", "orders", ["id"], postgresql_concurrently=True, if_not_exists=True)
        """,
        """
        op.execute("ALTER INDEX IF EXISTS ix_orders_lane RENAME TO ix_orders_lane_old")
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_lane ON orders (lane, id)")
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("uq_orders_lane", "orders", ["lane"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE orders ADD CONSTRAINT uq_orders_lane UNIQUE USING INDEX uq_orders_lane")
        """,
    )

    def check_revision(self, revision: Revision, at: Place) -> Iterator[Finding]:
        before: list[st.Statement] = []
        for statement in revision.upgrade:
            if not statement.context.autocommit:
                if self._cannot_repeat(statement):
                    before.append(statement)
            elif before and self._may_fail(statement):
                first = before[0]
                yield self.finding(
                    at,
                    statement,
                    f"Entering the autocommit block commits line {first.line}. If this statement then fails, "
                    "the revision is not recorded and cannot be run again.",
                    "Move the block to a revision of its own, or make the steps before it repeatable with "
                    "if_not_exists=True.",
                    objects=[str(getattr(first, "table", None) or getattr(first, "name", ""))],
                )
                return

    def _cannot_repeat(self, statement: st.Statement) -> bool:
        if isinstance(statement, (st.AddColumn, st.CreateTable, st.CreateIndex)):
            return not statement.if_not_exists
        if isinstance(statement, (st.DropColumn, st.DropTable, st.DropIndex)):
            return not statement.if_exists
        if isinstance(statement, st.CreateType):
            return not statement.checkfirst
        if isinstance(statement, (st.RenameIndex, st.RenameColumn, st.RenameTable)):
            return "IF EXISTS" not in statement.origin.text.upper()
        return isinstance(statement, st.AddConstraint)

    def _may_fail(self, statement: st.Statement) -> bool:
        """A validation that fails is repaired and repeated by itself: its constraint is enforced."""
        return isinstance(
            statement, (st.CreateIndex, st.DropIndex, st.AlterType, st.AlterTable, st.Dml)
        )
