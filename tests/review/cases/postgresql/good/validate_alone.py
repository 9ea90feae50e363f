# dialect: postgresql
# setup: ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total >= 0) NOT VALID
"""validate what an older revision added

Revision ID: fec05a8548d1
Revises: 12e29d485a44
Create Date: 2026-03-06 09:11:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "fec05a8548d1"
down_revision = "12e29d485a44"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total")


def downgrade():
    """A validated constraint needs no way back: it was enforced before."""
