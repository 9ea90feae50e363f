# dialect: mysql
"""instant, with a constant

Revision ID: 56b94328fdac
Revises: 9a07b0a8e23b
Create Date: 2026-03-03 09:18:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "56b94328fdac"
down_revision = "9a07b0a8e23b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "customers", sa.Column("active", sa.Boolean(), server_default=sa.text("1"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("customers", "active")
