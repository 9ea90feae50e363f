# dialect: postgresql
"""the status index is not used

Revision ID: 6fffb0fa89b0
Revises: 8a6b57763848
Create Date: 2026-03-02 09:09:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "6fffb0fa89b0"
down_revision = "8a6b57763848"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_orders_status"), table_name="orders")  # expect: L02


def downgrade() -> None:
    op.create_index(op.f("ix_orders_status"), "orders", ["status"], unique=False)
