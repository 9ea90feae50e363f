# dialect: graph
"""one

Revision ID: gc0001
Revises: gc0003
Create Date: 2026-03-11 09:26:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gc0001"
down_revision = "gc0003"  # expect: G04
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("ones", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("ones")
