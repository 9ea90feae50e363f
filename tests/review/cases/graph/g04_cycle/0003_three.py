# dialect: graph
"""three

Revision ID: gc0003
Revises: gc0002
Create Date: 2026-03-23 09:49:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gc0003"
down_revision = "gc0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("threes", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("threes")
