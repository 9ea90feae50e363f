# dialect: postgresql
"""on hold

Revision ID: ev0001
Revises: 
Create Date: 2026-03-21 09:08:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "ev0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'on_hold' AFTER 'paid'")


def downgrade():
    """An unused value may stay."""
