# dialect: postgresql
"""orders belong to customers

Revision ID: f20387ea8c58
Revises: 3409dfffb4d9
Create Date: 2026-03-06 09:47:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "f20387ea8c58"
down_revision = "3409dfffb4d9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_foreign_key(  # expect: L05
        "fk_orders_customer_id", "orders", "customers", ["customer_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint("fk_orders_customer_id", "orders", type_="foreignkey")
