# dialect: mysql
"""three steps, no transaction

Revision ID: f8bfbe2071d0
Revises: 200444933535
Create Date: 2026-03-11 09:03:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "f8bfbe2071d0"
down_revision = "200444933535"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("lane", sa.String(10), nullable=True))
    op.add_column("customers", sa.Column("lane", sa.String(10), nullable=True))
    op.create_index("ix_orders_lane", "orders", ["lane"])  # expect: F15


def downgrade() -> None:
    op.drop_index("ix_orders_lane", table_name="orders")
    op.drop_column("customers", "lane")
    op.drop_column("orders", "lane")
