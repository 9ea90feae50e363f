# dialect: postgresql
"""looser

Revision ID: d1925d678196
Revises: 56f5f5dc7483
Create Date: 2026-03-18 09:10:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "d1925d678196"
down_revision = "56f5f5dc7483"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("orders", "customer_id", existing_type=sa.Integer(), nullable=True)
    op.alter_column("orders", "coupon", existing_type=sa.String(40), server_default="none")
    op.alter_column("orders", "amount", existing_type=sa.Integer(), comment="in cents")


def downgrade() -> None:
    op.alter_column("orders", "amount", existing_type=sa.Integer(), comment=None)
    op.alter_column("orders", "coupon", existing_type=sa.String(40), server_default=None)
    op.execute("UPDATE orders SET customer_id = 0 WHERE customer_id IS NULL")
    op.alter_column("orders", "customer_id", existing_type=sa.Integer(), nullable=False)
