# dialect: postgresql
"""column and backfill

Revision ID: 21acbdbf1fca
Revises: 256259ccc904
Create Date: 2026-03-18 09:09:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "21acbdbf1fca"
down_revision = "256259ccc904"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("net", sa.Numeric(10, 2), nullable=True))
    op.execute("UPDATE orders SET net = total / 1.19")  # expect: D02, N01


def downgrade() -> None:
    op.drop_column("orders", "net")
