# dialect: postgresql
# runs: no
"""concurrent, in raw SQL

Revision ID: 36dd82ef7f04
Revises: 7769e8c252a3
Create Date: 2026-03-14 09:10:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "36dd82ef7f04"
down_revision = "7769e8c252a3"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_total ON orders (total)")  # expect: F04


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_total")
