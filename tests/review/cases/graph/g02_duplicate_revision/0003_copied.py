# dialect: graph
"""copied from the file above, id and all

Revision ID: gd0002
Revises: gd0001
Create Date: 2026-03-14 09:36:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gd0002"  # expect: G02
down_revision = "gd0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("other_things", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("other_things")
