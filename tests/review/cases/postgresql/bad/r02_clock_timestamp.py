# dialect: postgresql
"""seen at

Revision ID: d160b175a983
Revises: 32ea098072e4
Create Date: 2026-03-06 09:55:11.204518
"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = "d160b175a983"
down_revision = "32ea098072e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("seen_at", sa.DateTime(), server_default=sa.func.clock_timestamp()))  # expect: R02


def downgrade() -> None:
    op.drop_column("events", "seen_at")
