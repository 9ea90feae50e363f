# dialect: mysql
"""the default gets lost

Revision ID: 83730bf1ce63
Revises: 09d6de414fe0
Create Date: 2026-03-21 09:05:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "83730bf1ce63"
down_revision = "09d6de414fe0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("orders", "status", existing_type=sa.String(20), type_=sa.String(30))  # expect: F14


def downgrade() -> None:
    op.alter_column(
        "orders",
        "status",
        existing_type=sa.String(30),
        type_=sa.String(20),
        existing_nullable=False,
        existing_server_default="new",
    )
