# dialect: postgresql
"""maintenance without blocking

Revision ID: 604a24d57bd7
Revises: ffeb0425b0cc
Create Date: 2026-03-26 09:23:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "604a24d57bd7"
down_revision = "ffeb0425b0cc"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_status", table_name="orders", postgresql_concurrently=True)
        op.execute("REINDEX INDEX CONCURRENTLY ix_orders_placed_at")


def downgrade():
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_status", "orders", ["status"], postgresql_concurrently=True)
