# dialect: graph
"""base

Revision ID: gd0001
Revises: 
Create Date: 2026-03-14 09:16:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gd0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("base_things", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("base_things")
