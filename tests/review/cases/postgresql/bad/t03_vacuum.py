# dialect: postgresql
# runs: no
"""clean up

Revision ID: 356707bab5f1
Revises: e0b8fa700fdc
Create Date: 2026-03-07 09:54:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "356707bab5f1"
down_revision = "e0b8fa700fdc"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("VACUUM ANALYZE orders")  # expect: T03


def downgrade():
    pass
