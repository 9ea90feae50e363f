# dialect: postgresql
"""index orders by customer

Revision ID: 1cac2b52d559
Revises: 651e66f58291
Create Date: 2026-03-22 09:53:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "1cac2b52d559"
down_revision = "651e66f58291"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(  # expect: L01
        "ix_orders_customer_id",
        "orders",
        ["customer_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_orders_customer_id", table_name="orders")
