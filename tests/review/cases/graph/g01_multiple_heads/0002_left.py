# dialect: graph
"""left

Revision ID: gh0002
Revises: gh0001
Create Date: 2026-03-11 09:11:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gh0002"  # allow: G01
down_revision = "gh0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("left_things", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("left_things")
