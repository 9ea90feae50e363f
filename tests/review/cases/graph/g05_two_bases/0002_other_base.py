# dialect: graph
"""a second beginning

Revision ID: gb0002
Revises: 
Create Date: 2026-03-10 09:51:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gb0002"
down_revision = None  # expect: G05
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("twos", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("twos")
