# dialect: graph
"""right

Revision ID: gh0003
Revises: gh0001
Create Date: 2026-03-01 09:54:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gh0003"  # expect: G01
down_revision = "gh0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("right_things", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("right_things")
