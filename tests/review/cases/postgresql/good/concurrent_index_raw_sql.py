# dialect: postgresql
"""index without blocking, in SQL

Revision ID: 77e1995fca0a
Revises: d36888145436
Create Date: 2026-03-22 09:15:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "77e1995fca0a"
down_revision = "d36888145436"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_reference ON orders (reference)"
        )


def downgrade():
    context = op.get_context()
    with context.autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_reference")
