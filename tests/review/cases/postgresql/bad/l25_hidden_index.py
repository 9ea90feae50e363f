# dialect: postgresql
"""an innocent looking column

Revision ID: 3db34f451f76
Revises: 8215c67e027f
Create Date: 2026-03-13 09:28:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "3db34f451f76"
down_revision = "8215c67e027f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("region", sa.String(20), index=True))  # expect: L25


def downgrade() -> None:
    op.drop_index("ix_orders_region", table_name="orders")
    op.drop_column("orders", "region")
