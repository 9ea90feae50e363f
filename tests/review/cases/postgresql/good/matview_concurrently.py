# dialect: postgresql
"""totals per day, refreshed without blocking readers

Revision ID: 9b560acb0019
Revises: 285ea2cb8274
Create Date: 2026-03-06 09:37:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "9b560acb0019"
down_revision = "285ea2cb8274"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE MATERIALIZED VIEW totals AS SELECT status, sum(total) AS total FROM orders GROUP BY 1")
    op.execute("CREATE UNIQUE INDEX uq_totals ON totals (status)")
    with op.get_context().autocommit_block():
        op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")


def downgrade():
    op.execute("DROP MATERIALIZED VIEW totals")
