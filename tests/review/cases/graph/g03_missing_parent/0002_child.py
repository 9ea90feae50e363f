# dialect: graph
"""the child of the orphan

Revision ID: gm0003
Revises: gm0002
Create Date: 2026-03-05 09:20:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gm0003"
down_revision = "gm0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("children", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("children")
