# dialect: postgresql
"""be very sure

Revision ID: 7bb24e25ad16
Revises: bde986dbc5d2
Create Date: 2026-03-15 09:26:11.204518
"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "7bb24e25ad16"
down_revision = "bde986dbc5d2"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")  # expect: L19
    op.execute("UPDATE orders SET coupon = NULL WHERE coupon = ''")


def downgrade():
    pass
