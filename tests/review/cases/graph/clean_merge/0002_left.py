# dialect: graph
"""left

Revision ID: gx0002
Revises: gx0001
Create Date: 2026-03-20 09:56:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gx0002"
down_revision = "gx0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ones", sa.Column("left_side", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("ones", "left_side")
