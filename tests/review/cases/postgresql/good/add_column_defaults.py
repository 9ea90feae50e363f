# dialect: postgresql
"""constant and stable defaults do not rewrite the table

Revision ID: 8a8dfb98bf3c
Revises: b0eafadcd2e0
Create Date: 2026-03-07 09:48:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "8a8dfb98bf3c"
down_revision = "b0eafadcd2e0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("is_gift", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("orders", sa.Column("origin", sa.String(10), server_default="web", nullable=False))
    op.add_column(
        "orders",
        sa.Column("synced_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.add_column("orders", sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("orders", "tries")
    op.drop_column("orders", "synced_at")
    op.drop_column("orders", "origin")
    op.drop_column("orders", "is_gift")
