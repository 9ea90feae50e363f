# dialect: postgresql
"""statistics

Revision ID: 3e55231ac28a
Revises: bdb84fa641c0
Create Date: 2026-03-07 09:28:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "3e55231ac28a"
down_revision = "bdb84fa641c0"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("VACUUM (ANALYZE) orders")


def downgrade():
    pass
