# dialect: postgresql
# server-version: 11
# runs: no
"""refunded orders on an old server

Revision ID: 7f83cf969132
Revises: 8eaa9c78e9f6
Create Date: 2026-03-07 09:34:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "7f83cf969132"
down_revision = "8eaa9c78e9f6"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TYPE order_status ADD VALUE 'refunded'")  # expect: F05


def downgrade():
    raise NotImplementedError("PostgreSQL cannot remove an enum value")
