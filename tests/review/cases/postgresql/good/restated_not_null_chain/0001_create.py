# dialect: postgresql
"""a table

Revision ID: rn0001
Revises: 
Create Date: 2026-03-18 09:52:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "rn0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("room", sa.String(20), nullable=False, server_default="?"),
    )


def downgrade() -> None:
    op.drop_table("desks")
