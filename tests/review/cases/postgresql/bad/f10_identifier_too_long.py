# dialect: postgresql
# runs: no
"""a very descriptive name

Revision ID: c37d344f1492
Revises: 4a0e5606b62b
Create Date: 2026-03-06 09:55:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "c37d344f1492"
down_revision = "4a0e5606b62b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(  # expect: F10
            "ix_orders_customer_id_placed_at_shipped_at_status_reference_coupon_total",
            "orders",
            ["customer_id", "placed_at"],
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "DROP INDEX CONCURRENTLY ix_orders_customer_id_placed_at_shipped_at_status_reference_cou"
        )
