# dialect: postgresql
# setup: CREATE INDEX ix_orders_coupon ON orders (coupon)
"""rebuild an index that may be invalid

Revision ID: 0f238e701553
Revises: ffa0db8d45a7
Create Date: 2026-05-12 10:04:31.207113
"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0f238e701553"
down_revision = "ffa0db8d45a7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        bind = op.get_bind()
        bind.execute(sa.text("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_coupon"))
        bind.execute(sa.text("CREATE INDEX CONCURRENTLY ix_orders_coupon ON orders (coupon)"))


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_coupon")
