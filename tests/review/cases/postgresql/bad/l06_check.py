# dialect: postgresql
"""no negative totals

Revision ID: 70005490d573
Revises: d0f346966d4f
Create Date: 2026-03-18 09:31:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "70005490d573"
down_revision = "d0f346966d4f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint("ck_orders_total", "orders", "total >= 0")  # expect: L06


def downgrade() -> None:
    op.drop_constraint("ck_orders_total", "orders", type_="check")
