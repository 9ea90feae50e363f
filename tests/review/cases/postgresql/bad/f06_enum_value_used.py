# dialect: postgresql
# runs: no
"""refunded orders

Revision ID: 81c04b883d3e
Revises: 69359e4d9352
Create Date: 2026-03-17 09:23:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "81c04b883d3e"
down_revision = "69359e4d9352"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded'")
    op.execute("UPDATE orders SET state = 'refunded' WHERE id = 7")  # expect: F06


def downgrade():
    raise NotImplementedError("PostgreSQL cannot remove an enum value")
