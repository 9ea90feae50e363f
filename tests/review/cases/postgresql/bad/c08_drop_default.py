# dialect: postgresql
"""the application sets it

Revision ID: 18af0a6f5d35
Revises: 6fd122d60a4e
Create Date: 2026-03-02 09:05:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "18af0a6f5d35"
down_revision = "6fd122d60a4e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(  # expect: C08
        "orders",
        "status",
        existing_type=sa.String(20),
        existing_nullable=False,
        existing_server_default=sa.text("'new'"),
        server_default=None,
    )


def downgrade() -> None:
    op.alter_column(
        "orders", "status", existing_type=sa.String(20), existing_nullable=False, server_default="new"
    )
