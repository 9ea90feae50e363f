# dialect: graph
"""right

Revision ID: gx0003
Revises: gx0001
Create Date: 2026-03-25 09:56:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gx0003"
down_revision = "gx0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ones", sa.Column("right_side", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("ones", "right_side")
