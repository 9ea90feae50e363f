# dialect: mysql
"""a word of PostgreSQL

Revision ID: 62c4d2a972d6
Revises: 9e7457299af7
Create Date: 2026-04-02 10:20:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "62c4d2a972d6"
down_revision = "9e7457299af7"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE INDEX CONCURRENTLY ix_orders_total ON orders (total)")  # expect: F17


def downgrade():
    op.drop_index("ix_orders_total", table_name="orders")
