# dialect: graph
"""the parent was deleted

Revision ID: gm0002
Revises: gm0001
Create Date: 2026-03-12 09:50:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "gm0002"
down_revision = "gm0001"  # expect: G03
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("orphans", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("orphans")
