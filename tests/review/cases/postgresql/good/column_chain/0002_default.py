# dialect: postgresql
"""new rows get a value

Revision ID: cc0002
Revises: cc0001
Create Date: 2026-03-26 09:48:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "cc0002"
down_revision = "cc0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "locale", existing_type=sa.String(5), server_default="en")


def downgrade() -> None:
    op.alter_column("customers", "locale", existing_type=sa.String(5), server_default=None)
