# dialect: postgresql
"""some orders are on hold

Revision ID: ev0002
Revises: ev0001
Create Date: 2026-03-11 09:32:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "ev0002"
down_revision = "ev0001"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE orders SET state = 'on_hold' WHERE id = 7")


def downgrade():
    op.execute("UPDATE orders SET state = 'paid' WHERE state = 'on_hold'")
