# dialect: graph
"""two

Revision ID: gc0002
Revises: gc0001
Create Date: 2026-03-16 09:33:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gc0002"
down_revision = "gc0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("twos", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("twos")
