# dialect: postgresql
"""rebuild bloated indexes

Revision ID: ca420df1790c
Revises: d6ec9e967c8a
Create Date: 2026-03-14 09:05:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "ca420df1790c"
down_revision = "d6ec9e967c8a"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("REINDEX TABLE orders")  # expect: L03
    op.execute("reindex index ix_orders_status")  # expect: L03


def downgrade():
    pass
