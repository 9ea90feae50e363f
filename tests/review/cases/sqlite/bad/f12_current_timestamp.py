# dialect: sqlite
"""created at

Revision ID: 2819e9c58592
Revises: 84f7509f7193
Create Date: 2026-03-25 09:30:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "2819e9c58592"
down_revision = "84f7509f7193"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(  # expect: F12
        "customers",
        sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("customers", "created_at")
