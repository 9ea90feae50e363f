# dialect: mysql
"""secondary indexes are built online by InnoDB

Revision ID: 6c02c2c75aca
Revises: 970be1e93d7f
Create Date: 2026-03-25 09:01:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "6c02c2c75aca"
down_revision = "970be1e93d7f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_orders_customer_id", "orders", ["customer_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_orders_customer_id", table_name="orders")
