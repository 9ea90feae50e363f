# dialect: graph
"""one

Revision ID: gd0002
Revises: gd0001
Create Date: 2026-03-22 09:51:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gd0002"
down_revision = "gd0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("one_things", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("one_things")
