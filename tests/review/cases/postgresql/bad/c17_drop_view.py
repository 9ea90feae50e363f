# dialect: postgresql
"""the view is obsolete

Revision ID: d9242cb392e1
Revises: 3fb6fdec8108
Create Date: 2026-03-08 09:36:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "d9242cb392e1"
down_revision = "3fb6fdec8108"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DROP VIEW open_orders")  # expect: C17


def downgrade():
    op.execute("CREATE VIEW open_orders AS SELECT id, status FROM orders WHERE status = 'new'")
